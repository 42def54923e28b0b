//! People as values: what somebody asks, reads and writes, so that a test reads as a sentence.
//! Holds always: each answer was held against the OpenAPI document before a test sees it.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use ureq::http::Method;

use super::{Answer, Node, Record, Request};

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
    pub access: String,
    pub refresh: String,
}

impl Actor {
    /// Somebody who is not signed in.
    pub fn nobody(base: &str) -> Self {
        Self { base: base.to_owned(), email: String::new(), password: String::new(), tokens: Arc::default() }
    }

    /// Somebody who has not registered yet: `<name>@example.org`.
    pub fn somebody(base: &str, name: &str) -> Self {
        let email = format!("{name}@example.org");
        let password = "seven quiet lanterns by the harbour".to_owned();
        Self { email, password, ..Self::nobody(base) }
    }

    /// Somebody who has an account already, not signed in yet.
    pub fn with_password(node: &Node, email: &str, password: &str) -> Self {
        Self { email: email.to_owned(), password: password.to_owned(), ..Self::nobody(&node.base) }
    }

    /// The same person, talking to another node.
    #[must_use]
    pub fn on(&self, node: &Node) -> Self {
        self.at(&node.base)
    }

    /// The same person, talking to whoever listens there.
    #[must_use]
    pub fn at(&self, base: &str) -> Self {
        Self { base: base.to_owned(), ..self.clone() }
    }

    /// The same account on another device: signed in anew, with tokens of its own.
    #[must_use]
    #[track_caller]
    pub fn on_another_device(&self) -> Self {
        let other = Self { tokens: Arc::default(), ..self.clone() };
        other.signs_in();
        other
    }

    /// [`Actor::on_another_device`], talking to another node.
    #[must_use]
    #[track_caller]
    pub fn on_another_device_of(&self, node: &Node) -> Self {
        self.on(node).on_another_device()
    }

    /// Signs in with the password, also after a world's clock has outrun the tokens.
    #[track_caller]
    pub fn signs_in(&self) {
        let credentials = json!({"email": self.email, "password": self.password});
        self.keeps(&Self::nobody(&self.base).post("/v1/auth/login", &credentials).expect(200));
    }

    /// Keeps the tokens of an answer to a sign-in or a refresh.
    #[track_caller]
    pub fn keeps(&self, answer: &Answer) {
        let tokens = answer.json();
        let token = |name: &str| tokens[name].as_str().unwrap_or_else(|| panic!("no {name} in {answer}")).to_owned();
        let tokens = Tokens { access: token("access_token"), refresh: token("refresh_token") };
        *self.tokens.lock().expect("no test panics here") = tokens;
    }

    pub fn tokens(&self) -> Tokens {
        self.tokens.lock().expect("no test panics here").clone()
    }

    /// A request to be filled in: headers, body, then `send`.
    pub fn request(&self, method: Method, path: &str) -> Request {
        let request = Request::new(method, &self.base, path);
        match self.tokens().access.as_str() {
            "" => request,
            access => request.header("authorization", &format!("Bearer {access}")),
        }
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
        let request = self.request(Method::PATCH, path).header("if-match", etag).json(body);
        request.header("content-type", "application/merge-patch+json").send()
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
