//! Owns the way from Rust to a wasm file and its JavaScript.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, anyhow};
use wasm_bindgen_cli_support::Bindgen;

use super::Mode;
use super::assets::{Files, read_tree};
use crate::process::{on_path, run, timed};
use crate::setup::Toolchain;
use crate::workspace::{Workspace, extension};

/// The name that the generated files begin with.
pub(super) const STEM: &str = "viva";

/// Name of the JavaScript that fetches the later parts. The program's own and this one import each other.
pub(super) const LOADER: &str = "viva_later.js";

/// What a browser runs: the module, its JavaScript, and snippets of JavaScript from dependencies.
pub(super) struct Program {
    pub(super) wasm: Vec<u8>,
    pub(super) js: String,
    /// Fetches the later parts when they are first needed.
    pub(super) loader: String,
    /// The later parts of the module, by name.
    pub(super) later: Files,
    /// By path below `snippets/`.
    pub(super) snippets: Files,
}

/// What wasm-opt may assume: features that every current browser has, named one by one because `--all-features`
/// writes modules that browsers refuse.
const WASM_FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// Compiles the page and returns the path of the raw wasm file.
pub(super) fn cargo(workspace: &Workspace, toolchain: &Toolchain, mode: Mode) -> Result<PathBuf> {
    let profile = match mode {
        Mode::Development => "wasm-dev",
        Mode::Release => "release",
    };
    // Types of views are erased: the page compiles in a fraction of the time, and is smaller. The relocations tell which
    // function needs which, so that the module can be split.
    let flags = ["--cfg", "erase_components", "-Clink-args=--emit-relocs"];
    let mut command = toolchain.cargo(workspace, "build", &flags);
    run(command.args(["--package", "viva", "--bin", "viva", "--profile", profile]))
        .context("the page does not compile")?;
    let directory = workspace.wasm_target().join("wasm32-unknown-unknown").join(profile);
    Ok(directory.join("viva.wasm"))
}

/// Splits the module into what the start page needs and the later parts. Returns the path of the first.
fn split(wasm: &Path, out: &Path) -> Result<PathBuf> {
    let whole = fs::read(wasm).with_context(|| format!("cannot read {}", wasm.display()))?;
    let first = out.join("first.wasm");
    let link_name = format!("./{LOADER}");
    let main_module = format!("./{STEM}.js");
    let mut options = wasm_split_cli_support::Options::new(&whole);
    options.output_dir = out;
    options.main_out_path = &first;
    options.link_name = &link_name;
    options.main_module = &main_module;
    wasm_split_cli_support::transform(options)
        .map_err(|error| anyhow!("{error:#}"))
        .context("the compiled page cannot be split")?;
    Ok(first)
}

/// Splits the module, and generates the JavaScript that loads it and the bindings between the two.
pub(super) fn bindgen(workspace: &Workspace, wasm: &Path, mode: Mode) -> Result<Program> {
    let (parts, out) = (workspace.scratch("parts"), workspace.scratch("bindgen"));
    for directory in [&parts, &out] {
        if directory.exists() {
            fs::remove_dir_all(directory)?;
        }
        fs::create_dir_all(directory)?;
    }
    let release = mode == Mode::Release;
    let first = split(wasm, &parts)?;
    Bindgen::new()
        .input_path(&first)
        // The later parts import what the first exports.
        .keep_lld_exports(true)
        .out_name(STEM)
        .web(true)
        .map_err(|error| anyhow!("{error:#}"))?
        .omit_default_module_path(false)
        .typescript(false)
        .remove_name_section(release)
        .remove_producers_section(release)
        .generate(&out)
        .map_err(|error| anyhow!("{error:#}"))
        .context("wasm-bindgen cannot process the compiled page")?;
    let snippets = out.join("snippets");
    let later = read_tree(&parts)?;
    Ok(Program {
        loader: fs::read_to_string(parts.join(LOADER))?,
        later: later
            .into_iter()
            .filter(|(name, _)| extension(name) == "wasm" && name != "first.wasm")
            .map(
                |(name, part)| {
                    if release { Ok((name, stripped(&part)?)) } else { Ok((name, part)) }
                },
            )
            .collect::<Result<_>>()?,
        wasm: fs::read(out.join(format!("{STEM}_bg.wasm")))?,
        js: fs::read_to_string(out.join(format!("{STEM}.js")))?,
        snippets: if snippets.is_dir() { read_tree(&snippets)? } else { Files::new() },
    })
}

/// The module without its custom sections: names and relocations that only tools read, a third of its size.
fn stripped(wasm: &[u8]) -> Result<Vec<u8>> {
    const HEADER: usize = 8;
    let cut_short = || anyhow!("a part of the split page is cut short");
    let mut kept = wasm.get(..HEADER).ok_or_else(cut_short)?.to_vec();
    let mut rest = wasm.get(HEADER..).unwrap_or_default();
    while let Some((id, after_id)) = rest.split_first() {
        let (size, n_bytes) = leb128(after_id).ok_or_else(cut_short)?;
        let end = 1 + n_bytes + size;
        let section = rest.get(..end).ok_or_else(cut_short)?;
        if *id != 0 {
            kept.extend_from_slice(section);
        }
        rest = rest.get(end..).unwrap_or_default();
    }
    Ok(kept)
}

/// An unsigned number of variable length, and how many bytes it takes.
fn leb128(bytes: &[u8]) -> Option<(usize, usize)> {
    let mut value = 0_usize;
    for (idx, byte) in bytes.iter().enumerate().take(5) {
        value |= usize::from(byte & 0x7f) << (7 * idx);
        if byte & 0x80 == 0 {
            return Some((value, idx + 1));
        }
    }
    None
}

/// Shrinks the module with wasm-opt where that is installed. It gains half a per cent after compression.
pub(super) fn optimise(workspace: &Workspace, program: &mut Program) -> Result<()> {
    let Some(wasm_opt) = on_path(&["wasm-opt"]) else { return Ok(()) };
    let (before, after) = (workspace.scratch("before.wasm"), workspace.scratch("after.wasm"));
    fs::write(&before, &program.wasm)?;
    let outcome = timed("Shrinking with wasm-opt", || {
        let mut command = Command::new(wasm_opt);
        run(command.arg("-Oz").args(WASM_FEATURES).arg(&before).arg("-o").arg(&after))
    });
    match outcome {
        Ok(()) => program.wasm = fs::read(&after)?,
        Err(error) => eprintln!("    {error:#}; going on without it"),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn custom_sections_are_dropped_and_the_others_kept() {
        let header = *b"\0asm\x01\0\0\0";
        let (custom, code) = ([0, 3, 2, b'h', b'i'], [10, 1, 0]);
        let module = [&header[..], &custom, &code, &custom].concat();
        assert_eq!(stripped(&module).unwrap(), [&header[..], &code].concat());
        assert!(stripped(&module[..10]).is_err());
        assert_eq!(leb128(&[0xe5, 0x8e, 0x26]), Some((624_485, 3)));
    }
}
