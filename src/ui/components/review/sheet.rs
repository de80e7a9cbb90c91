//! Owns one task of a review: question and answers, what is asked of them, and the keys that answer it.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use super::rating::SheetSignal;
use crate::browser::{clock, page};
use crate::people::review::file::Answer;
use crate::people::review::scale::{Dimension, Flag};
use crate::people::review::{Mode, Preference, Rating, ReviewFile};
use crate::ui::components::prose::Prose;

/// One thing that is asked of a task.
#[derive(Debug, Clone, PartialEq)]
enum Asked {
    Dimension(Dimension),
    Flag(Flag),
    Preference,
}

/// What the views of a task work with.
#[derive(Clone, Copy)]
struct Desk {
    signal: SheetSignal,
    file: StoredValue<ReviewFile>,
    asked: StoredValue<Vec<Asked>>,
    /// The task that is shown.
    task: RwSignal<usize>,
    /// What of it the keys answer.
    step: RwSignal<usize>,
    /// Said to the person.
    told: RwSignal<&'static str>,
}

impl Desk {
    fn codes(self, task: usize) -> Vec<String> {
        self.file.with_value(|file| file.tasks.get(task).cloned().unwrap_or_default())
    }

    /// What was said of the task that is shown.
    fn rating(self) -> Rating {
        let codes = self.codes(self.task.get());
        self.signal.sheet.with(|sheet| {
            let said = sheet.as_ref().and_then(|sheet| sheet.ratings.of(&codes).cloned());
            said.unwrap_or(Rating { answers: codes, ..Rating::default() })
        })
    }

    fn change(self, change: impl FnOnce(&mut Rating)) {
        let mut rating = untrack(|| self.rating());
        change(&mut rating);
        rating.at_millis = clock::now_millis();
        self.signal.change(|ratings| ratings.put(rating));
        self.told.set("");
    }

    fn n_tasks(self) -> usize {
        self.file.with_value(|file| file.tasks.len())
    }

    fn is_complete(self) -> bool {
        let rating = self.rating();
        self.file.with_value(|file| file.is_complete(&rating))
    }

    fn go(self, task: usize) {
        self.step.set(0);
        self.told.set("");
        self.task.set(task);
        request_animation_frame(|| page::focus("#review-task"));
    }

    /// To the next task, if this one is rated wholly.
    fn next(self) {
        if !untrack(|| self.is_complete()) {
            self.told.set("Something is not answered yet. If you cannot judge it, say so.");
        } else if self.task.get_untracked() + 1 < self.n_tasks() {
            self.go(self.task.get_untracked() + 1);
        } else {
            self.told.set("That was the last one. Save your ratings below.");
        }
    }

    fn back(self) {
        if let Some(before) = self.task.get_untracked().checked_sub(1) {
            self.go(before);
        }
    }

    /// Answers what the keys stand at, and goes on to what is asked next.
    fn press(self, key: &str) -> bool {
        let step = self.step.get_untracked();
        let asked = self.asked.with_value(|asked| asked.get(step).cloned());
        let number = key.parse::<u8>().ok();
        match (asked, number, key) {
            (Some(Asked::Dimension(of)), Some(score), _) => {
                if !(1..=of.anchors.len()).contains(&usize::from(score)) {
                    return false;
                }
                self.change(|rating| {
                    let _ = rating.scores.insert(of.id, score);
                });
            }
            (Some(Asked::Flag(of)), _, "y" | "n") => {
                self.change(|rating| {
                    let _ = rating.flags.insert(of.id, key == "y");
                });
            }
            (Some(Asked::Preference), Some(number @ 1..=3), _) => {
                let preferred = match number {
                    1 => Preference::Left,
                    2 => Preference::Right,
                    _ => Preference::Neither,
                };
                self.change(|rating| rating.preferred = Some(preferred));
            }
            (_, _, "c") => self.change(|rating| rating.cannot_judge = !rating.cannot_judge),
            (_, _, "u") => {
                self.step.set(step.saturating_sub(1));
                return true;
            }
            (_, _, "b") => {
                self.back();
                return true;
            }
            (_, _, "Enter") => {
                self.next();
                return true;
            }
            _ => return false,
        }
        if key != "c" && step < self.asked.with_value(Vec::len) {
            self.step.set(step + 1);
        }
        true
    }
}

#[component]
pub(super) fn SheetView(signal: SheetSignal) -> impl IntoView {
    let Some(sheet) = signal.sheet.get_untracked() else { return ().into_any() };
    let file = sheet.file;
    let is_done =
        |task: &Vec<String>| sheet.ratings.of(task).is_some_and(|rating| file.is_complete(rating));
    // Where the reviewer left off.
    let first = file.tasks.iter().position(|task| !is_done(task)).unwrap_or(0);
    let asked: Vec<Asked> = match file.mode {
        Mode::Pairs => vec![Asked::Preference],
        Mode::Single => {
            let flags = file.scale.flags.iter().cloned().map(Asked::Flag);
            file.scale.dimensions.iter().cloned().map(Asked::Dimension).chain(flags).collect()
        }
    };
    let title = file.title.clone();
    let desk = Desk {
        signal,
        file: StoredValue::new(file),
        asked: StoredValue::new(asked),
        task: RwSignal::new(first),
        step: RwSignal::new(0),
        told: RwSignal::new(""),
    };
    let on_key = move |event: KeyboardEvent| {
        let is_shortcut = event.ctrl_key() || event.alt_key() || event.meta_key();
        if !is_shortcut && desk.press(&event.key()) {
            event.prevent_default();
        }
    };
    let progress = move || signal.progress();
    request_animation_frame(|| page::focus("#review-task"));
    view! {
        <p class="lead">{title}</p>
        <p>
            <progress class="bar" max=move || progress().1.to_string() value=move || progress().0.to_string()
                aria-label="Rated so far"></progress>
        </p>
        <section aria-labelledby="review-task" on:keydown=on_key>
            {move || {
                let task = desk.task.get();
                view! { <Task desk=desk task=task/> }
            }}
        </section>
    }
    .into_any()
}

