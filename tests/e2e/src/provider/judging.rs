//! Owns judges at the provider: what they are asked to judge, and the verdict that the script has for it.

use serde_json::json;

use super::script::{Examinee, Role, Script, draw};

/// What a judge is asked to judge: one criterion, or several at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Judged {
    criteria: Vec<String>,
    is_one: bool,
    /// The answer that is judged, where it is put as HealthBench puts it; empty otherwise.
    answer: String,
}

impl Judged {
    /// What a judge is asked in a prompt; none where the prompt is no judge's, or the model none.
    pub(super) fn asked_of(examinee: &Examinee, prompt: &str) -> Option<Self> {
        if examinee.role == Role::Examinee { None } else { Self::read(prompt) }
    }

    fn read(prompt: &str) -> Option<Self> {
        let part = |head: &str| {
            // The last one: what is judged may hold anything.
            let (_, rest) = prompt.rsplit_once(head)?;
            Some(rest.split_once("\n# Instructions")?.0.trim())
        };
        if let Some(criterion) = part("\n# Rubric item\n") {
            let (before, _) = prompt.rsplit_once("\n# Rubric item\n")?;
            let answer =
                before.rsplit_once("\nassistant: ").map_or("", |(_, answer)| answer.trim());
            let criteria = vec![criterion.to_owned()];
            return Some(Self { criteria, is_one: true, answer: answer.to_owned() });
        }
        let lines = part("\n# Criteria\n")?.lines();
        let criteria = lines.filter_map(|line| Some(line.split_once(". ")?.1.to_owned()));
        Some(Self { criteria: criteria.collect(), is_one: false, answer: String::new() })
    }

    /// The name under which it is counted: the criteria as the judge reads them.
    pub(super) fn name(&self) -> String {
        self.criteria.join("\n")
    }

    /// The judge's reply, and whether it holds verdicts.
    pub(super) fn reply(&self, script: &Script, judge: &Examinee) -> (String, bool) {
        if script.is_speechless(&judge.id, &self.name()) {
            return (
                "I have read the answer with care, and there is much to say.".to_owned(),
                false,
            );
        }
        let met = |criterion: &String| {
            if judge.role == Role::JudgeOfAnswers {
                script.verdict_on(&judge.id, criterion, &self.answer)
            } else {
                script.verdict(&judge.id, criterion)
            }
        };
        if self.is_one {
            let met = self.criteria.first().is_some_and(met);
            let body = json!({"explanation": "As the script has it.", "criteria_met": met});
            return (format!("```json\n{body}\n```"), true);
        }
        let verdicts: Vec<_> = self
            .criteria
            .iter()
            .zip(1..)
            .map(|(criterion, n)| {
                json!({"criterion": n, "explanation": "As the script has it.", "criteria_met": met(criterion)})
            })
            .collect();
        (json!({"verdicts": verdicts}).to_string(), true)
    }
}

impl Script {
    /// What this judge says of a criterion, which is written with its points: `[5] Names the dose`.
    pub fn verdict(&self, judge: &str, criterion: &str) -> bool {
        let share = self.examinee(judge).map_or(0.0, |judge| judge.accuracy);
        draw(self.seed, &["verdict", judge, criterion]).next_f64() < share
    }

    /// The same of a judge that heeds answers: what it says of a criterion for this answer.
    pub fn verdict_on(&self, judge: &str, criterion: &str, answer: &str) -> bool {
        let share = self.examinee(judge).map_or(0.0, |judge| judge.accuracy);
        draw(self.seed, &["verdict", judge, criterion, answer.trim()]).next_f64() < share
    }

    /// Whether this judge never gives a verdict on these criteria, however often it is asked.
    pub fn is_speechless(&self, judge: &str, criteria: &str) -> bool {
        let share = self.examinee(judge).map_or(0.0, |judge| judge.unreadable);
        draw(self.seed, &["speechless", judge, criteria]).next_f64() < share
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_judged_is_read_from_the_prompt() {
        let one = "# Conversation\nuser: Why?\n\n# Rubric item\n[5] Names the dose\n\n# Instructions\nReply";
        let judged = Judged::read(one).unwrap();
        assert_eq!((judged.name().as_str(), judged.is_one), ("[5] Names the dose", true));
        let all = "Grade\n\n# Criteria\n1. [5] Names the dose\n2. [-3] Guesses. Badly\n\n# Instructions\nFor each";
        assert_eq!(
            Judged::read(all).unwrap().criteria,
            ["[5] Names the dose", "[-3] Guesses. Badly"]
        );
        assert_eq!(Judged::read("Which one is it?"), None);
        let script = Script::new(&[], 3).model(Examinee::new("j", 1.0).judges());
        let (text, has_verdicts) = judged.reply(&script, &script.models[0]);
        assert!(has_verdicts && text.contains("\"criteria_met\":true"), "{text}");
    }
}
