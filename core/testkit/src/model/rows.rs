//! Random rows and events, made valid for what is stored.
//!
//! Ids and keys come from small pools, so that rows meet and keys collide.

use guiche_core::attendance::{Attendance, Phase, Placement, Preview};
use guiche_core::contact::{Contact, Handle, HandleKey, Identity};
use guiche_core::delivery::{Delivery, DeliveryState, Progress};
use guiche_core::error::Error;
use guiche_core::event::{Actor, EventKind};
use guiche_core::id::{
    AttendanceId, AttendanceTypeId, ChannelId, ContactId, DeliveryId, DepartmentId, IdentityId, MessageId, NoteId,
    QuarantineId, StatusId, TagId,
};
use guiche_core::marker::{Marker, MarkerFilter};
use guiche_core::message::{Message, Note, NoteEdit};
use guiche_core::setup::{Account, Department, SetupRow, Tag};
use guiche_core::store::{
    ChangeSet, ChannelState, Gone, KeptElement, NewEvent, Parked, ParkedKey, Row, Snapshot, Upload,
};
use guiche_core::template::Template;
use guiche_core::time::Timestamp;
use guiche_core::window::Pair;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::sample::{self, ANA, BRUNO, CHANNEL, OTHER_CHANNEL, SALES, SUPPORT};

/// The ids of attendances.
pub(super) const ATTENDANCES: std::ops::RangeInclusive<i64> = 1..=5;
/// The ids of messages and deliveries.
pub(super) const MESSAGES: std::ops::RangeInclusive<i64> = 1..=10;
/// The ids of contacts, identities and the rest.
pub(super) const OTHERS: std::ops::RangeInclusive<i64> = 1..=6;
/// The platform's ids of messages.
pub(super) const WAMIDS: [&str; 3] = ["wamid.a", "wamid.ab", "wamid.B"];
/// Values of handles, match keys, names and the like.
pub(super) const WORDS: [&str; 4] = ["a", "ab", "B", "é"];

/// What messages, notes and names say.
pub(super) const TEXTS: [&str; 6] = ["Bom dia", "ação BOM, dia", "dia", "", "b OR \"c\"*", "acao é boa"];

/// The seconds after noon at which things happen.
const SECONDS: [i64; 5] = [0, 10, 20, 30, -10];

/// The instants at which things happen, and those just before and after.
pub(super) fn instants() -> impl Iterator<Item = Timestamp> {
    SECONDS.into_iter().map(sample::at)
}

/// What every run begins with: enough that deliveries can be queued at once.
pub(super) fn world() -> Vec<ChangeSet> {
    let attendances = [
        sample::attendance(1, contact_of(1)),
        sample::attendance(2, contact_of(2)),
        sample::finished(3, contact_of(3), sample::at(0)),
        sample::finished(4, contact_of(4), sample::at(0)),
    ];
    let mut talks: Vec<_> = attendances.into_iter().map(Row::Attendance).collect();
    let messages = MESSAGES.filter(|id| attendance_of(*id) != 5);
    talks.extend(messages.map(|id| Row::Message(sample::reply(id, attendance_of(id)))));
    vec![sample::changes(sample::world(), vec![sample::event()]), sample::changes(talks, vec![sample::event()])]
}

/// A change set to be made.
#[derive(Debug, Clone)]
pub(super) struct SetPick {
    rows: Vec<RowPick>,
    events: Vec<EventPick>,
    request: Option<usize>,
    actor: usize,
    at: usize,
}

/// A row to be made.
#[derive(Debug, Clone)]
pub(super) struct RowPick {
    kind: Kind,
    version: Version,
    numbers: [usize; 16],
}

/// An event to be made.
#[derive(Debug, Clone)]
struct EventPick {
    attendance: Option<i64>,
    entry: bool,
    actor: usize,
    kind: usize,
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Setup,
    Contact,
    Identity,
    Handle,
    MatchKey,
    Pair,
    Attendance,
    Message,
    Note,
    Delivery,
    Template,
    Parked,
    Unparked,
    Kept,
    Upload,
    ChannelState,
    Seen,
    Document,
    Gone,
}

/// Which version a row carries.
#[derive(Debug, Clone, Copy)]
enum Version {
    Next,
    Same,
    Skipping,
}

