//! Owns QR codes (ISO/IEC 18004): a text as a square of dark and light modules, in byte mode, versions 1 to 40, with the
//! correction levels L and M.

use std::fmt::Write;

/// How much of a code may be lost before it cannot be read any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// About 7 %.
    Low,
    /// About 15 %.
    Medium,
}

/// A square of modules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// Modules on a side, without the quiet zone of four light modules that must be around it.
    pub size: usize,
    /// Row by row; `true` is dark.
    dark: Vec<bool>,
    /// Modules that hold no data.
    fixed: Vec<bool>,
}

/// Codewords for correction in each block, by level and version from 1.
const CORRECTION: [[usize; 40]; 2] = [
    [
        7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28, 28, 28, 30,
        30, 26, 28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30,
    ],
    [
        10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26, 26, 28, 28,
        28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28,
    ],
];

/// Blocks that the codewords are parted into, by level and version from 1.
const N_BLOCKS: [[usize; 40]; 2] = [
    [
        1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8, 8, 9, 9, 10, 12, 12, 12, 13,
        14, 15, 16, 17, 18, 19, 19, 20, 21, 22, 24, 25,
    ],
    [
        1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16, 17, 17, 18, 20, 21, 23,
        25, 26, 28, 29, 31, 33, 35, 37, 38, 40, 43, 45, 47, 49,
    ],
];

const MAX_VERSION: usize = 40;

/// Across the middle of a finder.
const FINDER: [bool; 7] = [true, false, true, true, true, false, true];

impl Level {
    fn row(self) -> usize {
        match self {
            Self::Low => 0,
            Self::Medium => 1,
        }
    }

    /// As the format information has it.
    fn bits(self) -> u32 {
        match self {
            Self::Low => 1,
            Self::Medium => 0,
        }
    }
}

impl Code {
    /// A text as the smallest code that holds it; `None` where none does (beyond 2,953 bytes at level L, 2,331 at M).
    pub fn of(text: &str, level: Level) -> Option<Self> {
        let blank = Self::unmasked(text, level)?;
        let masked = (0..8).map(|mask| {
            let mut code = blank.clone();
            code.mask(mask, level);
            (code.penalty(), code)
        });
        masked.min_by_key(|(penalty, _)| *penalty).map(|(_, code)| code)
    }

    fn unmasked(text: &str, level: Level) -> Option<Self> {
        let version = (1..=MAX_VERSION).find(|version| {
            let n_bits = 4 + length_bits(*version) + 8 * text.len();
            n_bits <= 8 * n_data_codewords(*version, level)
        })?;
        let words = interleaved(&data_codewords(text, version, level), version, level);
        let size = 17 + 4 * version;
        let mut code =
            Self { size, dark: vec![false; size * size], fixed: vec![false; size * size] };
        code.draw_patterns(version);
        code.draw_words(&words);
        Some(code)
    }

    /// Whether the module in this column and row is dark; what lies outside is light.
    pub fn is_dark(&self, x: usize, y: usize) -> bool {
        x < self.size && self.dark.get(y * self.size + x).copied().unwrap_or(false)
    }

    /// Where rows of dark modules lie, as the data of an SVG `path` of horizontal strokes one unit high, in a plane with the
    /// quiet zone around: `4 + size + 4` units on a side.
    pub fn path(&self) -> String {
        let mut path = String::new();
        for y in 0..self.size {
            let mut x = 0;
            while x < self.size {
                let length = (x..self.size).take_while(|x| self.is_dark(*x, y)).count();
                if 0 < length {
                    let _ = write!(path, "M{} {}h{length}v1h-{length}z", x + 4, y + 4);
                }
                x += length + 1;
            }
        }
        path
    }

    fn set(&mut self, x: usize, y: usize, is_dark: bool) {
        let at = y * self.size + x;
        if let (Some(dark), Some(fixed)) = (self.dark.get_mut(at), self.fixed.get_mut(at)) {
            (*dark, *fixed) = (is_dark, true);
        }
    }

