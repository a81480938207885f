//! Listed is what may be opened, and what may be opened is listed (R-05, G-41, invariant 7): in every list, search, number,
//! feed and export, for every desk of random companies, over the memory store and SQLite alike.

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::sync::Arc;

use guiche_core::attendance::{Attendance, Disposition, Phase, RestoreAs};
use guiche_core::canned::{PutCannedReply, ReplyScope};
use guiche_core::channel::ChannelKind;
use guiche_core::desk::{Desk, DeskChange};
use guiche_core::draft::SaveDraft;
use guiche_core::engine::Engine;
use guiche_core::error::Error;
use guiche_core::export::ExportFilter;
use guiche_core::gallery::{AddGalleryItem, GalleryFilter, GalleryItem, GalleryKind, GalleryScope};
use guiche_core::id::{
    AttendanceId, AttendanceTypeId, AttendantId, CannedReplyId, ContactId, GalleryItemId, MarkerId, MessageId, NoteId,
    StatusId, TagId,
};
use guiche_core::inbox::{Days, InboxFilter};
use guiche_core::lifecycle::Transfer;
use guiche_core::link::LinkRecord;
use guiche_core::marker::{CreateMarker, MarkerFilter};
use guiche_core::memory::{MemoryMedia, MemoryStore};
use guiche_core::module::LinkKind;
use guiche_core::note::WriteNote;
use guiche_core::permission::{ADMIN, ATTENDANT, Permission, Role, SUPERVISOR};
use guiche_core::search::SearchFilter;
use guiche_core::setup::{Account, Attendant, Membership, SetupRow};
use guiche_core::store::{EntryRef, Row, Store};
use guiche_core::task::CreateTask;
use guiche_sqlite::SqliteStore;
use guiche_testkit::clock::{ManualClock, SeededJitter, SequenceIds};
use guiche_testkit::sample::{self, CHANNEL, OTHER_CHANNEL, SALES, SUPPORT, at};
use proptest::collection::vec;
use proptest::prelude::*;

const CONTACTS: u8 = 5;
const DESKS: u8 = 5;

/// A company on an ordinary day.
#[derive(Debug, Clone)]
struct Company {
    widened: bool,
    people: Vec<Person>,
    attendances: Vec<Beginning>,
    acts: Vec<Act>,
}

#[derive(Debug, Clone)]
struct Person {
    role: &'static str,
    sales: Option<bool>,
    support: Option<bool>,
}

#[derive(Debug, Clone)]
struct Beginning {
    contact: u8,
    other_channel: bool,
    support: bool,
    assignee: Option<u8>,
    phase: u8,
    in_trash: bool,
    label: u8,
    snoozed: bool,
}

/// Something that the host has happen to the nth attendance. What is refused leaves no trace.
#[derive(Debug, Clone)]
enum Act {
    Assign(u8, Option<u8>),
    Transfer(u8, bool),
    Trash(u8),
    Restore(u8),
    Finish(u8, bool),
    Note { on: u8, calls_on: u8, points_at: u8 },
    Tag(u8, u8),
    Task(u8),
    Link(u8, bool),
    Ticket(u8),
    Draft(u8, u8),
    See(u8, u8),
    Merge(u8, u8),
}

fn companies() -> impl Strategy<Value = Company> {
    let role = prop_oneof![
        3 => Just(ATTENDANT),
        2 => Just(SUPERVISOR),
        1 => Just(ADMIN),
        1 => Just("reader"),
        1 => Just("nothing"),
    ];
    let membership = || proptest::option::of(any::<bool>());
    let person = (role, membership(), membership()).prop_map(|(role, sales, support)| Person { role, sales, support });
    let beginning =
        (
            (0..CONTACTS, any::<bool>(), any::<bool>(), proptest::option::of(0..DESKS)),
            (0_u8..4, proptest::bool::weighted(0.3), 0_u8..4, any::<bool>()),
        )
            .prop_map(|((contact, other_channel, support, assignee), (phase, in_trash, label, snoozed))| {
                Beginning { contact, other_channel, support, assignee, phase, in_trash, label, snoozed }
            });
    let n = any::<u8>;
    let act = prop_oneof![
        3 => (n(), proptest::option::of(0..DESKS)).prop_map(|(on, to)| Act::Assign(on, to)),
        2 => (n(), any::<bool>()).prop_map(|(on, to)| Act::Transfer(on, to)),
        2 => n().prop_map(Act::Trash),
        2 => n().prop_map(Act::Restore),
        1 => (n(), any::<bool>()).prop_map(|(on, keep)| Act::Finish(on, keep)),
        3 => (n(), 0..DESKS, n()).prop_map(|(on, calls_on, points_at)| Act::Note { on, calls_on, points_at }),
        1 => (n(), 1_u8..4).prop_map(|(on, tag)| Act::Tag(on, tag)),
        1 => (0..CONTACTS).prop_map(Act::Task),
        2 => (n(), any::<bool>()).prop_map(|(on, named)| Act::Link(on, named)),
        1 => n().prop_map(Act::Ticket),
        1 => (n(), 0..DESKS).prop_map(|(on, by)| Act::Draft(on, by)),
        1 => (n(), 0..DESKS).prop_map(|(on, by)| Act::See(on, by)),
        1 => (0..CONTACTS, 0..CONTACTS).prop_map(|(kept, other)| Act::Merge(kept, other)),
    ];
    (any::<bool>(), vec(person, usize::from(DESKS)), vec(beginning, 1..14), vec(act, 0..24))
        .prop_map(|(widened, people, attendances, acts)| Company { widened, people, attendances, acts })
}

