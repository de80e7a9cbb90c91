//! Owns the unpacking of compressed bytes, within a budget: a small file may claim to hold more than the device has.

use std::borrow::Cow;
use std::io::Read;

use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
use miniz_oxide::inflate::core::{DecompressorOxide, decompress};

/// What one file may unpack to: a page's memory ends at 4 GB, and the questions themselves take about as much again.
const MAX_UNPACKED: usize = 1 << 30;
/// Deflate cannot make more than this many bytes of one (RFC 1951: 258 bytes from 2 bits).
const MAX_DEFLATE_RATIO: usize = 1_032;

/// How many bytes may still be made out of a file.
#[derive(Debug)]
pub(super) struct Budget {
    left: usize,
    limit: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self::new(MAX_UNPACKED)
    }
}

impl Budget {
    pub(super) fn new(limit: usize) -> Self {
        Self { left: limit, limit }
    }

    /// Books `n` bytes; the reason when there are not so many left.
    pub(super) fn spend(&mut self, n: usize) -> Result<(), String> {
        self.left = self.left.checked_sub(n).ok_or_else(|| self.reason())?;
        Ok(())
    }

    /// Whether `n` bytes are left.
    pub(super) fn can(&self, n: usize) -> bool {
        n <= self.left
    }

    pub(super) fn reason(&self) -> String {
        format!("it unpacks to more than {} MB, the most that is read", self.limit >> 20)
    }
}

/// The bytes of a deflate stream that begins `data`, and its length in `data`.
pub(super) fn inflate(data: &[u8], budget: &mut Budget) -> Result<(Vec<u8>, usize), String> {
    let most = budget.left.min(data.len().saturating_mul(MAX_DEFLATE_RATIO));
    let mut state = Box::<DecompressorOxide>::default();
    let mut out = vec![0; data.len().saturating_mul(4).clamp(1 << 10, most.max(1 << 10))];
    let (mut n_in, mut n_out) = (0, 0);
    loop {
        let flags = TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
        let rest = data.get(n_in..).unwrap_or_default();
        let (status, read, written) = decompress(&mut state, rest, &mut out, n_out, flags);
        n_in += read;
        n_out += written;
        match status {
            TINFLStatus::Done => {
                out.truncate(n_out);
                budget.spend(n_out)?;
                return Ok((out, n_in));
            }
            TINFLStatus::HasMoreOutput if out.len() < most => {
                out.resize(out.len().saturating_mul(2).min(most), 0);
            }
            TINFLStatus::HasMoreOutput => return Err(budget.reason()),
            TINFLStatus::FailedCannotMakeProgress | TINFLStatus::NeedsMoreInput => {
                return Err("its packed data is cut off".to_owned());
            }
            _ => return Err("its packed data is damaged".to_owned()),
        }
    }
}

/// The content of a gzip file (RFC 1952), all its members one after another.
pub(super) fn gzip(data: &[u8], budget: &mut Budget) -> Result<Vec<u8>, String> {
    let mut all = Vec::new();
    let mut rest = data;
    while rest.starts_with(b"\x1f\x8b") {
        let body = gzip_body(rest).ok_or("its gzip header is cut off or damaged")?;
        let (content, n_in) = inflate(body, budget)?;
        let trailer = body.get(n_in..).and_then(|end| end.first_chunk::<8>());
        let trailer = trailer.ok_or("its packed data is cut off")?;
        let [a, b, c, d, ..] = *trailer;
        if crc_32(&content) != u32::from_le_bytes([a, b, c, d]) {
            return Err("its packed data is damaged: the checksum differs".to_owned());
        }
        rest = &body[n_in + trailer.len()..];
        if all.is_empty() { all = content } else { all.extend(content) }
    }
    Ok(all)
}

/// What stands behind the header of a gzip member.
fn gzip_body(data: &[u8]) -> Option<&[u8]> {
    let (header, mut rest) = data.split_first_chunk::<10>()?;
    let flags = header[3];
    if header[2] != 8 {
        return None;
    }
    if flags & 4 != 0 {
        let (n, after) = rest.split_first_chunk::<2>()?;
        rest = after.get(usize::from(u16::from_le_bytes(*n))..)?;
    }
    // A name and a comment, each ended by a zero.
    for flag in [8, 16] {
        if flags & flag != 0 {
            let end = rest.iter().position(|byte| *byte == 0)?;
            rest = &rest[end + 1..];
        }
    }
    if flags & 2 != 0 { rest.get(2..) } else { Some(rest) }
}

/// The content of Zstandard frames (RFC 8878).
pub(super) fn zstd(data: &[u8], budget: &mut Budget) -> Result<Vec<u8>, String> {
    let damaged = |error: &dyn std::fmt::Display| format!("its packed data is damaged ({error})");
    let mut rest = data;
    let mut out = Vec::new();
    while !rest.is_empty() {
        let n_before = out.len();
        let frame = ruzstd::decoding::StreamingDecoder::new(&mut rest);
        let frame = frame.map_err(|error| damaged(&error))?;
        // One byte more than allowed shows that there is more.
        let most = u64::try_from(budget.left).unwrap_or(u64::MAX).saturating_add(1);
        frame.take(most).read_to_end(&mut out).map_err(|error| damaged(&error))?;
        budget.spend(out.len() - n_before)?;
    }
    Ok(out)
}

