//! The configuration in force, shown as a file that could be used again, and the table of settings for the README.
//! Holds always: a secret is shown as a note that it is set, never as its text.

use std::fmt::Write as _;

use super::{FIELDS, Field, Kind, Settings};

impl Settings {
    /// The settings as TOML, each with where it came from. Secrets and unset ones are comments.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let mut text = String::new();
        let mut table = "";
        for field in FIELDS {
            let (in_table, key) = field.path.split_once('.').unwrap_or(("", field.path));
            if in_table != table {
                table = in_table;
                let _ = writeln!(text, "\n[{table}]");
            }
            let _ = writeln!(text, "{}", self.line(field, key));
        }
        text
    }

    fn line(&self, field: &Field, key: &str) -> String {
        let Some(value) = self.text(field.path) else { return format!("# {key} is not set ({})", field.variable) };
        let from = if self.is_given(field.path) { self.place(field.path) } else { "default".to_owned() };
        if field.secret {
            format!("# {key} is set and hidden, from {from}")
        } else {
            format!("{key} = {}  # {from}", toml_text(field.kind, value))
        }
    }
}

fn toml_text(kind: Kind, value: &str) -> String {
    let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
    match kind {
        Kind::Text => quoted(value),
        Kind::Number | Kind::Switch => value.to_owned(),
        Kind::List => format!("[{}]", value.split(',').map(|item| quoted(item.trim())).collect::<Vec<_>>().join(", ")),
    }
}

/// All settings as a Markdown table.
#[must_use]
pub fn markdown_table() -> String {
    let mut text = String::from("| variable | in the file | default | what it is |\n|---|---|---|---|\n");
    for field in FIELDS {
        let variable = match field.file_variable() {
            Some(file) => format!("`{}`, `{file}`", field.variable),
            None => format!("`{}`", field.variable),
        };
        let default = if field.default.is_empty() { String::new() } else { format!("`{}`", field.default) };
        let _ = writeln!(text, "| {variable} | `{}` | {default} | {} |", field.path, field.about);
    }
    text
}
