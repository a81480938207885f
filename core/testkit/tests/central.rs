//! Laws of the Central, whatever happened and whoever looks: numbers are rows, pages add up while messages arrive, and an
//! old list with what changed since is the new list.

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use guiche_core::attendance::{Disposition, Phase, RestoreAs};
use guiche_core::channel::{Activity, ChannelKind};
use guiche_core::content::Content;
use guiche_core::desk::Desk;
use guiche_core::engine::{Engine, Platform};
use guiche_core::id::{AttendanceId, StatusId, TagId};
use guiche_core::import::{ContactRow, ImportContacts};
use guiche_core::inbound::{Element, Handles, InboundItem, InboundMessage, Route};
use guiche_core::inbox::{Card, Days, InboxFilter, InboxPage};
use guiche_core::lifecycle::{CreateAttendance, Transfer};
use guiche_core::marker::{CreateMarker, MarkerFilter};
use guiche_core::memory::{MemoryMedia, MemoryStore};
use guiche_core::people::CreateContact;
use guiche_core::port::{InboundDecoder, SignatureError};
use guiche_core::search::SearchFilter;
use guiche_core::setup::Account;
use guiche_core::store::Store;
use guiche_core::time::Timestamp;
use guiche_core::window::ServiceWindow;
use guiche_testkit::clock::{ManualClock, SeededJitter, SequenceIds};
use guiche_testkit::sample::{self, ANA, BRUNO, CARLA, CHANNEL, NOON, OTHER_CHANNEL, SALES, SUPPORT};
use guiche_testkit::script::ScriptedPort;
use proptest::prelude::*;

/// A platform whose deliveries are one message each: number of the channel, person, id, instant, and the id of the message
/// that is reacted to.
struct Plain;

impl InboundDecoder for Plain {
    fn verify(&self, _: &[u8], _: Option<&str>) -> Result<(), SignatureError> {
        Ok(())
    }

    fn decode(&self, body: &[u8]) -> Vec<InboundItem> {
        let text = String::from_utf8(body.to_vec()).unwrap();
        let parts: Vec<_> = text.split('|').collect();
        let [number_id, person, wamid, at, reacted] = parts[..] else { panic!("a message of five parts") };
        let content = match reacted {
            "" => Content::Text { body: "oi".to_owned(), preview_url: false },
            target => Content::Reaction { target: target.to_owned(), emoji: "👍".to_owned() },
        };
        let name = Some(format!("Pessoa {person}"));
        let message = InboundMessage {
            wamid: wamid.to_owned(),
            sender: Handles { wa_id: Some(format!("55119876543{person}")), profile_name: name, ..Handles::default() },
            timestamp: Timestamp::from_millis(at.parse().unwrap()),
            activity: Activity::Message,
            content,
            reply_to: None,
            forwarded: false,
            referral: None,
            group_id: None,
            errors: Vec::new(),
        };
        vec![InboundItem {
            path: String::new(),
            route: Route {
                kind: Some(ChannelKind::WhatsApp),
                number_id: Some(number_id.to_owned()),
                waba_id: None,
                display_number: None,
            },
            element: Element::Message(message),
            raw: String::new(),
        }]
    }
}

struct Office {
    engine: Engine,
    clock: Arc<ManualClock>,
    messages: u32,
}

impl Office {
    fn new() -> Self {
        let store = MemoryStore::repeating();
        let changes = sample::changes(sample::world(), vec![sample::event()]);
        store.write(&mut |unit| unit.apply(&changes).map(drop)).unwrap();
        let port = Arc::new(ScriptedPort::new());
        let platform =
            Platform { messaging: port.clone(), decoder: Arc::new(Plain), templates: port.clone(), media: port };
        let clock = Arc::new(ManualClock::new(NOON));
        let ids = Arc::new(SequenceIds::from(1_000_000));
        let (jitter, files) = (Arc::new(SeededJitter::new(1)), Arc::new(MemoryMedia::new()));
        let engine = Engine::builder(Arc::new(store), clock.clone(), ids, jitter, files)
            .platform(ChannelKind::WhatsApp, platform)
            .build();
        let account = Account { name: "Padaria".to_owned(), ..Account::default() };
        engine.admin().set_account(&account).unwrap();
        for (desk, filter) in [
            (engine.desk(ANA).unwrap(), MarkerFilter { unseen: true, ..MarkerFilter::default() }),
            (
                engine.back_office(),
                MarkerFilter { unassigned: true, departments: vec![SALES], ..MarkerFilter::default() },
            ),
        ] {
            desk.create_marker(&CreateMarker { name: "Meu".to_owned(), filter, shared: false }).unwrap();
        }
        Self { engine, clock, messages: 0 }
    }

