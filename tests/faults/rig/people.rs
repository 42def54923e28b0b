//! People with an account: who registers, signs in and writes.
//! Holds always: a person's token outlives restarts of the service, so a fault signs in once.

use std::net::SocketAddr;

use serde_json::{Value, json};

use super::{Ask, Connection};

const PASSWORD: &str = "seven quiet lanterns by the harbour";

/// Somebody who is signed in.
#[derive(Debug, Clone)]
pub struct Person {
    pub name: String,
    pub token: String,
}

impl Person {
    /// Registers and signs in.
    #[track_caller]
    pub fn signs_up(address: SocketAddr, name: &str) -> Self {
        let mut connection = Connection::to(address).expect("a connection");
        let registration = json!({"email": format!("{name}@example.org"), "password": PASSWORD, "name": name});
        connection.ask(&Ask::post("/v1/auth/register", &registration)).expect("an answer").expect(202);
        Self::signs_in(address, name)
    }

    /// Signs in again.
    #[track_caller]
    pub fn signs_in(address: SocketAddr, name: &str) -> Self {
        let answer = Connection::once(address, &Self::sign_in(name)).expect(200);
        Self { name: name.to_owned(), token: answer.text("access_token") }
    }

    /// So many people.
    #[track_caller]
    pub fn crowd(address: SocketAddr, count: usize) -> Vec<Self> {
        (0..count).map(|number| Self::signs_up(address, &format!("person-{number}"))).collect()
    }

    /// The request that signs this person in.
    pub fn sign_in(name: &str) -> Ask {
        Ask::post("/v1/auth/login", &json!({"email": format!("{name}@example.org"), "password": PASSWORD}))
    }

    pub fn get(&self, path: &str) -> Ask {
        self.signed(Ask::get(path))
    }

    pub fn post(&self, path: &str, body: &Value) -> Ask {
        self.signed(Ask::post(path, body))
    }

    pub fn signed(&self, ask: Ask) -> Ask {
        ask.header("Authorization", &format!("Bearer {}", self.token))
    }

    /// Every record of a list, page after page.
    #[track_caller]
    pub fn lists(&self, address: SocketAddr, path: &str) -> Vec<Value> {
        let mut connection = Connection::to(address).expect("a connection");
        let (mut items, mut cursor) = (Vec::new(), String::new());
        loop {
            let page =
                connection.ask(&self.get(&format!("{path}?limit=100{cursor}"))).expect("a page").expect(200).json();
            items.extend(page["items"].as_array().expect("items").iter().cloned());
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return items,
            }
        }
    }
}

/// A journal entry with this text.
pub fn entry(text: &str) -> Value {
    json!({"text": text, "day": "2026-05-10", "time_zone": "Europe/Berlin"})
}
