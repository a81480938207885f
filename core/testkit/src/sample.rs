//! Valid rows with plain defaults, for tests that care about one field: `Attendance { phase, ..attendance(1, 1) }`.
//!
//! The world they live in ([`world`]) is small: two channels, two departments, three attendants, and contacts 1 to 4
//! with identities of the same numbers. New rows have version 1.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use guiche_core::attendance::{Attendance, Disposition, Phase, Placement, Preview, SeenMark, Snooze, TrashDoor};
use guiche_core::channel::{Channel, ChannelKind};
use guiche_core::contact::{Contact, Handle, HandleKey, Identity};
use guiche_core::content::Content;
use guiche_core::delivery::{Delivery, DeliveryState, HeldReason, Progress, Receipts};
use guiche_core::document::{Document, DocumentKind};
use guiche_core::event::{Actor, EventKind};
use guiche_core::id::{
    AttendanceId, AttendanceTypeId, AttendantId, ChannelId, ContactId, DeliveryId, DepartmentId, IdentityId, MarkerId,
    MessageId, NoteId, QuarantineId, StatusId, TagId, TemplateId,
};
use guiche_core::inbound::{Handles, ReceiptStatus, StatusNotice};
use guiche_core::marker::{Marker, MarkerFilter};
use guiche_core::message::{Author, Message, Note};
use guiche_core::permission::{self, Role};
use guiche_core::setup::{
    Account, AttendanceType, Attendant, Department, Membership, ReopenPolicy, SetupRow, Status, Tag,
};
use guiche_core::store::{
    ChangeSet, ChannelState, KeptElement, NewEvent, Parked, ParkedFact, ParkedKey, RequestRecord, Row, Upload,
};
use guiche_core::template::{
    ParameterFormat, Template, TemplateDefinition, TemplateForm, TemplateStatus, TemplateTimes,
};
use guiche_core::time::Timestamp;
use guiche_core::window::Pair;

/// The instant around which samples lie: 2026-11-23T12:00:00Z.
pub const NOON: Timestamp = Timestamp::from_millis(1_795_435_200_000);
/// The channel of samples, on WhatsApp.
pub const CHANNEL: ChannelId = ChannelId::from_raw(1);
/// Another channel of the same account.
pub const OTHER_CHANNEL: ChannelId = ChannelId::from_raw(2);
/// The department of samples.
pub const SALES: DepartmentId = DepartmentId::from_raw(1);
/// Another department.
pub const SUPPORT: DepartmentId = DepartmentId::from_raw(2);
/// An attendant of [`SALES`].
pub const ANA: AttendantId = AttendantId::from_raw(1);
/// An attendant of both departments.
pub const BRUNO: AttendantId = AttendantId::from_raw(2);
/// Supervises [`SALES`].
pub const CARLA: AttendantId = AttendantId::from_raw(3);
/// The messaging account of the channels.
pub const WABA: &str = "waba-1";

/// `seconds` after [`NOON`], or before it.
#[must_use]
pub const fn at(seconds: i64) -> Timestamp {
    NOON.shifted(seconds * 1_000)
}

/// A channel.
#[must_use]
pub fn channel(id: ChannelId) -> Channel {
    Channel {
        id,
        kind: ChannelKind::WhatsApp,
        name: format!("Channel {id}"),
        number_id: format!("10000000{id}"),
        display_number: format!("55119999900{:02}", id.raw()),
        waba_id: WABA.to_owned(),
        portfolio_id: String::new(),
        default_department: SALES,
        rules: ChannelKind::WhatsApp.rules(),
    }
}

/// A department.
#[must_use]
pub fn department(id: DepartmentId) -> Department {
    Department {
        id,
        name: format!("Department {id}"),
        reopen: ReopenPolicy::default(),
        developments: BTreeSet::new(),
        archived: false,
    }
}

/// An attendant with the role of that name, in these departments.
#[must_use]
pub fn attendant(id: AttendantId, role: &str, departments: &[DepartmentId]) -> Attendant {
    let supervises = role == permission::SUPERVISOR;
    Attendant {
        id,
        name: format!("Attendant {id}"),
        login: format!("attendant-{id}"),
        role: role.to_owned(),
        departments: departments.iter().map(|id| Membership { department_id: *id, supervises }).collect(),
        available: true,
        archived: false,
    }
}

