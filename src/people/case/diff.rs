//! Owns the comparison of two texts word by word: what stays, what goes, what comes. It knows words and no meanings.

/// A stretch of the later text, or of what is missing in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// In both.
    Same(String),
    /// Only in the earlier text.
    Gone(String),
    /// Only in the later text.
    New(String),
}

/// Beyond so many pairs of words, the middle is told as changed as a whole: no answer may hold the page up.
const MAX_PAIRS: usize = 4_000_000;

/// What changed from one text to another. Words are equal when they differ in nothing but white space around them; the later
/// text's own white space is kept.
pub fn diff(before: &str, after: &str) -> Vec<Piece> {
    let (a, b) = (words(before), words(after));
    let is_same = |a: &&str, b: &&str| a.trim_end() == b.trim_end();
    let n_start = a.iter().zip(&b).take_while(|(a, b)| is_same(a, b)).count();
    let n_most = a.len().min(b.len()) - n_start;
    let ends = a.iter().rev().zip(b.iter().rev()).take(n_most);
    let n_end = ends.take_while(|(a, b)| is_same(a, b)).count();
    let middle_a = a.get(n_start..a.len() - n_end).unwrap_or_default();
    let middle_b = b.get(n_start..b.len() - n_end).unwrap_or_default();
    let mut pieces = Pieces::default();
    pieces.same(b.get(..n_start).unwrap_or_default());
    if MAX_PAIRS < middle_a.len().saturating_mul(middle_b.len()) {
        pieces.gone(middle_a);
        pieces.come(middle_b);
    } else {
        compare(middle_a, middle_b, &mut pieces);
    }
    pieces.same(b.get(b.len() - n_end..).unwrap_or_default());
    pieces.0
}

/// How many words are gone or new.
pub fn n_changed(pieces: &[Piece]) -> usize {
    let n = |piece: &Piece| match piece {
        Piece::Same(_) => 0,
        Piece::Gone(text) | Piece::New(text) => text.split_whitespace().count(),
    };
    pieces.iter().map(n).sum()
}

/// Words with the white space behind them; white space at the start goes with the first.
fn words(text: &str) -> Vec<&str> {
    let mut words = vec![];
    let mut start = 0;
    let mut was_space = false;
    for (at, c) in text.char_indices() {
        if was_space
            && !c.is_whitespace()
            && !text.get(start..at).unwrap_or_default().trim().is_empty()
        {
            words.extend(text.get(start..at));
            start = at;
        }
        was_space = c.is_whitespace();
    }
    words.extend(text.get(start..).filter(|rest| !rest.trim().is_empty()));
    words
}

/// The longest common subsequence by the table of its lengths (Wagner and Fischer 1974).
fn compare(a: &[&str], b: &[&str], pieces: &mut Pieces) {
    let width = b.len() + 1;
    let mut lengths = vec![0_u16; (a.len() + 1) * width];
    let at = |lengths: &[u16], i: usize, j: usize| lengths.get(i * width + j).copied().unwrap_or(0);
    let is_same = |i: usize, j: usize| match (a.get(i), b.get(j)) {
        (Some(a), Some(b)) => a.trim_end() == b.trim_end(),
        _ => false,
    };
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            let length = if is_same(i, j) {
                at(&lengths, i + 1, j + 1).saturating_add(1)
            } else {
                at(&lengths, i + 1, j).max(at(&lengths, i, j + 1))
            };
            if let Some(slot) = lengths.get_mut(i * width + j) {
                *slot = length;
            }
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < a.len() || j < b.len() {
        let (from_a, from_b) = (a.get(i..=i).unwrap_or_default(), b.get(j..=j).unwrap_or_default());
        if i < a.len() && j < b.len() && is_same(i, j) {
            pieces.same(from_b);
            (i, j) = (i + 1, j + 1);
        } else if j == b.len() || (i < a.len() && at(&lengths, i, j + 1) <= at(&lengths, i + 1, j))
        {
            pieces.gone(from_a);
            i += 1;
        } else {
            pieces.come(from_b);
            j += 1;
        }
    }
}

