//! Reading rows: columns in order, straight into the engine's types.

use guiche_core::time::Timestamp;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Params, Row};
use serde::de::DeserializeOwned;

use crate::fault::Fault;

/// For so many rows of a page there is room from the beginning, whatever the limit: an ordinary page, and the row that tells
/// of more.
pub(crate) const ROOM: usize = 51;

/// The columns of a row, one after the other.
pub(crate) struct Cells<'a, 'stmt> {
    row: &'a Row<'stmt>,
    next: usize,
}

impl<'a, 'stmt> Cells<'a, 'stmt> {
    pub(crate) fn new(row: &'a Row<'stmt>) -> Self {
        Self { row, next: 0 }
    }

    fn value(&mut self) -> Result<ValueRef<'a>, Fault> {
        let at = self.next;
        self.next += 1;
        Ok(self.row.get_ref(at)?)
    }

    /// Passes over columns.
    pub(crate) fn skip(&mut self, columns: usize) {
        self.next += columns;
    }

    pub(crate) fn opt_int(&mut self) -> Result<Option<i64>, Fault> {
        match self.value()? {
            ValueRef::Integer(number) => Ok(Some(number)),
            ValueRef::Null => Ok(None),
            _ => Err(Fault::Unreadable),
        }
    }

    pub(crate) fn int(&mut self) -> Result<i64, Fault> {
        match self.value()? {
            ValueRef::Integer(number) => Ok(number),
            _ => Err(Fault::Unreadable),
        }
    }

    pub(crate) fn count(&mut self) -> Result<u32, Fault> {
        u32::try_from(self.int()?).map_err(|_| Fault::Unreadable)
    }

    pub(crate) fn flag(&mut self) -> Result<bool, Fault> {
        Ok(self.int()? != 0)
    }

    /// A flag of a row that may have none.
    pub(crate) fn opt_flag(&mut self) -> Result<bool, Fault> {
        Ok(self.opt_int()?.unwrap_or(0) != 0)
    }

    pub(crate) fn id<T>(&mut self, from_raw: fn(i64) -> T) -> Result<T, Fault> {
        self.int().map(from_raw)
    }

    pub(crate) fn opt_id<T>(&mut self, from_raw: fn(i64) -> T) -> Result<Option<T>, Fault> {
        Ok(self.opt_int()?.map(from_raw))
    }

    pub(crate) fn time(&mut self) -> Result<Timestamp, Fault> {
        self.id(Timestamp::from_millis)
    }

    pub(crate) fn opt_time(&mut self) -> Result<Option<Timestamp>, Fault> {
        self.opt_id(Timestamp::from_millis)
    }

    /// A number that stands for a word.
    pub(crate) fn word<T>(&mut self, from_code: fn(i64) -> Option<T>) -> Result<T, Fault> {
        match from_code(self.int()?) {
            Some(word) => Ok(word),
            None => Err(Fault::Unreadable),
        }
    }

    pub(crate) fn opt_word<T>(&mut self, from_code: fn(i64) -> Option<T>) -> Result<Option<T>, Fault> {
        match self.opt_int()? {
            None => Ok(None),
            Some(code) => from_code(code).map_or(Err(Fault::Unreadable), |word| Ok(Some(word))),
        }
    }

    pub(crate) fn opt_str(&mut self) -> Result<Option<&'a str>, Fault> {
        match self.value()? {
            ValueRef::Text(bytes) => std::str::from_utf8(bytes).map(Some).map_err(|_| Fault::Unreadable),
            ValueRef::Null => Ok(None),
            _ => Err(Fault::Unreadable),
        }
    }

    pub(crate) fn str(&mut self) -> Result<&'a str, Fault> {
        match self.value()? {
            ValueRef::Text(bytes) => std::str::from_utf8(bytes).map_err(|_| Fault::Unreadable),
            _ => Err(Fault::Unreadable),
        }
    }

    pub(crate) fn text(&mut self) -> Result<String, Fault> {
        self.str().map(ToOwned::to_owned)
    }

    pub(crate) fn opt_text(&mut self) -> Result<Option<String>, Fault> {
        Ok(self.opt_str()?.map(ToOwned::to_owned))
    }

    pub(crate) fn blob(&mut self) -> Result<&'a [u8], Fault> {
        match self.value()? {
            ValueRef::Blob(bytes) => Ok(bytes),
            _ => Err(Fault::Unreadable),
        }
    }

    pub(crate) fn json<T: DeserializeOwned>(&mut self) -> Result<T, Fault> {
        Ok(serde_json::from_str(self.str()?)?)
    }

    pub(crate) fn opt_json<T: DeserializeOwned>(&mut self) -> Result<Option<T>, Fault> {
        Ok(self.opt_str()?.map(serde_json::from_str).transpose()?)
    }
}

/// The first column, of a query that has no more.
pub(crate) fn int(cells: &mut Cells<'_, '_>) -> Result<i64, Fault> {
    cells.int()
}

/// The first column, as an instant.
pub(crate) fn time(cells: &mut Cells<'_, '_>) -> Result<Timestamp, Fault> {
    cells.time()
}

/// The one row of a query, if there is one.
pub(crate) fn one<T>(
    conn: &Connection,
    sql: &str,
    params: impl Params,
    decode: impl FnOnce(&mut Cells<'_, '_>) -> Result<T, Fault>,
) -> Result<Option<T>, Fault> {
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query(params)?;
    rows.next()?.map(|row| decode(&mut Cells::new(row))).transpose()
}

/// All rows of a query.
pub(crate) fn all<T>(
    conn: &Connection,
    sql: &str,
    params: impl Params,
    decode: impl Fn(&mut Cells<'_, '_>) -> Result<T, Fault>,
) -> Result<Vec<T>, Fault> {
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query(params)?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(decode(&mut Cells::new(row))?);
    }
    Ok(all)
}

/// The conflict of a row that was not written because its version is not the next. `sql` asks for the stored version.
pub(crate) fn stale(conn: &Connection, sql: &str, key: impl Params) -> Fault {
    match one(conn, sql, key, int) {
        Ok(stored) => Fault::changed(stored.and_then(|version| u32::try_from(version).ok()).unwrap_or(0)),
        Err(fault) => fault,
    }
}

/// Runs a statement that writes, and says how many rows it wrote.
pub(crate) fn run(conn: &Connection, sql: &str, params: impl Params) -> Result<usize, Fault> {
    Ok(conn.prepare_cached(sql)?.execute(params)?)
}

/// An instant as a column holds it.
pub(crate) fn ms(at: Option<Timestamp>) -> Option<i64> {
    at.map(Timestamp::as_millis)
}