#[component]
fn Task(desk: Desk, task: usize) -> impl IntoView {
    let (question, answers, is_pair) = desk.file.with_value(|file| {
        let question = file.question(task).map(|question| question.text.clone());
        let codes = file.tasks.get(task).cloned().unwrap_or_default();
        let answers: Vec<Answer> =
            codes.iter().filter_map(|code| file.answer(code).cloned()).collect();
        (question.unwrap_or_default(), answers, file.mode == Mode::Pairs)
    });
    let names: [&'static str; 2] = if is_pair { ["Answer 1", "Answer 2"] } else { ["Answer", ""] };
    let n = desk.n_tasks();
    view! {
        <h2 id="review-task" tabindex="-1">{format!("{} of {n}", task + 1)}</h2>
        <h3>"Question"</h3>
        <p class="question" dir="auto">{question}</p>
        <div class:review-pair=is_pair>
            {answers.into_iter().zip(names).map(|(answer, name)| view! {
                <div>
                    <h3>{name}</h3>
                    <div class="review-answer answer--read" dir="auto" data-code=answer.code.clone()><Prose text=[String::new(), String::new(), answer.text]/></div>
                </div>
            }).collect_view()}
        </div>
        <p class="quiet">
            {if is_pair {
                "Keys: 1 and 2 choose an answer, 3 neither; c says that you cannot judge; Enter goes on, b goes back."
            } else {
                "Keys: numbers rate what is marked, y and n answer yes and no, u goes one up; c says that you cannot judge; Enter goes on, b goes back."
            }}
        </p>
        {desk.asked.with_value(Clone::clone).into_iter().enumerate().map(|(idx, asked)| view! {
            <Step desk=desk idx=idx asked=asked/>
        }).collect_view()}
        <Remarks desk=desk/>
    }
}

/// One thing that is asked, with its possible answers.
#[component]
fn Step(desk: Desk, idx: usize, asked: Asked) -> impl IntoView {
    let is_here = move || desk.step.get() == idx;
    let (legend, options): (String, Vec<(String, String)>) = match &asked {
        Asked::Dimension(of) => {
            let anchors = of.anchors.iter().enumerate();
            let options = anchors
                .map(|(idx, anchor)| ((idx + 1).to_string(), format!("{} – {anchor}", idx + 1)));
            (of.name.clone(), options.collect())
        }
        Asked::Flag(of) => {
            let options = [("y", "Yes"), ("n", "No")];
            (
                of.question.clone(),
                options.map(|(value, name)| (value.to_owned(), name.to_owned())).to_vec(),
            )
        }
        Asked::Preference => {
            let options = [("1", "Answer 1"), ("2", "Answer 2"), ("3", "Neither is better")];
            (
                "Which answer is better?".to_owned(),
                options.map(|(value, name)| (value.to_owned(), name.to_owned())).to_vec(),
            )
        }
    };
    let value = Memo::new(move |_| {
        let rating = desk.rating();
        match &asked {
            Asked::Dimension(of) => rating.scores.get(&of.id).map(u8::to_string),
            Asked::Flag(of) => {
                rating.flags.get(&of.id).map(|is| if *is { "y" } else { "n" }.to_owned())
            }
            Asked::Preference => rating.preferred.map(|preferred| match preferred {
                Preference::Left => "1".to_owned(),
                Preference::Right => "2".to_owned(),
                Preference::Neither => "3".to_owned(),
            }),
        }
        .unwrap_or_default()
    });
    let name = format!("step-{idx}");
    view! {
        <fieldset class="review-step" class:review-step--here=is_here aria-current=move || is_here().then_some("step")>
            <legend>{legend}</legend>
            {options.into_iter().map(|(key, text)| {
                let (mine, pressed) = (key.clone(), key);
                view! {
                    <label class="tick">
                        <input type="radio" name=name.clone()
                            prop:checked=move || value.with(|value| *value == mine)
                            on:change=move |_| {
                                desk.step.set(idx);
                                desk.press(&pressed);
                            }/>
                        <span>{text}</span>
                    </label>
                }
            }).collect_view()}
        </fieldset>
    }
}

#[component]
fn Remarks(desk: Desk) -> impl IntoView {
    let comment = Memo::new(move |_| desk.rating().comment);
    let cannot = Memo::new(move |_| desk.rating().cannot_judge);
    let is_first = move || desk.task.get() == 0;
    view! {
        <label class="tick">
            <input type="checkbox" id="cannot-judge" prop:checked=cannot
                on:change=move |event| {
                    let is = event_target_checked(&event);
                    desk.change(|rating| rating.cannot_judge = is);
                }/>
            <span>"I cannot judge this"</span>
        </label>
        <div class="field">
            <label class="field__label" for="review-comment">"Comment, if you like"</label>
            <textarea id="review-comment" rows="3" maxlength="4000" prop:value=move || comment.get()
                on:keydown=|event| event.stop_propagation()
                on:input=move |event| {
                    let text = event_target_value(&event);
                    desk.change(|rating| rating.comment = text);
                }></textarea>
        </div>
        <p role="status" class="review-told">{move || desk.told.get()}</p>
        <div class="row">
            <button class="button" disabled=is_first on:keydown=|event| event.stop_propagation() on:click=move |_| desk.back()>"Back"</button>
            <button class="button button--main" on:keydown=|event| event.stop_propagation() on:click=move |_| desk.next()>"Next"</button>
        </div>
    }
}
