//! A desk and one attendance that stands to it in a given way, with everything that an attendance can have around it.

use std::io::Cursor;
use std::sync::Arc;

use guiche_core::attendance::{Attendance, Placement};
use guiche_core::canned::{PutCannedReply, ReplyScope};
use guiche_core::channel::{Activity, ChannelKind};
use guiche_core::content::{Content, MediaContent, MediaKind};
use guiche_core::delivery::Delivery;
use guiche_core::desk::Desk;
use guiche_core::engine::{Engine, Platform};
use guiche_core::gallery::{AddGalleryItem, GalleryKind, GalleryScope};
use guiche_core::id::{
    AttendanceId, AttendantId, CannedReplyId, ContactId, DeliveryId, ExternalLinkId, GalleryItemId, IdentityId,
    MarkerId, MergeId, MessageId, NoteId, TaskId,
};
use guiche_core::link::LinkRecord;
use guiche_core::marker::{CreateMarker, MarkerFilter};
use guiche_core::media::MediaFile;
use guiche_core::memory::{MemoryMedia, MemoryStore};
use guiche_core::message::{Author, Message, Note};
use guiche_core::module::LinkKind;
use guiche_core::permission::{ADMIN, ATTENDANT, Permission, Role, SUPERVISOR};
use guiche_core::setup::{Account, Attendant, Department, Membership, SetupRow};
use guiche_core::store::{Row, Store};
use guiche_core::task::CreateTask;
use guiche_testkit::clock::{ManualClock, SeededJitter, SequenceIds};
use guiche_testkit::modules::ScriptedModules;
use guiche_testkit::sample::{self, BRUNO, NOON, SALES, SUPPORT, at};
use guiche_testkit::script::ScriptedPort;
use guiche_testkit::silent::Silent;

/// Whose desk it is.
pub(crate) const ME: AttendantId = AttendantId::from_raw(50);
/// An id that nothing has.
const NOBODY: i64 = 404_404;

/// Who acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Caller {
    /// An attendant of sales.
    Attendant,
    /// The same, where the account lets attendants look at their department.
    Onlooker,
    /// Supervises sales.
    Supervisor,
    /// Sees the account.
    Admin,
    /// Works in sales under a role with every permission but to see the account.
    Deputy,
    /// Works in sales under a role that manages contacts and begins no attendance.
    Clerk,
    /// Works in sales under a role with no permission at all.
    Nothing,
}

impl Caller {
    pub(crate) const ALL: [Caller; 7] = [
        Caller::Attendant,
        Caller::Onlooker,
        Caller::Supervisor,
        Caller::Admin,
        Caller::Deputy,
        Caller::Clerk,
        Caller::Nothing,
    ];

    fn role(self) -> &'static str {
        match self {
            Caller::Attendant | Caller::Onlooker => ATTENDANT,
            Caller::Supervisor => SUPERVISOR,
            Caller::Admin => ADMIN,
            Caller::Deputy => "deputy",
            Caller::Clerk => "clerk",
            Caller::Nothing => "nothing",
        }
    }
}

/// How the attendance stands to the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Relation {
    Own,
    OwnElsewhere,
    Nobodys,
    Colleagues,
    Elsewhere,
    OwnInTrash,
    NobodysInTrash,
    ColleaguesInTrash,
    ElsewhereInTrash,
    /// There is none of that id, nor anything else that is asked for.
    Unknown,
}

impl Relation {
    pub(crate) const ALL: [Relation; 10] = [
        Relation::Own,
        Relation::OwnElsewhere,
        Relation::Nobodys,
        Relation::Colleagues,
        Relation::Elsewhere,
        Relation::OwnInTrash,
        Relation::NobodysInTrash,
        Relation::ColleaguesInTrash,
        Relation::ElsewhereInTrash,
        Relation::Unknown,
    ];

    pub(crate) fn mine(self) -> bool {
        matches!(self, Relation::Own | Relation::OwnElsewhere | Relation::OwnInTrash)
    }

    pub(crate) fn nobodys(self) -> bool {
        self.assignee().is_none()
    }

