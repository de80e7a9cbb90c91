//! Owns the compressed sizes of the page, and the budget for what is fetched before it can be used.

use std::io::Write as _;
use std::thread;

use anyhow::{Context, Result, bail};
use brotli::enc::BrotliEncoderParams;
use flate2::Compression;
use flate2::write::GzEncoder;

use super::assets::{Files, Page};
use crate::workspace::extension;

/// The most that the first load may weigh, in bytes after Brotli compression.
const BUDGET: usize = 300_000;
/// Below this many bytes compression gains less than it costs.
const WORTH_COMPRESSING: usize = 256;

/// A file in its compressed forms.
pub(super) struct Compressed {
    pub(super) name: String,
    pub(super) brotli: Vec<u8>,
    gzip: usize,
}

/// Compresses every file that gains by it.
pub(super) fn compress(files: &Files) -> Vec<Compressed> {
    let mut waiting: Vec<(&String, &Vec<u8>)> = files
        .iter()
        .filter(|(name, bytes)| bytes.len() >= WORTH_COMPRESSING && is_compressible(name))
        .collect();
    // The largest first and on a thread of its own: it takes longer than all others together.
    waiting.sort_by_key(|(_, bytes)| std::cmp::Reverse(bytes.len()));
    let (largest, rest) = waiting.split_at(waiting.len().min(1));
    let pack = |files: &[(&String, &Vec<u8>)]| -> Vec<Compressed> {
        files.iter().filter_map(|(name, bytes)| compress_one(name, bytes)).collect()
    };
    thread::scope(|scope| {
        let largest = scope.spawn(|| pack(largest));
        let mut done = pack(rest);
        done.extend(largest.join().unwrap_or_default());
        done.sort_by(|a, b| a.name.cmp(&b.name));
        done
    })
}

fn is_compressible(name: &str) -> bool {
    let compressed_already = ["png", "jpg", "jpeg", "webp", "avif", "woff2", "gz", "br", "zip"];
    !compressed_already.contains(&extension(name))
}

fn compress_one(name: &str, bytes: &[u8]) -> Option<Compressed> {
    let params = BrotliEncoderParams { quality: 11, lgwin: 22, ..BrotliEncoderParams::default() };
    let mut brotli = Vec::new();
    brotli::BrotliCompress(&mut &bytes[..], &mut brotli, &params).ok()?;
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).ok()?;
    let gzip = encoder.finish().ok()?.len();
    (brotli.len() < bytes.len()).then(|| Compressed { name: name.to_owned(), brotli, gzip })
}

/// Prints what each file of the first load weighs, and fails above the budget.
pub(super) fn report(page: &Page, compressed: &[Compressed]) -> Result<()> {
    println!("First load, in bytes:\n{:>11} {:>11} {:>11}", "raw", "gzip", "brotli");
    let mut total = [0; 3];
    for name in &page.first_load {
        let raw = page.files.get(name).context("a file of the first load is missing")?.len();
        let row = match compressed.iter().find(|file| file.name == *name) {
            Some(file) => [raw, file.gzip, file.brotli.len()],
            None => [raw; 3],
        };
        println!("{}  {name}", columns(row));
        for (sum, bytes) in total.iter_mut().zip(row) {
            *sum += bytes;
        }
    }
    println!("{}  total; at most {} after Brotli", columns(total), grouped(BUDGET));
    within_budget(total[2])
}

fn within_budget(brotli: usize) -> Result<()> {
    if brotli > BUDGET {
        let over = grouped(brotli - BUDGET);
        bail!("the first load is {over} bytes over its budget of {}", grouped(BUDGET));
    }
    Ok(())
}

fn columns(row: [usize; 3]) -> String {
    let [raw, gzip, brotli] = row.map(grouped);
    format!("{raw:>11} {gzip:>11} {brotli:>11}")
}

/// `1234567` as `1,234,567`.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_byte_over_the_budget_fails() {
        assert!(within_budget(BUDGET).is_ok());
        assert!(within_budget(BUDGET + 1).is_err());
    }

    #[test]
    fn numbers_are_grouped_by_three_digits() {
        let shown = [0, 999, 1000, 123_456, 1_234_567].map(grouped);
        assert_eq!(shown, ["0", "999", "1,000", "123,456", "1,234,567"]);
    }

    #[test]
    fn what_is_compressed_can_be_read_again() {
        let text = "a line that comes again and again\n".repeat(50);
        let files: Files = [
            ("a.txt".to_owned(), text.clone().into_bytes()),
            ("a.png".to_owned(), text.clone().into_bytes()),
            ("small.txt".to_owned(), b"x".to_vec()),
        ]
        .into();
        let compressed = compress(&files);
        assert_eq!(compressed.len(), 1);
        let mut read = Vec::new();
        brotli::BrotliDecompress(&mut compressed[0].brotli.as_slice(), &mut read).unwrap();
        assert_eq!(String::from_utf8(read).unwrap(), text);
    }
}