fn person(n: u8) -> AttendantId {
    AttendantId::from_raw(100 + i64::from(n))
}

impl Company {
    fn rows(&self) -> Vec<Row> {
        let account =
            Account { name: "Padaria".to_owned(), attendants_see_department: self.widened, ..Account::default() };
        let role = |name: &str, permissions: &[Permission]| {
            SetupRow::Role(Role { name: name.to_owned(), permissions: permissions.iter().copied().collect() })
        };
        let mut setup = vec![
            SetupRow::Account(account),
            role("nothing", &[]),
            role("reader", &[Permission::ReadNotes, Permission::Export, Permission::ViewTrash]),
        ];
        for (n, of) in (0..).zip(&self.people) {
            let member = [(SALES, of.sales), (SUPPORT, of.support)];
            let member = member.into_iter().filter_map(|(department_id, supervises)| {
                supervises.map(|supervises| Membership { department_id, supervises })
            });
            let row = sample::attendant(person(n), of.role, &[]);
            setup.push(SetupRow::Attendant(Attendant { departments: member.collect(), ..row }));
        }
        let mut rows = sample::world();
        rows.extend(setup.into_iter().map(Row::Setup));
        rows.extend(
            (5..=i64::from(CONTACTS))
                .flat_map(|n| [Row::Contact(sample::contact(n)), Row::Identity(sample::identity(n))]),
        );
        let mut open = BTreeSet::new();
        for (id, plan) in (1..).zip(&self.attendances) {
            let attendance = plan.attendance(id, &mut open);
            let message = sample::message(id, id);
            let (entries, newest_message_at) = (100, Some(message.at));
            rows.push(Row::Attendance(Attendance { entries, newest_message_at, ..attendance }));
            rows.push(Row::Message(message));
        }
        rows
    }
}

impl Beginning {
    /// At most one attendance of a contact is open on a channel.
    fn attendance(&self, id: i64, open: &mut BTreeSet<(u8, bool)>) -> Attendance {
        let phase = [Phase::Created, Phase::AwaitingContact, Phase::InConversation, Phase::Finished];
        let mut phase = phase[usize::from(self.phase)];
        if phase != Phase::Finished && !self.in_trash && !open.insert((self.contact, self.other_channel)) {
            phase = Phase::Finished;
        }
        let row = sample::attendance(id, i64::from(self.contact) + 1);
        let label = (self.label > 0).then_some(i64::from(self.label));
        Attendance {
            channel_id: if self.other_channel { OTHER_CHANNEL } else { CHANNEL },
            department_id: if self.support { SUPPORT } else { SALES },
            assignee_id: self.assignee.map(person),
            assigned_at: self.assignee.map(|_| at(id)),
            phase,
            finished_at: (phase == Phase::Finished).then_some(at(id)),
            placement: if self.in_trash { sample::trash() } else { row.placement },
            tags: label.map(TagId::from_raw).into_iter().collect(),
            status_id: label.map(StatusId::from_raw),
            type_id: label.map(AttendanceTypeId::from_raw),
            snooze: (self.snoozed && phase != Phase::Finished).then(|| sample::snooze(None)),
            last_activity_at: at(1_000 - 7 * id),
            inbound: 1,
            ..row
        }
    }
}

struct Office {
    engine: Engine,
    /// Where the feed stood when the day began.
    begun: i64,
    attendances: Vec<AttendanceId>,
    messages: Vec<MessageId>,
}

