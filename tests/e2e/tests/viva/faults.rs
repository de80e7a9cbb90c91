//! Owns the test of a long run under every fault there is: each item ends in one outcome, no broken answer is scored, and
//! the network ledger says what the servers' own logs say.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use viva_e2e::app::{Entered, Viva};
use viva_e2e::browser::role;
use viva_e2e::place::Scratch;
use viva_e2e::provider::{
    Examinee, Fault, Latency, Profile, Provider, Received, Rule, Script, Wait, When,
};
use viva_e2e::questions::{Question, synthetic, to_csv};
use viva_e2e::{Error, Result, run};

use crate::record::Record;
use crate::{Stage, assert_plain, ensure};

const N_ITEMS: usize = 2_000;
/// Tries of one question: as `run::retry` has it.
const MAX_ATTEMPTS: usize = 6;
const MAX_ATTEMPTS_RATE_LIMITED: usize = 12;
const KEY: &str = "sk-faults-0123456789abcdef";

fn millis(n: u64) -> Duration {
    Duration::from_millis(n)
}

/// Faults of whole answers over HTTP/2: every kind of refusal, and every kind of broken answer.
fn faults_of_whole(questions: &[Question]) -> Vec<Rule> {
    let mut rules = vec![
        Rule::new(When::Question(questions[3].id.clone()), Fault::MalformedJson),
        Rule::new(When::Question(questions[900].id.clone()), Fault::TruncatedBody),
        // Storms: all that comes in a stretch of time is refused. The short ones by number come however slow the machine is.
        Rule::new(When::During(millis(600)..millis(1_100)), Fault::RateLimited(Wait::Unsaid)),
        Rule::new(
            When::During(millis(2_500)..millis(3_000)),
            Fault::RateLimited(Wait::InBody(millis(400))),
        ),
        Rule::new(When::Calls(150..158), Fault::RateLimited(Wait::Unsaid)),
        Rule::new(When::Calls(800..815), Fault::RateLimited(Wait::InBody(millis(400)))),
        Rule::new(When::Share(0.002), Fault::RateLimited(Wait::HiddenHeader(millis(900)))).times(2),
        Rule::new(When::Share(0.002), Fault::RateLimited(Wait::ExposedHeader(millis(900))))
            .times(2),
    ];
    let lasting = [Fault::Stall, Fault::StallMidBody];
    rules.extend(lasting.map(|fault| Rule::new(When::Share(0.003), fault).times(3)));
    let passing = [
        Fault::Status(500),
        Fault::Status(502),
        Fault::Status(529),
        Fault::ResetMidBody,
        Fault::TruncatedBody,
        Fault::MalformedJson,
        Fault::EmptyBody,
        Fault::ErrorIn200,
        Fault::WrongContentType,
        Fault::NoChoices,
    ];
    rules.extend(passing.map(|fault| Rule::new(When::Share(0.004), fault)));
    rules
}

/// Faults of streams over HTTP/1.1, where a connection breaks for one answer alone.
fn faults_of_streams(questions: &[Question]) -> Vec<Rule> {
    let mut rules = vec![
        Rule::new(When::Question(questions[7].id.clone()), Fault::WithoutEnd),
        Rule::new(When::Share(0.003), Fault::StallMidBody).times(3),
    ];
    let passing = [
        Fault::Status(500),
        Fault::ResetBefore,
        Fault::ResetMidBody,
        Fault::TruncatedBody,
        Fault::WithoutEnd,
        Fault::MalformedJson,
        Fault::ErrorIn200,
    ];
    rules.extend(passing.map(|fault| Rule::new(When::Share(0.004), fault)));
    rules
}

