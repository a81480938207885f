//! What waits and what is kept: parked facts, kept elements, uploads, states of channels.

use guiche_core::id::{ChannelId, QuarantineId};
use guiche_core::store::{
    ChannelState, ChannelStop, KeptElement, Parked, ParkedKey, ProbeFinding, Probed, Row, Store, Upload,
};

use super::{MANY, NONE, put, read, refused, taken, world};
use crate::sample::{self, CHANNEL, OTHER_CHANNEL, at};

fn park(store: &dyn Store, target: &str, fact: &str, expires_at: Option<i64>) {
    put(store, [Row::Parked(Parked { expires_at: expires_at.map(at), ..sample::parked(target, fact) })]);
}

fn facts(rows: Vec<Parked>) -> Vec<String> {
    rows.into_iter().map(|row| format!("{}/{}/{}", row.key.channel_id, row.key.target, row.key.fact)).collect()
}

fn waiting(store: &dyn Store, channel: ChannelId, target: &str) -> Vec<String> {
    facts(read(store, |s| s.parked(channel, target)))
}

/// Those about the message, on its channel, by their keys.
pub fn facts_wait_for_their_message(store: &dyn Store) {
    world(store);
    park(store, "wamid.a", "read", Some(9));
    park(store, "wamid.a", "delivered", Some(9));
    park(store, "wamid.ab", "delivered", Some(9));
    let elsewhere = sample::parked("wamid.a", "sent");
    put(
        store,
        [Row::Parked(Parked { key: ParkedKey { channel_id: OTHER_CHANNEL, ..elsewhere.key.clone() }, ..elsewhere })],
    );
    assert_eq!(waiting(store, CHANNEL, "wamid.a"), ["1/wamid.a/delivered", "1/wamid.a/read"]);
    assert_eq!(waiting(store, CHANNEL, "wamid.ab"), ["1/wamid.ab/delivered"]);
    assert_eq!(waiting(store, OTHER_CHANNEL, "wamid.a"), ["2/wamid.a/sent"]);
    assert_eq!(waiting(store, OTHER_CHANNEL, "wamid.ab"), Vec::<String>::new());
    assert_eq!(waiting(store, CHANNEL, "wamid."), Vec::<String>::new());
}

/// A fact that comes again replaces itself.
pub fn a_fact_with_the_same_key_replaces_the_one_before(store: &dyn Store) {
    world(store);
    park(store, "wamid.a", "read", Some(9));
    let again = Parked { parked_at: at(5), expires_at: Some(at(50)), ..sample::parked("wamid.a", "read") };
    put(store, [Row::Parked(again.clone())]);
    assert_eq!(read(store, |s| s.parked(CHANNEL, "wamid.a")), [again]);
    assert!(read(store, |s| s.parked_expired(at(49), MANY)).is_empty());
    assert_eq!(read(store, |s| s.unresolved(MANY)).len(), 1);
}

/// A fact that found its message is gone; taking one away that is not there is nothing.
pub fn an_unparked_fact_is_gone(store: &dyn Store) {
    world(store);
    park(store, "wamid.a", "read", Some(9));
    park(store, "wamid.a", "sent", Some(9));
    put(store, [Row::Unparked(sample::parked("wamid.a", "read").key)]);
    assert_eq!(waiting(store, CHANNEL, "wamid.a"), ["1/wamid.a/sent"]);
    assert_eq!(read(store, |s| s.parked_expired(at(99), MANY)).len(), 1);
    assert_eq!(read(store, |s| s.unresolved(MANY)).len(), 1);
    put(store, [Row::Unparked(sample::parked("wamid.a", "read").key)]);
    put(store, [Row::Unparked(sample::parked("wamid.z", "read").key)]);
    assert_eq!(waiting(store, CHANNEL, "wamid.a"), ["1/wamid.a/sent"]);
}

/// Expired at `now` included, the earliest first, ties by key.
pub fn expired_facts_come_by_expiry(store: &dyn Store) {
    world(store);
    park(store, "wamid.a", "sent", Some(30));
    park(store, "wamid.c", "sent", Some(10));
    park(store, "wamid.b", "sent", Some(10));
    park(store, "wamid.d", "sent", None);
    let expired = |seconds, limit| facts(read(store, |s| s.parked_expired(at(seconds), limit)));
    assert_eq!(expired(9, MANY), Vec::<String>::new());
    assert_eq!(expired(10, MANY), ["1/wamid.b/sent", "1/wamid.c/sent"]);
    assert_eq!(expired(30, MANY), ["1/wamid.b/sent", "1/wamid.c/sent", "1/wamid.a/sent"]);
    assert_eq!(expired(30, 1), ["1/wamid.b/sent"]);
}

/// A fact without an expiry waits no more: it is kept to be looked at, and not found for its message.
pub fn facts_that_waited_in_vain_are_kept_by_key(store: &dyn Store) {
    world(store);
    park(store, "wamid.b", "sent", Some(10));
    park(store, "wamid.a", "sent", Some(10));
    park(store, "wamid.a", "read", None);
    assert_eq!(waiting(store, CHANNEL, "wamid.a"), ["1/wamid.a/sent"]);
    let all = facts(read(store, |s| s.unresolved(MANY)));
    assert_eq!(all, ["1/wamid.a/read", "1/wamid.a/sent", "1/wamid.b/sent"]);
    assert_eq!(facts(read(store, |s| s.unresolved(2))), ["1/wamid.a/read", "1/wamid.a/sent"]);
}

