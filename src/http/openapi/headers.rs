//! The headers of answers, once each, among the document's components.
//! Holds always: a header that a layer writes is described here and nowhere else.

use serde_json::{Value, json};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{Components, Header, HeaderBuilder, KnownFormat, Ref, RefOr, SchemaFormat};

/// Headers that are texts: name, meaning, pattern, greatest length, example.
const TEXTS: &[(&str, &str, &str, usize, &str)] = &[
    (
        "X-Request-Id",
        "Names this request in the service's log. The one that came, when it was well-formed.",
        "^[A-Za-z0-9._-]+$",
        128,
        "01980a5c-7e1b-7a44-9d3e-5b0c6f1d2e3f",
    ),
    (
        "RateLimit-Policy",
        "How many requests (`q`) a caller has in how many seconds (`w`).",
        r#"^"caller";q=\d+;w=\d+$"#,
        64,
        r#""caller";q=600;w=60"#,
    ),
    (
        "RateLimit",
        "How many requests are left (`r`), and in how many seconds all are there again (`t`).",
        r#"^"caller";r=\d+;t=\d+$"#,
        64,
        r#""caller";r=599;t=1"#,
    ),
    (
        "ETag",
        "The version of the state in the answer. Send it as If-Match to change that version.",
        "^\"[^\"]*\"$",
        256,
        "\"3\"",
    ),
    (
        "Location",
        "Where the new thing is.",
        "^[^ ]+$",
        4096,
        "/v1/journal-entries/01980a5c-7e1b-7a44-9d3e-5b0c6f1d2e3f",
    ),
    (
        "Idempotency-Replayed",
        "There when the answer is that of an earlier request with the same Idempotency-Key.",
        "^true$",
        4,
        "true",
    ),
    ("WWW-Authenticate", "How to authenticate (RFC 6750).", "^Bearer", 256, "Bearer error=\"invalid_token\""),
    (
        "Access-Control-Allow-Origin",
        "The web origin that may read the answer, when it came and is on this service's list.",
        "^https?://",
        256,
        "https://app.example.org",
    ),
    ("Content-Language", "The languages of what is answered (BCP 47).", "^[A-Za-z0-9, -]+$", 256, "en"),
    (
        "Link",
        "The next page (`rel=\"next\"`), while there is one.",
        "^<",
        8192,
        "<https://mend.example.org/v1/tips?cursor=AQx2>; rel=\"next\"",
    ),
];

/// Adds every header to the components, by its name.
pub(super) fn add(components: &mut Components) {
    for (name, about, pattern, longest, example) in TEXTS {
        components.headers.insert((*name).into(), header(about, pattern, *longest, example).into());
    }
    components.headers.insert("Retry-After".into(), retry_after().into());
}

/// A reference to a header of the components.
pub(super) fn named(name: &str) -> RefOr<Header> {
    RefOr::Ref(Ref::new(format!("#/components/headers/{name}")))
}

fn header(about: &str, pattern: &str, longest: usize, example: &str) -> Header {
    let text = ObjectBuilder::new().schema_type(Type::String).pattern(Some(pattern)).max_length(Some(longest));
    HeaderBuilder::new().description(Some(about)).schema(Some(text)).example(Some(Value::from(example))).build()
}

fn retry_after() -> Header {
    let seconds = ObjectBuilder::new()
        .schema_type(Type::Integer)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int32)))
        .minimum(Some(0))
        .maximum(Some(86_400));
    let about = "In how many seconds to come back.";
    HeaderBuilder::new().description(Some(about)).schema(Some(seconds)).example(Some(json!(1))).build()
}
