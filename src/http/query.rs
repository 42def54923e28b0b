//! Query parameters: repeated names mean "or", and a name that nobody reads is a mistake worth telling.
//! Holds always: a parameter is either read by the operation or answered with 400.

use std::cell::Cell;

use actix_web::HttpRequest;
use serde::de::{DeserializeOwned, Deserializer, Error as _, Visitor, value::Error};
use serde::forward_to_deserialize_any;
use url::form_urlencoded;

use super::code::Code;
use super::problem::Problem;

/// Names and values in the order in which they came, percent-decoded.
pub type Pairs = Vec<(String, String)>;

/// The parameters of the request.
///
/// # Errors
/// 400 when the query is not UTF-8 or holds a NUL.
pub fn pairs(request: &HttpRequest) -> Result<Pairs, Problem> {
    let mut pairs = Pairs::new();
    for (name, value) in form_urlencoded::parse(request.query_string().as_bytes()) {
        // The parser puts U+FFFD where bytes are no UTF-8; nobody filters by that character.
        if [&name, &value].iter().any(|text| text.contains(['\0', '\u{FFFD}'])) {
            let detail = "The query must be UTF-8 without NUL.";
            return Err(Problem::new(Code::InvalidQuery).at("?", "forbidden_character", detail));
        }
        pairs.push((name.into_owned(), value.into_owned()));
    }
    Ok(pairs)
}

/// Reads every parameter into the struct `T`; a parameter that is no field of `T` is 400.
///
/// # Errors
/// 400 with a fault at `?name`.
pub fn parse<T: DeserializeOwned>(mut pairs: Pairs) -> Result<T, Problem> {
    let value = take(&mut pairs)?;
    finish(&pairs)?;
    Ok(value)
}

/// Reads the parameters that are fields of the struct `T` and takes them out of `pairs`; the rest stays for others.
///
/// # Errors
/// 400 with a fault at `?name`.
pub fn take<T: DeserializeOwned>(pairs: &mut Pairs) -> Result<T, Problem> {
    let fields = fields_of::<T>();
    let (mine, others) = std::mem::take(pairs).into_iter().partition(|(name, _)| fields.contains(&name.as_str()));
    *pairs = others;
    let mine: Pairs = mine;
    let encoded = form_urlencoded::Serializer::new(String::new()).extend_pairs(mine).finish();
    let source = serde_html_form::Deserializer::from_bytes(encoded.as_bytes());
    serde_path_to_error::deserialize(source).map_err(|error| fault(&error))
}

/// Refuses what nobody took.
///
/// # Errors
/// 400 with one fault a parameter.
pub fn finish(pairs: &Pairs) -> Result<(), Problem> {
    if pairs.is_empty() {
        return Ok(());
    }
    let mut problem = Problem::new(Code::InvalidQuery);
    for (name, _) in pairs.iter().take(10) {
        let name: String = name.chars().take(64).collect();
        problem = problem.at(format!("?{name}"), "unknown_parameter", "This operation has no such parameter.");
    }
    Err(problem)
}

/// The problem behind a parameter that cannot be read. serde's message may repeat the value, so only names leave here.
fn fault(error: &serde_path_to_error::Error<Error>) -> Problem {
    let problem = Problem::new(Code::InvalidQuery);
    let message = error.inner().to_string();
    if let Some(name) = message.strip_prefix("missing field `").and_then(|rest| rest.strip_suffix('`')) {
        return problem.at(format!("?{name}"), "missing_parameter", "This parameter is required.");
    }
    let name = error.path().iter().find_map(|segment| match segment {
        serde_path_to_error::Segment::Map { key } => Some(key.as_str()),
        _ => None,
    });
    let name = name.unwrap_or_default();
    problem.at(format!("?{name}"), "wrong_value", "Not a value that this parameter can have, or given more than once.")
}

/// The names of the fields that `T` reads, as serde's derive tells any deserializer.
fn fields_of<T: DeserializeOwned>() -> &'static [&'static str] {
    let fields = Cell::new([].as_slice());
    // The probe always fails: it has nothing to read from and only wants to be told the fields.
    let told: Result<T, Error> = T::deserialize(Probe(&fields));
    drop(told);
    fields.get()
}

struct Probe<'a>(&'a Cell<&'static [&'static str]>);

impl<'de> Deserializer<'de> for Probe<'_> {
    type Error = Error;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        _visitor: V,
    ) -> Result<V::Value, Error> {
        self.0.set(fields);
        Err(Error::custom("told"))
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _name: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, Error> {
        Err(Error::custom("not a struct"))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        seq tuple tuple_struct map enum identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;
    use serde::Deserialize;

    use super::{Pairs, finish, pairs, parse, take};
    use crate::http::page::PageQuery;
    use crate::http::problem::Problem;

    #[derive(Debug, Deserialize)]
    struct Filter {
        #[serde(default)]
        mood: Vec<String>,
        from: Option<chrono::NaiveDate>,
    }

    fn query(text: &str) -> Pairs {
        pairs(&TestRequest::with_uri(&format!("/?{text}")).to_http_request()).unwrap()
    }

    fn faults(problem: &Problem) -> Vec<(&str, &str)> {
        problem.fault_list().iter().map(|fault| (fault.pointer.as_str(), fault.code)).collect()
    }

    #[test]
    fn two_structs_share_a_query() {
        let mut query = query("mood=calm&limit=5&mood=a%20b&other=1");
        let filter: Filter = take(&mut query).unwrap();
        let page: PageQuery = take(&mut query).unwrap();
        assert_eq!((filter.mood, filter.from, page.limit.get()), (vec!["calm".into(), "a b".into()], None, 5));
        assert_eq!(faults(&finish(&query).unwrap_err()), [("?other", "unknown_parameter")]);
    }

    #[test]
    fn a_value_that_cannot_be_is_told_by_name_only() {
        for (text, place) in
            [("limit=0", "?limit"), ("limit=101", "?limit"), ("limit=x", "?limit"), ("limit=1&limit=2", "?limit")]
        {
            assert_eq!(faults(&parse::<PageQuery>(query(text)).unwrap_err()), [(place, "wrong_value")], "{text}");
        }
        let problem = parse::<Filter>(query("from=canary")).unwrap_err();
        assert_eq!(faults(&problem), [("?from", "wrong_value")]);
        assert!(!format!("{problem:?}").contains("canary"));
    }

    #[test]
    fn a_query_is_text() {
        for text in ["mood=%00", "mood=%ff", "%ff=1"] {
            assert!(pairs(&TestRequest::with_uri(&format!("/?{text}")).to_http_request()).is_err(), "{text}");
        }
    }
}
