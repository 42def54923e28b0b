//! What can be wrong with the configuration, said so that the reader knows what to change.
//! Holds always: a message names the flag, variable or file entry, and never shows a secret's text.

use std::path::PathBuf;

#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("{name} is not a setting of mend{}", did_you_mean(nearest.as_deref()))]
    UnknownVariable { name: String, nearest: Option<String> },
    #[error("{key} in {file} is not a setting of mend{}", did_you_mean(nearest.as_deref()), file = file.display())]
    UnknownEntry { file: PathBuf, key: String, nearest: Option<String> },
    #[error("{place} must be {expected}")]
    Wrong { place: String, expected: String },
    #[error("{one} and {other} are both set; keep one of them")]
    Both { one: String, other: String },
    #[error("{name} is not valid UTF-8")]
    NotText { name: String },
    #[error("{place} names {file}, which cannot be read: {cause}", file = file.display())]
    Unreadable { place: String, file: PathBuf, cause: std::io::Error },
    #[error("{file} is not valid TOML: {message}", file = file.display())]
    NotToml { file: PathBuf, message: String },
}

fn did_you_mean(nearest: Option<&str>) -> String {
    nearest.map(|name| format!("; did you mean {name}?")).unwrap_or_default()
}

/// The candidate that is most like `name`, if any is at all.
pub(super) fn nearest<S: AsRef<str>>(name: &str, candidates: impl IntoIterator<Item = S>) -> Option<String> {
    candidates
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(name, candidate.as_ref()), candidate.as_ref().to_owned()))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .map(|(_, candidate)| candidate)
}