/// Newest first: ids descend, and a page begins after the last of the one before.
pub fn kept_elements_come_in_pages_by_descending_id(store: &dyn Store) {
    for id in [5, 1, 9, 3, 7] {
        put(store, [Row::Kept(sample::kept(id))]);
    }
    let page = |after: Option<i64>, limit| {
        let rows = read(store, |s| s.kept(after.map(QuarantineId::from_raw), limit));
        rows.into_iter().map(|row| row.id.raw()).collect::<Vec<_>>()
    };
    assert_eq!(page(None, MANY), [9, 7, 5, 3, 1]);
    assert_eq!(page(None, 2), [9, 7]);
    assert_eq!(page(Some(7), 2), [5, 3]);
    assert_eq!(page(Some(6), 2), [5, 3]);
    assert_eq!(page(Some(1), MANY), NONE);
}

/// The hash of an element is unique, so that it is kept once.
pub fn an_element_is_kept_once(store: &dyn Store) {
    put(store, [Row::Kept(sample::kept(1))]);
    let again = KeptElement { key: sample::kept(1).key, ..sample::kept(2) };
    assert_eq!(refused(store, [Row::Kept(again)]), taken("kept"));
    read(store, |s| {
        assert!(s.is_kept("hash-1")?);
        assert!(!s.is_kept("hash-2")?);
        assert!(!s.is_kept("hash")?);
        assert!(s.kept(None, MANY)? == [sample::kept(1)]);
        Ok(())
    });
    put(store, [Row::Kept(KeptElement { key: "hash-9".to_owned(), ..sample::kept(1) })]);
    assert_eq!(read(store, |s| Ok((s.is_kept("hash-1")?, s.is_kept("hash-9")?))), (false, true));
}

/// An upload is found by channel, file and type together.
pub fn an_upload_is_of_one_channel_and_type(store: &dyn Store) {
    world(store);
    put(store, [Row::Upload(sample::upload("aa"))]);
    let found = |channel, sha256: &str, mime: &str| {
        read(store, |s| s.upload(channel, sha256, mime, at(0))).map(|row| row.media_id)
    };
    assert_eq!(found(CHANNEL, "aa", "image/png").as_deref(), Some("media-1"));
    assert_eq!(found(OTHER_CHANNEL, "aa", "image/png"), None);
    assert_eq!(found(CHANNEL, "ab", "image/png"), None);
    assert_eq!(found(CHANNEL, "aa", "image/jpeg"), None);
    put(
        store,
        [Row::Upload(Upload { channel_id: OTHER_CHANNEL, media_id: "media-2".to_owned(), ..sample::upload("aa") })],
    );
    put(
        store,
        [Row::Upload(Upload {
            mime_type: "image/jpeg".to_owned(),
            media_id: "media-3".to_owned(),
            ..sample::upload("aa")
        })],
    );
    assert_eq!(found(CHANNEL, "aa", "image/png").as_deref(), Some("media-1"));
    assert_eq!(found(OTHER_CHANNEL, "aa", "image/png").as_deref(), Some("media-2"));
    assert_eq!(found(CHANNEL, "aa", "image/jpeg").as_deref(), Some("media-3"));
}

/// An upload is there while `now < expires_at`; a new one takes the place of the old.
pub fn an_upload_is_there_until_it_expires(store: &dyn Store) {
    world(store);
    put(store, [Row::Upload(Upload { expires_at: at(60), ..sample::upload("aa") })]);
    let found = |seconds| read(store, |s| s.upload(CHANNEL, "aa", "image/png", at(seconds))).map(|row| row.media_id);
    assert_eq!(found(59).as_deref(), Some("media-1"));
    assert_eq!(found(60), None);
    put(store, [Row::Upload(Upload { expires_at: at(120), media_id: "media-2".to_owned(), ..sample::upload("aa") })]);
    assert_eq!(found(60).as_deref(), Some("media-2"));
    assert_eq!(found(120), None);
}

/// What is known of a channel at work is read back as written, each channel for itself.
pub fn the_state_of_a_channel_is_its_own(store: &dyn Store) {
    world(store);
    let state = ChannelState {
        clock_offset_ms: Some(-1_500),
        stopped: Some(ChannelStop {
            code: 131_031,
            since: at(7),
            probe_at: at(67),
            probed: Some(Probed { at: at(9), finding: ProbeFinding::Blocked { code: Some(141_006) } }),
        }),
        probes: 3,
        templates_due: Some(at(11)),
        tokens_milli: -250,
        tokens_at: Some(at(8)),
        ..sample::channel_state(CHANNEL)
    };
    put(store, [Row::ChannelState(state.clone()), Row::ChannelState(sample::channel_state(OTHER_CHANNEL))]);
    read(store, |s| {
        assert_eq!(s.channel_state(CHANNEL)?, Some(state.clone()));
        assert_eq!(s.channel_state(OTHER_CHANNEL)?, Some(sample::channel_state(OTHER_CHANNEL)));
        assert_eq!(s.channel_state(ChannelId::from_raw(99))?, None);
        Ok(())
    });
    put(store, [Row::ChannelState(ChannelState { version: 2, ..sample::channel_state(CHANNEL) })]);
    assert_eq!(read(store, |s| s.channel_state(CHANNEL)).and_then(|state| state.stopped), None);
}
