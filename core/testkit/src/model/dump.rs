//! Everything that a store holds, as far as its reads show it.

use guiche_core::attendance::Phase;
use guiche_core::error::Error;
use guiche_core::id::{
    AttendanceId, AttendanceTypeId, ContactId, DeliveryId, IdentityId, MarkerId, MessageId, QuarantineId, StatusId,
    TagId, TemplateId,
};
use guiche_core::permission::{DeskSight, Sight};
use guiche_core::store::{
    CountQuery, EntryQuery, InboxQuery, InboxRow, KeptElement, MessagePlace, Named, Parked, Snapshot, Store,
};
use guiche_core::time::Timestamp;
use proptest::collection::vec;
use proptest::prelude::*;
use serde::Serialize;
use serde_json::{Value, json};

use super::beside::{beside, eyes, lawful, marker, search, searched};
use super::rows::{ATTENDANCES, MESSAGES, OTHERS, WAMIDS, WORDS, handle, instants};
use crate::conformance::inbox::paged;
use crate::sample::{self, ANA, BRUNO, CHANNEL, OTHER_CHANNEL, SALES, SUPPORT};

const MANY: u32 = 1_000;
const CHANNELS: [guiche_core::id::ChannelId; 2] = [CHANNEL, OTHER_CHANNEL];

/// What each read answered, by its name.
pub(super) type Dump = Vec<(String, Value)>;

pub(super) fn value(found: impl Serialize) -> Value {
    serde_json::to_value(found).expect("rows can be written as JSON")
}

fn parked(rows: Vec<Parked>) -> Value {
    let one = |row: Parked| {
        json!([row.key.channel_id, row.key.target, row.key.fact, value(row.fact), row.parked_at, row.expires_at])
    };
    rows.into_iter().map(one).collect()
}

fn kept(rows: Vec<KeptElement>) -> Value {
    let one = |row: KeptElement| json!([row.id, row.key, row.reason, row.quarantined, row.path, row.raw, row.at]);
    rows.into_iter().map(one).collect()
}

pub(super) fn inbox(rows: Vec<InboxRow>) -> Value {
    let one = |row: InboxRow| {
        json!([
            [row.id, row.version, row.channel_id, row.contact_id, row.contact_name, row.department_id],
            [row.assignee_id, row.phase, row.status_id, row.type_id, row.last_activity_at, row.preview],
            [row.tags, row.snooze, row.unseen, row.evidence],
        ])
    };
    rows.into_iter().map(one).collect()
}

/// Reads everything, at one moment.
pub(super) fn dump(store: &dyn Store) -> Dump {
    let mut dump = Dump::new();
    let read = store.read(&mut |s| {
        dump.clear();
        everything(s, &mut dump)
    });
    read.expect("the store reads");
    dump
}

fn everything(s: &dyn Snapshot, dump: &mut Dump) -> Result<(), Error> {
    let mut note = |name: String, found: Value| dump.push((name, found));
    note("head".to_owned(), value(s.head()?));
    note("setup".to_owned(), value(&*s.setup()?));
    note("events".to_owned(), value(s.events(0, MANY)?));
    note("events after 2".to_owned(), value(s.events(2, 2)?));
    people(s, &mut note)?;
    talks(s, &mut note)?;
    beside(s, &mut note)?;
    queues(s, &mut note)?;
    for_an_erasure(s, &mut note)?;
    for word in WORDS {
        let (waba, key) = (sample::WABA, s.request(word)?.map(|row| (row.id, row.fingerprint, row.outcome)));
        note(format!("request {word}"), value(key));
        note(format!("is_kept {word}"), value(s.is_kept(word)?));
        note(format!("template_by_key {word}"), value(s.template_by_key(waba, word, "pt_BR")?));
    }
    for id in OTHERS {
        note(format!("template {id}"), value(s.template(TemplateId::from_raw(id))?));
    }
    note("templates".to_owned(), value([s.templates(sample::WABA)?, s.templates("waba-10")?, s.templates("waba")?]));
    note("kept".to_owned(), kept(s.kept(None, MANY)?));
    note("kept after 4".to_owned(), kept(s.kept(Some(QuarantineId::from_raw(4)), 2)?));
    note("unresolved".to_owned(), parked(s.unresolved(MANY)?));
    note("unresolved, 2".to_owned(), parked(s.unresolved(2)?));
    for channel in CHANNELS {
        note(format!("channel_state {channel}"), value(s.channel_state(channel)?));
        for wamid in WAMIDS {
            note(format!("parked {channel} {wamid}"), parked(s.parked(channel, wamid)?));
        }
        for (word, now) in WORDS.into_iter().zip(instants()) {
            let found = s.upload(channel, word, "image/png", now)?;
            note(format!("upload {channel} {word}"), value(found.map(|row| (row.media_id, row.expires_at))));
        }
    }
    Ok(())
}

