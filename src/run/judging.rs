//! Owns the grading of open answers as a plan has it: who judges, how they are asked, and what came of each call.
//!
//! A judge's call is one more call of the engine: it has a lane of its own behind those of the models, and so a limiter,
//! tries, money and entries in the journal. It comes about when an answer to an open item is safe in the store.

use serde::{Deserialize, Serialize};

use super::journal::{Reused, told_apart};
use super::plan::{Plan, TrialId};
use crate::dataset::{Item, Kind};
use crate::prompt::{JudgeTemplate, JudgeTextError, Message, OwnJudge};
use crate::provider::wire::AnswerSchema;
use crate::provider::{Completion, Failure, Maker, MicroDollars, ModelSpec};
use crate::score::verdict::{self, Verdict};
use crate::score::{Grade, NoVerdict, PanelRule, Sought};

/// How often a judge is asked at most where its replies hold no verdict: once, and three times more, as Inspect has it.
pub const MAX_UNREADABLE: u32 = 4;

/// The grading of open answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "JudgingRecord", into = "JudgingRecord")]
pub struct Judging {
    /// Who judges. Behind the models of the plan: the lane of the first is that after the last model's.
    pub judges: Vec<ModelSpec>,
    /// How rubrics are put to them.
    pub template: JudgeTemplate,
    /// How reference answers are put to them.
    pub reference_template: JudgeTemplate,
    /// How several judges decide.
    pub panel: PanelRule,
    /// Whether a judge grades models of its own maker.
    pub kin: Kin,
    /// How often each judgement is asked for; more than once only to measure the judges. The first counts.
    pub n_repeats: u16,
    /// Tries of a judgement whose replies hold no verdict, the first included.
    pub max_unreadable: u32,
    /// The run whose answers are graded here; then nothing is asked of its models. `None` where the plan's own are.
    pub of_run: Option<GradedRun>,
}

/// A run whose answers another grades.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GradedRun {
    /// Its id.
    pub run_id: String,
    /// Its name for people.
    pub title: String,
    /// Hash of its last entry, or of its plan where it has none: which answers these are.
    pub hash: String,
}

/// What is done about judges that share the maker of a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kin {
    /// They judge, and the figures warn.
    #[default]
    Judge,
    /// They are left out for that model.
    LeftOut,
}

impl Judging {
    /// The reference rule with these judges.
    pub fn by(judges: Vec<ModelSpec>) -> Self {
        Self {
            judges,
            template: JudgeTemplate::HealthBench,
            reference_template: JudgeTemplate::Reference,
            panel: PanelRule::default(),
            kin: Kin::default(),
            n_repeats: 1,
            max_unreadable: MAX_UNREADABLE,
            of_run: None,
        }
    }

    /// Whether this judge grades this model.
    pub fn sits_over(&self, judge: &ModelSpec, model: &ModelSpec) -> bool {
        let maker = Maker::of(judge);
        match self.kin {
            Kin::Judge => true,
            Kin::LeftOut => maker.is_none() || maker != Maker::of(model),
        }
    }

    /// The calls that an answer to this item takes of one judge: the criterion of each, or none where the call is about the
    /// whole; with what is sought. Empty where nothing is to be judged.
    pub fn parts(&self, item: &Item) -> Vec<(Option<u16>, Sought)> {
        match &item.kind {
            Kind::Rubric(rubric) if self.template.is_per_criterion() => {
                let idxs = (0..rubric.criteria.len()).filter_map(|idx| u16::try_from(idx).ok());
                idxs.map(|idx| (Some(idx), Sought::Criterion)).collect()
            }
            Kind::Rubric(rubric) if self.template == JudgeTemplate::AllAtOnce => {
                vec![(None, Sought::Criteria(rubric.criteria.len()))]
            }
            Kind::Reference(_) if self.reference_template == JudgeTemplate::Reference => {
                vec![(None, Sought::Reference)]
            }
            Kind::Rubric(_)
            | Kind::Reference(_)
            | Kind::Choice(_)
            | Kind::Choices(_)
            | Kind::Number(_)
            | Kind::ShortText(_) => vec![],
        }
    }

    /// The template that this item's answers are judged with.
    pub fn template_of(&self, item: &Item) -> &JudgeTemplate {
        match item.kind {
            Kind::Reference(_) => &self.reference_template,
            _ => &self.template,
        }
    }
}

/// One judgement: one judge, one answer, one criterion or the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct JudgementId {
    /// Index into [`Judging::judges`].
    pub judge: u16,
    /// Whose answer.
    pub trial: TrialId,
    /// Index into the item's criteria; `None` where the call is about all of them or about a reference answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub criterion: Option<u16>,
    /// Counted from zero; the first counts, the others measure the judge.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub repeat: u16,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // the form that serde asks for
fn is_zero(n: &u16) -> bool {
    *n == 0
}

/// What a judge is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct JudgeCall {
    /// The conversation.
    pub messages: Vec<Message>,
    /// What is asked for.
    pub sought: Sought,
    /// The form of the reply, for APIs that take one.
    pub schema: AnswerSchema,
}

