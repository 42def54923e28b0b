//! Private text: a bounded string that refuses to print.
//! Holds always: 1 to MAX characters, not only white space, no NUL; `Debug` shows `[private]`. The limit is the same in
//! memory, on the wire and in the OpenAPI document, because all three come from the type.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, de};
use thiserror::Error;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::openapi::{RefOr, SchemaFormat};

/// Private text of 1 to `MAX` characters (Unicode scalar values).
#[derive(Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Text<const MAX: usize>(String);

/// Why a string is not a [`Text`]. Never says what it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum TextFault {
    #[error("must not be blank")]
    Blank,
    #[error("must have at most {0} characters")]
    TooLong(usize),
    #[error("must not contain the NUL character")]
    Nul,
}

impl<const MAX: usize> Text<MAX> {
    /// # Errors
    /// The text is blank, longer than `MAX` characters, or has a NUL in it.
    pub fn new(text: impl Into<String>) -> Result<Self, TextFault> {
        let text = text.into();
        if text.contains('\0') {
            Err(TextFault::Nul)
        } else if text.trim().is_empty() {
            Err(TextFault::Blank)
        } else if text.len() > MAX && text.chars().count() > MAX {
            Err(TextFault::TooLong(MAX))
        } else {
            Ok(Self(text))
        }
    }

    /// Text of our own, for examples: what does not fit is cut off, and of nothing a dash remains.
    #[must_use]
    pub fn sample(text: &'static str) -> Self {
        let text: String = text.chars().filter(|character| *character != '\0').take(MAX).collect();
        if text.trim().is_empty() { Self("-".to_owned()) } else { Self(text) }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }
}

impl<const MAX: usize> AsRef<str> for Text<MAX> {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> TryFrom<String> for Text<MAX> {
    type Error = TextFault;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::new(text)
    }
}

impl<const MAX: usize> TryFrom<&str> for Text<MAX> {
    type Error = TextFault;

    fn try_from(text: &str) -> Result<Self, Self::Error> {
        Self::new(text)
    }
}

impl<const MAX: usize> fmt::Debug for Text<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[private]")
    }
}

impl<'de, const MAX: usize> Deserialize<'de> for Text<MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).and_then(|text| Self::new(text).map_err(de::Error::custom))
    }
}

impl<const MAX: usize> utoipa::PartialSchema for Text<MAX> {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(None::<SchemaFormat>)
            .min_length(Some(1))
            .max_length(Some(MAX))
            // At least one character that is not white space.
            .pattern(Some(r"\S"))
            .into()
    }
}

impl<const MAX: usize> utoipa::ToSchema for Text<MAX> {
    fn name() -> Cow<'static, str> {
        format!("Text{MAX}").into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_count_characters_and_hold_at_both_ends() {
        assert!(Text::<3>::new("Ünï").is_ok());
        assert_eq!(Text::<3>::new("Ünïc"), Err(TextFault::TooLong(3)));
        assert_eq!(Text::<3>::new(""), Err(TextFault::Blank));
        assert_eq!(Text::<3>::new(" \u{a0}\n"), Err(TextFault::Blank));
        assert_eq!(Text::<3>::new("a\0b"), Err(TextFault::Nul));
    }

    #[test]
    fn it_refuses_to_print_and_to_quote() {
        let text = Text::<20>::new("she never called").unwrap();
        assert_eq!(format!("{text:?} {:?}", Some(&text)), "[private] Some([private])");
        let fault = serde_json::from_str::<Text<3>>(r#""she never called""#).unwrap_err();
        assert!(!fault.to_string().contains("she"), "{fault}");
    }

    #[test]
    fn it_is_a_plain_string_on_the_wire() {
        let text: Text<20> = serde_json::from_str(r#""a line""#).unwrap();
        assert_eq!(serde_json::to_string(&text).unwrap(), r#""a line""#);
    }

    #[test]
    fn the_schema_carries_the_limit() {
        #[derive(utoipa::ToSchema)]
        #[expect(dead_code, reason = "only its schema is looked at")]
        struct Note {
            text: Text<4000>,
            /// A title.
            title: Option<Text<80>>,
        }
        let schema = serde_json::to_value(<Text<4000> as utoipa::PartialSchema>::schema()).unwrap();
        assert_eq!(schema, serde_json::json!({"type": "string", "minLength": 1, "maxLength": 4000, "pattern": r"\S"}));
        let note = serde_json::to_value(<Note as utoipa::PartialSchema>::schema()).unwrap();
        assert_eq!(note["properties"]["text"]["$ref"], "#/components/schemas/Text4000");
    }
}