fn people(s: &dyn Snapshot, note: &mut dyn FnMut(String, Value)) -> Result<(), Error> {
    for id in OTHERS {
        note(format!("contact {id}"), value(s.contact(ContactId::from_raw(id))?));
        note(format!("identity {id}"), value(s.identity(IdentityId::from_raw(id))?));
        note(format!("identities {id}"), value(s.identities(ContactId::from_raw(id))?));
        for channel in CHANNELS {
            note(format!("pair {channel} {id}"), value(s.pair(channel, IdentityId::from_raw(id))?));
        }
    }
    note("contacts".to_owned(), value(s.contacts(None, MANY)?));
    note("contacts after 5".to_owned(), value(s.contacts(Some(ContactId::from_raw(5)), 2)?));
    for word in WORDS {
        for sort in [0, 1] {
            note(format!("identity_by_handle {word} {sort}"), value(s.identity_by_handle(&handle(word, sort))?));
        }
        note(format!("contacts_by_match_key {word}"), value(s.contacts_by_match_key(word)?));
    }
    for now in instants() {
        note(format!("pairs_to_check {now}"), value(s.pairs_to_check(now, MANY)?));
    }
    Ok(())
}

fn talks(s: &dyn Snapshot, note: &mut dyn FnMut(String, Value)) -> Result<(), Error> {
    for id in ATTENDANCES {
        let attendance = AttendanceId::from_raw(id);
        note(format!("attendance {id}"), value(s.attendance(attendance)?));
        let messages = s.messages(attendance, None, MANY)?;
        let place = messages.first().map(|message| MessagePlace { at: message.at, tie: message.tie() });
        note(format!("messages {id}"), value(messages));
        note(format!("messages {id} before the newest"), value(s.messages(attendance, place.as_ref(), 1)?));
        note(format!("notes {id}"), value(s.notes(attendance, None, MANY)?));
        note(format!("notes {id} before 105"), value(s.notes(attendance, Some(105), 1)?));
        note(format!("timeline {id}"), value(s.timeline(attendance, None, MANY)?));
        note(format!("timeline {id} before 1"), value(s.timeline(attendance, Some(1), 1)?));
        note(format!("queued {id}"), value(s.queued(attendance)?));
    }
    for id in MESSAGES {
        note(format!("message {id}"), value(s.message(MessageId::from_raw(id))?));
    }
    note("attendance_ids".to_owned(), value(s.attendance_ids(None, MANY)?));
    note("attendance_ids after 2".to_owned(), value(s.attendance_ids(Some(AttendanceId::from_raw(2)), 2)?));
    for channel in CHANNELS {
        for contact in [1, 2, 3].map(ContactId::from_raw) {
            note(format!("open_attendance {channel} {contact}"), value(s.open_attendance(channel, contact)?));
            note(format!("last_finished {channel} {contact}"), value(s.last_finished(channel, contact)?));
            note(format!("last_attendance {channel} {contact}"), value(s.last_attendance(channel, contact)?));
        }
        for wamid in WAMIDS {
            note(format!("message_by_wamid {channel} {wamid}"), value(s.message_by_wamid(channel, wamid)?));
            note(format!("delivery_by_wamid {channel} {wamid}"), value(s.delivery_by_wamid(channel, wamid)?));
        }
    }
    let all = crate::conformance::inbox::everything();
    note("inbox".to_owned(), inbox(s.inbox(&all)?));
    note("inbox, trash".to_owned(), inbox(s.inbox(&InboxQuery { trash: true, ..all })?));
    Ok(())
}