/// Random change sets.
pub(super) fn set() -> impl Strategy<Value = SetPick> {
    let kind = prop_oneof![
        1 => Just(Kind::Setup),
        2 => Just(Kind::Contact),
        1 => Just(Kind::Identity),
        2 => Just(Kind::Handle),
        1 => Just(Kind::MatchKey),
        2 => Just(Kind::Pair),
        8 => Just(Kind::Attendance),
        6 => Just(Kind::Message),
        3 => Just(Kind::Note),
        14 => Just(Kind::Delivery),
        2 => Just(Kind::Template),
        2 => Just(Kind::Parked),
        1 => Just(Kind::Unparked),
        1 => Just(Kind::Kept),
        1 => Just(Kind::Upload),
        1 => Just(Kind::ChannelState),
        6 => Just(Kind::Seen),
        4 => Just(Kind::Document),
        3 => Just(Kind::Gone),
    ];
    let version = prop_oneof![20 => Just(Version::Next), 1 => Just(Version::Same), 1 => Just(Version::Skipping)];
    let numbers = proptest::array::uniform16(0..60_usize);
    let row = (kind, version, numbers).prop_map(|(kind, version, numbers)| RowPick { kind, version, numbers });
    let event = (proptest::option::weighted(0.7, ATTENDANCES), any::<bool>(), 0..5_usize, 0..3_usize)
        .prop_map(|(attendance, entry, actor, kind)| EventPick { attendance, entry, actor, kind });
    let request = proptest::option::weighted(0.2, 0..3_usize);
    let set = (vec(row, 0..9), vec(event, 0..3), request, 0..5_usize, 0..SECONDS.len());
    set.prop_map(|(rows, events, request, actor, at)| SetPick { rows, events, request, actor, at })
}

impl SetPick {
    /// The change set, for what is stored. Rows whose parent is missing are left out.
    pub(super) fn changes(&self, stored: &dyn Snapshot) -> Result<ChangeSet, Error> {
        let mut making = Making { stored, rows: Vec::new() };
        for pick in &self.rows {
            if let Some(row) = making.row(pick)? {
                making.rows.push(row);
            }
        }
        let mut events = Vec::new();
        for pick in &self.events {
            events.push(making.event(pick, &events)?);
        }
        let request = self.request.map(|index| sample::request(WORDS[index]));
        Ok(ChangeSet { actor: actor(self.actor), at: sample::at(SECONDS[self.at]), rows: making.rows, events, request })
    }
}

fn actor(index: usize) -> Option<Actor> {
    [
        None,
        Some(Actor::Host),
        Some(Actor::Contact),
        Some(Actor::Attendant { id: ANA }),
        Some(Actor::Attendant { id: BRUNO }),
    ][index]
}

/// What is stored, and the rows made so far.
pub(super) struct Making<'a> {
    pub(super) stored: &'a dyn Snapshot,
    rows: Vec<Row>,
}

/// The numbers of a row, taken one after another.
pub(super) struct Numbers<'a>(std::slice::Iter<'a, usize>);

impl Numbers<'_> {
    pub(super) fn of<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.0.next().expect("a row takes at most sixteen numbers") % all.len()].clone()
    }

    pub(super) fn id(&mut self, ids: std::ops::RangeInclusive<i64>) -> i64 {
        self.of(&ids.collect::<Vec<_>>())
    }

    pub(super) fn instant(&mut self) -> Timestamp {
        sample::at(self.of(&SECONDS))
    }

    pub(super) fn maybe(&mut self) -> Option<Timestamp> {
        let all: Vec<_> = std::iter::once(None).chain(instants().map(Some)).collect();
        self.of(&all)
    }

    pub(super) fn word(&mut self) -> String {
        self.of(&WORDS).to_owned()
    }

    pub(super) fn text(&mut self) -> String {
        self.of(&TEXTS).to_owned()
    }

    fn wamid(&mut self) -> Option<String> {
        self.of(&[None, None, Some(WAMIDS[0]), Some(WAMIDS[1]), Some(WAMIDS[2])]).map(str::to_owned)
    }

    fn channel(&mut self) -> ChannelId {
        self.of(&[CHANNEL, OTHER_CHANNEL])
    }
}

/// The channel of an attendance never changes.
fn channel_of(attendance: i64) -> ChannelId {
    if attendance == 5 { OTHER_CHANNEL } else { CHANNEL }
}

/// Its contact, until it goes to contact 3.
pub(super) fn contact_of(attendance: i64) -> i64 {
    attendance % 2 + 1
}

/// Nor does the attendance of a message.
fn attendance_of(message: i64) -> i64 {
    message % 5 + 1
}

