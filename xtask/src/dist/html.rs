//! Owns what the build reads from `index.html` and changes in it: references, style sheets, and one line of the policy.

use std::collections::BTreeMap;

use anyhow::{Result, bail};

/// What takes the place of what the source page says.
pub(super) struct Changes<'a> {
    /// Final paths by source paths, without prefix.
    pub(super) names: &'a BTreeMap<String, String>,
    /// The path of the one style sheet.
    pub(super) style_sheet: &'a str,
    /// What stands before every path.
    pub(super) prefix: &'a str,
    /// The `connect-src` directive's sources, where other than the page's own.
    pub(super) connect_src: Option<&'a str>,
}

/// The style sheets that the page links, in order.
pub(super) fn style_sheets(html: &str) -> Vec<&str> {
    tags(html).filter(is_style_sheet).filter_map(|tag| tag.value("href")).collect()
}

/// The other files of its own that the page refers to, in order.
pub(super) fn references(html: &str) -> Vec<&str> {
    tags(html).filter(|tag| !is_style_sheet(tag)).filter_map(|tag| tag.reference()).collect()
}

/// The page as it is shipped.
pub(super) fn rewrite(html: &str, changes: &Changes<'_>) -> Result<String> {
    let mut out = String::with_capacity(html.len());
    let mut copied = 0;
    let mut style_sheet_linked = false;
    let mut policy_found = false;
    for tag in tags(html) {
        let replaced = if is_style_sheet(&tag) {
            if style_sheet_linked {
                // The line of a link that goes goes with it.
                out.push_str(html[copied..tag.start].trim_end());
                copied = tag.start + tag.text.len();
                continue;
            }
            style_sheet_linked = true;
            let path = format!("{}{}", changes.prefix, changes.style_sheet);
            tag.with_value("href", &path)
        } else if tag.is_policy() {
            policy_found = true;
            match changes.connect_src {
                Some(sources) => tag.with_value("content", &tag.policy_connecting_to(sources)?),
                None => continue,
            }
        } else if let Some(source) = tag.reference() {
            let Some(name) = changes.names.get(source) else {
                bail!("index.html refers to {source}, and there is no such file");
            };
            tag.with_value(tag.reference_attribute(), &format!("{}{name}", changes.prefix))
        } else {
            continue;
        };
        out.push_str(&html[copied..tag.start]);
        out.push_str(&replaced);
        copied = tag.start + tag.text.len();
    }
    out.push_str(&html[copied..]);
    if !policy_found {
        bail!("index.html has no Content-Security-Policy");
    }
    Ok(out)
}

/// One start tag of the page.
struct Tag<'a> {
    /// Where it begins in the page.
    start: usize,
    /// From `<` to `>`.
    text: &'a str,
    name: &'a str,
    attributes: Vec<Attribute<'a>>,
}

struct Attribute<'a> {
    name: &'a str,
    value: &'a str,
    /// Where the value begins in the tag.
    at: usize,
}

impl<'a> Tag<'a> {
    fn value(&self, name: &str) -> Option<&'a str> {
        self.attributes.iter().find(|attribute| attribute.name == name).map(|found| found.value)
    }

    fn reference_attribute(&self) -> &'static str {
        if self.name == "link" { "href" } else { "src" }
    }

    /// The page's own file that this tag refers to.
    fn reference(&self) -> Option<&'a str> {
        if !matches!(self.name, "link" | "script" | "img") {
            return None;
        }
        let path = self.value(self.reference_attribute())?;
        let elsewhere = path.starts_with('#') || path.split('/').next()?.contains(':');
        (!elsewhere).then_some(path)
    }

    fn is_policy(&self) -> bool {
        self.name == "meta" && self.value("http-equiv") == Some("Content-Security-Policy")
    }

    fn policy_connecting_to(&self, sources: &str) -> Result<String> {
        let policy = self.value("content").unwrap_or_default();
        let mut found = false;
        let directives = policy.split(';').map(str::trim).map(|directive| {
            if directive.starts_with("connect-src ") {
                found = true;
                format!("connect-src {sources}")
            } else {
                directive.to_owned()
            }
        });
        let policy = directives.collect::<Vec<_>>().join("; ");
        if !found {
            bail!("the Content-Security-Policy of index.html has no connect-src");
        }
        Ok(policy)
    }

    fn with_value(&self, name: &str, value: &str) -> String {
        let mut text = self.text.to_owned();
        if let Some(attribute) = self.attributes.iter().find(|attribute| attribute.name == name) {
            text.replace_range(attribute.at..attribute.at + attribute.value.len(), value);
        }
        text
    }
}

fn is_style_sheet(tag: &Tag<'_>) -> bool {
    tag.name == "link" && tag.value("rel") == Some("stylesheet")
}

/// The start tags of `html`, without what is inside comments.
fn tags(html: &str) -> impl Iterator<Item = Tag<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let start = at + html[at..].find('<')?;
            let rest = &html[start..];
            if rest.starts_with("<!--") {
                at = start + rest.find("-->").map_or(rest.len(), |end| end + 3);
                continue;
            }
            if !rest[1..].starts_with(|c: char| c.is_ascii_alphabetic()) {
                at = start + 1;
                continue;
            }
            let tag = read_tag(rest, start);
            at = start + tag.text.len();
            return Some(tag);
        }
    })
}

