//! Random marks and documents, and everything that is asked of what lies beside the talk.

use guiche_core::attendance::{Phase, SeenMark};
use guiche_core::document::{Document, DocumentKind};
use guiche_core::error::Error;
use guiche_core::id::{AttendanceId, AttendantId, ContactId, MarkerId, NoteId, StatusId, TagId};
use guiche_core::marker::MarkerFilter;
use guiche_core::permission::{DeskSight, Sight};
use guiche_core::search::words;
use guiche_core::store::{Acted, CountQuery, Counts, EntryHit, EntryQuery, EntryRef, InboxQuery, Row, Snapshot};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::dump::{inbox, value};
use super::rows::{ATTENDANCES, MESSAGES, Making, Numbers, OTHERS, RowPick, instants};
use crate::conformance::counts::{by_pages, trash_by_pages};
use crate::conformance::inbox::paged;
use crate::conformance::search::{all_hits, entries};
use crate::sample::{self, ANA, BRUNO, CARLA, CHANNEL, OTHER_CHANNEL, SALES, SUPPORT};

/// The kinds of documents that are written.
const KINDS: [DocumentKind; 2] = [DocumentKind::Task, DocumentKind::Merge];
/// Whose documents they are.
const OWNERS: [i64; 3] = [0, 1, 2];
/// What is searched: words of [`super::rows::TEXTS`], of names and of numbers, whole and begun, alone and together, and
/// some that nothing has.
const QUESTIONS: [&str; 10] =
    ["bom", "dia bom", "bom d", "AÇÃO", "ac", "b or", "or", "é b", "contact 5511", "80000002"];

impl Making<'_> {
    pub(super) fn seen(&self, n: &mut Numbers<'_>) -> Result<Option<Row>, Error> {
        let id = n.id(ATTENDANCES);
        let mark = sample::seen(id, n.of(&[ANA, BRUNO]), n.of(&[0, 1, 2]));
        let row = Row::Seen(SeenMark { unseen: n.of(&[false, false, true]), ..mark });
        Ok(self.has_attendance(id)?.then_some(row))
    }

    pub(super) fn document(&self, pick: &RowPick, n: &mut Numbers<'_>) -> Result<Row, Error> {
        let row = sample::document(n.of(&KINDS), n.id(OTHERS));
        if n.of(&[false, false, false, true]) {
            return Ok(Row::DocumentDropped(row.kind, row.id));
        }
        let stored = self.stored.document(row.kind, row.id)?.map(|row| row.version);
        let version = self.version(pick, stored, &Row::Document(row.clone()));
        Ok(Row::Document(Document { version, owner: n.of(&OWNERS), due_at: n.maybe(), data: n.text(), ..row }))
    }
}

/// What messages and notes have the words. Serials are each store's own: their order is told, and they are not.
fn hits(found: &[EntryHit]) -> Value {
    let one = |hit: &EntryHit| match hit.entry {
        EntryRef::Message(id) => json!([hit.attendance_id, "message", id]),
        EntryRef::Note(id) => json!([hit.attendance_id, "note", id]),
    };
    found.iter().map(one).collect()
}

fn acts(acted: Vec<Acted>) -> Value {
    let one = |row: Acted| json!([row.attendant_id, row.first_at, row.last_at, row.acts]);
    acted.into_iter().map(one).collect()
}

fn documents(rows: Vec<Document>) -> Value {
    let one = |row: Document| json!([row.kind, row.id, row.owner, row.version, row.due_at, row.data]);
    rows.into_iter().map(one).collect()
}

/// Reads what lies beside the talk.
pub(super) fn beside(s: &dyn Snapshot, note: &mut dyn FnMut(String, Value)) -> Result<(), Error> {
    for id in ATTENDANCES.map(AttendanceId::from_raw) {
        for eyes in [ANA, BRUNO] {
            note(format!("seen {id} {eyes}"), value(s.seen(id, eyes)?));
        }
        note(format!("acted {id}"), acts(s.acted(id)?));
    }
    for id in [1, 2, 3].map(ContactId::from_raw) {
        note(format!("history {id}"), value(s.history(id, None, 9)?));
        note(format!("history {id} after 4"), value(s.history(id, Some(AttendanceId::from_raw(4)), 1)?));
    }
    for id in MESSAGES {
        note(format!("note {id}"), value(s.note(NoteId::from_raw(id + 100))?));
    }
    for kind in KINDS {
        let word = kind.word();
        for id in OTHERS {
            note(format!("document {word} {id}"), documents(s.document(kind, id)?.into_iter().collect()));
        }
        note(format!("documents {word}"), documents(s.documents(kind, None, None, 9)?));
        for owner in OWNERS {
            note(format!("documents {word} of {owner}"), documents(s.documents(kind, Some(owner), Some(2), 2)?));
        }
        for now in instants() {
            note(format!("documents_due {word} {now}"), documents(s.documents_due(kind, now, 3)?));
        }
    }
    for now in instants() {
        note(format!("snoozes_over {now}"), value(s.snoozes_over(now, 3)?));
    }
    for eyes in [ANA, BRUNO] {
        let unseen = InboxQuery { eyes: Some(eyes), unseen: true, ..InboxQuery::of(Sight::Everything, 1) };
        note(format!("inbox, unseen by {eyes}"), inbox(paged(s, &unseen)?));
    }
    for question in QUESTIONS {
        let query = entries(question);
        let found = s.entries_with(&query)?;
        assert_eq!(all_hits(s, &EntryQuery { limit: 2, ..query })?, found, "pages of what has \"{question}\" add up");
        note(format!("entries_with {question}"), hits(&found));
        note(format!("contacts_with {question}"), value(s.contacts_with(&words(question))?));
        for (index, query) in questions().into_iter().enumerate() {
            let seen = s.contacts_seen_with(&words(question), &query.sight, 3)?;
            note(format!("contacts_seen_with {question}, sight {index}"), value(seen));
        }
    }
    for (index, query) in questions().into_iter().enumerate() {
        note(format!("counts {index}"), value(s.counts(&query)?));
        note(format!("trash_size {index}"), value(s.trash_size(&query.sight, query.from, query.until)?));
    }
    Ok(())
}

