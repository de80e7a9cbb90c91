//! Owns the parts of the page of published sets.

mod card;
mod facts;
mod hub_form;
mod kept_view;
mod load_view;

pub(crate) use card::Card;
pub(crate) use hub_form::HubForm;
pub(crate) use kept_view::KeptSets;
pub(crate) use load_view::LoadView;
