//! Every bound of what a caller or a contact may hand over, by its name: as much is taken, and one more is told its limit
//! and what was given, or is cut or kept aside where nobody could be told.

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use guiche_core::admin::{CreateAttendant, CreateChannel, CreateDepartment};
use guiche_core::canned::{PutCannedReply, ReplyScope};
use guiche_core::channel::{Activity, ChannelKind};
use guiche_core::content::{ContactCard, Content, Location, MediaContent, MediaKind};
use guiche_core::desk::Desk;
use guiche_core::draft::SaveDraft;
use guiche_core::engine::{Engine, Platform};
use guiche_core::erasure::PlaceHold;
use guiche_core::error::{Error, Problem, Refusal};
use guiche_core::export::ExportFilter;
use guiche_core::gallery::{AddGalleryItem, GalleryFilter, GalleryKind, GalleryPick, GalleryScope, UpdateGalleryItem};
use guiche_core::id::{
    AttendanceId, AttendantId, ChannelId, ContactId, DepartmentId, GalleryItemId, MarkerId, MessageId, NoteId, TagId,
};
use guiche_core::import::{ContactRow, ImportContacts};
use guiche_core::inbox::{Days, InboxFilter};
use guiche_core::ingest::{IngestReport, ItemOutcome};
use guiche_core::lifecycle::{CreateAttendance, Transfer};
use guiche_core::link::LinkRecord;
use guiche_core::marker::{CreateMarker, MarkerFilter};
use guiche_core::memory::{MemoryMedia, MemoryStore};
use guiche_core::module::LinkKind;
use guiche_core::note::{EditNote, WriteNote};
use guiche_core::people::CreateContact;
use guiche_core::permission::Role;
use guiche_core::search::SearchFilter;
use guiche_core::setup::{Account, Membership, SetupRow};
use guiche_core::store::{Row, Store};
use guiche_core::task::{CreateTask, UpdateTask};
use guiche_core::ticket::{TicketOrigin, TicketRequest};
use guiche_testkit::clock::{ManualClock, SeededJitter, SequenceIds};
use guiche_testkit::modules::ScriptedModules;
use guiche_testkit::sample::{self, ANA, CHANNEL, NOON, OTHER_CHANNEL, SALES, SUPPORT, at};
use guiche_testkit::scenario::{APP_SECRET, OPERATIONS, signature};
use guiche_testkit::script::ScriptedPort;
use guiche_whatsapp::webhook::CloudApiDecoder;
use serde_json::{Value, json};

/// A company with one open talk, number 1, whose window is open.
struct Office {
    engine: Engine,
    /// The host's, who is refused nothing but what is too much.
    desk: Desk,
}

const TALK: AttendanceId = AttendanceId::from_raw(1);
const CONTACT: ContactId = ContactId::from_raw(1);
const NOTE: NoteId = NoteId::from_raw(1);

impl Office {
    fn new() -> Self {
        Self::with(Vec::new(), 1)
    }

    fn with(rows: Vec<Row>, events: usize) -> Self {
        let store = Arc::new(MemoryStore::new());
        let mut pair = sample::pair(1);
        pair.record(&ChannelKind::WhatsApp.rules(), Activity::Message, NOON);
        let mut all = sample::world();
        all.extend([
            Row::Attendance(guiche_core::attendance::Attendance { entries: 10_000, ..sample::attendance(1, 1) }),
            Row::Pair(pair),
            Row::Message(sample::message(1, 1)),
            Row::Note(guiche_core::message::Note { position: 5_000, ..sample::note(1, 1) }),
        ]);
        all.extend(rows);
        let events = vec![sample::event(); events];
        store.write(&mut |unit| unit.apply(&sample::changes(all.clone(), events.clone())).map(drop)).unwrap();
        let port = Arc::new(ScriptedPort::new());
        let decoder = Arc::new(CloudApiDecoder::new([APP_SECRET]));
        let platform = Platform { messaging: port.clone(), decoder, templates: port.clone(), media: port };
        let (clock, ids) = (Arc::new(ManualClock::new(at(60))), Arc::new(SequenceIds::from(1_000_000)));
        let engine = Engine::builder(store, clock, ids, Arc::new(SeededJitter::new(1)), Arc::new(MemoryMedia::new()))
            .platform(ChannelKind::WhatsApp, platform)
            .modules(Arc::new(ScriptedModules::new()))
            .build();
        Self { desk: engine.back_office(), engine }
    }

    fn file(&self) -> guiche_core::media::MediaFile {
        self.engine.store_media(&mut &b"%PDF-1.4 plan"[..], "planta.pdf").unwrap()
    }

