//! The service says that it lives and is ready.

use crate::harness::*;

#[apply(on_both_databases)]
fn a_started_node_is_ready(#[case] engine: Engine) {
    let world = World::start(engine);
    let anyone = world.anonymous();
    anyone.get("/livez").expect(200);
    anyone.get("/readyz").expect(200);
}
