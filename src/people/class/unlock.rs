//! Owns the code that unlocks the right answers: sixty random bits, written so that a class can copy it from a screen.
//!
//! Twelve letters of Crockford's base 32 are 60 bits, and a thirteenth checks them. The key is made of them by PBKDF2 with
//! SHA-256 in 600,000 rounds, so that trying all of them takes some 2⁶⁰ · 2²⁰ = 2⁸⁰ hashes: far beyond what answers to
//! an exam are worth, and short enough to be typed. A random key of 128 bits would take 27 letters.

use super::letters::{crockford_letter, grouped, value_of};

/// Letters that carry the secret.
const N_LETTERS: usize = 12;
/// Crockford's check is the number modulo 37, in an alphabet with five more signs.
const MORE_SIGNS: [char; 5] = ['*', '~', '$', '=', 'U'];

/// A code in its one form: twelve capitals, without hyphens and check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnlockCode(String);

/// Why what was typed is no such code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnlockError {
    /// Too few or too many letters.
    #[error(
        "The key has 13 letters and digits; {found} were typed. Compare it with what your teacher shows."
    )]
    Length {
        /// How many were typed.
        found: usize,
    },
    /// A sign that is in no code.
    #[error(
        "The sign {sign:?} (number {place}) is in no key. Compare it with what your teacher shows."
    )]
    Sign {
        /// The sign.
        sign: char,
        /// Its place, counted from one.
        place: usize,
    },
    /// The check does not fit.
    #[error(
        "The key does not fit its last letter: one of its letters was mistyped. Compare it with what your teacher shows."
    )]
    Check,
}

impl UnlockCode {
    /// The code of random bytes, of which 60 bits are used.
    pub fn of_random(bytes: [u8; 8]) -> Self {
        let number = u64::from_be_bytes(bytes);
        let letter = |idx: usize| {
            let bits = (number >> (5 * idx)) & 31;
            crockford_letter(usize::try_from(bits).unwrap_or(0))
        };
        Self((0..N_LETTERS).map(letter).collect())
    }

    /// Reads what a person typed or scanned.
    pub fn parse(typed: &str) -> Result<Self, UnlockError> {
        let signs: Vec<char> = typed.chars().filter(|c| *c != '-' && !c.is_whitespace()).collect();
        if signs.len() != N_LETTERS + 1 {
            return Err(UnlockError::Length { found: signs.len() });
        }
        let mut letters = String::new();
        for (place, sign) in (1..).zip(signs.iter().take(N_LETTERS)) {
            let value = value_of(*sign).ok_or(UnlockError::Sign { sign: *sign, place })?;
            letters.push(crockford_letter(value));
        }
        let code = Self(letters);
        let typed_check = signs.last().copied().unwrap_or_default();
        let expected = code.check();
        let is_right = typed_check.to_ascii_uppercase() == expected
            || value_of(typed_check).map(crockford_letter) == Some(expected);
        if is_right { Ok(code) } else { Err(UnlockError::Check) }
    }

    /// What the key is made of.
    pub fn passphrase(&self) -> &str {
        &self.0
    }

    /// With hyphens and its check, as it is shown.
    pub fn shown(&self) -> String {
        format!("{}-{}", grouped(&self.0, 4), self.check())
    }

    fn check(&self) -> char {
        let remainder =
            self.0.chars().filter_map(value_of).fold(0, |sum, value| (sum * 32 + value) % 37);
        match remainder.checked_sub(32) {
            Some(more) => MORE_SIGNS.get(more).copied().unwrap_or('U'),
            None => crockford_letter(remainder),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_it_is_shown_and_as_people_type_it() {
        let code = UnlockCode::of_random([0x7f, 3, 200, 14, 99, 250, 17, 1]);
        let shown = code.shown();
        assert_eq!(shown.len(), 16);
        for typed in
            [shown.clone(), shown.to_lowercase(), shown.replace('-', " "), shown.replace('0', "o")]
        {
            assert_eq!(UnlockCode::parse(&typed).as_ref(), Ok(&code), "{typed}");
        }
    }

    #[test]
    fn every_single_slip_and_every_swap_of_neighbours_is_noticed() {
        let code = UnlockCode::of_random(*b"Xq7#rT2z");
        let shown: Vec<char> = code.shown().replace('-', "").chars().collect();
        for place in 0..shown.len() {
            for value in 0..32 {
                let mut typed = shown.clone();
                typed[place] = crockford_letter(value);
                if typed != shown {
                    let typed: String = typed.into_iter().collect();
                    assert_eq!(UnlockCode::parse(&typed), Err(UnlockError::Check), "{typed}");
                }
            }
        }
        for place in 0..N_LETTERS - 1 {
            let mut typed = shown.clone();
            typed.swap(place, place + 1);
            if typed != shown {
                let typed: String = typed.into_iter().collect();
                assert!(UnlockCode::parse(&typed).is_err(), "{typed}");
            }
        }
    }

    #[test]
    fn what_is_no_code_is_refused_with_the_reason() {
        assert_eq!(UnlockCode::parse("ABC"), Err(UnlockError::Length { found: 3 }));
        let wrong = UnlockCode::parse("ABCD-EF!H-JKMN-P");
        assert_eq!(wrong, Err(UnlockError::Sign { sign: '!', place: 7 }));
    }
}
