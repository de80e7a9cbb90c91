//! Owns the code that a student hands in: answers in few letters, bound to the exam, with a check that a slip does not pass.
//!
//! `VIVA1-` and groups of Crockford's base 32 over: random number of the device's sitting (6 bytes), name, seconds worked,
//! the answers in the order of the paper, and the first 8 bytes of HMAC-SHA-256 over all that, under the exam's hash.
//! The check shows slips, cut codes and codes of another exam. It is no signature: whoever has the exam can make a code.

use sha2::{Digest, Sha256};

use super::letters::{from_crockford, grouped, to_crockford};
use super::paper::Paper;
use crate::people::exam::{Answer, Asked, Form, Given};

/// What every code begins with; the digit is the version.
pub const PREFIX: &str = "VIVA1-";
const N_DEVICE: usize = 6;
const N_CHECK: usize = 8;
/// The longest name that is handed in, in characters.
pub const MAX_NAME: usize = 40;
/// The longest text of an answer that is handed in, in characters.
pub const MAX_TEXT: usize = 2_000;

/// What a student hands in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandIn {
    /// Random, one for each sitting: two codes with the same number are of the same student.
    pub sitting: [u8; N_DEVICE],
    /// Name or pseudonym; may be empty.
    pub name: String,
    /// For each question of the paper; `None` where the student did not come that far.
    pub answers: Vec<Option<Given>>,
}

/// Why a code is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// It does not begin as codes do.
    #[error("no code: codes begin with {PREFIX}")]
    NoCode,
    /// A sign that is in no code.
    #[error("the sign {0:?} is in no code: it was mistyped")]
    Sign(char),
    /// The check does not fit.
    #[error(
        "the code does not fit its check: it was changed, mistyped or cut, or it is of another exam"
    )]
    Check,
    /// The check fits, but what it holds does not fit the exam.
    #[error("the code says what no student can answer in this exam")]
    Content,
}

impl HandIn {
    /// The name, or a pseudonym that the student's own screen shows too.
    pub fn shown_name(&self) -> String {
        match self.name.trim() {
            "" => format!("Student {}", to_crockford(&self.sitting[..2])),
            name => name.to_owned(),
        }
    }

    /// The code.
    pub fn encode(&self, paper: &Paper) -> String {
        let mut bytes = self.sitting.to_vec();
        let name: String = self.name.trim().chars().take(MAX_NAME).collect();
        put_text(&mut bytes, &name);
        for (asked, given) in paper.items.iter().zip(&self.answers) {
            put_given(&mut bytes, asked, given.as_ref());
        }
        let check = hmac(&paper.hash(), &bytes);
        bytes.extend(&check[..N_CHECK]);
        format!("{PREFIX}{}", grouped(&to_crockford(&bytes), 5))
    }

    /// Reads a code of this exam. Times of answers are all `at_millis`: a code does not hold them.
    pub fn decode(code: &str, paper: &Paper, at_millis: u64) -> Result<Self, CodeError> {
        let code = code.trim();
        let head = code.get(..PREFIX.len()).ok_or(CodeError::NoCode)?;
        if !head.eq_ignore_ascii_case(PREFIX) {
            return Err(CodeError::NoCode);
        }
        let body = code.get(PREFIX.len()..).unwrap_or_default();
        if let Some(sign) = body
            .chars()
            .find(|c| !(c.is_whitespace() || *c == '-' || super::letters::value_of(*c).is_some()))
        {
            return Err(CodeError::Sign(sign));
        }
        let bytes = from_crockford(body).ok_or(CodeError::Check)?;
        let content = bytes.len().checked_sub(N_CHECK).and_then(|n| bytes.split_at_checked(n));
        let (content, check) = content.ok_or(CodeError::Check)?;
        if hmac(&paper.hash(), content)[..N_CHECK] != *check {
            return Err(CodeError::Check);
        }
        let mut reader = Reader { bytes: content };
        reader.hand_in(paper, at_millis).ok_or(CodeError::Content)
    }
}

const NOT_REACHED: u8 = 0;
const LEFT_OUT: u8 = 1;
const GIVEN: u8 = 2;
/// With a confidence behind it.
const SURE: u8 = 3;