/// The set-up of the world: a row of every kind.
#[must_use]
pub fn setup() -> Vec<SetupRow> {
    let mut rows = vec![
        SetupRow::Account(Account { name: "Padaria Aurora".to_owned(), ..Account::default() }),
        SetupRow::Department(department(SALES)),
        SetupRow::Department(department(SUPPORT)),
        SetupRow::Channel(channel(CHANNEL)),
        SetupRow::Channel(channel(OTHER_CHANNEL)),
    ];
    rows.extend(Role::standard().map(SetupRow::Role));
    rows.push(SetupRow::Attendant(attendant(ANA, permission::ATTENDANT, &[SALES])));
    rows.push(SetupRow::Attendant(attendant(BRUNO, permission::ATTENDANT, &[SALES, SUPPORT])));
    rows.push(SetupRow::Attendant(attendant(CARLA, permission::SUPERVISOR, &[SALES])));
    for n in 1..=3 {
        let name = format!("Label {n}");
        let phase = Phase::InConversation;
        rows.push(SetupRow::Status(Status { id: StatusId::from_raw(n), name: name.clone(), phase, archived: false }));
        let id = AttendanceTypeId::from_raw(n);
        rows.push(SetupRow::AttendanceType(AttendanceType { id, name: name.clone(), archived: false }));
        rows.push(SetupRow::Tag(Tag { id: TagId::from_raw(n), name, archived: false }));
    }
    rows.push(SetupRow::Marker(marker(1)));
    rows
}

/// What every other sample refers to: the set-up, contacts 1 to 4 and their identities.
#[must_use]
pub fn world() -> Vec<Row> {
    let mut rows: Vec<Row> = setup().into_iter().map(Row::Setup).collect();
    for n in 1..=4 {
        rows.push(Row::Contact(contact(n)));
        rows.push(Row::Identity(identity(n)));
    }
    rows
}

/// A contact.
#[must_use]
pub fn contact(id: i64) -> Contact {
    Contact {
        id: ContactId::from_raw(id),
        version: 1,
        recipient_name: None,
        profile_name: Some(format!("Contact {id}")),
        profile_named_at: None,
        email: None,
        marketing_stopped_at: None,
        marketing_changed_at: None,
        merged_into: None,
        created_at: NOON,
        erased_at: None,
    }
}

/// The identity of the contact with the same number.
#[must_use]
pub fn identity(id: i64) -> Identity {
    Identity {
        id: IdentityId::from_raw(id),
        version: 1,
        contact_id: ContactId::from_raw(id),
        kind: ChannelKind::WhatsApp,
        scope: WABA.to_owned(),
        wa_id: Some(wa_id(id)),
        wa_id_confirmed: true,
        user_id: None,
        parent_user_id: None,
        username: None,
    }
}

/// The routing key of the identity with this number.
#[must_use]
pub fn wa_id(id: i64) -> String {
    format!("55119{:08}", 80_000_000 + id)
}

/// The phone-like handle of this value.
#[must_use]
pub fn handle(value: &str) -> Handle {
    Handle { kind: ChannelKind::WhatsApp, key: HandleKey::WaId, scope: String::new(), value: value.to_owned() }
}

/// The pair of [`CHANNEL`] and the contact's identity.
#[must_use]
pub fn pair(contact: i64) -> Pair {
    Pair { version: 1, ..Pair::new(CHANNEL, IdentityId::from_raw(contact), ContactId::from_raw(contact)) }
}

/// An open attendance in [`SALES`], over [`CHANNEL`], of nobody.
#[must_use]
pub fn attendance(id: i64, contact: i64) -> Attendance {
    Attendance {
        id: AttendanceId::from_raw(id),
        version: 1,
        channel_id: CHANNEL,
        contact_id: ContactId::from_raw(contact),
        identity_id: IdentityId::from_raw(contact),
        department_id: SALES,
        assignee_id: None,
        assigned_at: None,
        phase: Phase::InConversation,
        placement: Placement::Central,
        status_id: None,
        type_id: None,
        tags: BTreeSet::new(),
        attributes: BTreeMap::new(),
        previous_id: None,
        created_at: NOON,
        last_activity_at: NOON,
        last_inbound_at: None,
        finished_at: None,
        inbound: 0,
        snooze: None,
        entries: 0,
        newest_message_at: None,
        out_of_order: false,
        preview: Preview::default(),
    }
}

