//! The floor: an actix-web server that answers the service's own bytes from memory after verifying the same bearer token.
//! Holds always: it does nothing else, so what the service is slower by is what the service does.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::Path;

use actix_web::http::header::{AUTHORIZATION, HeaderName, HeaderValue};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use mend::privacy::KeyRing;
use serde::{Deserialize, Serialize};

use crate::workload::Workload;

/// One answer as the service gave it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Kept {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

/// The answers of the four kinds of reads and of the write.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Answers {
    pub tip: Kept,
    pub tips: Kept,
    pub entry: Kept,
    pub entries: Kept,
    pub created: Kept,
}

impl Answers {
    /// The answers as the service gives them now.
    pub fn of(address: SocketAddr, token: &str, tip: &str, situation: &str, entry: &str) -> Self {
        let read = |path: String| Kept::fetched(address, &path, token, None);
        Self {
            tip: read(format!("/v1/tips/{tip}")),
            tips: read(format!("/v1/tips?limit=20&situations={situation}")),
            entry: read(format!("/v1/journal-entries/{entry}")),
            entries: read("/v1/journal-entries?limit=20".to_owned()),
            created: Kept::fetched(address, "/v1/journal-entries", token, Some(&crate::workload::entry_body())),
        }
    }

    /// How long the body of one answer of a workload is; of the mix, nothing can be said.
    pub fn body_bytes(&self, workload: Workload) -> Option<usize> {
        match workload {
            Workload::Tip | Workload::TipInPublic => Some(self.tip.body.len()),
            Workload::Tips | Workload::TipsInPublic => Some(self.tips.body.len()),
            Workload::Entry => Some(self.entry.body.len()),
            Workload::Entries => Some(self.entries.body.len()),
            Workload::Create => Some(self.created.body.len()),
            Workload::Session => None,
        }
    }
}

impl Kept {
    fn fetched(address: SocketAddr, path: &str, token: &str, body: Option<&str>) -> Self {
        let (url, bearer) = (format!("http://{address}{path}"), format!("Bearer {token}"));
        let answer = match body {
            None => ureq::get(url).header("Authorization", bearer).call(),
            Some(body) => ureq::post(url).header("Authorization", bearer).content_type("application/json").send(body),
        };
        let mut answer = answer.unwrap_or_else(|error| panic!("{path}: {error}"));
        let written_by_the_server = ["content-length", "date", "connection"];
        let headers = answer.headers().iter().filter(|(name, _)| !written_by_the_server.contains(&name.as_str()));
        let headers = headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap_or_default().to_owned()));
        let (status, headers) = (answer.status().as_u16(), headers.collect());
        Self { status, headers, body: answer.body_mut().read_to_string().expect("an answer is text") }
    }
}

/// An answer made ready once.
struct Ready {
    status: actix_web::http::StatusCode,
    headers: Vec<(HeaderName, HeaderValue)>,
    body: web::Bytes,
}

impl From<Kept> for Ready {
    fn from(kept: Kept) -> Self {
        let header = |(name, value): (String, String)| {
            (name.parse().expect("a header's name"), value.parse().expect("a header's value"))
        };
        let headers = kept.headers.into_iter().map(header).collect();
        let status = kept.status.try_into().expect("a status");
        Self { status, headers, body: kept.body.into() }
    }
}

impl Ready {
    fn answer(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status);
        for header in &self.headers {
            response.insert_header(header.clone());
        }
        response.body(self.body.clone())
    }
}

struct Floor {
    keys: HashMap<String, DecodingKey>,
    validation: Validation,
    tip: Ready,
    tips: Ready,
    entry: Ready,
    entries: Ready,
    created: Ready,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "the floor parses the claims that the service uses, and uses none")]
struct Claims {
    sub: String,
    sid: String,
    nbf: i64,
    exp: i64,
}

impl Floor {
    /// Verifies the token as the service must at least: algorithm, key, issuer, audience, times.
    fn admits(&self, request: &HttpRequest) -> bool {
        let Some(token) = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok()) else {
            return request.path().starts_with("/v1/tips");
        };
        let Some(token) = token.strip_prefix("Bearer ") else { return false };
        let header = jsonwebtoken::decode_header(token).ok();
        let key = header.and_then(|header| self.keys.get(&header.kid?));
        key.is_some_and(|key| jsonwebtoken::decode::<Claims>(token, key, &self.validation).is_ok())
    }

    fn answer(&self, request: &HttpRequest, ready: &Ready) -> HttpResponse {
        if self.admits(request) { ready.answer() } else { HttpResponse::Unauthorized().finish() }
    }
}

/// Serves until the process is ended.
pub fn serve(answers: &Path, ring: &Path, listen: SocketAddr) {
    let text = std::fs::read_to_string(answers).expect("the answers' file");
    let kept: Answers = serde_json::from_str(&text).expect("answers as this program wrote them");
    let settings = mend::config::Keys {
        ring_file: ring.to_path_buf(),
        ..mend::config::Config::for_tests(ring.parent().unwrap_or(Path::new("."))).keys
    };
    let ring = KeyRing::load(&settings).expect("the service's key ring");
    let keys =
        ring.token_keys().into_iter().map(|(id, key)| (id.to_string(), DecodingKey::from_secret(key.as_slice())));
    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_issuer(&["urn:mend"]);
    validation.set_audience(&["urn:mend:api"]);
    validation.validate_nbf = true;
    let floor = web::Data::new(Floor {
        keys: keys.collect(),
        validation,
        tip: kept.tip.into(),
        tips: kept.tips.into(),
        entry: kept.entry.into(),
        entries: kept.entries.into(),
        created: kept.created.into(),
    });
    let application = move || {
        App::new()
            .app_data(floor.clone())
            .route(
                "/v1/tips",
                web::get().to(|floor: web::Data<Floor>, r: HttpRequest| async move { floor.answer(&r, &floor.tips) }),
            )
            .route(
                "/v1/tips/{id}",
                web::get().to(|floor: web::Data<Floor>, r: HttpRequest| async move { floor.answer(&r, &floor.tip) }),
            )
            .route(
                "/v1/journal-entries",
                web::get()
                    .to(|floor: web::Data<Floor>, r: HttpRequest| async move { floor.answer(&r, &floor.entries) }),
            )
            .route(
                "/v1/journal-entries",
                web::post().to(|floor: web::Data<Floor>, r: HttpRequest, _body: web::Bytes| async move {
                    floor.answer(&r, &floor.created)
                }),
            )
            .route(
                "/v1/journal-entries/{id}",
                web::get().to(|floor: web::Data<Floor>, r: HttpRequest| async move { floor.answer(&r, &floor.entry) }),
            )
    };
    let server = HttpServer::new(application).workers(1).bind(listen).expect("a free address").run();
    actix_web::rt::System::new().block_on(server).expect("the floor serves");
}