    pub(crate) fn elsewhere(self) -> bool {
        matches!(self, Relation::OwnElsewhere | Relation::Elsewhere | Relation::ElsewhereInTrash)
    }

    pub(crate) fn in_trash(self) -> bool {
        use Relation as R;
        matches!(self, R::OwnInTrash | R::NobodysInTrash | R::ColleaguesInTrash | R::ElsewhereInTrash)
    }

    pub(crate) fn assignee(self) -> Option<AttendantId> {
        match self {
            Relation::Colleagues | Relation::ColleaguesInTrash => Some(BRUNO),
            relation if relation.mine() => Some(ME),
            _ => None,
        }
    }

    fn attendance(self) -> Attendance {
        Attendance {
            department_id: if self.elsewhere() { SUPPORT } else { SALES },
            assignee_id: self.assignee(),
            assigned_at: self.assignee().map(|_| NOON),
            placement: if self.in_trash() { sample::trash() } else { Placement::Central },
            snooze: Some(sample::snooze(None)),
            inbound: 3,
            // Beyond the positions of what lies in it.
            entries: 100,
            ..sample::attendance(1, 1)
        }
    }
}

/// The world of a case, with the ids of what lies in it; under [`Relation::Unknown`] they are nobody's.
pub(crate) struct World {
    pub(crate) engine: Engine,
    pub(crate) desk: Desk,
    pub(crate) file: MediaFile,
    pub(crate) attendance: AttendanceId,
    pub(crate) contact: ContactId,
    /// A contact of whom there is no attendance.
    pub(crate) stranger: ContactId,
    /// The contact's, with nothing special to it.
    pub(crate) message: MessageId,
    /// The contact's, with a file that is not here.
    pub(crate) unfetched: MessageId,
    /// The contact's, with a file that is here.
    pub(crate) fetched: MessageId,
    pub(crate) held: MessageId,
    pub(crate) doubtful: MessageId,
    /// Written by [`ME`].
    pub(crate) note: NoteId,
    /// Written by a colleague.
    pub(crate) other_note: NoteId,
    pub(crate) task: TaskId,
    pub(crate) done_task: TaskId,
    pub(crate) link: ExternalLinkId,
    pub(crate) merge: MergeId,
    pub(crate) undone_merge: MergeId,
    /// An item, a reply and a marker that everybody has.
    pub(crate) item: GalleryItemId,
    pub(crate) reply: CannedReplyId,
    pub(crate) things: Things,
}

/// What belongs to no attendance, by whose it is; the last of each is nobody's.
#[derive(Default)]
pub(crate) struct Things {
    pub(crate) markers: Vec<(Whose, MarkerId)>,
    pub(crate) replies: Vec<(Whose, CannedReplyId)>,
    pub(crate) items: Vec<(Whose, GalleryItemId)>,
}

/// Whose a marker, a canned reply or an item of a gallery is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Whose {
    Mine,
    AColleagues,
    MyDepartments,
    OtherDepartments,
    Everybodys,
    Unknown,
}

fn people(caller: Caller) -> Vec<Row> {
    let attendants_see_department = caller == Caller::Onlooker;
    let account = Account { name: "Padaria".to_owned(), attendants_see_department, ..Account::default() };
    let all_but = Permission::ALL.into_iter().filter(|permission| *permission != Permission::ViewAll);
    let membership = Membership { department_id: SALES, supervises: caller == Caller::Supervisor };
    let me = sample::attendant(ME, caller.role(), &[]);
    let torre = |id, key: &str| Department { developments: [key.to_owned()].into(), ..sample::department(id) };
    [
        SetupRow::Account(account),
        SetupRow::Department(torre(SALES, "torre-a")),
        SetupRow::Department(torre(SUPPORT, "torre-b")),
        SetupRow::Role(Role { name: "deputy".to_owned(), permissions: all_but.collect() }),
        SetupRow::Role(Role { name: "clerk".to_owned(), permissions: [Permission::ManageContacts].into() }),
        SetupRow::Role(Role { name: "nothing".to_owned(), permissions: [].into() }),
        SetupRow::Attendant(Attendant { departments: vec![membership], ..me }),
    ]
    .map(Row::Setup)
    .into()
}

