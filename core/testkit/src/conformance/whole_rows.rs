//! Rows are read back as they were put: every field, filled and empty, of every kind.

use std::collections::BTreeMap;

use guiche_core::attendance::{Attendance, Disposition, Phase, Placement, Preview, RestoreAs, Snooze, TrashDoor};
use guiche_core::channel::Activity;
use guiche_core::contact::{Contact, Handle, HandleKey, Identity};
use guiche_core::content::Content;
use guiche_core::delivery::{Delivery, DeliveryState, HeldReason, Progress, Receipts};
use guiche_core::document::{Document, DocumentKind};
use guiche_core::event::EventKind;
use guiche_core::id::{
    AttendanceId, AttendanceTypeId, ContactId, DeliveryId, DepartmentId, IdentityId, MessageId, NoteId, QuarantineId,
    StatusId, TagId, TemplateId,
};
use guiche_core::inbound::{EchoMessage, ErrorClass, Handles, InboundMessage, PlatformError, TemplateChange};
use guiche_core::message::{Author, Message, Note, NoteEdit, Reaction};
use guiche_core::store::{KeptElement, NewEvent, Parked, ParkedFact, ProbeFinding, Row, Store};
use guiche_core::template::{
    ParameterFormat, Template, TemplateButton, TemplateButtonAction, TemplateCard, TemplateHeader, TemplateOffer,
    TemplateStatus, TemplateTimes,
};
use guiche_core::window::Pair;

use super::contents::contents;
use super::{MANY, all_events, apply, put, read, talks, world};
use crate::sample::{self, ANA, BRUNO, CHANNEL, SALES, SUPPORT, at};

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// Contacts.
pub fn a_contact_is_read_back_whole(store: &dyn Store) {
    let full = Contact {
        recipient_name: some("Zé"),
        profile_name: some("José 🙂"),
        profile_named_at: Some(at(1)),
        email: some("ze@example.com"),
        marketing_stopped_at: Some(at(2)),
        marketing_changed_at: Some(at(3)),
        merged_into: Some(ContactId::from_raw(2)),
        created_at: at(-4),
        erased_at: Some(at(4)),
        ..sample::contact(1)
    };
    let bare = Contact { profile_name: None, ..sample::contact(2) };
    put(store, [Row::Contact(full.clone()), Row::Contact(bare.clone())]);
    assert!(read(store, |s| s.contacts(None, MANY)) == [bare, full]);
}

/// Identities and their handles.
pub fn an_identity_is_read_back_whole(store: &dyn Store) {
    world(store);
    let full = Identity {
        contact_id: ContactId::from_raw(1),
        user_id: some("BR.123"),
        parent_user_id: some("BR.P.1"),
        username: some("ze"),
        scope: "portfolio".to_owned(),
        ..sample::identity(10)
    };
    let bare = Identity {
        contact_id: ContactId::from_raw(1),
        wa_id: None,
        wa_id_confirmed: false,
        scope: String::new(),
        ..sample::identity(11)
    };
    let handle = Handle { key: HandleKey::UserId, scope: "portfolio".to_owned(), ..sample::handle("BR.123") };
    put(store, [Row::Identity(full.clone()), Row::Handle(handle.clone(), full.id), Row::Identity(bare.clone())]);
    read(store, |s| {
        assert!(s.identity(IdentityId::from_raw(10))? == Some(full.clone()));
        assert!(s.identity(IdentityId::from_raw(11))? == Some(bare.clone()));
        assert!(s.identity_by_handle(&handle)? == Some(full.clone()));
        Ok(())
    });
}

/// Pairs.
pub fn a_pair_is_read_back_whole(store: &dyn Store) {
    talks(store);
    let full = Pair {
        attendance_id: Some(AttendanceId::from_raw(1)),
        opened_at: Some(at(1)),
        opened_by: Some(Activity::Message),
        uncertain_at: Some(at(2)),
        uncertain_by: Some(Activity::Reaction),
        closed_by_platform_at: Some(at(3)),
        check_at: Some(at(4)),
        warned_until: Some(at(5)),
        tokens_milli: -1_500,
        tokens_at: Some(at(6)),
        ..sample::pair(1)
    };
    put(store, [Row::Pair(full.clone()), Row::Pair(sample::pair(2))]);
    read(store, |s| {
        assert_eq!(s.pair(CHANNEL, IdentityId::from_raw(1))?, Some(full.clone()));
        assert_eq!(s.pair(CHANNEL, IdentityId::from_raw(2))?, Some(sample::pair(2)));
        assert_eq!(s.pairs_to_check(at(9), MANY)?, std::slice::from_ref(&full));
        Ok(())
    });
}

