//! A folder on the wire: a tar archive, packed and unpacked in memory.
//! Holds always: the same files give the same archive; nothing of an archive reaches a disk.

use std::io::Read as _;

use tar::{Archive, Builder, EntryType, Header};

use super::Unwritable;
use crate::catalogue::files::{File, Finding};

/// The archive of these files, which come in order.
pub(super) fn pack(files: &[File]) -> Result<Vec<u8>, Unwritable> {
    let mut builder = Builder::new(Vec::new());
    for file in files {
        let mut header = Header::new_gnu();
        header.set_entry_type(EntryType::Regular);
        header.set_mode(0o644);
        // No date, no owner: the same content is the same archive.
        header.set_mtime(0);
        header.set_size(u64::try_from(file.text.len()).unwrap_or(u64::MAX));
        builder.append_data(&mut header, &file.path, file.text.as_bytes()).map_err(broken)?;
    }
    builder.into_inner().map_err(broken)
}

fn broken(error: std::io::Error) -> Unwritable {
    Unwritable::Broken(error.into())
}

/// The files of an archive, by path; folders are passed over.
pub(super) fn unpack(bytes: &[u8]) -> Result<Vec<File>, Finding> {
    let wrong = |path: &str, code, detail: &str| Finding::at(path, 1, code, detail);
    let broken = |_error| wrong("", "malformed_archive", "The body is not a tar archive, or only a part of one.");
    let mut files = Vec::new();
    let mut archive = Archive::new(bytes);
    for entry in archive.entries().map_err(broken)? {
        let mut entry = entry.map_err(broken)?;
        let path = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let path = path.strip_prefix("./").unwrap_or(&path).to_owned();
        match entry.header().entry_type() {
            EntryType::Directory | EntryType::XGlobalHeader => continue,
            EntryType::Regular | EntryType::Continuous => {}
            _ => return Err(wrong(&path, "not_a_file", "An archive holds files and folders only.")),
        }
        let mut text = String::new();
        // A file is no longer than the archive, so that its bytes are a bound for what is kept.
        entry.read_to_string(&mut text).map_err(|_error| wrong(&path, "not_utf8", "The file is not UTF-8."))?;
        files.push(File { path, text });
    }
    files.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(files)
}
