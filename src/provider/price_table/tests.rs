//! Owns the tests of the table of prices, the shipped one included.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::provider::model::Protocol;

const SHIPPED: &str = include_str!("../../../www/data/prices.json");

fn shipped() -> PriceTable {
    PriceTable::read(SHIPPED).unwrap()
}

fn endpoint(base_url: &str, model: &str) -> Endpoint {
    Endpoint::new(Protocol::OpenAiChat, base_url, model)
}

fn table(entries: &str) -> String {
    format!(
        r#"{{"schema":"viva-prices/1","as_of":"2026-11-10","source":"a test","entries":[{entries}]}}"#
    )
}

const ENTRY: &str = r#"{"host":"api.x.ai","model":"grok-9","input_usd_per_million":1.5,"output_usd_per_million":6,"source":"typed","as_of":"2026-11-10"}"#;

#[test]
fn the_shipped_table_is_valid_and_plausible() {
    let table = shipped();
    assert!(table.entries.len() >= 60);
    let mut seen = BTreeSet::new();
    for entry in &table.entries {
        let name = format!("{} {}", entry.host, entry.model);
        assert!(seen.insert(name.to_ascii_lowercase()), "{name} stands twice");
        assert!(entry.price.input <= entry.price.output, "{name}");
        assert!(entry.price.output <= MicroDollars(1_000_000_000), "{name}");
        assert!(MicroDollars(0) < entry.price.output, "{name}");
        assert!(
            entry.price.cached_input.is_none_or(|cached| cached <= entry.price.input),
            "{name}"
        );
        assert!(entry.source.starts_with("https://"), "{name}");
        assert!(entry.read_from.is_some(), "{name}");
        assert!("2026-01-01" <= entry.as_of.as_str() && table.as_of <= entry.as_of, "{name}");
        let most = entry.context_tokens.unwrap_or(u32::MAX).max(1_048_576);
        assert!(entry.max_output_tokens.is_none_or(|max| max <= most), "{name}");
    }
}

#[test]
fn the_shipped_table_knows_the_providers_that_are_offered() {
    let table = shipped();
    for (base_url, model) in [
        ("https://api.openai.com/v1", "gpt-5.2"),
        ("https://api.openai.com/v1", "gpt-4.1-mini"),
        ("https://api.openai.com/v1", "o3"),
        ("https://api.anthropic.com/v1", "claude-opus-4-6"),
        ("https://api.anthropic.com/v1", "claude-haiku-4-5-20251001"),
        ("https://generativelanguage.googleapis.com/v1beta", "models/gemini-2.5-flash"),
        ("https://api.mistral.ai/v1", "mistral-large-2512"),
        ("https://api.cohere.com/v2", "command-a-03-2025"),
        ("https://api.cohere.ai/compatibility/v1", "command-a-03-2025"),
        ("https://api.groq.com/openai/v1", "openai/gpt-oss-120b"),
        ("https://api.together.ai/v1", "openai/gpt-oss-120b"),
        ("https://api.deepseek.com", "deepseek-v4-pro"),
        ("https://api.x.ai/v1", "grok-4.3"),
        ("https://api.perplexity.ai", "sonar-pro"),
        ("https://api.cerebras.ai/v1", "gpt-oss-120b"),
        ("https://api.fireworks.ai/inference/v1", "accounts/fireworks/models/gpt-oss-20b"),
        ("https://openrouter.ai/api/v1", "anthropic/claude-opus-4.6"),
    ] {
        assert!(table.find(base_url, model).is_some(), "{model}");
    }
}

