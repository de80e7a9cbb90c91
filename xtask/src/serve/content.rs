//! Owns what a file's name says about it: its content type, and how long a browser may keep it.

use crate::workspace::extension;

/// The `Content-Type` of a file. A browser compiles wasm while it arrives only under the right one.
pub(super) fn content_type(name: &str) -> &'static str {
    match extension(name) {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "jsonl" => "application/jsonl",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        "csv" => "text/csv; charset=utf-8",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// The `Cache-Control` of a file: for ever where the name changes with the content, else asked for again.
pub(super) fn cache_control(name: &str) -> &'static str {
    if has_hash(name) { "public, max-age=31536000, immutable" } else { "no-cache" }
}

fn has_hash(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or(name);
    let Some((stem, _)) = file.rsplit_once('.') else { return false };
    let Some((_, hash)) = stem.rsplit_once('-') else { return false };
    hash.len() == 16 && hash.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_file_in_dist_has_its_type() {
        let expected = [
            ("index.html", "text/html; charset=utf-8"),
            ("viva-0123456789abcdef.js", "text/javascript; charset=utf-8"),
            ("viva_bg-0123456789abcdef.wasm", "application/wasm"),
            ("www/css/viva.css", "text/css; charset=utf-8"),
            ("datasets/viva-120.json", "application/json"),
            ("www/icon.svg", "image/svg+xml"),
            ("LICENSE", "application/octet-stream"),
        ];
        for (name, kind) in expected {
            assert_eq!(content_type(name), kind, "{name}");
        }
    }

    #[test]
    fn only_names_with_a_hash_are_kept() {
        assert!(cache_control("a/viva_bg-0123456789abcdef.wasm").contains("immutable"));
        for name in ["index.html", "datasets/first-aid.json", "a-0123456789abcdeg.js", "b-0123.js"]
        {
            assert_eq!(cache_control(name), "no-cache", "{name}");
        }
    }
}
