//! Nothing readable in a backup: neither what somebody wrote, nor an address, nor even what is published.
//! Holds always: the search, to which letter case is all one, finds in the restored files what it does not find in the backup.

use std::path::PathBuf;

use mend::config::Config;

use crate::canary::{CANARY, CONTROL, search, write_everything};
use crate::harness::binary::{run, word};
use crate::harness::examples::Examples;
use crate::harness::*;

#[test]
fn a_backup_shows_nothing_to_whoever_finds_it() {
    let world = World::start(Engine::Sqlite);
    let asha = world.sign_up_with(CANARY, &format!("{CANARY}@example.org"), "seven quiet lanterns by the harbour");
    assert!(write_everything(&asha) > 0);
    Examples::of(&world.curator("cleo")).curated("tips", CONTROL);
    let backups = world.ground.folder.join("backups");
    let made = run(&world.ground.config(0), &["backup", "create", word(&backups)]).json();
    for secret in [CANARY, CONTROL, "example.org", "sqlite format", "journal-entries", "data_keys"] {
        assert_eq!(search(&backups, secret), Vec::<PathBuf>::new(), "'{secret}' is readable in a backup");
    }

    let folder = world.ground.folder.join("restored");
    std::fs::create_dir(&folder).unwrap();
    std::fs::copy(world.ground.config(0).keys.ring_file, folder.join("keyring.json")).unwrap();
    run(&Config::for_tests(&folder), &["restore", made["files"][0]["path"].as_str().unwrap()]).json();
    for control in [CONTROL, "sqlite format", "journal-entries"] {
        assert!(!search(&folder, control).is_empty(), "the backup does not hold '{control}', or the search is blind");
    }
    for secret in [CANARY, "example.org"] {
        assert_eq!(search(&folder, secret), Vec::<PathBuf>::new());
    }
}
