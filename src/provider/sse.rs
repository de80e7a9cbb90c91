//! Owns the decoding of server-sent events (HTML Living Standard, section 9.2), cut wherever the network cut them.

/// One event.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Event {
    /// What follows `event:`; empty where nothing does.
    pub(super) name: String,
    /// What follows `data:`; several such lines are joined by line feeds.
    pub(super) data: String,
}

/// A decoder between two pieces.
#[derive(Debug, Default)]
pub(super) struct Decoder {
    /// The line under way. Lines become text only when they are whole, so that no character is cut.
    line: Vec<u8>,
    /// The last byte was a carriage return, so that a line feed now belongs to the same line end.
    after_return: bool,
    has_begun: bool,
    name: String,
    data: Option<String>,
}

impl Decoder {
    /// Takes the next bytes and gives the events that are now whole.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Vec<Event> {
        let mut events = vec![];
        for byte in bytes {
            match byte {
                b'\n' if self.after_return => self.after_return = false,
                b'\n' | b'\r' => {
                    self.after_return = *byte == b'\r';
                    events.extend(self.end_line());
                }
                other => {
                    self.after_return = false;
                    self.line.push(*other);
                }
            }
        }
        events
    }

    /// The last event, where the stream ended without the empty line that should follow it.
    pub(super) fn finish(&mut self) -> Option<Event> {
        if !self.line.is_empty() {
            let _ = self.end_line();
        }
        self.end_line()
    }

    fn end_line(&mut self) -> Option<Event> {
        let line = String::from_utf8_lossy(&std::mem::take(&mut self.line)).into_owned();
        let line = if self.has_begun { &line } else { line.trim_start_matches('\u{feff}') };
        self.has_begun = true;
        if line.is_empty() {
            let name = std::mem::take(&mut self.name);
            return self.data.take().map(|data| Event { name, data });
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "data" => match &mut self.data {
                Some(data) => {
                    data.push('\n');
                    data.push_str(value);
                }
                None => self.data = Some(value.to_owned()),
            },
            "event" => value.clone_into(&mut self.name),
            // Comments have an empty field name; `id` and `retry` are of no use here.
            _ => {}
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(bytes: &[u8]) -> Vec<Event> {
        let mut decoder = Decoder::default();
        let mut events = decoder.push(bytes);
        events.extend(decoder.finish());
        events
    }

    fn event(name: &str, data: &str) -> Event {
        Event { name: name.to_owned(), data: data.to_owned() }
    }

    #[test]
    fn fields_comments_and_line_ends_are_read_as_the_standard_says() {
        let stream = "\u{feff}: OPENROUTER PROCESSING\n\ndata: a\ndata:b\r\n\r\nevent: ping\rdata: {}\r\rid: 7\nretry: 1\ndata\n\nevent: none\n\n";
        assert_eq!(
            whole(stream.as_bytes()),
            [event("", "a\nb"), event("ping", "{}"), event("", "")]
        );
    }

    #[test]
    fn a_cut_anywhere_changes_nothing() {
        let stream =
            "event: x\r\ndata: {\"é\": \"漢字 🩺\"}\r\n\r\n: comment\n\ndata: 1\ndata: 2\n\n";
        let expected = whole(stream.as_bytes());
        assert_eq!(expected.len(), 2);
        for cut in 0..=stream.len() {
            let (before, after) = stream.as_bytes().split_at(cut);
            let mut decoder = Decoder::default();
            let mut events = decoder.push(before);
            events.extend(decoder.push(after));
            events.extend(decoder.finish());
            assert_eq!(events, expected, "cut at {cut}");
        }
        let mut decoder = Decoder::default();
        let events: Vec<Event> =
            stream.as_bytes().iter().flat_map(|byte| decoder.push(&[*byte])).collect();
        assert_eq!(events, expected);
    }

    #[test]
    fn a_last_event_without_its_empty_line_is_given_at_the_end() {
        assert_eq!(whole(b"data: [DONE]"), [event("", "[DONE]")]);
        assert_eq!(whole(b"data: [DONE]\n"), [event("", "[DONE]")]);
        assert_eq!(whole(b""), []);
    }
}
