//! Owns the table of prices: how its file is read and checked, and which entry holds for an endpoint.

use serde::{Deserialize, Serialize};

use super::http;
use super::model::Endpoint;
use super::price::{MicroDollars, Price};
use super::settings::Delivery;

/// The word that a table's file begins with.
const SCHEMA: &str = "viva-prices/1";

/// The dearest that an entry may be, in dollars for a million tokens: a slip of the keyboard rather than a price beyond it.
const MAX_USD_PER_MILLION: f64 = 100_000.0;

/// Hosts that are two names of one provider, with one list of prices: as found, and as the table names it.
const SAME_PROVIDER: [(&str, &str); 2] =
    [("api.together.ai", "api.together.xyz"), ("api.cohere.ai", "api.cohere.com")];

/// Prices of models, each with where it is from and of which day.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PriceTable {
    /// The day for which the table as a whole was made, as `2026-11-10`.
    pub as_of: String,
    /// How it was made, for people.
    pub source: String,
    /// In the order of the file.
    pub entries: Vec<Entry>,
}

/// What one model costs at one provider.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Host, with its port where it has one, in lower case.
    pub host: String,
    /// The provider's id for the model; with `*` at its end, how such ids begin.
    pub model: String,
    /// What its tokens cost, one call at a time.
    pub price: Price,
    /// What each call costs beside its tokens, in micro-dollars.
    pub per_call: MicroDollars,
    /// The longest answer that it gives, thinking included.
    pub max_output_tokens: Option<u32>,
    /// How many tokens may be sent at most.
    pub context_tokens: Option<u32>,
    /// What the batch API takes off, as a share of the price: 0.5 is half.
    pub batch_discount: Option<f64>,
    /// What the figures do not tell, for people.
    pub note: Option<String>,
    /// The page that states the price, or who typed it.
    pub source: String,
    /// The table from which the figures were read, if not the page itself.
    pub read_from: Option<String>,
    /// The day of the source, as `2026-11-10`.
    pub as_of: String,
}

