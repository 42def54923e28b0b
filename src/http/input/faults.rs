//! What a schema finds wrong, in the words of this service: a pointer, a stable code and a sentence.
//! Holds always: limits and allowed words are named, the value that came is not.

use jsonschema::ValidationError;
use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use serde_json::Value;

use crate::http::problem::{Fault, MAX_FAULTS};

/// A pointer repeats member names that came from outside; longer ones are cut.
const MAX_POINTER: usize = 256;

/// One step into a JSON value.
pub(super) enum Segment {
    Member(String),
    Index(usize),
}

/// The JSON pointer (RFC 6901) of a place.
pub(super) fn write_pointer(path: &[Segment]) -> String {
    let mut pointer = String::new();
    for segment in path {
        match segment {
            Segment::Member(name) => push(&mut pointer, name),
            Segment::Index(index) => push(&mut pointer, &index.to_string()),
        }
    }
    cut(pointer)
}

/// The JSON pointer of the place where serde stopped.
pub(super) fn pointer(path: &serde_path_to_error::Path) -> String {
    let mut pointer = String::new();
    for segment in path {
        match segment {
            serde_path_to_error::Segment::Map { key } => push(&mut pointer, key),
            serde_path_to_error::Segment::Seq { index } => push(&mut pointer, &index.to_string()),
            serde_path_to_error::Segment::Enum { .. } | serde_path_to_error::Segment::Unknown => {}
        }
    }
    cut(pointer)
}

fn push(pointer: &mut String, segment: &str) {
    pointer.push('/');
    pointer.push_str(&segment.replace('~', "~0").replace('/', "~1"));
}

fn cut(mut pointer: String) -> String {
    if pointer.len() > MAX_POINTER {
        let end = (0..=MAX_POINTER).rev().find(|&end| pointer.is_char_boundary(end)).unwrap_or(0);
        pointer.truncate(end);
        pointer.push('…');
    }
    pointer
}

/// The faults behind a validator's errors, the first [`MAX_FAULTS`] of them.
pub(super) fn from_errors<'a>(errors: impl Iterator<Item = ValidationError<'a>>) -> Vec<Fault> {
    let mut faults = Vec::new();
    for error in errors {
        gather(&error, &mut faults);
        if faults.len() >= MAX_FAULTS {
            break;
        }
    }
    faults.truncate(MAX_FAULTS);
    faults
}

fn gather(error: &ValidationError<'_>, faults: &mut Vec<Fault>) {
    let place = error.instance_path().as_str();
    let mut add = |member: Option<&str>, code: &'static str, detail: String| {
        let mut pointer = place.to_owned();
        if let Some(member) = member {
            push(&mut pointer, member);
        }
        faults.push(Fault::at(cut(pointer), code, detail));
    };
    match error.kind() {
        Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
            for member in unexpected {
                add(Some(member), "unknown_member", "Nothing here has this name.".into());
            }
        }
        Kind::Required { property } => {
            add(property.as_str(), "missing_member", "This member is required.".into());
        }
        Kind::OneOfNotValid { context } | Kind::AnyOf { context } => alternatives(place, context, faults),
        kind => {
            let (code, detail) = describe(kind);
            add(None, code, detail);
        }
    }
}

/// Of "this or null", what is wrong with it as "this": nobody who sent something else meant null.
fn alternatives(place: &str, context: &[Vec<ValidationError<'static>>], faults: &mut Vec<Fault>) {
    let meant = context.iter().find(|branch| {
        !branch.iter().all(|error| error.instance_path().as_str() == place && matches!(error.kind(), Kind::Type { .. }))
    });
    if let Some(branch) = meant {
        for error in branch {
            gather(error, faults);
        }
        return;
    }
    let expected: Vec<String> = context.iter().flatten().filter_map(|error| expected_type(error.kind())).collect();
    let detail = format!("Must be {}.", expected.join(" or "));
    faults.push(Fault::at(cut(place.to_owned()), "wrong_type", detail));
}

fn expected_type(kind: &Kind) -> Option<String> {
    let Kind::Type { kind } = kind else { return None };
    Some(match kind {
        TypeKind::Single(single) => article(single.as_str()),
        TypeKind::Multiple(several) => several.iter().map(|one| article(one.as_str())).collect::<Vec<_>>().join(" or "),
    })
}

fn article(name: &str) -> String {
    match name {
        "null" => name.into(),
        "integer" | "array" | "object" => format!("an {name}"),
        _ => format!("a {name}"),
    }
}

/// Code and sentence of everything that concerns one value alone.
fn describe(kind: &Kind) -> (&'static str, String) {
    match kind {
        Kind::Type { .. } => ("wrong_type", format!("Must be {}.", expected_type(kind).unwrap_or_default())),
        Kind::MaxLength { limit } => ("too_long", format!("At most {}.", counted(*limit, "character"))),
        Kind::MinLength { limit } => ("too_short", format!("At least {}.", counted(*limit, "character"))),
        Kind::MaxItems { limit } => ("too_many", format!("At most {}.", counted(*limit, "item"))),
        Kind::MinItems { limit } => ("too_few", format!("At least {}.", counted(*limit, "item"))),
        Kind::MaxProperties { limit } => ("too_many", format!("At most {}.", counted(*limit, "member"))),
        Kind::MinProperties { limit } => ("too_few", format!("At least {}.", counted(*limit, "member"))),
        Kind::Maximum { limit } => ("too_large", format!("At most {limit}.")),
        Kind::ExclusiveMaximum { limit } => ("too_large", format!("Less than {limit}.")),
        Kind::Minimum { limit } => ("too_small", format!("At least {limit}.")),
        Kind::ExclusiveMinimum { limit } => ("too_small", format!("More than {limit}.")),
        Kind::MultipleOf { .. } => ("wrong_step", "Not a multiple of the step that the schema names.".into()),
        Kind::Enum { options } => ("unknown_value", format!("One of: {}.", words(options))),
        Kind::Constant { expected_value } => ("unknown_value", format!("Only {expected_value}.")),
        Kind::Format { format } => ("wrong_format", wanted_format(format)),
        Kind::Pattern { .. } => ("wrong_format", "Does not have the form that the schema names.".into()),
        Kind::PropertyNames { .. } => ("wrong_member_name", "A member's name breaks the rules of the schema.".into()),
        Kind::UniqueItems => ("not_unique", "Each item may occur once.".into()),
        _ => ("invalid", "Breaks the schema.".into()),
    }
}

/// `1 item`, `2 items`.
fn counted(count: u64, of: &str) -> String {
    if count == 1 { format!("1 {of}") } else { format!("{count} {of}s") }
}

fn words(options: &Value) -> String {
    let words = options.as_array().map(Vec::as_slice).unwrap_or_default();
    words
        .iter()
        .map(|word| word.as_str().map_or_else(|| word.to_string(), str::to_owned))
        .collect::<Vec<_>>()
        .join(", ")
}

fn wanted_format(format: &str) -> String {
    match format {
        "date" => "Must be a day, such as 2026-11-22.".into(),
        "time" => "Must be a time, such as 18:30:00Z.".into(),
        "date-time" => "Must be an instant with its offset, such as 2026-11-22T18:30:00Z.".into(),
        "uuid" => "Must be a UUID with hyphens.".into(),
        "email" => "Must be an e-mail address.".into(),
        "uri" => "Must be a URI with its scheme.".into(),
        other => format!("Must have the format {other}."),
    }
}
