//! Mend: the map of the house.
//!
//! Mend is a backend for adults who repair a strained relationship with their mother, keep the peace with her, or leave.
//! Two engines carry every resource, and a resource is one file:
//!
//! - [`records`] keeps what a person writes: one sealed document a record, owned by them alone. A resource of
//!   [`resources::private`] declares its fields and rules; routes, documentation, storage, paging, history, trash, quotas
//!   and privacy follow from its registration in [`routes`].
//! - [`catalogue`] serves what curators publish: plain items with revisions, read from a snapshot in memory that has two
//!   views, so that the safety filter is part of every read. A kind of item is one file of [`resources::curated`].
//!
//! # Where things are
//!
//! | part | what lives there |
//! |---|---|
//! | `main`, [`cli`] | the command line: serve, migrate, backup, restore, doctor, accounts, keys, content, openapi, config, healthcheck |
//! | [`app`] | puts the parts together and starts them; `waiting` gives help while the databases do not answer yet |
//! | [`routes`] | one line a resource: the whole API at one glance |
//! | [`resources`] | `private/` and `curated/`, one file a resource; `accounts/` beside them; `guidance/` says what may help now; `submissions/` are handed over to be published |
//! | [`operations`] | health, metrics, log, privacy manifest, doctor, background tasks, sweeper, backup and restore |
//! | [`records`], [`catalogue`] | the two engines; the starter content is in `catalogue/starter/`, `catalogue/trace` tells where it comes from |
//! | in [`catalogue`] | `curating/` and `workflow/` publish, `exchange/` imports and exports, `search/` finds, `media/` keeps pictures, `sight` is the safety filter, `bundle/` is taken along, `link_check/` watches addresses |
//! | [`http`] | where resources register (`mount`), problems, bodies, queries, pages, conditional requests, idempotency, limits, the document |
//! | [`auth`] | who asks: tokens, sessions, passwords, throttling, and the extractors that are permissions |
//! | [`database`] | both engines behind one type, jobs and their writer, the way of answers home (`mailbox`), who goes first in a crowd, the schema, migrations, ids, the clock |
//! | [`privacy`] | key ring, keystore, sealing, private text, the map of what is stored |
//! | [`config`] | one small struct a concern; the only place that reads the environment |
//!
//! Parts use only what is to their right: `main > cli > app, routes > resources, operations > records, catalogue > http >
//! auth > database, privacy > config`. `tests/architecture` holds the tree to it.
//!
//! # What always holds
//!
//! 1. No private text stands outside of its sealed document: not in an index, a log, a metric or an error.
//! 2. A private query takes the owner first. Not yours and not there are the same 404.
//! 3. No role reads private records. What somebody hands over to be published ([`resources::submissions`]) is none.
//! 4. Acknowledged means durable. A repetition with the same key has one effect. An edit that missed another's is refused.
//! 5. A route that is not in the document, or not in the access matrix, fails the tests.
//! 6. Each stored column, and each member of each document, is declared with purpose, retention and what export and
//!    erasure do with it; tests hold the declarations against both databases and against the documents' schemas, and
//!    `GET /v1/privacy/manifest` publishes them.
//! 7. The safety filter is inside the read, never after it.
//! 8. The service never contacts the mother and never sends a letter.
//!
//! # Quirks to know
//!
//! - The starter content gets its ids from its slugs, so that every installation and every node has the same ones.
//! - A record that is trashed, restored or purged gets a new version, since the ETag is the version.
//! - How SQLite is compiled stands in `.cargo/config.toml`, with reasons: without it every `LIMIT ?` is planned anew.
//! - A key of the keystore that is missing means erased: the record answers 404, it is no failure.

pub mod app;
pub mod auth;
pub mod catalogue;
pub mod cli;
pub mod config;
pub mod database;
pub mod http;
pub mod operations;
pub mod privacy;
pub mod records;
pub mod resources;
pub mod routes;
