//! Folders and servers of this test process that are gone when it ends, even when it is killed.
//! Holds always: a shell outside the process cleans up once the pipe to it closes; nothing depends on a destructor.

use std::io;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// Runs in the background until its standard input ends, which happens when this process does. `$1` is the folder to
/// remove; the words after it, if any, are a server to run meanwhile. Terminal signals go to the tests, not to it.
const WATCHDOG: &str = r#"
trap '' HUP INT TERM
folder=$1
shift
if [ $# -gt 0 ]; then
    "$@" </dev/null >"$folder.log" 2>&1 &
    server=$!
fi
cat >/dev/null
if [ -n "${server-}" ]; then
    kill -QUIT "$server"
    wait "$server"
fi
rm -rf "$folder" "$folder.log"
"#;

/// Waits until its standard input ends, then runs the words after `$1` and removes the folder `$1`.
const LAST_WORDS: &str = r#"
trap '' HUP INT TERM
folder=$1
shift
cat >/dev/null
"$@" >/dev/null 2>&1
rm -rf "$folder"
"#;

/// The folder of this test process.
struct Scratch {
    path: PathBuf,
    _watchdog: Child,
}

static SCRATCH: LazyLock<Scratch> = LazyLock::new(|| {
    let path = temporary_folder();
    let watchdog = watch(&path, &[]).expect("a shell that removes the tests' folder");
    Scratch { path, _watchdog: watchdog }
});

/// A new folder under the process's own, for one test.
pub fn folder(name: &str) -> PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let path = SCRATCH.path.join(format!("{name}-{}", COUNT.fetch_add(1, Ordering::Relaxed)));
    std::fs::create_dir(&path).expect("a folder for one test");
    path
}

/// A new folder below [`place`]. Give it to [`watch`], or it stays.
pub fn temporary_folder() -> PathBuf {
    tempfile::Builder::new().prefix("mend-tests-").tempdir_in(place()).expect("a temporary folder").keep()
}

/// Where the files of tests are: in memory, or in the system's temporary folder when `TMPDIR` is set or memory is short.
/// Databases are made and removed by the hundred here, which takes a disk a third of the run; what holds on a real disk,
/// the faults show.
#[expect(clippy::disallowed_methods, reason = "where the tests put their files is the test run's affair")]
pub fn place() -> PathBuf {
    let memory = PathBuf::from("/dev/shm");
    let room = rustix::fs::statvfs(&memory).map_or(0, |disk| disk.f_bavail.saturating_mul(disk.f_frsize));
    if room > 4 << 30 && std::env::var_os("TMPDIR").is_none() { memory } else { std::env::temp_dir() }
}

/// Removes `folder` when this process ends, after it stopped `server`. The server's output goes to `<folder>.log`.
pub fn watch(folder: &Path, server: &[String]) -> io::Result<Child> {
    shell(WATCHDOG, folder, server)
}

/// Runs a command and removes `folder` once the answer is dropped or this process ends.
pub fn afterwards(folder: &Path, command: &[String]) -> io::Result<Child> {
    shell(LAST_WORDS, folder, command)
}

fn shell(script: &str, folder: &Path, command: &[String]) -> io::Result<Child> {
    let mut shell = Command::new("sh");
    shell.args(["-c", script, "watchdog"]).arg(folder).args(command);
    shell.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    shell.process_group(0).spawn()
}