/// The law of the side bar: every number is that of the rows over all pages.
pub(super) fn lawful(s: &dyn Snapshot, query: &CountQuery) -> Result<Counts, Error> {
    let counts = s.counts(query)?;
    assert_eq!(counts, by_pages(s, query)?, "the numbers are those of the rows over all pages: {query:?}");
    let trash = s.trash_size(&query.sight, query.from, query.until)?;
    assert_eq!(trash, trash_by_pages(s, query)?, "the size of the trash is that of its pages: {query:?}");
    Ok(counts)
}

/// The numbers that are compared after every step.
pub(super) fn questions() -> Vec<CountQuery> {
    let any = MarkerFilter::default;
    let markers = [
        MarkerFilter { unseen: true, phases: vec![Phase::InConversation, Phase::Finished], ..any() },
        MarkerFilter { assignees: vec![ANA], unassigned: true, tags: [TagId::from_raw(1)].into(), ..any() },
    ];
    let markers: Vec<_> = (1..).map(MarkerId::from_raw).zip(markers).collect();
    let desk = |attendant_id, whole: &[_], unassigned: &[_]| {
        let (whole, unassigned) = (whole.to_vec(), unassigned.to_vec());
        Sight::Desk(DeskSight { attendant_id, whole, unassigned, trash: false })
    };
    let all = CountQuery { sight: Sight::Everything, eyes: Some(ANA), from: None, until: None, markers };
    vec![
        CountQuery { sight: desk(ANA, &[], &[SALES]), from: Some(sample::at(10)), ..all.clone() },
        CountQuery {
            sight: desk(BRUNO, &[SALES], &[SUPPORT]),
            eyes: Some(BRUNO),
            until: Some(sample::at(20)),
            ..all.clone()
        },
        CountQuery { eyes: None, from: Some(sample::at(0)), until: Some(sample::at(30)), ..all.clone() },
        all,
    ]
}

/// Random markers.
pub(super) fn marker() -> impl Strategy<Value = MarkerFilter> {
    fn some<T: Clone + std::fmt::Debug + 'static>(all: Vec<T>) -> impl Strategy<Value = Vec<T>> {
        let most = all.len();
        prop_oneof![3 => Just(Vec::new()), 1 => proptest::sample::subsequence(all, 1..=most)]
    }
    let lists = (
        some(vec![Phase::Created, Phase::AwaitingContact, Phase::InConversation, Phase::Finished]),
        some(vec![SALES, SUPPORT]),
        some(vec![ANA, BRUNO, CARLA]),
        some(vec![CHANNEL, OTHER_CHANNEL]),
        some(vec![StatusId::from_raw(1), StatusId::from_raw(2)]),
        some(vec![2, 3].into_iter().map(guiche_core::id::AttendanceTypeId::from_raw).collect()),
        some(vec![TagId::from_raw(1), TagId::from_raw(2)]),
    );
    let flags = (proptest::bool::weighted(0.2), proptest::bool::weighted(0.2));
    (lists, flags).prop_map(|((phases, departments, assignees, channels, statuses, types, tags), flags)| {
        let (unassigned, unseen) = flags;
        let tags = tags.into_iter().collect();
        MarkerFilter { phases, departments, assignees, unassigned, channels, statuses, types, tags, unseen }
    })
}

/// Random eyes.
pub(super) fn eyes() -> impl Strategy<Value = Option<AttendantId>> {
    proptest::sample::select(vec![None, Some(ANA), Some(ANA), Some(BRUNO)])
}

/// Random searches.
pub(super) fn search() -> impl Strategy<Value = EntryQuery> {
    let text = proptest::sample::select(QUESTIONS.to_vec());
    let attendance = proptest::option::of(ATTENDANCES.prop_map(AttendanceId::from_raw));
    (text, any::<bool>(), any::<bool>(), attendance, 1..4_u32).prop_map(
        |(text, messages, notes, attendance_id, limit)| EntryQuery {
            messages,
            notes,
            attendance_id,
            limit,
            ..entries(text)
        },
    )
}

/// What a search finds, over all pages.
pub(super) fn searched(s: &dyn Snapshot, query: &EntryQuery) -> Result<Value, Error> {
    Ok(hits(&all_hits(s, query)?))
}
