//! An answer as a test looks at it.

use serde_json::Value;
use ureq::http::HeaderMap;

/// One HTTP answer, read to its end.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    /// The body; of one that is no text, what can be read of it.
    pub text: String,
    /// The body as it came, unpacked.
    pub bytes: Vec<u8>,
    /// Method and path of the question, for messages.
    pub asked: String,
}

impl Answer {
    /// The body as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{self}\nis not JSON: {error}"))
    }

    /// A header's value; `None` when the answer has none of that name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().expect("headers of this service are ASCII"))
    }

    /// The `ETag`, quotes included, ready for `If-Match`.
    #[track_caller]
    pub fn etag(&self) -> String {
        self.header("etag").unwrap_or_else(|| panic!("{self}\nhas no ETag")).to_owned()
    }

    /// This answer when it has that status; else the test fails and shows it.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert!(self.status == status, "expected {status}, got {self}");
        self
    }

    /// Holds this answer to a problem of that status and code and gives its body.
    #[track_caller]
    pub fn problem(&self, status: u16, code: &str) -> Value {
        assert!(self.status == status, "expected {status} {code}, got {self}");
        let body = self.json();
        assert!(body["code"] == code, "expected code {code}, got {self}");
        body
    }

    /// Holds this answer to a problem whose errors hold one with that JSON pointer and code.
    #[track_caller]
    pub fn fault(&self, status: u16, pointer: &str, code: &str) {
        assert!(self.status == status, "expected {status} at {pointer}, got {self}");
        let body = self.json();
        let faults = body["errors"].as_array().unwrap_or_else(|| panic!("no errors in {self}"));
        let found = faults.iter().any(|fault| fault["pointer"] == pointer && fault["code"] == code);
        assert!(found, "expected {code} at {pointer}, got {self}");
    }
}

impl std::fmt::Display for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} → {}\n{}", self.asked, self.status, self.text)
    }
}
