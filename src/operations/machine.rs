//! What is read of the machine now and then: memory, open files, the database's size, room on the disk.
//! Holds always: nothing of it is read while a request waits; what cannot be read is left out, never guessed.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use diesel::RunQueryDsl as _;
use diesel::sql_types::BigInt;
use metrics::{Gauge, gauge};

use crate::database::{Connection, Database, Failure};

/// Room on the disk that holds `path`, for whoever is not root.
#[must_use]
pub fn free_bytes(path: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(path).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize))
}

/// Memory of this process, as Linux tells it.
#[must_use]
pub fn resident_bytes() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

/// Open files and connections of this process.
#[must_use]
pub fn open_files() -> Option<u64> {
    u64::try_from(fs::read_dir("/proc/self/fd").ok()?.count()).ok()
}

/// How many files this process may have open; none when there is no limit.
#[must_use]
pub fn open_files_limit() -> Option<u64> {
    rustix::process::getrlimit(rustix::process::Resource::Nofile).current
}

#[derive(diesel::QueryableByName)]
struct Size {
    #[diesel(sql_type = BigInt)]
    bytes: i64,
}

fn postgres_bytes(conn: &mut Connection) -> Result<u64, Failure> {
    let size: Size = diesel::sql_query("SELECT pg_database_size(current_database()) AS bytes").get_result(conn)?;
    Ok(u64::try_from(size.bytes).unwrap_or(0))
}

/// The handles of what is read here. Clones share them.
#[derive(Clone)]
pub struct Gauges(Arc<Handles>);

struct Handles {
    database: Database,
    data_dir: PathBuf,
    in_flight: Gauge,
    database_bytes: Gauge,
    log_bytes: Gauge,
    free: Gauge,
    resident: Gauge,
    files: Gauge,
    files_limit: Gauge,
}

impl Gauges {
    /// The gauges of a node, and the one that says what it is.
    #[must_use]
    pub fn of(database: &Database, data_dir: &Path) -> Self {
        let engine = if database.is_sqlite() { "sqlite" } else { "postgres" };
        gauge!("mend_build_info", "version" => env!("CARGO_PKG_VERSION"), "engine" => engine).set(1.0);
        Self(Arc::new(Handles {
            database: database.clone(),
            data_dir: data_dir.to_owned(),
            in_flight: gauge!("mend_http_requests_in_flight"),
            database_bytes: gauge!("mend_database_bytes"),
            log_bytes: gauge!("mend_database_log_bytes"),
            free: gauge!("mend_disk_free_bytes"),
            resident: gauge!("mend_process_resident_bytes"),
            files: gauge!("mend_process_open_files"),
            files_limit: gauge!("mend_process_open_files_limit"),
        }))
    }

    /// Reads everything once.
    pub async fn read(&self, requests_in_flight: usize) {
        let handles = &self.0;
        handles.in_flight.set(u32::try_from(requests_in_flight).map_or(f64::MAX, f64::from));
        tell(&handles.free, free_bytes(&handles.data_dir));
        tell(&handles.resident, resident_bytes());
        tell(&handles.files, open_files());
        tell(&handles.files_limit, open_files_limit());
        match handles.database.file() {
            Some(file) => {
                tell(&handles.database_bytes, size(file));
                tell(&handles.log_bytes, size(&with_suffix(file, "-wal")).or(Some(0)));
            }
            None => tell(&handles.database_bytes, handles.database.read(postgres_bytes).await.ok()),
        }
    }
}

fn size(path: &Path) -> Option<u64> {
    fs::metadata(path).ok().map(|file| file.len())
}

/// SQLite names the files beside a database after it.
fn with_suffix(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn tell(gauge: &Gauge, read: Option<u64>) {
    if let Some(value) = read {
        gauge.set(float(value));
    }
}

/// Exact up to 2^53, which no size here reaches.
fn float(value: u64) -> f64 {
    let half = |bits: u64| u32::try_from(bits).map_or(f64::MAX, f64::from);
    half(value >> 32).mul_add(4_294_967_296.0, half(value & 0xffff_ffff))
}
