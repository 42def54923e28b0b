//! What curators publish, one file a kind. A new file here is found by itself; a line in `routes.rs` puts it to work.
//! Holds always: a kind declares its own members and rules; storage, publishing, lists and filters are the engine's.

automod::dir!(pub "src/resources/curated");
