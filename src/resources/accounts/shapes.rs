//! What accounts look like on the wire.
//! Holds always: a shape that carries a password or a token cannot be printed.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;

use crate::auth::accounts::Profile;
use crate::auth::events::{Event, Kind};
use crate::auth::session_list::Summary;
use crate::auth::{Caller, Label, Name, Password, Role, Tokens};
use crate::database::{Id, Timestamp};
use crate::http::vocabulary;
use crate::http::vocabulary::open_string;

/// What registering takes.
#[derive(Deserialize, ToSchema)]
pub(super) struct RegisterRequest {
    /// The address to sign in with, as its owner writes it. Upper and lower case are one.
    #[schema(min_length = 3, max_length = 254, example = "asha@example.org")]
    pub(super) email: String,
    /// 15 characters to 1,024 bytes in Unicode NFC; no rule about kinds of characters. Refused when it is easy to guess.
    #[schema(value_type = String, min_length = 15, max_length = 1024, example = "a window over the quiet river")]
    pub(super) password: Password,
    /// A display name.
    #[serde(default)]
    pub(super) name: Option<Name>,
}

/// The answer to registering, the same for every address.
#[derive(Serialize, ToSchema)]
pub(super) struct RegisterAnswer {
    /// Always `accepted`: if the address is new, it can sign in now.
    #[schema(max_length = 64, example = "accepted")]
    pub(super) status: &'static str,
}

/// What signing in takes.
#[derive(Deserialize, ToSchema)]
pub(super) struct LoginRequest {
    /// The address that was registered.
    #[schema(min_length = 3, max_length = 254, example = "asha@example.org")]
    pub(super) email: String,
    /// The password.
    #[schema(value_type = String, min_length = 1, max_length = 1024, example = "a window over the quiet river")]
    pub(super) password: Password,
    /// What the device or app is called in the list of sessions. Optional; nothing else about the device is kept.
    #[serde(default)]
    pub(super) label: Option<Label>,
    /// The `device_token` of the last sign-in on this device: failures of others then do not slow this device down.
    #[serde(default)]
    #[schema(max_length = 256, example = "AZqk0b6lc2GVb2x0d3t4")]
    pub(super) device_token: Option<String>,
}

/// The answer to signing in.
#[derive(Serialize, ToSchema)]
pub(super) struct LoginAnswer {
    /// For `Authorization: Bearer …`. Opaque to clients.
    #[schema(max_length = 4096, example = "eyJ0eXAiOiJtZW5kLWFjY2Vzcytqd3QifQ.eyJzdWIiOiIxIn0.c2ln")]
    access_token: String,
    #[schema(max_length = 16, example = "Bearer")]
    token_type: &'static str,
    /// How many seconds the access token is good.
    #[schema(minimum = 0, maximum = 3600, example = 600)]
    expires_in: u32,
    /// Exchanges for the next pair of tokens at `/v1/auth/refresh`; good once.
    #[schema(max_length = 256, example = "AZqk0b6lc2GVb2x0d3t4eHl6")]
    refresh_token: String,
    /// Keep it on the device, also after signing out, and send it at the next sign-in. It opens nothing by itself.
    #[schema(max_length = 256, example = "AZqk0b6lc2GVb2x0d3t4")]
    device_token: String,
}

/// What refreshing takes.
#[derive(Deserialize, ToSchema)]
pub(super) struct RefreshRequest {
    /// The refresh token that came last.
    #[schema(min_length = 1, max_length = 256, example = "AZqk0b6lc2GVb2x0d3t4eHl6")]
    pub(super) refresh_token: String,
}

/// The next pair of tokens.
#[derive(Serialize, ToSchema)]
pub(super) struct TokenAnswer {
    /// For `Authorization: Bearer …`. Opaque to clients.
    #[schema(max_length = 4096, example = "eyJ0eXAiOiJtZW5kLWFjY2Vzcytqd3QifQ.eyJzdWIiOiIxIn0.c2ln")]
    access_token: String,
    #[schema(max_length = 16, example = "Bearer")]
    token_type: &'static str,
    /// How many seconds the access token is good.
    #[schema(minimum = 0, maximum = 3600, example = 600)]
    expires_in: u32,
    /// Exchanges for the next pair of tokens; good once. The one sent before is used up.
    #[schema(max_length = 256, example = "AZqk0b6lc2GVb2x0d3t4eHl6")]
    refresh_token: String,
}

/// What changing the password takes.
#[derive(Deserialize, ToSchema)]
pub(super) struct PasswordChange {
    /// The password until now, as proof that its owner asks.
    #[schema(value_type = String, min_length = 1, max_length = 1024, example = "a window over the quiet river")]
    pub(super) current_password: Password,
    /// 15 characters to 1,024 bytes in Unicode NFC. Refused when it is easy to guess or the same as before.
    #[schema(value_type = String, min_length = 15, max_length = 1024, example = "seven stones in the garden wall")]
    pub(super) new_password: Password,
}

/// One's own account.
#[derive(Serialize, ToSchema)]
pub(super) struct Me {
    id: Id,
    /// Rises with each change; the ETag is this number in quotes.
    #[schema(minimum = 1, example = 1)]
    pub(super) version: i64,
    /// The address to sign in with.
    #[schema(max_length = 254, example = "asha@example.org")]
    email: String,
    /// The display name; null when none was given.
    #[schema(required = true)]
    name: Option<Name>,
    #[schema(schema_with = roles)]
    role: &'static str,
    /// Whether content that pushes towards contact, repair or forgiveness is offered to this person. `hidden` once a
    /// relationship is marked abusive or without contact.
    outreach_content: OutreachContent,
    created_at: Timestamp,
    updated_at: Timestamp,
}

