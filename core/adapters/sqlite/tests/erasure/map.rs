//! The map of every place where a person can be (ADR 0018) names each table and column of the database.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;

use crate::office::Office;

const MAP: &str = include_str!("../../../../docs/adr/0018-erasing-a-person.md");

/// What the cells of a line of the map have between backticks.
fn quoted(text: &str) -> Vec<String> {
    text.split('`').skip(1).step_by(2).map(ToOwned::to_owned).collect()
}

/// The columns that the map names, by table.
fn mapped() -> BTreeMap<String, BTreeSet<String>> {
    let from = MAP.find("| table | of a person").expect("the map is there");
    let lines = MAP[from..].lines().skip(2).take_while(|line| line.starts_with('|'));
    lines
        .map(|line| {
            let mut words = quoted(line);
            let table = words.remove(0);
            let columns: BTreeSet<_> = words.iter().cloned().collect();
            assert_eq!(columns.len(), words.len(), "{table} names a column twice");
            (table, columns)
        })
        .collect()
}

#[test]
fn every_table_and_column_is_on_the_map_of_what_an_erasure_does() {
    let office = Office::new();
    let conn = Connection::open(office.database()).unwrap();
    let tables = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name";
    let mut statement = conn.prepare(tables).unwrap();
    let tables: Vec<String> = statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    // The full-text indexes keep their parts in tables of their own.
    let is_part = |name: &str| name.starts_with("entry_words_") || name.starts_with("contact_words_");
    let mut found = BTreeMap::new();
    for table in tables.into_iter().filter(|name| !is_part(name)) {
        let mut statement = conn.prepare("SELECT name FROM pragma_table_info(?1)").unwrap();
        let columns = statement.query_map([&table], |row| row.get(0)).unwrap().map(Result::unwrap);
        found.insert(table.clone(), columns.collect::<BTreeSet<String>>());
    }
    assert_eq!(mapped(), found);
}
