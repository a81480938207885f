//! Fills the engine's store with the conversations: the rows that the engine would write, one change set per message,
//! through the store. Ingesting them would take an hour at a million attendances.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use guiche_core::attendance::{Attendance, Phase, Preview, SeenMark, Snooze};
use guiche_core::channel::{Activity, ChannelKind};
use guiche_core::contact::{Contact, Handle, HandleKey, Identity};
use guiche_core::event::{Actor, EventKind};
use guiche_core::id::{
    AttendanceId, AttendantId, ChannelId, ContactId, DepartmentId, IdSource, IdentityId, MessageId, NodeIds, TagId,
};
use guiche_core::message::Message;
use guiche_core::permission::{ATTENDANT, Role};
use guiche_core::phone::match_key;
use guiche_core::setup::{Account, SetupRow, Tag};
use guiche_core::store::{ChangeSet, NewEvent, Row, Store, UnitOfWork};
use guiche_core::time::Timestamp;
use guiche_core::window::Pair;
use guiche_sqlite::{SqliteOptions, SqliteStore};
use guiche_testkit::sample;

use super::{EngineSide, options};
use crate::data::{
    AGENTS, CHANNELS, DAY_MS, DEPARTMENTS, Plan, START_MS, Size, State, Step, TAGS, WABA_ID, conversations, name,
    number_id, user_id, wa_id, wamid,
};
use crate::floor::id;

/// How many messages come in one transaction.
const BATCH: usize = 5_000;
/// Indexes whose keys come in no order. They are made anew after the rest is there, as that is many times faster.
const SCATTERED: [&str; 2] = ["entry_wamid", "entry_message"];

/// The attendant whose desk is looked from.
pub(super) fn somebody() -> AttendantId {
    AttendantId::from_raw(id(3))
}

impl EngineSide {
    /// Makes a store, and gives the id of the nth attendance.
    pub(crate) fn fill(path: &Path, size: Size) -> Vec<i64> {
        let options = SqliteOptions { cache_kib: 262_144, checkpoint_pages: 10_000, ..options() };
        let store = SqliteStore::open(path, options).expect("the folder is fresh");
        let indexes = drop_indexes(path);
        let known = vec![0; usize::try_from(size.attendances).expect("small")];
        let mut filling = Filling { ids: NodeIds::new(1), people: Vec::new(), live: HashMap::new(), known };
        let mut sets = vec![set_up()];
        for contact in 0..size.contacts() {
            sets.push(filling.person(contact));
            flush(&store, &mut sets, BATCH);
        }
        conversations(size, |step| {
            filling.tell(step, &mut sets);
            flush(&store, &mut sets, BATCH);
        });
        sets.extend(filling.pairs());
        flush(&store, &mut sets, 0);
        for index in indexes {
            rusqlite::Connection::open(path).and_then(|db| db.execute_batch(&index)).expect("as it was");
        }
        while store.index(10_000).expect("a pass") {}
        store.checkpoint().expect("checkpoint");
        filling.known
    }
}

/// Takes indexes away, and gives the statements that make them.
fn drop_indexes(path: &Path) -> Vec<String> {
    let db = rusqlite::Connection::open(path).expect("a store");
    let one = |name: &str| {
        let sql = db.query_row("SELECT sql FROM sqlite_schema WHERE name = ?1", [name], |row| row.get(0));
        db.execute_batch(&format!("DROP INDEX {name}")).expect("there is one");
        sql.expect("there is one")
    };
    SCATTERED.map(one).into()
}

fn flush(store: &SqliteStore, sets: &mut Vec<ChangeSet>, over: usize) {
    if sets.len() > over {
        let written =
            store.write(&mut |unit: &mut dyn UnitOfWork| sets.iter().try_for_each(|set| unit.apply(set).map(drop)));
        written.expect("rows of ours");
        sets.clear();
    }
}

