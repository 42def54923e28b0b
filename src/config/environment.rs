//! The process's environment: the only place in the service that reads it.
//! Holds always: every variable that starts with `MEND_` is one that the service knows.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::error::nearest;
use super::{ConfigError, FIELDS, Field};

/// Names the configuration file; the only variable that is not a field.
pub(super) const CONFIG_VARIABLE: &str = "MEND_CONFIG";

/// The variables that concern the service. Tests make their own, so that they need not change the process's.
#[derive(Debug, Clone, Default)]
pub struct Environment(BTreeMap<String, String>);

impl Environment {
    /// What this process was started with.
    ///
    /// # Errors
    /// A variable of ours is unknown or not UTF-8.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the environment")]
    pub fn of_process() -> Result<Self, ConfigError> {
        let ours = std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value)));
        ours.filter(|(name, _)| name.starts_with("MEND_"))
            .map(|(name, value)| match value.into_string() {
                Ok(value) => Ok((name, value)),
                Err(_) => Err(ConfigError::NotText { name }),
            })
            .collect::<Result<Vec<_>, _>>()
            .and_then(Self::of)
    }

    /// An environment of these variables.
    ///
    /// # Errors
    /// One of them is unknown.
    pub fn of(variables: impl IntoIterator<Item = (String, String)>) -> Result<Self, ConfigError> {
        // An empty variable counts as not set: compose files and shells cannot easily leave one out.
        let variables: BTreeMap<_, _> = variables.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        let known: Vec<_> = known_variables().collect();
        match variables.keys().find(|name| !known.contains(name)) {
            Some(name) => Err(ConfigError::UnknownVariable { name: name.clone(), nearest: nearest(name, &known) }),
            None => Ok(Self(variables)),
        }
    }

    #[must_use]
    pub fn empty() -> Self {
        Self::default()
    }

    pub(super) fn config_file(&self) -> Option<PathBuf> {
        self.0.get(CONFIG_VARIABLE).map(PathBuf::from)
    }

    /// The field's text and the variable that gave it: its own, or the one that names a file, but never both.
    pub(super) fn value(&self, field: &Field) -> Result<Option<(String, String)>, ConfigError> {
        let direct = self.0.get(field.variable);
        let by_file = field.file_variable().and_then(|name| self.0.get(&name).map(|file| (name, file)));
        match (direct, by_file) {
            (Some(_), Some((other, _))) => Err(ConfigError::Both { one: field.variable.to_owned(), other }),
            (Some(value), None) => Ok(Some((value.clone(), field.variable.to_owned()))),
            (None, Some((name, file))) => Ok(Some((secret_in(&name, Path::new(file))?, name))),
            (None, None) => Ok(None),
        }
    }
}

fn secret_in(variable: &str, file: &Path) -> Result<String, ConfigError> {
    let text = std::fs::read_to_string(file).map_err(|cause| ConfigError::Unreadable {
        place: variable.to_owned(),
        file: file.to_owned(),
        cause,
    })?;
    // Editors and `echo` end a file with a line break that is not part of the secret.
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

fn known_variables() -> impl Iterator<Item = String> {
    let own = FIELDS.iter().map(|field| field.variable.to_owned());
    own.chain(FIELDS.iter().filter_map(Field::file_variable)).chain([CONFIG_VARIABLE.to_owned()])
}
