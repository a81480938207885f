//! Every verb of a desk: what it takes, what it needs, and what it answers when nothing of that stands in the way.

use std::collections::{BTreeMap, BTreeSet};

use guiche_core::attendance::{Disposition, RestoreAs};
use guiche_core::content::Content;
use guiche_core::draft::SaveDraft;
use guiche_core::error::Error;
use guiche_core::export::ExportFilter;
use guiche_core::gallery::{GalleryFilter, GalleryKind, GalleryPick};
use guiche_core::id::{AttendanceTypeId, ContactId, NoteId, StatusId, TagId, TemplateId};
use guiche_core::inbox::InboxFilter;
use guiche_core::lifecycle::{CreateAttendance, Transfer};
use guiche_core::link::LinkRecord;
use guiche_core::marker::{CreateMarker, MarkerFilter};
use guiche_core::module::LinkKind;
use guiche_core::note::{EditNote, WriteNote};
use guiche_core::people::CreateContact;
use guiche_core::permission::Permission::{self, self as P};
use guiche_core::search::SearchFilter;
use guiche_core::sending::DoubtVerdict;
use guiche_core::task::{CreateTask, UpdateTask};
use guiche_core::template::TemplateParameters;
use guiche_core::ticket::{TicketOrigin, TicketRequest};
use guiche_core::transcript::TranscriptOptions;
use guiche_testkit::sample::{BRUNO, CHANNEL, OTHER_CHANNEL, SALES, SUPPORT, at};

use super::world::{Caller, Relation, World};

/// What a verb takes, and so for whom that exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Of {
    /// Nothing that may be hidden.
    Account,
    /// The attendance, or something that lies in it: for those who see the attendance.
    Attendance,
    /// The contact, or something of theirs: for those who see an attendance of them.
    Contact,
    /// The contact alone: for those who see an attendance of them, and for those who may begin one with anybody.
    AnyContact,
}

/// How far a permission goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// As far as the role's holder sees.
    Seen,
    /// As far as they stand close enough to the attendance.
    Related,
}

/// One verb.
pub(crate) struct Verb {
    /// The operation, as the API names it. Several rows may try one.
    pub(crate) name: &'static str,
    pub(crate) of: Of,
    pub(crate) needs: Option<(Permission, Reach)>,
    /// The code that it answers when it may be done; empty when it is done.
    pub(crate) then: fn(Caller, Relation) -> &'static str,
    pub(crate) run: fn(&World) -> Result<(), Error>,
}

type Then = fn(Caller, Relation) -> &'static str;
type Run = fn(&World) -> Result<(), Error>;

/// It is done.
const DONE: Then = |_, _| "";
/// Not in the trash.
const IN_CENTRAL: Then = |_, relation| if relation.in_trash() { "attendance_trashed" } else { "" };

/// Looks at something of an attendance.
const fn look(name: &'static str, run: Run) -> Verb {
    Verb { name, of: Of::Attendance, needs: None, then: DONE, run }
}

/// Does something to an attendance.
const fn act(name: &'static str, needs: Permission, then: Then, run: Run) -> Verb {
    Verb { name, of: Of::Attendance, needs: Some((needs, Reach::Related)), then, run }
}

/// Something about a contact, or of theirs.
const fn about(name: &'static str, of: Of, needs: Option<Permission>, run: Run) -> Verb {
    let needs = match needs {
        Some(permission) => Some((permission, Reach::Seen)),
        None => None,
    };
    Verb { name, of, needs, then: DONE, run }
}

/// Something of the account.
const fn account(name: &'static str, needs: Option<Permission>, run: Run) -> Verb {
    about(name, Of::Account, needs, run)
}

fn task_of(contact_id: ContactId) -> CreateTask {
    CreateTask { contact_id, title: "ligar".to_owned(), due: None, owner_id: None, done: None, external_key: None }
}

fn link_of(world: &World, in_attendance: bool) -> LinkRecord {
    LinkRecord {
        contact_id: world.contact,
        attendance_id: in_attendance.then_some(world.attendance),
        kind: LinkKind::SaleProcess,
        number: "77".to_owned(),
        module: "vendas".to_owned(),
        url: None,
    }
}

fn ticket() -> TicketRequest {
    TicketRequest {
        origin: TicketOrigin::Group { members: vec!["Bloco A".to_owned()] },
        reason: "Vazamento".to_owned(),
        subject: "Água no teto".to_owned(),
        category: None,
        priority: None,
        description: None,
    }
}

fn marker(shared: bool) -> CreateMarker {
    let filter = MarkerFilter { unassigned: true, ..MarkerFilter::default() };
    CreateMarker { name: "novo".to_owned(), filter, shared }
}