vocabulary! {
    /// Whether content that pushes towards contact is offered.
    pub(in crate::resources) enum OutreachContent {
        Shown = "shown",
        Hidden = "hidden",
    }
}

/// What is wanted of the safety filter.
#[derive(Deserialize, ToSchema)]
pub(super) struct OutreachChoice {
    /// `shown` opens the filter, `hidden` closes it.
    pub(super) outreach_content: OutreachContent,
    /// Has to be true to open it.
    #[serde(default)]
    pub(super) confirm: bool,
}

/// What of one's own account can be changed by patch.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = MePatch)]
pub(super) struct MeInput {
    /// The display name; null for none.
    #[serde(default)]
    pub(super) name: Option<Name>,
}

/// A sign-in that lasts.
#[derive(Serialize, ToSchema)]
pub(super) struct Session {
    id: Id,
    /// Whether it is the one that asks.
    #[schema(example = true)]
    current: bool,
    /// What the device or app called itself; null when it gave no label.
    #[schema(required = true)]
    label: Option<Label>,
    created_at: Timestamp,
    /// When the person last proved who they are.
    authenticated_at: Timestamp,
    /// How they proved it (RFC 8176): `pwd` for a password.
    #[schema(max_items = 8, value_type = Vec<crate::privacy::Text<16>>, example = json!(["pwd"]))]
    amr: Vec<String>,
    /// When its tokens were last refreshed.
    last_used_at: Timestamp,
    /// When it ends unless it is used before.
    expires_at: Timestamp,
}

/// One page of sessions, the newest first.
#[derive(Serialize, ToSchema)]
pub(super) struct SessionPage {
    #[schema(max_items = 100)]
    pub(super) items: Vec<Session>,
    /// Send it as `cursor` to get the next page; null on the last one.
    #[schema(max_length = 512, required = true)]
    pub(super) next_cursor: Option<String>,
}

/// Something that happened to the security of the account.
#[derive(Serialize, ToSchema)]
pub(super) struct SecurityEvent {
    id: Id,
    happened_at: Timestamp,
    #[schema(schema_with = event_kinds)]
    kind: String,
    /// The session it happened in; null when in none.
    #[schema(required = true)]
    session_id: Option<Id>,
}

/// One page of security events, the newest first.
#[derive(Serialize, ToSchema)]
pub(super) struct SecurityEventPage {
    #[schema(max_items = 100)]
    pub(super) items: Vec<SecurityEvent>,
    /// Send it as `cursor` to get the next page; null on the last one.
    #[schema(max_length = 512, required = true)]
    pub(super) next_cursor: Option<String>,
}

const BEARER: &str = "Bearer";

fn seconds(tokens: &Tokens) -> u32 {
    u32::try_from(tokens.access_lifetime.as_secs()).unwrap_or(u32::MAX)
}

impl LoginAnswer {
    pub(super) fn new(tokens: Tokens, device_token: String) -> Self {
        let expires_in = seconds(&tokens);
        let Tokens { access, refresh, .. } = tokens;
        Self { access_token: access, token_type: BEARER, expires_in, refresh_token: refresh, device_token }
    }
}

impl From<Tokens> for TokenAnswer {
    fn from(tokens: Tokens) -> Self {
        let expires_in = seconds(&tokens);
        let Tokens { access, refresh, .. } = tokens;
        Self { access_token: access, token_type: BEARER, expires_in, refresh_token: refresh }
    }
}

impl From<Profile> for Me {
    fn from(profile: Profile) -> Self {
        Self {
            id: profile.id,
            version: profile.version,
            email: profile.email,
            // A stored name was checked when it came.
            name: profile.name.and_then(|name| Name::new(name).ok()),
            role: profile.role.as_str(),
            outreach_content: if profile.no_outreach { OutreachContent::Hidden } else { OutreachContent::Shown },
            created_at: profile.created_at,
            updated_at: profile.updated_at,
        }
    }
}

impl Session {
    pub(super) fn of(summary: Summary, caller: &Caller) -> Self {
        Self {
            current: summary.id == caller.session,
            id: summary.id,
            label: summary.label.and_then(|label| Label::new(label).ok()),
            created_at: summary.created_at,
            authenticated_at: summary.authenticated_at,
            amr: summary.amr,
            last_used_at: summary.last_used_at,
            expires_at: summary.expires_at,
        }
    }
}

impl From<Event> for SecurityEvent {
    fn from(event: Event) -> Self {
        Self { id: event.id, happened_at: event.happened_at, kind: event.kind, session_id: event.session_id }
    }
}

fn roles() -> RefOr<Schema> {
    words(
        &Role::WORDS,
        "What the account may do: `user` keeps its own records, `curator` also looks after the content, `admin` also \
         after the curators.",
    )
}

fn event_kinds() -> RefOr<Schema> {
    words(
        &Kind::WORDS,
        "What happened. `refresh_reused` and failures that were not one's own are reasons to change the password.",
    )
}

fn words(words: &'static [&'static str], about: &str) -> RefOr<Schema> {
    let mut schema = open_string(words);
    if let RefOr::T(Schema::Object(object)) = &mut schema {
        object.description = Some(about.to_owned());
    }
    schema
}