    fn draw_patterns(&mut self, version: usize) {
        let size = self.size;
        for at in 0..size {
            self.set(6, at, at % 2 == 0);
            self.set(at, 6, at % 2 == 0);
        }
        for (x, y) in [(3, 3), (size - 4, 3), (3, size - 4)] {
            self.draw_finder(x, y);
        }
        let centres = alignment_centres(version);
        let last = centres.len().saturating_sub(1);
        for (row, y) in centres.iter().enumerate() {
            for (column, x) in centres.iter().enumerate() {
                let is_at_finder = [(0, 0), (0, last), (last, 0)].contains(&(row, column));
                if !is_at_finder {
                    self.draw_alignment(*x, *y);
                }
            }
        }
        // The place of the format is kept free of data; what stands there comes with the mask.
        self.draw_format(0);
        if 7 <= version {
            self.draw_version(version);
        }
    }

    fn draw_finder(&mut self, x: usize, y: usize) {
        for row in 0..9 {
            for column in 0..9 {
                // From the centre at (4, 4) of this square, whose outer ring is light.
                let distance = column.max(8 - column).max(row.max(8 - row)) - 4;
                let (at_x, at_y) = ((x + column).checked_sub(4), (y + row).checked_sub(4));
                if let (Some(x), Some(y)) = (at_x, at_y)
                    && x < self.size
                    && y < self.size
                {
                    self.set(x, y, distance != 2 && distance != 4);
                }
            }
        }
    }

    fn draw_alignment(&mut self, x: usize, y: usize) {
        for row in 0..5 {
            for column in 0..5_usize {
                let distance = column.max(4 - column).max(row.max(4 - row)) - 2;
                self.set(x + column - 2, y + row - 2, distance != 1);
            }
        }
    }

    /// The fifteen bits that tell level and mask, in both places, and the module that is always dark.
    fn draw_format(&mut self, bits: u32) {
        let is_dark = |place: usize| (bits >> place) & 1 == 1;
        let size = self.size;
        for place in 0..15 {
            let (x, y) = match place {
                0..=5 => (8, place),
                6 => (8, 7),
                7 => (8, 8),
                8 => (7, 8),
                _ => (14 - place, 8),
            };
            self.set(x, y, is_dark(place));
            let (x, y) = if place < 8 { (size - 1 - place, 8) } else { (8, size + place - 15) };
            self.set(x, y, is_dark(place));
        }
        self.set(8, size - 8, true);
    }

    fn draw_version(&mut self, version: usize) {
        let version = u32::try_from(version).unwrap_or_default();
        let bits = (version << 12) | remainder(version, 12, 0x1F25);
        for place in 0..18 {
            let is_dark = (bits >> place) & 1 == 1;
            let (far, near) = (self.size - 11 + place % 3, place / 3);
            self.set(far, near, is_dark);
            self.set(near, far, is_dark);
        }
    }

    /// Writes the bits in pairs of columns from the right, up and down in turn.
    fn draw_words(&mut self, words: &[u8]) {
        let mut bits =
            words.iter().flat_map(|word| (0..8).rev().map(move |at| (word >> at) & 1 == 1));
        let size = self.size;
        let mut right = size - 1;
        let mut is_upward = true;
        loop {
            for step in 0..size {
                let y = if is_upward { size - 1 - step } else { step };
                for x in [right, right - 1] {
                    let at = y * size + x;
                    if !self.fixed[at] {
                        self.dark[at] = bits.next().unwrap_or(false);
                    }
                }
            }
            is_upward = !is_upward;
            // The column of the timing pattern is passed over.
            right = match right {
                0..=2 => break,
                8 => 5,
                other => other - 2,
            };
        }
    }

