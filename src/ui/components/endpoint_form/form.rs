//! Owns what the form for a model behind an address holds, and what its buttons do.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::tested::Tested;
use crate::browser::{clock, connection, keys};
use crate::provider::batch::Standing;
use crate::provider::enrol::{self, Entered, NoPrice};
use crate::provider::preset::{self, PRESETS, Place, Preset};
use crate::provider::price_table::Quote;
use crate::provider::{
    CallSettings, Delivery, Effort, Endpoint, ModelSpec, Pace, Price, Protocol, capability, http,
};
use crate::ui::state::State;

/// Which list a model goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum List {
    /// Those who sit the exam.
    Participants,
    /// Those who judge open answers and do not sit it.
    Judges,
}

/// Everything that can be filled in.
#[derive(Clone, Copy)]
pub(crate) struct Form {
    state: StoredValue<State>,
    pub(super) list: StoredValue<List>,
    pub(super) preset_id: RwSignal<String>,
    pub(super) protocol: RwSignal<Protocol>,
    pub(super) base_url: RwSignal<String>,
    pub(super) model: RwSignal<String>,
    pub(super) key: RwSignal<String>,
    pub(super) header_name: RwSignal<String>,
    pub(super) header_value: RwSignal<String>,
    pub(super) known_models: RwSignal<Vec<String>>,
    pub(super) settings: RwSignal<CallSettings>,
    pub(super) pace: RwSignal<Pace>,
    /// As typed; while nothing was, the price that is known.
    pub(super) price_typed: RwSignal<Option<(String, String)>>,
    pub(super) tested: RwSignal<Tested>,
}

impl Form {
    /// A form with the first preset picked.
    pub(crate) fn new(state: State, list: List) -> Self {
        let form = Self {
            state: StoredValue::new(state),
            list: StoredValue::new(list),
            preset_id: RwSignal::new(String::new()),
            protocol: RwSignal::new(Protocol::OpenAiChat),
            base_url: RwSignal::new(String::new()),
            model: RwSignal::new(String::new()),
            key: RwSignal::new(String::new()),
            header_name: RwSignal::new(String::new()),
            header_value: RwSignal::new(String::new()),
            known_models: RwSignal::new(vec![]),
            settings: RwSignal::new(CallSettings::default()),
            pace: RwSignal::new(Pace::default()),
            price_typed: RwSignal::new(None),
            tested: RwSignal::new(Tested::NotYet),
        };
        form.pick(first().id);
        form
    }

