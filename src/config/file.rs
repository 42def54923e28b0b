//! The configuration file, TOML.
//! Holds always: each entry is a field of the right kind; an unknown one stops the start and names the nearest.

use std::collections::BTreeMap;
use std::path::Path;

use toml::{Table, Value};

use super::error::nearest;
use super::{ConfigError, FIELDS, Field, Kind};

/// The file's entries by path, each as one would write it into its variable.
pub(super) fn read(place: &str, file: &Path) -> Result<BTreeMap<&'static str, String>, ConfigError> {
    let text = std::fs::read_to_string(file).map_err(|cause| ConfigError::Unreadable {
        place: place.to_owned(),
        file: file.to_owned(),
        cause,
    })?;
    let table: Table = text.parse().map_err(|error: toml::de::Error| ConfigError::NotToml {
        file: file.to_owned(),
        // The parser's own text would show the line, which may hold a secret.
        message: format!("{}{}", line_of(&text, &error), error.message()),
    })?;
    let mut entries = BTreeMap::new();
    for (key, value) in flatten(table) {
        let Some(field) = Field::at(&key) else {
            let nearest = nearest(&key, FIELDS.iter().map(|field| field.path));
            return Err(ConfigError::UnknownEntry { file: file.to_owned(), key, nearest });
        };
        let Some(text) = text_of(field.kind, &value) else {
            let place = format!("{key} in {}", file.display());
            return Err(ConfigError::Wrong { place, expected: expected(field.kind).to_owned() });
        };
        entries.insert(field.path, text);
    }
    Ok(entries)
}

fn line_of(text: &str, error: &toml::de::Error) -> String {
    let before = error.span().and_then(|span| text.get(..span.start));
    before.map(|before| format!("line {}: ", before.matches('\n').count() + 1)).unwrap_or_default()
}

/// `{server: {listen: x}}` as `server.listen = x`. Deeper tables become longer paths, which no field has.
fn flatten(table: Table) -> Vec<(String, Value)> {
    let mut entries = Vec::new();
    for (key, value) in table {
        match value {
            Value::Table(inner) => {
                entries.extend(flatten(inner).into_iter().map(|(rest, value)| (format!("{key}.{rest}"), value)));
            }
            value => entries.push((key, value)),
        }
    }
    entries
}

fn text_of(kind: Kind, value: &Value) -> Option<String> {
    match (kind, value) {
        (Kind::Text, Value::String(text)) => Some(text.clone()),
        (Kind::Number, Value::Integer(number)) => Some(number.to_string()),
        (Kind::Switch, Value::Boolean(on)) => Some(on.to_string()),
        (Kind::List, Value::Array(items)) => {
            items.iter().map(Value::as_str).collect::<Option<Vec<_>>>().map(|texts| texts.join(","))
        }
        _ => None,
    }
}

const fn expected(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "a text in quotes",
        Kind::Number => "a whole number without quotes",
        Kind::Switch => "true or false without quotes",
        Kind::List => "an array of texts",
    }
}