    fn mask(&mut self, mask: u32, level: Level) {
        for y in 0..self.size {
            for x in 0..self.size {
                let at = y * self.size + x;
                if !self.fixed[at] {
                    self.dark[at] ^= is_flipped(mask, x, y);
                }
            }
        }
        let data = (level.bits() << 3) | mask;
        self.draw_format(((data << 10) | remainder(data, 10, 0x537)) ^ 0x5412);
    }

    /// How hard the code is to read for a camera, by the four rules of the standard.
    fn penalty(&self) -> usize {
        let size = self.size;
        let mut sum = 0;
        for line in 0..size {
            let row: Vec<bool> = (0..size).map(|x| self.is_dark(x, line)).collect();
            let column: Vec<bool> = (0..size).map(|y| self.is_dark(line, y)).collect();
            sum += line_penalty(&row) + line_penalty(&column);
        }
        for y in 1..size {
            for x in 1..size {
                let here = self.is_dark(x, y);
                let others =
                    [self.is_dark(x - 1, y), self.is_dark(x, y - 1), self.is_dark(x - 1, y - 1)];
                sum += if others.iter().all(|other| *other == here) { 3 } else { 0 };
            }
        }
        let n_dark = self.dark.iter().filter(|dark| **dark).count();
        let from_half = (n_dark * 20).abs_diff(size * size * 10);
        sum + from_half / (size * size) * 10
    }
}

/// Runs of five and more of one colour, and what looks like a finder.
fn line_penalty(line: &[bool]) -> usize {
    let runs = line.chunk_by(|a, b| a == b).map(<[bool]>::len).filter(|run| 5 <= *run);
    let of_runs: usize = runs.map(|run| run - 2).sum();
    let is_light = |range: std::ops::Range<isize>| {
        let mut places = range.map(|at| usize::try_from(at).ok().and_then(|at| line.get(at)));
        places.all(|module| module.is_none_or(|dark| !dark))
    };
    let starts = line.windows(7).enumerate().filter(|(_, window)| *window == FINDER);
    let finders = starts.filter(|(start, _)| {
        let start = isize::try_from(*start).unwrap_or_default();
        is_light(start - 4..start) || is_light(start + 7..start + 11)
    });
    of_runs + 40 * finders.count()
}

fn is_flipped(mask: u32, x: usize, y: usize) -> bool {
    match mask {
        0 => (x + y).is_multiple_of(2),
        1 => y.is_multiple_of(2),
        2 => x.is_multiple_of(3),
        3 => (x + y).is_multiple_of(3),
        4 => (x / 3 + y / 2).is_multiple_of(2),
        5 => (x * y) % 2 + (x * y) % 3 == 0,
        6 => ((x * y) % 2 + (x * y) % 3).is_multiple_of(2),
        _ => ((x + y) % 2 + (x * y) % 3).is_multiple_of(2),
    }
}

/// The rest of a division of polynomials over bits.
fn remainder(data: u32, n_bits: u32, divisor: u32) -> u32 {
    let mut rest = data;
    for _ in 0..n_bits {
        let top = (rest >> (n_bits - 1)) & 1;
        rest = (rest << 1) ^ (top * divisor);
    }
    rest & ((1 << n_bits) - 1)
}

/// Bits of the length of a text in byte mode.
fn length_bits(version: usize) -> usize {
    if version < 10 { 8 } else { 16 }
}

/// Modules that are left for data and correction.
fn n_raw_modules(version: usize) -> usize {
    let mut n = (16 * version + 128) * version + 64;
    if 2 <= version {
        let n_aligned = version / 7 + 2;
        n -= (25 * n_aligned - 10) * n_aligned - 55;
        if 7 <= version {
            n -= 36;
        }
    }
    n
}

fn n_data_codewords(version: usize, level: Level) -> usize {
    let (row, at) = (level.row(), version - 1);
    n_raw_modules(version) / 8 - CORRECTION[row][at] * N_BLOCKS[row][at]
}