/// Attendances, in every phase and place.
pub fn an_attendance_is_read_back_whole(store: &dyn Store) {
    world(store);
    put(store, [Row::Attendance(sample::finished(1, 1, at(0)))]);
    let placement = Placement::Trash { door: TrashDoor::FinishArchive, by: None, at: at(9) };
    let full = Attendance {
        department_id: SUPPORT,
        assignee_id: Some(BRUNO),
        assigned_at: Some(at(1)),
        phase: Phase::Finished,
        placement,
        status_id: Some(StatusId::from_raw(1)),
        type_id: Some(AttendanceTypeId::from_raw(2)),
        tags: [TagId::from_raw(3), TagId::from_raw(1)].into(),
        attributes: BTreeMap::from([("origem".to_owned(), "anúncio".to_owned()), (String::new(), String::new())]),
        previous_id: Some(AttendanceId::from_raw(1)),
        created_at: at(2),
        last_activity_at: at(3),
        last_inbound_at: Some(at(4)),
        finished_at: Some(at(5)),
        inbound: 8,
        snooze: Some(Snooze { until: Some(at(10)), by: Some(ANA), at: at(11) }),
        entries: 6,
        newest_message_at: Some(at(7)),
        out_of_order: true,
        preview: Preview { kind: "image".to_owned(), text: "olha 🙂".to_owned(), from_contact: true },
        ..sample::attendance(2, 1)
    };
    put(store, [Row::Attendance(full.clone())]);
    let phases = [Phase::Created, Phase::AwaitingContact, Phase::InConversation, Phase::Finished];
    let places = [Placement::Central, sample::trash(), placement];
    let snoozed = |id, until, by| Attendance {
        snooze: Some(Snooze { until, by, at: at(-1) }),
        inbound: u32::MAX,
        ..sample::finished(id, 1, at(0))
    };
    let mut expected =
        vec![full, snoozed(3, None, None), snoozed(4, Some(at(-9)), None), snoozed(5, None, Some(BRUNO))];
    for phase in phases {
        for placement in places {
            let id = i64::try_from(expected.len()).expect("a small number") + 2;
            // One open one each: of the contacts 2 to 4.
            let open = expected.iter().filter(|row| row.is_open()).count();
            let contact = if placement.is_trash() || phase == Phase::Finished {
                1
            } else {
                i64::try_from(open).expect("a small number") + 2
            };
            expected.push(Attendance { phase, placement, ..sample::attendance(id, contact) });
        }
    }
    for row in expected {
        if row.id.raw() > 2 {
            put(store, [Row::Attendance(row.clone())]);
        }
        assert_eq!(read(store, |s| s.attendance(row.id)), Some(row));
    }
}

/// Messages, with every kind of content and author.
pub fn a_message_is_read_back_whole(store: &dyn Store) {
    talks(store);
    put(store, [Row::Message(sample::reply(99, 1)), Row::Delivery(sample::delivery(99, 1))]);
    let full = Message {
        at: at(1).shifted(1),
        recorded_at: at(2).shifted(999),
        author: Author::Platform,
        reply_to: some("wamid.0"),
        forwarded: true,
        late: true,
        referral: some("{\"source_id\":\"1\"}"),
        reactions: vec![
            Reaction { by: Author::Contact, emoji: "👍".to_owned(), at: at(3) },
            Reaction { by: Author::Attendant { id: ANA }, emoji: String::new(), at: at(4) },
        ],
        edited_at: Some(at(5)),
        revoked_at: Some(at(6)),
        delivery_id: Some(DeliveryId::from_raw(99)),
        ..sample::message(50, 1)
    };
    let mut messages = vec![full, sample::message(51, 1), sample::reply(52, 1)];
    for author in [Author::Host, Author::Device, Author::Contact] {
        let id = i64::try_from(messages.len()).expect("a small number") + 50;
        messages.push(Message { author, ..sample::reply(id, 1) });
    }
    for content in contents() {
        let id = i64::try_from(messages.len()).expect("a small number") + 50;
        messages.push(Message { content, ..sample::message(id, 1) });
    }
    for message in messages {
        put(store, [Row::Message(message.clone())]);
        let id = message.id;
        assert!(read(store, |s| s.message(id)) == Some(message), "message {id}");
    }
}

