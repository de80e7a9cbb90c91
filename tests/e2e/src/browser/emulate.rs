//! Owns the circumstances of a page: window, colours, paper, motion, network, speed.

use serde_json::json;

use super::Page;
use crate::Result;

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scheme {
    /// What the browser does by itself.
    #[default]
    Unset,
    /// `prefers-color-scheme: light`.
    Light,
    /// `prefers-color-scheme: dark`.
    Dark,
}

/// What media queries see. The default is a screen and no preference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[allow(clippy::struct_excessive_bools, reason = "each is a media feature of its own")]
pub struct Media {
    /// Light or dark.
    pub scheme: Scheme,
    /// Paper instead of a screen.
    pub print: bool,
    /// `prefers-reduced-motion: reduce`.
    pub reduced_motion: bool,
    /// `prefers-contrast: more`.
    pub more_contrast: bool,
    /// `forced-colors: active`.
    pub forced_colors: bool,
}

impl Page {
    /// Gives the page a window of this many CSS pixels.
    pub async fn viewport(&self, width: u32, height: u32) -> Result<()> {
        let params =
            json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.call("Emulation.setDeviceMetricsOverride", params).await.map(drop)
    }

    /// Sets what media queries see, all at once.
    pub async fn media(&self, media: Media) -> Result<()> {
        let scheme = match media.scheme {
            Scheme::Unset => "",
            Scheme::Light => "light",
            Scheme::Dark => "dark",
        };
        let when = |active: bool, value: &'static str| if active { value } else { "" };
        let params = json!({
            "media": when(media.print, "print"),
            "features": [
                {"name": "prefers-color-scheme", "value": scheme},
                {"name": "prefers-reduced-motion", "value": when(media.reduced_motion, "reduce")},
                {"name": "prefers-contrast", "value": when(media.more_contrast, "more")},
                {"name": "forced-colors", "value": when(media.forced_colors, "active")},
            ],
        });
        self.call("Emulation.setEmulatedMedia", params).await.map(drop)
    }

    /// Cuts the page off the network, or connects it again.
    pub async fn offline(&self, offline: bool) -> Result<()> {
        let params = json!({
            "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1,
        });
        self.call("Network.emulateNetworkConditions", params).await.map(drop)
    }

    /// Makes the page's scripts this many times slower; 1 is normal.
    pub async fn slow_down(&self, times: f64) -> Result<()> {
        self.call("Emulation.setCPUThrottlingRate", json!({"rate": times})).await.map(drop)
    }
}