fn queues(s: &dyn Snapshot, note: &mut dyn FnMut(String, Value)) -> Result<(), Error> {
    for id in MESSAGES {
        note(format!("delivery {id}"), value(s.delivery(DeliveryId::from_raw(id))?));
    }
    for now in instants() {
        note(format!("claimable {now}"), value(s.claimable(now, &[], MANY)?));
        note(format!("claimable {now}, 1"), value(s.claimable(now, &[CHANNEL], 1)?));
        note(format!("lapsed {now}"), value(s.lapsed(now, MANY)?));
        note(format!("lapsed {now}, 1"), value(s.lapsed(now, 1)?));
        note(format!("doubtful {now}"), value(s.doubtful(now, MANY)?));
        note(format!("parked_expired {now}"), parked(s.parked_expired(now, MANY)?));
        note(format!("parked_expired {now}, 1"), parked(s.parked_expired(now, 1)?));
    }
    for word in ["queued", "in_flight", "in_doubt", "held"] {
        note(format!("deliveries_in {word}"), value(s.deliveries_in(word, None, MANY)?));
        let after = Some(DeliveryId::from_raw(4));
        note(format!("deliveries_in {word} after 4"), value(s.deliveries_in(word, after, 2)?));
    }
    for not_on in [&[][..], &[CHANNEL], &[OTHER_CHANNEL], &CHANNELS] {
        note(format!("next_due {not_on:?}"), value(s.next_due(not_on)?));
    }
    Ok(())
}

/// What only an erasure asks.
fn for_an_erasure(s: &dyn Snapshot, note: &mut dyn FnMut(String, Value)) -> Result<(), Error> {
    for id in OTHERS {
        note(format!("handles_of {id}"), value(s.handles_of(IdentityId::from_raw(id))?));
        note(format!("match_keys_of {id}"), value(s.match_keys_of(ContactId::from_raw(id))?));
    }
    for ids in [&[][..], &[1], &[2, 5], &[3, 4, 9]] {
        let some: Vec<_> = ids.iter().copied().map(AttendanceId::from_raw).collect();
        note(format!("deliveries_of {ids:?}"), value(s.deliveries_of(&some)?));
        note(format!("events_of {ids:?}"), value(s.events_of(&some)?));
    }
    for word in WORDS {
        let uploads = s.uploads_of(word)?;
        let uploads: Vec<_> = uploads.iter().map(|row| (row.channel_id, &row.mime_type, &row.media_id)).collect();
        note(format!("uploads_of {word}"), value(uploads));
    }
    for (after, limit) in [(None, MANY), (None, 1), (Some("a"), 2)] {
        let requests = s.requests(after, limit)?.into_iter().map(|row| (row.id, row.fingerprint, row.outcome));
        note(format!("requests after {after:?}, {limit}"), value(requests.collect::<Vec<_>>()));
    }
    Ok(())
}

/// Something to be asked for.
#[derive(Debug, Clone)]
pub(super) enum ListPick {
    /// A page of attendances, and all that come after it.
    Inbox(Box<InboxQuery>),
    /// The numbers of the side bar.
    Numbers(Box<CountQuery>),
    /// Messages and notes by their words.
    Entries(EntryQuery),
}

/// Random questions.
pub(super) fn list() -> impl Strategy<Value = ListPick> {
    prop_oneof![
        4 => page().prop_map(Box::new).prop_map(ListPick::Inbox),
        2 => numbers().prop_map(Box::new).prop_map(ListPick::Numbers),
        1 => search().prop_map(ListPick::Entries),
    ]
}

