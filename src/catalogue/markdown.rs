//! What Markdown in the catalogue may hold: text with structure, nothing that runs or loads.
//! Holds always: no published body has raw HTML, an image, or a link that is not https.

use pulldown_cmark::{Event, Parser, Tag};

use crate::http::problem::Fault;

/// Notes what `text` holds that it may not; `pointer` is where the text stands.
pub fn check(pointer: &str, text: &str, faults: &mut Vec<Fault>) {
    let mut found: Vec<(&'static str, &str)> = Vec::new();
    for event in Parser::new(text) {
        match event {
            Event::Html(_) | Event::InlineHtml(_) => found.push(("raw_html", "Raw HTML is not allowed.")),
            Event::Start(Tag::Image { .. }) => found.push(("image", "Images are not allowed in text.")),
            Event::Start(Tag::Link { dest_url, .. }) if !dest_url.starts_with("https://") => {
                found.push(("link_scheme", "Links lead to https addresses only."));
            }
            _ => {}
        }
    }
    found.sort_unstable();
    found.dedup();
    faults.extend(found.into_iter().map(|(code, detail)| Fault::at(pointer, code, detail)));
}

#[cfg(test)]
mod tests {
    use super::check;

    fn codes(text: &str) -> Vec<&'static str> {
        let mut faults = Vec::new();
        check("/body", text, &mut faults);
        faults.iter().map(|fault| fault.code).collect()
    }

    #[test]
    fn plain_structure_is_fine() {
        assert!(
            codes("# A heading\n\nSome *text*, `a < b`, [a page](https://example.org/).\n\n- one\n- two\n").is_empty()
        );
    }

    #[test]
    fn whatever_runs_or_loads_is_refused() {
        assert_eq!(codes("one <b>two</b>\n\n<script>x</script>"), ["raw_html"]);
        assert_eq!(codes("<!-- hidden -->"), ["raw_html"]);
        assert_eq!(codes("![a](https://example.org/a.png)"), ["image"]);
        assert_eq!(codes("[a](javascript:alert(1)) and [b](JaVaScRiPt:x)"), ["link_scheme"]);
        assert_eq!(codes("<javascript:alert(1)>"), ["link_scheme"]);
        assert_eq!(codes("[a][b]\n\n[b]: data:text/html,x"), ["link_scheme"]);
    }
}
