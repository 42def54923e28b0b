//! The full-text index of one language: an SQLite FTS5 table in memory that several connections read at once. It keeps where
//! words stand and no texts: those are the snapshot's.
//! Holds always: it is filled once and only read afterwards; the filter is part of the query, so that what it does not let
//! through is neither counted nor shown.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use diesel::connection::{DefaultLoadingMode, SimpleConnection as _};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use diesel::sqlite::{Sqlite, SqliteConnection};

use super::words::Vocabulary;

/// The language whose endings are understood: with `calls`, `calling` is found.
const STEMMED: &str = "en";

diesel::table! {
    texts (rowid) {
        rowid -> BigInt,
        title -> Text,
        summary -> Text,
        body -> Text,
        /// What FTS5 calls the whole row.
        #[sql_name = "texts"]
        whole -> Text,
    }
}
diesel::table! {
    /// Every word of the language, so that those with one stem can be found.
    stems (rowid) {
        rowid -> BigInt,
        word -> Text,
        #[sql_name = "stems"]
        whole -> Text,
    }
}
diesel::table! {
    vocabulary (term) {
        term -> Text,
    }
}
diesel::infix_operator!(Matches, " MATCH ", backend: Sqlite);

#[diesel::declare_sql_function]
extern "SQL" {
    /// Whether the row is asked for and may be seen.
    fn is_wanted(row: BigInt) -> Bool;
}

/// Tells of a row whether it is asked for and may be seen.
pub(super) type Wanted = Arc<dyn Fn(i64) -> bool + Send + Sync>;

/// What goes into the index of one item or part.
pub(super) struct Texts {
    pub(super) title: String,
    pub(super) summary: String,
    pub(super) body: String,
}

/// The index of one language.
pub(super) struct Language {
    /// The language's tag without region or script, as in `en`.
    pub(super) tag: String,
    pub(super) vocabulary: Vocabulary,
    stemmed: bool,
    address: String,
    idle: Mutex<Vec<Reader>>,
}

/// A connection, and what decides for it which rows are wanted.
pub(super) struct Reader {
    connection: SqliteConnection,
    wanted: Arc<Mutex<Wanted>>,
}

impl Language {
    /// Builds the index of these texts, each with its row's number.
    pub(super) fn build(tag: &str, texts: impl Iterator<Item = (i64, Texts)>) -> QueryResult<Self> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        // A name makes the database one for all connections that open it; it ends with the last of them.
        let address = format!("file:/mend-search-{}?vfs=memdb", COUNT.fetch_add(1, Ordering::Relaxed));
        let mut first = Reader::open(&address)?;
        let stemmed = tag == STEMMED;
        first.connection.batch_execute(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
             CREATE VIRTUAL TABLE texts USING fts5(title, summary, body, content = '', columnsize = 0,
                 tokenize = 'unicode61 remove_diacritics 2');
             CREATE VIRTUAL TABLE stems USING fts5(word, content = '', columnsize = 0,
                 tokenize = 'porter unicode61 remove_diacritics 2');
             CREATE VIRTUAL TABLE vocabulary USING fts5vocab(texts, 'row');
             INSERT INTO texts(texts, rank) VALUES ('hashsize', 4194304);",
        )?;
        let words = first.connection.transaction(|connection| fill(connection, texts, stemmed))?;
        first.connection.batch_execute("PRAGMA query_only = ON;")?;
        let idle = Mutex::new(vec![first]);
        Ok(Self { tag: tag.to_owned(), vocabulary: Vocabulary::new(words), stemmed, address, idle })
    }

    /// A connection for one question; give it back with [`Language::put_back`].
    pub(super) fn reader(&self) -> QueryResult<Reader> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        idle.map_or_else(|| Reader::open(&self.address), Ok)
    }

    pub(super) fn put_back(&self, reader: Reader) {
        reader.wants(&nothing());
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(reader);
    }

    /// Words of the catalogue with the same stem as `word`, itself left out.
    pub(super) fn same_stem(&self, reader: &mut Reader, word: &str) -> QueryResult<Vec<&str>> {
        if !self.stemmed {
            return Ok(Vec::new());
        }
        let asked = Matches::new(stems::whole, diesel::dsl::sql::<Text>("").bind::<Text, _>(format!("\"{word}\"")));
        let numbers: Vec<i64> = stems::table.filter(asked).select(stems::rowid).load(&mut reader.connection)?;
        let words = numbers.into_iter().filter_map(|number| self.vocabulary.get(usize::try_from(number).ok()?));
        Ok(words.filter(|other| *other != word).collect())
    }
}

/// Finds no row at all.
fn nothing() -> Wanted {
    Arc::new(|_| false)
}

/// Writes the rows, letting go of each, and gives every word in them.
fn fill(
    connection: &mut SqliteConnection,
    rows: impl Iterator<Item = (i64, Texts)>,
    stemmed: bool,
) -> QueryResult<Vec<String>> {
    for (number, row) in rows {
        let values = (
            texts::rowid.eq(number),
            texts::title.eq(&row.title),
            texts::summary.eq(&row.summary),
            texts::body.eq(&row.body),
        );
        diesel::insert_into(texts::table).values(values).execute(connection)?;
    }
    let words: Vec<String> = vocabulary::table.select(vocabulary::term).load(connection)?;
    if stemmed {
        for (number, word) in (0_i64..).zip(&words) {
            let values = (stems::rowid.eq(number), stems::word.eq(word));
            diesel::insert_into(stems::table).values(values).execute(connection)?;
        }
    }
    Ok(words)
}

impl Reader {
    fn open(address: &str) -> QueryResult<Self> {
        let failed = |error: ConnectionError| diesel::result::Error::QueryBuilderError(error.into());
        let mut connection = SqliteConnection::establish(address).map_err(failed)?;
        let wanted = Arc::new(Mutex::new(nothing()));
        let asked = std::panic::AssertUnwindSafe(Arc::clone(&wanted));
        is_wanted_utils::register_impl(&mut connection, move |row: i64| {
            asked.lock().unwrap_or_else(PoisonError::into_inner)(row)
        })?;
        Ok(Self { connection, wanted })
    }

    /// Sets which rows the next queries may find.
    pub(super) fn wants(&self, wanted: &Wanted) {
        *self.wanted.lock().unwrap_or_else(PoisonError::into_inner) = Arc::clone(wanted);
    }

    /// The numbers of the first `most` rows after `after` that fit `expression` and are wanted, in order.
    pub(super) fn find(&mut self, expression: &str, after: i64, most: usize) -> QueryResult<Vec<i64>> {
        let asked = Matches::new(texts::whole, diesel::dsl::sql::<Text>("").bind::<Text, _>(expression));
        let query = texts::table
            .filter(asked)
            .filter(texts::rowid.gt(after))
            .filter(is_wanted(texts::rowid))
            .order(texts::rowid)
            .select(texts::rowid);
        // Rows come one by one, so that the index stops looking when there are enough.
        let rows = query.load_iter::<i64, DefaultLoadingMode>(&mut self.connection)?;
        rows.take(most).collect()
    }

    /// Whether any row fits that is wanted.
    pub(super) fn any(&mut self, expression: &str) -> QueryResult<bool> {
        let asked = Matches::new(texts::whole, diesel::dsl::sql::<Text>("").bind::<Text, _>(expression));
        let query = texts::table.filter(asked).filter(is_wanted(texts::rowid)).select(texts::rowid).limit(1);
        Ok(query.first::<i64>(&mut self.connection).optional()?.is_some())
    }
}
