//! Owns the tests of QR codes, against codes that another program made.

use super::Level::{Low, Medium};
use super::*;
use sha2::{Digest, Sha256};

fn text(n: usize) -> String {
    let text = format!("https://viva.example/#/results?shared=1.{}", "AbCdEf09-_".repeat(300));
    text[..n].to_owned()
}

fn rows(code: &Code) -> String {
    let row = |y| (0..code.size).map(|x| if code.is_dark(x, y) { '1' } else { '0' }).collect();
    (0..code.size).map(row).collect::<Vec<String>>().join("\n")
}

/// Of the first `n` characters of the text with this level and mask: the version, and the first half of the SHA-256 of its rows
/// of 0 and 1, as python-qrcode 8 made them (`QRCode(error_correction=level, border=0, mask_pattern=mask)` with the data in byte mode).
#[test]
fn codes_are_those_of_another_program() {
    let cases = [
        (1, Low, 0, 1, "65d291b6b949a6af2256aa32a7d7c792"),
        (1, Medium, 0, 1, "1391567a70f543125a12de8a6e6c60d6"),
        (1, Low, 1, 1, "b171c55d0b6d4aabebb07cd269c12587"),
        (1, Medium, 1, 1, "848f621f7ecfca7e8abac5667957ac0b"),
        (1, Low, 2, 1, "e0065cd099f60f3d23560c20a793bf01"),
        (1, Medium, 2, 1, "96c91fc5925d67a230051f1cfb9c691a"),
        (1, Low, 4, 1, "6c77e94fa30e31e4d73771d94c1421f7"),
        (1, Medium, 4, 1, "aad9569a842202d917f21dba2fa68730"),
        (1, Low, 6, 1, "60d07e4ab0f30a1d35caaadc8effc9ee"),
        (1, Medium, 6, 1, "ebbf8c3965c4e7cbb897cb5db553cc83"),
        (17, Low, 3, 1, "7a8688a34ad70ac629df29e02d8e524e"),
        (17, Medium, 3, 2, "b013ff1fa94035c3185bc939d25c4958"),
        (17, Low, 5, 1, "62c768880dd2ecadd154f8f77aa612e1"),
        (17, Medium, 5, 2, "0edb51afd6f1948ba6bd02c1ab767151"),
        (17, Low, 7, 1, "0c39885b3b5e253e70f8797a52ce6171"),
        (17, Medium, 7, 2, "f8e64689f5ab93faa323c498165e2b4a"),
        (32, Low, 0, 2, "4a0a0a7dc322f3862c496fb902ce0d79"),
        (32, Medium, 0, 3, "0ce40615a97e5ddccb8b4aafc5dc59cd"),
        (60, Low, 3, 4, "b5b888f8e1517fb6ae096c5830a2d975"),
        (60, Medium, 3, 4, "4ef8ac3bdd37a863082ed8fb95417961"),
        (100, Low, 5, 5, "714b2adced4379e3439756909729531b"),
        (100, Medium, 5, 6, "6e74a0b622d013b9dcc47e1eab4a5b00"),
        (200, Low, 7, 9, "062e28b38d0b49ce8191877c75009540"),
        (200, Medium, 7, 10, "bcaae4a6908de27aa82bd2a9b3070dfc"),
        (350, Low, 0, 12, "8d5f04dfae5a92c405dda48a2e77b874"),
        (350, Medium, 0, 14, "44f1d8127930a79401d070be72071d42"),
        (600, Low, 3, 17, "5b1e7a389ed97222dce15737eba926c6"),
        (600, Medium, 3, 19, "9518112f9e40d89c53c0fc9078f62106"),
        (1000, Low, 5, 22, "c79b11aa7b4bb38275cabc6a80fe6da5"),
        (1000, Medium, 5, 26, "b1e664e2c98d64e8a0c2325225ac3498"),
        (1500, Low, 7, 28, "2770cad71d27e1045659dfb817abd2a7"),
        (1500, Medium, 7, 32, "8360bdc1342b59222d9a55762d4a9409"),
        (2000, Low, 0, 33, "ad5598406756fb4140cfa5028fbd1f47"),
        (2000, Medium, 0, 38, "b8853b2cf671f3634fe654b58fd1f666"),
        (2331, Low, 3, 36, "4ab2651c649a294472b529f76f3eb245"),
        (2331, Medium, 3, 40, "d844b2dca6d8e21b2af733fce1d8ba7b"),
        (2953, Low, 5, 40, "0301035a984a0a9d142b041025b68fea"),
    ];
    for (n, level, mask, version, sha) in cases {
        let mut code = Code::unmasked(&text(n), level).unwrap();
        code.mask(mask, level);
        assert_eq!(code.size, 17 + 4 * version, "{n} bytes at {level:?}");
        let hex = format!("{:x}", Sha256::digest(rows(&code)));
        assert_eq!(&hex[..32], sha, "{n} bytes at {level:?} with mask {mask}:\n{}", rows(&code));
    }
}

#[test]
fn what_is_too_long_for_any_code_has_none() {
    assert!(Code::of(&text(2_953), Low).is_some());
    assert!(Code::of(&"x".repeat(2_954), Low).is_none());
    assert!(Code::of(&text(2_331), Medium).is_some());
    assert!(Code::of(&"x".repeat(2_332), Medium).is_none());
}

#[test]
fn the_path_draws_every_dark_module_once() {
    let code = Code::of("https://viva.example", Medium).unwrap();
    let drawn: usize = code
        .path()
        .split('h')
        .skip(1)
        .filter_map(|stroke| stroke.split('v').next()?.parse::<usize>().ok())
        .sum();
    assert_eq!(drawn, code.dark.iter().filter(|dark| **dark).count());
    assert!(code.path().starts_with("M4 4h7v1h-7z"));
}
