//! Documents: by kind, by owner, and by when they fall due.

use guiche_core::document::{Document, DocumentKind};
use guiche_core::store::{Row, Store};

use super::{MANY, NONE, changed, put, read, refused};
use crate::sample::{self, at};

const TASK: DocumentKind = DocumentKind::Task;
const DRAFT: DocumentKind = DocumentKind::Draft;

fn documents(store: &dyn Store, rows: impl IntoIterator<Item = Document>) {
    put(store, rows.into_iter().map(Row::Document));
}

fn ids(rows: Vec<Document>) -> Vec<i64> {
    rows.into_iter().map(|row| row.id).collect()
}

fn listed(store: &dyn Store, kind: DocumentKind, owner: Option<i64>, after: Option<i64>, limit: u32) -> Vec<i64> {
    ids(read(store, |s| s.documents(kind, owner, after, limit)))
}

fn due(store: &dyn Store, kind: DocumentKind, seconds: i64, limit: u32) -> Vec<i64> {
    ids(read(store, |s| s.documents_due(kind, at(seconds), limit)))
}

/// A document is found by its kind and id: one id may be of every kind at once.
pub fn a_document_is_found_by_its_kind_and_id(store: &dyn Store) {
    let of = |kind: DocumentKind| Document { data: kind.word().to_owned(), ..sample::document(kind, 7) };
    documents(store, DocumentKind::ALL.map(of));
    for kind in DocumentKind::ALL {
        assert!(read(store, |s| s.document(kind, 7)) == Some(of(kind)), "{}", kind.word());
        assert!(read(store, |s| s.document(kind, 8)).is_none());
        assert_eq!(listed(store, kind, None, None, MANY), [7]);
    }
}

/// By id, after the last of the page before, whoever owns them.
pub fn documents_of_a_kind_come_in_pages_by_id(store: &dyn Store) {
    documents(store, [5, 1, 9, 3, 7].map(|id| Document { owner: id % 2 * id, ..sample::document(TASK, id) }));
    documents(store, [sample::document(DRAFT, 4)]);
    assert_eq!(listed(store, TASK, None, None, MANY), [1, 3, 5, 7, 9]);
    assert_eq!(listed(store, TASK, None, None, 2), [1, 3]);
    assert_eq!(listed(store, TASK, None, Some(3), 2), [5, 7]);
    assert_eq!(listed(store, TASK, None, Some(4), 2), [5, 7]);
    assert_eq!(listed(store, TASK, None, Some(9), 2), NONE);
    assert_eq!(listed(store, DRAFT, None, None, MANY), [4]);
}

/// Of one owner only, in pages by id; the account's are of owner 0.
pub fn documents_of_an_owner_come_in_pages_by_id(store: &dyn Store) {
    let of = |id, owner| Document { owner, ..sample::document(TASK, id) };
    documents(store, [of(6, 1), of(2, 2), of(4, 1), of(1, 0), of(3, 1), of(5, i64::MAX)]);
    documents(store, [Document { owner: 1, ..sample::document(DRAFT, 9) }]);
    assert_eq!(listed(store, TASK, Some(1), None, MANY), [3, 4, 6]);
    assert_eq!(listed(store, TASK, Some(1), None, 2), [3, 4]);
    assert_eq!(listed(store, TASK, Some(1), Some(3), 1), [4]);
    assert_eq!(listed(store, TASK, Some(1), Some(6), MANY), NONE);
    assert_eq!(listed(store, TASK, Some(2), None, MANY), [2]);
    assert_eq!(listed(store, TASK, Some(0), None, MANY), [1]);
    assert_eq!(listed(store, TASK, Some(i64::MAX), None, MANY), [5]);
    assert_eq!(listed(store, TASK, Some(3), None, MANY), NONE);
}

/// A document that is given to another owner is found there, and there only.
pub fn a_document_that_changes_its_owner_is_found_there(store: &dyn Store) {
    documents(store, [sample::document(TASK, 1), sample::document(TASK, 2)]);
    documents(store, [Document { owner: 2, version: 2, ..sample::document(TASK, 1) }]);
    assert_eq!(listed(store, TASK, Some(1), None, MANY), [2]);
    assert_eq!(listed(store, TASK, Some(2), None, MANY), [1]);
}

/// A document that is dropped is in no list any more, and its kind and id may begin again at version 1. Dropping what
/// is not there is nothing.
pub fn a_dropped_document_is_gone_and_may_begin_again(store: &dyn Store) {
    let late = |kind, version| Document { due_at: Some(at(5)), version, ..sample::document(kind, 1) };
    documents(store, [late(TASK, 1), late(DRAFT, 1)]);
    documents(store, [late(TASK, 2)]);
    put(store, [Row::DocumentDropped(TASK, 1), Row::DocumentDropped(TASK, 99)]);
    read(store, |s| {
        assert!(s.document(TASK, 1)?.is_none());
        assert!(s.documents(TASK, None, None, MANY)?.is_empty());
        assert!(s.documents(TASK, Some(1), None, MANY)?.is_empty());
        assert!(s.documents_due(TASK, at(99), MANY)?.is_empty());
        assert!(s.document(DRAFT, 1)? == Some(late(DRAFT, 1)));
        Ok(())
    });
    assert_eq!(refused(store, [Row::Document(late(TASK, 3))]), changed(0));
    documents(store, [late(TASK, 1)]);
    assert_eq!(due(store, TASK, 99, MANY), [1]);
    put(store, [Row::DocumentDropped(TASK, 1), Row::Document(late(TASK, 1)), Row::Document(late(TASK, 2))]);
    assert_eq!(read(store, |s| s.document(TASK, 1)).map(|row| row.version), Some(2));
}

/// Due at or before `now`, the longest due first, ties by id; those without a time are never due.
pub fn documents_fall_due_the_earliest_first(store: &dyn Store) {
    let due_at = |id, seconds: Option<i64>| Document { due_at: seconds.map(at), ..sample::document(TASK, id) };
    documents(
        store,
        [due_at(1, Some(30)), due_at(5, Some(10)), due_at(2, None), due_at(4, Some(20)), due_at(3, Some(10))],
    );
    documents(store, [Document { due_at: Some(at(-5)), ..sample::document(DRAFT, 9) }]);
    assert_eq!(due(store, TASK, 9, MANY), NONE);
    assert_eq!(due(store, TASK, 10, MANY), [3, 5]);
    assert_eq!(due(store, TASK, 29, MANY), [3, 5, 4]);
    assert_eq!(due(store, TASK, 30, MANY), [3, 5, 4, 1]);
    assert_eq!(due(store, TASK, 99, 3), [3, 5, 4]);
    assert_eq!(due(store, DRAFT, 99, MANY), [9]);
}

/// A document is due at its latest time only.
pub fn a_document_is_due_at_its_latest_time_only(store: &dyn Store) {
    let due_at =
        |version, seconds: Option<i64>| Document { due_at: seconds.map(at), version, ..sample::document(TASK, 1) };
    let next = || read(store, |s| s.next_due(&[]));
    documents(store, [due_at(1, Some(10))]);
    assert_eq!(next(), Some(at(10)));
    documents(store, [due_at(2, Some(20))]);
    assert_eq!(next(), Some(at(20)));
    assert_eq!((due(store, TASK, 19, MANY), due(store, TASK, 20, MANY)), (vec![], vec![1]));
    documents(store, [due_at(3, None)]);
    assert_eq!(next(), None);
    assert_eq!(due(store, TASK, 99, MANY), NONE);
}
