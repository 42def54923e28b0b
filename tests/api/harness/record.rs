//! A record as an answer showed it.

use serde_json::Value;

use super::Answer;

/// A record of the person who asked.
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