/// A finished attendance, still in the Central.
#[must_use]
pub fn finished(id: i64, contact: i64, finished_at: Timestamp) -> Attendance {
    Attendance { phase: Phase::Finished, finished_at: Some(finished_at), ..attendance(id, contact) }
}

/// In the trash, by the door of the same name.
#[must_use]
pub fn trash() -> Placement {
    Placement::Trash { door: TrashDoor::Trash, by: Some(ANA), at: NOON }
}

/// Put off by [`ANA`] until then, or until the contact writes.
#[must_use]
pub fn snooze(until: Option<Timestamp>) -> Snooze {
    Snooze { until, by: Some(ANA), at: NOON }
}

/// That the attendant has seen so many of the contact's messages and acts.
#[must_use]
pub fn seen(attendance: i64, attendant_id: AttendantId, inbound: u32) -> SeenMark {
    SeenMark { attendance_id: AttendanceId::from_raw(attendance), attendant_id, inbound, unseen: false }
}

/// A document of owner 1 for which there is nothing to do.
#[must_use]
pub fn document(kind: DocumentKind, id: i64) -> Document {
    Document { kind, id, owner: 1, version: 1, due_at: None, data: format!("{{\"id\":{id}}}") }
}

/// A marker that shows everything.
#[must_use]
pub fn marker(id: i64) -> Marker {
    Marker {
        id: MarkerId::from_raw(id),
        name: format!("Marker {id}"),
        supplied: None,
        owner_id: None,
        filter: MarkerFilter::default(),
        archived: false,
    }
}

/// A message of the contact, at the position with its own number.
#[must_use]
pub fn message(id: i64, attendance: i64) -> Message {
    Message {
        id: MessageId::from_raw(id),
        attendance_id: AttendanceId::from_raw(attendance),
        position: position(id),
        channel_id: CHANNEL,
        at: NOON,
        recorded_at: NOON,
        author: Author::Contact,
        content: text("bom dia"),
        wamid: Some(wamid(id)),
        reply_to: None,
        forwarded: false,
        late: false,
        referral: None,
        reactions: Vec::new(),
        edited_at: None,
        revoked_at: None,
        delivery_id: None,
    }
}

/// A message of ours, which has no id on the platform.
#[must_use]
pub fn reply(id: i64, attendance: i64) -> Message {
    Message { author: Author::Attendant { id: ANA }, wamid: None, ..message(id, attendance) }
}

/// The platform's id of the message or delivery with this number.
#[must_use]
pub fn wamid(id: i64) -> String {
    format!("wamid.{id:06}")
}

/// Free text.
#[must_use]
pub fn text(body: &str) -> Content {
    Content::Text { body: body.to_owned(), preview_url: false }
}

/// A note, at the position with its own number.
#[must_use]
pub fn note(id: i64, attendance: i64) -> Note {
    Note {
        id: NoteId::from_raw(id),
        attendance_id: AttendanceId::from_raw(attendance),
        position: position(id),
        at: NOON,
        author_id: Some(ANA),
        text: "ligar amanhã".to_owned(),
        mentions: Vec::new(),
        links: Vec::new(),
        edits: Vec::new(),
    }
}

/// A queued delivery to contact 1, due at [`NOON`], at the place in its queue with its own number. Its message has the
/// same number.
#[must_use]
pub fn delivery(id: i64, attendance: i64) -> Delivery {
    Delivery {
        id: DeliveryId::from_raw(id),
        version: 1,
        message_id: MessageId::from_raw(id),
        attendance_id: AttendanceId::from_raw(attendance),
        channel_id: CHANNEL,
        contact_id: ContactId::from_raw(1),
        identity_id: IdentityId::from_raw(1),
        state: DeliveryState::Queued,
        queue_order: id,
        attempts: 0,
        due_at: NOON,
        wamid: None,
        last_error: None,
        receipts: Receipts::default(),
        created_at: NOON,
    }
}

/// In flight until then.
#[must_use]
pub fn in_flight(lease_until: Timestamp) -> DeliveryState {
    DeliveryState::InFlight { lease_until }
}

/// In doubt, with a grace until then or without one.
#[must_use]
pub fn in_doubt(grace_until: Option<Timestamp>) -> DeliveryState {
    DeliveryState::InDoubt { since: NOON, grace_until }
}