/// The content of a Snappy block, which tells its own length.
pub(super) fn snappy(data: &[u8], budget: &mut Budget) -> Result<Vec<u8>, String> {
    let damaged = |error: &dyn std::fmt::Display| format!("its packed data is damaged ({error})");
    let n = snap::raw::decompress_len(data).map_err(|error| damaged(&error))?;
    // A copy of 64 bytes takes 3: a greater claim is no Snappy.
    if data.len().saturating_mul(22).saturating_add(64) < n {
        return Err("its packed data is damaged: it cannot be so long".to_owned());
    }
    budget.spend(n)?;
    snap::raw::Decoder::new().decompress_vec(data).map_err(|error| damaged(&error))
}

/// The content of an LZ4 block (the LZ4 block format description), which is `n` bytes long.
pub(super) fn lz4(data: &[u8], n: usize, budget: &mut Budget) -> Result<Vec<u8>, String> {
    // A byte of a length adds at most 255.
    if data.len().saturating_mul(256) < n {
        return Err("its packed data is damaged: it cannot be so long".to_owned());
    }
    budget.spend(n)?;
    lz4_block(data, n).ok_or_else(|| "its packed data is damaged".to_owned())
}

fn lz4_block(data: &[u8], n: usize) -> Option<Vec<u8>> {
    let mut out: Vec<u8> = Vec::with_capacity(n);
    let mut at = 0;
    let length = |start: u8, at: &mut usize| -> Option<usize> {
        let mut length = usize::from(start);
        let mut more = start == 15;
        while more {
            let byte = *data.get(*at)?;
            *at += 1;
            length += usize::from(byte);
            more = byte == 255;
        }
        Some(length)
    };
    while at < data.len() {
        let token = data[at];
        at += 1;
        let n_literals = length(token >> 4, &mut at)?;
        out.extend(data.get(at..at.checked_add(n_literals)?)?);
        at += n_literals;
        if at == data.len() {
            break;
        }
        let offset = data.get(at..)?.first_chunk().map(|bytes| u16::from_le_bytes(*bytes))?;
        at += 2;
        let n_copied = length(token & 15, &mut at)? + 4;
        let start = out.len().checked_sub(usize::from(offset)).filter(|_| offset > 0)?;
        if n < out.len().checked_add(n_copied)? {
            return None;
        }
        // The copy may run into itself.
        for place in start..start + n_copied {
            out.push(out[place]);
        }
    }
    (out.len() == n).then_some(out)
}

/// CRC-32 as ZIP and gzip use it.
pub(super) fn crc_32(bytes: &[u8]) -> u32 {
    let fold =
        |crc: u32, byte: &u8| CRC_TABLE[usize::from(crc.to_le_bytes()[0] ^ byte)] ^ (crc >> 8);
    !bytes.iter().fold(u32::MAX, fold)
}

const CRC_TABLE: [u32; 256] = {
    let mut table = [0_u32; 256];
    let mut idx = 0_u32;
    while idx < 256 {
        let mut crc = idx;
        let mut bit = 0;
        while bit < 8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
            bit += 1;
        }
        table[idx as usize] = crc;
        idx += 1;
    }
    table
};

/// Takes the outer wrapping of gzip or Zstandard off, once: what is wrapped twice was not made by a person.
pub(super) fn peel<'a>(bytes: &'a [u8], budget: &mut Budget) -> Result<Cow<'a, [u8]>, String> {
    let inner = if is_gzip(bytes) {
        gzip(bytes, budget)?
    } else if is_zstd(bytes) {
        zstd(bytes, budget)?
    } else {
        return Ok(Cow::Borrowed(bytes));
    };
    if is_gzip(&inner) || is_zstd(&inner) {
        return Err("it is packed twice; unpack it once first".to_owned());
    }
    Ok(Cow::Owned(inner))
}

fn is_gzip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\x1f\x8b")
}

fn is_zstd(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\x28\xb5\x2f\xfd")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// "hello hello hello hello\n" as gzip writes it, without a name.
    fn packed() -> Vec<u8> {
        let body = miniz_oxide::deflate::compress_to_vec(b"hello hello hello hello\n", 6);
        let mut file = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03".to_vec();
        file.extend(body);
        file.extend(crc_32(b"hello hello hello hello\n").to_le_bytes());
        file.extend(24_u32.to_le_bytes());
        file
    }

    #[test]
    fn the_checksum_is_that_of_the_standard() {
        assert_eq!(crc_32(b"123456789"), 0xcbf4_3926);
    }

    #[test]
    fn members_of_gzip_follow_one_another() {
        let twice = [packed(), packed()].concat();
        let got = gzip(&twice, &mut Budget::default()).unwrap();
        assert_eq!(got, b"hello hello hello hello\nhello hello hello hello\n");
        for n in 2..packed().len() {
            assert!(gzip(&packed()[..n], &mut Budget::default()).is_err(), "{n}");
        }
    }

    #[test]
    fn what_unpacks_beyond_the_budget_is_refused() {
        let zeros = miniz_oxide::deflate::compress_to_vec(&vec![0; 1 << 22], 9);
        assert!(inflate(&zeros, &mut Budget::new(1 << 20)).unwrap_err().contains("more than 1 MB"));
        assert_eq!(inflate(&zeros, &mut Budget::default()).unwrap().0.len(), 1 << 22);
        let mut budget = Budget::new(30);
        assert!(gzip(&packed(), &mut budget).is_ok() && gzip(&packed(), &mut budget).is_err());
    }
}