    fn desks(&self) -> Vec<Desk> {
        let mut desks: Vec<_> = [ANA, BRUNO, CARLA].map(|id| self.engine.desk(id).unwrap()).into();
        desks.push(self.engine.back_office());
        desks
    }

    fn tags(&self) -> Vec<TagId> {
        self.engine.setup().unwrap().tags.keys().copied().collect()
    }

    fn known(&self) -> Vec<AttendanceId> {
        known_to(&self.engine.back_office()).into_iter().collect()
    }

    /// Does it, if it may be done.
    fn act(&mut self, step: &Step) {
        let host = self.engine.back_office();
        let known = self.known();
        let pick = |n: u8| known.get(usize::from(n) % known.len().max(1)).copied();
        match *step {
            Step::Write(person, other) => {
                self.messages += 1;
                let channel = sample::channel(if other { OTHER_CHANNEL } else { CHANNEL });
                let now = self.clock_now();
                let body = format!("{}|{person:02}|wamid.{}|{now}|", channel.number_id, self.messages);
                self.engine.ingest(ChannelKind::WhatsApp, body.as_bytes(), None).unwrap();
            }
            Step::React(person, to) => {
                self.messages += 1;
                let now = self.clock_now();
                let number = sample::channel(CHANNEL).number_id;
                let body = format!("{number}|{person:02}|wamid.{}|{now}|wamid.{to}", self.messages);
                self.engine.ingest(ChannelKind::WhatsApp, body.as_bytes(), None).unwrap();
            }
            Step::Pass(minutes) => {
                self.clock.advance(Duration::from_secs(u64::from(minutes) * 60));
                self.engine.advance().unwrap();
            }
            Step::Of(n, act) => {
                let Some(id) = pick(n) else { return };
                let desk = &self.desks()[usize::from(n) % 4];
                // What is refused leaves no trace, and is no less a day at the counter.
                let _ = match act {
                    Act::Claim => desk.claim(id).map(drop),
                    Act::Give(to) => host.assign(id, [Some(ANA), Some(BRUNO), None][usize::from(to)], None).map(drop),
                    Act::Transfer(support) => {
                        let department_id = if support { SUPPORT } else { SALES };
                        let (note, version) = (None, None);
                        let to = Transfer { attendance_id: id, department_id, assignee_id: None, note, version };
                        host.transfer(&to).map(drop)
                    }
                    Act::Tag(tag) => {
                        let tags = self.tags();
                        host.change_tags(id, [tags[usize::from(tag) % tags.len()]], []).map(drop)
                    }
                    Act::Status => host.set_status(id, Some(StatusId::from_raw(1))).map(drop),
                    Act::Finish(keep) => {
                        host.finish(id, if keep { Disposition::Keep } else { Disposition::Archive }).map(drop)
                    }
                    Act::Trash => host.trash(id).map(drop),
                    Act::Restore => host.restore(id, RestoreAs::ItWas).map(drop),
                    Act::Rename(name) => host.set_recipient_name(id, Some(&format!("Ação {name}"))).map(drop),
                    Act::Seen => desk.mark_seen(id, None).map(drop),
                    Act::Unseen => desk.mark_unseen(id).map(drop),
                    Act::Snooze(minutes) => {
                        let until = Timestamp::from_millis(self.clock_now()).shifted(i64::from(minutes) * 60_000);
                        host.snooze(id, (minutes > 0).then_some(until)).map(drop)
                    }
                    Act::Unsnooze => host.unsnooze(id).map(drop),
                };
            }
        }
    }

    fn clock_now(&self) -> i64 {
        use guiche_core::time::Clock as _;
        self.clock.now().as_millis()
    }
}

