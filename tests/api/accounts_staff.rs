//! `mend accounts` beside a running service: making staff, changing roles.

use std::io::Write as _;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use crate::harness::*;

/// Runs `mend accounts …` on a world's databases, with `input` on standard input.
fn mend(world: &World, arguments: &[&str], input: &str) -> Output {
    let config = world.ground.config(0);
    let mut child = Command::new(env!("CARGO_BIN_EXE_mend"))
        .arg("accounts")
        .args(arguments)
        .env("MEND_DATA_DIR", &config.data_dir)
        .env("MEND_DATABASE_URL", config.database.url.expose())
        .env("MEND_KEYS_RING_FILE", &config.keys.ring_file)
        .env("MEND_AUTH_ARGON2_MEMORY_KIB", "19456")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

#[track_caller]
fn succeeds(output: &Output) {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[track_caller]
fn fails(output: &Output, with: &str) {
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && told.contains(with), "{told}");
}

const PASSWORD: &str = "kettle harbour seven violet";

#[apply(on_both_databases)]
fn staff_is_made_while_the_service_runs(#[case] engine: Engine) {
    let world = World::start(engine);
    let create = ["create", "--email", "cleo@example.org", "--role", "curator", "--password-file", "-"];
    let made = mend(&world, &create, &format!("{PASSWORD}\n"));
    succeeds(&made);
    assert!(!String::from_utf8_lossy(&made.stdout).contains(PASSWORD));
    let credentials = json!({"email": "Cleo@example.org", "password": PASSWORD});
    let cleo = world.anonymous();
    cleo.keeps(&cleo.post("/v1/auth/login", &credentials).expect(200));
    assert_eq!(cleo.reads("/v1/me")["role"], "curator");
    fails(&mend(&world, &create, PASSWORD), "has an account");
    fails(
        &mend(&world, &["create", "--email", "ben@example.org", "--role", "user", "--password-file", "-"], "short"),
        "15",
    );
    fails(
        &mend(&world, &["create", "--email", "ben@example.org", "--role", "owner", "--password-file", "-"], PASSWORD),
        "role",
    );
}

#[apply(on_both_databases)]
fn a_new_role_counts_within_a_second_and_keeps_the_session(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    asha.get("/v1/admin/tips").expect(403);
    succeeds(&mend(&world, &["promote", "--email", "ASHA@example.org", "--role", "curator"], ""));
    world.clock.advance(Duration::from_millis(1001));
    asha.get("/v1/admin/tips").expect(200);
    assert_eq!(asha.lists("/v1/me/security-events")[0]["kind"], "role_changed");
    succeeds(&mend(&world, &["promote", "--email", "asha@example.org", "--role", "user"], ""));
    world.clock.advance(Duration::from_millis(1001));
    asha.get("/v1/admin/tips").expect(403);
    fails(
        &mend(&world, &["promote", "--email", "nobody@example.org", "--role", "admin"], ""),
        "nobody has this address",
    );
}
