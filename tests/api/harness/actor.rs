//! People as values: what somebody asks, reads and writes, so that a test reads as a sentence.
//! Holds always: each answer was held against the OpenAPI document before a test sees it.

use std::sync::{Arc, Mutex};

use serde_json::Value;
use ureq::http::Method;

use super::{Answer, Node};

/// Somebody who talks to one node. Clones are the same person.
#[derive(Debug, Clone)]
pub struct Actor {
    /// The node this person talks to.
    pub base: String,
    pub email: String,
    pub password: String,
    tokens: Arc<Mutex<Tokens>>,
}

/// What signing in gave; empty for somebody who did not.
#[derive(Debug, Clone, Default)]
pub struct Tokens {
    pub access: Option<String>,
    pub refresh: Option<String>,
}

/// A record as the service answered it.
#[derive(Debug, Clone)]
pub struct Record {
    /// `/v1/<collection>/<id>`
    pub path: String,
    pub id: String,
    pub version: i64,
    /// Quotes included.
    pub etag: String,
    pub body: Value,
}

impl Actor {
    /// The same person, talking to another node.
    pub fn on(&self, node: &Node) -> Self {
        Self { base: node.base.clone(), ..self.clone() }
    }

    /// A request to be filled in: headers, body, then `send`.
    pub fn request(&self, method: Method, path: &str) -> Request {
        drop(self.tokens.lock());
        Request { method, url: format!("{}{path}", self.base), headers: Vec::new(), body: None }
    }

    pub fn get(&self, path: &str) -> Answer {
        self.request(Method::GET, path).send()
    }

    pub fn head(&self, path: &str) -> Answer {
        self.request(Method::HEAD, path).send()
    }

    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.request(Method::POST, path).json(body).send()
    }

    pub fn put(&self, path: &str, etag: &str, body: &Value) -> Answer {
        self.request(Method::PUT, path).header("if-match", etag).json(body).send()
    }

    pub fn patch(&self, path: &str, etag: &str, body: &Value) -> Answer {
        let patch = self.request(Method::PATCH, path).header("if-match", etag).json(body);
        patch.header("content-type", "application/merge-patch+json").send()
    }

    pub fn delete(&self, path: &str, etag: &str) -> Answer {
        self.request(Method::DELETE, path).header("if-match", etag).send()
    }

    /// Creates and holds the answer to 201.
    #[track_caller]
    pub fn writes(&self, path: &str, body: &Value) -> Record {
        Record::of(path, &self.post(path, body).expect(201))
    }

    /// Reads and holds the answer to 200.
    #[track_caller]
    pub fn reads(&self, path: &str) -> Value {
        self.get(path).expect(200).json()
    }

    /// Every item of a list, over all its pages.
    #[track_caller]
    pub fn lists(&self, path: &str) -> Vec<Value> {
        let mut items = Vec::new();
        let mut cursor = None::<String>;
        loop {
            let glue = if path.contains('?') { '&' } else { '?' };
            let page = match &cursor {
                None => self.reads(path),
                Some(cursor) => self.reads(&format!("{path}{glue}cursor={cursor}")),
            };
            items.extend(page["items"].as_array().expect("a page has items").iter().cloned());
            match page["next_cursor"].as_str() {
                Some(next) => cursor = Some(next.to_owned()),
                None => return items,
            }
        }
    }

    /// Changes some members of a record by merge patch and holds the answer to 200.
    #[track_caller]
    pub fn changes(&self, record: &Record, patch: &Value) -> Record {
        let answer = self.patch(&record.path, &record.etag, patch).expect(200);
        Record::at(&record.path, &answer)
    }

    /// Moves a record to the trash and holds the answer to 204.
    #[track_caller]
    pub fn deletes(&self, record: &Record) {
        self.delete(&record.path, &record.etag).expect(204);
    }

    /// Takes a record back out of the trash and holds the answer to 200.
    #[track_caller]
    pub fn restores(&self, record: &Record) -> Record {
        let answer = self.request(Method::POST, &format!("{}/restore", record.path)).send().expect(200);
        Record::at(&record.path, &answer)
    }
}

impl Record {
    /// The record that an answer from its collection's path holds.
    #[track_caller]
    pub fn of(collection: &str, answer: &Answer) -> Self {
        let body = answer.json();
        Self::at(&format!("{collection}/{}", body["id"].as_str().expect("a record has an id")), answer)
    }

    /// The record that an answer from its own path holds.
    #[track_caller]
    pub fn at(path: &str, answer: &Answer) -> Self {
        let body = answer.json();
        Self {
            path: path.to_owned(),
            id: body["id"].as_str().expect("a record has an id").to_owned(),
            version: body["version"].as_i64().expect("a record has a version"),
            etag: answer.etag(),
            body,
        }
    }
}

/// A request being filled in.
#[derive(Debug, Clone)]
pub struct Request {
    method: Method,
    url: String,
    headers: Vec<(String, String)>,
    body: Option<Vec<u8>>,
}

impl Request {
    /// Sets a header; a second value for the same name replaces the first.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    #[must_use]
    pub fn json(self, body: &Value) -> Self {
        self.bytes("application/json", body.to_string().into_bytes())
    }

    #[must_use]
    pub fn bytes(mut self, content_type: &str, body: Vec<u8>) -> Self {
        self.body = Some(body);
        self.header("content-type", content_type)
    }

    /// Sends it and holds the answer against the OpenAPI document.
    #[track_caller]
    pub fn send(self) -> Answer {
        let _ = (self.method, self.url, self.headers, self.body);
        todo!("once the service starts")
    }
}