    /// The preset that is picked.
    pub(super) fn preset(self) -> &'static Preset {
        self.preset_id.with(|id| preset::by_id(id)).unwrap_or(first())
    }

    /// Picks a preset: its address stands in the form, and what belongs to another provider goes.
    pub(crate) fn pick(self, id: &str) {
        if let Some(preset) = preset::by_id(id) {
            self.base_url.set(preset.base_url.to_owned());
            self.protocol.set(preset.protocol);
            self.settings.set(preset.settings);
        }
        self.preset_id.set(id.to_owned());
        self.key.set(String::new());
        self.header_name.set(String::new());
        self.header_value.set(String::new());
        self.known_models.set(vec![]);
        self.pace.set(Pace::default());
        self.price_typed.set(None);
        self.tested.set(Tested::NotYet);
    }

    /// Takes back a participant from the list, to be changed.
    pub(crate) fn load(self, spec: &ModelSpec) {
        let Some(endpoint) = spec.seat.endpoint() else { return };
        self.pick(preset_of(endpoint).id);
        self.base_url.set(endpoint.base_url.clone());
        self.protocol.set(endpoint.protocol);
        self.model.set(endpoint.model.clone());
        self.header_name.set(endpoint.extra_header.clone().unwrap_or_default());
        self.settings.set(endpoint.settings);
        self.pace.set(spec.pace);
        let quoted = untrack(|| self.quote()).map(|quote| quote.price);
        let typed = spec.price.filter(|price| Some(*price) != quoted);
        self.price_typed.set(typed.map(|price| (price.input.typed(), price.output.typed())));
    }

    /// Whether the form has a field for an extra header.
    pub(super) fn takes_header(self) -> bool {
        self.preset().place == Place::Anywhere
    }

    /// The price that is known without anybody typing it now, with where it is from.
    pub(super) fn quote(self) -> Option<Quote> {
        self.state.get_value().quote(&self.entered().endpoint())
    }

    /// What stands in the fields for the price.
    pub(super) fn price_shown(self) -> (String, String) {
        self.price_typed.get().unwrap_or_else(|| {
            let price = self.quote().map(|quote| quote.price);
            price.map(|price| (price.input.typed(), price.output.typed())).unwrap_or_default()
        })
    }

    /// The price that will be reckoned with.
    pub(super) fn price(self) -> Result<Option<Price>, NoPrice> {
        match self.price_typed.get() {
            Some((input, output)) => enrol::price_typed(&input, &output),
            None => Ok(self.quote().map(|quote| quote.price)),
        }
    }

    /// Changes one of the settings of this model.
    pub(super) fn set(self, change: impl FnOnce(&mut CallSettings)) {
        self.settings.update(change);
    }

    /// Whether a participant can be made of what is filled in.
    pub(super) fn is_complete(self) -> bool {
        let is_complete =
            self.base_url.with(|url| self.model.with(|model| enrol::is_complete(url, model)));
        is_complete && self.price().is_ok() && self.is_header_right()
    }

    pub(super) fn is_header_right(self) -> bool {
        self.header_name.with(|name| name.trim().is_empty() || enrol::is_header_name(name))
    }

    fn entered(self) -> Entered {
        Entered {
            preset: self.preset(),
            protocol: self.protocol.get(),
            base_url: self.base_url.get(),
            model: self.model.get(),
            extra_header: self.header_name.get(),
            settings: self.settings.get(),
            pace: self.pace.get(),
        }
    }

    /// The participant that is meant.
    pub(super) fn spec(self) -> ModelSpec {
        let price = self.price().unwrap_or_default();
        self.entered().spec(price)
    }

    /// What batches are at this address.
    pub(super) fn batch_standing(self) -> Standing {
        Standing::of(&self.entered().endpoint())
    }

    /// The endpoint with the settings that will be sent.
    pub(super) fn settled(self) -> Endpoint {
        let endpoint = self.entered().endpoint();
        capability::settle(&endpoint, CallSettings::default())
    }

    /// Moves the secrets from the fields to the keyring, so that they stand in the page no longer than they must.
    fn keep_secrets(self) {
        let base_url = self.base_url.get_untracked();
        let key = self.key.get_untracked();
        if !key.trim().is_empty() {
            keys::set(&base_url, &key);
            self.key.set(String::new());
        }
        let name = self.header_name.get_untracked();
        let value = self.header_value.get_untracked();
        if !value.trim().is_empty() && enrol::is_header_name(&name) {
            keys::set_header(&base_url, &name, &value);
            self.header_value.set(String::new());
        }
    }

    /// Keeps a price that was typed, for the next time that the model is added.
    fn keep_price(self, spec: &ModelSpec) {
        let is_typed = self.price_typed.with_untracked(Option::is_some);
        if let (true, Some(price), Some(endpoint)) = (is_typed, spec.price, spec.seat.endpoint()) {
            let entry = enrol::own_price(endpoint, price, &clock::local_date(clock::now_millis()));
            self.state
                .get_value()
                .own_prices
                .update(|own| entry.into_iter().for_each(|entry| own.put(entry)));
        }
        self.price_typed.set(None);
    }

    pub(super) fn list_models(self) {
        self.keep_secrets();
        let endpoint = untrack(|| self.settled());
        self.tested.set(Tested::UnderWay);
        spawn_local(async move {
            match connection::models(&endpoint).await {
                Ok(models) => {
                    self.tested.set(Tested::Listed { n: models.len() });
                    self.known_models.set(models);
                }
                Err(diagnosis) => self.tested.set(Tested::Fails(diagnosis)),
            }
        });
    }

    pub(super) fn test(self) {
        self.keep_secrets();
        let endpoint = untrack(|| self.settled());
        self.tested.set(Tested::UnderWay);
        spawn_local(async move {
            self.tested.set(match connection::test(&endpoint).await {
                Ok((answer, millis)) => Tested::Works { answer, millis },
                Err(diagnosis) => Tested::Fails(diagnosis),
            });
        });
    }

    pub(super) fn add(self) {
        self.keep_secrets();
        let spec = untrack(|| self.spec());
        self.keep_price(&spec);
        let state = self.state.get_value();
        match self.list.get_value() {
            List::Participants => state.enlist(spec),
            List::Judges => state.judging().add(state, spec),
        }
        self.model.set(String::new());
        self.tested.set(Tested::NotYet);
    }
}

fn first() -> &'static Preset {
    &PRESETS[0]
}

/// The preset that an endpoint was made with, as far as its address and protocol tell.
fn preset_of(endpoint: &Endpoint) -> &'static Preset {
    let known = PRESETS.iter().find(|preset| {
        !preset.base_url.is_empty()
            && preset.protocol == endpoint.protocol
            && http::origin(preset.base_url) == http::origin(&endpoint.base_url)
    });
    known.or(preset::by_id("custom")).unwrap_or(first())
}

/// The effort that a word of the form names.
pub(super) fn effort_of(word: &str) -> Option<Effort> {
    Effort::ALL.into_iter().find(|effort| effort.word() == word)
}

/// How answers come, by the words of the form; the first stands for whatever the run says.
pub(super) const DELIVERIES: [(Delivery, &str, &str); 3] = [
    (Delivery::Whole, "whole", "as the run says"),
    (Delivery::Streamed, "streamed", "in pieces, as it is written"),
    (Delivery::Batch, "batch", "by the provider’s batch service"),
];