fn put_given(bytes: &mut Vec<u8>, asked: &Asked, given: Option<&Given>) {
    let Some(given) = given else { return bytes.push(NOT_REACHED) };
    match (&given.answer, given.confidence) {
        (Answer::LeftOut, _) => bytes.push(LEFT_OUT),
        (_, None) => bytes.push(GIVEN),
        (_, Some(percent)) => bytes.extend([SURE, percent]),
    }
    match (&given.answer, asked.form) {
        (Answer::One(idx), _) => put_number(bytes, *idx as u64),
        (Answer::Several(idxs), _) => {
            let set = idxs.iter().filter(|idx| **idx < 26).fold(0, |set, idx| set | (1_u64 << idx));
            put_number(bytes, set);
        }
        (Answer::Number(text) | Answer::Words(text) | Answer::Open(text), _) => {
            let text: String = text.trim().chars().take(MAX_TEXT).collect();
            put_text(bytes, &text);
        }
        (Answer::LeftOut, _) => {}
    }
    put_number(bytes, given.took_millis / 1_000);
}

/// Seven bits a byte, the lowest first.
fn put_number(bytes: &mut Vec<u8>, mut number: u64) {
    loop {
        let low = u8::try_from(number & 127).unwrap_or(0);
        number >>= 7;
        if number == 0 {
            return bytes.push(low);
        }
        bytes.push(low | 128);
    }
}

fn put_text(bytes: &mut Vec<u8>, text: &str) {
    put_number(bytes, text.len() as u64);
    bytes.extend(text.as_bytes());
}

struct Reader<'a> {
    bytes: &'a [u8],
}

impl Reader<'_> {
    fn hand_in(&mut self, paper: &Paper, at_millis: u64) -> Option<HandIn> {
        let sitting = self.take(N_DEVICE)?.try_into().ok()?;
        let name = self.text()?;
        let given = paper.items.iter().map(|asked| self.given(asked, at_millis));
        let answers = given.collect::<Option<Vec<_>>>()?;
        let is_name = name.chars().count() <= MAX_NAME && !name.chars().any(char::is_control);
        (self.bytes.is_empty() && is_name).then_some(HandIn { sitting, name, answers })
    }

    /// The outer `None` is a fault, the inner one a question that was not reached.
    #[allow(clippy::option_option, reason = "two different things are missing")]
    fn given(&mut self, asked: &Asked, at_millis: u64) -> Option<Option<Given>> {
        let (is_left_out, confidence) = match self.byte()? {
            NOT_REACHED => return Some(None),
            LEFT_OUT => (true, None),
            GIVEN => (false, None),
            SURE => (false, Some(self.byte().filter(|percent| *percent <= 100)?)),
            _ => return None,
        };
        let n = asked.options.len();
        let answer = match asked.form {
            _ if is_left_out => Answer::LeftOut,
            Form::One => Answer::One(usize::try_from(self.number()?).ok().filter(|idx| *idx < n)?),
            Form::Several => {
                let set = self.number()?;
                let idxs: Vec<usize> = (0..n).filter(|idx| set >> idx & 1 == 1).collect();
                if set >> n != 0 || idxs.is_empty() {
                    return None;
                }
                Answer::Several(idxs)
            }
            Form::Number => Answer::Number(self.text()?),
            Form::Words => Answer::Words(self.text()?),
            Form::Open => Answer::Open(self.text()?),
        };
        let took_millis = self.number()?.checked_mul(1_000)?;
        Some(Some(Given { answer, confidence, took_millis, at_millis }))
    }

    fn take(&mut self, n: usize) -> Option<&[u8]> {
        let (taken, rest) = self.bytes.split_at_checked(n)?;
        self.bytes = rest;
        Some(taken)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    fn number(&mut self) -> Option<u64> {
        let mut number = 0_u64;
        for shift in (0..56).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 127) << shift;
            if byte < 128 {
                return Some(number);
            }
        }
        None
    }

    fn text(&mut self) -> Option<String> {
        let n = usize::try_from(self.number()?).ok()?;
        String::from_utf8(self.take(n)?.to_vec()).ok()
    }
}

/// HMAC-SHA-256 (RFC 2104) under a key of 32 bytes.
fn hmac(key: &[u8; 32], message: &[u8]) -> [u8; 32] {
    let padded = |with: u8| {
        let mut block = [with; 64];
        block.iter_mut().zip(key).for_each(|(byte, key)| *byte ^= key);
        block
    };
    let inner = Sha256::new().chain_update(padded(0x36)).chain_update(message).finalize();
    Sha256::new().chain_update(padded(0x5c)).chain_update(inner).finalize().into()
}

#[cfg(test)]
mod tests {
    use super::super::paper::tests::items;
    use super::*;
    use crate::people::exam::Terms;
    use proptest::prelude::*;