fn edit(note_id: NoteId) -> EditNote {
    EditNote { note_id, text: "ligar hoje".to_owned(), mentions: Vec::new(), links: Vec::new() }
}

const TEMPLATE: TemplateId = TemplateId::from_raw(1);

/// Every verb. What takes markers, canned replies and gallery items is tried on each sort of them besides.
pub(crate) const VERBS: &[Verb] = &[
    // The life of an attendance.
    act(
        "claim",
        P::Claim,
        |_, relation| match relation {
            Relation::Own | Relation::OwnElsewhere => "nothing_to_do",
            Relation::Colleagues => "already_claimed",
            relation if relation.in_trash() => "attendance_trashed",
            _ => "",
        },
        |w| w.desk.claim(w.attendance).map(drop),
    ),
    act(
        "assign",
        P::Assign,
        |caller, relation| {
            if relation == Relation::Colleagues { "nothing_to_do" } else { IN_CENTRAL(caller, relation) }
        },
        |w| w.desk.assign(w.attendance, Some(BRUNO), None).map(drop),
    ),
    act("transfer", P::Transfer, IN_CENTRAL, |w| {
        // To the other one, wherever it is.
        let move_to = |department_id| {
            let attendance_id = w.attendance;
            let to = Transfer { attendance_id, department_id, assignee_id: None, note: None, version: None };
            w.desk.transfer(&to).map(drop)
        };
        move_to(SUPPORT).or_else(|error| if error.code() == "nothing_to_do" { move_to(SALES) } else { Err(error) })
    }),
    act("set_status", P::Classify, DONE, |w| w.desk.set_status(w.attendance, Some(StatusId::from_raw(1))).map(drop)),
    act("set_type", P::Classify, DONE, |w| {
        w.desk.set_type(w.attendance, Some(AttendanceTypeId::from_raw(1))).map(drop)
    }),
    act("change_tags", P::Classify, DONE, |w| w.desk.change_tags(w.attendance, [TagId::from_raw(1)], []).map(drop)),
    act("set_recipient_name", P::Rename, DONE, |w| w.desk.set_recipient_name(w.attendance, Some("Maria")).map(drop)),
    act("write_note", P::Note, DONE, |w| w.desk.write_note(&WriteNote::new(w.attendance, "ligar")).map(drop)),
    act("edit_note", P::Note, DONE, |w| w.desk.edit_note(&edit(w.note)).map(drop)),
    act(
        "edit_note",
        P::Note,
        |caller, relation| match caller {
            Caller::Admin => "",
            Caller::Supervisor if !relation.elsewhere() => "",
            _ => "not_the_author",
        },
        |w| w.desk.edit_note(&edit(w.other_note)).map(drop),
    ),
    act("finish", P::Finish, IN_CENTRAL, |w| w.desk.finish(w.attendance, Disposition::Keep).map(drop)),
    act(
        "trash",
        P::Trash,
        |_, relation| if relation.in_trash() { "nothing_to_do" } else { "" },
        |w| w.desk.trash(w.attendance).map(drop),
    ),
    act("restore", P::Restore, DONE, |w| w.desk.restore(w.attendance, RestoreAs::ItWas).map(drop)),
    act("snooze", P::Classify, IN_CENTRAL, |w| w.desk.snooze(w.attendance, Some(at(7_200))).map(drop)),
    act("unsnooze", P::Classify, IN_CENTRAL, |w| w.desk.unsnooze(w.attendance).map(drop)),
    act("enable_ticket", P::OpenTickets, DONE, |w| w.desk.enable_ticket(w.attendance).map(drop)),
    act("open_ticket", P::OpenTickets, DONE, |w| w.desk.open_ticket(w.attendance, &ticket()).map(drop)),
    // Talking.
    act("preview_template", P::Send, DONE, |w| {
        w.desk.preview_template(w.attendance, TEMPLATE, &TemplateParameters::default()).map(drop)
    }),
    act("send_template", P::Send, IN_CENTRAL, |w| {
        w.desk.send_template(w.attendance, TEMPLATE, TemplateParameters::default()).map(drop)
    }),
    act("send_text", P::Send, IN_CENTRAL, |w| w.desk.send_text(w.attendance, "oi").map(drop)),
    act("send", P::Send, IN_CENTRAL, |w| {
        let content = Content::Text { body: "oi".to_owned(), preview_url: false };
        w.desk.send(w.attendance, content, Some(w.message)).map(drop)
    }),
    act("send_gallery_items", P::Send, IN_CENTRAL, |w| {
        w.desk.send_gallery_items(w.attendance, &[GalleryPick { item_id: w.item, caption: None }]).map(drop)
    }),
    act("react", P::Send, IN_CENTRAL, |w| w.desk.react(w.message, Some("👍")).map(drop)),
    act("mark_read", P::Send, DONE, |w| w.desk.mark_read(w.message, false)),
    act("retry", P::Send, IN_CENTRAL, |w| w.desk.retry(w.held).map(drop)),
    act("discard", P::Send, DONE, |w| w.desk.discard(w.held).map(drop)),
    act("replace_with_template", P::Send, IN_CENTRAL, |w| {
        w.desk.replace_with_template(w.held, TEMPLATE, TemplateParameters::default()).map(drop)
    }),
    act("settle_doubt", P::Send, DONE, |w| w.desk.settle_doubt(w.doubtful, DoubtVerdict::Arrived).map(drop)),
    // Looking at an attendance.
    look("attendance", |w| w.desk.attendance(w.attendance).map(drop)),
    look("window", |w| w.desk.window(w.attendance).map(drop)),
    look("messages", |w| w.desk.messages(w.attendance, None, 10).map(drop)),
    look("message", |w| w.desk.message(w.message).map(drop)),
    look("timeline", |w| w.desk.timeline(w.attendance, None, 10).map(drop)),
    look("overview", |w| w.desk.overview(w.attendance).map(drop)),
    look("linked_records", |w| w.desk.linked_records(w.attendance).map(drop)),
    look("find_related", |w| w.desk.find_related(w.attendance, None, 10).map(drop)),
    look("transcript", |w| w.desk.transcript(w.attendance, &TranscriptOptions::default()).map(drop)),
    look("episode_times", |w| w.desk.episode_times(w.attendance).map(drop)),
    look("ticket", |w| w.desk.ticket(w.attendance).map(drop)),
    look("draft", |w| w.desk.draft(w.attendance).map(drop)),
    look("save_draft", |w| {
        let (attendance_id, text) = (w.attendance, "oi".to_owned());
        w.desk.save_draft(&SaveDraft { attendance_id, text, reply_to: None, gallery_items: Vec::new() }).map(drop)
    }),
    look("fill_canned_reply", |w| w.desk.fill_canned_reply(w.attendance, w.reply).map(drop)),
    look("search", |w| {
        let attendance_id = Some(w.attendance);
        w.desk.search(&SearchFilter { text: "bom".to_owned(), attendance_id, ..SearchFilter::default() }).map(drop)
    }),
    look("mark_seen", |w| w.desk.mark_seen(w.attendance, None).map(drop)),
    Verb { then: IN_CENTRAL, ..look("mark_unseen", |w| w.desk.mark_unseen(w.attendance).map(drop)) },
    look("fetch_file", |w| w.desk.fetch_file(w.unfetched).map(drop)),
    look("message_file", |w| w.desk.message_file(w.fetched).map(drop)),
    look("open_message_file", |w| w.desk.open_message_file(w.fetched).map(drop)),
    about("notes", Of::Attendance, Some(P::ReadNotes), |w| w.desk.notes(w.attendance, None, 10).map(drop)),
    // Contacts and what is theirs.
    about("contact", Of::AnyContact, None, |w| w.desk.contact(w.contact).map(drop)),
    about("set_email", Of::AnyContact, Some(P::ManageContacts), |w| {
        w.desk.set_email(w.contact, Some("ana@padaria.example")).map(drop)
    }),
    about("set_marketing", Of::AnyContact, Some(P::ManageContacts), |w| {
        w.desk.set_marketing(w.contact, false).map(drop)
    }),
    about("create_contact", Of::AnyContact, Some(P::ManageContacts), |w| {
        let further = CreateContact {
            channel_id: Some(CHANNEL),
            phone: Some("+55 11 91111-2222".to_owned()),
            contact_id: Some(w.contact),
            ..CreateContact::default()
        };
        w.desk.create_contact(&further).map(drop)
    }),
    about("create_attendance", Of::AnyContact, Some(P::Create), |w| {
        let command = CreateAttendance {
            contact_id: w.contact,
            channel_id: OTHER_CHANNEL,
            department_id: None,
            identity_id: None,
            assignee_id: None,
            attributes: BTreeMap::new(),
            tags: BTreeSet::new(),
        };
        w.desk.create_attendance(&command).map(drop)
    }),
    about("preview_merge", Of::Contact, Some(P::MergeContacts), |w| {
        w.desk.preview_merge(w.contact, w.stranger).map(drop)
    }),
    about("preview_merge", Of::Contact, Some(P::MergeContacts), |w| {
        w.desk.preview_merge(w.stranger, w.contact).map(drop)
    }),
    about("merge_contacts", Of::Contact, Some(P::MergeContacts), |w| {
        w.desk.merge_contacts(w.contact, w.stranger).map(drop)
    }),
    about("unmerge_contacts", Of::Contact, Some(P::MergeContacts), |w| w.desk.unmerge_contacts(w.merge).map(drop)),
    Verb {
        then: |_, _| "nothing_to_do",
        ..about("unmerge_contacts", Of::Contact, Some(P::MergeContacts), |w| {
            w.desk.unmerge_contacts(w.undone_merge).map(drop)
        })
    },
    about("merges", Of::Contact, Some(P::MergeContacts), |w| w.desk.merges(w.contact).map(drop)),
    about("similar_contacts", Of::Contact, Some(P::MergeContacts), |w| w.desk.similar_contacts(w.contact).map(drop)),
    about("create_task", Of::Contact, Some(P::ManageTasks), |w| w.desk.create_task(&task_of(w.contact)).map(drop)),
    about("update_task", Of::Contact, Some(P::ManageTasks), |w| {
        let (task_id, title) = (w.task, "escrever".to_owned());
        w.desk.update_task(&UpdateTask { task_id, title, due: None, owner_id: None, version: None }).map(drop)
    }),
    about("complete_task", Of::Contact, Some(P::ManageTasks), |w| w.desk.complete_task(w.task).map(drop)),
    about("reopen_task", Of::Contact, Some(P::ManageTasks), |w| w.desk.reopen_task(w.done_task).map(drop)),
    about("tasks", Of::Contact, None, |w| w.desk.tasks(w.contact).map(drop)),
    about("link_record", Of::Contact, Some(P::ManageContacts), |w| w.desk.link_record(&link_of(w, false)).map(drop)),
    Verb {
        needs: Some((P::ManageContacts, Reach::Related)),
        ..about("link_record", Of::Contact, None, |w| w.desk.link_record(&link_of(w, true)).map(drop))
    },
    about("unlink_record", Of::Contact, Some(P::ManageContacts), |w| w.desk.unlink_record(w.link).map(drop)),
    about("links", Of::Contact, None, |w| w.desk.links(w.contact).map(drop)),
    // Lists, which show what is seen: `sight.rs` proves that they do.
    account("inbox", None, |w| w.desk.inbox(&InboxFilter::default()).map(drop)),
    account("inbox_changes", None, |w| w.desk.inbox_changes(&InboxFilter::default(), 0).map(drop)),
    account("changes_since", None, |w| w.desk.changes_since(0, 10).map(drop)),
    account("search", None, |w| {
        w.desk.search(&SearchFilter { text: "bom".to_owned(), ..SearchFilter::default() }).map(drop)
    }),
    account("find_contacts", None, |w| w.desk.find_contacts("contact", 10).map(drop)),
    account("search_notes", Some(P::ReadNotes), |w| w.desk.search_notes("ligar", None, 10).map(drop)),
    account("mentions", Some(P::ReadNotes), |w| w.desk.mentions(0, 10).map(drop)),
    account("export_attendances", Some(P::Export), |w| {
        w.desk.export_attendances(&ExportFilter::default(), None, 10).map(drop)
    }),
    account("export_messages", Some(P::Export), |w| {
        w.desk.export_messages(&ExportFilter::default(), None, 10).map(drop)
    }),
    account("markers", None, |w| w.desk.markers().map(drop)),
    account("canned_replies", None, |w| w.desk.canned_replies(None).map(drop)),
    account("gallery_items", None, |w| w.desk.gallery_items(&GalleryFilter::default()).map(drop)),
    account("gallery_folders", None, |w| w.desk.gallery_folders(GalleryKind::Files).map(drop)),
    // The account's own.
    account("create_contact", Some(P::ManageContacts), |w| {
        let new = CreateContact {
            channel_id: Some(CHANNEL),
            phone: Some("+55 11 93333-4444".to_owned()),
            ..CreateContact::default()
        };
        w.desk.create_contact(&new).map(drop)
    }),
    account("create_marker", None, |w| w.desk.create_marker(&marker(false)).map(drop)),
    account("create_marker", Some(P::ManageMarkers), |w| w.desk.create_marker(&marker(true)).map(drop)),
    account("sendable_templates", None, |w| w.desk.sendable_templates(CHANNEL).map(drop)),
    account("fit", None, |w| w.desk.fit(&w.file, CHANNEL, None).map(drop)),
    account("department", None, |w| w.desk.department(SALES).map(drop)),
];

/// Verbs that are tried in `things.rs`, on markers, canned replies and gallery items of every sort.
pub(crate) const THINGS: &[&str] = &[
    "update_marker",
    "archive_marker",
    "put_canned_reply",
    "add_gallery_item",
    "replace_gallery_file",
    "update_gallery_item",
    "archive_gallery_item",
    "restore_gallery_item",
    "gallery_item",
    "gallery_file",
];

/// Verbs that tell nothing that anybody may not know.
pub(crate) const OPEN: &[&str] = &["attendant_id"];
