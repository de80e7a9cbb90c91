//! Owns which files an address may have the page open: result files beside the page, on the same host, and nothing else.

/// Why a page does not fetch what an address names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Nothing, or more than any file's name.
    #[error("the link names no file; ask for it again, and copy all of it")]
    NoPath,
    /// Another host, another protocol, or a place above the page.
    #[error(
        "the link asks the page to open a file that does not lie beside it; only files in the page's own folder and below it are opened that way. Save that file and open it here instead"
    )]
    Elsewhere,
    /// Characters that files to be opened here have no need of.
    #[error(
        "the link names a file with characters that are not allowed here: only letters, digits, dots, dashes, underscores and slashes are"
    )]
    Characters,
    /// Neither a run nor a table of answers.
    #[error("the link names a file that is no result: a result file ends in .json or .csv")]
    Kind,
}

/// The longest path that is looked at.
const MAX_BYTES: usize = 200;

/// The path, relative to the page, of a result file that an address names.
pub fn path(value: &str) -> Result<&str, Refused> {
    if value.is_empty() || MAX_BYTES < value.len() {
        return Err(Refused::NoPath);
    }
    // `//host`, `\\host`, `scheme:` and the same in percent signs lead elsewhere; so does `..`.
    let is_elsewhere = value.starts_with('/')
        || value.contains([':', '\\', '%', '@'])
        || value.split('/').any(|part| part.starts_with('.') || part.is_empty());
    if is_elsewhere {
        return Err(Refused::Elsewhere);
    }
    if !value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte)) {
        return Err(Refused::Characters);
    }
    let ending = value.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    match ending.as_deref() {
        Some("json" | "csv") => Ok(value),
        _ => Err(Refused::Kind),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_beside_the_page_is_opened() {
        for good in ["results.json", "demo/2026-11.json", "a/b_c/answers.CSV"] {
            assert_eq!(path(good), Ok(good));
        }
    }

    #[test]
    fn everything_else_is_refused() {
        let elsewhere = [
            "https://evil.example/x.json",
            "//evil.example/x.json",
            "/x.json",
            "\\\\evil.example\\x.json",
            "../x.json",
            "a/../../x.json",
            "a/./x.json",
            "a//x.json",
            ".hidden.json",
            "javascript:alert(1)//.json",
            "data:application/json,{}.json",
            "%2e%2e/x.json",
            "%2F%2Fevil.example/x.json",
            "user@evil.example/x.json",
            "blob:https://x/y.json",
        ];
        for value in elsewhere {
            assert_eq!(path(value), Err(Refused::Elsewhere), "{value}");
        }
        for value in ["x.json?y", "x.json#y", "x\n.json", "x y.json", "x\u{202e}.json", "é.json"] {
            assert_eq!(path(value), Err(Refused::Characters), "{value:?}");
        }
        for value in ["x.html", "x", "x.json/y", "x.js"] {
            assert_eq!(path(value), Err(Refused::Kind), "{value}");
        }
        assert_eq!(path(""), Err(Refused::NoPath));
        assert_eq!(path(&format!("{}.json", "x".repeat(200))), Err(Refused::NoPath));
    }
}
