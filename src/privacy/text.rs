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
