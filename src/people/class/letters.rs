//! Owns bytes as letters: base64 for links, and Crockford's base 32 for what people copy by eye.

const URL: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/// Crockford's alphabet: no I, L, O and U, which are taken for others or for a word.
const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Base64 in the alphabet for addresses, without padding (RFC 4648, section 5).
pub fn to_url(bytes: &[u8]) -> String {
    pack(bytes, 6, |value| char::from(URL[value & 63]))
}

/// Undoes [`to_url`]; `None` for anything that it does not write.
pub fn from_url(text: &str) -> Option<Vec<u8>> {
    unpack(text.bytes().map(|byte| URL.iter().position(|own| *own == byte)), 6)
}

/// Crockford's base 32, five bits a letter.
pub fn to_crockford(bytes: &[u8]) -> String {
    pack(bytes, 5, |value| char::from(CROCKFORD[value & 31]))
}

/// Undoes [`to_crockford`]. Hyphens and white space are passed over, small letters and look-alikes (O, I, L) are read as what
/// they are taken for; `None` for anything else.
pub fn from_crockford(text: &str) -> Option<Vec<u8>> {
    let symbols = text.chars().filter(|c| *c != '-' && !c.is_whitespace());
    unpack(symbols.map(value_of), 5)
}

/// The letter of a value below 32.
pub fn crockford_letter(value: usize) -> char {
    char::from(CROCKFORD[value & 31])
}

/// The value of a letter, read as Crockford has it.
pub fn value_of(letter: char) -> Option<usize> {
    let letter = match letter.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    CROCKFORD.iter().position(|own| char::from(*own) == letter)
}

/// In groups of so many letters, with hyphens between.
pub fn grouped(text: &str, n_letters: usize) -> String {
    let letters: Vec<char> = text.chars().collect();
    let groups: Vec<String> =
        letters.chunks(n_letters.max(1)).map(|group| group.iter().collect()).collect();
    groups.join("-")
}

fn pack(bytes: &[u8], n_bits: u32, letter: impl Fn(usize) -> char) -> String {
    let (mut text, mut held, mut n_held) = (String::new(), 0_usize, 0);
    for byte in bytes {
        held = (held << 8) | usize::from(*byte);
        n_held += 8;
        while n_bits <= n_held {
            n_held -= n_bits;
            text.push(letter(held >> n_held));
            held &= (1 << n_held) - 1;
        }
    }
    if 0 < n_held {
        text.push(letter(held << (n_bits - n_held)));
    }
    text
}

fn unpack(values: impl Iterator<Item = Option<usize>>, n_bits: u32) -> Option<Vec<u8>> {
    let (mut bytes, mut held, mut n_held) = (vec![], 0_usize, 0);
    for value in values {
        held = (held << n_bits) | value?;
        n_held += n_bits;
        if 8 <= n_held {
            n_held -= 8;
            bytes.push(u8::try_from(held >> n_held).ok()?);
            held &= (1 << n_held) - 1;
        }
    }
    // Only the one way of writing it: bits that are left over are zero, and fewer than a letter's.
    (held == 0 && n_held < n_bits).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_known_vectors_of_base64_hold() {
        for (bytes, text) in [("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foobar", "Zm9vYmFy")] {
            assert_eq!(to_url(bytes.as_bytes()), text);
            assert_eq!(from_url(text).unwrap(), bytes.as_bytes());
        }
        for text in ["Zh", "Z", "Zg=", "Z g", "é"] {
            assert_eq!(from_url(text), None, "{text}");
        }
    }

    #[test]
    fn look_alikes_are_read_as_what_they_are_taken_for() {
        assert_eq!(from_crockford("oil0 11-8"), from_crockford("0110118"));
        assert_eq!(from_crockford("U0"), None);
        assert_eq!(grouped("ABCDEFG", 3), "ABC-DEF-G");
    }

    proptest! {
        #[test]
        fn bytes_survive_both_alphabets(bytes: Vec<u8>) {
            prop_assert_eq!(from_url(&to_url(&bytes)), Some(bytes.clone()));
            prop_assert_eq!(from_crockford(&grouped(&to_crockford(&bytes), 5).to_lowercase()), Some(bytes));
        }

        #[test]
        fn no_text_does_harm(text: String) {
            let _ = (from_url(&text), from_crockford(&text));
        }
    }
}