#[test]
fn an_id_is_found_before_its_undated_form_and_that_before_a_beginning() {
    let ours = shipped();
    let price = |model: &str| ours.find("https://api.openai.com/v1", model).map(|e| e.price.input);
    assert_eq!(price("gpt-4o"), Some(MicroDollars(2_500_000)));
    assert_eq!(price("gpt-4o-2024-05-13"), Some(MicroDollars(5_000_000)));
    assert_eq!(price("gpt-4o-2024-11-20"), Some(MicroDollars(2_500_000)));
    assert_eq!(price("GPT-5-2025-08-07"), Some(MicroDollars(1_250_000)));
    assert_eq!(price("gpt-4o-audio-preview"), None);
    assert_eq!(price("gpt"), None);

    let entry = |model: &str| ENTRY.replace("grok-9", model);
    let all = [entry("grok*"), entry("grok-9*"), entry("grok-9"), entry("grok-9-fast")].join(",");
    let table = PriceTable::read(&table(&all)).unwrap();
    let found = |model: &str| table.find("https://api.x.ai/v1", model).map(|e| e.model.as_str());
    assert_eq!(found("grok-9"), Some("grok-9"));
    assert_eq!(found("grok-9-20261101"), Some("grok-9"));
    assert_eq!(found("grok-9@20261101"), Some("grok-9"));
    assert_eq!(found("grok-9-fast-2026-11-01"), Some("grok-9-fast"));
    assert_eq!(found("grok-9-20261301"), Some("grok-9*"));
    assert_eq!(found("grok-10"), Some("grok*"));
    assert_eq!(found("x-grok"), None);
    assert_eq!(table.find("https://api.x.ai.evil.example/v1", "grok-9"), None);
    assert_eq!(table.find("https://api.x.ai:8443/v1", "grok-9"), None);
    assert_eq!(table.find("api.x.ai", "grok-9"), None);
}

#[test]
fn own_entries_go_before_this_machine_and_that_before_the_shipped_table() {
    let own = PriceTable::read(&table(
        &[
            ENTRY.replace("api.x.ai", "api.openai.com").replace("grok-9", "gpt-5.2"),
            ENTRY.replace("api.x.ai", "localhost:8000"),
        ]
        .join(","),
    ))
    .unwrap();
    let shipped = shipped();
    let quote = |base_url: &str, model: &str| quote(&own, &shipped, &endpoint(base_url, model));
    let mine = quote("https://api.openai.com/v1", "gpt-5.2").unwrap();
    assert_eq!(mine.price.input, MicroDollars(1_500_000));
    assert!(matches!(mine.source, QuoteSource::Own(_)));
    let theirs = quote("https://api.openai.com/v1", "gpt-5.1").unwrap();
    assert_eq!(theirs.max_output_tokens, Some(128_000));
    assert_eq!(theirs.source.entry().unwrap().as_of, "2026-11-10");
    let local = quote("http://localhost:11434/v1", "medgemma:4b").unwrap();
    assert_eq!((local.price, local.source), (Price::FREE, QuoteSource::ThisMachine));
    let dear = quote("http://localhost:8000/v1", "grok-9").unwrap();
    assert_eq!(dear.price.input, MicroDollars(1_500_000));
    assert_eq!(quote("https://example.org/v1", "gpt-5.2"), None);
}

#[test]
fn a_batch_costs_what_the_provider_takes_for_it() {
    let table = shipped();
    let mut one = endpoint("https://api.openai.com/v1", "gpt-5.2");
    let price = |one: &Endpoint| quote(&PriceTable::default(), &table, one).unwrap().price;
    let live = price(&one);
    one.settings.delivery = Delivery::Batch;
    let batch = price(&one);
    assert_eq!((live.input.0, live.output.0), (1_750_000, 14_000_000));
    assert_eq!(
        (batch.input.0, batch.output.0, batch.cached_input.unwrap().0),
        (875_000, 7_000_000, 87_500)
    );
    let mut groq = endpoint("https://api.groq.com/openai/v1", "openai/gpt-oss-120b");
    groq.settings.delivery = Delivery::Batch;
    assert_eq!(price(&groq).input, MicroDollars(150_000));
    assert_eq!(discounted(MicroDollars(3), 0.5), MicroDollars(2));
    assert_eq!(discounted(MicroDollars(1_000_000), 0.2), MicroDollars(800_000));
}

#[test]
fn a_fee_for_each_call_is_told() {
    let table = shipped();
    let entry = table.find("https://api.perplexity.ai", "sonar").unwrap();
    assert_eq!(entry.per_call, MicroDollars(12_000));
}

