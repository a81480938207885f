//! Rows and their versions.

use guiche_core::attendance::Attendance;
use guiche_core::contact::{Contact, Identity};
use guiche_core::delivery::Delivery;
use guiche_core::document::{Document, DocumentKind};
use guiche_core::error::Error;
use guiche_core::id::{
    AttendanceId, ChannelId, ContactId, DeliveryId, IdentityId, MessageId, NoteId, QuarantineId, TemplateId,
};
use guiche_core::search::words;
use guiche_core::store::{ChannelState, EntryQuery, Row, Snapshot, Store};
use guiche_core::window::Pair;

use super::{MANY, changed, put, read, refused, taken, talks, world, write};
use crate::sample::{self, ANA, CHANNEL, NOON, OTHER_CHANNEL};

/// Every read of an empty store finds nothing, and none fails.
pub fn an_empty_store_has_nothing(store: &dyn Store) {
    let handle = sample::handle("5511980000001");
    read(store, |s| {
        assert_eq!(s.head()?, 0);
        assert_eq!(*s.setup()?, guiche_core::setup::Setup::default());
        assert!(s.contact(ContactId::from_raw(1))?.is_none());
        assert!(s.identity(IdentityId::from_raw(1))?.is_none());
        assert!(s.identity_by_handle(&handle)?.is_none());
        assert!(s.identities(ContactId::from_raw(1))?.is_empty());
        assert!(s.contacts_by_match_key("551180000001")?.is_empty());
        assert!(s.contacts(None, MANY)?.is_empty());
        assert!(s.pair(CHANNEL, IdentityId::from_raw(1))?.is_none());
        assert!(s.pairs_to_check(NOON, MANY)?.is_empty());
        assert!(s.attendance(AttendanceId::from_raw(1))?.is_none());
        assert!(s.open_attendance(CHANNEL, ContactId::from_raw(1))?.is_none());
        assert!(s.last_finished(CHANNEL, ContactId::from_raw(1))?.is_none());
        assert!(s.last_attendance(CHANNEL, ContactId::from_raw(1))?.is_none());
        assert!(s.inbox(&super::inbox::everything())?.is_empty());
        assert!(s.message(MessageId::from_raw(1))?.is_none());
        assert!(s.message_by_wamid(CHANNEL, "wamid.1")?.is_none());
        assert!(s.messages(AttendanceId::from_raw(1), None, MANY)?.is_empty());
        assert!(s.notes(AttendanceId::from_raw(1), None, MANY)?.is_empty());
        assert!(s.delivery(DeliveryId::from_raw(1))?.is_none());
        assert!(s.delivery_by_wamid(CHANNEL, "wamid.1")?.is_none());
        assert!(s.claimable(NOON, &[], MANY)?.is_empty());
        assert!(s.lapsed(NOON, MANY)?.is_empty());
        assert!(s.doubtful(NOON, MANY)?.is_empty());
        assert!(s.queued(AttendanceId::from_raw(1))?.is_empty());
        assert!(s.deliveries_in("queued", None, MANY)?.is_empty());
        assert!(s.template(TemplateId::from_raw(1))?.is_none());
        assert!(s.template_by_key(sample::WABA, "template_1", "pt_BR")?.is_none());
        assert!(s.templates(sample::WABA)?.is_empty());
        assert!(s.parked(CHANNEL, "wamid.1")?.is_empty());
        assert!(s.parked_expired(NOON, MANY)?.is_empty());
        assert!(s.unresolved(MANY)?.is_empty());
        assert!(!s.is_kept("hash-1")?);
        assert!(s.kept(None, MANY)?.is_empty());
        assert!(s.upload(CHANNEL, "00", "image/png", NOON)?.is_none());
        assert!(s.channel_state(CHANNEL)?.is_none());
        assert!(s.request("r-1")?.is_none());
        assert!(s.events(0, MANY)?.is_empty());
        assert!(s.timeline(AttendanceId::from_raw(1), None, MANY)?.is_empty());
        assert!(s.next_due(&[])?.is_none());
        assert!(s.attendance_ids(None, MANY)?.is_empty());
        assert!(s.history(ContactId::from_raw(1), None, MANY)?.is_empty());
        assert!(s.seen(AttendanceId::from_raw(1), ANA)?.is_none());
        assert!(s.snoozes_over(NOON, MANY)?.is_empty());
        assert!(s.acted(AttendanceId::from_raw(1))?.is_empty());
        assert!(s.note(NoteId::from_raw(1))?.is_none());
        assert!(s.entries_with(&super::search::entries("bom"))?.is_empty());
        assert!(s.contacts_with(&words("contact"))?.is_empty());
        for kind in DocumentKind::ALL {
            assert!(s.document(kind, 1)?.is_none());
            assert!(s.documents(kind, None, None, MANY)?.is_empty());
            assert!(s.documents_due(kind, NOON, MANY)?.is_empty());
        }
        Ok(())
    });
}

