//! Owns picking among versions: of compilers, and of names that end in one.

/// The major and minor version in the first line of `rustc -V`.
pub(super) fn rustc_version(text: &str) -> Option<(u32, u32)> {
    let mut numbers = text.strip_prefix("rustc ")?.split('.');
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

/// The name with the highest number after `prefix`: `wasm-ld-22` before `wasm-ld-9`.
pub(super) fn highest_numbered<'a>(
    names: impl IntoIterator<Item = &'a str>,
    prefix: &str,
) -> Option<&'a str> {
    let numbered = names.into_iter().filter_map(|name| {
        let number: u32 = name.strip_prefix(prefix)?.parse().ok()?;
        Some((number, name))
    });
    numbered.max().map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_linker_is_the_highest_by_number_and_not_by_letter() {
        let names =
            ["wasm-ld-9", "wasm-ld-22", "wasm-ld-19", "wasm-ld", "wasm-ld-22.bak", "lld-99"];
        assert_eq!(highest_numbered(names, "wasm-ld-"), Some("wasm-ld-22"));
        assert_eq!(highest_numbered(["wasm-ld"], "wasm-ld-"), None);
    }

    #[test]
    fn a_compiler_version_is_read_from_what_it_prints() {
        let text = "rustc 1.96.0 (ac68faa20 2026-05-25) (built from a source tarball)\n";
        assert_eq!(rustc_version(text), Some((1, 96)));
        assert_eq!(rustc_version("rustc 1.98.0-nightly (abc 2026-09-01)"), Some((1, 98)));
        assert_eq!(rustc_version("cargo 1.96.0"), None);
    }
}
