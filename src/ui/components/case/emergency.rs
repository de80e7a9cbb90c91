//! Owns the words that stand before everything else where a text suggests an emergency.

use leptos::prelude::*;

use crate::people::case::emergency::{Found, Sign, Tongue, signs};

/// Says to call for help now, where the text suggests it.
#[component]
pub(crate) fn Emergency(#[prop(into)] text: Signal<String>) -> impl IntoView {
    let found = Memo::new(move |_| text.with(|text| signs(text)));
    // The region is there from the start, so that what comes into it is read out at once.
    view! {
        <div role="alert">
            {move || {
                let found = found.get();
                (!found.is_empty()).then(|| banner(&found))
            }}
        </div>
    }
}

fn banner(found: &[Found]) -> impl IntoView + use<> {
    let named = |tongue: Tongue, joint: &str| {
        let names: Vec<&str> = found.iter().map(|found| found.sign.name(tongue)).collect();
        names.join(joint)
    };
    let english = format!("What you wrote may tell of {}.", named(Tongue::English, ", or of "));
    let is_spanish = found.iter().any(|found| found.tongue == Tongue::Spanish);
    let spanish = format!("Lo que ha escrito puede indicar {}.", named(Tongue::Spanish, " o "));
    let is_suicide = found.iter().any(|found| found.sign == Sign::Suicide);
    view! {
        <section class="notice notice--bad" id="case-emergency" aria-labelledby="emergency-heading">
            <h2 id="emergency-heading">"If this is happening now, call your emergency number now"</h2>
            <p><strong>"112 in Europe, 911 in the United States and Canada, 999 in the United Kingdom."</strong>" Do not wait for an answer here."</p>
            {is_suicide.then(|| view! {
                <p>"If you think of ending your life, you can talk to somebody at any hour: call or text 988 in the United States and Canada, call 116 123 in the United Kingdom and Ireland, 024 in Spain."</p>
            })}
            <p>{english}" This page examines models. It gives no advice, and what models answer can be wrong."</p>
            {is_spanish.then(|| view! {
                <div lang="es">
                    <p><strong>"Si está ocurriendo ahora, llame ya a su número de emergencias: 112 en Europa, 911 en muchos países de América."</strong></p>
                    <p>{spanish}" Esta página examina modelos y no da consejos. No espere una respuesta aquí."</p>
                </div>
            })}
            <p class="quiet">"The page goes by words and warns rather too often. If nobody is in danger, you may go on."</p>
        </section>
    }
}