fn set_up() -> ChangeSet {
    let mut rows = vec![SetupRow::Account(Account { name: "Bench".to_owned(), ..Account::default() })];
    let department = |index: u64| DepartmentId::from_raw(id(index));
    rows.extend((0..DEPARTMENTS).map(|index| SetupRow::Department(sample::department(department(index)))));
    rows.extend(Role::standard().map(SetupRow::Role));
    for index in 0..CHANNELS {
        rows.push(SetupRow::Channel(guiche_core::channel::Channel {
            number_id: number_id(index),
            waba_id: WABA_ID.to_owned(),
            default_department: department(0),
            ..sample::channel(ChannelId::from_raw(id(index)))
        }));
    }
    for index in 0..AGENTS {
        let departments: Vec<_> = (0..3).map(|n| department((index + n) % DEPARTMENTS)).collect();
        rows.push(SetupRow::Attendant(sample::attendant(AttendantId::from_raw(id(index)), ATTENDANT, &departments)));
    }
    for index in 0..TAGS {
        let name = format!("Tag {index}");
        rows.push(SetupRow::Tag(Tag { id: TagId::from_raw(id(index)), name, archived: false }));
    }
    ChangeSet {
        actor: Some(Actor::Host),
        at: Timestamp::from_millis(0),
        rows: rows.into_iter().map(Row::Setup).collect(),
        events: vec![told(EventKind::ContactCreated { contact_id: ContactId::from_raw(0) }, None)],
        request: None,
    }
}

fn told(kind: EventKind, place: Option<(AttendanceId, u32)>) -> NewEvent {
    NewEvent { actor: None, attendance_id: place.map(|(id, _)| id), position: place.map(|(_, at)| at), kind }
}

/// A contact, and when they last wrote, in which attendance.
#[derive(Clone, Copy)]
struct Person {
    contact_id: ContactId,
    identity_id: IdentityId,
    last: Option<(Timestamp, AttendanceId)>,
}

/// What is known of the rows while they are made.
struct Filling {
    ids: NodeIds,
    people: Vec<Person>,
    /// By index: attendances that are talked in, and when they began.
    live: HashMap<u64, (AttendanceId, Timestamp)>,
    /// The id of every attendance.
    known: Vec<i64>,
}

impl Filling {
    fn person(&mut self, contact: u64) -> ChangeSet {
        let at = Timestamp::from_millis(START_MS - 400 * DAY_MS);
        let contact_id = ContactId::from_raw(self.ids.next_id(at));
        let identity_id = IdentityId::from_raw(self.ids.next_id(at));
        self.people.push(Person { contact_id, identity_id, last: None });
        let handle =
            |key, scope: &str, value| Handle { kind: ChannelKind::WhatsApp, key, scope: scope.to_owned(), value };
        let rows = vec![
            Row::Contact(Contact {
                id: contact_id,
                profile_name: Some(name(contact)),
                // They have written: it came with a word of theirs.
                profile_named_at: Some(at),
                created_at: at,
                ..sample::contact(1)
            }),
            Row::Identity(Identity {
                id: identity_id,
                contact_id,
                scope: WABA_ID.to_owned(),
                wa_id: Some(wa_id(contact)),
                user_id: Some(user_id(contact)),
                ..sample::identity(1)
            }),
            Row::Handle(handle(HandleKey::WaId, "", wa_id(contact)), identity_id),
            Row::Handle(handle(HandleKey::UserId, WABA_ID, user_id(contact)), identity_id),
            Row::MatchKey(match_key(&wa_id(contact)), contact_id),
        ];
        let events = vec![told(EventKind::ContactCreated { contact_id }, None)];
        ChangeSet { actor: Some(Actor::Platform), at, rows, events, request: None }
    }