/// A limit of nothing gives nothing.
pub fn a_list_of_at_most_none_is_empty(store: &dyn Store) {
    talks(store);
    let attendance = AttendanceId::from_raw(1);
    super::apply(
        store,
        vec![
            Row::Message(sample::reply(1, 1)),
            Row::Note(sample::note(2, 1)),
            Row::Delivery(sample::delivery(1, 1)),
            Row::Pair(Pair { check_at: Some(NOON), ..sample::pair(1) }),
            Row::Parked(sample::parked("wamid.9", "delivered")),
            Row::Kept(sample::kept(1)),
            Row::Document(Document { due_at: Some(NOON), ..sample::document(DocumentKind::Task, 1) }),
            Row::Attendance(Attendance { snooze: Some(sample::snooze(Some(NOON))), ..sample::attendance(9, 4) }),
        ],
        vec![sample::entry(1, 1)],
    );
    let later = sample::at(30 * 24 * 3_600);
    read(store, |s| {
        assert!(s.contacts(None, 0)?.is_empty());
        assert!(s.pairs_to_check(later, 0)?.is_empty());
        let none = guiche_core::store::InboxQuery { limit: 0, ..super::inbox::everything() };
        assert!(s.inbox(&none)?.is_empty());
        assert!(s.messages(attendance, None, 0)?.is_empty());
        assert!(s.notes(attendance, None, 0)?.is_empty());
        assert!(s.claimable(later, &[], 0)?.is_empty());
        assert!(s.deliveries_in("queued", None, 0)?.is_empty());
        assert!(s.parked_expired(later, 0)?.is_empty());
        assert!(s.unresolved(0)?.is_empty());
        assert!(s.kept(None, 0)?.is_empty());
        assert!(s.events(0, 0)?.is_empty());
        assert!(s.timeline(attendance, None, 0)?.is_empty());
        assert!(s.attendance_ids(None, 0)?.is_empty());
        assert!(s.history(ContactId::from_raw(1), None, 0)?.is_empty());
        assert!(s.snoozes_over(later, 0)?.is_empty());
        assert!(s.entries_with(&EntryQuery { limit: 0, ..super::search::entries("amanha") })?.is_empty());
        assert!(s.documents(DocumentKind::Task, None, None, 0)?.is_empty());
        assert!(s.documents(DocumentKind::Task, Some(1), None, 0)?.is_empty());
        assert!(s.documents_due(DocumentKind::Task, later, 0)?.is_empty());
        Ok(())
    });
}

/// The version that a store holds of a row; 0 when it holds none.
type Stored = fn(&dyn Snapshot) -> Result<u32, Error>;

/// Puts versions in and out of turn; `row` gives the row with the version asked for.
fn versions_count_by_one(store: &dyn Store, row: fn(u32) -> Row, stored: Stored) {
    for wrong in [0, 2, 3] {
        assert_eq!(refused(store, [row(wrong)]), changed(0), "a new row with version {wrong}");
    }
    put(store, [row(1)]);
    assert_eq!(read(store, stored), 1);
    for wrong in [0, 1, 3] {
        assert_eq!(refused(store, [row(wrong)]), changed(1), "version {wrong} over version 1");
    }
    assert_eq!(read(store, stored), 1);
    put(store, [row(2)]);
    put(store, [row(3)]);
    assert_eq!(refused(store, [row(2)]), changed(3));
    assert_eq!(read(store, stored), 3);
}