    fn item(&self, change: impl FnOnce(&mut AddGalleryItem)) -> Result<GalleryItemId, Error> {
        let mut item = AddGalleryItem {
            gallery: GalleryKind::Files,
            scope: GalleryScope::Account,
            folder: String::new(),
            name: "Planta".to_owned(),
            description: None,
            caption: None,
            file: self.file(),
        };
        change(&mut item);
        self.desk.add_gallery_item(&item).map(|done| done.outcome.id)
    }

    fn updated(&self, change: impl FnOnce(&mut UpdateGalleryItem)) -> Result<(), Error> {
        let item_id = self.item(|_| ()).unwrap();
        let (scope, folder, name, description, caption, version) = (None, None, None, None, None, None);
        let mut update = UpdateGalleryItem { item_id, scope, folder, name, description, caption, version };
        change(&mut update);
        self.desk.update_gallery_item(&update).map(drop)
    }

    fn begun(&self, change: impl FnOnce(&mut CreateAttendance)) -> Result<(), Error> {
        let mut command = CreateAttendance {
            contact_id: CONTACT,
            channel_id: OTHER_CHANNEL,
            department_id: None,
            identity_id: None,
            assignee_id: None,
            attributes: BTreeMap::new(),
            tags: BTreeSet::new(),
        };
        change(&mut command);
        self.desk.create_attendance(&command).map(drop)
    }

    fn asked(&self, change: impl FnOnce(&mut TicketRequest)) -> Result<(), Error> {
        self.desk.enable_ticket(TALK).unwrap();
        let mut request = TicketRequest {
            origin: TicketOrigin::Group { members: vec!["Bloco A".to_owned()] },
            reason: "Vazamento".to_owned(),
            subject: "Teto".to_owned(),
            category: None,
            priority: None,
            description: None,
        };
        change(&mut request);
        self.desk.open_ticket(TALK, &request).map(drop)
    }

    fn linked(&self, change: impl FnOnce(&mut LinkRecord)) -> Result<(), Error> {
        let mut link = LinkRecord {
            contact_id: CONTACT,
            attendance_id: None,
            kind: LinkKind::Opportunity,
            number: "1".to_owned(),
            module: "vendas".to_owned(),
            url: None,
        };
        change(&mut link);
        self.desk.link_record(&link).map(drop)
    }

    fn listed(&self, change: impl FnOnce(&mut InboxFilter)) -> Result<(), Error> {
        let mut filter = InboxFilter::default();
        change(&mut filter);
        self.desk.inbox(&filter).map(drop)
    }

    fn marked(&self, change: impl FnOnce(&mut CreateMarker)) -> Result<(), Error> {
        let filter = MarkerFilter { unseen: true, ..MarkerFilter::default() };
        let mut marker = CreateMarker { name: "Meu".to_owned(), filter, shared: false };
        change(&mut marker);
        self.desk.create_marker(&marker).map(drop)
    }

    fn channel(&self, change: impl FnOnce(&mut CreateChannel)) -> Result<(), Error> {
        let mut channel = CreateChannel {
            kind: ChannelKind::WhatsApp,
            name: "Outro".to_owned(),
            number_id: "777".to_owned(),
            display_number: String::new(),
            waba_id: String::new(),
            portfolio_id: String::new(),
            default_department: SALES,
            rules: None,
        };
        change(&mut channel);
        self.engine.admin().create_channel(&channel).map(drop)
    }

    fn hired(&self, change: impl FnOnce(&mut CreateAttendant)) -> Result<(), Error> {
        let (name, role) = ("Davi".to_owned(), "attendant".to_owned());
        let mut attendant = CreateAttendant { name, login: None, role, departments: Vec::new() };
        change(&mut attendant);
        self.engine.admin().create_attendant(&attendant).map(drop)
    }

    fn sent(&self, content: Content) -> Result<(), Error> {
        self.desk.send(TALK, content, None).map(drop)
    }

    fn sent_file(&self, change: impl FnOnce(&mut MediaContent)) -> Result<(), Error> {
        let mut media = self.file().content(MediaKind::Document, None);
        change(&mut media);
        self.sent(Content::Media(media))
    }

    fn sent_card(&self, change: impl FnOnce(&mut ContactCard)) -> Result<(), Error> {
        let mut card = ContactCard { name: "Ana".to_owned(), phones: Vec::new(), details: String::new() };
        change(&mut card);
        self.sent(Content::Contacts { cards: vec![card] })
    }

    fn ingest(&self, mut message: Value, profile: &Value) -> IngestReport {
        let channel = sample::channel(CHANNEL);
        message["timestamp"] = (NOON.as_millis() / 1_000).to_string().into();
        let body = json!({ "object": "whatsapp_business_account", "entry": [{ "id": channel.waba_id, "changes": [{
            "field": "messages",
            "value": {
                "metadata": { "phone_number_id": channel.number_id, "display_phone_number": channel.display_number },
                "contacts": [profile],
                "messages": [message],
            },
        }] }] })
        .to_string();
        let sign = signature(APP_SECRET, body.as_bytes());
        self.engine.ingest(ChannelKind::WhatsApp, body.as_bytes(), Some(&sign)).unwrap()
    }
}

