//! JSON within bounds: depth, length of arrays, and text that both databases can hold.
//! Holds always: the first thing beyond a bound ends the reading, so that no input makes a value larger than its bytes.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use super::faults::{Segment, write_pointer};
use crate::http::code::Code;
use crate::http::problem::{Fault, Problem};

/// How deep objects and arrays may nest.
const MAX_DEPTH: usize = 32;
/// How many items an array may hold.
const MAX_ITEMS: usize = 1_000;

/// Reads JSON: 400 when it is none; 422 when it is too deep, holds too long an array, the same member twice, a NUL or a
/// lone surrogate.
///
/// # Errors
/// The problem to answer with.
pub fn value(bytes: &[u8]) -> Result<Value, Problem> {
    let bytes = mark_lone_surrogates(bytes);
    let mut reading = Reading::default();
    let mut source = serde_json::Deserializer::from_slice(&bytes);
    let outcome = Node(&mut reading).deserialize(&mut source).and_then(|value| source.end().map(|()| value));
    outcome.map_err(|_syntax| match reading.fault {
        Some(fault) => Problem::new(Code::InvalidContent).faults([fault]),
        None => Problem::new(Code::MalformedJson),
    })
}

/// Where the reading stands, and what stopped it.
#[derive(Default)]
struct Reading {
    path: Vec<Segment>,
    fault: Option<Fault>,
}

impl Reading {
    /// Notes what is wrong here and gives the error that ends the reading.
    fn stop<E: serde::de::Error>(&mut self, code: &'static str, detail: String) -> E {
        self.fault = Some(Fault::at(write_pointer(&self.path), code, detail));
        E::custom(code)
    }

    fn text<E: serde::de::Error>(&mut self, text: &str) -> Result<(), E> {
        if text.contains('\0') {
            return Err(self.stop("forbidden_character", "NUL and lone surrogates cannot be stored.".into()));
        }
        Ok(())
    }

    /// Whether something may still stand inside this place.
    fn check_depth<E: serde::de::Error>(&mut self) -> Result<(), E> {
        if self.path.len() < MAX_DEPTH {
            return Ok(());
        }
        Err(self.stop("too_deep", format!("Objects and arrays nest at most {MAX_DEPTH} deep.")))
    }

    fn enter(&mut self, segment: Segment) {
        self.path.push(segment);
    }

    fn leave(&mut self) {
        self.path.pop();
    }
}

/// The next value of the source.
struct Node<'a>(&'a mut Reading);

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = Value;

    fn deserialize<D: serde::Deserializer<'de>>(self, source: D) -> Result<Value, D::Error> {
        source.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("not finite"))
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<Value, E> {
        self.0.text(value)?;
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E: serde::de::Error>(self, value: String) -> Result<Value, E> {
        self.0.text(&value)?;
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut source: A) -> Result<Value, A::Error> {
        self.0.check_depth()?;
        let mut items = Vec::new();
        loop {
            self.0.enter(Segment::Index(items.len()));
            let item = source.next_element_seed(Node(self.0))?;
            self.0.leave();
            let Some(item) = item else { return Ok(Value::Array(items)) };
            if items.len() >= MAX_ITEMS {
                return Err(self.0.stop("too_many", format!("An array holds at most {MAX_ITEMS} items.")));
            }
            items.push(item);
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut source: A) -> Result<Value, A::Error> {
        self.0.check_depth()?;
        let mut members = Map::new();
        while let Some(name) = source.next_key::<String>()? {
            self.0.text(&name)?;
            self.0.enter(Segment::Member(name.clone()));
            let value = source.next_value_seed(Node(self.0))?;
            if members.insert(name, value).is_some() {
                return Err(self.0.stop("duplicate_member", "The object has this member twice.".into()));
            }
            self.0.leave();
        }
        Ok(Value::Object(members))
    }
}

/// Turns escapes of lone surrogates, which are no text, into escapes of NUL, so that both are refused alike and with
/// their place. In JSON a backslash occurs in strings only, so no parsing is needed to find them.
fn mark_lone_surrogates(bytes: &[u8]) -> Cow<'_, [u8]> {
    let mut marked = Cow::Borrowed(bytes);
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        if byte != b'\\' {
            at += 1;
            continue;
        }
        match code_unit(bytes, at) {
            Some(0xD800..=0xDBFF) if matches!(code_unit(bytes, at + 6), Some(0xDC00..=0xDFFF)) => at += 12,
            Some(0xD800..=0xDFFF) => {
                if let Some(digits) = marked.to_mut().get_mut(at + 2..at + 6) {
                    digits.copy_from_slice(b"0000");
                }
                at += 6;
            }
            _ => at += 2,
        }
    }
    marked
}

/// The code unit of the escape `\uXXXX` that starts at `at`, if one does.
fn code_unit(bytes: &[u8], at: usize) -> Option<u16> {
    let escape = bytes.get(at..at + 6)?;
    let digits = escape.strip_prefix(b"\\u")?;
    if !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}
