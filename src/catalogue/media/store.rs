//! The rows of files: stored, read, compared with what an item says of them, and swept when nobody speaks of them.
//! Holds always: the bytes under a name never change; a file that any revision names is never swept.

use diesel::prelude::*;

use super::MediaFile;
use crate::catalogue::document::Header;
use crate::catalogue::kinds::Kinds;
use crate::catalogue::rules::fault;
use crate::catalogue::store;
use crate::database::schema::{catalogue_items, catalogue_revisions, media_files};
use crate::database::{Bytes, Connection, Timestamp};
use crate::http::problem::Fault;

/// How long a file waits for an item, in seconds.
const WAITS_SECONDS: u64 = 30 * 24 * 60 * 60;

/// Stores a file, or notes that it was sent again. Whether it is new.
pub(super) fn store(
    connection: &mut Connection,
    file: &MediaFile,
    bytes: Vec<u8>,
    now: Timestamp,
) -> QueryResult<bool> {
    let there = media_files::table.find(&file.sha256);
    if diesel::update(there).set(media_files::stored_at.eq(now)).execute(connection)? > 0 {
        return Ok(false);
    }
    let row = (
        media_files::sha256.eq(&file.sha256),
        media_files::content_type.eq(&file.content_type),
        media_files::width.eq(file.width),
        media_files::height.eq(file.height),
        media_files::bytes.eq(Bytes(bytes)),
        media_files::stored_at.eq(now),
    );
    diesel::insert_into(media_files::table).values(row).execute(connection)?;
    Ok(true)
}

/// A file's media type and bytes.
pub(super) fn read(connection: &mut Connection, sha256: &str) -> QueryResult<Option<(String, Vec<u8>)>> {
    let row = media_files::table.find(sha256).select((media_files::content_type, media_files::bytes));
    let found: Option<(String, Bytes)> = row.first(connection).optional()?;
    Ok(found.map(|(content_type, bytes)| (content_type, bytes.0)))
}

/// What an item says of its file that is not so.
///
/// # Errors
/// Database failures.
pub fn faults(connection: &mut Connection, said: &MediaFile) -> QueryResult<Vec<Fault>> {
    let row = media_files::table.find(&said.sha256);
    let row = row.select((media_files::content_type, media_files::width, media_files::height, media_files::bytes));
    let Some((content_type, width, height, bytes)) = row.first::<(String, i32, i32, Bytes)>(connection).optional()?
    else {
        let detail = "There is no such file: store it first, with `PUT /v1/admin/media-files/{sha256}`.";
        return Ok(vec![fault("/file/sha256", "unknown_file", detail)]);
    };
    let checks = [
        ("/file/content_type", said.content_type == content_type),
        ("/file/width", said.width == width),
        ("/file/height", said.height == height),
        ("/file/byte_length", usize::try_from(said.byte_length).is_ok_and(|length| length == bytes.0.len())),
    ];
    let wrong = checks.into_iter().filter(|(_, is_so)| !is_so);
    Ok(wrong.map(|(place, _)| fault(place, "unlike_the_file", "The file that is stored says otherwise.")).collect())
}

/// Whether readers see a picture of this name, in the item's language or the one that it was translated from.
///
/// # Errors
/// Database failures.
pub fn is_shown(connection: &mut Connection, kinds: &Kinds, header: &Header, slug: &str) -> QueryResult<bool> {
    let locales = [Some(&header.locale), header.translation_of.as_ref().map(|original| &original.locale)];
    for locale in locales.into_iter().flatten() {
        for kind in kinds.all().filter(|kind| kind.is_shown_beside) {
            let row = store::at(connection, kind.name, locale, slug)?;
            if row.is_some_and(|row| row.published_revision.is_some()) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// Deletes files that were last sent 30 days ago and that no revision of an item names, at most so many; says how many.
///
/// # Errors
/// Database failures.
pub fn sweep(connection: &mut Connection, kinds: &Kinds, now: Timestamp, most: i64) -> QueryResult<usize> {
    let old = now.minus(std::time::Duration::from_secs(WAITS_SECONDS));
    let waiting = media_files::table.filter(media_files::stored_at.lt(old)).order(media_files::stored_at.asc());
    let names: Vec<String> = waiting.select(media_files::sha256).load(connection)?;
    let about_files: Vec<&str> = kinds.all().filter(|kind| kind.is_shown_beside).map(|kind| kind.name).collect();
    let mut swept = 0;
    for name in names {
        if i64::try_from(swept).unwrap_or(i64::MAX) >= most {
            break;
        }
        let speaks_of_it = catalogue_revisions::table
            .inner_join(catalogue_items::table.on(catalogue_items::id.eq(catalogue_revisions::item_id)))
            .filter(catalogue_items::kind.eq_any(&about_files))
            .filter(catalogue_revisions::document.like(format!("%{name}%")));
        if speaks_of_it.count().get_result::<i64>(connection)? == 0 {
            swept += diesel::delete(media_files::table.find(&name)).execute(connection)?;
        }
    }
    Ok(swept)
}