impl Making<'_> {
    fn row(&self, pick: &RowPick) -> Result<Option<Row>, Error> {
        let mut numbers = Numbers(pick.numbers.iter());
        let n = &mut numbers;
        let row = match pick.kind {
            Kind::Setup => Row::Setup(setup(n)),
            Kind::Seen => return self.seen(n),
            Kind::Document => self.document(pick, n)?,
            Kind::Gone => Row::Gone(gone(n)),
            Kind::Contact => {
                let row = sample::contact(n.id(OTHERS));
                let version =
                    self.version(pick, self.stored.contact(row.id)?.map(|row| row.version), &Row::Contact(row.clone()));
                Row::Contact(Contact {
                    version,
                    recipient_name: n.of(&[None, Some(())]).map(|()| n.text()),
                    email: n.of(&[None, Some("dia@example.com".to_owned())]),
                    merged_into: n.of(&[None, None, Some(ContactId::from_raw(1))]),
                    ..row
                })
            }
            Kind::Identity => {
                let row = sample::identity(n.id(OTHERS));
                let version = self.version(
                    pick,
                    self.stored.identity(row.id)?.map(|row| row.version),
                    &Row::Identity(row.clone()),
                );
                Row::Identity(Identity {
                    version,
                    contact_id: ContactId::from_raw(n.id(1..=4)),
                    username: Some(n.word()),
                    wa_id: n.of(&[None, Some(1), Some(2)]).map(sample::wa_id),
                    ..row
                })
            }
            Kind::Handle => Row::Handle(handle(&n.word(), n.of(&[0, 1])), IdentityId::from_raw(n.id(1..=4))),
            Kind::MatchKey => Row::MatchKey(n.word(), ContactId::from_raw(n.id(1..=4))),
            Kind::Pair => {
                let row = Pair { channel_id: n.channel(), ..sample::pair(n.id(1..=4)) };
                let stored = self.stored.pair(row.channel_id, row.identity_id)?.map(|row| row.version);
                let version = self.version(pick, stored, &Row::Pair(row.clone()));
                Row::Pair(Pair { version, check_at: n.maybe(), opened_at: n.maybe(), ..row })
            }
            Kind::Attendance => self.attendance(pick, n)?,
            Kind::Message => return self.message(n),
            Kind::Note => return self.note(n),
            Kind::Delivery => return self.delivery(pick, n),
            Kind::Template => Row::Template(template(n)),
            Kind::Parked => Row::Parked(parked(n)),
            Kind::Unparked => Row::Unparked(parked(n).key),
            Kind::Kept => {
                let id = QuarantineId::from_raw(n.id(OTHERS));
                Row::Kept(KeptElement {
                    id,
                    key: n.word(),
                    raw: n.word(),
                    quarantined: n.of(&[true, false]),
                    ..sample::kept(1)
                })
            }
            Kind::Upload => {
                let mime_type = n.of(&["image/png", "image/jpeg"]).to_owned();
                let media_id = n.word();
                Row::Upload(Upload {
                    channel_id: n.channel(),
                    mime_type,
                    media_id,
                    expires_at: n.instant(),
                    ..sample::upload(&n.word())
                })
            }
            Kind::ChannelState => {
                let row = sample::channel_state(n.channel());
                let stored = self.stored.channel_state(row.channel_id)?.map(|row| row.version);
                let version = self.version(pick, stored, &Row::ChannelState(row.clone()));
                Row::ChannelState(ChannelState { version, templates_due: n.maybe(), tokens_at: n.maybe(), ..row })
            }
        };
        Ok(Some(row))
    }

    /// The version of a row, after what is stored and what this change set writes before it.
    pub(super) fn version(&self, pick: &RowPick, stored: Option<u32>, row: &Row) -> u32 {
        let before = self.rows.iter().filter(|other| other.row_ref() == row.row_ref()).count();
        let now = stored.unwrap_or(0) + u32::try_from(before).unwrap_or(u32::MAX);
        match pick.version {
            Version::Same => now,
            Version::Next => now + 1,
            Version::Skipping => now + 2,
        }
    }

    /// Whether a row is stored or written before.
    fn exists(&self, stored: bool, row: &Row) -> bool {
        stored || self.rows.iter().any(|other| other.row_ref() == row.row_ref())
    }

    pub(super) fn has_attendance(&self, id: i64) -> Result<bool, Error> {
        let row = sample::attendance(id, 1);
        Ok(self.exists(self.stored.attendance(row.id)?.is_some(), &Row::Attendance(row)))
    }

    fn attendance(&self, pick: &RowPick, n: &mut Numbers<'_>) -> Result<Row, Error> {
        let id = n.id(ATTENDANCES);
        let contact = contact_of(id);
        let row = sample::attendance(id, contact);
        let stored = self.stored.attendance(row.id)?.map(|row| row.version);
        let phase =
            n.of(&[Phase::Created, Phase::AwaitingContact, Phase::InConversation, Phase::Finished, Phase::Finished]);
        let finished_at = if phase == Phase::Finished { Some(n.instant()) } else { n.maybe() };
        let tags: [&[i64]; 4] = [&[], &[1], &[2], &[1, 2]];
        Ok(Row::Attendance(Attendance {
            version: self.version(pick, stored, &Row::Attendance(row.clone())),
            channel_id: channel_of(id),
            contact_id: ContactId::from_raw(n.of(&[contact, contact, contact, 3])),
            identity_id: IdentityId::from_raw(n.of(&[contact, 3])),
            department_id: n.of(&[SALES, SUPPORT]),
            assignee_id: n.of(&[None, Some(ANA), Some(BRUNO)]),
            phase,
            placement: n.of(&[Placement::Central, Placement::Central, sample::trash()]),
            status_id: n.of(&[None, Some(StatusId::from_raw(1))]),
            type_id: n.of(&[None, Some(AttendanceTypeId::from_raw(2))]),
            tags: n.of(&tags).iter().copied().map(TagId::from_raw).collect(),
            created_at: n.instant(),
            last_activity_at: n.instant(),
            finished_at,
            inbound: n.of(&[0, 1, 2]),
            snooze: n.of(&[None, None, Some(())]).map(|()| sample::snooze(n.maybe())),
            preview: Preview {
                kind: "text".to_owned(),
                text: WORDS[usize::from(finished_at.is_some())].to_owned(),
                from_contact: true,
            },
            ..row
        }))
    }

    fn message(&self, n: &mut Numbers<'_>) -> Result<Option<Row>, Error> {
        let id = n.id(MESSAGES);
        let attendance = attendance_of(id);
        if !self.has_attendance(attendance)? {
            return Ok(None);
        }
        Ok(Some(Row::Message(Message {
            channel_id: channel_of(attendance),
            at: n.instant(),
            content: sample::text(&n.text()),
            wamid: n.wamid(),
            edited_at: n.maybe(),
            revoked_at: n.maybe(),
            ..sample::message(id, attendance)
        })))
    }

    fn note(&self, n: &mut Numbers<'_>) -> Result<Option<Row>, Error> {
        // Positions of notes and messages differ.
        let id = n.id(MESSAGES) + 100;
        let attendance = attendance_of(id);
        let edit = |text| NoteEdit { at: sample::NOON, by: Some(BRUNO), text };
        let note = Note {
            text: n.text(),
            mentions: n.of(&[Vec::new(), vec![BRUNO, ANA]]),
            links: n.of(&[Vec::new(), vec![AttendanceId::from_raw(1)]]),
            edits: (0..n.of(&[0, 1, 2])).map(|_| edit(n.text())).collect(),
            ..sample::note(id, attendance)
        };
        Ok(self.has_attendance(attendance)?.then_some(Row::Note(note)))
    }

    fn delivery(&self, pick: &RowPick, n: &mut Numbers<'_>) -> Result<Option<Row>, Error> {
        let id = n.id(MESSAGES);
        let attendance = attendance_of(id);
        let message = Row::Message(sample::message(id, attendance));
        if !self.exists(self.stored.message(MessageId::from_raw(id))?.is_some(), &message) {
            return Ok(None);
        }
        let contact = contact_of(attendance);
        let row = sample::delivery(id, attendance);
        let stored = self.stored.delivery(row.id)?.map(|row| row.version);
        let state = match n.of(&[0, 0, 0, 1, 2, 3, 4, 5, 6]) {
            0 => DeliveryState::Queued,
            1 => sample::in_flight(n.instant()),
            2 => sample::in_doubt(Some(n.instant())),
            3 => sample::in_doubt(None),
            4 => sample::held(),
            5 => DeliveryState::Settled { progress: n.of(&[Progress::Accepted, Progress::Failed]) },
            _ => DeliveryState::Discarded,
        };
        Ok(Some(Row::Delivery(Delivery {
            version: self.version(pick, stored, &Row::Delivery(row.clone())),
            channel_id: channel_of(attendance),
            contact_id: ContactId::from_raw(contact),
            identity_id: IdentityId::from_raw(contact),
            state,
            queue_order: n.of(&[id, 3, 7]),
            due_at: n.instant(),
            wamid: n.wamid(),
            ..row
        })))
    }

    fn event(&self, pick: &EventPick, before: &[NewEvent]) -> Result<NewEvent, Error> {
        let mut attendance_id = None;
        let mut position = None;
        if let Some(id) = pick.attendance.filter(|_| pick.entry || pick.kind > 0)
            && self.has_attendance(id)?
        {
            let id = AttendanceId::from_raw(id);
            attendance_id = Some(id);
            if pick.entry {
                let last = self.stored.timeline(id, None, 1)?.first().and_then(|entry| entry.position);
                let new = before.iter().filter(|event| event.attendance_id == Some(id) && event.position.is_some());
                let new = u32::try_from(new.count()).unwrap_or(u32::MAX);
                position = Some(last.map_or(0, |last| last + 1) + new);
            }
        }
        let kinds = [
            EventKind::ContactCreated { contact_id: ContactId::from_raw(1) },
            EventKind::MessageReceived {
                message_id: MessageId::from_raw(1),
                kind: "text".to_owned(),
                late: false,
                said_at: sample::NOON,
            },
            EventKind::AttendanceTransferred {
                from: SALES,
                to: SUPPORT,
                assignee_before: None,
                assignee_id: Some(ANA),
            },
        ];
        Ok(NewEvent { actor: actor(pick.actor), attendance_id, position, kind: kinds[pick.kind].clone() })
    }
}

