//! A request, and the one place where the suite speaks HTTP.
//! Holds always: an answer reaches a test only after it was held against the OpenAPI document.

use std::io::Read as _;
use std::sync::LazyLock;
use std::time::Duration;

use serde_json::Value;
use ureq::http::Method;
use ureq::{Agent, http};

use super::document::DOCUMENT;
use super::{Answer, conformity};

static AGENT: LazyLock<Agent> = LazyLock::new(|| {
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_idle_connections(0)
        .allow_non_standard_methods(true)
        .timeout_global(Some(Duration::from_mins(1)));
    config.build().into()
});

/// A request being filled in.
#[derive(Debug, Clone)]
pub struct Request {
    method: Method,
    base: String,
    path: String,
    headers: Vec<(String, String)>,
    body: Option<Vec<u8>>,
}

impl Request {
    pub(super) fn new(method: Method, base: &str, path: &str) -> Self {
        Self { method, base: base.to_owned(), path: path.to_owned(), headers: Vec::new(), body: None }
    }

    /// Sets a header; a second value for the same name replaces the first.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    #[must_use]
    pub fn json(self, body: &Value) -> Self {
        self.bytes("application/json", body.to_string())
    }

    #[must_use]
    pub fn bytes(mut self, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self.header("content-type", content_type)
    }

    /// Sends it and holds the answer against the OpenAPI document.
    #[track_caller]
    pub fn send(self) -> Answer {
        let mut request =
            http::Request::builder().method(self.method.clone()).uri(format!("{}{}", self.base, self.path));
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let asked = format!("{} {}", self.method, self.path);
        let sent = match &self.body {
            Some(body) => AGENT.run(request.body(body.clone()).expect("a request")),
            None => AGENT.run(request.body(()).expect("a request")),
        };
        let mut response = sent.unwrap_or_else(|error| panic!("{asked}: no answer: {error}"));
        let body = response.body_mut().read_to_vec().unwrap_or_else(|error| panic!("{asked}: half an answer: {error}"));
        let headers = response.headers().clone();
        let bytes = match headers.get("content-encoding").map(http::HeaderValue::as_bytes) {
            // HEAD names the encoding of a body that does not come.
            Some(b"gzip") if !body.is_empty() => unzipped(&body),
            _ => body,
        };
        let is_picture = headers.get("content-type").is_some_and(|media| media.as_bytes().starts_with(b"image/"));
        let text = match String::from_utf8(bytes.clone()) {
            Ok(text) => text,
            Err(_) if is_picture => String::from_utf8_lossy(&bytes).into_owned(),
            Err(error) => panic!("{asked}: the answer is not UTF-8: {error}"),
        };
        let answer = Answer { status: response.status().as_u16(), headers, text, bytes, asked };
        self.hold(&answer);
        answer
    }

    #[track_caller]
    fn hold(&self, answer: &Answer) {
        let mut faults = conformity::faults(&DOCUMENT, self.method.as_str(), &self.path, answer);
        if let (Some(body), 200..=299) = (&self.body, answer.status) {
            let content_type =
                self.headers.iter().find(|(name, _)| name == "content-type").map_or("", |(_, value)| value);
            let method = self.method.as_str();
            faults.extend(conformity::request_faults(&DOCUMENT, method, &self.path, content_type, body));
        }
        assert!(faults.is_empty(), "{answer}\ndoes not keep to the document:\n  {}", faults.join("\n  "));
    }
}

fn unzipped(body: &[u8]) -> Vec<u8> {
    let mut unpacked = Vec::new();
    flate2::read::GzDecoder::new(body).read_to_end(&mut unpacked).expect("what says gzip is gzip");
    unpacked
}