fn sight() -> impl Strategy<Value = Sight> {
    fn departments() -> impl Strategy<Value = Vec<guiche_core::id::DepartmentId>> {
        proptest::sample::subsequence(vec![SALES, SUPPORT], 0..=2)
    }
    let desk = (departments(), departments(), any::<bool>())
        .prop_map(|(whole, unassigned, trash)| Sight::Desk(DeskSight { attendant_id: ANA, whole, unassigned, trash }));
    prop_oneof![1 => Just(Sight::Everything), 2 => desk]
}

fn instant() -> impl Strategy<Value = Timestamp> {
    proptest::sample::select(instants().collect::<Vec<_>>())
}

fn numbers() -> impl Strategy<Value = CountQuery> {
    let bound = || proptest::option::weighted(0.3, instant());
    (sight(), eyes(), bound(), bound(), vec(marker(), 0..3)).prop_map(|(sight, eyes, from, until, markers)| {
        CountQuery { sight, eyes, from, until, markers: (1..).map(MarkerId::from_raw).zip(markers).collect() }
    })
}

fn page() -> impl Strategy<Value = InboxQuery> {
    fn rarely<T: Clone + std::fmt::Debug + 'static>(one: T) -> impl Strategy<Value = Option<T>> {
        proptest::option::weighted(0.15, Just(one))
    }
    fn some<T: Clone + std::fmt::Debug + 'static>(all: Vec<T>, most: usize) -> impl Strategy<Value = Vec<T>> {
        prop_oneof![2 => Just(Vec::new()), 1 => proptest::sample::subsequence(all, 1..=most)]
    }
    let phases = vec![Phase::Created, Phase::AwaitingContact, Phase::InConversation, Phase::Finished];
    let tags = || vec![TagId::from_raw(1), TagId::from_raw(2)];
    let contacts = vec![ContactId::from_raw(1), ContactId::from_raw(2), ContactId::from_raw(3)];
    let named = (some(contacts, 3), some(tags(), 2)).prop_map(|(contacts, tags)| Named { contacts, tags });
    let sets = (
        some(phases, 3),
        some(vec![ANA, BRUNO], 2),
        some(tags(), 2),
        some(CHANNELS.to_vec(), 2),
        prop_oneof![3 => Just(Vec::new()), 1 => vec(marker(), 1..3)],
        proptest::option::weighted(0.2, named),
    );
    let single = (
        rarely(SUPPORT),
        rarely(ContactId::from_raw(1)),
        rarely(StatusId::from_raw(1)),
        rarely(AttendanceTypeId::from_raw(2)),
        proptest::option::weighted(0.2, any::<bool>()),
    );
    let places = (
        proptest::option::weighted(0.2, instant()),
        proptest::option::weighted(0.2, instant()),
        proptest::option::weighted(0.3, (instant(), ATTENDANCES.prop_map(AttendanceId::from_raw))),
    );
    let looks = (sight(), eyes(), any::<bool>(), proptest::bool::weighted(0.25), proptest::bool::weighted(0.2));
    (looks, sets, single, places, 1..6_u32).prop_map(|(looks, sets, single, places, limit)| {
        let (sight, eyes, trash, unseen, unassigned) = looks;
        let (phases, assignees, tags, channels, markers, named) = sets;
        let (department_id, contact_id, status_id, type_id, snoozed) = single;
        let (from, until, after) = places;
        InboxQuery {
            sight,
            eyes,
            trash,
            phases,
            department_id,
            assignees,
            unassigned,
            channels,
            contact_id,
            status_id,
            type_id,
            tags,
            markers,
            unseen,
            snoozed,
            named,
            from,
            until,
            after,
            limit,
        }
    })
}

/// What a store answers.
pub(super) fn listed(store: &dyn Store, pick: &ListPick) -> Value {
    let mut found = Value::Null;
    let read = store.read(&mut |s| {
        found = match pick {
            ListPick::Inbox(query) => json!([inbox(s.inbox(query)?), inbox(paged(s, query)?)]),
            ListPick::Numbers(query) => value(lawful(s, query)?),
            ListPick::Entries(query) => searched(s, query)?,
        };
        Ok(())
    });
    read.expect("the store reads");
    found
}