/// Something that an erasure takes out, there or not.
fn gone(n: &mut Numbers<'_>) -> Gone {
    match n.of(&[0, 0, 1, 1, 2, 2, 3, 4, 5, 6, 7, 8]) {
        0 => Gone::Message(MessageId::from_raw(n.id(MESSAGES))),
        1 => Gone::Note(NoteId::from_raw(n.id(MESSAGES) + 100)),
        2 => Gone::Delivery(DeliveryId::from_raw(n.id(MESSAGES))),
        3 => Gone::Handle(handle(&n.word(), n.of(&[0, 1])), IdentityId::from_raw(n.id(1..=4))),
        4 => Gone::MatchKey(n.word(), ContactId::from_raw(n.id(1..=4))),
        5 => Gone::Kept(QuarantineId::from_raw(n.id(OTHERS))),
        6 => Gone::Upload {
            channel_id: n.channel(),
            sha256: n.word(),
            mime_type: n.of(&["image/png", "image/jpeg"]).to_owned(),
        },
        7 => Gone::Request(n.word()),
        _ => Gone::Told(n.id(1..=9), EventKind::ContactCreated { contact_id: ContactId::from_raw(2) }),
    }
}

/// The handle of a word, of one sort or the other.
pub(super) fn handle(word: &str, sort: usize) -> Handle {
    let (key, scope) = [(HandleKey::WaId, ""), (HandleKey::UserId, sample::WABA)][sort];
    Handle { key, scope: scope.to_owned(), ..sample::handle(word) }
}