/// Reads the start tag that `text` begins with.
fn read_tag(text: &str, start: usize) -> Tag<'_> {
    let ends_name = |c: char| c.is_ascii_whitespace() || c == '>' || c == '/';
    let mut at = 1 + text[1..].find(ends_name).unwrap_or(text.len() - 1);
    let name = &text[1..at];
    let mut attributes = Vec::new();
    loop {
        let between = |c: char| c.is_ascii_whitespace() || c == '/';
        at += text[at..].len() - text[at..].trim_start_matches(between).len();
        let rest = &text[at..];
        if rest.is_empty() || rest.starts_with('>') {
            at += usize::from(!rest.is_empty());
            return Tag { start, text: &text[..at], name, attributes };
        }
        let ends = |c: char| c.is_ascii_whitespace() || matches!(c, '=' | '>');
        let name_length = rest.find(ends).unwrap_or(rest.len()).max(1);
        let attribute_name = &rest[..name_length];
        at += name_length;
        let mut value = "";
        let mut value_at = at;
        if let Some(assigned) = text[at..].strip_prefix('=') {
            at += 1;
            let quote = assigned.chars().next().filter(|c| matches!(c, '"' | '\''));
            at += usize::from(quote.is_some());
            let ends = |c: char| match quote {
                Some(quote) => c == quote,
                None => c.is_ascii_whitespace() || c == '>',
            };
            let length = text[at..].find(ends).unwrap_or(text.len() - at);
            (value, value_at) = (&text[at..at + length], at);
            at += length + usize::from(quote.is_some() && at + length < text.len());
        }
        attributes.push(Attribute { name: attribute_name, value, at: value_at });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r#"<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="default-src 'none'; connect-src 'self' https:; base-uri 'none'">
  <!-- <link rel="stylesheet" href="not/this.css"> -->
  <link rel="stylesheet" href="www/css/a.css">
  <link rel="stylesheet" href="www/css/b.css">
  <link rel=icon href='www/icon.svg'/>
  <script type="module" src="www/boot.js" async></script>
</head>
<body><p>1 < 2</p><a href="https://example.org/">x</a></body>
</html>
"#;

    fn names() -> BTreeMap<String, String> {
        [("www/icon.svg", "www/icon-1.svg"), ("www/boot.js", "www/boot-2.js")]
            .map(|(source, name)| (source.to_owned(), name.to_owned()))
            .into()
    }

    fn shipped(prefix: &str, connect_src: Option<&str>) -> String {
        let names = names();
        let changes =
            Changes { names: &names, style_sheet: "www/css/viva-3.css", prefix, connect_src };
        rewrite(PAGE, &changes).unwrap()
    }

    #[test]
    fn style_sheets_are_listed_in_order_and_those_in_comments_are_not() {
        assert_eq!(style_sheets(PAGE), ["www/css/a.css", "www/css/b.css"]);
    }

    #[test]
    fn references_are_the_files_of_the_page_and_not_links_to_follow() {
        assert_eq!(references(PAGE), ["www/icon.svg", "www/boot.js"]);
    }

    #[test]
    fn all_style_sheets_become_one_link() {
        let page = shipped("./", None);
        assert_eq!(style_sheets(&page), ["./www/css/viva-3.css"]);
        assert!(page.contains("viva-3.css\">\n  <link rel=icon"), "{page}");
    }

    #[test]
    fn references_take_their_final_names_below_the_public_path() {
        assert_eq!(references(&shipped("./", None)), ["./www/icon-1.svg", "./www/boot-2.js"]);
        let below = shipped("/viva/", None);
        assert_eq!(references(&below), ["/viva/www/icon-1.svg", "/viva/www/boot-2.js"]);
        assert!(below.contains(" async></script>"));
    }

    #[test]
    fn only_the_connect_directive_of_the_policy_changes() {
        let page = shipped("./", Some("'self' https://a.example"));
        let policy = "default-src 'none'; connect-src 'self' https://a.example; base-uri 'none'";
        assert!(page.contains(&format!("content=\"{policy}\"")), "{page}");
        assert!(shipped("./", None).contains("connect-src 'self' https:;"));
    }

    #[test]
    fn a_reference_to_no_file_is_an_error_that_names_it() {
        let names = BTreeMap::new();
        let changes =
            Changes { names: &names, style_sheet: "s.css", prefix: "./", connect_src: None };
        assert!(rewrite(PAGE, &changes).unwrap_err().to_string().contains("www/icon.svg"));
    }

    #[test]
    fn a_page_without_a_policy_is_refused() {
        let names = BTreeMap::new();
        let changes =
            Changes { names: &names, style_sheet: "s.css", prefix: "./", connect_src: None };
        assert!(rewrite("<p>No policy.</p>", &changes).is_err());
    }

    #[test]
    fn a_broken_tag_at_the_end_is_left_alone() {
        for html in ["<", "<a", "<a href", "<a href=", "<a href=\"x", "<!-- x", "<a =x>"] {
            assert!(style_sheets(html).is_empty());
        }
    }
}
