//! Owns the way from what a person fills in about a model behind an address to a participant.

use super::http;
use super::model::{Class, Endpoint, ModelSpec, Pace, Protocol, Seat};
use super::preset::{self, Preset};
use super::price::{MicroDollars, NoAmount, Price};
use super::price_table::Entry;
use super::settings::CallSettings;

/// What a person filled in.
#[derive(Debug, Clone, PartialEq)]
pub struct Entered {
    /// The preset that was picked.
    pub preset: &'static Preset,
    /// What is spoken at the address.
    pub protocol: Protocol,
    /// As typed.
    pub base_url: String,
    /// As typed.
    pub model: String,
    /// Name of one more header, as typed; empty for none.
    pub extra_header: String,
    /// What is wanted of this model's calls.
    pub settings: CallSettings,
    /// Limits of its pace.
    pub pace: Pace,
}

impl Entered {
    /// The endpoint that is meant.
    pub fn endpoint(&self) -> Endpoint {
        let header = self.extra_header.trim();
        Endpoint {
            settings: self.settings,
            extra_header: (!header.is_empty()).then(|| header.to_owned()),
            ..Endpoint::new(self.protocol, &self.base_url, &self.model)
        }
    }

    /// The participant, at this price if it is known. A system that is known to be made for clinical use is classed so, whoever serves it; the person
    /// can change that.
    pub fn spec(&self, price: Option<Price>) -> ModelSpec {
        let endpoint = self.endpoint();
        let class = match self.preset.class {
            Class::Clinical => Class::Clinical,
            other => preset::class_of_name(&endpoint.model).unwrap_or(other),
        };
        let name = endpoint.model.clone();
        ModelSpec { price, pace: self.pace, ..ModelSpec::new(&name, class, Seat::Api(endpoint)) }
    }
}

/// Why what was typed is no price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoPrice {
    /// One of the two is missing.
    #[error("Give both prices, or leave both empty if you do not know them.")]
    Half,
    /// Not an amount.
    #[error("A price is written in dollars, such as 2.50.")]
    Amount(#[from] NoAmount),
}

/// The price per million tokens that was typed; `None` where both fields are empty, since nobody knows it.
pub fn price_typed(input: &str, output: &str) -> Result<Option<Price>, NoPrice> {
    let amounts = match (input.trim(), output.trim()) {
        ("", "") => return Ok(None),
        ("", _) | (_, "") => return Err(NoPrice::Half),
        (input, output) => (input.parse::<MicroDollars>()?, output.parse::<MicroDollars>()?),
    };
    Ok(Some(Price { input: amounts.0, output: amounts.1, cached_input: None, per_call: None }))
}

/// What a person typed about an endpoint's price, as an entry of their own table. `as_of` is the day, as `2026-11-10`.
pub fn own_price(endpoint: &Endpoint, price: Price, as_of: &str) -> Option<Entry> {
    let origin = http::origin(&endpoint.base_url)?;
    Some(Entry {
        host: origin.split_once("://")?.1.to_owned(),
        model: endpoint.model.clone(),
        price,
        per_call: MicroDollars(0),
        max_output_tokens: None,
        context_tokens: None,
        batch_discount: None,
        note: None,
        source: "typed by hand".to_owned(),
        read_from: None,
        as_of: as_of.to_owned(),
    })
}

/// Whether a name can be that of a header: the characters that HTTP allows, and none that a page may not set.
pub fn is_header_name(name: &str) -> bool {
    let name = name.trim();
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty() && name.bytes().all(is_token)
}

/// Whether enough is filled in to ask the model something.
pub fn is_complete(base_url: &str, model: &str) -> bool {
    http::origin(base_url.trim()).is_some() && !model.trim().is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::Effort;
    use crate::provider::price_table::{PriceTable, QuoteSource, quote};

    fn entered(preset_id: &str, model: &str) -> Entered {
        let preset = preset::by_id(preset_id).unwrap();
        Entered {
            preset,
            protocol: Protocol::OpenAiChat,
            base_url: " http://localhost:8000/v1/ ".to_owned(),
            model: model.to_owned(),
            extra_header: "  ".to_owned(),
            settings: CallSettings { effort: Some(Effort::Low), ..CallSettings::default() },
            pace: Pace::default(),
        }
    }

    #[test]
    fn what_was_typed_is_trimmed_and_kept() {
        let spec = entered("custom", " some-model ").spec(Some(Price::FREE));
        let endpoint = spec.seat.endpoint().unwrap();
        assert_eq!((spec.name.as_str(), endpoint.model.as_str()), ("some-model", "some-model"));
        assert_eq!(endpoint.base_url, "http://localhost:8000/v1");
        assert_eq!((endpoint.extra_header.as_deref(), spec.price), (None, Some(Price::FREE)));
        assert_eq!(endpoint.settings.effort, Some(Effort::Low));
        let with_header = Entered { extra_header: " X-Team ".to_owned(), ..entered("custom", "m") };
        assert_eq!(with_header.endpoint().extra_header.as_deref(), Some("X-Team"));
    }

    #[test]
    fn a_clinical_system_is_classed_so_whoever_serves_it() {
        for preset in &preset::PRESETS {
            assert_eq!(entered(preset.id, "google/MedGemma-27B").spec(None).class, Class::Clinical);
        }
        assert_eq!(entered("openrouter", "gpt-5").spec(None).class, Class::GeneralPurpose);
    }

    #[test]
    fn a_price_is_whole_or_none() {
        assert_eq!(price_typed(" ", ""), Ok(None));
        assert_eq!(price_typed("3", ""), Err(NoPrice::Half));
        assert_eq!(price_typed("3", "a lot"), Err(NoPrice::Amount(NoAmount)));
        assert_eq!(price_typed("0", "0"), Ok(Some(Price::FREE)));
    }

    #[test]
    fn a_price_that_was_typed_holds_for_its_endpoint_only() {
        let endpoint = entered("custom", "some-model").endpoint();
        let price = Price { output: MicroDollars(7), ..Price::FREE };
        let mut own = PriceTable::default();
        own.put(own_price(&endpoint, price, "2026-11-25").unwrap());
        let quoted = quote(&own, &PriceTable::default(), &endpoint).unwrap();
        assert_eq!(quoted.price, price);
        assert!(matches!(quoted.source, QuoteSource::Own(_)));
        let other = entered("custom", "other-model").endpoint();
        assert_eq!(quote(&own, &PriceTable::default(), &other).unwrap().price, Price::FREE);
    }

    #[test]
    fn names_of_headers_are_those_that_http_allows() {
        assert!(is_header_name("X-Team_1") && is_header_name(" cf-access "));
        assert!(!is_header_name("") && !is_header_name("a b") && !is_header_name("a:b"));
        assert!(!is_header_name("ä") && !is_header_name("a\r\nb"));
    }

    #[test]
    fn an_address_and_a_model_are_enough() {
        assert!(is_complete(" https://api.x.example/v1 ", "m"));
        assert!(!is_complete("api.x.example", "m") && !is_complete("https://api.x.example", " "));
    }
}