/// Held because the window closed.
#[must_use]
pub fn held() -> DeliveryState {
    DeliveryState::Held { reason: HeldReason::WindowClosed }
}

/// Handed over.
#[must_use]
pub fn accepted() -> DeliveryState {
    DeliveryState::Settled { progress: Progress::Accepted }
}

/// An approved template without fields.
#[must_use]
pub fn template(id: i64) -> Template {
    Template {
        id: TemplateId::from_raw(id),
        waba_id: WABA.to_owned(),
        definition: TemplateDefinition {
            platform_id: format!("platform-{id}"),
            name: format!("template_{id}"),
            language: "pt_BR".to_owned(),
            status: TemplateStatus::Approved,
            category: "UTILITY".to_owned(),
            format: ParameterFormat::Positional,
            form: TemplateForm { body: "Olá!".to_owned(), ..TemplateForm::default() },
            quality: None,
            rejected_reason: None,
            auto_generated: false,
        },
        version: 1,
        reason: None,
        synced_at: NOON,
        previous: None,
        noticed: TemplateTimes::default(),
    }
}

/// A status notice that waits for its message, until a week from [`NOON`].
#[must_use]
pub fn parked(target: &str, fact: &str) -> Parked {
    Parked {
        key: ParkedKey { channel_id: CHANNEL, target: target.to_owned(), fact: fact.to_owned() },
        fact: ParkedFact::Status(StatusNotice {
            wamid: target.to_owned(),
            status: ReceiptStatus::Delivered,
            timestamp: NOON,
            recipient: Handles { wa_id: Some(wa_id(1)), ..Handles::default() },
            delivery_id: None,
            errors: Vec::new(),
            pricing: None,
            free_entry_until: None,
        }),
        parked_at: NOON,
        expires_at: Some(NOON + Duration::from_secs(7 * 24 * 60 * 60)),
    }
}

/// A kept element.
#[must_use]
pub fn kept(id: i64) -> KeptElement {
    KeptElement {
        id: QuarantineId::from_raw(id),
        key: format!("hash-{id}"),
        reason: "unknown_kind".to_owned(),
        quarantined: false,
        path: "entry[0].changes[0]".to_owned(),
        raw: "{\"type\":\"new\"}".to_owned(),
        at: NOON,
    }
}

/// A file that the platform holds for [`CHANNEL`] for an hour.
#[must_use]
pub fn upload(sha256: &str) -> Upload {
    Upload {
        channel_id: CHANNEL,
        sha256: sha256.to_owned(),
        mime_type: "image/png".to_owned(),
        media_id: "media-1".to_owned(),
        expires_at: at(3_600),
    }
}

/// A channel of which nothing is known.
#[must_use]
pub fn channel_state(channel_id: ChannelId) -> ChannelState {
    ChannelState {
        channel_id,
        version: 1,
        clock_offset_ms: None,
        stopped: None,
        probes: 0,
        templates_due: None,
        tokens_milli: 0,
        tokens_at: None,
    }
}

/// A request that was answered.
#[must_use]
pub fn request(id: &str) -> RequestRecord {
    RequestRecord { id: id.to_owned(), fingerprint: "f00d".to_owned(), outcome: "{\"ok\":true}".to_owned() }
}

/// Something that happened and is in no timeline.
#[must_use]
pub fn event() -> NewEvent {
    let kind = EventKind::RecipientRenamed { contact_id: ContactId::from_raw(1) };
    NewEvent { actor: None, attendance_id: None, position: None, kind }
}

/// An entry of an attendance's timeline.
#[must_use]
pub fn entry(attendance: i64, position: u32) -> NewEvent {
    let kind = EventKind::AttendanceFinished { disposition: Disposition::Keep };
    NewEvent { actor: None, attendance_id: Some(AttendanceId::from_raw(attendance)), position: Some(position), kind }
}

/// A change set of the host, at [`NOON`].
#[must_use]
pub fn changes(rows: Vec<Row>, events: Vec<NewEvent>) -> ChangeSet {
    ChangeSet { actor: Some(Actor::Host), at: NOON, rows, events, request: None }
}

fn position(id: i64) -> u32 {
    u32::try_from(id).unwrap_or(u32::MAX)
}
