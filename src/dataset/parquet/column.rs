//! Owns the pages of a column: unpacks them one by one, and hands out values with their levels.

use std::borrow::Cow;

use serde_json::Value;

use super::levels::{Numbers, bits};
use super::schema::{Leaf, Physical};
use super::thrift::{self, Field};
use super::{delta, plain};
use crate::dataset::unpack::{self, Budget};

/// More values in a page than any writer puts there.
pub(super) const MAX_VALUES: usize = 1 << 26;

pub(super) const DAMAGED: &str = "a page in it is damaged";

/// Where the pages of a column stand.
pub(super) struct Chunk<'a> {
    /// From the first page on.
    bytes: &'a [u8],
    codec: i64,
    n_values: u64,
}

impl<'a> Chunk<'a> {
    pub(super) fn open(file: &'a [u8], chunk: &Field) -> Result<Self, String> {
        let data = chunk.structure(3).ok_or("it has a column without a description")?;
        let first = data.size(9).ok_or(DAMAGED)?;
        // Some writers say 0 where there is no dictionary.
        let dictionary = data.size(11).filter(|at| *at > 0);
        let start = dictionary.map_or(first, |at| at.min(first));
        let n = data.size(7).ok_or(DAMAGED)?;
        let end = start.checked_add(n).ok_or(DAMAGED)?;
        let bytes = file.get(start..end).ok_or("a column in it is cut off")?;
        let n_values = u64::try_from(data.int(5).unwrap_or(0)).unwrap_or(0);
        Ok(Self { bytes, codec: data.int(4).unwrap_or(0), n_values })
    }
}

/// Values of a dictionary, by their places in its page.
#[derive(Default)]
struct Dictionary {
    bytes: Vec<u8>,
    places: Vec<(usize, usize)>,
}

/// A page whose values are handed out.
struct Page {
    bytes: Vec<u8>,
    n_left: usize,
    repetition: Option<Levels>,
    definition: Option<Levels>,
    values: Values,
}

/// Levels stand at the page's beginning, up to `end`.
struct Levels {
    numbers: Numbers,
    end: usize,
}

enum Values {
    Plain { at: usize },
    Bits { at: usize },
    Runs(Numbers),
    Dictionary(Numbers),
    Texts { lengths: Vec<usize>, next: usize, at: usize },
    Ints { ints: Vec<i64>, next: usize },
}

