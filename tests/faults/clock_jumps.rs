//! The time of day jumps by hours, forward and back, while people write and sign in.
//! Holds always: nothing acknowledged is lost, ids are not repeated, nothing panics; sign-in works at each hour, and a
//! repetition within a key's window has one effect although the clock went back.

use std::collections::HashSet;
use std::fs;
use std::sync::atomic::Ordering;
use std::time::Duration;

use crate::rig::*;

const PATH: &str = "/v1/journal-entries";

#[test]
fn hours_forward_and_back_lose_nothing() {
    let _machine = machine();
    let site = Site::new();
    let clock = site.folder().join("clock");
    fs::write(&clock, "0").unwrap();
    let site = site.set("LD_PRELOAD", SHIM.as_str()).set("FAULTS_CLOCK", clock.to_string_lossy());
    let node = site.start();
    let address = node.address;
    let jump = |minutes: i64| {
        let draft = clock.with_extension("draft");
        fs::write(&draft, (minutes * 60).to_string()).expect("a time");
        fs::rename(draft, &clock).expect("a time");
    };
    // Never a day apart, which is how long a key is kept.
    let hours: Vec<i64> = sized(vec![2, -3, 0], vec![2, -3, 9, -12, 8, 0, 5, -5, 1, -1, 11, 0]);
    let (mut ids, mut acknowledged, mut now) = (HashSet::new(), 0, 0);
    for (round, hour) in hours.iter().enumerate() {
        // Tokens of another hour may have run out or not begun, as tokens do: people sign in again at each hour.
        let people: Vec<Person> =
            (0..2).map(|number| Person::signs_up(address, &format!("round-{round}-{number}"))).collect();
        let crowd = Crowd::begins(&people, address, 8);
        crowd.gets_on_by(40, Duration::from_mins(1));
        // Within the life of their tokens, the clock jumps while they write.
        jump(now + 45);
        crowd.gets_on_by(40, Duration::from_mins(1));
        acknowledged += crowd.ends().acknowledged.load(Ordering::Relaxed);
        let key = format!("before-{round}");
        let ask = people[0].post(PATH, &entry("Once, whatever the clock says.")).header("Idempotency-Key", &key);
        let before = Connection::once(address, &ask).expect(201);
        now = hour * 60;
        jump(now);
        // The shim looks again after a few milliseconds.
        std::thread::sleep(Duration::from_millis(30));
        let again = Person::signs_in(address, &people[0].name);
        let ask = again.post(PATH, &entry("Once, whatever the clock says.")).header("Idempotency-Key", &key);
        let after = Connection::once(address, &ask).expect(201);
        assert_eq!(before.text("id"), after.text("id"), "a repetition made a second record");
        for person in &people {
            let person = Person::signs_in(address, &person.name);
            for record in person.lists(address, PATH) {
                assert!(ids.insert(record["id"].to_string()), "an id came twice");
            }
        }
    }
    assert!(!site.log().contains("panicked"), "{}", site.log());
    node.stop();
    Store::open(&site.data()).is_sound();
    report(&format!(
        "{} jumps of the clock, by up to {} hours: {acknowledged} acknowledged, 0 lost, {} ids all different, each key of \
         the hour before had one effect; integrity check ok",
        hours.len() * 2,
        hours.iter().map(|hour| hour.abs()).max().unwrap_or(0),
        ids.len(),
    ));
}
