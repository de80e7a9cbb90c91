//! Owns the addresses of places: how names become URLs, and which names may.

use super::Place;
use crate::text::percent_encoded;

/// Rows that the server gives at once at most (huggingface/dataset-viewer, docs/source/rows.md).
pub(super) const N_PER_PAGE: usize = 100;

const HUB: &str = "https://huggingface.co";
const SERVER: &str = "https://datasets-server.huggingface.co";
const GITHUB_RAW: &str = "https://raw.githubusercontent.com";

/// The address of up to a hundred rows from `offset` on; with a condition, of those rows that meet it.
pub fn rows_url(
    dataset: &str,
    config: &str,
    split: &str,
    only: Option<&str>,
    offset: usize,
) -> String {
    let [dataset, config, split] = [dataset, config, split].map(percent_encoded);
    let (endpoint, condition) = match only {
        Some(only) => ("filter", format!("&where={}", percent_encoded(only))),
        None => ("rows", String::new()),
    };
    format!(
        "{SERVER}/{endpoint}?dataset={dataset}&config={config}&split={split}{condition}&offset={offset}&length={N_PER_PAGE}"
    )
}

/// The address that lists the configurations and splits of a set.
pub(super) fn splits_url(dataset: &str) -> String {
    format!("{SERVER}/splits?dataset={}", percent_encoded(dataset))
}

impl Place {
    /// The address to fetch: of the file, or of the rows from `offset` on.
    pub(super) fn url(&self, offset: usize) -> String {
        match self {
            Self::HuggingFaceFile { dataset, revision, path, .. } => {
                // A revision such as refs/convert/parquet is one segment there.
                let (revision, path) = (percent_encoded(revision), encoded_path(path));
                format!("{HUB}/datasets/{}/resolve/{revision}/{path}", encoded_path(dataset))
            }
            Self::HuggingFaceRows { dataset, config, split, only, .. } => {
                rows_url(dataset, config, split, only.as_deref(), offset)
            }
            Self::GithubFile { repository, revision, path, .. } => {
                let [repository, revision, path] =
                    [repository, revision, path].map(|part| encoded_path(part));
                format!("{GITHUB_RAW}/{repository}/{revision}/{path}")
            }
        }
    }

    /// Name of the file that comes from there, for messages and to open it.
    pub(super) fn file_name(&self) -> String {
        match self {
            Self::HuggingFaceFile { path, .. } | Self::GithubFile { path, .. } => {
                path.rsplit('/').next().unwrap_or(path).to_owned()
            }
            Self::HuggingFaceRows { config, split, .. } => format!("{config}-{split}.json"),
        }
    }

    /// What is taken from there, for people: the repository, and what of it.
    pub fn what(&self) -> String {
        match self {
            Self::HuggingFaceFile { dataset, path, .. } => format!("{dataset}, {path}"),
            Self::HuggingFaceRows { dataset, config, split, .. } => {
                format!("{dataset}, {config}, {split}")
            }
            Self::GithubFile { repository, path, .. } => format!("{repository}, {path}"),
        }
    }

    /// Whose place it is, for people.
    pub fn host(&self) -> &'static str {
        match self {
            Self::HuggingFaceFile { .. } => "Hugging Face (the file)",
            Self::HuggingFaceRows { .. } => "Hugging Face (row by row)",
            Self::GithubFile { .. } => "GitHub",
        }
    }

    /// The SHA-256 that the file had, where it is known.
    pub(super) fn sha256(&self) -> Option<&str> {
        match self {
            Self::HuggingFaceFile { sha256, .. } | Self::GithubFile { sha256, .. } => {
                sha256.as_deref()
            }
            Self::HuggingFaceRows { .. } => None,
        }
    }

    /// Whether a whole file comes from there, and not pages of rows.
    pub(super) fn is_file(&self) -> bool {
        !matches!(self, Self::HuggingFaceRows { .. })
    }
}

/// Whether it is `owner/name` of letters, digits, `-`, `_` and `.`.
pub(super) fn is_repository(text: &str) -> bool {
    text.split_once('/').is_some_and(|(owner, name)| is_name(owner) && is_name(name))
}

/// Whether it can be the name of a branch, a commit, a configuration or a split: one line, nothing odd.
pub(super) fn is_label(text: &str) -> bool {
    !text.is_empty() && text.len() <= 200 && !text.chars().any(char::is_control)
}

/// Whether it is a path inside a repository that stays there.
pub(super) fn is_path(text: &str) -> bool {
    is_label(text) && text.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

fn is_name(text: &str) -> bool {
    let is_fit = |char: char| char.is_ascii_alphanumeric() || "-_.".contains(char);
    (1..=96).contains(&text.len()) && text.chars().all(is_fit) && !text.starts_with('.')
}

fn encoded_path(path: &str) -> String {
    path.split('/').map(percent_encoded).collect::<Vec<_>>().join("/")
}

/// Reads percent-encoded text; text that is not soundly encoded stays as it is.
pub(super) fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let digits = || text.get(at + 1..at + 3).and_then(|hex| u8::from_str_radix(hex, 16).ok());
        if let Some(byte) = digits().filter(|_| *byte == b'%') {
            decoded.push(byte);
            at += 3;
        } else {
            decoded.push(*byte);
            at += 1;
        }
    }
    String::from_utf8(decoded).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_become_addresses_and_nothing_else() {
        let rows = rows_url("cais/mmlu", "all", "test", None, 100);
        assert_eq!(
            rows,
            "https://datasets-server.huggingface.co/rows?dataset=cais%2Fmmlu&config=all&split=test&offset=100&length=100"
        );
        let filter = rows_url("a/b", "c", "d", Some("\"category\"='health'"), 0);
        assert!(
            filter.contains("/filter?") && filter.contains("&where=%22category%22%3D%27health%27&")
        );
        let place = Place::HuggingFaceFile {
            dataset: "a/b".into(),
            revision: "main".into(),
            path: "data/x y.csv".into(),
            sha256: None,
            confirmed: true,
        };
        assert_eq!(place.url(0), "https://huggingface.co/datasets/a/b/resolve/main/data/x%20y.csv");
        assert_eq!(place.file_name(), "x y.csv");
        for bad in ["a", "a/b/c", "/b", "a/", "../b", "a/b?x", "a b/c"] {
            assert!(!is_repository(bad), "{bad}");
        }
        for bad in ["", "/x", "a//b", "../x", "a/..", "a\nb"] {
            assert!(!is_path(bad), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn what_is_encoded_comes_back(text in ".{0,40}") {
            prop_assert_eq!(decoded(&percent_encoded(&text)), text);
        }

        #[test]
        fn decoding_anything_ends(text in "(%|[0-9a-fA-F]|é|.){0,40}") {
            let _ = decoded(&text);
        }
    }
}