/// Notes.
pub fn a_note_is_read_back_whole(store: &dyn Store) {
    talks(store);
    let note = Note {
        id: NoteId::from_raw(7),
        attendance_id: AttendanceId::from_raw(1),
        position: 0,
        at: at(1).shifted(1),
        author_id: None,
        text: "a\n\"b\" 🙂".to_owned(),
        mentions: vec![BRUNO, ANA],
        links: vec![AttendanceId::from_raw(3), AttendanceId::from_raw(2)],
        edits: vec![
            NoteEdit { at: at(2).shifted(1), by: None, text: "a 'b' 🙂".to_owned() },
            NoteEdit { at: at(3), by: Some(BRUNO), text: String::new() },
        ],
    };
    put(store, [Row::Note(note.clone()), Row::Note(sample::note(8, 1))]);
    assert!(read(store, |s| s.notes(AttendanceId::from_raw(1), None, MANY)) == [sample::note(8, 1), note.clone()]);
    assert!(read(store, |s| s.note(note.id)) == Some(note));
}

/// Documents of every kind.
pub fn a_document_is_read_back_whole(store: &dyn Store) {
    for (kind, id) in DocumentKind::ALL.into_iter().zip(7..) {
        let full = Document {
            kind,
            id,
            owner: i64::MAX - id,
            version: 1,
            due_at: Some(at(id).shifted(1)),
            data: format!("{{\"{}\": \"a\\n'b' 🙂\", \"n\": 1.50}}", kind.word()),
        };
        let bare = Document { due_at: None, owner: 0, data: String::new(), version: 2, ..full.clone() };
        for row in [full, bare] {
            put(store, [Row::Document(row.clone())]);
            read(store, |s| {
                assert!(s.document(kind, id)? == Some(row.clone()), "{}", kind.word());
                assert!(s.documents(kind, Some(row.owner), None, MANY)? == [row.clone()]);
                let due = s.documents_due(kind, at(99), MANY)?;
                assert!(due == row.due_at.map(|_| row.clone()).into_iter().collect::<Vec<_>>());
                Ok(())
            });
        }
    }
}

/// Deliveries, in every state.
pub fn a_delivery_is_read_back_whole(store: &dyn Store) {
    talks(store);
    let error = PlatformError {
        code: 131_047,
        class: ErrorClass::WindowClosed,
        title: "Re-engagement".to_owned(),
        details: "24 h".to_owned(),
        http_status: 400,
        trace_id: some("A1"),
        wait_ms: Some(4_000),
    };
    let receipts = Receipts {
        accepted_at: Some(at(1)),
        paced_at: Some(at(2)),
        sent_at: Some(at(3)),
        delivered_at: Some(at(4)),
        read_at: Some(at(5)),
        played_at: Some(at(6)),
        failed_at: Some(at(7)),
        pricing: some("{\"billable\":true}"),
        free_entry_until: Some(at(8)),
    };
    let mut states = vec![
        DeliveryState::Queued,
        sample::in_flight(at(1)),
        sample::in_doubt(Some(at(2))),
        sample::in_doubt(None),
        DeliveryState::Replaced { by: MessageId::from_raw(1) },
        DeliveryState::Discarded,
    ];
    let reasons = [
        HeldReason::WindowClosed,
        HeldReason::AttendanceFinished,
        HeldReason::AttendanceTrashed,
        HeldReason::TemplateNotSendable,
        HeldReason::NoAddress,
        HeldReason::MediaMissing,
    ];
    states.extend(reasons.map(|reason| DeliveryState::Held { reason }));
    let progress = [
        Progress::Accepted,
        Progress::Paced,
        Progress::Sent,
        Progress::Failed,
        Progress::Delivered,
        Progress::Read,
        Progress::Played,
    ];
    states.extend(progress.map(|progress| DeliveryState::Settled { progress }));
    for (index, state) in states.into_iter().enumerate() {
        let id = i64::try_from(index).expect("a small number") + 1;
        let bare = Delivery { state, ..sample::delivery(id, 1) };
        put(store, [Row::Message(sample::reply(id, 1)), Row::Delivery(bare.clone())]);
        assert_eq!(read(store, |s| s.delivery(bare.id)), Some(bare.clone()));
        let full = Delivery {
            version: 2,
            queue_order: 1_000 + id,
            attempts: 3,
            due_at: at(9).shifted(1),
            wamid: Some(sample::wamid(id)),
            last_error: Some(error.clone()),
            receipts: receipts.clone(),
            created_at: at(-1),
            ..bare
        };
        put(store, [Row::Delivery(full.clone())]);
        assert_eq!(read(store, |s| s.delivery(full.id)), Some(full));
    }
}