    fn tell(&mut self, step: &Step<'_>, sets: &mut Vec<ChangeSet>) {
        let (plan, at) = (step.plan, Timestamp::from_millis(step.at_ms));
        let person = usize::try_from(plan.contact).expect("small");
        let Person { contact_id, identity_id, .. } = self.people[person];
        if step.is_first() {
            let attendance_id = AttendanceId::from_raw(self.ids.next_id(at));
            self.live.insert(plan.index, (attendance_id, at));
            self.known[usize::try_from(plan.index).expect("small")] = attendance_id.raw();
            let department_id = DepartmentId::from_raw(id(plan.department));
            let created =
                EventKind::AttendanceCreated { contact_id, department_id, assignee_id: None, previous_id: None };
            let events = vec![told(created, Some((attendance_id, 0)))];
            sets.push(ChangeSet { actor: Some(Actor::Platform), at, events, ..ChangeSet::default() });
        }
        let (attendance_id, begun) = self.live[&plan.index];
        self.people[person].last = Some((at, attendance_id));
        let position = step.number + 1;
        let message = Message {
            id: MessageId::from_raw(self.ids.next_id(at)),
            attendance_id,
            position,
            channel_id: ChannelId::from_raw(id(plan.channel)),
            at,
            recorded_at: at,
            wamid: Some(wamid(plan.contact, step.serial)),
            content: guiche_core::content::Content::Text { body: step.body.clone(), preview_url: false },
            ..sample::message(1, attendance_id.raw())
        };
        let kind =
            EventKind::MessageReceived { message_id: message.id, kind: "text".to_owned(), late: false, said_at: at };
        let mut rows = Vec::new();
        if step.is_last() {
            self.live.remove(&plan.index);
            rows.extend(self.attendance(plan, attendance_id, begun, step, identity_id, contact_id));
        }
        rows.push(Row::Message(message));
        let events = vec![told(kind, Some((attendance_id, position)))];
        sets.push(ChangeSet { actor: Some(Actor::Platform), at, rows, events, request: None });
    }

    /// The attendance as it is at the end, and that its assignee has seen it.
    fn attendance(
        &self,
        plan: &Plan,
        attendance_id: AttendanceId,
        begun: Timestamp,
        step: &Step<'_>,
        identity_id: IdentityId,
        contact_id: ContactId,
    ) -> Vec<Row> {
        let at = Timestamp::from_millis(step.at_ms);
        let assignee_id = plan.assignee.map(|agent| AttendantId::from_raw(id(agent)));
        let phase = match plan.state {
            State::Queued => Phase::Created,
            State::Active | State::Snoozed => Phase::InConversation,
            State::Waiting => Phase::AwaitingContact,
            State::Closed => Phase::Finished,
        };
        let snooze = (plan.state == State::Snoozed).then_some(Snooze { until: None, by: assignee_id, at });
        let text = step.body.chars().take(80).collect();
        let row = Attendance {
            id: attendance_id,
            channel_id: ChannelId::from_raw(id(plan.channel)),
            contact_id,
            identity_id,
            department_id: DepartmentId::from_raw(id(plan.department)),
            assignee_id,
            assigned_at: assignee_id.map(|_| begun),
            phase,
            tags: plan.tag.map(|tag| TagId::from_raw(id(tag))).into_iter().collect::<BTreeSet<_>>(),
            created_at: begun,
            last_activity_at: at,
            last_inbound_at: Some(at),
            finished_at: (phase == Phase::Finished).then_some(at),
            inbound: plan.messages,
            snooze,
            entries: plan.messages + 1,
            newest_message_at: Some(at),
            preview: Preview { kind: "text".to_owned(), text, from_contact: true },
            ..sample::attendance(1, 1)
        };
        let mut rows = vec![Row::Attendance(row)];
        if let (Some(attendant_id), true) = (assignee_id, phase != Phase::Finished) {
            let inbound = plan.messages - u32::from(plan.unread);
            rows.push(Row::Seen(SeenMark { attendance_id, attendant_id, inbound, unseen: false }));
        }
        rows
    }

    /// What every contact's window depends on.
    fn pairs(&self) -> Vec<ChangeSet> {
        let now = Timestamp::from_millis(START_MS);
        let pair = |(contact, person): (usize, &Person)| {
            let Person { contact_id, identity_id, last } = *person;
            let (at, attendance_id) = last?;
            let channel = ChannelId::from_raw(id(contact as u64 % CHANNELS));
            let open = at.as_millis() > START_MS - DAY_MS;
            let pair = Pair {
                version: 1,
                attendance_id: Some(attendance_id),
                opened_at: Some(at),
                opened_by: Some(Activity::Message),
                check_at: open.then(|| at.shifted(DAY_MS - 3_600_000)),
                ..Pair::new(channel, identity_id, contact_id)
            };
            let events = vec![told(EventKind::ContactCreated { contact_id }, None)];
            let rows = vec![Row::Pair(pair)];
            Some(ChangeSet { actor: Some(Actor::Engine), at: now, rows, events, request: None })
        };
        self.people.iter().enumerate().filter_map(pair).collect()
    }
}
