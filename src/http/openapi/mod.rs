//! The OpenAPI document: pieces for operations that are written by hand, and the pass that completes every operation.
//! Holds always: what the web layer does for every operation (problems, headers, limits) is documented here, once.

mod parts;

pub use parts::{
    bearer, idempotency_key, if_match, if_none_match, json_answer, json_body, link_header, path_parameter, problem,
    query_parameter,
};
