//! Owns the command line: words in, a typed command out.

pub(crate) const USAGE: &str = "\
Usage: cargo xtask <command>

  serve [--port 8080] [--open]   build for development and serve dist/ on http://localhost:8080
  build [--public-url /path/]    write the release page to dist/; references are relative unless
        [--connect-src \"...\"]    a path is given; --connect-src narrows the hosts that may be called
  test                           run every test: native, then end to end in Chromium
  lint                           check formatting and run clippy, natively and for wasm32
  bench [arguments]              measure the release page; arguments go to the benchmark

Each command installs what it needs, or names what is missing and what to type.";

/// What the person asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command {
    Help,
    Serve(ServeOptions),
    Build(BuildOptions),
    Test,
    Lint,
    Bench(Vec<String>),
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ServeOptions {
    pub(crate) port: u16,
    pub(crate) open: bool,
}

#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct BuildOptions {
    pub(crate) public_url: PublicUrl,
    pub(crate) connect_src: Option<String>,
}

/// What stands before every reference in the page: `./`, or an absolute path with a slash at both ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PublicUrl(String);

impl Default for PublicUrl {
    fn default() -> Self {
        Self("./".to_owned())
    }
}

impl PublicUrl {
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        if text == "." || text == "./" {
            return Ok(Self::default());
        }
        let plain = |c: char| c.is_ascii_alphanumeric() || "-._~/".contains(c);
        if !text.starts_with('/') || text.starts_with("//") || !text.chars().all(plain) {
            return Err(format!("--public-url takes a path such as /viva/, not \"{text}\""));
        }
        let slash = if text.ends_with('/') { "" } else { "/" };
        Ok(Self(format!("{text}{slash}")))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Reads the words after `cargo xtask`. An error is a sentence for the person who typed them.
pub(crate) fn parse(words: impl Iterator<Item = String>) -> Result<Command, String> {
    let mut words = words.flat_map(split_equals).peekable();
    let Some(name) = words.next() else { return Ok(Command::Help) };
    let command = match name.as_str() {
        "help" | "-h" | "--help" => return Ok(Command::Help),
        "bench" => return Ok(Command::Bench(words.collect())),
        "serve" => Command::Serve(parse_serve(&mut words)?),
        "build" => Command::Build(parse_build(&mut words)?),
        "test" => Command::Test,
        "lint" => Command::Lint,
        other => return Err(format!("There is no command \"{other}\".")),
    };
    match words.next() {
        None => Ok(command),
        Some(flag) if flag == "-h" || flag == "--help" => Ok(Command::Help),
        Some(extra) => Err(format!("\"{name}\" does not take \"{extra}\".")),
    }
}

/// `--port=1` is the two words `--port 1`.
fn split_equals(word: String) -> Vec<String> {
    match word.split_once('=') {
        Some((flag, value)) if flag.starts_with("--") => vec![flag.to_owned(), value.to_owned()],
        _ => vec![word],
    }
}

type Words<'a, I> = &'a mut std::iter::Peekable<I>;

fn parse_serve<I: Iterator<Item = String>>(words: Words<'_, I>) -> Result<ServeOptions, String> {
    let mut options = ServeOptions { port: 8080, open: false };
    while let Some(flag) = words.next_if(|word| word == "--port" || word == "--open") {
        if flag == "--open" {
            options.open = true;
        } else {
            let value = value_of(&flag, words)?;
            options.port = value.parse().map_err(|_not_a_port| {
                format!("--port takes a number up to 65535, not \"{value}\".")
            })?;
        }
    }
    Ok(options)
}

fn parse_build<I: Iterator<Item = String>>(words: Words<'_, I>) -> Result<BuildOptions, String> {
    let mut options = BuildOptions::default();
    while let Some(flag) = words.next_if(|word| word == "--public-url" || word == "--connect-src") {
        let value = value_of(&flag, words)?;
        if flag == "--public-url" {
            options.public_url = PublicUrl::parse(&value)?;
        } else if value.contains([';', ',', '"', '<', '>', '&']) {
            return Err("--connect-src takes sources separated by spaces, such as \
                        \"'self' https://api.example.com\"."
                .to_owned());
        } else {
            options.connect_src = Some(value);
        }
    }
    Ok(options)
}

fn value_of<I: Iterator<Item = String>>(flag: &str, words: Words<'_, I>) -> Result<String, String> {
    words.next().ok_or_else(|| format!("{flag} needs a value."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Command, String> {
        parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn serve_listens_on_8080_unless_told_otherwise() {
        assert_eq!(read("serve"), Ok(Command::Serve(ServeOptions { port: 8080, open: false })));
        let expected = Ok(Command::Serve(ServeOptions { port: 9000, open: true }));
        assert_eq!(read("serve --open --port 9000"), expected);
        assert_eq!(read("serve --port=9000 --open"), expected);
    }

    #[test]
    fn a_port_that_is_no_port_is_refused_with_its_value() {
        assert!(read("serve --port 70000").unwrap_err().contains("70000"));
        assert!(read("serve --port").unwrap_err().contains("needs a value"));
    }

    #[test]
    fn a_public_url_has_a_slash_at_both_ends() {
        for text in ["/viva", "/viva/"] {
            assert_eq!(PublicUrl::parse(text).unwrap().as_str(), "/viva/");
        }
        assert_eq!(PublicUrl::parse("/").unwrap().as_str(), "/");
        assert_eq!(PublicUrl::default(), PublicUrl::parse("./").unwrap());
        for text in ["viva", "https://example.org/", "//example.org/", "/a\"b/", ""] {
            assert!(PublicUrl::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn connect_src_cannot_smuggle_in_another_directive() {
        let words = ["build", "--connect-src", "'self'; script-src *"].map(str::to_owned);
        assert!(parse(words.into_iter()).is_err());
        let words = ["build", "--connect-src", "'self' https://a.example"].map(str::to_owned);
        let Ok(Command::Build(options)) = parse(words.into_iter()) else { panic!("not read") };
        assert_eq!(options.connect_src.as_deref(), Some("'self' https://a.example"));
    }

    #[test]
    fn unknown_words_are_named() {
        assert!(read("sreve").unwrap_err().contains("sreve"));
        assert!(read("test --fast").unwrap_err().contains("--fast"));
        assert_eq!(read("build --help"), Ok(Command::Help));
        assert_eq!(read(""), Ok(Command::Help));
    }

    #[test]
    fn bench_hands_its_words_on() {
        let expected = Command::Bench(vec!["--items".to_owned(), "20".to_owned()]);
        assert_eq!(read("bench --items 20"), Ok(expected));
    }
}