/// Templates, with parts of every kind.
pub fn a_template_is_read_back_whole(store: &dyn Store) {
    let mut full = Template { version: 4, reason: some("FIRST_PAUSE"), synced_at: at(5), ..sample::template(1) };
    let definition = &mut full.definition;
    definition.status = TemplateStatus::Other("NEW_WORD".to_owned());
    definition.category = "MARKETING".to_owned();
    definition.format = ParameterFormat::Named;
    definition.quality = some("GREEN");
    definition.rejected_reason = some("NONE");
    definition.auto_generated = true;
    definition.form.header = Some(TemplateHeader::Text { text: "Oi {{nome}}".to_owned() });
    definition.form.footer = some("Aurora");
    let button = |action, text: &str| TemplateButton { action, text: text.to_owned() };
    definition.form.buttons = vec![
        button(TemplateButtonAction::QuickReply, "Sim"),
        button(TemplateButtonAction::Url { url: "https://example.com/{{1}}".to_owned() }, "Ver"),
        button(TemplateButtonAction::Other { word: "NEW".to_owned() }, ""),
    ];
    definition.form.cards = vec![TemplateCard { header: Some(TemplateHeader::Image), body: None, buttons: Vec::new() }];
    definition.form.offer = Some(TemplateOffer { text: "Só hoje".to_owned(), has_expiration: true });
    definition.form.unknown = vec!["{\"type\":\"NEW\"}".to_owned()];
    full.previous = Some(sample::template(1).definition);
    full.noticed = TemplateTimes { status: Some(at(6)), quality: None, category: Some(at(-7)) };
    put(store, [Row::Template(full.clone()), Row::Template(sample::template(2))]);
    assert_eq!(read(store, |s| s.template(TemplateId::from_raw(1))), Some(full));
    assert_eq!(read(store, |s| s.template(TemplateId::from_raw(2))), Some(sample::template(2)));
}

/// Parked facts of every sort, and kept elements.
pub fn parked_and_kept_are_read_back_whole(store: &dyn Store) {
    world(store);
    let message = InboundMessage {
        wamid: "wamid.7".to_owned(),
        sender: Handles { user_id: some("BR.1"), username: some("ze"), ..Handles::default() },
        timestamp: at(1),
        activity: Activity::Reaction,
        content: Content::Reaction { target: "wamid.1".to_owned(), emoji: "👍".to_owned() },
        reply_to: some("wamid.1"),
        forwarded: true,
        referral: some("{}"),
        group_id: some("g"),
        errors: Vec::new(),
    };
    let fact = ParkedFact::Message(Box::new(message));
    let parked = Parked { fact, parked_at: at(2), expires_at: None, ..sample::parked("wamid.1", "reaction") };
    let status = sample::parked("wamid.2", "delivered");
    let fact = ParkedFact::Echo(Box::new(EchoMessage {
        wamid: "wamid.8".to_owned(),
        recipient: Handles { wa_id: some("5511"), ..Handles::default() },
        timestamp: at(4),
        content: Content::Revoke { target: "wamid.3".to_owned() },
        standby: true,
    }));
    let echo = Parked { fact, parked_at: at(5), ..sample::parked("wamid.3", "wamid.8") };
    put(store, [Row::Parked(parked.clone()), Row::Parked(status.clone()), Row::Parked(echo.clone())]);
    assert_eq!(read(store, |s| s.unresolved(MANY)), [parked, status, echo]);
    let kept = KeptElement {
        id: QuarantineId::from_raw(5),
        key: "hash".to_owned(),
        reason: "wrong_type".to_owned(),
        quarantined: true,
        path: String::new(),
        raw: "não é JSON".to_owned(),
        at: at(3),
    };
    put(store, [Row::Kept(kept.clone())]);
    assert!(read(store, |s| s.kept(None, MANY)) == [kept]);
}

