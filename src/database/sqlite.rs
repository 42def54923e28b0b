//! SQLite: its file, its version and the settings of every connection.
//! Holds always: no connection is used before its settings are in force, and none of a version that can lose writes.

use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;

use super::{Failure, OpenError, Purpose};

/// Versions below can lose acknowledged commits in WAL mode.
const LOWEST_VERSION: [u32; 3] = [3, 51, 3];

/// How long a connection waits for another process's lock while it is set up.
const PATIENCE: Duration = Duration::from_secs(5);

/// For every connection. `foreign_keys`, `trusted_schema` and the like are off or lax in SQLite by default.
const EVERY: &str = "PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; \
     PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY; PRAGMA secure_delete = ON; PRAGMA synchronous = FULL;";

/// `page_size` counts only before the first table. The log holds whole pages, one of each index for each row that is written
/// somewhere else, so small pages halve it (twice as many inserts a second as with 8 KiB, measured at a million rows).
const MAIN: &str = "PRAGMA page_size = 4096; PRAGMA journal_mode = WAL; PRAGMA journal_size_limit = 67108864;";

/// A write-ahead log would keep a destroyed key until the next checkpoint; a rollback journal is wiped with the commit.
const KEYSTORE: &str = "PRAGMA journal_mode = DELETE;";

/// Also syncs the directory, so that a deleted journal stays deleted and cannot bring a destroyed key back.
const SYNC_EXTRA: &str = "PRAGMA synchronous = EXTRA;";

/// A reader keeps 24 MiB of pages: the newest entries of some hundred people who are active at the same time.
const READ_ONLY: &str = "PRAGMA query_only = ON; PRAGMA cache_size = -24576;";

/// The one writer's. It touches some pages of several indexes for each row, of everybody who writes at the same time. It moves
/// the log into the file after 32 MiB, so that a page is moved once for many rows that touched it; a longer log makes a
/// longer pause (84 ms in the slowest hundredth of the answers at 128 MiB, on a file of 2 GB).
const WRITER: &str = "PRAGMA cache_size = -32768; PRAGMA wal_autocheckpoint = 8192;";

diesel::define_sql_function! {
    /// SQLite's version, as in `3.51.3`.
    fn sqlite_version() -> Text;
}

/// The file in what follows `sqlite:`. An absolute path, so that SQLite never reads it as a `file:` URI.
pub(super) fn path(rest: &str) -> Result<PathBuf, OpenError> {
    let path = rest.strip_prefix("//").unwrap_or(rest);
    if path.is_empty() || path == ":memory:" {
        return Err(OpenError::UnusableUrl(
            "sqlite: must name a file; each connection in memory would be a database of its own",
        ));
    }
    if path.contains('?') {
        return Err(OpenError::UnusableUrl("sqlite: takes a path and no parameters"));
    }
    std::path::absolute(path).map_err(|cause| OpenError::Connect { what: path.to_owned(), cause: cause.to_string() })
}

pub(super) fn connect(path: &Path, purpose: Purpose) -> Result<SqliteConnection, OpenError> {
    let failed = |cause: String| OpenError::Connect { what: path.display().to_string(), cause };
    create(path).map_err(|cause| failed(cause.to_string()))?;
    let mut connection =
        SqliteConnection::establish(&path.to_string_lossy()).map_err(|cause| failed(cause.to_string()))?;
    let version: String = patiently(|| diesel::select(sqlite_version()).get_result(&mut connection))
        .map_err(|cause| failed(cause.to_string()))?;
    check_version(&version)?;
    let settings = match purpose {
        Purpose::Write => format!("{MAIN} {EVERY} {WRITER}"),
        Purpose::Read => format!("{MAIN} {EVERY} {READ_ONLY}"),
        Purpose::Keystore => format!("{KEYSTORE} {EVERY} {SYNC_EXTRA}"),
    };
    patiently(|| connection.batch_execute(&settings)).map_err(|cause| failed(cause.to_string()))?;
    Ok(connection)
}