fn setup(n: &mut Numbers<'_>) -> SetupRow {
    let id = n.id(1..=4);
    let archived = n.of(&[false, true]);
    match n.of(&[0, 1, 2, 3]) {
        0 => SetupRow::Account(Account { name: n.word(), ..Account::default() }),
        3 => SetupRow::Marker(Marker {
            archived,
            filter: MarkerFilter { unseen: n.of(&[false, true]), ..MarkerFilter::default() },
            ..sample::marker(id)
        }),
        1 => SetupRow::Tag(Tag { id: TagId::from_raw(id), name: format!("{} {id}", n.word()), archived }),
        _ => SetupRow::Department(Department {
            name: n.word(),
            archived,
            developments: n.of(&[vec![], vec!["torre".to_owned()]]).into_iter().collect(),
            ..sample::department(DepartmentId::from_raw(id))
        }),
    }
}

fn template(n: &mut Numbers<'_>) -> Template {
    let mut template = sample::template(n.id(OTHERS));
    template.waba_id = n.of(&[sample::WABA, sample::WABA, "waba-10"]).to_owned();
    template.definition.name = n.word();
    template.definition.language = n.of(&["pt_BR", "en"]).to_owned();
    template.version = n.of(&[1, 2]);
    template
}

fn parked(n: &mut Numbers<'_>) -> Parked {
    let key = ParkedKey { channel_id: n.channel(), target: n.of(&WAMIDS).to_owned(), fact: n.word() };
    Parked { expires_at: n.maybe(), ..Parked { key, ..sample::parked("wamid.x", "read") } }
}
