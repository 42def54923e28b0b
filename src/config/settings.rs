//! The settings as texts with where each came from, before they become the typed configuration.
//! Holds always: a flag beats a variable, a variable beats the file, the file beats the default.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::str::FromStr;

use super::environment::CONFIG_VARIABLE;
use super::{ConfigError, Environment, FIELDS, Field, Secret, file};

/// What the command line said.
#[derive(Debug, Clone, Default)]
pub struct Flags {
    /// `--config`
    pub file: Option<PathBuf>,
    /// The other flags by the path of their field.
    pub values: BTreeMap<&'static str, String>,
}

impl Flags {
    /// These flags and one more.
    #[must_use]
    pub fn with(mut self, path: &'static str, value: impl Into<String>) -> Self {
        self.values.insert(path, value.into());
        self
    }
}

/// Every setting that has a text, and who gave it.
#[derive(Debug, Clone)]
pub struct Settings(BTreeMap<&'static str, Given>);

#[derive(Debug, Clone)]
struct Given {
    text: Secret,
    source: Source,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Source {
    Default,
    File(PathBuf),
    Variable(String),
    Flag(String),
}

impl Settings {
    /// Lays the four layers over each other.
    ///
    /// # Errors
    /// The file cannot be read or has an unknown entry, or a secret is given twice.
    pub fn gather(flags: &Flags, environment: &Environment) -> Result<Self, ConfigError> {
        let (place, path) = match &flags.file {
            Some(path) => ("--config", Some(path.clone())),
            None => (CONFIG_VARIABLE, environment.config_file()),
        };
        let mut in_file = path.as_deref().map(|path| file::read(place, path)).transpose()?.unwrap_or_default();
        let mut values = BTreeMap::new();
        for field in FIELDS {
            let flag = flags.values.get(field.path).map(|text| (text.clone(), Source::Flag(flag_name(field))));
            let variable = environment.value(field)?.map(|(text, name)| (text, Source::Variable(name)));
            let entry = in_file.remove(field.path).zip(path.clone()).map(|(text, path)| (text, Source::File(path)));
            let default = (!field.default.is_empty()).then(|| (field.default.to_owned(), Source::Default));
            if let Some((text, source)) = flag.or(variable).or(entry).or(default) {
                values.insert(field.path, Given { text: Secret::new(text), source });
            }
        }
        Ok(Self(values))
    }

    pub(super) fn text(&self, path: &str) -> Option<&str> {
        self.0.get(path).map(|given| given.text.expose())
    }

    pub(super) fn secret(&self, path: &str) -> Option<Secret> {
        self.0.get(path).map(|given| given.text.clone())
    }

    /// Whether somebody set it, other than the default.
    pub(super) fn is_given(&self, path: &str) -> bool {
        self.0.get(path).is_some_and(|given| given.source != Source::Default)
    }

    /// Where the setting came from, as the reader would look for it: a flag, a variable, or an entry of a file.
    pub(super) fn place(&self, path: &str) -> String {
        match self.0.get(path).map(|given| &given.source) {
            Some(Source::Flag(name) | Source::Variable(name)) => name.clone(),
            Some(Source::File(file)) => format!("{path} in {}", file.display()),
            Some(Source::Default) | None => Field::at(path).map_or(path, |field| field.variable).to_owned(),
        }
    }

    pub(super) fn wrong(&self, path: &str, expected: impl Into<String>) -> ConfigError {
        ConfigError::Wrong { place: self.place(path), expected: expected.into() }
    }

    pub(super) fn parse<T: FromStr>(&self, path: &str, expected: &str) -> Result<T, ConfigError> {
        self.parse_given(path, expected)?.ok_or_else(|| self.wrong(path, expected))
    }

    /// The value if there is a text at all.
    pub(super) fn parse_given<T: FromStr>(&self, path: &str, expected: &str) -> Result<Option<T>, ConfigError> {
        self.text(path).map(|text| text.parse().map_err(|_unreadable| self.wrong(path, expected))).transpose()
    }

    pub(super) fn number<T>(&self, path: &str, range: RangeInclusive<T>) -> Result<T, ConfigError>
    where
        T: FromStr + PartialOrd + Display,
    {
        let number = self.text(path).and_then(|text| text.parse().ok()).filter(|number| range.contains(number));
        number.ok_or_else(|| self.wrong(path, format!("a whole number from {} to {}", range.start(), range.end())))
    }

    pub(super) fn switch(&self, path: &str) -> Result<bool, ConfigError> {
        self.parse(path, "true or false")
    }

    pub(super) fn list<T>(
        &self,
        path: &str,
        expected: &str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<Vec<T>, ConfigError> {
        let items = self.text(path).unwrap_or_default().split(',').map(str::trim).filter(|item| !item.is_empty());
        items.map(|item| read(item).ok_or_else(|| self.wrong(path, expected))).collect()
    }

    /// An `http` or `https` address without query, without the slash at its end.
    pub(super) fn web_address(&self, path: &str) -> Result<Option<String>, ConfigError> {
        let expected = "an address such as https://mend.example.org";
        let Some(url) = self.parse_given::<url::Url>(path, expected)? else { return Ok(None) };
        let plain = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
        if matches!(url.scheme(), "http" | "https") && url.has_host() && plain {
            Ok(Some(url.as_str().trim_end_matches('/').to_owned()))
        } else {
            Err(self.wrong(path, expected))
        }
    }
}

fn flag_name(field: &Field) -> String {
    field.flag().map_or_else(|| field.path.to_owned(), |flag| format!("--{flag}"))
}