    fn paper() -> Paper {
        Paper::new("Class", Terms::default(), &items(), &[])
    }

    fn hand_in() -> HandIn {
        let given = |answer, confidence| {
            Some(Given { answer, confidence, took_millis: 301_000, at_millis: 5 })
        };
        HandIn {
            sitting: [1, 2, 3, 4, 5, 255],
            name: "Zoë".to_owned(),
            answers: vec![
                given(Answer::One(2), Some(95)),
                given(Answer::Number("41.5 mg".to_owned()), None),
                given(Answer::LeftOut, None),
                None,
            ],
        }
    }

    #[test]
    fn hmac_is_that_of_rfc_4231() {
        // Test case 1 has a key of 20 bytes; padding with zeros to 32 is what HMAC does.
        let mut key = [0; 32];
        key[..20].fill(0x0b);
        let published = [
            0xb0, 0x34, 0x4c, 0x61, 0xd8, 0xdb, 0x38, 0x53, 0x5c, 0xa8, 0xaf, 0xce, 0xaf, 0x0b,
            0xf1, 0x2b, 0x88, 0x1d, 0xc2, 0x00, 0xc9, 0x83, 0x3d, 0xa7, 0x26, 0xe9, 0x37, 0x6c,
            0x2e, 0x32, 0xcf, 0xf7,
        ];
        assert_eq!(hmac(&key, b"Hi There"), published);
    }

    #[test]
    fn a_code_is_read_as_it_was_made_in_any_case_and_spacing() {
        let code = hand_in().encode(&paper());
        for typed in [code.clone(), code.to_lowercase(), format!(" {}\n", code.replace('0', "O"))] {
            assert_eq!(HandIn::decode(&typed, &paper(), 5), Ok(hand_in()), "{typed}");
        }
    }

    #[test]
    fn every_changed_letter_is_refused() {
        let code = hand_in().encode(&paper());
        for (place, was) in code.char_indices().skip(PREFIX.len()).filter(|(_, c)| *c != '-') {
            let now = if was == '7' { "8" } else { "7" };
            let mut changed = code.clone();
            changed.replace_range(place..=place, now);
            assert_eq!(HandIn::decode(&changed, &paper(), 5), Err(CodeError::Check), "{changed}");
        }
        assert_eq!(HandIn::decode(&code[..code.len() - 3], &paper(), 5), Err(CodeError::Check));
        assert_eq!(HandIn::decode("hello", &paper(), 5), Err(CodeError::NoCode));
        assert_eq!(HandIn::decode("VIVA1-AB%", &paper(), 5), Err(CodeError::Sign('%')));
    }

    #[test]
    fn a_code_of_another_exam_is_refused() {
        let other = Paper::new("Another", Terms::default(), &items(), &[]);
        let code = hand_in().encode(&other);
        assert_eq!(HandIn::decode(&code, &paper(), 5), Err(CodeError::Check));
    }

    #[test]
    fn a_forged_code_cannot_say_what_cannot_be_answered() {
        let mut forged = hand_in();
        if let Some(given) = &mut forged.answers[0] {
            given.answer = Answer::One(3);
        }
        let code = forged.encode(&paper());
        assert_eq!(HandIn::decode(&code, &paper(), 5), Err(CodeError::Content));
    }

    #[test]
    fn a_code_of_twenty_questions_is_short() {
        let one = Item20::items();
        let paper = Paper::new("Class", Terms::default(), &one, &[]);
        let given =
            Given { answer: Answer::One(1), confidence: None, took_millis: 9_000, at_millis: 0 };
        let hand_in =
            HandIn { sitting: [9; 6], name: String::new(), answers: vec![Some(given); 20] };
        assert!(hand_in.encode(&paper).len() < 160, "{}", hand_in.encode(&paper));
    }

    struct Item20;

    impl Item20 {
        fn items() -> Vec<crate::dataset::Item> {
            (0..20)
                .map(|idx| {
                    crate::dataset::Item::single_choice(&idx.to_string(), "?", &["a", "b"], 0)
                })
                .collect()
        }
    }

    proptest! {
        #[test]
        fn no_code_does_harm(text: String, bytes: Vec<u8>) {
            let paper = paper();
            let _ = HandIn::decode(&text, &paper, 0);
            let mut bytes = bytes;
            let check = hmac(&paper.hash(), &bytes);
            bytes.extend(&check[..N_CHECK]);
            let _ = HandIn::decode(&format!("{PREFIX}{}", to_crockford(&bytes)), &paper, 0);
        }
    }
}
