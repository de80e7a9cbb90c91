//! Owns what people type to name a set on Hugging Face: an id, or an address copied from the browser.

use serde::{Deserialize, Serialize};

use super::address::{decoded, is_label, is_path, is_repository};
use super::{ByHand, Entry, Licence, Part, Place, Role, Rules};
use crate::dataset::record::KindRecord;

/// What was named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HubAddress {
    /// A set, of which a split is still to be chosen.
    Dataset {
        /// `owner/name`.
        dataset: String,
    },
    /// A split of a set.
    Split(SplitName),
    /// A file.
    File {
        /// `owner/name`.
        dataset: String,
        /// Branch or commit.
        revision: String,
        /// Path in the repository.
        path: String,
    },
}

/// Names a split.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SplitName {
    /// `owner/name`.
    pub dataset: String,
    /// Name of the configuration.
    pub config: String,
    /// Name of the split.
    pub split: String,
}

impl HubAddress {
    /// Reads `owner/name`, the address of a set or of its viewer, or that of one of its files; what to do otherwise.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let bare = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        let bare = bare.unwrap_or(text);
        let bare = bare.split(['?', '#']).next().unwrap_or_default();
        let hosts = ["huggingface.co/", "www.huggingface.co/", "hf.co/"];
        let on_hub = hosts.iter().find_map(|host| bare.strip_prefix(host));
        let path = match on_hub {
            Some(path) => path.strip_prefix("datasets/").ok_or_else(|| {
                "This address of Hugging Face is not that of a dataset: it has no /datasets/ in it."
                    .to_owned()
            })?,
            None if text.contains("://") => {
                return Err("Only addresses of huggingface.co can be loaded. Download the file and open it here.".to_owned());
            }
            None => bare.strip_prefix("datasets/").unwrap_or(bare),
        };
        let parts: Vec<String> =
            path.split('/').filter(|part| !part.is_empty()).map(decoded).collect();
        let [owner, name, rest @ ..] = parts.as_slice() else { return Err(unknown(text)) };
        let dataset = format!("{owner}/{name}");
        if !is_repository(&dataset) {
            return Err(unknown(text));
        }
        match rest {
            [verb, revision, path @ ..]
                if matches!(verb.as_str(), "resolve" | "blob" | "raw") && !path.is_empty() =>
            {
                let (revision, path) = (revision.clone(), path.join("/"));
                if !is_path(&revision) || !is_path(&path) {
                    return Err(unknown(text));
                }
                Ok(Self::File { dataset, revision, path })
            }
            [verb, config, split, ..]
                if verb == "viewer" && is_label(config) && is_label(split) =>
            {
                let (config, split) = (config.clone(), split.clone());
                Ok(Self::Split(SplitName { dataset, config, split }))
            }
            _ => Ok(Self::Dataset { dataset }),
        }
    }

    /// A split by its names, if these can be names; what to do otherwise.
    pub fn split(name: SplitName) -> Result<Self, String> {
        if is_repository(&name.dataset) && is_label(&name.config) && is_label(&name.split) {
            return Ok(Self::Split(name));
        }
        Err("A configuration and a split are names of one line. Copy them from the page of the dataset.".to_owned())
    }

    /// `owner/name`.
    pub fn dataset(&self) -> &str {
        match self {
            Self::Dataset { dataset } | Self::File { dataset, .. } => dataset,
            Self::Split(split) => &split.dataset,
        }
    }

    /// The entry of a set that is in no catalogue. Its places are empty as long as no split is chosen.
    pub fn entry(&self) -> Entry {
        let dataset = self.dataset();
        let (places, split) = match self {
            Self::Dataset { .. } => (vec![], String::new()),
            Self::Split(SplitName { dataset, config, split }) => {
                let rows = Place::HuggingFaceRows {
                    dataset: dataset.clone(),
                    config: config.clone(),
                    split: split.clone(),
                    only: None,
                    at_most: None,
                    confirmed: false,
                };
                let copy = copy_in_parquet(dataset, config, split);
                (std::iter::once(rows).chain(copy).collect(), format!("{config}, {split}"))
            }
            Self::File { dataset, revision, path } => {
                let place = Place::HuggingFaceFile {
                    dataset: dataset.clone(),
                    revision: revision.clone(),
                    path: path.clone(),
                    sha256: None,
                    confirmed: false,
                };
                (vec![place], path.clone())
            }
        };
        let page = format!("https://huggingface.co/datasets/{dataset}");
        let slug = |char: char| match char.to_ascii_lowercase() {
            char @ ('a'..='z' | '0'..='9') => char,
            _ => '-',
        };
        // Two splits of a set are two sets of questions.
        let named: Vec<&str> = match self {
            Self::Dataset { dataset } => vec![dataset],
            Self::Split(SplitName { dataset, config, split }) => vec![dataset, config, split],
            Self::File { dataset, path, .. } => vec![dataset, path],
        };
        Entry {
            id: format!("hf-{}", named.join("-").chars().map(slug).collect::<String>()),
            title: dataset.to_owned(),
            group: String::new(),
            measures: String::new(),
            n_items: 0,
            split,
            language: String::new(),
            kinds: Vec::<KindRecord>::new(),
            metric: String::new(),
            licence: Licence { name: String::new(), conflict: None },
            traps: vec![],
            scores: vec![],
            by_hand: vec![ByHand {
                url: format!("{page}/tree/main"),
                note: "Choose a file there, download it, and open it here.".to_owned(),
            }],
            page,
            do_not_show: false,
            parts: vec![Part {
                name: "row".to_owned(),
                role: Role::Questions,
                n_rows: None,
                optional: false,
                places,
            }],
            rules: Rules::default(),
            has_official_split: false,
            unconfirmed: vec![],
        }
    }
}