#[test]
fn two_thousand_items_under_faults_end_each_in_one_outcome_and_the_ledger_is_true() {
    run(async {
        let scratch = Scratch::new("faults")?;
        let questions = synthetic(N_ITEMS, 4, 17);
        let file = scratch.write("questions.csv", to_csv(&questions))?;
        let script = |model| {
            let examinee = Examinee::new(model, 0.8).refuses(0.02).rambles(0.02).runs_out(0.02);
            Script::new(&questions, 29).key(KEY).model(examinee).stream_pause(millis(1))
        };
        let whole = Provider::start_h2(Profile::Reflective, script("whole")).await?;
        let streamed = Provider::start(Profile::Wildcard, script("streamed")).await?;
        whole.set_latency(Latency::Between(millis(10), millis(80)));
        whole.set_faults(faults_of_whole(&questions));
        streamed.set_faults(faults_of_streams(&questions));
        let stage = Stage::new().await?;
        let viva = stage.viva.with_limit(Duration::from_mins(3));
        viva.open_questions(&[&file], "2,000").await?;
        for (provider, model, delivery) in
            [(&whole, "whole", ""), (&streamed, "streamed", "streamed")]
        {
            let address = provider.base_url();
            let address = address.as_str();
            viva.enlist(&Entered {
                preset: "custom",
                address,
                model,
                key: KEY,
                delivery,
                ..Entered::default()
            })
            .await?;
        }
        viva.set_run(&[("#in-flight", "64"), ("#in-flight-start", "32"), ("#call-limit", "5")])
            .await?;
        let started = std::time::Instant::now();
        viva.start_run().await?;
        viva.wait_finished().await?;
        let took = started.elapsed();
        viva.see_results().await?;
        let record = Record::save(&viva).await?;
        for (provider, model) in [(&whole, "whole"), (&streamed, "streamed")] {
            assert_one_outcome_each(&viva, &record, provider, model, &questions).await?;
            assert_plain(provider)?;
        }
        for (provider, n_kinds) in [(&whole, 16), (&streamed, 8)] {
            let calls = provider.calls();
            let met: BTreeSet<&String> =
                calls.iter().filter_map(|call| call.fault.as_ref()).collect();
            ensure(met.len() == n_kinds, &format!("these faults were met: {met:?}"))?;
        }
        assert_ledger(&viva, &[&whole, &streamed]).await?;
        ensure(took < Duration::from_mins(2), &format!("the run took {took:?}"))
    });
}

/// Every item of a model ended once, as the script has it where it was answered, after no more tries than are allowed.
async fn assert_one_outcome_each(
    viva: &Viva,
    record: &Record,
    provider: &Provider,
    model: &str,
    questions: &[Question],
) -> Result<()> {
    let fail = |told: String| Error::new(format!("{model}: {told}"));
    let trials = record.trials(model)?;
    ensure(trials.len() == N_ITEMS, &format!("{model}: {} items ended", trials.len()))?;
    let mut calls: BTreeMap<String, Vec<Received>> = BTreeMap::new();
    for call in provider.calls() {
        let question = call.question.clone().ok_or_else(|| fail("an unknown question".into()))?;
        calls.entry(question).or_default().push(call);
    }
    let mut answered = vec![];
    for (item, trial) in &trials {
        let question = &questions[usize::try_from(*item).unwrap_or_default()];
        let asked = calls.get(&question.id).map(Vec::as_slice).unwrap_or_default();
        let told = || fail(format!("{}: {trial:?} of {asked:#?}", question.id));
        if trial.answers.len() + trial.n_given_up != 1 {
            return Err(told());
        }
        let is_limited =
            asked.iter().any(|call| call.fault.as_ref().is_some_and(|f| f.contains("RateLimited")));
        let most = if is_limited { MAX_ATTEMPTS_RATE_LIMITED } else { MAX_ATTEMPTS };
        // What the browser repeats by itself is no try of the page.
        let n_repeated = asked.iter().filter(|call| is_before_any_answer(call)).count();
        let n_asked = asked.len();
        let is_counted = trial.n_attempts <= n_asked && n_asked <= trial.n_attempts + n_repeated;
        if most < trial.n_attempts || !is_counted {
            return Err(told());
        }
        // Scored is only what was sent whole, and what was sent whole is scored, unless the page had given up waiting.
        let n_whole = asked.iter().filter(|call| call.ending.is_some() && call.fault.is_none());
        let n_whole = n_whole.filter(|call| !call.aborted).count();
        if trial.answers.len() != n_whole {
            return Err(told());
        }
        if n_whole == 1 {
            answered.push(question.clone());
        }
    }
    let n_failed = N_ITEMS - answered.len();
    ensure(1 <= n_failed, "the questions that are never answered in full have no answer")?;
    ensure(n_failed <= 40, &format!("{model}: {n_failed} items failed"))?;
    let counts = provider.expected(model, &answered);
    let told = [
        (counts.correct, "right"),
        (counts.incorrect, "wrong"),
        (counts.refused, "refused"),
        (counts.unreadable, "unreadable"),
        (counts.truncated, "cut off"),
        (n_failed, "no answer"),
    ];
    let thousands = |n: usize| match n {
        1_000.. => format!("{},{:03}", n / 1_000, n % 1_000),
        n => n.to_string(),
    };
    let told: Vec<String> = told
        .iter()
        .filter(|(n, _)| 0 < *n)
        .map(|(n, name)| format!("{} {name}", thousands(*n)))
        .collect();
    let standings = viva.standings().await?;
    let line = standings.iter().find(|line| line.model == model);
    let line = line.map(|line| line.outcomes.as_str()).unwrap_or_default();
    ensure(line == told.join(", "), &format!("{model}: expected {told:?}, the page says {line}"))
}

