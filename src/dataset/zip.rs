//! Owns the reading of ZIP archives: the directory at the end, and the bytes of each file in it (APPNOTE.TXT 6.3).

use super::unpack::{self, Budget};

/// A file in an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    /// With its folders, divided by `/`.
    pub(super) name: String,
    method: u16,
    is_encrypted: bool,
    crc: u32,
    n_packed: usize,
    /// As the archive says; what comes out is counted on its own.
    n_unpacked: usize,
    offset: usize,
}

/// An archive.
pub(super) struct Zip<'a> {
    bytes: &'a [u8],
    /// In the order of the directory; folders are left out.
    pub(super) entries: Vec<Entry>,
}

/// Whether the bytes begin as an archive does.
pub(super) fn is_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
}

/// Reads numbers, which stand with their lowest byte first, from a place on.
struct Fields<'a>(&'a [u8]);

impl Fields<'_> {
    fn u16(&self, at: usize) -> Option<u16> {
        self.0.get(at..)?.first_chunk().map(|bytes| u16::from_le_bytes(*bytes))
    }

    fn u32(&self, at: usize) -> Option<u32> {
        self.0.get(at..)?.first_chunk().map(|bytes| u32::from_le_bytes(*bytes))
    }

    fn size(&self, at: usize) -> Option<usize> {
        usize::try_from(self.u32(at)?).ok()
    }

    fn long_size(&self, at: usize) -> Option<usize> {
        let bytes = self.0.get(at..)?.first_chunk().map(|bytes| u64::from_le_bytes(*bytes))?;
        usize::try_from(bytes).ok()
    }

    fn len(&self, at: usize) -> Option<usize> {
        self.u16(at).map(usize::from)
    }
}

const CUT_OFF: &str = "its directory is missing or damaged: the file may be cut off";

impl<'a> Zip<'a> {
    /// Reads the directory; the reason when there is none.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, String> {
        let (start, n_entries) = directory(bytes).ok_or(CUT_OFF)?;
        let mut entries = Vec::new();
        let mut at = start;
        for _ in 0..n_entries {
            let rest = bytes.get(at..).ok_or(CUT_OFF)?;
            let (entry, n_bytes) = entry(rest).ok_or(CUT_OFF)?;
            at += n_bytes;
            if !entry.name.ends_with('/') {
                entries.push(entry);
            }
        }
        Ok(Self { bytes, entries })
    }

    pub(super) fn find(&self, name: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.name.eq_ignore_ascii_case(name))
    }

    /// The content of one file; the reason when it cannot be had.
    pub(super) fn read(&self, entry: &Entry, budget: &mut Budget) -> Result<Vec<u8>, String> {
        if entry.is_encrypted {
            return Err("it is locked with a password; unpack it first".to_owned());
        }
        let packed = self.packed(entry).ok_or("its place in the archive is damaged")?;
        let content = match entry.method {
            0 => {
                budget.spend(packed.len())?;
                packed.to_vec()
            }
            8 => {
                // Said before it is done, so that a bomb costs nothing.
                if !budget.can(entry.n_unpacked) {
                    return Err(budget.reason());
                }
                unpack::inflate(packed, budget)?.0
            }
            93 => unpack::zstd(packed, budget)?,
            other => {
                return Err(format!(
                    "it is packed by method {other}, which is not read; pack it again as an ordinary ZIP"
                ));
            }
        };
        if unpack::crc_32(&content) != entry.crc {
            return Err("its packed data is damaged: the checksum differs".to_owned());
        }
        Ok(content)
    }

    fn packed(&self, entry: &Entry) -> Option<&'a [u8]> {
        let local = self.bytes.get(entry.offset..)?;
        let fields = Fields(local);
        if fields.u32(0)? != 0x0403_4b50 {
            return None;
        }
        let start = 30 + fields.len(26)? + fields.len(28)?;
        local.get(start..start.checked_add(entry.n_packed)?)
    }
}

/// Where the directory starts, and how many entries it has.
fn directory(bytes: &[u8]) -> Option<(usize, usize)> {
    const N_END: usize = 22;
    // A comment of up to 65,535 bytes may follow the end record.
    let last = bytes.len().checked_sub(N_END)?;
    let first = last.saturating_sub(usize::from(u16::MAX));
    let end = (first..=last).rev().find(|at| bytes[*at..].starts_with(b"PK\x05\x06"))?;
    let fields = Fields(&bytes[end..]);
    let (n_entries, start) = (fields.u16(10)?, fields.u32(16)?);
    if n_entries != u16::MAX && start != u32::MAX {
        return Some((usize::try_from(start).ok()?, usize::from(n_entries)));
    }
    // The longer form: a locator stands before the end record, and names the place of another.
    let locator = Fields(bytes.get(end.checked_sub(20)?..end)?);
    if locator.u32(0)? != 0x0706_4b50 {
        return None;
    }
    let long = Fields(bytes.get(locator.long_size(8)?..)?);
    (long.u32(0)? == 0x0606_4b50).then_some(())?;
    Some((long.long_size(48)?, long.long_size(32)?))
}

/// The entry that begins the bytes, and its length.
fn entry(bytes: &[u8]) -> Option<(Entry, usize)> {
    let fields = Fields(bytes);
    if fields.u32(0)? != 0x0201_4b50 {
        return None;
    }
    let (n_name, n_extra, n_comment) = (fields.len(28)?, fields.len(30)?, fields.len(32)?);
    let name = bytes.get(46..46 + n_name)?;
    let mut entry = Entry {
        name: String::from_utf8_lossy(name).replace('\\', "/"),
        method: fields.u16(10)?,
        is_encrypted: fields.u16(8)? & 1 == 1,
        crc: fields.u32(16)?,
        n_packed: fields.size(20)?,
        n_unpacked: fields.size(24)?,
        offset: fields.size(42)?,
    };
    let extra = bytes.get(46 + n_name..46 + n_name + n_extra)?;
    lengthen(&mut entry, extra);
    Some((entry, 46 + n_name + n_extra + n_comment))
}

/// Sizes that do not fit into 32 bits stand in an extra field, those only and in this order.
fn lengthen(entry: &mut Entry, extra: &[u8]) -> Option<()> {
    let mut rest = extra;
    while let Some((id, n)) = Fields(rest).u16(0).zip(Fields(rest).len(2)) {
        let body = Fields(rest.get(4..4 + n)?);
        if id == 1 {
            let mut at = 0;
            for size in [&mut entry.n_unpacked, &mut entry.n_packed, &mut entry.offset] {
                if u32::try_from(*size) == Ok(u32::MAX) {
                    *size = body.long_size(at)?;
                    at += 8;
                }
            }
        }
        rest = &rest[4 + n..];
    }
    Some(())
}
