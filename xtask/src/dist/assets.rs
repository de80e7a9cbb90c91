//! Owns the set of files that make up the page: what is taken from the repository, and what each is called.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

use super::compile::{LOADER, Program, STEM};
use super::css;
use super::html::{self, Changes};
use crate::args::BuildOptions;
use crate::workspace::extension;

/// Contents by path below `dist/`, with `/` between its parts.
pub(super) type Files = BTreeMap<String, Vec<u8>>;

/// The whole page.
pub(super) struct Page {
    pub(super) files: Files,
    /// The files that a browser fetches before the page can be used, in the order of the page.
    pub(super) first_load: Vec<String>,
}

/// Puts together everything that `dist/` holds.
pub(super) fn assemble(root: &Path, program: Program, options: &BuildOptions) -> Result<Page> {
    let index_path = root.join("index.html");
    let index = fs::read_to_string(&index_path)
        .with_context(|| format!("cannot read {}", index_path.display()))?;
    let www: Files = read_tree(&root.join("www"))?.into_iter().map(below("www")).collect();
    let mut files = data_sets(&root.join("datasets"))?;
    let mut first_load = vec!["index.html".to_owned()];

    let style_sheet = add_style_sheet(&mut files, &www, &index)?;
    first_load.push(style_sheet.clone());
    let (mut names, later) = add_program(&mut files, program)?;
    for (path, bytes) in &www {
        let bytes = match extension(path) {
            "css" => continue,
            "js" => with_names(utf8(path, bytes)?, &names).into_bytes(),
            _ => bytes.clone(),
        };
        files.insert(path.clone(), bytes);
    }
    for path in html::references(&index) {
        // A file that the page names has its hash in its name; one that only the program names keeps its own.
        if let Some(bytes) = files.get(path).filter(|_| !names.contains_key(path)).cloned() {
            let name = hashed(path, &bytes);
            files.remove(path);
            files.insert(name.clone(), bytes);
            names.insert(path.to_owned(), name);
        }
    }
    first_load.extend(names.values().filter(|name| !later.contains(name)).cloned());
    let changes = Changes {
        names: &names,
        style_sheet: &style_sheet,
        prefix: options.public_url.as_str(),
        connect_src: options.connect_src.as_deref(),
    };
    files.insert("index.html".to_owned(), html::rewrite(&index, &changes)?.into_bytes());
    Ok(Page { files, first_load })
}

fn add_style_sheet(files: &mut Files, www: &Files, index: &str) -> Result<String> {
    let sheets = html::style_sheets(index).into_iter().map(|path| {
        let bytes = www.get(path).with_context(|| {
            format!("index.html links the style sheet {path}, and there is no such file")
        })?;
        utf8(path, bytes)
    });
    let sheet = css::join(sheets.collect::<Result<Vec<_>>>()?).into_bytes();
    // It lies among its sources so that what they refer to by relative path is found.
    let name = hashed(&format!("www/css/{STEM}.css"), &sheet);
    files.insert(name.clone(), sheet);
    Ok(name)
}

/// Adds the compiled program, and returns the final names of its files by those that its sources use, and which of
/// them are fetched later.
fn add_program(
    files: &mut Files,
    program: Program,
) -> Result<(BTreeMap<String, String>, Vec<String>)> {
    let mut names = BTreeMap::new();
    let mut add = |source: String, bytes: Vec<u8>| {
        let name = hashed(&source, &bytes);
        files.insert(name.clone(), bytes);
        names.insert(source, name);
    };
    for (path, bytes) in program.snippets {
        add(format!("snippets/{path}"), bytes);
    }
    add(format!("{STEM}_bg.wasm"), program.wasm);
    let mut later = vec![];
    for (path, bytes) in program.later {
        later.push(hashed(&path, &bytes));
        add(path, bytes);
    }
    let js = with_names(&program.js, &names);
    if js == program.js {
        bail!("the generated JavaScript does not name the module it loads");
    }
    // The two import each other, so that neither's final content can be in the other's name: both carry a hash of both.
    let loader = with_names(&program.loader, &names);
    let both = [js.as_bytes(), loader.as_bytes()].concat();
    for source in [format!("{STEM}.js"), LOADER.to_owned()] {
        names.insert(source.clone(), hashed(&source, &both));
    }
    for (source, js) in [(format!("{STEM}.js"), js), (LOADER.to_owned(), loader)] {
        let Some(name) = names.get(&source) else { continue };
        let mut js = with_names(&js, &names);
        // The module's imports go by the name that stands in the module itself, whatever the file is called.
        if let Some(loader) = names.get(LOADER) {
            js = js.replace(&format!("\"./{loader}\":"), &format!("\"./{LOADER}\":"));
        }
        files.insert(name.clone(), js.into_bytes());
    }
    Ok((names, later))
}

/// `js` with the final names in its string literals: `"../viva.js"` becomes `"../viva-0123456789abcdef.js"`.
fn with_names(js: &str, names: &BTreeMap<String, String>) -> String {
    let mut js = js.to_owned();
    for (source, name) in names {
        for quote in ['"', '\'', '`'] {
            for before in ["/", &quote.to_string()] {
                let (old, new) =
                    (format!("{before}{source}{quote}"), format!("{before}{name}{quote}"));
                js = js.replace(&old, &new);
            }
        }
    }
    js
}