/// Goes through the values of a column.
pub(super) struct Cursor<'a> {
    chunk: Chunk<'a>,
    leaf: Leaf,
    at: usize,
    n_taken: u64,
    dictionary: Option<Dictionary>,
    page: Option<Page>,
    /// Levels of the next value: repetition, definition.
    next: Option<(u32, u32)>,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(chunk: Chunk<'a>, leaf: Leaf) -> Self {
        Self { chunk, leaf, at: 0, n_taken: 0, dictionary: None, page: None, next: None }
    }

    /// Definition level of the next value.
    pub(super) fn definition(&mut self, budget: &mut Budget) -> Result<u32, String> {
        match self.peek(budget)? {
            Some((_, definition)) => Ok(definition),
            None => Err("a column in it ends before the others".to_owned()),
        }
    }

    /// Repetition level of the next value; `None` at the end.
    pub(super) fn repetition(&mut self, budget: &mut Budget) -> Result<Option<u32>, String> {
        Ok(self.peek(budget)?.map(|(repetition, _)| repetition))
    }

    /// The next value; null where it is not there.
    pub(super) fn take(&mut self, budget: &mut Budget) -> Result<Value, String> {
        let definition = self.definition(budget)?;
        self.next = None;
        self.n_taken += 1;
        if definition < self.leaf.max_definition {
            return Ok(Value::Null);
        }
        let page = self.page.as_mut().ok_or(DAMAGED)?;
        let leaf = self.leaf;
        let bytes: &[u8] = match &mut page.values {
            Values::Plain { at } => plain::next(&page.bytes, at, leaf.physical).ok_or(DAMAGED)?,
            Values::Bits { at } => {
                let bit = bits(&page.bytes, *at, 1).ok_or(DAMAGED)?;
                *at += 1;
                return Ok(Value::Bool(bit == 1));
            }
            Values::Runs(numbers) => {
                return Ok(Value::Bool(numbers.next(&page.bytes).ok_or(DAMAGED)? == 1));
            }
            Values::Dictionary(numbers) => {
                let idx = numbers.next(&page.bytes).ok_or(DAMAGED)?;
                let dictionary = self.dictionary.as_ref().ok_or(DAMAGED)?;
                let idx = usize::try_from(idx).unwrap_or(usize::MAX);
                let (start, end) = *dictionary.places.get(idx).ok_or(DAMAGED)?;
                dictionary.bytes.get(start..end).ok_or(DAMAGED)?
            }
            Values::Texts { lengths, next, at } => {
                let n = *lengths.get(*next).ok_or(DAMAGED)?;
                let end = at.checked_add(n).ok_or(DAMAGED)?;
                let bytes = page.bytes.get(*at..end).ok_or(DAMAGED)?;
                (*next, *at) = (*next + 1, end);
                bytes
            }
            Values::Ints { ints, next } => {
                let int = *ints.get(*next).ok_or(DAMAGED)?;
                *next += 1;
                return Ok(plain::value(&int.to_le_bytes(), leaf));
            }
        };
        budget.spend(bytes.len())?;
        Ok(plain::value(bytes, leaf))
    }

    fn peek(&mut self, budget: &mut Budget) -> Result<Option<(u32, u32)>, String> {
        if self.next.is_some() {
            return Ok(self.next);
        }
        if self.chunk.n_values <= self.n_taken {
            return Ok(None);
        }
        while self.page.as_ref().is_none_or(|page| page.n_left == 0) {
            if self.chunk.bytes.len() <= self.at {
                return Ok(None);
            }
            self.read_page(budget)?;
        }
        let page = self.page.as_mut().ok_or(DAMAGED)?;
        page.n_left -= 1;
        let level = |levels: &mut Option<Levels>| match levels {
            Some(Levels { numbers, end }) => numbers.next(page.bytes.get(..*end)?),
            None => Some(0),
        };
        let repetition = level(&mut page.repetition).ok_or(DAMAGED)?;
        let definition = level(&mut page.definition).ok_or(DAMAGED)?;
        self.next = Some((repetition, definition));
        Ok(self.next)
    }

    /// Reads the next page, be it one of values or a dictionary.
    fn read_page(&mut self, budget: &mut Budget) -> Result<(), String> {
        let rest = self.chunk.bytes.get(self.at..).unwrap_or_default();
        let (header, n_header) = thrift::structure(rest)?;
        let n_packed = header.size(3).ok_or(DAMAGED)?;
        let n_unpacked = header.size(2).ok_or(DAMAGED)?;
        let end = n_header.checked_add(n_packed).ok_or(DAMAGED)?;
        let body = rest.get(n_header..end).ok_or("a page in it is cut off")?;
        self.at += end;
        match header.int(1) {
            Some(0) => {
                let about = header.structure(5).ok_or(DAMAGED)?;
                let bytes = unpacked(body, self.chunk.codec, n_unpacked, budget)?;
                self.page = Some(page_v1(bytes, about, self.leaf, budget)?);
            }
            Some(2) => {
                let about = header.structure(7).ok_or(DAMAGED)?;
                let bytes = unpacked(body, self.chunk.codec, n_unpacked, budget)?;
                let n = about.size(1).ok_or(DAMAGED)?;
                self.dictionary = Some(dictionary(bytes, n, self.leaf.physical)?);
            }
            Some(3) => {
                let about = header.structure(8).ok_or(DAMAGED)?;
                self.page =
                    Some(page_v2(body, about, self.chunk.codec, n_unpacked, self.leaf, budget)?);
            }
            // An index page tells nothing that is needed.
            _ => {}
        }
        Ok(())
    }
}

fn unpacked(
    body: &[u8],
    codec: i64,
    n_unpacked: usize,
    budget: &mut Budget,
) -> Result<Vec<u8>, String> {
    if !budget.can(n_unpacked) {
        return Err(budget.reason());
    }
    let other = |name: &str| {
        Err(format!(
            "it is packed with {name}, which is not read; write it with Snappy, gzip, Zstandard or unpacked"
        ))
    };
    match codec {
        0 => {
            budget.spend(body.len())?;
            Ok(body.to_vec())
        }
        1 => unpack::snappy(body, budget),
        2 => unpack::gzip(body, budget),
        6 => unpack::zstd(body, budget),
        3 => other("LZO"),
        4 => other("Brotli"),
        5 => other("LZ4 of the old form"),
        7 => unpack::lz4(body, n_unpacked, budget),
        _ => Err(DAMAGED.to_owned()),
    }
}

fn dictionary(bytes: Vec<u8>, n: usize, physical: Physical) -> Result<Dictionary, String> {
    let mut places = Vec::new();
    let mut at = 0;
    for _ in 0..n {
        // Values without length would make a dictionary of any size.
        let value = plain::next(&bytes, &mut at, physical).ok_or(DAMAGED)?;
        if at == 0 {
            return Err(DAMAGED.to_owned());
        }
        places.push((at - value.len(), at));
    }
    Ok(Dictionary { bytes, places })
}

/// Bits that numbers up to `max` take.
fn width_of(max: u32) -> u32 {
    u32::BITS - max.leading_zeros()
}