/// Contacts count their versions.
pub fn versions_of_a_contact_count_by_one(store: &dyn Store) {
    versions_count_by_one(
        store,
        |version| Row::Contact(Contact { version, ..sample::contact(9) }),
        |s| Ok(s.contact(ContactId::from_raw(9))?.map_or(0, |row| row.version)),
    );
}

/// Identities count their versions.
pub fn versions_of_an_identity_count_by_one(store: &dyn Store) {
    world(store);
    versions_count_by_one(
        store,
        |version| Row::Identity(Identity { version, contact_id: ContactId::from_raw(1), ..sample::identity(9) }),
        |s| Ok(s.identity(IdentityId::from_raw(9))?.map_or(0, |row| row.version)),
    );
}

/// Pairs count their versions, each for itself.
pub fn versions_of_a_pair_count_by_one(store: &dyn Store) {
    world(store);
    put(store, [Row::Pair(sample::pair(2)), Row::Pair(Pair { channel_id: OTHER_CHANNEL, ..sample::pair(1) })]);
    versions_count_by_one(
        store,
        |version| Row::Pair(Pair { version, ..sample::pair(1) }),
        |s| Ok(s.pair(CHANNEL, IdentityId::from_raw(1))?.map_or(0, |row| row.version)),
    );
}

/// Attendances count their versions.
pub fn versions_of_an_attendance_count_by_one(store: &dyn Store) {
    world(store);
    versions_count_by_one(
        store,
        |version| Row::Attendance(Attendance { version, ..sample::attendance(1, 1) }),
        |s| Ok(s.attendance(AttendanceId::from_raw(1))?.map_or(0, |row| row.version)),
    );
}

/// Deliveries count their versions.
pub fn versions_of_a_delivery_count_by_one(store: &dyn Store) {
    talks(store);
    put(store, [Row::Message(sample::reply(1, 1))]);
    versions_count_by_one(
        store,
        |version| Row::Delivery(Delivery { version, ..sample::delivery(1, 1) }),
        |s| Ok(s.delivery(DeliveryId::from_raw(1))?.map_or(0, |row| row.version)),
    );
}

/// States of channels count their versions, each for itself.
pub fn versions_of_a_channel_state_count_by_one(store: &dyn Store) {
    world(store);
    put(store, [Row::ChannelState(sample::channel_state(OTHER_CHANNEL))]);
    versions_count_by_one(
        store,
        |version| Row::ChannelState(ChannelState { version, ..sample::channel_state(CHANNEL) }),
        |s| Ok(s.channel_state(CHANNEL)?.map_or(0, |row| row.version)),
    );
}

/// Documents count their versions, each kind for itself.
pub fn versions_of_a_document_count_by_one(store: &dyn Store) {
    put(store, [Row::Document(sample::document(DocumentKind::Draft, 9))]);
    versions_count_by_one(
        store,
        |version| Row::Document(Document { version, ..sample::document(DocumentKind::Task, 9) }),
        |s| Ok(s.document(DocumentKind::Task, 9)?.map_or(0, |row| row.version)),
    );
}

/// A row with an old version and a taken key says that it changed: the caller has to look again anyway.
pub fn a_stale_version_is_told_before_a_taken_key(store: &dyn Store) {
    talks(store);
    let second = Attendance { version: 7, ..sample::attendance(9, 1) };
    assert_eq!(refused(store, [Row::Attendance(second.clone())]), changed(0));
    assert_eq!(refused(store, [Row::Attendance(Attendance { version: 1, ..second })]), taken("open_attendance"));
}

/// One change set may write a row twice, each time with the next version.
pub fn a_row_may_be_written_twice_in_one_change_set(store: &dyn Store) {
    let contact = sample::contact(9);
    let again = Contact { version: 2, email: Some("nove@example.com".to_owned()), ..contact.clone() };
    assert_eq!(refused(store, [Row::Contact(contact.clone()), Row::Contact(contact.clone())]), changed(1));
    put(store, [Row::Contact(contact), Row::Contact(again.clone())]);
    assert!(read(store, |s| s.contact(again.id)) == Some(again));
}