impl Office {
    fn open(store: Arc<dyn Store>, company: &Company) -> Self {
        let changes = sample::changes(company.rows(), vec![sample::event()]);
        store.write(&mut |unit| unit.apply(&changes).map(drop)).unwrap();
        let (clock, ids) = (Arc::new(ManualClock::new(at(2_000))), Arc::new(SequenceIds::from(1_000_000)));
        let (jitter, files) = (Arc::new(SeededJitter::new(1)), Arc::new(MemoryMedia::new()));
        let engine = Engine::builder(store, clock, ids, jitter, files).build();
        let begun = engine.head().unwrap();
        let count = i64::try_from(company.attendances.len()).unwrap();
        let office = Self {
            engine,
            begun,
            attendances: (1..=count).map(AttendanceId::from_raw).collect(),
            messages: (1..=count).map(MessageId::from_raw).collect(),
        };
        office.furnish();
        for act in &company.acts {
            // A rule may say no.
            let _ = office.act(act);
        }
        office
    }

    fn desk(&self, n: u8) -> Desk {
        self.engine.desk(person(n)).unwrap()
    }

    fn pick(&self, n: u8) -> AttendanceId {
        self.attendances[usize::from(n) % self.attendances.len()]
    }

    /// Galleries, canned replies and markers of every scope.
    fn furnish(&self) {
        let host = self.engine.back_office();
        let file = self.engine.store_media(&mut &b"%PDF-1.4 plan"[..], "planta.pdf").unwrap();
        for (n, department_id) in [None, Some(SALES), Some(SUPPORT)].into_iter().enumerate() {
            let scope =
                department_id.map_or(GalleryScope::Account, |id| GalleryScope::Department { department_id: id });
            let item = AddGalleryItem {
                gallery: GalleryKind::Files,
                scope,
                folder: ["", "Torre", "Torre/Plantas"][n].to_owned(),
                name: format!("Planta {n}"),
                description: None,
                caption: None,
                file: file.clone(),
            };
            host.add_gallery_item(&item).unwrap();
            let scope = department_id.map_or(ReplyScope::Account, |id| ReplyScope::Department { department_id: id });
            let (shortcut, body) = (format!("r{n}"), "Olá".to_owned());
            let reply = PutCannedReply { id: None, scope, shortcut, body, gallery_item_id: None, archived: false };
            host.put_canned_reply(&reply).unwrap();
        }
        for n in 0..DESKS {
            let filter = MarkerFilter { unassigned: true, ..MarkerFilter::default() };
            let marker = CreateMarker { name: format!("Meu {n}"), filter, shared: false };
            self.desk(n).create_marker(&marker).unwrap();
            let scope = ReplyScope::Personal { attendant_id: person(n) };
            let (shortcut, body) = (format!("p{n}"), "Oi".to_owned());
            let reply = PutCannedReply { id: None, scope, shortcut, body, gallery_item_id: None, archived: false };
            self.desk(n).put_canned_reply(&reply).unwrap();
        }
    }

    fn act(&self, act: &Act) -> Result<(), Error> {
        let host = self.engine.back_office();
        let contact = |n: u8| ContactId::from_raw(i64::from(n) + 1);
        match *act {
            Act::Assign(on, to) => host.assign(self.pick(on), to.map(person), None).map(drop),
            Act::Transfer(on, support) => {
                let (attendance_id, department_id) = (self.pick(on), if support { SUPPORT } else { SALES });
                let to = Transfer { attendance_id, department_id, assignee_id: None, note: None, version: None };
                host.transfer(&to).map(drop)
            }
            Act::Trash(on) => host.trash(self.pick(on)).map(drop),
            Act::Restore(on) => host.restore(self.pick(on), RestoreAs::ItWas).map(drop),
            Act::Finish(on, keep) => {
                let how = if keep { Disposition::Keep } else { Disposition::Archive };
                host.finish(self.pick(on), how).map(drop)
            }
            Act::Note { on, calls_on, points_at } => {
                let (on, to) = (self.pick(on), self.pick(points_at));
                let links = if on == to { Vec::new() } else { vec![to] };
                let mentions = vec![person(calls_on)];
                host.write_note(&WriteNote { mentions, links, ..WriteNote::new(on, "anotação interna") }).map(drop)
            }
            Act::Tag(on, tag) => host.change_tags(self.pick(on), [TagId::from_raw(i64::from(tag))], []).map(drop),
            Act::Task(of) => {
                let (contact_id, title) = (contact(of), "ligar".to_owned());
                let task = CreateTask { contact_id, title, due: None, owner_id: None, done: None, external_key: None };
                host.create_task(&task).map(drop)
            }
            Act::Link(on, named) => {
                let id = self.pick(on);
                let link = LinkRecord {
                    contact_id: host.attendance(id)?.attendance.contact_id,
                    attendance_id: named.then_some(id),
                    kind: LinkKind::Opportunity,
                    number: on.to_string(),
                    module: "vendas".to_owned(),
                    url: None,
                };
                host.link_record(&link).map(drop)
            }
            Act::Ticket(on) => host.enable_ticket(self.pick(on)).map(drop),
            Act::Draft(on, by) => {
                let (attendance_id, text) = (self.pick(on), "rascunho".to_owned());
                let draft = SaveDraft { attendance_id, text, reply_to: None, gallery_items: Vec::new() };
                self.desk(by).save_draft(&draft).map(drop)
            }
            Act::See(on, by) => self.desk(by).mark_seen(self.pick(on), None).map(drop),
            Act::Merge(kept, other) => host.merge_contacts(contact(kept), contact(other)).map(drop),
        }
    }
}