/// A page of the first form: levels, each with its length, and values, packed together.
fn page_v1(
    mut bytes: Vec<u8>,
    about: &Field,
    leaf: Leaf,
    budget: &mut Budget,
) -> Result<Page, String> {
    let n_values = about.size(1).filter(|n| *n <= MAX_VALUES).ok_or(DAMAGED)?;
    let mut at = 0;
    let mut levels = |max: u32, encoding: Option<i64>| -> Result<Option<Levels>, String> {
        if max == 0 {
            return Ok(None);
        }
        if encoding != Some(3) {
            return Err("its levels are in an encoding of old files, which is not read".to_owned());
        }
        let n = bytes.get(at..).and_then(|rest| rest.first_chunk::<4>()).ok_or(DAMAGED)?;
        let start = at + 4;
        let n = usize::try_from(u32::from_le_bytes(*n)).unwrap_or(usize::MAX);
        let end = start.checked_add(n).filter(|end| *end <= bytes.len()).ok_or(DAMAGED)?;
        at = end;
        Ok(Some(Levels { numbers: Numbers::new(width_of(max), start), end }))
    };
    let repetition = levels(leaf.max_repetition, about.int(4))?;
    let definition = levels(leaf.max_definition, about.int(3))?;
    let values = values(&mut bytes, at, about.int(2), leaf, budget)?;
    Ok(Page { bytes, n_left: n_values, repetition, definition, values })
}

/// A page of the second form: levels unpacked, their lengths in the header.
fn page_v2(
    body: &[u8],
    about: &Field,
    codec: i64,
    n_unpacked: usize,
    leaf: Leaf,
    budget: &mut Budget,
) -> Result<Page, String> {
    let n_values = about.size(1).filter(|n| *n <= MAX_VALUES).ok_or(DAMAGED)?;
    let n_definition = about.size(5).ok_or(DAMAGED)?;
    let n_repetition = about.size(6).ok_or(DAMAGED)?;
    let n_levels = n_definition.checked_add(n_repetition).ok_or(DAMAGED)?;
    let (levels, packed) = body.split_at_checked(n_levels).ok_or(DAMAGED)?;
    let content = if about.bool(7).unwrap_or(true) && !packed.is_empty() {
        Cow::Owned(unpacked(packed, codec, n_unpacked.saturating_sub(n_levels), budget)?)
    } else {
        budget.spend(packed.len())?;
        Cow::Borrowed(packed)
    };
    let mut bytes = [levels, &content].concat();
    let level = |max: u32, start: usize, n: usize| {
        (max > 0).then(|| Levels { numbers: Numbers::new(width_of(max), start), end: start + n })
    };
    let repetition = level(leaf.max_repetition, 0, n_repetition);
    let definition = level(leaf.max_definition, n_repetition, n_definition);
    let values = values(&mut bytes, n_levels, about.int(4), leaf, budget)?;
    Ok(Page { bytes, n_left: n_values, repetition, definition, values })
}

/// How the values that stand from `at` on are to be read. Those of some encodings are written out behind the page.
fn values(
    bytes: &mut Vec<u8>,
    at: usize,
    encoding: Option<i64>,
    leaf: Leaf,
    budget: &mut Budget,
) -> Result<Values, String> {
    Ok(match (encoding, leaf.physical) {
        (Some(0), Physical::Boolean) => Values::Bits { at: at.checked_mul(8).ok_or(DAMAGED)? },
        (Some(0), _) => Values::Plain { at },
        (Some(2 | 8), _) => match bytes.get(at) {
            Some(width) if *width <= 32 => {
                Values::Dictionary(Numbers::new(u32::from(*width), at + 1))
            }
            // A page of nothing but missing values.
            None => Values::Plain { at },
            Some(_) => return Err(DAMAGED.to_owned()),
        },
        // Behind a length of four bytes.
        (Some(3), Physical::Boolean) => Values::Runs(Numbers::new(1, at + 4)),
        (Some(5), Physical::Int32 | Physical::Int64) => {
            let (ints, _) = delta::numbers(bytes, at, budget)?;
            Values::Ints { ints, next: 0 }
        }
        (Some(6), Physical::Bytes) => {
            let (lengths, at) = delta::numbers(bytes, at, budget)?;
            let lengths = lengths.into_iter().map(|n| usize::try_from(n).ok());
            let lengths = lengths.collect::<Option<_>>().ok_or(DAMAGED)?;
            Values::Texts { lengths, next: 0, at }
        }
        (Some(7), Physical::Bytes) => {
            let plain = delta::prefixed(bytes, at, budget)?;
            let at = bytes.len();
            bytes.extend(plain);
            Values::Plain { at }
        }
        (Some(9), physical) => {
            let width = plain::width(physical).ok_or(DAMAGED)?;
            let split = bytes.get(at..).unwrap_or_default();
            budget.spend(split.len())?;
            // The first bytes of all values, then the second of all, and so on.
            let n = split.len() / width;
            let joined = (0..n).flat_map(|idx| (0..width).map(move |byte| byte * n + idx));
            let joined: Vec<u8> = joined.map(|place| split[place]).collect();
            let at = bytes.len();
            bytes.extend(joined);
            Values::Plain { at }
        }
        _ => {
            return Err("its values are in an encoding that is not read; write it again with pandas or pyarrow".to_owned());
        }
    })
}