/// Pieces in order; neighbours of one kind are one piece, and what goes stands before what comes.
#[derive(Default)]
struct Pieces(Vec<Piece>);

impl Pieces {
    fn same(&mut self, words: &[&str]) {
        let text = words.concat();
        match self.0.last_mut() {
            _ if text.is_empty() => {}
            Some(Piece::Same(last)) => last.push_str(&text),
            _ => self.0.push(Piece::Same(text)),
        }
    }

    fn gone(&mut self, words: &[&str]) {
        let text = words.concat();
        match self.0.last_mut() {
            _ if text.is_empty() => {}
            Some(Piece::Gone(last)) => last.push_str(&text),
            Some(Piece::New(_)) => {
                let at = self.0.len() - 1;
                match at.checked_sub(1).and_then(|before| self.0.get_mut(before)) {
                    Some(Piece::Gone(last)) => last.push_str(&text),
                    _ => self.0.insert(at, Piece::Gone(text)),
                }
            }
            _ => self.0.push(Piece::Gone(text)),
        }
    }

    fn come(&mut self, words: &[&str]) {
        let text = words.concat();
        match self.0.last_mut() {
            _ if text.is_empty() => {}
            Some(Piece::New(last)) => last.push_str(&text),
            _ => self.0.push(Piece::New(text)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(before: &str, after: &str) -> String {
        let pieces = diff(before, after).into_iter().map(|piece| match piece {
            Piece::Same(text) => text,
            Piece::Gone(text) => format!("[-{text}]"),
            Piece::New(text) => format!("[+{text}]"),
        });
        pieces.collect()
    }

    #[test]
    fn what_goes_and_what_comes_is_marked() {
        assert_eq!(told("See a doctor today.", "See a doctor today."), "See a doctor today.");
        assert_eq!(
            told("See a doctor today.", "See a nurse today."),
            "See a [-doctor ][+nurse ]today."
        );
        assert_eq!(told("a b c d", "b c d"), "[-a ]b c d");
        assert_eq!(told("a b c", "a b c d"), "a b c [+d]");
        assert_eq!(told("", "new words"), "[+new words]");
        assert_eq!(told("old words", ""), "[-old words]");
        assert_eq!(told("", ""), "");
        assert_eq!(told("a  b\nc", "a b c"), "a b c");
        assert_eq!(n_changed(&diff("See a doctor today.", "See a nurse today.")), 2);
    }

    #[test]
    fn both_texts_can_be_told_from_the_pieces() {
        let cases = [
            ("one two three four five", "zero one three two four six"),
            ("Nimm 400 mg. Ruhe!", "Nimm 200 mg alle 6 Stunden. Ruhe!"),
            ("  lead  and  trail ", " lead or trail  "),
            ("ä ö ü", "ü ö ä"),
        ];
        for (before, after) in cases {
            let pieces = diff(before, after);
            let side = |wanted: fn(&Piece) -> Option<&String>| -> Vec<String> {
                let texts: Vec<&str> =
                    pieces.iter().filter_map(wanted).map(String::as_str).collect();
                texts.join(" ").split_whitespace().map(str::to_owned).collect()
            };
            let later = side(|piece| match piece {
                Piece::Same(text) | Piece::New(text) => Some(text),
                Piece::Gone(_) => None,
            });
            let earlier = side(|piece| match piece {
                Piece::Same(text) | Piece::Gone(text) => Some(text),
                Piece::New(_) => None,
            });
            let plain = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
            assert_eq!((earlier, later), (plain(before), plain(after)), "{before} / {after}");
        }
    }

    #[test]
    fn texts_beyond_the_bound_are_told_as_a_whole() {
        let before = "a ".repeat(3_000) + "end";
        let after = "b ".repeat(3_000) + "end";
        let pieces = diff(&before, &after);
        assert_eq!(pieces.len(), 3);
        assert_eq!(n_changed(&pieces), 6_000);
    }
}
