//! Owns the teacher's page: classes that are kept, making one, and one of them.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::{Deserialize, Serialize};

use crate::browser::{Error, clock, page};
use crate::dataset::Item;
use crate::people::class::Classroom;
use crate::report::link::Route;
use crate::ui::components::class::making::Making;
use crate::ui::components::class::room::{Room, kept_name};
use crate::ui::components::exam::kept::{keep, kept};
use crate::ui::state::State;

/// The name under which the list of classes is kept.
const LIST: &str = "classes";

/// A class in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Listed {
    id: String,
    title: String,
    made_millis: u64,
}

#[component]
pub(crate) fn ClassPage() -> impl IntoView {
    let state = State::get();
    let id = Memo::new(move |_| {
        state.route.with(|route| match route {
            Route::Class(id) => id.clone(),
            _ => None,
        })
    });
    move || match id.get() {
        Some(id) => view! { <OneClass id=id/> }.into_any(),
        None => view! { <AllClasses/> }.into_any(),
    }
}

#[component]
fn AllClasses() -> impl IntoView {
    let list = RwSignal::new(Vec::<Listed>::new());
    let error = RwSignal::new(None::<String>);
    let to_delete = RwSignal::new(None::<String>);
    spawn_local(async move {
        match kept::<Vec<Listed>>(LIST).await {
            Ok(found) => list.set(found.unwrap_or_default()),
            Err(failed) => error.set(Some(failed.to_string())),
        }
    });
    let on_made = Callback::new(move |class: Classroom| {
        spawn_local(async move {
            match add(&class).await {
                Ok(id) => page::go_to(&Route::Class(Some(id)).fragment()),
                Err(failed) => {
                    error.try_set(Some(failed.to_string()));
                }
            }
        });
    });
    let delete = move |id: String| {
        spawn_local(async move {
            match remove(&id).await {
                Ok(left) => {
                    list.try_set(left);
                }
                Err(failed) => {
                    error.try_set(Some(failed.to_string()));
                }
            }
            to_delete.try_set(None);
        });
    };
    view! {
        {move || error.get().map(|error| view! { <p class="notice notice--bad" role="alert">{error}</p> })}
        {move || (!list.with(Vec::is_empty)).then(|| view! {
            <section aria-labelledby="classes-heading">
                <h2 id="classes-heading">"Your classes"</h2>
                <ul class="plain-list">
                    {list.get().into_iter().map(|class| {
                        let href = format!("#{}", Route::Class(Some(class.id.clone())).fragment());
                        let when = clock::local_date_time(class.made_millis);
                        let label = format!("Delete {} of {when}", class.title);
                        let id = StoredValue::new(class.id);
                        view! {
                            <li>
                                <div class="row">
                                    <a class="button" href=href>{format!("{} ({when})", class.title)}</a>
                                    {move || if to_delete.get() == Some(id.get_value()) {
                                        view! {
                                            <span>"Delete it with its key and all codes for good?"</span>
                                            <button class="button" on:click=move |_| delete(id.get_value())>"Yes, delete"</button>
                                            <button class="button button--quiet" on:click=move |_| to_delete.set(None)>"Keep it"</button>
                                        }.into_any()
                                    } else {
                                        view! { <button class="button button--quiet" aria-label=label.clone() on:click=move |_| to_delete.set(Some(id.get_value()))>"Delete …"</button> }.into_any()
                                    }}
                                </div>
                            </li>
                        }
                    }).collect_view()}
                </ul>
            </section>
        })}
        <Making on_made=on_made/>
    }
}

/// Keeps a new class, in front of the others.
async fn add(class: &Classroom) -> Result<String, Error> {
    let id = class.paper.name();
    keep(&kept_name(&id), class).await?;
    let mut list: Vec<Listed> = kept(LIST).await?.unwrap_or_default();
    let title = class.paper.title.clone();
    list.insert(0, Listed { id: id.clone(), title, made_millis: class.made_millis });
    keep(LIST, &list).await?;
    Ok(id)
}

async fn remove(id: &str) -> Result<Vec<Listed>, Error> {
    let mut list: Vec<Listed> = kept(LIST).await?.unwrap_or_default();
    list.retain(|class| class.id != id);
    keep(LIST, &list).await?;
    keep(&kept_name(id), &None::<Classroom>).await?;
    Ok(list)
}

/// A class with its questions, or why there is none.
type Found = Result<(Arc<Classroom>, Arc<Vec<Item>>), String>;

#[component]
fn OneClass(id: String) -> impl IntoView {
    let found = RwSignal::new(None::<Found>);
    spawn_local(async move {
        let class = kept::<Option<Classroom>>(&kept_name(&id)).await;
        found.try_set(Some(match class.map(Option::flatten) {
            Ok(Some(class)) => class
                .items()
                .map(|items| (Arc::new(class), Arc::new(items)))
                .map_err(|invalid| invalid.to_string()),
            Ok(None) => Err("This browser does not hold that class. It is kept only in the browser in which it was made.".to_owned()),
            Err(failed) => Err(failed.to_string()),
        }));
    });
    view! {
        <p class="no-print"><a href="#/class">"All classes"</a></p>
        {move || match found.get() {
            None => view! { <p role="status">"Opening the class …"</p> }.into_any(),
            Some(Err(reason)) => view! { <p class="notice notice--bad" role="alert">{reason}</p> }.into_any(),
            Some(Ok((class, items))) => view! { <Room class=class items=items/> }.into_any(),
        }}
    }
}
