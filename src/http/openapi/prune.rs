//! Leaves out of the components what nothing refers to, such as the codes that no operation of this version answers.
//! Holds always: what stays is referred to from a path, directly or through another component.

use std::collections::BTreeSet;

use serde_json::Value;
use utoipa::openapi::OpenApi;

/// Removes every schema, answer and header that no path leads to.
pub(super) fn unused(document: &mut OpenApi) {
    let whole = serde_json::to_value(&*document).unwrap_or_default();
    let mut reached = BTreeSet::new();
    if let Some(paths) = whole.get("paths") {
        follow(paths, &whole, &mut reached);
    }
    let Some(components) = &mut document.components else { return };
    components.schemas.retain(|name, _| reached.contains(&format!("#/components/schemas/{name}")));
    components.responses.retain(|name, _| reached.contains(&format!("#/components/responses/{name}")));
    components.headers.retain(|name, _| reached.contains(&format!("#/components/headers/{name}")));
}

fn follow(value: &Value, whole: &Value, reached: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            if let Some(Value::String(reference)) = members.get("$ref")
                && reached.insert(reference.clone())
                && let Some(target) = whole.pointer(reference.trim_start_matches('#'))
            {
                follow(target, whole, reached);
            }
            members.values().for_each(|member| follow(member, whole, reached));
        }
        Value::Array(items) => items.iter().for_each(|item| follow(item, whole, reached)),
        _ => {}
    }
}