/// All rows of a list, page by page.
fn all<T>(mut page: impl FnMut(Option<String>) -> (Vec<T>, Option<String>)) -> Vec<T> {
    let (mut rows, mut cursor, mut pages) = (Vec::new(), None, 0);
    loop {
        let (more, next) = page(cursor);
        rows.extend(more);
        pages += 1;
        assert!(pages < 1_000, "the list never ends");
        match next {
            Some(next) => cursor = Some(next),
            None => return rows,
        }
    }
}

/// As a set; a row that is listed twice is a mistake.
fn once<T: Ord + Copy + Debug>(rows: impl IntoIterator<Item = T>, list: &str) -> BTreeSet<T> {
    let rows: Vec<T> = rows.into_iter().collect();
    let set: BTreeSet<T> = rows.iter().copied().collect();
    assert_eq!(set.len(), rows.len(), "{list} lists a row twice: {rows:?}");
    set
}

/// What one desk is shown, list by list, to be compared between stores.
type Shown = BTreeMap<String, BTreeSet<i64>>;

struct Looker<'a> {
    office: &'a Office,
    desk: Desk,
    me: AttendantId,
    /// The attendances that may be opened, as they are.
    open: BTreeMap<AttendanceId, Attendance>,
    shown: Shown,
}

impl<'a> Looker<'a> {
    fn new(office: &'a Office, n: u8) -> Self {
        let desk = office.desk(n);
        let opened = office.attendances.iter().filter_map(|id| match desk.attendance(*id) {
            Ok(view) => Some((*id, view.attendance)),
            Err(Error::NotFound { .. }) => None,
            Err(other) => panic!("{other:?}"),
        });
        let open: BTreeMap<_, _> = opened.collect();
        Self { office, me: person(n), open, shown: Shown::new(), desk }
    }

    fn holds(&self, permission: Permission) -> bool {
        let setup = self.office.engine.setup().unwrap();
        setup.holds(&setup.attendants[&self.me], permission)
    }

    /// Those that may be opened and are so.
    fn those(&self, so: impl Fn(&Attendance) -> bool) -> BTreeSet<AttendanceId> {
        self.open.values().filter(|row| so(row)).map(|row| row.id).collect()
    }

    fn note(&mut self, list: &str, ids: impl IntoIterator<Item = i64>) {
        self.shown.insert(list.to_owned(), ids.into_iter().collect());
    }

    fn cards(&self, filter: &InboxFilter) -> BTreeSet<AttendanceId> {
        let filter = InboxFilter { days: Some(Days::Any), limit: Some(3), ..filter.clone() };
        let cards = all(|cursor| {
            let page = self.desk.inbox(&InboxFilter { cursor, ..filter.clone() }).unwrap();
            (page.cards, page.next)
        });
        once(cards.iter().map(|card| card.id), "the Central")
    }

    fn look_at_everything(&mut self) {
        self.the_central();
        self.numbers();
        self.what_changed();
        self.search();
        self.contacts();
        self.around_each();
        self.notes();
        self.exports();
        self.messages();
        self.things();
        let open: Vec<i64> = self.open.keys().map(|id| id.raw()).collect();
        self.note("open", open);
    }