fn text(length: usize) -> String {
    "x".repeat(length)
}

/// As many ids as asked for, of which none may exist.
fn ids<T, C: FromIterator<T>>(count: usize, id: fn(i64) -> T) -> C {
    (500_000..).take(count).map(id).collect()
}

/// What is bounded, by the operation and the field; the limit; how it is tried with so much.
type Bound = (&'static str, usize, fn(&Office, usize) -> Result<(), Error>);

/// Texts, in characters.
const TEXTS: &[Bound] = &[
    ("a request's id", 200, |o, n| o.desk.request(text(n)).trash(TALK).map(drop)),
    ("a request's id of the set-up", 200, |o, n| o.engine.admin().request(text(n)).create_tag("VIP").map(drop)),
    ("create_contact name", 120, |o, n| {
        let (phone, name) = (Some("+55 11 91111-2222".to_owned()), Some(text(n)));
        o.desk.create_contact(&CreateContact { phone, name, ..CreateContact::default() }).map(drop)
    }),
    ("create_contact user_id", 160, |o, n| {
        o.desk.create_contact(&CreateContact { user_id: Some(text(n)), ..CreateContact::default() }).map(drop)
    }),
    ("create_contact email", 254, |o, n| {
        let (phone, email) = (Some("+55 11 91111-2222".to_owned()), Some(text(n)));
        o.desk.create_contact(&CreateContact { phone, email, ..CreateContact::default() }).map(drop)
    }),
    ("set_email email", 254, |o, n| o.desk.set_email(CONTACT, Some(&text(n))).map(drop)),
    ("create_attendance attribute name", 60, |o, n| o.begun(|c| drop(c.attributes.insert(text(n), String::new())))),
    ("create_attendance attribute", 1_000, |o, n| o.begun(|c| drop(c.attributes.insert("medium".to_owned(), text(n))))),
    ("transfer note", 10_000, |o, n| {
        let (department_id, note) = (SUPPORT, Some(text(n)));
        o.desk
            .transfer(&Transfer { attendance_id: TALK, department_id, assignee_id: None, note, version: None })
            .map(drop)
    }),
    ("set_recipient_name name", 120, |o, n| o.desk.set_recipient_name(TALK, Some(&text(n))).map(drop)),
    ("write_note text", 10_000, |o, n| o.desk.write_note(&WriteNote::new(TALK, text(n))).map(drop)),
    ("edit_note text", 10_000, |o, n| {
        let note = EditNote { note_id: NOTE, text: text(n), mentions: Vec::new(), links: Vec::new() };
        o.desk.edit_note(&note).map(drop)
    }),
    ("send filename", 255, |o, n| o.sent_file(|file| file.filename = Some(text(n)))),
    ("send caption", 1_024, |o, n| o.sent_file(|file| file.caption = Some(text(n)))),
    ("send declared type", 255, |o, n| o.sent_file(|file| file.declared_type = Some(text(n)))),
    ("send provider id", 512, |o, n| o.sent_file(|file| (file.sha256, file.provider_id) = (None, Some(text(n))))),
    ("send place name", 1_000, |o, n| {
        let place = Location { latitude: 1.0, longitude: 1.0, name: Some(text(n)), address: None };
        o.sent(Content::Location(place))
    }),
    ("send place address", 1_000, |o, n| {
        let place = Location { latitude: 1.0, longitude: 1.0, name: None, address: Some(text(n)) };
        o.sent(Content::Location(place))
    }),
    ("send card name", 1_000, |o, n| o.sent_card(|card| card.name = text(n))),
    ("send card phone", 1_000, |o, n| o.sent_card(|card| card.phones = vec![text(n)])),
    ("send card details", 65_536, |o, n| {
        o.sent_card(|card| card.details = format!("{{\"note\":\"{}\"}}", text(n - "{\"note\":\"\"}".len())))
    }),
    ("add_gallery_item name", 120, |o, n| o.item(|item| item.name = text(n)).map(drop)),
    ("add_gallery_item description", 1_000, |o, n| o.item(|item| item.description = Some(text(n))).map(drop)),
    ("add_gallery_item caption", 1_024, |o, n| o.item(|item| item.caption = Some(text(n))).map(drop)),
    ("add_gallery_item folder", 240, |o, n| o.item(|item| item.folder = text(n)).map(drop)),
    ("add_gallery_item development", 120, |o, n| {
        o.item(|item| item.scope = GalleryScope::Development { key: text(n) }).map(drop)
    }),
    ("update_gallery_item name", 120, |o, n| o.updated(|item| item.name = Some(text(n)))),
    ("update_gallery_item description", 1_000, |o, n| o.updated(|item| item.description = Some(text(n)))),
    ("update_gallery_item caption", 1_024, |o, n| o.updated(|item| item.caption = Some(text(n)))),
    ("update_gallery_item folder", 240, |o, n| o.updated(|item| item.folder = Some(text(n)))),
    ("gallery_items text", 200, |o, n| {
        o.desk.gallery_items(&GalleryFilter { text: Some(text(n)), ..GalleryFilter::default() }).map(drop)
    }),
    ("gallery_items folder", 240, |o, n| {
        o.desk.gallery_items(&GalleryFilter { folder: Some(text(n)), ..GalleryFilter::default() }).map(drop)
    }),
    ("create_task title", 200, |o, n| o.desk.create_task(&CreateTask { title: text(n), ..task() }).map(drop)),
    ("create_task external_key", 200, |o, n| {
        o.desk.create_task(&CreateTask { external_key: Some(text(n)), ..task() }).map(drop)
    }),
    ("update_task title", 200, |o, n| {
        let task_id = o.desk.create_task(&task()).unwrap().outcome.task.id;
        o.desk.update_task(&UpdateTask { task_id, title: text(n), due: None, owner_id: None, version: None }).map(drop)
    }),
    ("link_record kind", 60, |o, n| o.linked(|link| link.kind = LinkKind::Other(text(n)))),
    ("link_record number", 60, |o, n| o.linked(|link| link.number = text(n))),
    ("link_record module", 60, |o, n| o.linked(|link| link.module = text(n))),
    ("open_ticket reason", 120, |o, n| o.asked(|ticket| ticket.reason = text(n))),
    ("open_ticket subject", 200, |o, n| o.asked(|ticket| ticket.subject = text(n))),
    ("open_ticket category", 120, |o, n| o.asked(|ticket| ticket.category = Some(text(n)))),
    ("open_ticket description", 10_000, |o, n| o.asked(|ticket| ticket.description = Some(text(n)))),
    ("inbox text", 200, |o, n| o.listed(|filter| filter.text = Some(text(n)))),
    ("search text", 200, |o, n| o.desk.search(&SearchFilter { text: text(n), ..SearchFilter::default() }).map(drop)),
    ("search_notes text", 200, |o, n| o.desk.search_notes(&text(n), None, 10).map(drop)),
    ("find_related text", 200, |o, n| o.desk.find_related(TALK, Some(&text(n)), 10).map(drop)),
    ("find_contacts text", 200, |o, n| o.desk.find_contacts(&text(n), 10).map(drop)),
    ("canned_replies text", 200, |o, n| o.desk.canned_replies(Some(&text(n))).map(drop)),
    ("put_canned_reply shortcut", 40, |o, n| o.desk.put_canned_reply(&reply(&text(n), "Oi")).map(drop)),
    ("put_canned_reply body", 4_096, |o, n| o.desk.put_canned_reply(&reply("oi", &text(n))).map(drop)),
    ("save_draft text", 65_536, |o, n| o.desk.save_draft(&SaveDraft { text: text(n), ..draft() }).map(drop)),
    ("create_marker name", 80, |o, n| o.marked(|marker| marker.name = text(n))),
    // The set-up.
    ("set_account name", 120, |o, n| {
        o.engine.admin().set_account(&Account { name: text(n), ..Account::default() }).map(drop)
    }),
    ("create_channel name", 120, |o, n| o.channel(|channel| channel.name = text(n))),
    ("create_channel number_id", 120, |o, n| o.channel(|channel| channel.number_id = text(n))),
    ("create_channel display_number", 120, |o, n| o.channel(|channel| channel.display_number = text(n))),
    ("create_channel waba_id", 120, |o, n| o.channel(|channel| channel.waba_id = text(n))),
    ("create_channel portfolio_id", 120, |o, n| o.channel(|channel| channel.portfolio_id = text(n))),
    ("create_department name", 120, |o, n| {
        o.engine.admin().create_department(&CreateDepartment { name: text(n), ..department() }).map(drop)
    }),
    ("create_department development", 120, |o, n| {
        let developments = [text(n)].into();
        o.engine.admin().create_department(&CreateDepartment { developments, ..department() }).map(drop)
    }),
    ("create_attendant name", 120, |o, n| o.hired(|attendant| attendant.name = text(n))),
    ("create_attendant login", 120, |o, n| o.hired(|attendant| attendant.login = Some(text(n)))),
    ("create_status name", 80, |o, n| {
        o.engine.admin().create_status(&text(n), guiche_core::attendance::Phase::Created).map(drop)
    }),
    ("create_attendance_type name", 80, |o, n| o.engine.admin().create_attendance_type(&text(n)).map(drop)),
    ("create_tag name", 80, |o, n| o.engine.admin().create_tag(&text(n)).map(drop)),
    ("update_setup account", 120, |o, n| {
        update(o, &SetupRow::Account(Account { name: text(n), ..Account::default() }))
    }),
    ("update_setup channel", 120, |o, n| {
        update(o, &SetupRow::Channel(guiche_core::channel::Channel { name: text(n), ..sample::channel(CHANNEL) }))
    }),
    ("update_setup department", 120, |o, n| {
        update(o, &SetupRow::Department(guiche_core::setup::Department { name: text(n), ..sample::department(SALES) }))
    }),
    ("update_setup attendant", 120, |o, n| {
        let row = sample::attendant(ANA, "attendant", &[SALES]);
        update(o, &SetupRow::Attendant(guiche_core::setup::Attendant { name: text(n), ..row }))
    }),
    ("update_setup role", 80, |o, n| update(o, &SetupRow::Role(Role { name: text(n), permissions: BTreeSet::new() }))),
    ("update_setup tag", 80, |o, n| {
        let (id, name) = (TagId::from_raw(1), text(n));
        update(o, &SetupRow::Tag(guiche_core::setup::Tag { id, name, archived: false }))
    }),
    ("update_setup marker", 80, |o, n| {
        let filter = MarkerFilter { unseen: true, ..MarkerFilter::default() };
        update(o, &SetupRow::Marker(guiche_core::marker::Marker { name: text(n), filter, ..sample::marker(1) }))
    }),
    ("place_hold ground", 500, |o, n| {
        let ground = text(n);
        o.engine.admin().place_hold(&PlaceHold { contact_id: CONTACT, attendance_id: None, ground, by: None }).map(drop)
    }),
];

/// How many of something.
const LISTS: &[Bound] = &[
    ("create_attendance attributes", 50, |o, n| {
        o.begun(|c| c.attributes = (0..n).map(|n| (n.to_string(), String::new())).collect())
    }),
    ("create_attendance tags", 100, |o, n| o.begun(|c| c.tags = ids(n, TagId::from_raw))),
    ("change_tags add", 100, |o, n| o.desk.change_tags(TALK, ids::<_, Vec<_>>(n, TagId::from_raw), []).map(drop)),
    ("change_tags remove", 100, |o, n| o.desk.change_tags(TALK, [], ids::<_, Vec<_>>(n, TagId::from_raw)).map(drop)),
    ("write_note mentions", 50, |o, n| {
        let mentions = ids(n, AttendantId::from_raw);
        o.desk.write_note(&WriteNote { mentions, ..WriteNote::new(TALK, "oi") }).map(drop)
    }),
    ("write_note links", 50, |o, n| {
        let links = ids(n, AttendanceId::from_raw);
        o.desk.write_note(&WriteNote { links, ..WriteNote::new(TALK, "oi") }).map(drop)
    }),
    ("edit_note again and again", 200, |o, n| {
        (0..n).try_for_each(|n| {
            let note = EditNote { note_id: NOTE, text: n.to_string(), mentions: Vec::new(), links: Vec::new() };
            o.desk.edit_note(&note).map(drop)
        })
    }),
    ("send cards", 257, |o, n| {
        let card = ContactCard { name: "Ana".to_owned(), phones: Vec::new(), details: String::new() };
        o.sent(Content::Contacts { cards: vec![card; n] })
    }),
    ("send card phones", 50, |o, n| o.sent_card(|card| card.phones = vec!["1".to_owned(); n])),
    ("send_gallery_items items", 30, |o, n| {
        let item_id = o.item(|_| ()).unwrap();
        o.desk.send_gallery_items(TALK, &vec![GalleryPick { item_id, caption: None }; n]).map(drop)
    }),
    ("replace_gallery_file again and again", 500, |o, n| {
        let id = o.item(|_| ()).unwrap();
        // The first file is a version, too.
        (1..n).try_for_each(|n| {
            let file = o.engine.store_media(&mut format!("%PDF-1.4 {n}").as_bytes(), "planta.pdf").unwrap();
            o.desk.replace_gallery_file(id, &file, None).map(drop)
        })
    }),
    ("open_ticket members", 200, |o, n| {
        o.asked(|ticket| ticket.origin = TicketOrigin::Group { members: vec!["Bloco A".to_owned(); n] })
    }),
    ("inbox phases", 100, |o, n| o.listed(|filter| filter.phases = vec![guiche_core::attendance::Phase::Created; n])),
    ("inbox platforms", 100, |o, n| o.listed(|filter| filter.platforms = vec![ChannelKind::Sms; n])),
    ("inbox assignees", 100, |o, n| o.listed(|filter| filter.assignees = ids(n, AttendantId::from_raw))),
    ("inbox channels", 100, |o, n| o.listed(|filter| filter.channels = ids(n, ChannelId::from_raw))),
    ("inbox tags", 100, |o, n| o.listed(|filter| filter.tags = ids(n, TagId::from_raw))),
    ("inbox markers", 100, |o, n| o.listed(|filter| filter.markers = ids(n, MarkerId::from_raw))),
    ("create_marker phases", 100, |o, n| {
        o.marked(|marker| marker.filter.phases = vec![guiche_core::attendance::Phase::Created; n])
    }),
    ("create_marker departments", 100, |o, n| {
        o.marked(|marker| marker.filter.departments = ids(n, DepartmentId::from_raw))
    }),
    ("create_marker assignees", 100, |o, n| o.marked(|marker| marker.filter.assignees = ids(n, AttendantId::from_raw))),
    ("create_marker channels", 100, |o, n| o.marked(|marker| marker.filter.channels = ids(n, ChannelId::from_raw))),
    ("create_marker tags", 100, |o, n| o.marked(|marker| marker.filter.tags = ids(n, TagId::from_raw))),
    ("save_draft gallery_items", 30, |o, n| {
        o.desk.save_draft(&SaveDraft { gallery_items: ids(n, GalleryItemId::from_raw), ..draft() }).map(drop)
    }),
    ("export_attendances departments", 100, |o, n| {
        let departments = ids(n, DepartmentId::from_raw);
        o.desk.export_attendances(&ExportFilter { departments, ..ExportFilter::default() }, None, 10).map(drop)
    }),
    ("export_messages departments", 100, |o, n| {
        let departments = ids(n, DepartmentId::from_raw);
        o.engine.export_messages(&ExportFilter { departments, ..ExportFilter::default() }, None, 10).map(drop)
    }),
    ("create_department developments", 1_000, |o, n| {
        let developments = (0..n).map(|n| n.to_string()).collect();
        o.engine.admin().create_department(&CreateDepartment { developments, ..department() }).map(drop)
    }),
    ("create_attendant departments", 100, |o, n| {
        let member = Membership { department_id: SALES, supervises: false };
        o.hired(|attendant| attendant.departments = vec![member; n])
    }),
    ("import_contacts rows", 5_000, |o, n| {
        let rows = vec![ContactRow::default(); n];
        o.engine.admin().import_contacts(&ImportContacts { channel_id: CHANNEL, rows, rehearsal: true }).map(drop)
    }),
];

fn update(office: &Office, row: &SetupRow) -> Result<(), Error> {
    office.engine.admin().update_setup(row).map(drop)
}

fn task() -> CreateTask {
    let (contact_id, title) = (CONTACT, "ligar".to_owned());
    CreateTask { contact_id, title, due: None, owner_id: None, done: None, external_key: None }
}

fn draft() -> SaveDraft {
    SaveDraft { attendance_id: TALK, text: String::new(), reply_to: None, gallery_items: Vec::new() }
}

fn department() -> CreateDepartment {
    CreateDepartment { name: "Obras".to_owned(), ..CreateDepartment::default() }
}

fn reply(shortcut: &str, body: &str) -> PutCannedReply {
    let (shortcut, body) = (shortcut.to_owned(), body.to_owned());
    PutCannedReply { id: None, scope: ReplyScope::Account, shortcut, body, gallery_item_id: None, archived: false }
}

/// Operations that take ids, numbers, instants and words of ours alone, or nothing.
const FIXED: &[&str] = &[
    "advance",
    "after_restore",
    "archive_gallery_item",
    "archive_marker",
    "assign",
    "attendance",
    "attendant_id",
    "changes_since",
    "channel_state",
    "claim",
    "close",
    "complete_task",
    "contact",
    "contacts",
    "deliveries_in",
    "department",
    "desk",
    "diff_templates",
    "diff_templates_with",
    "discard",
    "draft",
    "enable_ticket",
    "episode_times",
    "erasures",
    "fetch_file",
    "fetch_files",
    "fill_canned_reply",
    "finish",
    "gallery_file",
    "gallery_folders",
    "gallery_item",
    "head",
    "holds",
    "kept",
    "lift_hold",
    "linked_records",
    "links",
    "mark_read",
    "mark_seen",
    "mark_unseen",
    "markers",
    "mentions",
    "merge_contacts",
    "merges",
    "message",
    "message_file",
    "messages",
    "next_wakeup",
    "notes",
    "open_message_file",
    "overview",
    "preview_merge",
    "pump",
    "pump_modules",
    "reinterpret",
    "reopen_task",
    "restore",
    "restore_gallery_item",
    "resume_channel",
    "retry",
    "sendable_templates",
    "set_marketing",
    "set_status",
    "set_type",
    "settle_doubt",
    "setup",
    "similar_contacts",
    "snooze",
    "state_canonical",
    "state_digest",
    "subscribe",
    "sync_templates",
    "sync_templates_with",
    "tasks",
    "templates",
    "ticket",
    "timeline",
    "trash",
    "unlink_record",
    "unmerge_contacts",
    "unresolved",
    "unsnooze",
    "unsubscribe",
    "window",
];

/// Operations whose bounds are tried elsewhere, or that keep nothing of what they are given.
const ELSEWHERE: &[(&str, &str)] = &[
    ("send_text", "a_text_message_has_the_platforms_limit"),
    ("react", "one emoji: content/check/tests.rs"),
    ("send_template", "each field has the platform's limit: template/fill/tests.rs"),
    ("preview_template", "as send_template"),
    ("replace_with_template", "as send_template"),
    ("store_media", "100 MB: tests/memory.rs; its name is cut: fuzz.rs"),
    ("fit", "only judges"),
    ("update_marker", "the rule of create_marker"),
    ("inbox_changes", "the rule of inbox"),
    ("transcript", "only reads a zone's name"),
    ("apply_templates", "what the platform listed, by the host"),
    ("find_subject", "only compares"),
    ("plan_erasure", "only compares"),
    ("erase", "only compares"),
];

#[test]
fn every_operation_is_bounded_or_takes_nothing_that_grows() {
    let tried = TEXTS.iter().chain(LISTS).filter_map(|(name, ..)| name.split(' ').next());
    let elsewhere = ELSEWHERE.iter().map(|(name, _)| *name);
    let said: BTreeSet<&str> = tried.chain(elsewhere).chain(FIXED.iter().copied()).collect();
    let unsaid: Vec<_> =
        OPERATIONS.iter().map(|operation| operation.name).filter(|name| !said.contains(name)).collect();
    assert!(unsaid.is_empty(), "say here how much these take: {unsaid:?}");
}

/// What an error tells of a limit.
fn limit_told(error: &Error) -> Option<(&'static str, u32, u32)> {
    match error {
        Error::Invalid { problem: Problem::TooLong { limit, actual }, .. } => Some(("too_long", *limit, *actual)),
        Error::Invalid { problem: Problem::TooMany { limit, actual }, .. } => Some(("too_many", *limit, *actual)),
        _ => None,
    }
}

#[test]
fn as_much_as_the_limit_is_taken_and_one_more_is_told_it() {
    let mut wrong = Vec::new();
    for (code, bounds) in [("too_long", TEXTS), ("too_many", LISTS)] {
        for (name, limit, run) in bounds {
            let most = u32::try_from(*limit).unwrap();
            let within = run(&Office::new(), *limit);
            // What it names may not exist or be so already, which is another matter.
            if within.as_ref().is_err_and(|error| !["not_found", "nothing_to_do"].contains(&error.code())) {
                wrong.push(format!("{name}: {limit} answers {within:?}"));
            }
            let beyond = run(&Office::new(), limit + 1);
            let told = beyond.as_ref().err().and_then(limit_told);
            if told != Some((code, most, most + 1)) {
                wrong.push(format!("{name}: one more than {limit} answers {beyond:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_text_message_has_the_platforms_limit() {
    let office = Office::new();
    assert!(office.desk.send_text(TALK, &text(4_096)).is_ok());
    let refused = office.desk.send_text(TALK, &text(4_097)).unwrap_err();
    assert!(matches!(refused, Error::Refused(Refusal::TextTooLong { limit: 4_096, actual: 4_097 })), "{refused:?}");
}

/// Pages are cut, and whoever wants more asks for the next.
#[test]
fn no_page_is_larger_than_its_limit_whatever_is_asked_for() {
    let mut rows = Vec::new();
    for id in 10..1_300 {
        rows.push(Row::Contact(sample::contact(id)));
        rows.push(Row::Identity(sample::identity(id)));
        rows.push(Row::Attendance(sample::finished(id, id, NOON)));
        rows.push(Row::Kept(sample::kept(id)));
        rows.push(Row::Message(sample::message(id, 1)));
    }
    let office = Office::with(rows, 10_500);
    let (engine, desk, admin, all) = (&office.engine, &office.desk, office.engine.admin(), u32::MAX);
    let inbox = InboxFilter { days: Some(Days::Any), limit: Some(all), ..InboxFilter::default() };
    let search = SearchFilter { text: "bom dia".to_owned(), limit: Some(all), ..SearchFilter::default() };
    let export = ExportFilter::default();
    for (list, most, count) in [
        ("the host's feed", 10_000, engine.changes_since(0, all).unwrap().len()),
        ("contacts", 1_000, admin.contacts(None, all).unwrap().len()),
        ("kept", 1_000, admin.kept(None, all).unwrap().len()),
        ("the Central", 200, desk.inbox(&inbox).unwrap().cards.len()),
        ("messages", 500, desk.messages(TALK, None, all).unwrap().len()),
        ("search", 100, desk.search(&search).unwrap().entries.len()),
        ("find_contacts", 100, desk.find_contacts("contact", all).unwrap().len()),
        ("export_attendances", 1_000, desk.export_attendances(&export, None, all).unwrap().rows.len()),
        ("export_messages", 1_000, engine.export_messages(&export, None, all).unwrap().rows.len()),
    ] {
        assert_eq!(count, most, "{list}");
    }
    assert!(admin.unresolved(all).unwrap().len() <= 1_000);
    assert!(admin.deliveries_in("held", None, all).unwrap().len() <= 1_000);
    assert!(admin.erasures(None, all).unwrap().len() <= 1_000);
    assert!(admin.holds(None, all).unwrap().len() <= 1_000);
    assert!(desk.changes_since(0, all).unwrap().next <= 1_000);
}

fn hello(keys: &Value) -> Value {
    let mut message = json!({ "from": "5511912345678", "id": "wamid.A", "type": "text", "text": { "body": "oi" } });
    message.as_object_mut().unwrap().extend(keys.as_object().unwrap().clone());
    message
}

#[test]
fn what_a_contact_calls_themselves_or_a_file_is_cut() {
    for (length, kept) in [(120, 120), (121, 120), (100_000, 120)] {
        let office = Office::new();
        let profile = json!({ "wa_id": "5511912345678", "profile": { "name": text(length) } });
        let report = office.ingest(hello(&json!({})), &profile);
        assert_eq!(report.items[0].outcome, ItemOutcome::Stored);
        let contact = office.desk.attendance(report.items[0].attendance_id.unwrap()).unwrap().contact;
        assert_eq!(contact.profile_name.unwrap().len(), kept);
    }
    for (length, kept) in [(240, 240), (241, 240), (100_000, 240)] {
        let office = Office::new();
        let file =
            json!({ "id": "7", "mime_type": "application/pdf", "filename": text(length), "caption": "contrato" });
        let report = office.ingest(hello(&json!({ "type": "document", "document": file })), &json!({}));
        let message: MessageId = report.items[0].message_id.unwrap();
        let shown = office.desk.message(message).unwrap().message;
        let Content::Media(media) = shown.content else { panic!("a file") };
        assert_eq!((media.filename.unwrap().len(), media.caption.as_deref()), (kept, Some("contrato")));
    }
}

/// Nobody could be told that it is too much; so it is kept as it came, and comes into no list.
#[test]
fn an_element_that_is_larger_than_any_is_kept_aside_whole() {
    let id = |length: usize| format!("wamid.{}", text(length - 6));
    let body = |length: usize| hello(&json!({ "text": { "body": text(length) } }));
    let cases = [
        ("an id of 512", hello(&json!({ "id": id(512) })), true),
        ("an id of 513", hello(&json!({ "id": id(513) })), false),
        ("an answer to an id of 513", hello(&json!({ "context": { "id": id(513) } })), false),
        ("a sender of 513", hello(&json!({ "from": "5".repeat(513) })), false),
        ("a text within the limit", body(250_000), true),
        ("a text beyond the limit", body(270_000), false),
        (
            "a reaction to an id of 513",
            hello(&json!({ "type": "reaction", "reaction": { "message_id": id(513), "emoji": "👍" } })),
            false,
        ),
    ];
    for (name, message, taken) in cases {
        let office = Office::new();
        let before = office.engine.admin().contacts(None, 100).unwrap().len();
        let report = office.ingest(message.clone(), &json!({}));
        let [item] = &report.items[..] else { panic!("one element") };
        if taken {
            assert_eq!(item.outcome, ItemOutcome::Stored, "{name}: {item:?}");
            continue;
        }
        assert_eq!(item.outcome, ItemOutcome::Quarantined, "{name}: {item:?}");
        assert_eq!(item.reason.as_deref(), Some("too_large"), "{name}");
        assert_eq!(office.engine.admin().contacts(None, 100).unwrap().len(), before, "{name} is nobody's message");
        let kept = office.engine.admin().kept(None, 10).unwrap();
        assert!(kept[0].raw.contains(message["from"].as_str().unwrap()), "{name} is kept whole");
        assert_eq!(office.ingest(message, &json!({})).items[0].outcome, ItemOutcome::Duplicate, "{name} again");
    }
}
