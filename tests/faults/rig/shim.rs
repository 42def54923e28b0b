//! The shim between the service and the kernel (`shim.c`), built once, and what it noted.
//! Holds always: events stand in the order of the calls.

use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

use mend::database::Id;

/// The built library, for `LD_PRELOAD`.
pub static SHIM: LazyLock<String> = LazyLock::new(|| {
    let library = Path::new(env!("CARGO_TARGET_TMPDIR")).join("shim.so");
    let built = Command::new("cc")
        .args(["-shared", "-fPIC", "-O2", "-Wall", "-Wextra", "-Werror", "-o"])
        .arg(&library)
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/faults/rig/shim.c"))
        .output()
        .expect("a C compiler, which the bundled SQLite needs too");
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    library.to_string_lossy().into_owned()
});

/// One call of the service, as the shim noted it.
#[derive(Debug)]
pub struct Event {
    pub kind: Kind,
    pub file: File,
    pub thread: u32,
    pub bytes: Vec<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Noted before the call.
    Write,
    /// Noted after a call that succeeded.
    Sync,
    /// Noted before the call.
    Answer,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum File {
    Log,
    Main,
    Keystore,
    Journal,
    Client,
}

impl Event {
    /// Whether these bytes are part of what was written or sent.
    pub fn holds(&self, needle: &[u8]) -> bool {
        memchr::memmem::find(&self.bytes, needle).is_some()
    }
}

/// One record that was answered with 201.
pub struct Written {
    pub owner: [u8; 16],
    pub id: [u8; 16],
}

impl Written {
    pub fn new(owner: &str, id: &str) -> Self {
        let bytes = |id: &str| *id.parse::<Id>().expect("an id").as_bytes();
        Self { owner: bytes(owner), id: bytes(id) }
    }

    /// The record in this answer, when it is one with 201.
    pub fn answered_by(event: &Event) -> Option<Self> {
        let text = std::str::from_utf8(&event.bytes).ok().filter(|text| text.starts_with("HTTP/1.1 201"))?;
        let id = text.split("\"id\":\"").nth(1)?.split('"').next()?;
        (event.kind == Kind::Answer).then(|| Self::new("00000000-0000-0000-0000-000000000000", id))
    }

    /// Whether the answer was sent before a sync that followed the write of its record, on the thread that wrote it.
    pub fn left_early(&self, events: &[Event]) -> bool {
        let text = Id::from_bytes(self.id).to_string();
        let first_write = events.iter().position(|event| event.file == File::Log && event.holds(&self.id));
        let Some(write) = first_write else { return true };
        let thread = events[write].thread;
        let sync = events
            .iter()
            .skip(write)
            .position(|event| event.kind == Kind::Sync && event.file == File::Log && event.thread == thread);
        let answer = events.iter().position(|event| event.kind == Kind::Answer && event.holds(text.as_bytes()));
        match (sync, answer) {
            (Some(sync), Some(answer)) => answer < write + sync,
            _ => true,
        }
    }

    /// Whether the record was written before the keystore, with its owner's key in it, was synced.
    pub fn key_is_late(&self, events: &[Event]) -> bool {
        let key = events.iter().position(|event| event.file == File::Keystore && event.holds(&self.owner));
        let Some(key) = key else { return true };
        let sync = events.iter().skip(key).position(|event| event.kind == Kind::Sync && event.file == File::Keystore);
        let record = events.iter().position(|event| event.file == File::Log && event.holds(&self.id));
        match (sync, record) {
            (Some(sync), Some(record)) => record < key + sync,
            _ => true,
        }
    }
}

/// Every event that was noted in `file`.
pub fn trace(file: &Path) -> Vec<Event> {
    let all = std::fs::read(file).expect("a trace");
    let (mut rest, mut events) = (all.as_slice(), Vec::new());
    while let Some((head, after)) = rest.split_first_chunk::<10>() {
        let number = |at: usize| u32::from_le_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
        let (bytes, next) = after.split_at(usize::try_from(number(6)).expect("a length"));
        events.push(Event { kind: kind(head[0]), file: class(head[1]), thread: number(2), bytes: bytes.to_vec() });
        rest = next;
    }
    events
}

fn kind(letter: u8) -> Kind {
    match letter {
        b'w' => Kind::Write,
        b's' => Kind::Sync,
        _ => Kind::Answer,
    }
}

fn class(letter: u8) -> File {
    match letter {
        b'l' => File::Log,
        b'd' => File::Main,
        b'k' => File::Keystore,
        b'j' => File::Journal,
        _ => File::Client,
    }
}