    fn the_central(&mut self) {
        type So = Box<dyn Fn(&Attendance) -> bool>;
        let any = InboxFilter::default;
        for in_trash in [false, true] {
            let mut filters: Vec<(InboxFilter, So)> = vec![
                (any(), Box::new(|_| true)),
                (InboxFilter { unassigned: true, ..any() }, Box::new(|row| row.assignee_id.is_none())),
                (InboxFilter { snoozed: Some(true), ..any() }, Box::new(|row| row.snooze.is_some())),
                (InboxFilter { snoozed: Some(false), ..any() }, Box::new(|row| row.snooze.is_none())),
                (InboxFilter { platforms: vec![ChannelKind::WhatsApp], ..any() }, Box::new(|_| true)),
                (InboxFilter { platforms: vec![ChannelKind::Sms], ..any() }, Box::new(|_| false)),
                (InboxFilter { text: Some("contact".to_owned()), ..any() }, Box::new(|_| true)),
                (
                    InboxFilter { text: Some("label 2".to_owned()), ..any() },
                    Box::new(|row| row.tags.contains(&TagId::from_raw(2))),
                ),
            ];
            for phase in [Phase::Created, Phase::AwaitingContact, Phase::InConversation, Phase::Finished] {
                filters.push((InboxFilter { phases: vec![phase], ..any() }, Box::new(move |row| row.phase == phase)));
            }
            for id in [SALES, SUPPORT] {
                let filter = InboxFilter { department_id: Some(id), ..any() };
                filters.push((filter, Box::new(move |row| row.department_id == id)));
            }
            for id in [CHANNEL, OTHER_CHANNEL] {
                let filter = InboxFilter { channels: vec![id], ..any() };
                filters.push((filter, Box::new(move |row| row.channel_id == id)));
            }
            for id in (0..DESKS).map(person) {
                let filter = InboxFilter { assignees: vec![id], ..any() };
                filters.push((filter, Box::new(move |row| row.assignee_id == Some(id))));
            }
            for n in 1..=i64::from(CONTACTS) {
                let id = ContactId::from_raw(n);
                let filter = InboxFilter { contact_id: Some(id), ..any() };
                filters.push((filter, Box::new(move |row| row.contact_id == id)));
                let (tag, status, of_type) = (TagId::from_raw(n), StatusId::from_raw(n), AttendanceTypeId::from_raw(n));
                let filter = InboxFilter { tags: vec![tag], ..any() };
                filters.push((filter, Box::new(move |row| row.tags.contains(&tag))));
                let filter = InboxFilter { status_id: Some(status), ..any() };
                filters.push((filter, Box::new(move |row| row.status_id == Some(status))));
                let filter = InboxFilter { type_id: Some(of_type), ..any() };
                filters.push((filter, Box::new(move |row| row.type_id == Some(of_type))));
            }
            for (n, (filter, so)) in filters.into_iter().enumerate() {
                let filter = InboxFilter { trash: in_trash, ..filter };
                let listed = self.cards(&filter);
                let expected = self.those(|row| row.placement.is_trash() == in_trash && so(row));
                assert_eq!(listed, expected, "filter {n}, trash {in_trash}");
                self.note(&format!("filter {n} {in_trash}"), listed.iter().map(|id| id.raw()));
            }
        }
        let unseen = self.cards(&InboxFilter { unseen: true, ..any() });
        assert!(unseen.iter().all(|id| self.open.contains_key(id)));
        self.note("unseen", unseen.iter().map(|id| id.raw()));
    }

    fn numbers(&self) {
        let filter = InboxFilter { days: Some(Days::Any), counts: true, ..InboxFilter::default() };
        let bar = self.desk.inbox(&filter).unwrap().counts.unwrap();
        let count = |so: &dyn Fn(&Attendance) -> bool| {
            u32::try_from(self.those(|row| !row.placement.is_trash() && so(row)).len()).unwrap()
        };
        let central = &bar.central;
        assert_eq!(bar.trash as usize, self.those(|row| row.placement.is_trash()).len(), "the trash");
        assert_eq!(central.total, count(&|_| true), "the total");
        assert_eq!(central.mine, count(&|row| row.assignee_id == Some(self.me)), "mine");
        assert_eq!(central.unassigned, count(&|row| row.assignee_id.is_none()), "nobody's");
        assert_eq!(central.snoozed, count(&|row| row.snooze.is_some()), "snoozed");
        for (id, number) in &central.departments {
            assert_eq!(*number, count(&|row| row.department_id == *id), "department {id}");
        }
        for (id, number) in &central.channels {
            assert_eq!(*number, count(&|row| row.channel_id == *id), "channel {id}");
        }
        for (id, number) in &central.tags {
            assert_eq!(*number, count(&|row| row.tags.contains(id)), "tag {id}");
        }
        assert_eq!(central.departments.values().sum::<u32>(), central.total, "the departments are all");
        assert_eq!(central.channels.values().sum::<u32>(), central.total, "the channels are all");
        assert_eq!(central.phases.values().sum::<u32>(), central.total, "the phases are all");
        for marker in self.desk.markers().unwrap() {
            let cards = self.cards(&InboxFilter { markers: vec![marker.id], ..InboxFilter::default() });
            assert_eq!(central.markers.get(&marker.id).copied().unwrap_or(0) as usize, cards.len(), "{marker:?}");
        }
    }

