//! Owns the decoding of JSON lines (NDJSON), cut wherever the network cut them.

/// A decoder between two pieces.
#[derive(Debug, Default)]
pub(super) struct Decoder {
    line: Vec<u8>,
}

impl Decoder {
    /// Takes the next bytes and gives the lines that are now whole, without empty ones.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Vec<String> {
        let mut lines = vec![];
        for byte in bytes {
            if *byte == b'\n' {
                lines.extend(self.finish());
            } else {
                self.line.push(*byte);
            }
        }
        lines
    }

    /// The last line, where the stream ended without a line feed.
    pub(super) fn finish(&mut self) -> Option<String> {
        let line = String::from_utf8_lossy(&std::mem::take(&mut self.line)).trim().to_owned();
        (!line.is_empty()).then_some(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_anywhere_changes_nothing() {
        let stream = "{\"a\":\"é漢\"}\r\n\n{\"b\":2}\n{\"c\":3}";
        for cut in 0..=stream.len() {
            let (before, after) = stream.as_bytes().split_at(cut);
            let mut decoder = Decoder::default();
            let mut lines = decoder.push(before);
            lines.extend(decoder.push(after));
            lines.extend(decoder.finish());
            assert_eq!(lines, ["{\"a\":\"é漢\"}", "{\"b\":2}", "{\"c\":3}"], "cut at {cut}");
        }
    }
}
