//! Which language a reader wants: `?lang=`, else `Accept-Language`, looked up by RFC 4647.
//! Holds always: wishing never refuses anything; what there is not in any wanted language is answered in the original's.

use std::collections::HashMap;

use actix_web::http::header::{self, HeaderMap};

use super::shelf::Entry;

/// More ranges than this are not looked at.
const MOST_RANGES: usize = 10;
/// Longer ranges name no language.
const LONGEST_RANGE: usize = 35;

/// Language ranges, the most wanted first, in lower case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted(Vec<String>);

impl Wanted {
    /// What a request wants. `lang` is the parameter of that name, which wins over the header.
    #[must_use]
    pub fn of(headers: &HeaderMap, lang: Option<&str>) -> Self {
        if let Some(lang) = lang {
            return Self(vec![lang.to_ascii_lowercase()]);
        }
        let mut ranges: Vec<(f32, String)> = Vec::new();
        for value in headers.get_all(header::ACCEPT_LANGUAGE) {
            ranges.extend(value.to_str().unwrap_or_default().split(',').filter_map(range));
        }
        ranges.truncate(MOST_RANGES);
        // Stable, so that of two ranges with the same weight the first one is wanted more.
        ranges.sort_by(|one, other| other.0.total_cmp(&one.0));
        Self(ranges.into_iter().map(|(_, range)| range).collect())
    }

    /// Whether nothing is wished for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Those of `known` that fit, the best first: each range as it is, then without its last part, and so on (RFC 4647, 3.4).
    #[must_use]
    pub fn among(&self, known: &[String]) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        for wanted in &self.0 {
            let mut range = Some(wanted.as_str());
            while let Some(now) = range {
                let fitting = known.iter().find(|one| one.eq_ignore_ascii_case(now));
                if let Some(fitting) = fitting.filter(|one| !found.contains(one)) {
                    found.push(fitting.clone());
                }
                range = shorter(now);
            }
        }
        found
    }
}

/// A range of the header with its weight; nothing for `*`, for what is not wanted at all, and for what is no range.
fn range(text: &str) -> Option<(f32, String)> {
    let mut parts = text.split(';').map(str::trim);
    let name = parts.next().filter(|name| {
        (2..=LONGEST_RANGE).contains(&name.len())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    })?;
    let weight = parts.find_map(|part| part.strip_prefix("q=")).map_or(Some(1.0), |weight| weight.parse().ok())?;
    (weight > 0.0 && weight <= 1.0).then(|| (weight, name.to_ascii_lowercase()))
}

/// A range without its last part, and without the single letter that would then stand at its end.
fn shorter(range: &str) -> Option<&str> {
    let (rest, _) = range.rsplit_once('-')?;
    match rest.rsplit_once('-') {
        Some((before, last)) if last.len() == 1 => Some(before),
        _ => Some(rest),
    }
}

/// Which items of a shelf say the same in other languages.
#[derive(Debug, Default)]
pub struct Tongues {
    /// Every language on the shelf.
    locales: Vec<String>,
    /// By what an item is called in its original: the languages that there are, the original's first.
    groups: HashMap<String, Vec<String>>,
}

impl Tongues {
    #[must_use]
    pub fn of<'a>(entries: impl Iterator<Item = &'a Entry>) -> Self {
        let mut tongues = Self::default();
        for entry in entries {
            if !tongues.locales.contains(&entry.locale) {
                tongues.locales.push(entry.locale.clone());
            }
            let group = tongues.groups.entry(entry.group.clone()).or_default();
            if !group.contains(&entry.locale) {
                let place = if entry.is_original { 0 } else { group.len() };
                group.insert(place, entry.locale.clone());
            }
        }
        tongues
    }

    /// The languages to look for, the best first.
    #[must_use]
    pub fn wanted(&self, wanted: &Wanted) -> Vec<String> {
        // One language leaves nothing to choose.
        if self.locales.len() < 2 { Vec::new() } else { wanted.among(&self.locales) }
    }

    /// Whether `entry` is there in its own language only.
    #[must_use]
    pub fn is_alone(&self, entry: &Entry) -> bool {
        self.groups.get(&entry.group).is_none_or(|group| group.len() < 2)
    }

    /// Whether `entry` is the one of its group to show: in the first of these languages that the group has, else in the
    /// original's.
    #[must_use]
    pub fn chooses(&self, languages: &[String], entry: &Entry) -> bool {
        chooses(self.group(entry), languages, entry)
    }

    /// The languages that what `entry` says is there in, the original's first.
    #[must_use]
    pub fn group(&self, entry: &Entry) -> &[String] {
        self.groups.get(&entry.group).map(Vec::as_slice).unwrap_or_default()
    }
}

/// Whether of the languages in `group`, the original's first, the one of `entry` is the first of `languages` that is there,
/// or the original's when none is.
#[must_use]
pub fn chooses(group: &[String], languages: &[String], entry: &Entry) -> bool {
    match group {
        [] | [_] => true,
        [original, ..] => {
            let chosen = languages.iter().find(|language| group.contains(language)).unwrap_or(original);
            *chosen == entry.locale
        }
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn wanted(accept: &str) -> Wanted {
        let request = TestRequest::default().insert_header((header::ACCEPT_LANGUAGE, accept)).to_http_request();
        Wanted::of(request.headers(), None)
    }

    #[test]
    fn a_range_is_looked_up_from_the_whole_to_its_beginning() {
        let known: Vec<String> = ["en", "de", "pt-BR", "zh-Hant"].map(str::to_owned).into();
        for (accept, expected) in [
            ("de", vec!["de"]),
            ("de-CH, en;q=0.5", vec!["de", "en"]),
            ("en;q=0.5, DE;q=0.9", vec!["de", "en"]),
            ("pt-br", vec!["pt-BR"]),
            ("pt", vec![]),
            ("zh-Hant-x-private", vec!["zh-Hant"]),
            ("fr, *;q=0.1", vec![]),
            ("de;q=0, en", vec!["en"]),
            ("de;q=two, en;q=7, ;, -", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(wanted(accept).among(&known), expected, "{accept}");
        }
    }

    #[test]
    fn the_parameter_wins() {
        let request = TestRequest::default().insert_header((header::ACCEPT_LANGUAGE, "de")).to_http_request();
        assert_eq!(Wanted::of(request.headers(), Some("FR")), Wanted(vec!["fr".to_owned()]));
    }
}
