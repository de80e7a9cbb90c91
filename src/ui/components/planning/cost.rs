//! Owns what a run will cost, told before it starts, and the budget that it must keep to.

use leptos::prelude::*;

use super::form::Form;
use crate::provider::price_table::QuoteSource;
use crate::provider::{ModelSpec, Seat};
use crate::run::Plan;
use crate::run::cost::{Estimate, Part, estimate};
use crate::run::draft::Missing;
use crate::ui::components::field::DecimalField;
use crate::ui::components::prices::quote_view;
use crate::ui::state::State;
use crate::ui::words;

/// One model's line of the table.
#[derive(Debug, Clone, PartialEq)]
struct Line {
    spec: ModelSpec,
    part: Part,
    is_judge: bool,
}

impl Line {
    fn name(&self) -> String {
        if self.is_judge { format!("{} (judge)", self.spec.name) } else { self.spec.name.clone() }
    }
}

/// What the table shows: models and judges that are asked by calls, and the sum.
#[derive(Debug, Clone, PartialEq)]
struct Bill {
    lines: Vec<Line>,
    total: Part,
}

impl Bill {
    fn of(plan: &Plan) -> Self {
        let Estimate { models, judges, total } = estimate(plan);
        // Models whose answers are those of an earlier run cost nothing more.
        let n_asked = if plan.graded_run().is_some() { 0 } else { plan.models.len() };
        let line = |is_judge| {
            move |(spec, part): (&ModelSpec, Part)| Line { spec: spec.clone(), part, is_judge }
        };
        let models = plan.models.iter().zip(models).take(n_asked).map(line(false));
        let judges = plan.judges().iter().zip(judges).map(line(true));
        let lines = models.chain(judges).filter(|line| matches!(line.spec.seat, Seat::Api(_)));
        Self { lines: lines.collect(), total }
    }
}

#[component]
pub(in crate::ui) fn Cost(plan: Memo<Result<Plan, Missing>>, form: Form) -> impl IntoView {
    let bill = Memo::new(move |_| plan.with(|plan| plan.as_ref().ok().map(Bill::of)));
    let has_calls =
        move || bill.with(|bill| bill.as_ref().is_some_and(|bill| !bill.lines.is_empty()));
    view! {
        <section aria-labelledby="cost-heading">
            <h2 id="cost-heading">"What it will cost"</h2>
            <Show when=has_calls fallback=|| view! { <p>"Nothing: no calls leave this page."</p> }>
                {move || bill.get().map(|bill| view! { <Table bill=bill/> })}
                <Budget bill=bill form=form/>
            </Show>
        </section>
    }
}

#[component]
fn Table(bill: Bill) -> impl IntoView {
    let has_sum = 1 < bill.lines.len();
    let specs: Vec<(String, ModelSpec)> =
        bill.lines.iter().map(|line| (line.name(), line.spec.clone())).collect();
    let has_judges = bill.lines.iter().any(|line| line.is_judge);
    view! {
        <div class="scroll-x" tabindex="0" role="region" aria-label="Cost before the run">
            <table id="cost">
                <thead>
                    <tr>
                        <th scope="col">"Model"</th>
                        <th scope="col" class="number">"Calls"</th>
                        <th scope="col" class="number">"Tokens sent"</th>
                        <th scope="col" class="number">"Tokens received"</th>
                        <th scope="col" class="number">"Cost"</th>
                    </tr>
                </thead>
                <tbody>
                    {bill.lines.into_iter().map(|line| view! {
                        <tr><th scope="row">{line.name()}</th>{figures(&line.part)}</tr>
                    }).collect_view()}
                </tbody>
                {has_sum.then(|| view! { <tfoot><tr><th scope="row">"Together"</th>{figures(&bill.total)}</tr></tfoot> })}
            </table>
        </div>
        <p class="quiet">
            "Ranges, since nobody can count an answer’s tokens before it is written. Calls that have to be repeated come on top. Your provider’s bill is what counts."
            {has_judges.then_some(" Judges: as if every answer came and each reply could be read at the first try; how long answers will be is assumed.")}
        </p>
        <ul class="quiet plain-options">
            {specs.into_iter().map(|(name, spec)| view! { <PriceOf name=name spec=spec/> }).collect_view()}
        </ul>
    }
}

/// What one model's price is, and who says so.
#[component]
fn PriceOf(name: String, spec: ModelSpec) -> impl IntoView {
    let state = State::get();
    let price = move || {
        let quote = spec.seat.endpoint().and_then(|endpoint| state.quote(endpoint));
        let told = words::price(spec.price);
        match (quote, spec.price) {
            (Some(quote), _) if quote.source == QuoteSource::ThisMachine => quote_view(quote),
            (Some(quote), Some(price)) if quote.price == price => {
                view! { {told}" "{quote_view(quote)} }.into_any()
            }
            (_, Some(_)) => format!("{told} As you typed it.").into_any(),
            (_, None) => "price not known. Change the model to type it.".into_any(),
        }
    };
    view! { <li><strong>{name}</strong>": "{price}</li> }
}

fn figures(part: &Part) -> impl IntoView + use<> {
    let tokens = |low: u64, high: u64| words::range(words::rounded(low), words::rounded(high));
    let money = part.money.map_or("not known".to_owned(), |money| {
        words::range(money.low.to_string(), money.high.to_string())
    });
    view! {
        <td class="number">{words::count(usize::try_from(part.n_calls).unwrap_or(usize::MAX))}</td>
        <td class="number">{tokens(part.input_tokens.low, part.input_tokens.high)}</td>
        <td class="number">{tokens(part.output_tokens.low, part.output_tokens.high)}</td>
        <td class="number">{money}</td>
    }
}

#[component]
fn Budget(bill: Memo<Option<Bill>>, form: Form) -> impl IntoView {
    let hint = Signal::derive(move || {
        match form.budget() {
        Err(error) => error.to_string(),
        Ok(_) => "The run stops before the call that could exceed it. You can raise it and go on. Empty: no limit.".to_owned(),
    }
    });
    view! {
        <DecimalField label="Budget, in US dollars" id="budget" value=form.budget hint=hint/>
        <div role="status">{move || bill.with(|bill| bill.as_ref().map(|bill| warnings(bill, form)))}</div>
    }
}

/// What the person should know about this budget before the start.
fn warnings(bill: &Bill, form: Form) -> AnyView {
    let Ok(Some(budget)) = form.budget() else { return ().into_any() };
    let mut warnings = vec![];
    let unknown: Vec<&str> = bill
        .lines
        .iter()
        .filter(|line| line.spec.price.is_none())
        .map(|line| line.spec.name.as_str())
        .collect();
    if !unknown.is_empty() {
        warnings.push(format!(
            "With a budget, these are not asked, since their price is not known: {}.",
            unknown.join(", ")
        ));
    }
    if let Some(ceiling) = bill.total.ceiling.filter(|ceiling| budget < *ceiling) {
        warnings.push(format!(
            "Before each call, the page sets aside the most that it could cost; for the whole run that would be {ceiling}. So the run may wait for answers before it asks on, or stop early."
        ));
        if form.max_output_tokens.get().is_none() {
            warnings.push(
                "Set the longest answer under “More settings”: without it, the page must reckon with 128,000 tokens for each.".to_owned(),
            );
        }
    }
    warnings
        .into_iter()
        .map(|warning| view! { <p class="notice notice--warn">{warning}</p> })
        .collect_view()
        .into_any()
}
