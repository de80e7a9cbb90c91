//! Owns the picking of fields from a reply's JSON. A field that is missing or of another type is `None`: providers
//! change such things without notice, and an odd field is no reason to lose an answer.

use serde_json::Value;

use super::reply::Failure;

/// A body or an event as JSON.
pub(super) fn parse(bytes: &[u8]) -> Result<Value, Failure> {
    serde_json::from_slice(bytes)
        .map_err(|error| malformed(&format!("not the JSON expected: {error}")))
}

/// The failure of a reply that is not what its protocol promises.
pub(super) fn malformed(message: &str) -> Failure {
    Failure::Malformed { message: message.to_owned() }
}

/// What stands at a path of keys, unless it is `null`.
pub(super) fn at<'a>(value: &'a Value, path: &[&str]) -> Option<&'a Value> {
    path.iter().try_fold(value, |inner, key| inner.get(key)).filter(|found| !found.is_null())
}

/// A string at a path.
pub(super) fn text<'a>(value: &'a Value, path: &[&str]) -> Option<&'a str> {
    at(value, path)?.as_str()
}

/// A count at a path.
pub(super) fn count(value: &Value, path: &[&str]) -> Option<u64> {
    at(value, path)?.as_u64()
}

/// The elements of a list at a path; none where there is no list.
pub(super) fn list<'a>(value: &'a Value, path: &[&str]) -> impl Iterator<Item = &'a Value> {
    at(value, path).and_then(Value::as_array).into_iter().flatten()
}

/// The HTTP status that a number in an error stands for, if it is one of failure.
pub(super) fn status(value: &Value, path: &[&str]) -> Option<u16> {
    u16::try_from(count(value, path)?).ok().filter(|status| (400..600).contains(status))
}
