//! Owns QR codes as geometry: the text is encoded by the crate `qrcodegen`, drawing is left to the page.

use std::fmt::Write;

use qrcodegen::{QrCode, QrCodeEcc};

/// Beyond this many bytes a code has more squares than phones read well from a screen.
pub const MAX_BYTES: usize = 1_800;
/// Light squares around a code, as ISO/IEC 18004 asks.
const MARGIN: i32 = 4;

/// A QR code to be drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Qr {
    /// Squares along an edge, with the margin.
    pub n_squares: i32,
    /// The dark squares as an SVG path, one unit a square.
    pub path: String,
}

/// The QR code of a text; `None` where it is too long to be read.
pub fn qr(text: &str) -> Option<Qr> {
    if MAX_BYTES < text.len() {
        return None;
    }
    let code = QrCode::encode_text(text, QrCodeEcc::Low).ok()?;
    let size = code.size();
    let mut path = String::new();
    for y in 0..size {
        let mut x = 0;
        while x < size {
            let start = x;
            while x < size && code.get_module(x, y) {
                x += 1;
            }
            if start < x {
                let (from, n) = (start + MARGIN, x - start);
                let _ = write!(path, "M{from} {}h{n}v1h-{n}z", y + MARGIN);
            }
            x += 1;
        }
    }
    Some(Qr { n_squares: size + 2 * MARGIN, path })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_text_has_a_small_code_with_its_three_corners() {
        let found = qr("VIVA1-ABCDE").unwrap();
        assert_eq!(found.n_squares, 21 + 8);
        // The upper edges of the two upper corner marks, and the lower left one.
        for corner in ["M4 4h7v1h-7z", "M18 4h7v1h-7z", "M4 18h7v1h-7z"] {
            assert!(found.path.contains(corner), "{corner}");
        }
    }

    #[test]
    fn what_no_phone_reads_is_not_drawn() {
        assert!(qr(&"x".repeat(MAX_BYTES)).is_some());
        assert!(qr(&"x".repeat(MAX_BYTES + 1)).is_none());
    }
}