/// The attendance with its messages and notes.
fn conversation(relation: Relation, file: &MediaFile) -> Vec<Row> {
    let missing = MediaContent { sha256: None, provider_id: Some("media-7".to_owned()), ..picture(file) };
    let theirs = [
        sample::message(1, 1),
        Message { content: Content::Media(missing), ..sample::message(2, 1) },
        Message { content: Content::Media(picture(file)), ..sample::message(3, 1) },
    ];
    let ours = [(11, sample::held()), (12, sample::in_doubt(None))];
    let mut rows = vec![Row::Attendance(relation.attendance())];
    let mut pair = sample::pair(1);
    pair.record(&ChannelKind::WhatsApp.rules(), Activity::Message, NOON);
    rows.push(Row::Pair(pair));
    rows.push(Row::Handle(sample::handle(&sample::wa_id(1)), IdentityId::from_raw(1)));
    rows.extend(theirs.map(Row::Message));
    for (id, state) in ours {
        let delivery_id = Some(DeliveryId::from_raw(id));
        let author = Author::Attendant { id: ME };
        rows.push(Row::Message(Message { delivery_id, author, ..sample::reply(id, 1) }));
        rows.push(Row::Delivery(Delivery { state, ..sample::delivery(id, 1) }));
    }
    for (id, author) in [(21, ME), (22, BRUNO)] {
        rows.push(Row::Note(Note { author_id: Some(author), ..sample::note(id, 1) }));
    }
    rows
}

fn picture(file: &MediaFile) -> MediaContent {
    file.content(MediaKind::Image, None)
}

impl World {
    pub(crate) fn new(caller: Caller, relation: Relation) -> Self {
        let store = MemoryStore::new();
        let port = Arc::new(ScriptedPort::new());
        let platform =
            Platform { messaging: port.clone(), decoder: Arc::new(Silent), templates: port.clone(), media: port };
        let (clock, ids) = (Arc::new(ManualClock::new(at(60))), Arc::new(SequenceIds::from(1_000_000)));
        let (jitter, files) = (Arc::new(SeededJitter::new(1)), Arc::new(MemoryMedia::new()));
        let store = Arc::new(store);
        let engine = Engine::builder(store.clone(), clock, ids, jitter, files)
            .platform(ChannelKind::WhatsApp, platform)
            .modules(Arc::new(ScriptedModules::new()))
            .build();
        let file = engine.store_media(&mut Cursor::new(b"\x89PNG\r\n\x1a\n rest"), "planta.png").unwrap();

        let mut rows = sample::world();
        rows.extend(people(caller));
        rows.push(Row::Template(sample::template(1)));
        rows.extend(conversation(relation, &file));
        store.write(&mut |unit| unit.apply(&sample::changes(rows.clone(), vec![sample::event()])).map(drop)).unwrap();

        let known = relation != Relation::Unknown;
        let id = |id: i64| if known { id } else { NOBODY };
        let desk = engine.desk(ME).unwrap();
        let host = engine.back_office();
        let contact = ContactId::from_raw(1);
        let task = |title: &str, done| {
            let task = CreateTask {
                contact_id: contact,
                title: title.to_owned(),
                due: None,
                owner_id: None,
                done: Some(done),
                external_key: None,
            };
            host.create_task(&task).unwrap().outcome.task.id.raw()
        };
        let (open_task, done_task) = (task("ligar", false), task("visitar", true));
        let link = LinkRecord {
            contact_id: contact,
            attendance_id: None,
            kind: LinkKind::Opportunity,
            number: "12".to_owned(),
            module: "vendas".to_owned(),
            url: None,
        };
        let link = host.link_record(&link).unwrap().outcome.id.raw();
        host.enable_ticket(AttendanceId::from_raw(1)).unwrap();
        let undone = host.merge_contacts(contact, ContactId::from_raw(4)).unwrap().outcome.id;
        host.unmerge_contacts(undone).unwrap();
        let merge = host.merge_contacts(contact, ContactId::from_raw(3)).unwrap().outcome.id.raw();
        let things = things(&engine, &file);
        Self {
            attendance: AttendanceId::from_raw(id(1)),
            contact: ContactId::from_raw(id(1)),
            stranger: ContactId::from_raw(2),
            message: MessageId::from_raw(id(1)),
            unfetched: MessageId::from_raw(id(2)),
            fetched: MessageId::from_raw(id(3)),
            held: MessageId::from_raw(id(11)),
            doubtful: MessageId::from_raw(id(12)),
            note: NoteId::from_raw(id(21)),
            other_note: NoteId::from_raw(id(22)),
            task: TaskId::from_raw(id(open_task)),
            done_task: TaskId::from_raw(id(done_task)),
            link: ExternalLinkId::from_raw(id(link)),
            merge: MergeId::from_raw(id(merge)),
            undone_merge: MergeId::from_raw(id(undone.raw())),
            item: things.items.iter().find(|(whose, _)| *whose == Whose::Everybodys).unwrap().1,
            reply: things.replies.iter().find(|(whose, _)| *whose == Whose::Everybodys).unwrap().1,
            things,
            engine,
            desk,
            file,
        }
    }
}