/// Why a table is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PriceTableError {
    /// No JSON, or not of the shape.
    #[error("The price table could not be read: {reason} (line {line}, column {column}).")]
    Unreadable {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
        /// What was wrong.
        reason: String,
    },
    /// A table of another kind or version.
    #[error("The file says that it is {found:?}, but a price table says {SCHEMA:?}.")]
    OtherSchema {
        /// As the file names itself.
        found: String,
    },
    /// One entry is not right. No entry of the file is taken.
    #[error("Entry {number} of the price table ({name}): {reason}.")]
    Entry {
        /// From 1.
        number: usize,
        /// Host and model, as far as they are given.
        name: String,
        /// What was wrong.
        reason: String,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct TableFile {
    schema: String,
    as_of: String,
    source: String,
    entries: Vec<serde_json::Value>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct EntryFile {
    host: String,
    model: String,
    input_usd_per_million: f64,
    output_usd_per_million: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cached_input_usd_per_million: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    usd_per_thousand_requests: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    context_tokens: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    max_output_tokens: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    batch_discount: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    source: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    read_from: Option<String>,
    as_of: String,
}

impl PriceTable {
    /// Reads a table's file. One wrong entry refuses all: a table with a hole in it would give a wrong estimate in silence.
    pub fn read(json: &str) -> Result<Self, PriceTableError> {
        let file: serde_json::Value = serde_json::from_str(json).map_err(unreadable)?;
        let found = file.get("schema").and_then(serde_json::Value::as_str).unwrap_or_default();
        if found != SCHEMA {
            return Err(PriceTableError::OtherSchema { found: found.chars().take(80).collect() });
        }
        // Read once more from the text, so that an error has its line.
        let file: TableFile = serde_json::from_str(json).map_err(unreadable)?;
        if !is_date(&file.as_of) {
            let reason = "`as_of` is no date as 2026-11-10".to_owned();
            return Err(PriceTableError::Unreadable { line: 1, column: 1, reason });
        }
        let mut entries: Vec<Entry> = Vec::with_capacity(file.entries.len());
        for (idx, value) in file.entries.into_iter().enumerate() {
            let name = name_of(&value);
            let refuse = |reason| PriceTableError::Entry { number: idx + 1, name, reason };
            let entry = match read_entry(value) {
                Ok(entry) => entry,
                Err(reason) => return Err(refuse(reason)),
            };
            if entries.iter().any(|other| other.is_for_the_same(&entry)) {
                return Err(refuse("it stands twice".to_owned()));
            }
            entries.push(entry);
        }
        Ok(Self { as_of: file.as_of, source: file.source, entries })
    }

    /// The table as its file, one entry a line.
    pub fn to_json(&self) -> String {
        let text = |value: &str| serde_json::Value::from(value).to_string();
        let mut json = format!(
            "{{\n  \"schema\": {},\n  \"as_of\": {},\n  \"source\": {},\n  \"entries\": [",
            text(SCHEMA),
            text(&self.as_of),
            text(&self.source)
        );
        for (idx, entry) in self.entries.iter().enumerate() {
            json.push_str(if idx == 0 { "\n    " } else { ",\n    " });
            // Strings and finite numbers always serialise.
            json.push_str(&serde_json::to_string(&entry.to_file()).unwrap_or_default());
        }
        json.push_str("\n  ]\n}\n");
        json
    }

    /// Puts an entry in, in the place of the one for the same host and model.
    pub fn put(&mut self, entry: Entry) {
        match self.entries.iter_mut().find(|other| other.is_for_the_same(&entry)) {
            Some(old) => *old = entry,
            None => self.entries.push(entry),
        }
    }

    /// Takes out the entry for a host and model, as they stand in it.
    pub fn remove(&mut self, host: &str, model: &str) {
        self.entries.retain(|entry| entry.host != host || entry.model != model);
    }

    /// The entry that holds for a model: the one with its id; else the one with its id without the date at its end; else
    /// the one with the longest beginning that fits.
    pub fn find(&self, base_url: &str, model: &str) -> Option<&Entry> {
        let origin = http::origin(base_url)?;
        let host = origin.split_once("://").map_or("", |(_, host)| host);
        let host =
            SAME_PROVIDER.iter().find(|(alias, _)| *alias == host).map_or(host, |(_, to)| to);
        // Gemini's list of models names them so.
        let model = model.strip_prefix("models/").unwrap_or(model).to_ascii_lowercase();
        let here = || self.entries.iter().filter(|entry| entry.host == host);
        let exactly = |id: &str| here().find(|entry| entry.model.eq_ignore_ascii_case(id));
        exactly(&model).or_else(|| without_date(&model).and_then(exactly)).or_else(|| {
            here()
                .filter(|entry| {
                    let start = entry.model.strip_suffix('*').map(str::to_ascii_lowercase);
                    start.is_some_and(|start| model.starts_with(&start))
                })
                .max_by_key(|entry| entry.model.len())
        })
    }
}

impl Entry {
    fn is_for_the_same(&self, other: &Self) -> bool {
        self.host == other.host && self.model.eq_ignore_ascii_case(&other.model)
    }

    /// What the tokens cost with this delivery.
    pub fn price_by(&self, delivery: Delivery) -> Price {
        match (delivery, self.batch_discount) {
            (Delivery::Batch, Some(discount)) => Price {
                input: discounted(self.price.input, discount),
                output: discounted(self.price.output, discount),
                cached_input: self.price.cached_input.map(|price| discounted(price, discount)),
                per_call: None,
            },
            (Delivery::Batch, None) | (Delivery::Whole | Delivery::Streamed, _) => self.price,
        }
    }

    fn to_file(&self) -> EntryFile {
        EntryFile {
            host: self.host.clone(),
            model: self.model.clone(),
            input_usd_per_million: dollars(self.price.input),
            output_usd_per_million: dollars(self.price.output),
            cached_input_usd_per_million: self.price.cached_input.map(dollars),
            usd_per_thousand_requests: (self.per_call.0 != 0)
                .then(|| dollars(self.per_call) * 1_000.0),
            context_tokens: self.context_tokens,
            max_output_tokens: self.max_output_tokens,
            batch_discount: self.batch_discount,
            note: self.note.clone(),
            source: self.source.clone(),
            read_from: self.read_from.clone(),
            as_of: self.as_of.clone(),
        }
    }
}

/// Where a quote is from.
#[derive(Debug, Clone, PartialEq)]
pub enum QuoteSource {
    /// The model runs on this machine, which costs nothing.
    ThisMachine,
    /// The person typed it.
    Own(Entry),
    /// The table that comes with the page.
    Shipped(Entry),
}

impl QuoteSource {
    /// The entry behind it, if there is one.
    pub fn entry(&self) -> Option<&Entry> {
        match self {
            Self::ThisMachine => None,
            Self::Own(entry) | Self::Shipped(entry) => Some(entry),
        }
    }
}

/// What a model costs, as far as it is known, with where that is from.
#[derive(Debug, Clone, PartialEq)]
pub struct Quote {
    /// What its tokens cost, with the delivery that is set for it.
    pub price: Price,
    /// What each call costs beside its tokens, in micro-dollars.
    pub per_call: MicroDollars,
    /// The longest answer that it gives, where that is known.
    pub max_output_tokens: Option<u32>,
    /// How many tokens may be sent at most, where that is known.
    pub context_tokens: Option<u32>,
    /// Who says so.
    pub source: QuoteSource,
}

/// What an endpoint costs: the person's own entries go before the rule that this machine is free, and both before the
/// table that is shipped. `None` where nobody knows.
pub fn quote(own: &PriceTable, shipped: &PriceTable, endpoint: &Endpoint) -> Option<Quote> {
    let find = |table: &PriceTable| table.find(&endpoint.base_url, &endpoint.model).cloned();
    let source = match find(own) {
        Some(entry) => QuoteSource::Own(entry),
        None if http::is_loopback(&endpoint.base_url) => QuoteSource::ThisMachine,
        None => QuoteSource::Shipped(find(shipped)?),
    };
    let entry = source.entry();
    Some(Quote {
        price: entry.map_or(Price::FREE, |entry| Price {
            per_call: Some(entry.per_call).filter(|fee| 0 < fee.0),
            ..entry.price_by(endpoint.settings.delivery)
        }),
        per_call: entry.map_or(MicroDollars(0), |entry| entry.per_call),
        max_output_tokens: entry.and_then(|entry| entry.max_output_tokens),
        context_tokens: entry.and_then(|entry| entry.context_tokens),
        source,
    })
}

#[allow(clippy::needless_pass_by_value)] // the form that map_err asks for
fn unreadable(error: serde_json::Error) -> PriceTableError {
    let reason = error.to_string();
    // The place is told apart from the reason.
    let reason = reason.split(" at line ").next().unwrap_or_default().to_owned();
    PriceTableError::Unreadable { line: error.line(), column: error.column(), reason }
}

/// Host and model of an entry that may be wrong.
fn name_of(value: &serde_json::Value) -> String {
    let text = |key: &str| value.get(key).and_then(serde_json::Value::as_str).unwrap_or("?");
    format!("{} {}", text("host"), text("model")).chars().take(120).collect()
}

fn read_entry(value: serde_json::Value) -> Result<Entry, String> {
    let file: EntryFile = serde_json::from_value(value).map_err(|error| error.to_string())?;
    let origin = http::origin(&format!("https://{}/", file.host));
    if origin.is_none_or(|origin| origin != format!("https://{}", file.host)) {
        return Err(format!("{:?} is no host in lower case as api.openai.com", file.host));
    }
    let model = file.model.strip_suffix('*').unwrap_or(&file.model);
    if file.model.is_empty() || file.model.trim() != file.model || model.contains('*') {
        return Err(format!(
            "{:?} is no model id; * may stand only at its end, for all ids that begin so",
            file.model
        ));
    }
    let price = Price {
        input: amount("input_usd_per_million", file.input_usd_per_million)?,
        output: amount("output_usd_per_million", file.output_usd_per_million)?,
        cached_input: file
            .cached_input_usd_per_million
            .map(|usd| amount("cached_input_usd_per_million", usd))
            .transpose()?,
        per_call: None,
    };
    let per_thousand = file.usd_per_thousand_requests.unwrap_or(0.0);
    let per_thousand = amount("usd_per_thousand_requests", per_thousand)?;
    if file.batch_discount.is_some_and(|share| !(0.0..=1.0).contains(&share)) {
        return Err("`batch_discount` is a share between 0 and 1".to_owned());
    }
    if file.max_output_tokens == Some(0) || file.context_tokens == Some(0) {
        return Err("a number of tokens is at least 1".to_owned());
    }
    if file.source.trim().is_empty() {
        return Err("`source` says where the price is from and must not be empty".to_owned());
    }
    if !is_date(&file.as_of) {
        return Err("`as_of` is no date as 2026-11-10".to_owned());
    }
    Ok(Entry {
        host: file.host,
        model: file.model,
        price,
        per_call: MicroDollars(per_thousand.0.div_ceil(1_000)),
        max_output_tokens: file.max_output_tokens,
        context_tokens: file.context_tokens,
        batch_discount: file.batch_discount,
        note: file.note,
        source: file.source,
        read_from: file.read_from,
        as_of: file.as_of,
    })
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // between 0 and 10^11
fn amount(field: &str, usd: f64) -> Result<MicroDollars, String> {
    if (0.0..=MAX_USD_PER_MILLION).contains(&usd) {
        Ok(MicroDollars((usd * 1e6).round() as u64))
    } else {
        Err(format!("`{field}` must be from 0 to {MAX_USD_PER_MILLION} dollars"))
    }
}

fn dollars(amount: MicroDollars) -> f64 {
    amount.0 as f64 / 1e6
}

/// Rounded up, so that an estimate is never too low.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // at most the amount itself, which is below 2^52
fn discounted(amount: MicroDollars, discount: f64) -> MicroDollars {
    // The share is exact to a millionth; more digits would only bring in the error of floating point.
    let kept = ((1.0 - discount) * 1e6).round() as u128;
    MicroDollars(
        u64::try_from((u128::from(amount.0) * kept).div_ceil(1_000_000)).unwrap_or(amount.0),
    )
}

fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return false };
    is_number(year, 4, 2_000, 2_999) && is_number(month, 2, 1, 12) && is_number(day, 2, 1, 31)
}

fn is_number(text: &str, n_digits: usize, min: u32, max: u32) -> bool {
    text.len() == n_digits
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && text.parse().is_ok_and(|number: u32| min <= number && number <= max)
}

/// A model id without `-2025-08-07`, `-20250807` or `@20250807` at its end; `None` where it has none.
fn without_date(model: &str) -> Option<&str> {
    let short = |separator: char| {
        let (base, date) = model.rsplit_once(separator)?;
        let (year, rest) = date.split_at_checked(4)?;
        let (month, day) = rest.split_at_checked(2)?;
        let is_date = date.len() == 8
            && is_number(year, 4, 2_000, 2_999)
            && is_number(month, 2, 1, 12)
            && is_number(day, 2, 1, 31);
        is_date.then_some(base)
    };
    let long = || {
        let (base, date) = model.split_at_checked(model.len().checked_sub(11)?)?;
        is_date(date.strip_prefix('-')?).then_some(base)
    };
    long().or_else(|| short('-')).or_else(|| short('@')).filter(|base| !base.is_empty())
}

#[cfg(test)]
mod tests;
