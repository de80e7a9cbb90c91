//! Owns reading QR codes by camera, where the browser itself can read them (`BarcodeDetector`).

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::clock;
use super::error::Error;

/// How often a picture is looked at.
const LOOK_MILLIS: u32 = 300;

/// Whether this browser reads QR codes and lets the page ask for the camera.
pub fn can_scan() -> bool {
    detector_class().is_some() && devices().is_some()
}

fn detector_class() -> Option<Function> {
    let window = web_sys::window()?;
    Reflect::get(&window, &"BarcodeDetector".into()).ok()?.dyn_into().ok()
}

fn devices() -> Option<JsValue> {
    let navigator = web_sys::window()?.navigator();
    Reflect::get(&navigator, &"mediaDevices".into()).ok().filter(JsValue::is_object)
}

fn object(fields: &[(&str, JsValue)]) -> Result<Object, Error> {
    let object = Object::new();
    for (name, value) in fields {
        Reflect::set(&object, &(*name).into(), value)?;
    }
    Ok(object)
}

async fn call(of: &JsValue, name: &str, argument: &JsValue) -> Result<JsValue, Error> {
    let function: Function = Reflect::get(of, &name.into())?.dyn_into()?;
    let promise: Promise = function.call1(of, argument)?.dyn_into()?;
    Ok(JsFuture::from(promise).await?)
}

/// A camera that is on. Dropping it switches it off.
pub struct Camera {
    stream: JsValue,
    video: JsValue,
    detector: JsValue,
}

impl Camera {
    /// Asks for the camera and shows its picture in the `video` element with this selector.
    pub async fn open(selector: &str) -> Result<Self, Error> {
        let (Some(class), Some(devices)) = (detector_class(), devices()) else {
            return Err(Error::Refused("This browser cannot read QR codes.".to_owned()));
        };
        let wanted = object(&[("facingMode", "environment".into())])?;
        let wanted = object(&[("video", wanted.into()), ("audio", JsValue::FALSE)])?;
        let stream = call(&devices, "getUserMedia", &wanted).await?;
        let video = super::page::document()
            .and_then(|document| document.query_selector(selector).ok().flatten())
            .ok_or_else(|| Error::Other("no place for the picture".to_owned()))?;
        let formats = object(&[("formats", Array::of1(&"qr_code".into()).into())])?;
        let detector = Reflect::construct(&class, &Array::of1(&formats))?;
        Reflect::set(&video, &"srcObject".into(), &stream)?;
        let camera = Self { stream, video: video.into(), detector };
        let play: Function = Reflect::get(&camera.video, &"play".into())?.dyn_into()?;
        if let Ok(promise) = play.call0(&camera.video)?.dyn_into::<Promise>() {
            JsFuture::from(promise).await?;
        }
        Ok(camera)
    }

    /// The texts of the QR codes in the next picture; often none.
    pub async fn look(&self) -> Result<Vec<String>, Error> {
        clock::sleep(LOOK_MILLIS).await;
        let found: Array = call(&self.detector, "detect", &self.video).await?.dyn_into()?;
        let text = |code: JsValue| Reflect::get(&code, &"rawValue".into()).ok()?.as_string();
        Ok(found.iter().filter_map(text).collect())
    }
}

impl Drop for Camera {
    fn drop(&mut self) {
        let tracks = || -> Option<Array> {
            let get: Function =
                Reflect::get(&self.stream, &"getTracks".into()).ok()?.dyn_into().ok()?;
            get.call0(&self.stream).ok()?.dyn_into().ok()
        };
        for track in tracks().unwrap_or_default() {
            if let Ok(stop) =
                Reflect::get(&track, &"stop".into()).and_then(JsCast::dyn_into::<Function>)
            {
                let _ = stop.call0(&track);
            }
        }
        let _ = Reflect::set(&self.video, &"srcObject".into(), &JsValue::NULL);
    }
}