#[derive(Debug, Clone)]
enum Step {
    Write(u8, bool),
    React(u8, u8),
    Pass(u8),
    Of(u8, Act),
}

#[derive(Debug, Clone, Copy)]
enum Act {
    Claim,
    Give(u8),
    Transfer(bool),
    Tag(u8),
    Status,
    Finish(bool),
    Trash,
    Restore,
    Rename(u8),
    Seen,
    Unseen,
    Snooze(u8),
    Unsnooze,
}

fn step() -> impl Strategy<Value = Step> {
    let act = prop_oneof![
        2 => Just(Act::Claim),
        2 => (0_u8..3).prop_map(Act::Give),
        2 => any::<bool>().prop_map(Act::Transfer),
        2 => (0_u8..4).prop_map(Act::Tag),
        1 => Just(Act::Status),
        1 => any::<bool>().prop_map(Act::Finish),
        1 => Just(Act::Trash),
        1 => Just(Act::Restore),
        3 => (0_u8..3).prop_map(Act::Rename),
        3 => Just(Act::Seen),
        1 => Just(Act::Unseen),
        2 => (0_u8..20).prop_map(Act::Snooze),
        1 => Just(Act::Unsnooze),
    ];
    prop_oneof![
        3 => (1_u8..5, any::<bool>()).prop_map(|(person, other)| Step::Write(person, other)),
        1 => (1_u8..5, 1_u8..9).prop_map(|(person, to)| Step::React(person, to)),
        // All of a case is less than the hours that are left of the day.
        1 => (0_u8..12).prop_map(Step::Pass),
        6 => (any::<u8>(), act).prop_map(|(n, act)| Step::Of(n, act)),
    ]
}

