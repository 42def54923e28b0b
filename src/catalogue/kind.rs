//! What a curated kind declares: its names, its own members and its rules; everything else is the engine's.
//! Holds always: adding a kind is one file that implements [`Kind`] and one line in `routes.rs`.

use serde::Serialize;
use serde::de::DeserializeOwned;
use utoipa::ToSchema;

/// One kind of curated item. The implementing struct holds the kind's own members; the header is the engine's.
pub trait Kind: Serialize + DeserializeOwned + ToSchema + Clone + Send + Sync + 'static {
    /// Plural: the path, the starter folder and the stored name, e.g. `tips`.
    const NAME: &'static str;
    /// Singular: the value of `kind` in answers, e.g. `tip`.
    const SINGULAR: &'static str;
}
