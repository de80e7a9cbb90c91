//! Owns the form of the vault: remembering keys under a passphrase, unlocking, locking, and another passphrase.

use std::future::Future;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::vault::{self, VaultError, VaultState};
use crate::browser::{clock, crypto};
use crate::ui::components::field::{NumberField, TextField};
use crate::ui::pages::ledger::Clear;

#[derive(Clone, Copy)]
struct Form {
    /// None until the store was asked.
    stands: RwSignal<Option<VaultState>>,
    passphrase: RwSignal<String>,
    new: RwSignal<String>,
    again: RwSignal<String>,
    lock_minutes: RwSignal<u32>,
    is_busy: RwSignal<bool>,
    error: RwSignal<Option<String>>,
    said: RwSignal<&'static str>,
}

impl Form {
    fn new() -> Self {
        Self {
            stands: RwSignal::new(None),
            passphrase: RwSignal::new(String::new()),
            new: RwSignal::new(String::new()),
            again: RwSignal::new(String::new()),
            lock_minutes: RwSignal::new(vault::DEFAULT_LOCK_MINUTES),
            is_busy: RwSignal::new(false),
            error: RwSignal::new(None),
            said: RwSignal::new(""),
        }
    }

    fn look(self) {
        spawn_local(async move {
            self.lock_minutes.set(vault::lock_minutes().await);
            match vault::state().await {
                Ok(state) => self.stands.set(Some(state)),
                Err(refused) => self.error.set(Some(refused.to_string())),
            }
        });
    }

    /// Takes the passphrases out of their fields: they stand in the page no longer than they must.
    fn take(self) -> (String, String, String) {
        let take = |field: RwSignal<String>| {
            let text = field.get_untracked();
            field.set(String::new());
            text
        };
        (take(self.passphrase), take(self.new), take(self.again))
    }

    fn act(
        self,
        said: &'static str,
        action: impl Future<Output = Result<(), VaultError>> + 'static,
    ) {
        self.is_busy.set(true);
        self.error.set(None);
        self.said.set("");
        spawn_local(async move {
            match action.await {
                Ok(()) => self.said.set(said),
                Err(refused) => self.error.set(Some(refused.to_string())),
            }
            self.is_busy.set(false);
            self.look();
        });
    }

    fn create(self) {
        let (_, new, again) = self.take();
        self.act("Your keys are remembered from now on, under your passphrase.", async move {
            vault::check_new(&new, &again)?;
            vault::create(&new).await
        });
    }

    fn unlock(self) {
        let (passphrase, ..) = self.take();
        self.act("Unlocked: your keys are in this tab.", async move {
            vault::unlock(&passphrase).await
        });
    }

    fn change(self) {
        let (present, new, again) = self.take();
        self.act("The passphrase was changed.", async move {
            vault::check_new(&new, &again)?;
            vault::change_passphrase(&present, &new).await
        });
    }

    fn lock(self) {
        self.act("Locked: your keys are out of this tab’s memory.", async {
            vault::lock();
            Ok(())
        });
    }
}

#[component]
pub(crate) fn VaultForm() -> impl IntoView {
    let form = Form::new();
    form.look();
    // It may lock itself, or another tab may delete it.
    let watch = clock::every(1_000, move || {
        let stands = form.stands.get_untracked();
        if (stands == Some(VaultState::Open)) != vault::is_open() && !form.is_busy.get_untracked() {
            form.look();
        }
        if let Some(refused) = vault::write_error() {
            form.error.set(Some(refused));
        }
    });
    let watch = StoredValue::new_local(Some(watch));
    on_cleanup(move || watch.set_value(None));
    view! {
        <section class="card" aria-labelledby="vault-heading">
            <h2 id="vault-heading">"Remember my keys"</h2>
            {move || form.error.get().map(|error| view! { <p class="notice notice--bad" role="alert">{error}</p> })}
            <p role="status" class="quiet">{move || if form.is_busy.get() { "A moment: guessing a passphrase is made slow on purpose." } else { form.said.get() }}</p>
            {move || match form.stands.get() {
                None => ().into_any(),
                Some(_) if !crypto::is_available() => view! {
                    <p>"Not possible here: browsers encrypt only for pages over https or on localhost. Keys stay in this tab’s memory and are gone when you close it."</p>
                }.into_any(),
                Some(VaultState::Absent) => absent(form),
                Some(VaultState::Locked) => locked(form),
                Some(VaultState::Open) => opened(form),
            }}
        </section>
    }
}

