//! Contacts, identities, handles, match keys and pairs.

use guiche_core::channel::ChannelKind;
use guiche_core::contact::{Contact, Handle, HandleKey, Identity};
use guiche_core::id::{ContactId, IdentityId};
use guiche_core::store::{Row, Store};
use guiche_core::window::Pair;

use super::{MANY, NONE, put, read, refused, taken, world};
use crate::sample::{self, CHANNEL, OTHER_CHANNEL, at};

fn found(store: &dyn Store, handle: &Handle) -> Option<i64> {
    read(store, |s| s.identity_by_handle(handle)).map(|identity| identity.id.raw())
}

fn leads(handle: &Handle, identity: i64) -> [Row; 1] {
    [Row::Handle(handle.clone(), IdentityId::from_raw(identity))]
}

/// Newest first: ids descend, and a page begins after the last of the one before.
pub fn contacts_come_in_pages_by_descending_id(store: &dyn Store) {
    for id in [5, 1, 9, 3, 7] {
        put(store, [Row::Contact(sample::contact(id))]);
    }
    let page = |after: Option<i64>, limit| {
        let rows = read(store, |s| s.contacts(after.map(ContactId::from_raw), limit));
        rows.into_iter().map(|row| row.id.raw()).collect::<Vec<_>>()
    };
    assert_eq!(page(None, MANY), [9, 7, 5, 3, 1]);
    assert_eq!(page(None, 2), [9, 7]);
    assert_eq!(page(Some(7), 2), [5, 3]);
    assert_eq!(page(Some(6), 2), [5, 3]);
    assert_eq!(page(Some(1), 2), NONE);
}

/// An identity is found by any of its handles, old ones included, as it is now.
pub fn every_handle_leads_to_its_identity(store: &dyn Store) {
    world(store);
    let (old, new) = (sample::handle("5511880000001"), sample::handle("5511980000001"));
    put(store, leads(&old, 1));
    put(store, leads(&new, 1));
    put(store, leads(&sample::handle("5511980000002"), 2));
    let changed = Identity { version: 2, wa_id: None, ..sample::identity(1) };
    put(store, [Row::Identity(changed.clone())]);
    assert!(read(store, |s| s.identity_by_handle(&old)) == Some(changed));
    assert_eq!(found(store, &new), Some(1));
    assert_eq!(found(store, &sample::handle("5511980000002")), Some(2));
    assert_eq!(found(store, &sample::handle("5511980000003")), None);
}

/// A handle is its platform, sort, scope and value together, byte for byte.
pub fn handles_differ_by_each_of_their_parts(store: &dyn Store) {
    world(store);
    let handle = sample::handle("abc");
    put(store, leads(&handle, 1));
    let others = [
        Handle { kind: ChannelKind::Sms, ..handle.clone() },
        Handle { key: HandleKey::UserId, ..handle.clone() },
        Handle { key: HandleKey::ParentUserId, ..handle.clone() },
        Handle { scope: "portfolio".to_owned(), ..handle.clone() },
        Handle { value: "ABC".to_owned(), ..handle.clone() },
        Handle { value: "abc ".to_owned(), ..handle.clone() },
        Handle { value: "ab".to_owned(), ..handle.clone() },
    ];
    for other in &others {
        assert_eq!(found(store, other), None);
    }
    for (other, identity) in others.iter().zip([2, 3, 4, 2, 3, 4, 2]) {
        put(store, leads(other, identity));
        assert_eq!(found(store, other), Some(identity));
    }
    assert_eq!(found(store, &handle), Some(1));
}

/// Once given, a handle never leads elsewhere; giving it again is nothing new.
pub fn a_handle_that_leads_to_another_identity_is_a_conflict(store: &dyn Store) {
    world(store);
    let handle = sample::handle("5511980000001");
    put(store, leads(&handle, 1));
    put(store, leads(&handle, 1));
    assert_eq!(refused(store, leads(&handle, 2)), taken("handle"));
    assert_eq!(found(store, &handle), Some(1));
}

/// By ascending id, and only those of the contact.
pub fn identities_of_a_contact_come_by_id(store: &dyn Store) {
    world(store);
    for id in [30, 10, 20] {
        put(store, [Row::Identity(Identity { contact_id: ContactId::from_raw(1), ..sample::identity(id) })]);
    }
    let of = |contact| {
        let rows = read(store, |s| s.identities(ContactId::from_raw(contact)));
        rows.into_iter().map(|row| row.id.raw()).collect::<Vec<_>>()
    };
    assert_eq!(of(1), [1, 10, 20, 30]);
    assert_eq!(of(2), [2]);
    assert_eq!(of(99), NONE);
}