    fn what_changed(&mut self) {
        let (mut cursor, mut told, mut gone) = (self.office.begun, Vec::new(), BTreeSet::new());
        loop {
            let feed = self.desk.changes_since(cursor, 7).unwrap();
            for change in feed.changes {
                match change {
                    DeskChange::Gone { attendance_id, .. } => drop(gone.insert(attendance_id)),
                    DeskChange::Event(event) => told.push(event),
                    // Everything is looked at anew here anyway.
                    DeskChange::Stale { .. } => {}
                }
            }
            if feed.next == cursor {
                break;
            }
            cursor = feed.next;
        }
        for event in &told {
            assert!(event.touched.is_empty(), "what else a commit wrote is not told");
            let seen = event.attendance_id.is_none_or(|id| self.open.contains_key(&id));
            assert!(seen, "the feed tells of what cannot be opened: {event:?}");
            for id in event.kind.contacts() {
                assert!(self.sees_contact(id), "the feed tells of a contact that is not seen: {event:?}");
            }
        }
        assert!(gone.iter().all(|id| !self.open.contains_key(id)), "gone, and yet it opens");
        // Whatever happened in what is seen is told, but what is somebody's own business.
        let mut all = self.office.engine.changes_since(self.office.begun, 10_000).unwrap();
        all.retain(|event| {
            let private = matches!(event.kind.word().as_str(), "draft_saved" | "attendance_seen");
            !private && event.attendance_id.is_some_and(|id| self.open.contains_key(&id))
        });
        let seqs = |events: &[guiche_core::event::Event]| {
            let public =
                events.iter().filter(|event| !matches!(event.kind.word().as_str(), "draft_saved" | "attendance_seen"));
            let of_attendances = public.filter(|event| event.attendance_id.is_some());
            of_attendances.map(|event| event.seq).collect::<BTreeSet<_>>()
        };
        assert_eq!(seqs(&told), seqs(&all), "the feed and what happened");
        let mine = told.iter().filter(|event| event.kind.word() == "draft_saved");
        assert!(mine.into_iter().all(|event| event.actor.attendant() == Some(self.me)), "a colleague's draft");
        self.note("feed", told.iter().map(|event| event.seq));
        self.note("gone", gone.iter().map(|id| id.raw()));

        for trash in [false, true] {
            let filter = InboxFilter { trash, days: Some(Days::Any), ..InboxFilter::default() };
            let listed = self.cards(&filter);
            let mut since = self.office.begun;
            loop {
                let changes = self.desk.inbox_changes(&filter, since).unwrap();
                if !changes.stale {
                    assert!(changes.changed.iter().all(|card| listed.contains(&card.id)), "a card that is not listed");
                    assert!(changes.gone.iter().all(|id| !listed.contains(id)), "gone, and yet it is listed");
                }
                if !changes.more {
                    break;
                }
                since = changes.next;
            }
        }
    }

    fn search(&mut self) {
        for trash in [false, true] {
            let here = self.those(|row| row.placement.is_trash() == trash);
            // Each has one message, which says so.
            let filter = SearchFilter { text: "bom dia".to_owned(), trash, limit: Some(2), ..SearchFilter::default() };
            let hits = all(|cursor| {
                let page = self.desk.search(&SearchFilter { cursor, ..filter.clone() }).unwrap();
                (page.entries, page.next)
            });
            let found = once(hits.iter().map(|hit| hit.attendance_id), "the search");
            assert_eq!(found, here, "messages that are found, trash {trash}");
            let filter = SearchFilter { text: "Contact".to_owned(), trash, ..SearchFilter::default() };
            let page = self.desk.search(&filter).unwrap();
            assert!(!page.more_attendances);
            let found = once(page.attendances.iter().map(|found| found.attendance_id), "the search by name");
            assert_eq!(found, here, "attendances that are found by name, trash {trash}");
            let filter = SearchFilter { text: "anotacao".to_owned(), trash, ..SearchFilter::default() };
            let notes = all(|cursor| {
                let page = self.desk.search(&SearchFilter { cursor, ..filter.clone() }).unwrap();
                (page.entries, page.next)
            });
            let notes = notes.iter().filter_map(|hit| match hit.entry {
                EntryRef::Note(id) => Some((hit.attendance_id, id)),
                EntryRef::Message(_) => None,
            });
            let notes: BTreeSet<_> = notes.collect();
            let readable = self.readable_notes();
            let expected: BTreeSet<_> = readable.into_iter().filter(|(of, _)| here.contains(of)).collect();
            assert_eq!(notes, expected, "notes that are found, trash {trash}");
        }
    }