/// Whether the connection broke before anything was sent, so that a browser may ask once more by itself.
fn is_before_any_answer(call: &Received) -> bool {
    call.fault.as_deref() == Some("ResetBefore")
}

/// One request as both sides know it: origin, path, bytes of the question, and status and bytes of a whole answer.
type Told = (String, String, u64, Option<(u16, u64)>);

/// The ledger of the page, saved as CSV, says what the providers wrote down: no line more, and none less but for what the
/// browser repeated by itself.
pub(crate) async fn assert_ledger(viva: &Viva, providers: &[&Provider]) -> Result<()> {
    viva.go("#/ledger").await?;
    let page = &viva.page;
    let saved = page.download(page.click(role("button", "Download as CSV"))).await?.text()?;
    let mut balance: BTreeMap<Told, i64> = BTreeMap::new();
    for line in saved.lines().skip(1) {
        *balance.entry(told_by_the_page(line)?).or_default() += 1;
    }
    let (mut nonsense, mut unanswered) = (vec![], vec![]);
    for provider in providers {
        for received in provider.received() {
            let path = received.path.split('?').next().unwrap_or_default().to_owned();
            let fault = received.fault.as_deref();
            // The server ended these by itself in the middle.
            let is_cut = fault == Some("ResetMidBody");
            let whole = received.status.filter(|_| !received.aborted && !is_cut);
            let end = whole.map(|status| (status, received.n_bytes_out));
            let told = (provider.origin(), path, received.n_bytes_in, end);
            let is_nonsense = matches!(fault, Some("MalformedJson" | "ErrorIn200"));
            if is_before_any_answer(&received) {
                unanswered.push(told);
            } else if received.is_streamed && is_nonsense {
                nonsense.push(told);
            } else {
                *balance.entry(told).or_default() -= 1;
            }
        }
    }
    let is_told = |balance: &BTreeMap<Told, i64>, told: &Told| {
        balance.get(told).is_some_and(|n_lines| 0 < *n_lines)
    };
    for told in nonsense {
        // The page calls such a stream off, unless all of it had come by then.
        let (origin, path, n_bytes, _) = told.clone();
        let told = if is_told(&balance, &told) { told } else { (origin, path, n_bytes, None) };
        *balance.entry(told).or_default() -= 1;
    }
    for told in unanswered {
        // The page sees no more than one request where the browser asks again by itself.
        if is_told(&balance, &told) {
            *balance.entry(told).or_default() -= 1;
        }
    }
    balance.retain(|_, n| *n != 0);
    ensure(
        balance.is_empty(),
        &format!("more (or, below 0, less) told by the page than by the providers: {balance:#?}"),
    )
}

/// Reads a line of the ledger's CSV.
fn told_by_the_page(line: &str) -> Result<Told> {
    let mut cells = vec![String::new()];
    let mut is_quoted = false;
    for c in line.chars() {
        match c {
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => cells.push(String::new()),
            c => cells.last_mut().into_iter().for_each(|cell| cell.push(c)),
        }
    }
    let [_, _, _, host, _, path, _, _, bytes_out, bytes_in, end, _] =
        <[String; 12]>::try_from(cells)
            .map_err(|cells| Error::new(format!("columns: {cells:?}")))?;
    let number =
        |text: &str| text.parse::<u64>().map_err(|error| Error::new(format!("{error} in {line}")));
    let status = end.strip_prefix("HTTP ").and_then(|status| status.parse::<u16>().ok());
    let end = match status {
        Some(status) => Some((status, number(&bytes_in)?)),
        None => None,
    };
    Ok((host, path, number(&bytes_out)?, end))
}
