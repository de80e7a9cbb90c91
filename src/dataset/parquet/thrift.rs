//! Owns the compact protocol of Thrift, in which Parquet writes what it says of itself.

/// Deeper nesting than Parquet's own records have is refused.
const MAX_DEPTH: usize = 12;

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Field<'a> {
    Bool(bool),
    Int(i64),
    Bytes(&'a [u8]),
    List(Vec<Field<'a>>),
    /// Fields with their numbers.
    Structure(Vec<(i16, Field<'a>)>),
    /// A kind that Parquet's records do not use, or whose content does not matter.
    Other,
}

impl<'a> Field<'a> {
    fn get(&self, number: i16) -> Option<&Field<'a>> {
        let Field::Structure(fields) = self else { return None };
        fields.iter().find(|(known, _)| *known == number).map(|(_, field)| field)
    }

    pub(super) fn int(&self, number: i16) -> Option<i64> {
        if let Field::Int(int) = self.get(number)? { Some(*int) } else { None }
    }

    /// A length or place; `None` where it is missing or negative.
    pub(super) fn size(&self, number: i16) -> Option<usize> {
        usize::try_from(self.int(number)?).ok()
    }

    pub(super) fn bool(&self, number: i16) -> Option<bool> {
        if let Field::Bool(bool) = self.get(number)? { Some(*bool) } else { None }
    }

    pub(super) fn text(&self, number: i16) -> Option<String> {
        match self.get(number)? {
            Field::Bytes(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
            _ => None,
        }
    }

    pub(super) fn structure(&self, number: i16) -> Option<&Field<'a>> {
        self.get(number).filter(|field| matches!(field, Field::Structure(_)))
    }

    pub(super) fn list(&self, number: i16) -> &[Field<'a>] {
        if let Some(Field::List(list)) = self.get(number) { list } else { &[] }
    }
}

/// The structure that begins the bytes, and its length.
pub(super) fn structure(bytes: &[u8]) -> Result<(Field<'_>, usize), String> {
    let mut reader = Reader { bytes, at: 0 };
    let fields = reader.structure(0).ok_or("a record in it is damaged")?;
    Ok((fields, reader.at))
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn byte(&mut self) -> Option<u8> {
        let byte = self.bytes.get(self.at)?;
        self.at += 1;
        Some(*byte)
    }

    fn varint(&mut self) -> Option<u64> {
        varint(self.bytes, &mut self.at)
    }

    fn int(&mut self) -> Option<i64> {
        self.varint().map(zigzag)
    }

    fn structure(&mut self, depth: usize) -> Option<Field<'a>> {
        let mut fields = Vec::new();
        let mut number = 0_i16;
        loop {
            let header = self.byte()?;
            if header == 0 {
                return Some(Field::Structure(fields));
            }
            number = match header >> 4 {
                0 => i16::try_from(self.int()?).ok()?,
                step => number.checked_add(i16::from(step))?,
            };
            let field = match header & 15 {
                1 => Field::Bool(true),
                2 => Field::Bool(false),
                kind => self.value(kind, depth)?,
            };
            fields.push((number, field));
        }
    }

    fn value(&mut self, kind: u8, depth: usize) -> Option<Field<'a>> {
        if MAX_DEPTH < depth {
            return None;
        }
        Some(match kind {
            1 | 2 => Field::Bool(self.byte()? == 1),
            3 => {
                self.byte()?;
                Field::Other
            }
            4..=6 => Field::Int(self.int()?),
            7 => {
                self.at = self.at.checked_add(8).filter(|at| *at <= self.bytes.len())?;
                Field::Other
            }
            8 => {
                let n = usize::try_from(self.varint()?).ok()?;
                let bytes = self.bytes.get(self.at..self.at.checked_add(n)?)?;
                self.at += n;
                Field::Bytes(bytes)
            }
            9 | 10 => {
                let header = self.byte()?;
                let n = match header >> 4 {
                    15 => self.varint()?,
                    n => u64::from(n),
                };
                let mut list = Vec::new();
                // Each element takes a byte at least, so a false length ends with the bytes.
                for _ in 0..n {
                    list.push(match header & 15 {
                        12 => self.structure(depth + 1)?,
                        kind => self.value(kind, depth + 1)?,
                    });
                }
                Field::List(list)
            }
            11 => self.map(depth)?,
            12 => self.structure(depth + 1)?,
            _ => return None,
        })
    }

    fn map(&mut self, depth: usize) -> Option<Field<'a>> {
        let n = self.varint()?;
        if n > 0 {
            let kinds = self.byte()?;
            for _ in 0..n {
                self.value(kinds >> 4, depth + 1)?;
                self.value(kinds & 15, depth + 1)?;
            }
        }
        Some(Field::Other)
    }
}

/// A number of seven bits a byte, lowest first, at `at`; moves behind it.
pub(super) fn varint(bytes: &[u8], at: &mut usize) -> Option<u64> {
    let mut number = 0_u64;
    for shift in (0..64).step_by(7) {
        let byte = *bytes.get(*at)?;
        *at += 1;
        number |= u64::from(byte & 127) << shift;
        if byte < 128 {
            return Some(number);
        }
    }
    None
}

/// Whole numbers with their sign in the lowest bit.
pub(super) fn zigzag(number: u64) -> i64 {
    (number >> 1).cast_signed() ^ -((number & 1).cast_signed())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_structure_is_read_with_its_length() {
        // 1: i32 5, 2: true, 4: "ab", 5: [1, -1], end.
        let bytes = [0x15, 10, 0x11, 0x28, 2, b'a', b'b', 0x19, 0x25, 2, 1, 0, 99];
        let (fields, n) = structure(&bytes).unwrap();
        assert_eq!((fields.int(1), fields.bool(2), n), (Some(5), Some(true), 12));
        assert_eq!(fields.text(4).as_deref(), Some("ab"));
        assert_eq!(fields.list(5), [Field::Int(1), Field::Int(-1)]);
        for n in 0..12 {
            assert!(structure(&bytes[..n]).is_err());
        }
    }

    #[test]
    fn nesting_without_end_is_refused() {
        assert!(structure(&[0x1c; 10_000]).is_err());
        assert!(structure(&[&[0x19_u8][..], &[0x19; 10_000]].concat()).is_err());
    }
}