    /// The notes of what may be opened, if notes may be read at all.
    fn readable_notes(&self) -> BTreeSet<(AttendanceId, NoteId)> {
        if !self.holds(Permission::ReadNotes) {
            return BTreeSet::new();
        }
        let of = |id: &AttendanceId| {
            let notes = self.office.engine.back_office().notes(*id, None, 500).unwrap();
            notes.into_iter().map(|shown| (shown.note.attendance_id, shown.note.id)).collect::<Vec<_>>()
        };
        self.open.keys().flat_map(of).collect()
    }

    fn sees_contact(&self, id: ContactId) -> bool {
        let (host, mut current) = (self.office.engine.back_office(), id);
        while let Some(into) = host.contact(current).unwrap().contact.merged_into {
            current = into;
        }
        self.holds(Permission::ViewAll) || self.open.values().any(|row| row.contact_id == current)
    }

    fn contacts(&mut self) {
        let host = self.office.engine.back_office();
        let found = self.desk.find_contacts("Contact", 100).unwrap();
        let found = once(found.iter().map(|entry| entry.contact.id), "the contacts");
        for n in 1..=i64::from(CONTACTS) {
            let id = ContactId::from_raw(n);
            let merged = host.contact(id).unwrap().contact.merged_into.is_some();
            if !merged {
                assert_eq!(found.contains(&id), self.desk.contact(id).is_ok(), "contact {id}");
            }
            assert_eq!(self.desk.tasks(id).is_ok(), self.sees_contact(id), "tasks of {id}");
            assert_eq!(self.desk.links(id).is_ok(), self.sees_contact(id), "links of {id}");
            for shown in self.desk.links(id).unwrap_or_default() {
                let named = shown.link.attendance_id;
                assert!(named.is_none_or(|id| self.open.contains_key(&id)), "a link names {named:?}");
            }
        }
        self.note("contacts", found.iter().map(|id| id.raw()));
    }

    fn around_each(&mut self) {
        for (id, row) in &self.open {
            let same = self.those(|other| other.contact_id == row.contact_id && other.id != *id);
            let related = self.desk.find_related(*id, None, 100).unwrap();
            let related: BTreeSet<_> = related.attendances.iter().map(|found| found.attendance.id).collect();
            assert!(related.iter().all(|id| self.open.contains_key(id)), "related to {id}: {related:?}");
            assert!(same.is_subset(&related), "related to {id}: {related:?}, not {same:?}");
            let menu = self.desk.overview(*id).unwrap();
            let history = once(menu.history.iter().map(|summary| summary.id), "the history");
            assert_eq!(history, same, "the history beside {id}");
            for ticket in &menu.tickets {
                assert!(self.open.contains_key(&ticket.attendance_id), "a ticket of {}", ticket.attendance_id);
            }
            for shown in &menu.links {
                let named = shown.link.attendance_id;
                assert!(named.is_none_or(|id| self.open.contains_key(&id)), "a link names {named:?}");
            }
            assert_eq!(menu.attendance, *row, "the menu shows the attendance as it opens");
        }
        for id in self.office.attendances.iter().filter(|id| !self.open.contains_key(id)) {
            for error in [
                self.desk.overview(*id).map(drop),
                self.desk.find_related(*id, None, 10).map(drop),
                self.desk.timeline(*id, None, 10).map(drop),
                self.desk.ticket(*id).map(drop),
            ] {
                assert_eq!(error.unwrap_err().code(), "not_found");
            }
        }
    }

    fn notes(&mut self) {
        if !self.holds(Permission::ReadNotes) {
            assert_eq!(self.desk.mentions(0, 10).unwrap_err().code(), "not_permitted");
            assert_eq!(self.desk.search_notes("anotacao", None, 10).unwrap_err().code(), "not_permitted");
            return;
        }
        let readable = self.readable_notes();
        let found = all(|cursor| {
            let page = self.desk.search_notes("anotação", cursor.as_deref(), 2).unwrap();
            (page.notes, page.next)
        });
        for note in &found {
            for id in &note.shown.note.links {
                assert!(self.open.contains_key(id), "a note points at {id}");
            }
        }
        let found = once(found.iter().map(|found| found.shown.note.id), "the notes");
        assert_eq!(found, readable.iter().map(|(_, id)| *id).collect(), "notes that are found");
        let (mut mentions, mut cursor) = (Vec::new(), 0);
        loop {
            let page = self.desk.mentions(cursor, 2).unwrap();
            mentions.extend(page.mentions);
            cursor = page.next;
            if !page.more {
                break;
            }
        }
        let mentions = once(mentions.iter().map(|mention| (mention.attendance_id, mention.note_id)), "the mentions");
        let host = self.office.engine.back_office();
        let calls = readable.iter().filter(|(of, id)| {
            let notes = host.notes(*of, None, 500).unwrap();
            notes.iter().any(|shown| shown.note.id == *id && shown.note.mentions.contains(&self.me))
        });
        assert_eq!(mentions, calls.copied().collect(), "who is called on");
    }

