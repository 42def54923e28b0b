//! Vocabularies: lists of words that may grow, as Rust enums inside and open strings on the wire.
//! Holds always: the wire, the document and the check of input know the same words, from one list.

use utoipa::openapi::RefOr;
use utoipa::openapi::extensions::ExtensionsBuilder;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};

/// Declares a vocabulary: an enum with `ALL`, `as_str`, `Display`, `FromStr`, serde and a schema that is an open string.
/// The comments are the document's: the enum's says what it is about, a word's what the word means.
///
/// ```
/// mend::http::vocabulary! {
///     /// How far a boundary has come.
///     pub enum Stage default Draft { /// Not yet said.
///         Draft = "draft", /// Said and in force.
///         Active = "active" }
/// }
/// assert_eq!(Stage::Active.as_str(), "active");
/// assert_eq!(Stage::default(), Stage::Draft);
/// ```
#[macro_export]
macro_rules! __vocabulary {
    (
        $(#[doc = $about:literal])*
        $visibility:vis enum $name:ident $(default $default:ident)? {
            $($(#[doc = $meaning:literal])* $variant:ident = $word:literal),+ $(,)?
        }
    ) => {
        $(#[doc = $about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, ::serde::Serialize, ::serde::Deserialize)]
        $visibility enum $name {
            $($(#[doc = $meaning])* #[serde(rename = $word)] $variant,)+
        }

        $(impl ::std::default::Default for $name {
            fn default() -> Self {
                Self::$default
            }
        })?

        impl $name {
            /// Every word, in the order of the document.
            $visibility const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word on the wire.
            #[must_use]
            $visibility const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::http::vocabulary::UnknownWord;

            fn from_str(word: &str) -> Result<Self, Self::Err> {
                Self::ALL.iter().copied().find(|known| known.as_str() == word).ok_or($crate::http::vocabulary::UnknownWord)
            }
        }

        impl $crate::http::vocabulary::Vocabulary for $name {
            const NAME: &'static str = stringify!($name);
            const WORDS: &'static [&'static str] = &[$($word,)+];
        }

        impl ::utoipa::PartialSchema for $name {
            fn schema() -> ::utoipa::openapi::RefOr<::utoipa::openapi::schema::Schema> {
                let words = [$(($word, concat!($($meaning),*)),)+];
                $crate::http::vocabulary::described(concat!($($about),*), &words)
            }
        }

        impl ::utoipa::ToSchema for $name {
            fn name() -> ::std::borrow::Cow<'static, str> {
                ::std::borrow::Cow::Borrowed(stringify!($name))
            }
        }
    };
}

#[doc(inline)]
pub use crate::__vocabulary as vocabulary;

/// A list of words under a name: what texts for people are held against.
pub trait Vocabulary {
    /// Its name in the document.
    const NAME: &'static str;
    /// Every word, in the order of the document.
    const WORDS: &'static [&'static str];
}

/// The word is not in the vocabulary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a word of this vocabulary")]
pub struct UnknownWord;

/// The schema of a vocabulary with what it is about and, where a word has a meaning to tell, a list of them.
#[must_use]
pub fn described(about: &str, words: &[(&'static str, &str)]) -> RefOr<Schema> {
    let mut text = about.trim().to_owned();
    for (word, meaning) in words.iter().filter(|(_, meaning)| !meaning.is_empty()) {
        let gap = if text.contains("\n- ") { "\n" } else { "\n\n" };
        text.push_str(&[gap, "- `", word, "`: ", meaning.trim()].concat());
    }
    let words: Vec<&'static str> = words.iter().map(|(word, _)| *word).collect();
    match open_string(&words) {
        RefOr::T(Schema::Object(mut object)) if !text.is_empty() => {
            object.description = Some(text);
            object.into()
        }
        other => other,
    }
}

/// The schema of a vocabulary: any short string for readers, these words for writers.
#[must_use]
pub fn open_string(words: &[&'static str]) -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .max_length(Some(64))
        .examples(words.first().map(|word| serde_json::json!(word)))
        .extensions(Some(ExtensionsBuilder::new().add("x-extensible-enum", words).build()))
        .into()
}