#[test]
fn a_wrong_table_is_refused_with_its_place() {
    let entry = |from: &str, to: &str| table(&format!("{ENTRY},{}", ENTRY.replace(from, to)));
    for (json, expected) in [
        ("{".to_owned(), "EOF while parsing an object (line 1, column 1)"),
        ("[]".to_owned(), "The file says that it is \"\""),
        (table("").replace("prices/1", "prices/2"), "\"viva-prices/2\", but a price table says"),
        (table("").replace("2026-11-10", "10.11.2026"), "`as_of` is no date"),
        (table("").replace("\"source\"", "\"sauce\""), "unknown field `sauce`"),
        (ENTRY.to_owned(), "The file says that it is \"\""),
        (table(ENTRY) + "x", "trailing characters"),
        (entry("x", "x"), "Entry 2 of the price table (api.x.ai grok-9): it stands twice."),
        (entry("grok-9", "GROK-9"), "it stands twice"),
        (entry("api.x.ai", "https://api.x.ai"), "is no host"),
        (entry("api.x.ai", "API.x.ai"), "is no host"),
        (entry("api.x.ai", "api.x.ai/v1"), "is no host"),
        (entry("api.x.ai", ""), "is no host"),
        (entry("grok-9", "g*-9"), "is no model id"),
        (entry("grok-9", ""), "is no model id"),
        (entry("1.5", "-1"), "`input_usd_per_million` must be from 0"),
        (entry("1.5", "1e9"), "`input_usd_per_million` must be from 0"),
        (entry("1.5", "\"1.5\""), "invalid type: string \"1.5\""),
        (entry("\"typed\"", "\" \""), "`source` says"),
        (entry("\"as_of\":\"2026-11-10\"", "\"as_of\":\"2026-13-10\""), "`as_of` is no date"),
        (entry("\"source\"", "\"batch_discount\":50,\"source\""), "a share between 0 and 1"),
        (entry("\"source\"", "\"max_output_tokens\":0,\"source\""), "at least 1"),
        (entry("\"source\"", "\"inptu\":0,\"source\""), "unknown field `inptu`"),
        (table("1"), "Entry 1 of the price table (? ?)"),
    ] {
        let error = PriceTable::read(&json).unwrap_err().to_string();
        assert!(error.contains(expected), "{json}: {error}");
    }
}

#[test]
fn entries_are_put_in_once_and_taken_out() {
    let mut table = PriceTable::read(&table(ENTRY)).unwrap();
    let mut entry = table.entries[0].clone();
    entry.model = "Grok-9".to_owned();
    entry.price.input = MicroDollars(7);
    table.put(entry.clone());
    assert_eq!(table.entries, [entry.clone()]);
    table.put(Entry { model: "grok-10".to_owned(), ..entry });
    assert_eq!(table.entries.len(), 2);
    table.remove("api.x.ai", "Grok-9");
    assert_eq!(table.entries.len(), 1);
}

#[test]
fn a_table_comes_back_from_its_file_as_it_was() {
    let table = shipped();
    assert_eq!(PriceTable::read(&table.to_json()), Ok(table));
    let empty = PriceTable { as_of: "2026-11-25".to_owned(), ..PriceTable::default() };
    assert_eq!(PriceTable::read(&empty.to_json()), Ok(empty));
}

proptest! {
    #[test]
    fn any_price_comes_back_to_the_micro_dollar(input in 0_u64..=100_000_000_000, output in 0_u64..=100_000_000_000, call in 0_u64..=1_000_000, share in 0_u32..=1_000_000) {
        let mut table = PriceTable::read(&table(ENTRY)).unwrap();
        table.entries[0].price = Price { input: MicroDollars(input), output: MicroDollars(output), cached_input: Some(MicroDollars(input / 2)), per_call: None };
        table.entries[0].per_call = MicroDollars(call);
        table.entries[0].batch_discount = Some(f64::from(share) / 1e6);
        prop_assert_eq!(&PriceTable::read(&table.to_json()).unwrap(), &table);
        let batch = table.entries[0].price_by(Delivery::Batch);
        prop_assert!(batch.input <= MicroDollars(input) && batch.output <= MicroDollars(output));
    }

    #[test]
    fn no_text_panics(json in ".{0,200}", model in ".{0,40}", url in ".{0,40}") {
        drop(PriceTable::read(&json));
        let _ = shipped().find(&url, &model);
        let _ = shipped().find("https://api.openai.com/v1", &model);
        let _ = without_date(&model);
    }
}