    fn exports(&mut self) {
        let everything = ExportFilter { trash: true, ..ExportFilter::default() };
        if !self.holds(Permission::Export) {
            assert_eq!(self.desk.export_attendances(&everything, None, 10).unwrap_err().code(), "not_permitted");
            assert_eq!(self.desk.export_messages(&everything, None, 10).unwrap_err().code(), "not_permitted");
            return;
        }
        for trash in [false, true] {
            let filter = ExportFilter { trash, ..everything.clone() };
            let expected = self.those(|row| trash || !row.placement.is_trash());
            let rows = all(|cursor| {
                let page = self.desk.export_attendances(&filter, cursor.as_deref(), 2).unwrap();
                (page.rows, page.next)
            });
            assert_eq!(once(rows.iter().map(|row| row.id), "the export"), expected, "exported, trash {trash}");
            let rows = all(|cursor| {
                let page = self.desk.export_messages(&filter, cursor.as_deref(), 2).unwrap();
                (page.rows, page.next)
            });
            let of = once(rows.iter().map(|row| row.attendance_id), "the export of messages");
            assert_eq!(of, expected, "messages that are exported, trash {trash}");
        }
    }

    fn messages(&mut self) {
        for (of, id) in self.office.attendances.iter().zip(&self.office.messages) {
            let opens = self.open.contains_key(of);
            assert_eq!(self.desk.message(*id).is_ok(), opens, "message {id}");
            match self.desk.messages(*of, None, 10) {
                Ok(shown) => {
                    assert!(opens);
                    assert!(shown.iter().any(|shown| shown.message.id == *id));
                }
                Err(error) => assert!(!opens && error.code() == "not_found", "messages of {of}"),
            }
        }
    }

    fn things(&mut self) {
        let host = self.office.engine.back_office();
        let every = |desk: &Desk| -> Vec<GalleryItem> {
            all(|cursor| {
                let page =
                    desk.gallery_items(&GalleryFilter { cursor, limit: Some(1), ..GalleryFilter::default() }).unwrap();
                (page.items, page.next)
            })
        };
        let listed: BTreeSet<GalleryItemId> = once(every(&self.desk).iter().map(|item| item.id), "the gallery");
        let opens = every(&host).into_iter().map(|item| item.id).filter(|id| self.desk.gallery_item(*id).is_ok());
        assert_eq!(listed, opens.collect(), "items that are listed and that open");
        let folders = self.desk.gallery_folders(GalleryKind::Files).unwrap();
        assert_eq!(folders.first().map_or(0, |top| top.all_items) as usize, listed.len(), "the folders' numbers");
        self.note("gallery", listed.iter().map(|id| id.raw()));

        let listed: BTreeSet<CannedReplyId> =
            once(self.desk.canned_replies(None).unwrap().iter().map(|reply| reply.id), "the replies");
        if let Some(id) = self.open.keys().next() {
            let every = host.canned_replies(None).unwrap();
            assert_eq!(every.len(), 3 + usize::from(DESKS));
            let opens =
                every.iter().map(|reply| reply.id).filter(|reply| self.desk.fill_canned_reply(*id, *reply).is_ok());
            assert_eq!(listed, opens.collect(), "replies that are listed and that are filled in");
        }
        let listed: BTreeSet<MarkerId> = once(self.desk.markers().unwrap().iter().map(|marker| marker.id), "markers");
        for id in self.office.engine.setup().unwrap().markers.keys() {
            let filter = InboxFilter { markers: vec![*id], ..InboxFilter::default() };
            assert_eq!(self.desk.inbox(&filter).is_ok(), listed.contains(id), "marker {id}");
        }
    }
}

/// As many as take seconds, or as asked for.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(24)
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 400, failure_persistence: None, ..ProptestConfig::with_cases(cases()) })]

    #[test]
    fn whatever_lists_shows_what_may_be_opened_and_all_of_it(company in companies()) {
        let stores: [Arc<dyn Store>; 2] = [Arc::new(MemoryStore::new()), Arc::new(SqliteStore::in_memory().unwrap())];
        let offices = stores.map(|store| Office::open(store, &company));
        for n in 0..DESKS {
            let [memory, sqlite] = offices.each_ref().map(|office| {
                let mut looker = Looker::new(office, n);
                looker.look_at_everything();
                looker.shown
            });
            prop_assert_eq!(memory, sqlite, "the stores show desk {} different rows", n);
        }
    }
}
