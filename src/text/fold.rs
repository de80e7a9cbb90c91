//! Owns the tables of single characters: what is invisible, what is a space, and what stands for a plainer character.

/// What a character becomes.
pub(super) enum Plain {
    Char(char),
    Text(&'static str),
}

/// Characters that nobody sees: zero-width, bidirectional controls, soft hyphen, variation selectors, tags, controls.
pub(super) fn is_invisible(c: char) -> bool {
    match c {
        '\t' | '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' => false,
        '\u{ad}'
        | '\u{34f}'
        | '\u{61c}'
        | '\u{180b}'..='\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e01ef}' => true,
        _ => c.is_control(),
    }
}

/// Spaces of any width that do not end a line, except the plain one.
pub(super) fn is_space(c: char) -> bool {
    matches!(
        c,
        '\t' | '\u{b}' | '\u{c}' | '\u{a0}' | '\u{1680}' | '\u{2000}'
            ..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}'
    )
}

/// The plain form of a visible character, itself when there is none.
pub(super) fn plain(c: char) -> Plain {
    if c.is_ascii_graphic() || c == ' ' || c == '\n' {
        return Plain::Char(c);
    }
    if is_space(c) {
        return Plain::Char(' ');
    }
    Plain::Char(match c {
        '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => '\n',
        '\u{2018}'..='\u{201b}'
        | '\u{2032}'
        | '\u{2035}'
        | '\u{b4}'
        | '\u{2bc}'
        | '\u{2039}'
        | '\u{203a}' => '\'',
        '\u{201c}'..='\u{201f}' | '\u{2033}' | '\u{ab}' | '\u{bb}' | '\u{300c}'..='\u{300f}' => '"',
        '\u{2010}'..='\u{2013}' | '\u{2212}' | '\u{fe63}' | '\u{207b}' | '\u{208b}' => '-',
        '\u{2014}' | '\u{2015}' | '\u{2e3a}' | '\u{2e3b}' => return Plain::Text(" - "),
        '\u{2026}' => return Plain::Text("..."),
        '\u{3002}' => '.',
        '\u{3001}' => ',',
        '\u{3010}' => '[',
        '\u{3011}' => ']',
        '\u{2044}' | '\u{2215}' => '/',
        '\u{2022}' | '\u{2023}' | '\u{25cf}' | '\u{25aa}' | '\u{b7}' => '*',
        '\u{b5}' => 'μ',
        '\u{fb00}' => return Plain::Text("ff"),
        '\u{fb01}' => return Plain::Text("fi"),
        '\u{fb02}' => return Plain::Text("fl"),
        '\u{b2}' => '2',
        '\u{b3}' => '3',
        '\u{b9}' => '1',
        '\u{207a}' | '\u{208a}' => '+',
        '\u{ff01}'..='\u{ff5e}' => shifted(c, 0xff01, b'!', 94),
        '\u{2070}' | '\u{2074}'..='\u{2079}' => shifted(c, 0x2070, b'0', 10),
        '\u{2080}'..='\u{2089}' => shifted(c, 0x2080, b'0', 10),
        '\u{249c}'..='\u{24b5}' => shifted(c, 0x249c, b'a', 26),
        '\u{24b6}'..='\u{24cf}' => shifted(c, 0x24b6, b'A', 26),
        '\u{24d0}'..='\u{24e9}' => shifted(c, 0x24d0, b'a', 26),
        '\u{1f110}'..='\u{1f129}' => shifted(c, 0x1f110, b'A', 26),
        '\u{1f130}'..='\u{1f149}' => shifted(c, 0x1f130, b'A', 26),
        '\u{1f150}'..='\u{1f169}' => shifted(c, 0x1f150, b'A', 26),
        '\u{1f170}'..='\u{1f189}' => shifted(c, 0x1f170, b'A', 26),
        // Thirteen alphabets of bold, italic, script and the like, each of 26 capitals and 26 small letters.
        '\u{1d400}'..='\u{1d6a3}' => {
            let within = (u32::from(c) - 0x1d400) % 52;
            if within < 26 { nth(b'A', within) } else { nth(b'a', within - 26) }
        }
        '\u{1d7ce}'..='\u{1d7ff}' => nth(b'0', (u32::from(c) - 0x1d7ce) % 10),
        _ => c,
    })
}

fn shifted(c: char, from: u32, to: u8, n: u32) -> char {
    match u32::from(c).checked_sub(from) {
        Some(offset) if offset < n => nth(to, offset),
        _ => c,
    }
}

fn nth(first: u8, offset: u32) -> char {
    u8::try_from(offset).map_or('?', |offset| char::from(first.saturating_add(offset)))
}

/// The plain letters of an accented small letter of the Latin alphabet; `None` when it has no accent.
pub(super) fn unaccented(c: char) -> Option<&'static str> {
    if c.is_ascii() {
        return None;
    }
    Some(match c {
        'à'..='å' | 'ā' | 'ă' | 'ą' | 'ǎ' | 'ạ' | 'ả' => "a",
        'æ' => "ae",
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => "c",
        'ð' | 'ď' | 'đ' => "d",
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => "e",
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => "g",
        'ĥ' | 'ħ' => "h",
        'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' => "i",
        'ĵ' => "j",
        'ķ' => "k",
        'ĺ' | 'ļ' | 'ľ' | 'ł' => "l",
        'ñ' | 'ń' | 'ņ' | 'ň' => "n",
        'ò'..='ö' | 'ø' | 'ō' | 'ŏ' | 'ő' => "o",
        'œ' => "oe",
        'ŕ' | 'ŗ' | 'ř' => "r",
        'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => "s",
        'ß' => "ss",
        'ţ' | 'ť' | 'ț' => "t",
        'ù'..='ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' => "u",
        'ŵ' => "w",
        'ý' | 'ÿ' | 'ŷ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        'ς' => "σ",
        _ => return None,
    })
}