/// Makes the file for its owner's eyes only, where SQLite would let everybody read it; its journals take over the mode.
///
/// A file that exists is not touched: closing it here would drop the locks that this process's connections hold on it,
/// as POSIX wants it. For the same reason one thread at a time does this.
fn create(path: &Path) -> std::io::Result<()> {
    static CREATING: Mutex<()> = Mutex::new(());
    let _alone = CREATING.lock().unwrap_or_else(PoisonError::into_inner);
    match OpenOptions::new().create_new(true).write(true).mode(0o600).open(path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        made => made.map(drop),
    }
}

/// Tries again while another process has the file locked.
///
/// Two who set the journal mode of a new file at the same time hold what the other needs: whoever fails must let go and
/// come again. So `busy_timeout`, which would make both hold on, is set only after it.
fn patiently<T>(mut work: impl FnMut() -> QueryResult<T>) -> QueryResult<T> {
    let begun = Instant::now();
    loop {
        match work() {
            Err(error) if Failure::from(&error) == Failure::Overloaded && begun.elapsed() < PATIENCE => {
                std::thread::sleep(Duration::from_millis(10));
            }
            done => return done,
        }
    }
}

fn check_version(found: &str) -> Result<(), OpenError> {
    let parts: Vec<u32> = found.split('.').map_while(|part| part.parse().ok()).collect();
    if parts.as_slice() >= LOWEST_VERSION.as_slice() {
        Ok(())
    } else {
        Err(OpenError::UnsafeSqlite { found: found.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use diesel::sql_types::Text;

    use super::*;

    #[test]
    fn refuses_versions_that_can_lose_writes() {
        for unsafe_version in ["3.8.11", "3.51.2", "3.50.9", "2.99.99", "3", ""] {
            assert!(check_version(unsafe_version).is_err(), "{unsafe_version}");
        }
        for safe in ["3.51.3", "3.51.3.1", "3.52.0", "4.0.0"] {
            assert!(check_version(safe).is_ok(), "{safe}");
        }
    }

    #[test]
    fn a_connection_has_its_settings() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("mend.db");
        let mut connection = connect(&file, Purpose::Write).unwrap();
        let mut pragma = |name: &str| -> String {
            let query = format!("SELECT CAST({name} AS TEXT) FROM pragma_{name}");
            diesel::select(diesel::dsl::sql::<Text>(&format!("({query})"))).get_result(&mut connection).unwrap()
        };
        assert_eq!(pragma("page_size"), "4096");
        assert_eq!(pragma("journal_mode"), "wal");
        assert_eq!(pragma("synchronous"), "2");
        assert_eq!(pragma("foreign_keys"), "1");
        assert_eq!(pragma("trusted_schema"), "0");
        assert_eq!(pragma("secure_delete"), "1");
    }

    #[test]
    fn a_new_file_is_for_its_owner_only_and_a_reader_cannot_write() {
        use std::os::unix::fs::PermissionsExt as _;
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("mend.db");
        connect(&file, Purpose::Write).unwrap().batch_execute("CREATE TABLE t (x INTEGER)").unwrap();
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        let mut reader = connect(&file, Purpose::Read).unwrap();
        assert!(reader.batch_execute("INSERT INTO t VALUES (1)").is_err());
    }

    #[test]
    fn reads_paths_and_refuses_what_is_none() {
        assert_eq!(path("/var/lib/mend.db").unwrap(), Path::new("/var/lib/mend.db"));
        assert_eq!(path("///var/lib/mend.db").unwrap(), Path::new("/var/lib/mend.db"));
        assert!(path("data/mend.db").unwrap().is_absolute());
        assert!(path(":memory:").is_err());
        assert!(path("").is_err());
        assert!(path("mend.db?mode=ro").is_err());
    }
}
