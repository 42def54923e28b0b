//! See the module beside this one.
//! Holds always: times are given, never taken from the machine.
use std::sync::Arc;
use std::time::Duration;

use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

use super::*;

const MINUTES: Duration = Duration::from_mins(10);

struct Ground {
    ring: Arc<KeyRing>,
    access: AccessTokens,
    start: Timestamp,
    account: Id,
    session: Id,
}

fn ground() -> Ground {
    let ring = KeyRing::generate();
    let access = AccessTokens::new(Arc::clone(&ring));
    Ground {
        ring,
        access,
        start: Timestamp::from_micros(1_800_000_000_500_000),
        account: Id::new(),
        session: Id::new(),
    }
}

impl Ground {
    fn issue(&self) -> String {
        self.access.issue(self.account, self.session, self.start, MINUTES).unwrap()
    }

    fn claims(&self) -> Value {
        let now = seconds(self.start);
        json!({
            "iss": ISSUER, "aud": AUDIENCE, "sub": self.account, "sid": self.session,
            "iat": now, "nbf": now, "exp": now + 600, "jti": Id::new(),
        })
    }

    fn header(&self) -> Header {
        let kid = Some(self.ring.active_id().to_string());
        Header { typ: Some(TYPE.to_owned()), kid, ..Header::new(Algorithm::HS256) }
    }

    /// A token with any header and claims under the active key.
    fn forge(&self, header: &Header, claims: &Value) -> String {
        let (_, secret) = self.ring.token_keys().remove(0);
        jsonwebtoken::encode(header, claims, &EncodingKey::from_secret(secret.as_slice())).unwrap()
    }

    fn reason(&self, token: &str, now: Timestamp) -> Option<Reason> {
        match self.access.verify(token, now) {
            Ok(_) => None,
            Err(Refused::NotSignedIn { reason }) => Some(reason),
            Err(other) => panic!("{other:?}"),
        }
    }

    fn refused(&self, token: &str) -> bool {
        self.reason(token, self.start) == Some(Reason::Invalid)
    }
}

#[test]
fn a_token_names_its_account_and_session() {
    let ground = ground();
    let token = ground.issue();
    let claims = ground.access.verify(&token, ground.start).unwrap();
    assert_eq!((claims.sub, claims.sid), (ground.account, ground.session));
    assert!(token.len() < 1024);
    assert_eq!(ground.reason(&ground.forge(&ground.header(), &ground.claims()), ground.start), None);
}

#[test]
fn time_counts_with_ten_seconds_leeway() {
    let ground = ground();
    let token = ground.issue();
    let after = |seconds| ground.reason(&token, ground.start.plus(Duration::from_secs(seconds)));
    assert_eq!(after(609), None);
    assert_eq!(after(610), Some(Reason::Expired));
    let before = |seconds| ground.reason(&token, ground.start.minus(Duration::from_secs(seconds)));
    assert_eq!(before(10), None);
    assert_eq!(before(11), Some(Reason::Invalid));
}

#[test]
fn another_header_is_refused() {
    let ground = ground();
    let header = ground.header();
    let wrong = [
        Header { typ: Some("JWT".to_owned()), ..header.clone() },
        Header { typ: None, ..header.clone() },
        Header { kid: Some("99".to_owned()), ..header.clone() },
        Header { kid: Some("../1".to_owned()), ..header.clone() },
        Header { kid: None, ..header.clone() },
        Header { alg: Algorithm::HS512, ..header.clone() },
        Header { crit: Some(vec!["b64".to_owned()]), ..header },
    ];
    for header in wrong {
        assert!(ground.refused(&ground.forge(&header, &ground.claims())), "{header:?}");
    }
}

#[test]
fn other_claims_are_refused() {
    let ground = ground();
    let wrong = [
        ("aud", json!("urn:mend:other")),
        ("aud", json!([AUDIENCE, "urn:mend:other"])),
        ("iss", json!("urn:other")),
        ("sub", json!("somebody")),
        ("exp", json!("soon")),
    ];
    for (name, value) in wrong {
        let mut claims = ground.claims();
        claims[name] = value;
        assert!(ground.refused(&ground.forge(&ground.header(), &claims)), "{name}");
    }
    for name in ["iss", "aud", "sub", "sid", "iat", "nbf", "exp", "jti"] {
        let mut claims = ground.claims();
        claims.as_object_mut().unwrap().remove(name);
        assert!(ground.refused(&ground.forge(&ground.header(), &claims)), "{name}");
    }
}

#[test]
fn a_token_without_our_signature_is_refused() {
    let ground = ground();
    let token = ground.issue();
    let (message, signature) = token.rsplit_once('.').unwrap();
    let (_, claims) = message.split_once('.').unwrap();
    // {"alg":"none","typ":"mend-access+jwt","kid":"1"}
    let none = "eyJhbGciOiJub25lIiwidHlwIjoibWVuZC1hY2Nlc3Mrand0Iiwia2lkIjoiMSJ9";
    for forged in [
        format!("{none}.{claims}."),
        format!("{none}.{claims}.{signature}"),
        format!("{message}."),
        format!("{message}.{}", "A".repeat(43)),
        message.to_owned(),
        String::new(),
        "..".to_owned(),
    ] {
        assert!(ground.refused(&forged), "{forged}");
    }
    let elsewhere = super::AccessTokens::new(KeyRing::generate());
    assert!(ground.refused(&elsewhere.issue(ground.account, ground.session, ground.start, MINUTES).unwrap()));
}

#[test]
fn an_oversized_token_is_not_even_read() {
    let ground = ground();
    let mut claims = ground.claims();
    claims["filler"] = json!("x".repeat(MAX_BYTES));
    assert!(ground.refused(&ground.forge(&ground.header(), &claims)));
    claims["filler"] = json!("x");
    assert!(!ground.refused(&ground.forge(&ground.header(), &claims)));
}
