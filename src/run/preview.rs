//! Owns the look at what will be sent, before anything is.

use std::ops::Range;

use super::plan::Plan;
use crate::dataset::variant::base_of;
use crate::prompt::{self, Message};
use crate::provider::wire::{self, Ask};
use crate::provider::{HttpRequest, Seat};

/// What one item becomes for one model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// The conversation.
    pub messages: Vec<Message>,
    /// The call as it will be made, without the key, which no request holds here; `None` where nothing is sent. Should the
    /// model refuse a setting, the call is made again without it.
    pub request: Option<HttpRequest>,
}

impl Preview {
    /// The body of the call, laid out for reading.
    pub fn body(&self) -> Option<String> {
        let body = self.request.as_ref()?.body.as_deref()?;
        let value: serde_json::Value = serde_json::from_str(body).ok()?;
        serde_json::to_string_pretty(&value).ok()
    }
}

/// The questions of a plan: of each, the index of the item and of the variants that stand behind it.
pub fn questions(plan: &Plan) -> Vec<Range<usize>> {
    let mut questions: Vec<Range<usize>> = vec![];
    for (idx, item) in plan.items.iter().enumerate() {
        let is_variant_of = |question: &&mut Range<usize>| {
            let first = plan.items.get(question.start);
            base_of(&item.id).is_some_and(|(base, _)| first.is_some_and(|first| first.id.0 == base))
        };
        match questions.last_mut().filter(is_variant_of) {
            Some(question) => question.end = idx + 1,
            None => questions.push(idx..idx + 1),
        }
    }
    questions
}

/// Makes the look, with the same functions that make the calls. Indices are into [`Plan::models`] and [`Plan::items`]; `None`
/// where there is no such model or item.
pub fn preview(plan: &Plan, model_idx: usize, item_idx: usize) -> Option<Preview> {
    let (model, item) = (plan.models.get(model_idx)?, plan.items.get(item_idx)?);
    let messages = prompt::render(item, &plan.prompting);
    let request = match &model.seat {
        Seat::Api(endpoint) => {
            Some(wire::request(&Ask { endpoint, messages: &messages, schema: None }))
        }
        Seat::BrowserModel
        | Seat::Baseline { .. }
        | Seat::Person
        | Seat::Paste
        | Seat::Recorded => None,
    };
    Some(Preview { messages, request })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::{Choices, Item, Kind, NumberAnswer, ShortText};
    use crate::prompt::{Language, OwnTemplate, Preset, Prompting, Role, Template};
    use crate::provider::{Class, Completion};
    use crate::run::fixture;
    use crate::score::{Outcome, judge};

    #[test]
    fn the_look_shows_the_messages_and_the_call() {
        let mut plan = fixture::journal("r", &[("m", Class::Clinical, &["--"])]).plan;
        plan.prompting = Prompting {
            system: Some("Be brief.".into()),
            ..Prompting::preset(Preset::Letter, Language::German)
        };
        let look = preview(&plan, 0, 1).unwrap();
        assert_eq!(look.messages.len(), 2);
        assert!(look.messages[1].content.contains("Which one is it in q1?"));
        let body: serde_json::Value = serde_json::from_str(&look.body().unwrap()).unwrap();
        assert_eq!(body["messages"][0]["content"], "Be brief.");
        assert_eq!(body["messages"][1]["content"], look.messages[1].content.as_str());
        assert_eq!(preview(&plan, 1, 0), None);
        assert_eq!(preview(&plan, 0, 2), None);
        plan.models[0].seat = Seat::Person;
        let look = preview(&plan, 0, 0).unwrap();
        assert_eq!((look.request.is_none(), look.body()), (true, None));
    }

    #[test]
    fn a_question_and_its_variants_stand_together() {
        let mut plan = fixture::journal("r", &[("m", Class::Clinical, &["------"])]).plan;
        for (item, id) in
            plan.items.iter_mut().zip(["a", "a~rot1", "a~lay", "b~lay", "c", "a~rot1"])
        {
            item.id = crate::dataset::ItemId(id.into());
        }
        assert_eq!(questions(&plan), [0..3, 3..4, 4..5, 5..6]);
    }

    /// What an example shows a model, the scorer must read: otherwise whoever follows it is marked down.
    #[test]
    fn every_reply_that_examples_show_is_read_as_right() {
        let choice = Item {
            explanation: Some("The first one lowers glucose; insulin comes later.".into()),
            ..Item::single_choice("q", "Which?", &["Metformin", "Insulin", "Acarbose"], 1)
        };
        let number = NumberAnswer { value: 2.5, low: 2.4, high: 2.6, unit: "mg".into() };
        let options: Vec<String> = ["fever", "cough", "rash"].map(str::to_owned).to_vec();
        let kinds = [
            choice.kind.clone(),
            Kind::Choices(Choices { options, answers: vec![0, 2] }),
            Kind::Number(number),
            Kind::ShortText(ShortText { accepted: vec!["aspirin".into()] }),
        ];
        let own = OwnTemplate::parse("{question} {options}").unwrap();
        let presets = Preset::ALL
            .into_iter()
            .flat_map(|preset| Language::ALL.map(|language| Prompting::preset(preset, language)));
        let own = Prompting { template: Template::Own(own), ..Prompting::default() };
        for prompting in presets.chain([own]) {
            for kind in &kinds {
                let shot = Item { kind: kind.clone(), ..choice.clone() };
                let with = Prompting { shots: vec![shot.clone()], ..prompting.clone() };
                let messages = prompt::render(&choice, &with);
                assert_eq!(messages[1].role, Role::Assistant);
                let text = messages[1].content.clone();
                let completion = Completion { text: text.clone(), ..Completion::default() };
                let outcome = judge(&shot, &completion).outcome;
                assert_eq!(outcome, Outcome::Correct, "{} {text:?}", prompting.name());
            }
        }
    }
}
