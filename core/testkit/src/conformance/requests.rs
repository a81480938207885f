//! Requests that were answered.

use guiche_core::store::{ChangeSet, RequestRecord, Row, Store};

use super::{conflict, read, taken, try_apply, world};
use crate::sample;

fn answered(request: RequestRecord) -> ChangeSet {
    ChangeSet { request: Some(request), ..sample::changes(Vec::new(), vec![sample::event()]) }
}

/// By its id, byte for byte, with its fingerprint and outcome as they were.
pub fn an_answered_request_is_found_by_its_id(store: &dyn Store) {
    let request = RequestRecord { outcome: "{\"texto\":\"é 🙂\"}".to_owned(), ..sample::request("pedido-1") };
    try_apply(store, &answered(request.clone())).expect("a new request is allowed");
    read(store, |s| {
        assert_eq!(s.request("pedido-1")?, Some(request.clone()));
        assert_eq!(s.request("pedido-2")?, None);
        assert_eq!(s.request("Pedido-1")?, None);
        assert_eq!(s.request("pedido-")?, None);
        assert_eq!(s.request("")?, None);
        Ok(())
    });
}

/// The engine looks first; a store does not let one outcome replace another, not even with the same.
pub fn a_request_is_answered_once(store: &dyn Store) {
    try_apply(store, &answered(sample::request("r-1"))).expect("a new request is allowed");
    let other = RequestRecord { outcome: "{}".to_owned(), ..sample::request("r-1") };
    assert_eq!(conflict(try_apply(store, &answered(other))), taken("request"));
    assert_eq!(conflict(try_apply(store, &answered(sample::request("r-1")))), taken("request"));
    assert_eq!(read(store, |s| s.request("r-1")), Some(sample::request("r-1")));
    assert_eq!(read(store, |s| s.head()), 1);
}

/// A request is recorded with what it did, or not at all.
pub fn a_refused_change_set_does_not_bind_its_request(store: &dyn Store) {
    world(store);
    let mut changes = answered(sample::request("r-1"));
    changes.rows = vec![Row::Contact(sample::contact(1))];
    conflict(try_apply(store, &changes));
    assert_eq!(read(store, |s| s.request("r-1")), None);
    changes.rows = vec![Row::Attendance(sample::attendance(1, 1))];
    try_apply(store, &changes).expect("the request is free");
    assert!(read(store, |s| s.request("r-1")).is_some());
}
