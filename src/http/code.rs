//! The table of everything that can go wrong for a caller: one row a code.
//! Holds always: a code keeps its name, its meaning and its status once released; clients switch on it.

use actix_web::http::StatusCode;

use super::vocabulary::Vocabulary;

/// Makes the enum and its table from one list, so that no code can lack a column.
macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $status:literal $code:literal $title:literal;)+) => {
        /// Why a request was refused. The table is exhaustive.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Vocabulary for Code {
            const NAME: &'static str = "ProblemCode";
            const WORDS: &'static [&'static str] = &[$($code,)+];
        }

        impl Code {
            /// Every code, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The number of the status line.
            #[must_use]
            pub const fn status_number(self) -> u16 {
                match self { $(Self::$name => $status,)+ }
            }

            /// The stable name, as the member `code` of a problem.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }

            /// The short English summary, the same for every occurrence.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)+ }
            }

            /// What the code means and what a client can do about it.
            #[must_use]
            pub const fn description(self) -> &'static str {
                match self { $(Self::$name => concat!($($doc,)+).trim_ascii(),)+ }
            }
        }
    };
}

codes! {
    /// The body is not JSON, or not UTF-8, or empty where a body is needed.
    MalformedJson = 400 "malformed_json" "The body is not valid JSON";
    /// A query parameter is unknown, repeated where one is meant, or has a value that it cannot have.
    InvalidQuery = 400 "invalid_query" "The query is not valid";
    /// The cursor is damaged, too old, or was given to somebody else or for another list. Start again without a cursor.
    InvalidCursor = 400 "invalid_cursor" "The cursor is not valid";
    /// A header that the operation reads cannot be understood.
    InvalidHeader = 400 "invalid_header" "A header is not valid";
    /// The request cannot be understood as HTTP.
    BadRequest = 400 "bad_request" "The request is not valid";
    /// No access token came, or it is damaged, expired or its session has ended. Refresh it or sign in.
    NotSignedIn = 401 "not_signed_in" "Sign in first";
    /// The e-mail address and the password do not belong together.
    WrongCredentials = 401 "wrong_credentials" "The e-mail address or the password is wrong";
    /// The refresh token is unknown, expired, or was used before; sign in again.
    RefreshRefused = 401 "refresh_refused" "The refresh token is not valid";
    /// The account may not do this.
    NotAllowed = 403 "not_allowed" "Not allowed";
    /// Nothing here for this account: never there, gone, or somebody else's.
    NotFound = 404 "not_found" "Not found";
    /// No operation has this path.
    UnknownPath = 404 "unknown_path" "No such path";
    /// The path exists, but not with this method; `Allow` names those it has.
    MethodNotAllowed = 405 "method_not_allowed" "Method not allowed";
    /// The request did not arrive in time.
    RequestTimeout = 408 "request_timeout" "The request took too long to arrive";
    /// The current state of things does not allow it.
    Conflict = 409 "conflict" "Conflict with the current state";
    /// Another record has this id, with other content.
    IdTaken = 409 "id_taken" "The id is taken";
    /// The account holds as much as it may. Delete something, also from the trash, and try again.
    QuotaReached = 409 "quota_reached" "The account is full";
    /// The operator of this service has not opened it to words from its users. What was handed over before can still be read and taken back.
    SubmissionsClosed = 409 "submissions_closed" "Nothing can be handed over here";
    /// As many of this account's submissions as may wait for curators do so already. Take one back, or wait.
    TooManyWaiting = 409 "too_many_waiting" "Too many wait already";
    /// The record was changed since the version in If-Match; the answer's ETag is the current one.
    VersionMismatch = 412 "version_mismatch" "Changed in the meantime";
    /// The body is larger than the operation accepts.
    BodyTooLarge = 413 "body_too_large" "The body is too large";
    /// Path and query together are longer than 4 KiB.
    UriTooLong = 414 "uri_too_long" "The address is too long";
    /// The body is not of a media type that the operation reads.
    UnsupportedMediaType = 415 "unsupported_media_type" "The media type is not supported";
    /// Compressed request bodies are not accepted; send it plain.
    UnsupportedEncoding = 415 "unsupported_encoding" "The content encoding is not supported";
    /// The content breaks its schema or a rule; `errors` names each fault.
    InvalidContent = 422 "invalid_content" "The content is not valid";
    /// The Idempotency-Key was used for another request within the last 24 hours.
    IdempotencyKeyReused = 422 "idempotency_key_reused" "The idempotency key belongs to another request";
    /// The operation changes a version and has to name it: send If-Match.
    PreconditionRequired = 428 "precondition_required" "Send If-Match";
    /// Too many requests or attempts; `Retry-After` says when to come back.
    TooManyRequests = 429 "too_many_requests" "Too many requests";
    /// The headers are larger than the service reads.
    HeadersTooLarge = 431 "headers_too_large" "The headers are too large";
    /// The service failed. The request id finds the cause in its log.
    Internal = 500 "internal" "The service failed";
    /// Too much work at the moment; `Retry-After` says when to come back.
    Overloaded = 503 "overloaded" "The service is busy";
    /// Something that the service needs does not answer.
    Unavailable = 503 "unavailable" "The service is unavailable";
    /// The disk is full: reading works, writing does not.
    StorageFull = 503 "storage_full" "The service cannot store anything at the moment";
    /// The connection to the database broke while it was storing: it may have happened. Repeat with the same Idempotency-Key, or read first.
    OutcomeUnknown = 503 "outcome_unknown" "It is not known whether it was stored";
    /// The operation took longer than it may; it may still happen. Repeat with the same Idempotency-Key, or read first.
    TimedOut = 503 "timed_out" "The operation took too long";
}

impl Code {
    /// The status of the answer.
    #[must_use]
    pub fn status(self) -> StatusCode {
        StatusCode::from_u16(self.status_number()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// The stable problem type, a URI.
    #[must_use]
    pub fn type_uri(self) -> String {
        format!("urn:mend:problem:{}", self.as_str())
    }
}