fn things(engine: &Engine, file: &MediaFile) -> Things {
    let host = engine.back_office();
    let colleague = engine.desk(BRUNO).unwrap();
    let mine = engine.desk(ME).unwrap();
    let filter = MarkerFilter { unseen: true, ..MarkerFilter::default() };
    let marker = |desk: &Desk, name: &str| {
        let marker = CreateMarker { name: name.to_owned(), filter: filter.clone(), shared: false };
        desk.create_marker(&marker).unwrap().outcome.id
    };
    let reply = |desk: &Desk, scope, shortcut: &str| {
        let shortcut = shortcut.to_owned();
        let body = "Olá!".to_owned();
        let reply = PutCannedReply { id: None, scope, shortcut, body, gallery_item_id: None, archived: false };
        desk.put_canned_reply(&reply).unwrap().outcome.id
    };
    let item = |scope, name: &str| {
        let item = AddGalleryItem {
            gallery: GalleryKind::Files,
            scope,
            folder: String::new(),
            name: name.to_owned(),
            description: None,
            caption: None,
            file: file.clone(),
        };
        host.add_gallery_item(&item).unwrap().outcome.id
    };
    let development = |key: &str| GalleryScope::Development { key: key.to_owned() };
    Things {
        markers: vec![
            (Whose::Mine, marker(&mine, "meu")),
            (Whose::AColleagues, marker(&colleague, "dele")),
            (Whose::Everybodys, marker(&host, "de todos")),
            (Whose::Unknown, MarkerId::from_raw(NOBODY)),
        ],
        replies: vec![
            (Whose::Mine, reply(&mine, ReplyScope::Personal { attendant_id: ME }, "meu")),
            (Whose::AColleagues, reply(&colleague, ReplyScope::Personal { attendant_id: BRUNO }, "dele")),
            (Whose::MyDepartments, reply(&host, ReplyScope::Department { department_id: SALES }, "vendas")),
            (Whose::OtherDepartments, reply(&host, ReplyScope::Department { department_id: SUPPORT }, "suporte")),
            (Whose::Everybodys, reply(&host, ReplyScope::Account, "todos")),
            (Whose::Unknown, CannedReplyId::from_raw(NOBODY)),
        ],
        items: vec![
            (Whose::MyDepartments, item(GalleryScope::Department { department_id: SALES }, "a")),
            (Whose::OtherDepartments, item(GalleryScope::Department { department_id: SUPPORT }, "b")),
            (Whose::MyDepartments, item(development("torre-a"), "c")),
            (Whose::OtherDepartments, item(development("torre-b"), "d")),
            (Whose::Everybodys, item(GalleryScope::Account, "e")),
            (Whose::Unknown, GalleryItemId::from_raw(NOBODY)),
        ],
    }
}