/// The copy that Hugging Face makes of a split; of a set beyond some 500 MB, its first part.
fn copy_in_parquet(dataset: &str, config: &str, split: &str) -> Option<Place> {
    let path = format!("{config}/{split}/0000.parquet");
    is_path(&path).then(|| Place::HuggingFaceFile {
        dataset: dataset.to_owned(),
        revision: "refs/convert/parquet".to_owned(),
        path,
        sha256: None,
        confirmed: false,
    })
}

fn unknown(text: &str) -> String {
    let shown: String = text.chars().take(80).collect();
    format!(
        "{shown:?} names no set on Hugging Face. Type owner/name, or copy the address of the set's page or of one of its files."
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parsed(text: &str) -> HubAddress {
        HubAddress::parse(text).unwrap_or_else(|reason| panic!("{text}: {reason}"))
    }

    #[test]
    fn ids_pages_viewers_and_files_are_told_apart() {
        let whole = HubAddress::Dataset { dataset: "o/n.a-me".into() };
        for text in [
            "o/n.a-me",
            " https://huggingface.co/datasets/o/n.a-me ",
            "https://hf.co/datasets/o/n.a-me/",
            "huggingface.co/datasets/o/n.a-me/tree/main/data",
            "datasets/o/n.a-me",
            "https://huggingface.co/datasets/o/n.a-me/viewer",
            "https://huggingface.co/datasets/o/n.a-me?row=3#x",
        ] {
            assert_eq!(parsed(text), whole, "{text}");
        }
        assert_eq!(
            parsed("https://huggingface.co/datasets/o/n/viewer/my%20config/test?row=1"),
            HubAddress::Split(SplitName {
                dataset: "o/n".into(),
                config: "my config".into(),
                split: "test".into()
            })
        );
        let file = HubAddress::File {
            dataset: "o/n".into(),
            revision: "main".into(),
            path: "data/a b.csv".into(),
        };
        assert_eq!(
            parsed("https://huggingface.co/datasets/o/n/resolve/main/data/a%20b.csv?download=true"),
            file
        );
        assert_eq!(parsed("https://huggingface.co/datasets/o/n/blob/main/data/a b.csv"), file);
    }

    #[test]
    fn everything_else_is_refused_with_what_to_do() {
        for text in [
            "",
            "name",
            "https://example.org/datasets/o/n",
            "https://huggingface.co/o/n",
            "https://huggingface.co/datasets/o",
            "o/n/resolve/main/../x",
            "javascript://huggingface.co/datasets/o/n",
            "https://huggingface.co.example.org/datasets/o/n",
            "https://huggingface.co@example.org/datasets/o/n",
            "https://huggingface.co/datasets/o/n/resolve/../x",
        ] {
            assert!(HubAddress::parse(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn anything_ends_and_an_address_stays_on_the_hub(text in "(https://|huggingface.co/|datasets/|resolve/|viewer/|%|\\.\\./|[a-z/@?#]|.){0,12}") {
            if let Ok(address) = HubAddress::parse(&text) {
                for part in address.entry().parts {
                    for place in part.places {
                        let url = place.url(0);
                        let is_known = url.starts_with("https://huggingface.co/datasets/")
                            || url.starts_with("https://datasets-server.huggingface.co/rows?");
                        prop_assert!(is_known && !url.contains("/../"), "{}", url);
                    }
                }
            }
        }
    }
}