/// Makes the call of a judgement of this answer; `None` where the plan has no such judgement.
pub fn judge_call(plan: &Plan, judgement: JudgementId, answer: &str) -> Option<JudgeCall> {
    let judging = plan.judging.as_ref()?;
    let item = plan.items.get(judgement.trial.item as usize)?;
    let parts = judging.parts(item);
    let (_, sought) = parts.iter().find(|(criterion, _)| *criterion == judgement.criterion)?;
    let criterion = judgement.criterion.map(usize::from);
    let messages = judging.template_of(item).messages(item, answer, criterion)?;
    Some(JudgeCall { messages, sought: *sought, schema: sought.schema() })
}

/// One try at a judgement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JudgeAttempt {
    /// Which judgement.
    pub judgement: JudgementId,
    /// Counted from one within the judgement.
    pub n: u32,
    /// From sending to the end, in milliseconds.
    pub took_millis: u64,
    /// What came of it.
    pub result: JudgeResult,
    /// What it cost, or may have cost at most, as with [`super::Attempt::cost`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<MicroDollars>,
    /// Set where nothing was asked, since the same had been judged before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reused: Option<Reused>,
}

/// What came of a try at a judgement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JudgeResult {
    /// Verdicts; the judgement is over.
    Judged {
        /// The reply, with the judge's reasons.
        completion: Completion,
        /// What was read, `None` for a criterion without a verdict. As long as what was sought.
        grades: Vec<Option<Grade>>,
    },
    /// A reply without a verdict. It is missing, and never "not met".
    Unreadable {
        /// The reply.
        completion: Completion,
        /// Why.
        why: NoVerdict,
        /// Whether no further try follows.
        is_last: bool,
    },
    /// No reply; another try follows.
    WillRetry {
        /// Why.
        failure: Failure,
    },
    /// No reply, and no further try.
    GaveUp {
        /// Why.
        failure: Failure,
    },
}

impl JudgeAttempt {
    /// What this try cost, if that is known.
    pub fn spent(&self) -> Option<MicroDollars> {
        told_apart(self.cost, self.is_cost_exact()).0
    }

    /// What this try may have cost at most, where no more than that is known.
    pub fn may_have_cost(&self) -> Option<MicroDollars> {
        told_apart(self.cost, self.is_cost_exact()).1
    }

    fn is_cost_exact(&self) -> bool {
        match &self.result {
            JudgeResult::Judged { completion, .. } | JudgeResult::Unreadable { completion, .. } => {
                self.reused.is_some() || completion.usage.is_some()
            }
            JudgeResult::WillRetry { .. } | JudgeResult::GaveUp { .. } => false,
        }
    }

    /// The verdicts with their reasons: the grades as they were journaled, the reasons as they are read from the reply. By
    /// criterion; one at index 0 where the call was about one criterion or a reference answer.
    pub fn verdicts(&self) -> Vec<Option<Verdict>> {
        let JudgeResult::Judged { completion, grades } = &self.result else { return vec![] };
        let is_of_reference = grades.iter().flatten().any(|grade| grade.is_of_reference());
        let sought = match (is_of_reference, self.judgement.criterion) {
            (true, _) => Sought::Reference,
            (false, Some(_)) => Sought::Criterion,
            (false, None) => Sought::Criteria(grades.len()),
        };
        let read = verdict::read(sought, completion).unwrap_or_default();
        let explanation = |idx: usize| read.get(idx)?.as_ref().map(|read| read.explanation.clone());
        let verdicts = grades.iter().enumerate().map(|(idx, grade)| {
            grade.map(|grade| Verdict { grade, explanation: explanation(idx).unwrap_or_default() })
        });
        verdicts.collect()
    }
}

/// [`Judging`] as it is stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct JudgingRecord {
    judges: Vec<ModelSpec>,
    template: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    template_text: Option<String>,
    reference_template: String,
    panel: PanelRule,
    kin: Kin,
    n_repeats: u16,
    max_unreadable: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    of_run: Option<GradedRun>,
}

impl From<Judging> for JudgingRecord {
    fn from(judging: Judging) -> Self {
        Self {
            template: judging.template.name().to_owned(),
            template_text: judging.template.own_text().map(str::to_owned),
            reference_template: judging.reference_template.name().to_owned(),
            judges: judging.judges,
            panel: judging.panel,
            kin: judging.kin,
            n_repeats: judging.n_repeats,
            max_unreadable: judging.max_unreadable,
            of_run: judging.of_run,
        }
    }
}

impl TryFrom<JudgingRecord> for Judging {
    type Error = JudgeTextError;

    fn try_from(record: JudgingRecord) -> Result<Self, JudgeTextError> {
        let own = record.template_text.as_deref().map(OwnJudge::parse).transpose()?;
        Ok(Self {
            judges: record.judges,
            template: JudgeTemplate::named(&record.template, own),
            reference_template: JudgeTemplate::named(&record.reference_template, None),
            panel: record.panel,
            kin: record.kin,
            n_repeats: record.n_repeats.max(1),
            max_unreadable: record.max_unreadable.max(1),
            of_run: record.of_run,
        })
    }
}