fn steps(count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Step>> {
    proptest::collection::vec(step(), count)
}

/// All cards of a filter, by pages of three.
fn all(desk: &Desk, filter: &InboxFilter) -> Vec<Card> {
    let mut filter = InboxFilter { limit: Some(3), cursor: None, ..filter.clone() };
    let mut cards = Vec::new();
    loop {
        let page = desk.inbox(&filter).unwrap();
        cards.extend(page.cards);
        match page.next {
            Some(next) => filter.cursor = Some(next),
            None => return cards,
        }
    }
}

/// A card without its window, which moves on with time and by no event.
fn timeless(card: Card) -> Card {
    Card { window: ServiceWindow::Closed { since: None }, ..card }
}

fn filters(desk: &Desk) -> Vec<InboxFilter> {
    let any = InboxFilter { days: Some(Days::Any), ..InboxFilter::default() };
    let markers = desk.markers().unwrap();
    vec![
        InboxFilter::default(),
        any.clone(),
        InboxFilter { trash: true, ..InboxFilter::default() },
        InboxFilter { unseen: true, ..any.clone() },
        InboxFilter { snoozed: Some(false), ..any.clone() },
        InboxFilter { unassigned: true, assignees: vec![BRUNO], ..any.clone() },
        InboxFilter { text: Some("acao 1".to_owned()), ..any.clone() },
        InboxFilter { markers: vec![markers[0].id], ..any.clone() },
        InboxFilter { platforms: vec![ChannelKind::WhatsApp], channels: vec![CHANNEL], ..any.clone() },
        InboxFilter { platforms: vec![ChannelKind::Email], ..any },
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn an_old_list_with_what_changed_is_the_new_list(before in steps(10..30), after in steps(1..25)) {
        let mut office = Office::new();
        before.iter().for_each(|step| office.act(step));
        let mut lists = Vec::new();
        for desk in office.desks() {
            for filter in filters(&desk) {
                let head = desk.inbox(&filter).unwrap().head;
                lists.push((desk.clone(), filter.clone(), all(&desk, &filter), head));
            }
        }
        after.iter().for_each(|step| office.act(step));
        for (desk, filter, old, head) in lists {
            let mut list: BTreeMap<_, _> = old.into_iter().map(|card| (card.id, card)).collect();
            let changes = desk.inbox_changes(&filter, head).unwrap();
            prop_assert!(!changes.stale && !changes.more);
            prop_assert_eq!(changes.next, office.engine.head().unwrap());
            for id in changes.gone {
                list.remove(&id);
            }
            list.extend(changes.changed.into_iter().map(|card| (card.id, card)));
            let mut list: Vec<_> = list.into_values().map(timeless).collect();
            list.sort_by_key(|card| std::cmp::Reverse((card.last_activity_at, card.id)));
            let new: Vec<_> = all(&desk, &filter).into_iter().map(timeless).collect();
            let whose = desk.attendant_id();
            prop_assert!(list == new, "{:?} of {:?}: {:?} is not {:?}", filter, whose, list, new);
            // Nothing is left to tell.
            let none = desk.inbox_changes(&filter, changes.next).unwrap();
            prop_assert!(none.changed.is_empty() && none.gone.is_empty());
        }
    }

    #[test]
    fn what_changed_tells_of_nothing_that_is_and_was_out_of_sight(before in steps(5..20), after in steps(1..20)) {
        let mut office = Office::new();
        before.iter().for_each(|step| office.act(step));
        let mut known: Vec<_> = office.desks().into_iter().map(|desk| (known_to(&desk), desk)).collect();
        let head = office.engine.head().unwrap();
        for step in &after {
            office.act(step);
            for (known, desk) in &mut known {
                known.extend(known_to(desk));
            }
        }
        for (known, desk) in known {
            let changes = desk.inbox_changes(&InboxFilter::default(), head).unwrap();
            let told = changes.changed.iter().map(|card| card.id).chain(changes.gone);
            for id in told {
                prop_assert!(known.contains(&id), "{id} was never in sight of {:?}", desk.attendant_id());
            }
        }
    }

    #[test]
    fn each_number_is_how_many_rows_all_pages_have(steps in steps(10..50), today in any::<bool>()) {
        let mut office = Office::new();
        steps.iter().for_each(|step| office.act(step));
        let days = if today { None } else { Some(Days::Any) };
        for desk in office.desks() {
            let rows = |filter: InboxFilter| {
                let page = InboxFilter { days, ..filter };
                u32::try_from(all(&desk, &page).len()).unwrap()
            };
            let none = InboxFilter::default();
            let asked = InboxFilter { days, counts: true, limit: Some(1), unseen: true, ..none.clone() };
            let page: InboxPage = desk.inbox(&asked).unwrap();
            let bar = page.counts.unwrap();
            let counts = &bar.central;
            prop_assert_eq!(counts.total, rows(none.clone()));
            prop_assert_eq!(counts.unseen, rows(InboxFilter { unseen: true, ..none.clone() }));
            prop_assert_eq!(counts.unassigned, rows(InboxFilter { unassigned: true, ..none.clone() }));
            prop_assert_eq!(counts.snoozed, rows(InboxFilter { snoozed: Some(true), ..none.clone() }));
            let mine = desk.attendant_id().map(|me| rows(InboxFilter { assignees: vec![me], ..none.clone() }));
            prop_assert_eq!(counts.mine, mine.unwrap_or(0));
            prop_assert_eq!(bar.trash, rows(InboxFilter { trash: true, ..none.clone() }));
            for phase in [Phase::Created, Phase::AwaitingContact, Phase::InConversation, Phase::Finished] {
                let count = counts.phases.get(&phase).copied().unwrap_or(0);
                prop_assert_eq!(count, rows(InboxFilter { phases: vec![phase], ..none.clone() }));
            }
            let setup = office.engine.setup().unwrap();
            for id in setup.statuses.keys() {
                let count = counts.statuses.get(id).copied().unwrap_or(0);
                prop_assert_eq!(count, rows(InboxFilter { status_id: Some(*id), ..none.clone() }));
            }
            for id in setup.departments.keys() {
                let count = counts.departments.get(id).copied().unwrap_or(0);
                prop_assert_eq!(count, rows(InboxFilter { department_id: Some(*id), ..none.clone() }));
            }
            for id in setup.channels.keys() {
                let count = counts.channels.get(id).copied().unwrap_or(0);
                prop_assert_eq!(count, rows(InboxFilter { channels: vec![*id], ..none.clone() }));
            }
            for id in setup.tags.keys() {
                let count = counts.tags.get(id).copied().unwrap_or(0);
                prop_assert_eq!(count, rows(InboxFilter { tags: vec![*id], ..none.clone() }));
            }
            let markers = desk.markers().unwrap();
            prop_assert_eq!(counts.markers.keys().count(), markers.len());
            for marker in markers {
                prop_assert_eq!(counts.markers[&marker.id], rows(InboxFilter { markers: vec![marker.id], ..none.clone() }));
            }
        }
    }

    #[test]
    fn pages_neither_repeat_nor_skip_what_did_not_change_while_messages_arrive(
        before in steps(10..40),
        between in proptest::collection::vec(steps(0..4), 12),
    ) {
        let mut office = Office::new();
        before.iter().for_each(|step| office.act(step));
        let desk = office.engine.back_office();
        let mut filter = InboxFilter { limit: Some(2), ..InboxFilter::default() };
        let versions = |cards: Vec<Card>| cards.into_iter().map(|card| (card.id, card.version)).collect::<BTreeSet<_>>();
        let first = versions(all(&desk, &filter));
        let mut walked = Vec::new();
        for steps in &between {
            let page = desk.inbox(&filter).unwrap();
            walked.extend(page.cards.into_iter().map(|card| (card.id, card.version)));
            filter.cursor = page.next;
            if filter.cursor.is_none() {
                break;
            }
            steps.iter().for_each(|step| office.act(step));
        }
        prop_assume!(filter.cursor.is_none());
        let last = versions(all(&desk, &InboxFilter { cursor: None, ..filter }));
        for unchanged in first.intersection(&last) {
            prop_assert_eq!(walked.iter().filter(|row| *row == unchanged).count(), 1);
        }
        let ids: BTreeSet<_> = walked.iter().collect();
        prop_assert_eq!(ids.len(), walked.len());
    }
}

/// Everything that a desk sees, in the Central and the trash.
fn known_to(desk: &Desk) -> BTreeSet<AttendanceId> {
    let everything = |trash| InboxFilter { trash, days: Some(Days::Any), ..InboxFilter::default() };
    [false, true].into_iter().flat_map(|trash| all(desk, &everything(trash))).map(|card| card.id).collect()
}

/// Who is seen is found by name, however many namesakes were made since: sight comes before every limit (G-41).
#[test]
fn namesakes_who_are_not_seen_hide_nobody_who_is() {
    let office = Office::new();
    let host = office.engine.back_office();
    let (name, phone) = (Some("Maria Antiga".to_owned()), Some("+55 21 2345-6789".to_owned()));
    let channel_id = Some(CHANNEL);
    let contact = CreateContact { channel_id, name, phone, ..CreateContact::default() };
    let contact_id = host.create_contact(&contact).unwrap().outcome.contact.id;
    let create = CreateAttendance {
        contact_id,
        channel_id: CHANNEL,
        department_id: Some(SALES),
        identity_id: None,
        assignee_id: None,
        attributes: BTreeMap::new(),
        tags: BTreeSet::new(),
    };
    let talk = host.create_attendance(&create).unwrap().outcome.attendance.id;
    let rows = (0..1_100).map(|n| ContactRow {
        name: Some(format!("Maria {n}")),
        phone: Some(format!("+55 21 9800{n:05}")),
        ..ContactRow::default()
    });
    let rows = rows.collect();
    let import = ImportContacts { channel_id: CHANNEL, rows, rehearsal: false };
    assert_eq!(office.engine.admin().import_contacts(&import).unwrap().outcome.created, 1_100);
    for desk in office.desks().into_iter().filter(|desk| desk.attendance(talk).is_ok()) {
        let filter = InboxFilter { text: Some("maria".to_owned()), days: Some(Days::Any), ..InboxFilter::default() };
        assert_eq!(desk.inbox(&filter).unwrap().cards.iter().map(|card| card.id).collect::<Vec<_>>(), [talk]);
        let found = desk.search(&SearchFilter { text: "maria".to_owned(), ..SearchFilter::default() }).unwrap();
        assert_eq!(found.attendances.iter().map(|found| found.attendance_id).collect::<Vec<_>>(), [talk]);
        assert!(!found.more_attendances);
    }
    assert_eq!(host.find_contacts("maria antiga", 10).unwrap().len(), 1);
}
