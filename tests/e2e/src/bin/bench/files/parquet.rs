//! Owns the large file as Parquet: one page for each column of a row group, plain values, packed with Snappy.

use super::rows::{NAMES, Row, row};

const GROUP_ROWS: usize = 10_000;

// Types of Thrift's compact protocol.
const I32: u8 = 5;
const I64: u8 = 6;
const BINARY: u8 = 8;
const LIST: u8 = 9;
const STRUCT: u8 = 12;

// Types of Parquet.
const INT64: i64 = 2;
const BYTE_ARRAY: i64 = 6;
const SNAPPY: i64 = 1;

/// A struct that is being written; it ends with [`Struct::end`].
struct Struct {
    bytes: Vec<u8>,
    last: u8,
}

impl Struct {
    fn new() -> Self {
        Self { bytes: vec![], last: 0 }
    }

    fn header(mut self, id: u8, kind: u8) -> Self {
        self.bytes.push((id - self.last) << 4 | kind);
        self.last = id;
        self
    }

    fn int(self, id: u8, kind: u8, value: i64) -> Self {
        let mut this = self.header(id, kind);
        number(&mut this.bytes, zigzag(value));
        this
    }

    fn text(self, id: u8, text: &str) -> Self {
        let mut this = self.header(id, BINARY);
        binary(&mut this.bytes, text);
        this
    }

    fn list(self, id: u8, kind: u8, elements: &[Vec<u8>]) -> Self {
        let mut this = self.header(id, LIST);
        match u8::try_from(elements.len()) {
            Ok(n) if n < 15 => this.bytes.push(n << 4 | kind),
            _ => {
                this.bytes.push(0xf0 | kind);
                number(&mut this.bytes, elements.len() as u64);
            }
        }
        this.bytes.extend(elements.concat());
        this
    }

    fn inner(self, id: u8, inner: &[u8]) -> Self {
        let mut this = self.header(id, STRUCT);
        this.bytes.extend(inner);
        this
    }

    fn end(mut self) -> Vec<u8> {
        self.bytes.push(0);
        self.bytes
    }
}

fn zigzag(value: i64) -> u64 {
    (value << 1 ^ value >> 63).cast_unsigned()
}

fn number(bytes: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        bytes.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    bytes.push((value & 0x7f) as u8);
}

fn binary(bytes: &mut Vec<u8>, text: &str) {
    number(bytes, text.len() as u64);
    bytes.extend(text.as_bytes());
}

fn signed(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// Name and Parquet type of every column.
fn columns() -> impl Iterator<Item = (&'static str, i64)> {
    NAMES.into_iter().map(|name| (name, BYTE_ARRAY)).chain([("cop", INT64)])
}

/// The whole file.
pub(super) fn file(n_rows: usize) -> Vec<u8> {
    let mut file = b"PAR1".to_vec();
    let mut groups = vec![];
    for start in (0..n_rows).step_by(GROUP_ROWS) {
        let rows: Vec<Row> = (start..n_rows.min(start + GROUP_ROWS)).map(row).collect();
        groups.push(group(&mut file, &rows));
    }
    let root = Struct::new().text(4, "schema").int(5, I32, signed(columns().count())).end();
    let leaves = columns().map(|(name, kind)| {
        let leaf = Struct::new().int(1, I32, kind).int(3, I32, 0).text(4, name);
        if kind == BYTE_ARRAY { leaf.int(6, I32, 0).end() } else { leaf.end() }
    });
    let schema: Vec<Vec<u8>> = std::iter::once(root).chain(leaves).collect();
    let metadata = Struct::new()
        .int(1, I32, 1)
        .list(2, STRUCT, &schema)
        .int(3, I64, signed(n_rows))
        .list(4, STRUCT, &groups)
        .end();
    let n = u32::try_from(metadata.len()).unwrap_or_default();
    file.extend(metadata);
    file.extend(n.to_le_bytes());
    file.extend(b"PAR1");
    file
}

/// Writes the pages of a row group; what the end of the file says of them.
fn group(file: &mut Vec<u8>, rows: &[Row]) -> Vec<u8> {
    let start = file.len();
    let chunks: Vec<Vec<u8>> = columns()
        .enumerate()
        .map(|(idx, (name, kind))| {
            let values = values(rows, idx);
            let packed = snap::raw::Encoder::new().compress_vec(&values).unwrap_or_default();
            let n = signed(rows.len());
            // Plain values; levels, of which there are none, would be run lengths.
            let about = Struct::new().int(1, I32, n).int(2, I32, 0).int(3, I32, 3).int(4, I32, 3);
            let header = Struct::new()
                .int(1, I32, 0)
                .int(2, I32, signed(values.len()))
                .int(3, I32, signed(packed.len()))
                .inner(5, &about.end())
                .end();
            let offset = signed(file.len());
            let mut path = vec![];
            binary(&mut path, name);
            let mut encoding = vec![];
            number(&mut encoding, zigzag(0));
            let column = Struct::new()
                .int(1, I32, kind)
                .list(2, I32, &[encoding])
                .list(3, BINARY, &[path])
                .int(4, I32, SNAPPY)
                .int(5, I64, n)
                .int(6, I64, signed(header.len() + values.len()))
                .int(7, I64, signed(header.len() + packed.len()))
                .int(9, I64, offset)
                .end();
            file.extend(header);
            file.extend(packed);
            Struct::new().int(2, I64, offset).inner(3, &column).end()
        })
        .collect();
    Struct::new()
        .list(1, STRUCT, &chunks)
        .int(2, I64, signed(file.len() - start))
        .int(3, I64, signed(rows.len()))
        .end()
}

/// The cells of a column, one behind the other.
fn values(rows: &[Row], column: usize) -> Vec<u8> {
    let mut values = vec![];
    for row in rows {
        match row.texts().get(column) {
            Some(text) => {
                values.extend(u32::try_from(text.len()).unwrap_or_default().to_le_bytes());
                values.extend(text.as_bytes());
            }
            None => values.extend(signed(row.right).to_le_bytes()),
        }
    }
    values
}