/// The bundled questions: the JSON files of `datasets/`.
fn data_sets(directory: &Path) -> Result<Files> {
    let mut files = Files::new();
    if directory.is_dir() {
        let all = read_tree(directory)?;
        let json = all.into_iter().filter(|(path, _)| extension(path) == "json");
        files.extend(json.map(below("datasets")));
    }
    Ok(files)
}

fn below(directory: &str) -> impl Fn((String, Vec<u8>)) -> (String, Vec<u8>) {
    move |(path, bytes)| (format!("{directory}/{path}"), bytes)
}

/// `path` with a piece of the content's hash before the extension.
fn hashed(path: &str, bytes: &[u8]) -> String {
    let hash = Sha256::digest(bytes);
    let hash = hash.iter().take(8).fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").ok();
        text
    });
    match path.rsplit_once('.') {
        Some((stem, extension)) => format!("{stem}-{hash}.{extension}"),
        None => format!("{path}-{hash}"),
    }
}

fn utf8<'a>(path: &str, bytes: &'a [u8]) -> Result<&'a str> {
    str::from_utf8(bytes).with_context(|| format!("{path} is not UTF-8"))
}

/// Every file below `directory`, by its path there. Hidden files and documentation stay behind.
pub(super) fn read_tree(directory: &Path) -> Result<Files> {
    let mut files = Files::new();
    let entries = fs::read_dir(directory)
        .with_context(|| format!("cannot read the directory {}", directory.display()))?;
    for entry in entries {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else {
            bail!("{} has a name that is not UTF-8", entry.path().display());
        };
        if name.starts_with('.') || extension(&name) == "md" {
            continue;
        }
        if entry.file_type()?.is_dir() {
            files.extend(read_tree(&entry.path())?.into_iter().map(below(&name)));
        } else {
            let bytes = fs::read(entry.path())
                .with_context(|| format!("cannot read {}", entry.path().display()))?;
            files.insert(name, bytes);
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_changes_with_the_content_and_keeps_its_extension() {
        let one = hashed("www/boot.js", b"1");
        assert!(one.starts_with("www/boot-") && extension(&one) == "js", "{one}");
        assert_eq!(one.len(), "www/boot-0123456789abcdef.js".len());
        assert_ne!(one, hashed("www/boot.js", b"2"));
        assert_eq!(one, hashed("www/boot.js", b"1"));
    }

    #[test]
    fn names_change_only_in_whole_string_literals() {
        let names = [("viva.js".to_owned(), "viva-1.js".to_owned())].into();
        let js = "import '../viva.js'; f(\"viva.js\", `./viva.js`); // viva.js\nx('viva.json', 'aviva.js')";
        let expected = "import '../viva-1.js'; f(\"viva-1.js\", `./viva-1.js`); // viva.js\n\
                        x('viva.json', 'aviva.js')";
        assert_eq!(with_names(js, &names), expected);
    }

    #[test]
    fn the_page_of_this_repository_refers_only_to_what_exists() {
        let program = Program {
            wasm: b"wasm".to_vec(),
            js: "import './viva_later.js'; fetch(new URL('viva_bg.wasm', import.meta.url))".to_owned(),
            loader: "import { initSync } from \"./viva.js\"; fetch(new URL(\"./part.wasm\", import.meta.url))"
                .to_owned(),
            later: Files::from([("part.wasm".to_owned(), b"part".to_vec())]),
            snippets: Files::new(),
        };
        let root = crate::workspace::Workspace::find().root;
        let page = assemble(&root, program, &BuildOptions::default()).unwrap();
        for name in &page.first_load {
            assert!(page.files.contains_key(name), "{name}");
        }
        assert!(!page.first_load.iter().any(|name| name.contains("part")), "parts come later");
        let part = page.files.keys().find(|name| name.starts_with("part-")).unwrap();
        let named = |text: &str, name: &str| text.contains(&format!("/{name}"));
        let loader = page.first_load.iter().find(|name| name.starts_with("viva_later-")).unwrap();
        let loader_text = utf8(loader, &page.files[loader]).unwrap();
        assert!(named(loader_text, part) && loader_text.contains("/viva-"), "{loader_text}");
        let wasm = page.first_load.iter().find(|name| extension(name) == "wasm").unwrap();
        let js = page
            .first_load
            .iter()
            .find(|name| name.starts_with("viva-") && extension(name) == "js");
        let js = js.unwrap();
        assert!(utf8(js, &page.files[js]).unwrap().contains(wasm.as_str()));
        let boot = page.first_load.iter().find(|name| name.starts_with("www/boot-")).unwrap();
        assert!(utf8(boot, &page.files[boot]).unwrap().contains(js.as_str()));
        let index = utf8("index.html", &page.files["index.html"]).unwrap();
        assert!(
            index.contains(&format!("\"./{boot}\"")) && index.contains(&format!("\"./{wasm}\""))
        );
    }
}