/// Rows come in the order in which a decision made them: a message before its new attendance, an attendance before
/// its new contact.
pub fn a_row_may_come_before_the_one_it_refers_to(store: &dyn Store) {
    put(store, sample::setup().into_iter().map(Row::Setup));
    put(
        store,
        [
            Row::Delivery(Delivery {
                contact_id: ContactId::from_raw(9),
                identity_id: IdentityId::from_raw(9),
                ..sample::delivery(1, 1)
            }),
            Row::Message(sample::reply(1, 1)),
            Row::Note(sample::note(2, 1)),
            Row::Pair(Pair { attendance_id: Some(AttendanceId::from_raw(1)), ..sample::pair(9) }),
            Row::Attendance(sample::attendance(1, 9)),
            Row::Handle(sample::handle("5511980000009"), IdentityId::from_raw(9)),
            Row::MatchKey("551180000009".to_owned(), ContactId::from_raw(9)),
            Row::Identity(sample::identity(9)),
            Row::Contact(sample::contact(9)),
        ],
    );
    read(store, |s| {
        assert_eq!(s.messages(AttendanceId::from_raw(1), None, MANY)?.len(), 1);
        assert_eq!(s.claimable(NOON, &[], MANY)?.len(), 1);
        assert!(s.identity_by_handle(&sample::handle("5511980000009"))?.is_some());
        Ok(())
    });
}

/// A row is put whole: what the new one leaves empty is empty.
pub fn putting_a_row_replaces_all_of_it(store: &dyn Store) {
    let named = Contact { email: Some("um@example.com".to_owned()), ..sample::contact(9) };
    put(store, [Row::Contact(named)]);
    let bare = Contact { version: 2, profile_name: None, ..sample::contact(9) };
    put(store, [Row::Contact(bare.clone())]);
    assert!(read(store, |s| s.contact(bare.id)) == Some(bare));
}

/// Reads of a unit of work see what it applied before.
pub fn a_unit_reads_what_it_wrote(store: &dyn Store) {
    world(store);
    let first = sample::changes(vec![Row::Attendance(sample::attendance(1, 1))], vec![sample::event()]);
    let second = sample::changes(vec![Row::Message(sample::message(1, 1))], vec![sample::event()]);
    let done = write(store, |unit| {
        let before = unit.head()?;
        assert!(unit.open_attendance(CHANNEL, ContactId::from_raw(1))?.is_none());
        assert_eq!(unit.apply(&first)?, before + 1);
        assert!(unit.open_attendance(CHANNEL, ContactId::from_raw(1))?.is_some());
        assert_eq!(unit.head()?, before + 1);
        assert_eq!(unit.apply(&second)?, before + 2);
        assert!(unit.message_by_wamid(CHANNEL, &sample::wamid(1))?.is_some());
        assert_eq!(unit.events(before, MANY)?.len(), 2);
        Ok(())
    });
    done.expect("the unit is allowed");
    assert!(read(store, |s| s.message(MessageId::from_raw(1))).is_some());
}

/// A key of one table says nothing about another.
pub fn rows_of_different_kinds_share_no_ids(store: &dyn Store) {
    talks(store);
    put(
        store,
        [
            Row::Message(sample::reply(1, 1)),
            Row::Note(sample::note(2, 1)),
            Row::Delivery(sample::delivery(1, 1)),
            Row::Template(sample::template(1)),
            Row::Kept(sample::kept(1)),
            Row::ChannelState(sample::channel_state(ChannelId::from_raw(1))),
        ],
    );
    read(store, |s| {
        assert!(s.contact(ContactId::from_raw(1))?.is_some());
        assert!(s.message(MessageId::from_raw(1))?.is_some());
        assert!(s.delivery(DeliveryId::from_raw(1))?.is_some());
        assert!(s.template(TemplateId::from_raw(1))?.is_some());
        assert_eq!(s.kept(None, MANY)?.first().map(|row| row.id), Some(QuarantineId::from_raw(1)));
        Ok(())
    });
}
