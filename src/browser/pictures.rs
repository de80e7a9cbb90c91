//! Owns pictures as files: their rules with the colours of the light theme, and the drawing of an SVG as a PNG.

use std::fmt::Write;

use js_sys::{Array, Promise};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, BlobPropertyBag, CanvasRenderingContext2d, Element, HtmlCanvasElement, HtmlImageElement,
    Url,
};

use super::error::Error;
use super::{files, page};

const SVG: &str = "http://www.w3.org/2000/svg";
/// What a file must say of a look; the page's own sheets say it with variables, which other programs do not know.
const PROPERTIES: [&str; 12] = [
    "fill",
    "fill-opacity",
    "stroke",
    "stroke-width",
    "stroke-opacity",
    "stroke-dasharray",
    "stroke-linecap",
    "stroke-linejoin",
    "paint-order",
    "font-size",
    "font-weight",
    "font-family",
];
/// Pixels for each unit of a picture.
const SCALE: f64 = 3.0;
/// Browsers draw no canvas with a side beyond this.
const MAX_SIDE: f64 = 8_000.0;

/// The rules of these classes, each such as `chart__mark chart__mark--clinical`, as the light theme has them.
pub fn flat_rules(classes: &[String]) -> Result<String, Error> {
    with_light(|light| {
        let document = page::document().ok_or_else(missing)?;
        let window = web_sys::window().ok_or_else(missing)?;
        let picture = document.create_element_ns(Some(SVG), "svg")?;
        picture.set_attribute("class", "chart")?;
        light.append_child(&picture)?;
        let mut rules = String::new();
        for class in classes {
            let sample = document.create_element_ns(Some(SVG), "text")?;
            sample.set_attribute("class", class)?;
            picture.append_child(&sample)?;
            let Some(style) = window.get_computed_style(&sample)? else { continue };
            let _ = write!(rules, ".{}{{", class.replace(' ', "."));
            for property in PROPERTIES {
                let value = style.get_property_value(property)?;
                if !value.is_empty() {
                    let _ = write!(rules, "{property}:{value};");
                }
            }
            rules.push_str("}\n");
        }
        Ok(rules)
    })
}

/// Draws a picture of this size, given as a whole SVG file, and hands it to the person as a PNG.
pub async fn save_png(name: &str, svg: &str, (width, height): (f64, f64)) -> Result<(), Error> {
    let bag = BlobPropertyBag::new();
    bag.set_type("image/svg+xml");
    let parts = Array::of1(&JsValue::from_str(svg));
    let url =
        Url::create_object_url_with_blob(&Blob::new_with_str_sequence_and_options(&parts, &bag)?)?;
    let drawn = draw(&url, (width, height)).await;
    let _ = Url::revoke_object_url(&url);
    files::save_blob(name, &drawn?)
}

async fn draw(url: &str, (width, height): (f64, f64)) -> Result<Blob, Error> {
    let image = HtmlImageElement::new()?;
    image.set_src(url);
    JsFuture::from(image.decode()).await?;
    let scale = SCALE.min(MAX_SIDE / width.max(height).max(1.0));
    let (width, height) = ((width * scale).ceil(), (height * scale).ceil());
    let document = page::document().ok_or_else(missing)?;
    let canvas: HtmlCanvasElement = document.create_element("canvas")?.unchecked_into();
    canvas.set_width(pixels(width));
    canvas.set_height(pixels(height));
    let context: CanvasRenderingContext2d =
        canvas.get_context("2d")?.ok_or_else(missing)?.unchecked_into();
    context.set_fill_style_str(&paper()?);
    context.fill_rect(0.0, 0.0, width, height);
    context.draw_image_with_html_image_element_and_dw_and_dh(&image, 0.0, 0.0, width, height)?;
    let made = Promise::new(&mut |resolve, _| {
        let done = Closure::once_into_js(move |blob: JsValue| {
            let _ = resolve.call1(&JsValue::NULL, &blob);
        });
        let _ = canvas.to_blob(done.unchecked_ref());
    });
    JsFuture::from(made).await?.dyn_into().map_err(|_none| missing())
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "1 to MAX_SIDE")]
fn pixels(length: f64) -> u32 {
    length.clamp(1.0, MAX_SIDE) as u32
}

/// The colour of paper in the light theme.
fn paper() -> Result<String, Error> {
    with_light(|light| {
        let style = web_sys::window().ok_or_else(missing)?.get_computed_style(light)?;
        Ok(style.ok_or_else(missing)?.get_property_value("background-color")?)
    })
}

/// Asks something of an element that has the light theme, whatever the page has.
fn with_light<T>(ask: impl FnOnce(&Element) -> Result<T, Error>) -> Result<T, Error> {
    let document = page::document().ok_or_else(missing)?;
    let light = document.create_element("div")?;
    light.set_class_name("always-light visually-hidden");
    document.body().ok_or_else(missing)?.append_child(&light)?;
    let told = ask(&light);
    light.remove();
    told
}

fn missing() -> Error {
    Error::Other("the browser draws no pictures".to_owned())
}
