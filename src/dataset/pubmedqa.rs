//! Owns what is particular to `PubMedQA`: which of its 1,000 labelled items are the official test split.

use sha2::{Digest, Sha256};

use super::fingerprint::hex;
use super::{Item, Split};

/// One bit for each item in ascending order of PMID, the highest bit of a byte first, in hex: set for the items of the test split that
/// the authors publish as `test_ground_truth.json` (500 items: 276 yes, 169 no, 55 maybe).
const TEST_BITS: &str = "\
    1f317f129279687f396094e6b817c6059f6ed77f0cf64dbb30f43221e2196990\
    19a49ffcb3b030c4310088e31b4fe7ea5dfa57c2327d048e33ad9042e253b101\
    f7cc598bdd3606e2fc22bed3f25c1f3eefb250111a0d2e59de1cc756b6412df0\
    b7659cc8c207ac00d60aaf6d9ec50a0d9c34a65fca6bdce3b29ed042bb";

/// SHA-256 of the 1,000 PMIDs in ascending order, joined by line feeds: the bits mean nothing for any other set.
const PMIDS_SHA_256: &str = "131b95858040c36349c82efd8a7a3b99de93f0b577a15a561c6c2c76efb25ae8";

/// The test split, if the items are exactly the 1,000 labelled ones; else what to tell.
pub(super) fn official_split(items: &[Item]) -> Result<Split, String> {
    let mut pmids: Vec<(u64, usize)> = items
        .iter()
        .enumerate()
        .filter_map(|(idx, item)| Some((item.id.0.parse().ok()?, idx)))
        .collect();
    pmids.sort_unstable();
    let list = pmids.iter().map(|(pmid, _)| pmid.to_string()).collect::<Vec<_>>().join("\n");
    if pmids.len() != items.len() || hex(&Sha256::digest(list)) != PMIDS_SHA_256 {
        return Err("These are not exactly the 1,000 labelled items of PubMedQA, so its official test split cannot be offered.".to_owned());
    }
    let mut item_idxs: Vec<usize> = pmids
        .iter()
        .enumerate()
        .filter(|(place, _)| is_set(*place))
        .map(|(_, (_, idx))| *idx)
        .collect();
    item_idxs.sort_unstable();
    Ok(Split { name: format!("official test split ({})", item_idxs.len()), item_idxs })
}

fn is_set(place: usize) -> bool {
    let digit =
        TEST_BITS.as_bytes().get(place / 4).and_then(|digit| char::from(*digit).to_digit(16));
    digit.is_some_and(|digit| digit & (8 >> (place % 4)) != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_a_thousand_bits_are_set() {
        assert_eq!(TEST_BITS.len(), 250);
        assert_eq!((0..1_000).filter(|place| is_set(*place)).count(), 500);
        assert!(!is_set(1_000));
    }

    #[test]
    fn another_set_of_items_gets_no_split() {
        assert!(official_split(&[]).is_err());
    }
}
