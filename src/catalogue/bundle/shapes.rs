//! What is asked and answered around bundles.
//! Holds always: a bundle's own lines have no schema here; each is what a read of its item answers.

use serde::{Deserialize, Serialize};
use utoipa::PartialSchema;
use utoipa::ToSchema;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};

use crate::catalogue::Line;

/// The digest of a line, as a manifest lists it.
pub(super) type LineDigest = Line<22>;

/// What an app has of an older bundle.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
pub(super) struct BundleHad {
    /// The digests of the lines that it has, in any order; unknown ones do no harm.
    #[schema(max_items = 10_000)]
    pub(super) have: Vec<LineDigest>,
}

/// A bundle, as JSON Lines.
pub(super) struct BundleFile;

impl PartialSchema for BundleFile {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some(
                "JSON Lines. The first line is `{\"manifest\": …}` with a compact JWS (`EdDSA`, type `mend-bundle+jws`) whose \
                 payload says `version`, `day`, `outreach_content` and `items`: of each item its `list`, `id`, `locale` and \
                 `digest`, the first 16 bytes of the SHA-256 of its line without the line feed, in base64url. Every other \
                 line is one item as a read of it answers. What the manifest does not list is to be forgotten.",
            ))
            .max_length(Some(268_435_456))
            .into()
    }
}

impl ToSchema for BundleFile {}

/// A public key that verifies manifests.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct BundleKey {
    #[schema(max_length = 3, example = "OKP")]
    pub(super) kty: &'static str,
    #[schema(max_length = 8, example = "Ed25519")]
    pub(super) crv: &'static str,
    #[schema(max_length = 8, example = "EdDSA")]
    pub(super) alg: &'static str,
    /// Always `sig`.
    #[serde(rename = "use")]
    #[schema(max_length = 8, example = "sig")]
    pub(super) usage: &'static str,
    /// The `kid` in the manifests that it verifies.
    #[schema(max_length = 16, example = "1")]
    pub(super) kid: String,
    /// The key's 32 bytes in base64url.
    #[schema(min_length = 43, max_length = 43, example = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")]
    pub(super) x: String,
}

/// A JWK set (RFC 7517, RFC 8037).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct BundleKeys {
    /// The key that signs now first; the others verify older manifests.
    #[schema(max_items = 1000)]
    pub(super) keys: Vec<BundleKey>,
}