fn alignment_centres(version: usize) -> Vec<usize> {
    if version == 1 {
        return vec![];
    }
    let n = version / 7 + 2;
    let step = (version * 8 + n * 3 + 5) / (n * 4 - 4) * 2;
    let size = 17 + 4 * version;
    let mut centres: Vec<usize> = (0..n - 1).map(|at| size - 7 - at * step).collect();
    centres.push(6);
    centres.reverse();
    centres
}

fn data_codewords(text: &str, version: usize, level: Level) -> Vec<u8> {
    let mut bits: Vec<bool> = vec![];
    let mut push =
        |value: usize, n: usize| bits.extend((0..n).rev().map(|at| (value >> at) & 1 == 1));
    push(0b0100, 4);
    push(text.len(), length_bits(version));
    text.bytes().for_each(|byte| push(usize::from(byte), 8));
    let n = n_data_codewords(version, level);
    let n_ending = (8 * n).saturating_sub(bits.len()).min(4);
    bits.resize((bits.len() + n_ending).next_multiple_of(8), false);
    let mut words: Vec<u8> = bits
        .chunks(8)
        .map(|byte| byte.iter().fold(0, |sum, bit| (sum << 1) | u8::from(*bit)))
        .collect();
    let padding = [0xEC, 0x11].into_iter().cycle();
    words.extend(padding.take(n.saturating_sub(words.len())));
    words
}

/// Data and correction of all blocks, a word of each in turn.
fn interleaved(data: &[u8], version: usize, level: Level) -> Vec<u8> {
    let (row, at) = (level.row(), version - 1);
    let (n_blocks, n_correction) = (N_BLOCKS[row][at], CORRECTION[row][at]);
    let n_short = data.len() / n_blocks;
    // The last blocks are longer by one.
    let n_longer = data.len() % n_blocks;
    let divisor = divisor(n_correction);
    let (mut blocks, mut start) = (vec![], 0);
    for block in 0..n_blocks {
        let length = n_short + usize::from(n_blocks - n_longer <= block);
        let own = data.get(start..start + length).unwrap_or_default();
        blocks.push((own, correction(own, &divisor)));
        start += length;
    }
    let mut words = vec![];
    for at in 0..=n_short {
        words.extend(blocks.iter().filter_map(|(own, _)| own.get(at)));
    }
    for at in 0..n_correction {
        words.extend(blocks.iter().filter_map(|(_, correction)| correction.get(at)));
    }
    words
}

/// Product in the field of 256 elements with the polynomial 0x11D.
fn product(a: u8, b: u8) -> u8 {
    let mut sum = 0_u8;
    for place in (0..8).rev() {
        let carried = if sum & 0x80 == 0 { 0 } else { 0x1D };
        sum = (sum << 1) ^ carried;
        if (b >> place) & 1 == 1 {
            sum ^= a;
        }
    }
    sum
}

/// The polynomial with the roots 2⁰ to 2ⁿ⁻¹, highest power first, whose first coefficient, 1, is left out.
fn divisor(degree: usize) -> Vec<u8> {
    let mut result = vec![0; degree];
    if let Some(last) = result.last_mut() {
        *last = 1;
    }
    let mut root = 1;
    for _ in 0..degree {
        for at in 0..degree {
            result[at] = product(result[at], root) ^ result.get(at + 1).copied().unwrap_or(0);
        }
        root = product(root, 2);
    }
    result
}

/// The rest of a block's division by the divisor.
fn correction(data: &[u8], divisor: &[u8]) -> Vec<u8> {
    let mut rest = vec![0_u8; divisor.len()];
    for word in data {
        let factor = word ^ rest.first().copied().unwrap_or(0);
        rest.rotate_left(1);
        if let Some(last) = rest.last_mut() {
            *last = 0;
        }
        for (own, of_divisor) in rest.iter_mut().zip(divisor) {
            *own ^= product(*of_divisor, factor);
        }
    }
    rest
}

#[cfg(test)]
mod tests;