/// Events of many kinds.
pub fn an_event_is_read_back_whole(store: &dyn Store) {
    let contact_id = ContactId::from_raw(1);
    let (message_id, delivery_id) = (MessageId::from_raw(2), DeliveryId::from_raw(3));
    let (from, to) = (SALES, SUPPORT);
    let change = TemplateChange::Status { event: "PAUSED".to_owned(), reason: None, title: some("FIRST_PAUSE") };
    let kinds = vec![
        EventKind::SetupChanged { entity: "role".to_owned(), key: "admin".to_owned() },
        EventKind::DuplicateSuspected { contact_id, other_id: ContactId::from_raw(2) },
        EventKind::AttendanceCreated {
            contact_id,
            department_id: from,
            assignee_id: None,
            previous_id: Some(AttendanceId::from_raw(9)),
        },
        EventKind::AttendanceReopened { released: Some(ANA) },
        EventKind::AttendanceAssigned { department_id: SALES, from: None, to: Some(ANA) },
        EventKind::AttendanceTransferred { from, to, assignee_before: Some(ANA), assignee_id: None },
        EventKind::TagsChanged { added: vec![TagId::from_raw(1), TagId::from_raw(2)], removed: Vec::new() },
        EventKind::AttendanceFinished { disposition: Disposition::Archive },
        EventKind::AttendanceTrashed { door: TrashDoor::Trash },
        EventKind::AttendanceRestored { restored_as: RestoreAs::Finished },
        EventKind::NoteWritten { note_id: NoteId::from_raw(4), mentions: vec![ANA] },
        EventKind::MessageReceived { message_id, kind: "text".to_owned(), late: false, said_at: at(3) },
        EventKind::MessageQueued { message_id, delivery_id, kind: "image".to_owned(), said_at: at(3) },
        EventKind::DeliveryAccepted { delivery_id, paced: true },
        EventKind::DeliveryDelayed { delivery_id, due_at: at(1).shifted(1), code: "130429".to_owned() },
        EventKind::DeliveryHeld { delivery_id, reason: HeldReason::NoAddress },
        EventKind::ReceiptTaken { delivery_id, status: "read".to_owned(), shown: Progress::Read },
        EventKind::WindowOpened { channel_id: CHANNEL, contact_id, by: Activity::Message, until: at(86_400) },
        EventKind::TemplatesSynced { waba_id: "w".to_owned(), added: 1, changed: 2, vanished: 3 },
        EventKind::TemplateNoticed { template_id: TemplateId::from_raw(1), change },
        EventKind::ElementKept { kept_id: QuarantineId::from_raw(5), reason: "unknown_kind".to_owned() },
        EventKind::ChannelStopped { channel_id: CHANNEL, code: -1 },
        EventKind::ChannelProbed { channel_id: CHANNEL, finding: ProbeFinding::Blocked { code: None } },
    ];
    let events = kinds.iter().map(|kind| NewEvent { kind: kind.clone(), ..sample::event() }).collect();
    apply(store, Vec::new(), events);
    let read_back: Vec<_> = all_events(store).into_iter().map(|event| event.kind).collect();
    assert_eq!(read_back, kinds);
}

/// Ids and instants at the ends of what they can be.
pub fn large_ids_and_old_instants_are_kept(store: &dyn Store) {
    let far = Contact { id: ContactId::from_raw(i64::MAX - 1), created_at: at(-4_000_000_000), ..sample::contact(1) };
    put(store, [Row::Contact(far.clone())]);
    assert!(read(store, |s| s.contact(far.id)) == Some(far.clone()));
    assert!(read(store, |s| s.contacts(None, 1)) == [far]);
}

/// A department id that is no department's is the engine's affair: events carry it as it is.
pub fn an_event_may_name_what_is_gone(store: &dyn Store) {
    let gone = DepartmentId::from_raw(777);
    let kind = EventKind::AttendanceTransferred { from: gone, to: gone, assignee_before: None, assignee_id: None };
    apply(store, Vec::new(), vec![NewEvent { kind: kind.clone(), ..sample::event() }]);
    assert_eq!(all_events(store)[0].kind, kind);
}