/// An identity that goes to another contact is that contact's and no longer the first one's.
pub fn an_identity_that_changes_its_contact_is_found_there(store: &dyn Store) {
    world(store);
    put(store, [Row::Identity(Identity { version: 2, contact_id: ContactId::from_raw(2), ..sample::identity(1) })]);
    let of = |contact| read(store, |s| s.identities(ContactId::from_raw(contact))).len();
    assert_eq!((of(1), of(2)), (0, 2));
}

/// Several contacts may share a key and a contact may have several keys; putting one again changes nothing.
pub fn contacts_that_share_a_match_key_come_by_id(store: &dyn Store) {
    world(store);
    for (key, contact) in [("551180000001", 3), ("551180000001", 1), ("551180000002", 1), ("551180000001", 3)] {
        put(store, [Row::MatchKey(key.to_owned(), ContactId::from_raw(contact))]);
    }
    let of = |key: &str| {
        let ids = read(store, |s| s.contacts_by_match_key(key));
        ids.into_iter().map(ContactId::raw).collect::<Vec<_>>()
    };
    assert_eq!(of("551180000001"), [1, 3]);
    assert_eq!(of("551180000002"), [1]);
    assert_eq!(of("55118000000"), NONE);
    assert_eq!(of(""), NONE);
}

/// A pair is of one channel and one identity.
pub fn a_pair_is_found_by_its_channel_and_identity(store: &dyn Store) {
    world(store);
    let here = Pair { opened_at: Some(at(1)), ..sample::pair(1) };
    let there = Pair { channel_id: OTHER_CHANNEL, opened_at: Some(at(2)), ..sample::pair(1) };
    put(store, [Row::Pair(here.clone()), Row::Pair(there.clone())]);
    let of = |channel, identity| read(store, |s| s.pair(channel, IdentityId::from_raw(identity)));
    assert_eq!(of(CHANNEL, 1), Some(here));
    assert_eq!(of(OTHER_CHANNEL, 1), Some(there));
    assert_eq!(of(CHANNEL, 2), None);
}

/// The earliest `check_at` first, those at `now` included; ties by channel, then identity.
pub fn pairs_to_check_are_those_due_the_earliest_first(store: &dyn Store) {
    world(store);
    let check = |contact, seconds| Pair { check_at: Some(at(seconds)), ..sample::pair(contact) };
    put(store, [Row::Pair(check(1, 30)), Row::Pair(check(2, 10)), Row::Pair(check(3, 20)), Row::Pair(sample::pair(4))]);
    put(store, [Row::Pair(Pair { channel_id: OTHER_CHANNEL, ..check(1, 10) })]);
    let due = |seconds, limit| {
        let rows = read(store, |s| s.pairs_to_check(at(seconds), limit));
        rows.into_iter().map(|row| (row.channel_id.raw(), row.identity_id.raw())).collect::<Vec<_>>()
    };
    assert!(due(9, MANY).is_empty());
    assert_eq!(due(10, MANY), [(1, 2), (2, 1)]);
    assert_eq!(due(29, MANY), [(1, 2), (2, 1), (1, 3)]);
    assert_eq!(due(30, MANY), [(1, 2), (2, 1), (1, 3), (1, 1)]);
    assert_eq!(due(99, 2), [(1, 2), (2, 1)]);
}

/// A pair that was looked at is due at its next time only, or never.
pub fn a_pair_is_due_at_its_latest_check_only(store: &dyn Store) {
    world(store);
    put(store, [Row::Pair(Pair { check_at: Some(at(10)), ..sample::pair(1) })]);
    put(store, [Row::Pair(Pair { version: 2, check_at: Some(at(20)), ..sample::pair(1) })]);
    let due = |seconds| read(store, |s| s.pairs_to_check(at(seconds), MANY)).len();
    assert_eq!((due(10), due(20)), (0, 1));
    put(store, [Row::Pair(Pair { version: 3, check_at: None, ..sample::pair(1) })]);
    assert_eq!(due(99), 0);
}

/// Names may be anything people write.
pub fn names_are_kept_as_written(store: &dyn Store) {
    for (id, name) in ["", " ", "Zé da Silva 🙂", "O'Brien \"x\" \\ %_", "a\u{301}", "日本"].iter().enumerate() {
        let id = i64::try_from(id).expect("a small number") + 10;
        let contact = Contact { recipient_name: Some((*name).to_owned()), ..sample::contact(id) };
        put(store, [Row::Contact(contact.clone())]);
        assert!(read(store, |s| s.contact(contact.id)) == Some(contact), "{name:?}");
    }
}