fn absent(form: Form) -> AnyView {
    view! {
        <p>"Not remembered now: keys are in this tab’s memory only, and gone when you close it. If you use this page often on your own computer, it can keep them encrypted in this browser."</p>
        <ul>
            <li>"Your passphrase is the only way in. It is stored nowhere and cannot be reset; who forgets it enters the keys anew."</li>
            <li>"It protects keys that lie on the disk. It does not protect them from a program or a browser extension that reads this page while it is unlocked."</li>
            <li>"Do not use this on a shared computer."</li>
        </ul>
        <NewPassphrase form=form/>
        <button class="button button--main" disabled=form.is_busy on:click=move |_| form.create()>"Remember my keys"</button>
    }
    .into_any()
}

#[component]
fn NewPassphrase(form: Form) -> impl IntoView {
    let hint = format!(
        "At least {} characters. Four or five words that do not belong together do well; a line from a song does not.",
        vault::MIN_PASSPHRASE_CHARS
    );
    view! {
        <TextField label="New passphrase" id="new-passphrase" kind="password" value=form.new hint=Signal::stored(hint)/>
        <TextField label="The same again" id="new-passphrase-again" kind="password" value=form.again/>
    }
}

fn locked(form: Form) -> AnyView {
    view! {
        <p>"Keys are remembered, and locked. Unlock them to use them in this tab."</p>
        <TextField label="Passphrase" id="passphrase" kind="password" value=form.passphrase/>
        <div class="row">
            <button class="button button--main" disabled=form.is_busy on:click=move |_| form.unlock()>"Unlock"</button>
            <Clear label="Delete the remembered keys …" question="Delete them? Without the passphrase nothing else helps, and you enter the keys anew."
                on_yes=Callback::new(move |()| form.act("Nothing is remembered any more.", vault::stop()))/>
        </div>
    }
    .into_any()
}

fn opened(form: Form) -> AnyView {
    let set_minutes = Callback::new(move |minutes: Option<u64>| {
        let minutes = minutes.and_then(|minutes| u32::try_from(minutes).ok());
        let minutes = minutes.unwrap_or(vault::DEFAULT_LOCK_MINUTES).clamp(1, 24 * 60);
        form.lock_minutes.set(minutes);
        form.act("Set.", async move { Ok(vault::set_lock_minutes(minutes).await?) });
    });
    view! {
        <p>"Unlocked: the keys in this tab are remembered, and so is every key that you enter or forget from now on."</p>
        <NumberField label="Lock after (minutes)" id="lock-minutes" min=1
            value=Signal::derive(move || Some(u64::from(form.lock_minutes.get()))) on_change=set_minutes
            hint=Signal::stored("Without use. A run that is going on is use.".to_owned())/>
        <div class="row">
            <button class="button button--main" disabled=form.is_busy on:click=move |_| form.lock()>"Lock now"</button>
            <Clear label="Stop remembering …" question="Delete what is remembered? The keys stay in this tab until you close it."
                on_yes=Callback::new(move |()| form.act("Nothing is remembered any more.", vault::stop()))/>
        </div>
        <details>
            <summary>"Change the passphrase"</summary>
            <TextField label="Present passphrase" id="passphrase" kind="password" value=form.passphrase/>
            <NewPassphrase form=form/>
            <button class="button" disabled=form.is_busy on:click=move |_| form.change()>"Change the passphrase"</button>
        </details>
    }
    .into_any()
}
