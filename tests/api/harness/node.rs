//! One running node of the service, in this process, on a port of its own.

/// A node that answers until it is dropped.
#[derive(Debug)]
pub struct Node {
    /// `http://127.0.0.1:<port>`
    pub base: String,
}

/// The finished OpenAPI document.
pub fn openapi() -> serde_json::Value {
    todo!("once the service starts")
}
