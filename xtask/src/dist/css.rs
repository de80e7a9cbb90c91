//! Owns the one style sheet: the page's sheets in their order, without comments and indentation.

/// Joins sheets in the order given.
pub(super) fn join<'a>(sheets: impl IntoIterator<Item = &'a str>) -> String {
    sheets.into_iter().map(squeeze).collect()
}

/// Removes comments, indentation and empty lines, and leaves strings as they are.
fn squeeze(sheet: &str) -> String {
    let plain = without_comments(sheet);
    let lines = plain.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.fold(String::with_capacity(plain.len()), |mut joined, line| {
        joined.push_str(line);
        joined.push('\n');
        joined
    })
}

fn without_comments(sheet: &str) -> String {
    let mut plain = String::with_capacity(sheet.len());
    let mut rest = sheet;
    while let Some(at) = rest.find(['"', '\'', '/']) {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        let taken = if rest.starts_with("/*") {
            let end = rest[2..].find("*/").map_or(rest.len(), |end| end + 4);
            rest = &rest[end..];
            // Two words with nothing but a comment between them stay two words.
            plain.push(' ');
            continue;
        } else if rest.starts_with('/') {
            1
        } else {
            string_length(rest)
        };
        plain.push_str(&rest[..taken]);
        rest = &rest[taken..];
    }
    plain.push_str(rest);
    plain
}

/// The length of the quoted string that `text` begins with.
fn string_length(text: &str) -> usize {
    let quote = text.as_bytes()[0];
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            _ if byte == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheets_keep_their_order() {
        assert_eq!(join(["a { b: c }\n", "d { e: f }"]), "a { b: c }\nd { e: f }\n");
    }

    #[test]
    fn comments_and_indentation_go() {
        let sheet = "/* what: it's for */\na {\n  b: c; /* why */\n\n  d: 1/2;\n}\n";
        assert_eq!(squeeze(sheet), "a {\nb: c;\nd: 1/2;\n}\n");
        assert_eq!(squeeze("a/**/b{}"), "a b{}\n");
        assert_eq!(squeeze("a{} /* never closed"), "a{}\n");
    }

    #[test]
    fn a_string_is_left_as_it_is() {
        let sheet = "a::before { content: \"/* \\\" é */\"; b: url('x//y') }\n";
        assert_eq!(squeeze(sheet), sheet);
    }
}
