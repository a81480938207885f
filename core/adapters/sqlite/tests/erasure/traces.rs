//! Everything that a person can leave behind, put there by the API and by deliveries.

use std::collections::{BTreeMap, BTreeSet};

use guiche_core::attendance::Disposition;
use guiche_core::content::{Content, MediaContent, MediaKind};
use guiche_core::draft::SaveDraft;
use guiche_core::id::{AttendanceId, ContactId};
use guiche_core::inbound::{ErrorClass, PlatformError};
use guiche_core::inbox::InboxFilter;
use guiche_core::lifecycle::CreateAttendance;
use guiche_core::link::LinkRecord;
use guiche_core::module::LinkKind;
use guiche_core::note::{EditNote, WriteNote};
use guiche_core::people::CreateContact;
use guiche_core::port::SendAnswer;
use guiche_core::task::CreateTask;
use guiche_core::template::TemplateParameters;
use guiche_core::ticket::{TicketOrigin, TicketRequest};
use guiche_testkit::sample::{BRUNO, CHANNEL};
use guiche_testkit::script::ScriptedAnswer;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::office::{Office, Person, metadata};
use crate::scan::{Mark, mark};

/// Who is erased.
pub(crate) const ZULMIRA: Person =
    Person { name: "Zulmira Quixabeira", wa_id: "553188776655", user_id: "BR.99118822773366" };
/// Who writes with another number, and is the same.
pub(crate) const AGAIN: Person = Person { name: "Zuzuquixaba", wa_id: "5521977665544", user_id: "BR.88007711662255" };
/// Who is not.
pub(crate) const OTHER: Person =
    Person { name: "Bartolomeu Outro", wa_id: "551144332211", user_id: "BR.11223344556677" };

/// What was left, and by whom.
pub(crate) struct Left {
    pub(crate) contact: ContactId,
    pub(crate) attendance: AttendanceId,
    pub(crate) finished: AttendanceId,
    pub(crate) marks: Vec<Mark>,
    /// Of the other person: all of it has to stay.
    pub(crate) stays: Vec<Mark>,
    pub(crate) other: ContactId,
    pub(crate) other_attendance: AttendanceId,
}

/// Has Zulmira leave a trace in every place, and Bartolomeu beside her.
pub(crate) fn leave(office: &Office) -> Left {
    let mut marks = vec![
        mark("profile name", ZULMIRA.name),
        mark("number", ZULMIRA.wa_id),
        mark("number with the ninth digit", "5531988776655"),
        mark("national number", "31988776655"),
        mark("national number without the ninth digit", "3188776655"),
        mark("user id", ZULMIRA.user_id),
        mark("merged profile name", AGAIN.name),
        mark("merged number", AGAIN.wa_id),
        mark("merged user id", AGAIN.user_id),
    ];
    // Somebody else, before, between and after, so that pages are shared.
    let (other_attendance, _) = office.hears(&OTHER, text(OTHER.wamid(1), "bartofala de outra coisa"));
    office.desk().claim(other_attendance).expect("claimed");

    let finished = a_finished_talk(office, &mut marks);
    let attendance = words(office, &mut marks);
    files(office, attendance, &mut marks);
    beside(office, attendance, &mut marks);
    sendings(office, attendance, &mut marks);
    merged(office, attendance, &mut marks);
    strays(office, &mut marks);
    // Every id of hers begins so: the rest of it is nobody's.
    let id = ZULMIRA.wamid(0);
    marks.push(mark("message id", &id[..id.len() - 8]));
    marks.push(mark("a whole message id", ZULMIRA.wamid(2)));

    let stays = beside_bartolomeu(office, other_attendance);
    Left {
        contact: office.contact_of(attendance),
        attendance,
        finished,
        marks,
        stays,
        other: office.contact_of(other_attendance),
        other_attendance,
    }
}

fn text(id: String, body: &str) -> serde_json::Value {
    json!({ "id": id, "type": "text", "text": { "body": body } })
}

/// A first talk, over and in the trash; what was said in it was changed and dropped, which leaves remains in the file.
fn a_finished_talk(office: &Office, marks: &mut Vec<Mark>) -> AttendanceId {
    let (attendance, _) = office.hears(&ZULMIRA, text(ZULMIRA.wamid(1), "xilofala primeira"));
    marks.push(mark("message", "xilofala primeira"));
    let desk = office.desk();
    desk.claim(attendance).expect("claimed");
    for n in 0..30 {
        // Each is written over by the next: pages keep what stood there until something else does.
        let text = format!("rascunhovelho{n} {}", "bla ".repeat(80));
        let draft = SaveDraft { attendance_id: attendance, text, reply_to: None, gallery_items: Vec::new() };
        desk.save_draft(&draft).expect("kept");
    }
    marks.push(mark("a draft of before", "rascunhovelho29"));
    let empty = SaveDraft { attendance_id: attendance, text: String::new(), reply_to: None, gallery_items: Vec::new() };
    desk.save_draft(&empty).expect("dropped");
    desk.set_recipient_name(attendance, Some("Quiteriaxavantina Antiga")).expect("named");
    marks.push(mark("a name of before", "Quiteriaxavantina Antiga"));
    desk.set_recipient_name(attendance, Some("Dona Quixotilda")).expect("named");
    marks.push(mark("recipient name", "Dona Quixotilda"));
    desk.finish(attendance, Disposition::Archive).expect("finished");
    attendance
}

/// What is said in the second talk, in every kind.
fn words(office: &Office, marks: &mut Vec<Mark>) -> AttendanceId {
    let (attendance, first) = office.hears(&ZULMIRA, text(ZULMIRA.wamid(2), "xilofala segunda"));
    marks.push(mark("second message", "xilofala segunda"));
    office.desk().claim(attendance).expect("claimed");
    let hears = |value| office.hears(&ZULMIRA, value);
    hears(json!({
        "id": ZULMIRA.wamid(3),
        "type": "location",
        "location": { "latitude": -19.9, "longitude": -43.9, "name": "lugarxilo", "address": "Rua Xilogravura 1234567" },
    }));
    marks.extend([mark("place", "lugarxilo"), mark("address", "Rua Xilogravura 1234567")]);
    hears(json!({
        "id": ZULMIRA.wamid(4),
        "type": "contacts",
        "contacts": [{ "name": { "formatted_name": "Filhaxilo Quixaba" }, "phones": [{ "phone": "+55 31 97700-1122" }] }],
    }));
    marks.extend([mark("card", "Filhaxilo Quixaba"), mark("number on a card", "+55 31 97700-1122")]);
    hears(json!({
        "id": ZULMIRA.wamid(5),
        "type": "text",
        "text": { "body": "veio de anúncio" },
        "context": { "from": "551140000000", "id": ZULMIRA.wamid(2) },
        "referral": { "source_url": "https://anuncioxilo.example/7777777", "source_type": "ad", "headline": "manchetexilo" },
    }));
    marks.extend([mark("referral", "anuncioxilo.example"), mark("headline", "manchetexilo")]);
    // A kind that nobody knows keeps its place in the talk.
    hears(json!({ "id": ZULMIRA.wamid(6), "type": "hologram", "hologram": { "what": "holoxilografia" } }));
    marks.push(mark("unknown kind", "holoxilografia"));
    hears(json!({
        "id": ZULMIRA.wamid(7),
        "type": "reaction",
        "reaction": { "message_id": ZULMIRA.wamid(2), "emoji": "\u{1F41D}" },
    }));
    hears(json!({
        "id": ZULMIRA.wamid(8),
        "type": "edit",
        "edit": {
            "original_message_id": ZULMIRA.wamid(2),
            "message": { "type": "text", "text": { "body": "xilofala corrigida" } },
        },
    }));
    marks.push(mark("edited message", "xilofala corrigida"));
    let desk = office.desk();
    desk.mark_seen(attendance, None).expect("seen");
    desk.mark_read(first, false).expect("read");
    attendance
}

/// Files in both directions, one of which somebody else has as well.
fn files(office: &Office, attendance: AttendanceId, marks: &mut Vec<Mark>) {
    let jpeg = |name: &str| [b"\xff\xd8\xff\xe0\0\x10JFIF\0".as_slice(), name.as_bytes()].concat();
    let bytes = jpeg("pixelsxilograficos");
    office.port.hold_file("media-zulmira-777", "image/jpeg", bytes.clone());
    office.hears(
        &ZULMIRA,
        json!({
            "id": ZULMIRA.wamid(10),
            "type": "image",
            "image": { "id": "media-zulmira-777", "mime_type": "image/jpeg", "sha256": "", "caption": "legendaxilo" },
        }),
    );
    marks.extend([
        mark("picture", "pixelsxilograficos"),
        mark("name of the picture", hex::encode(Sha256::digest(&bytes))),
        mark("id of the picture on the platform", "media-zulmira-777"),
        mark("caption", "legendaxilo"),
    ]);
    // One that never comes, with its job.
    office.hears(
        &ZULMIRA,
        json!({
            "id": ZULMIRA.wamid(11),
            "type": "document",
            "document": { "id": "media-zulmira-888", "mime_type": "application/pdf", "filename": "exameszulmira.pdf" },
        }),
    );
    marks.extend([mark("id of a lost file", "media-zulmira-888"), mark("name of a lost file", "exameszulmira.pdf")]);
    let same = jpeg("memedetodos");
    for (person, serial, id) in [(&ZULMIRA, 12, "media-z-meme"), (&OTHER, 12, "media-o-meme")] {
        office.port.hold_file(id, "image/jpeg", same.clone());
        office.hears(
            person,
            json!({
                "id": person.wamid(serial),
                "type": "image",
                "image": { "id": id, "mime_type": "image/jpeg", "sha256": "" },
            }),
        );
    }
    let report = office.engine.fetch_files(10).expect("fetched");
    assert_eq!((report.fetched, report.delayed + report.failed), (3, 1), "{report:?}");
    // One that goes out to her.
    let pdf = b"%PDF-1.7\ncontratoxilografico".to_vec();
    let file = office.engine.store_media(&mut pdf.as_slice(), "contratozulmira.pdf").expect("stored");
    let content = Content::Media(MediaContent {
        kind: MediaKind::Document,
        sha256: Some(file.sha256.clone()),
        provider_id: None,
        provider_hash: None,
        mime_type: file.mime_type.clone(),
        size: Some(file.size),
        filename: Some("contratozulmira.pdf".to_owned()),
        caption: Some("segueocontratoxilo".to_owned()),
        animated: false,
        declared_type: None,
        gallery: None,
    });
    office.desk().request("press/zulmirapedido-file").send(attendance, content, None).expect("queued");
    marks.extend([
        mark("contract", "contratoxilografico"),
        mark("name of the contract", "contratozulmira.pdf"),
        mark("hash of the contract", file.sha256),
        mark("caption of the contract", "segueocontratoxilo"),
        mark("request id", "zulmirapedido-file"),
    ]);
}

/// Notes, tasks, links, tickets, drafts, e-mail, attributes.
fn beside(office: &Office, attendance: AttendanceId, marks: &mut Vec<Mark>) {
    let desk = office.desk().request("zulmirapedido-note");
    let note = WriteNote { mentions: vec![BRUNO], ..WriteNote::new(attendance, "anotaxilo antiga1") };
    let note = desk.write_note(&note).expect("written").outcome;
    let edit =
        EditNote { note_id: note.id, text: "anotaxilo mudada".to_owned(), mentions: Vec::new(), links: Vec::new() };
    office.desk().edit_note(&edit).expect("changed");
    marks.extend([
        mark("note of before", "anotaxilo antiga1"),
        mark("note", "anotaxilo mudada"),
        mark("request id of a note", "zulmirapedido-note"),
    ]);
    let contact_id = office.contact_of(attendance);
    let host = office.engine.back_office();
    host.set_email(contact_id, Some("Zulmira.Quixabeira@correioxilo.example")).expect("given");
    marks.push(mark("e-mail", "zulmira.quixabeira@correioxilo.example"));
    let task = CreateTask {
        contact_id,
        title: "tarefaxilo ligar".to_owned(),
        due: None,
        owner_id: None,
        done: None,
        external_key: Some("chavexilo-42".to_owned()),
    };
    host.create_task(&task).expect("made");
    marks.extend([mark("task", "tarefaxilo ligar"), mark("key of a task", "chavexilo-42")]);
    let link = LinkRecord {
        contact_id,
        attendance_id: Some(attendance),
        kind: LinkKind::Opportunity,
        number: "opvxilo-2026-77".to_owned(),
        module: "vendas".to_owned(),
        url: Some("https://vendas.example/opvxilo-pagina".to_owned()),
    };
    host.link_record(&link).expect("linked");
    marks.extend([mark("link", "opvxilo-2026-77"), mark("page of a link", "opvxilo-pagina")]);
    desk.request("ticket-1").enable_ticket(attendance).expect("enabled");
    let request = TicketRequest {
        origin: TicketOrigin::NoReference { name: "Nomexilo No Chamado".to_owned(), cpf: "987.654.321-00".to_owned() },
        reason: "vazamento".to_owned(),
        subject: "assuntoxilo do chamado".to_owned(),
        category: None,
        priority: None,
        description: Some("descricaoxilo longa".to_owned()),
    };
    host.open_ticket(attendance, &request).expect("queued");
    office.engine.pump_modules(10).expect("opened");
    marks.extend([
        mark("name on a ticket", "Nomexilo No Chamado"),
        mark("document number on a ticket", "987.654.321-00"),
        mark("subject of a ticket", "assuntoxilo do chamado"),
        mark("description of a ticket", "descricaoxilo longa"),
    ]);
    let draft = SaveDraft {
        attendance_id: attendance,
        text: "rascunhoxilo de agora".to_owned(),
        reply_to: None,
        gallery_items: Vec::new(),
    };
    office.desk().save_draft(&draft).expect("kept");
    marks.push(mark("draft", "rascunhoxilo de agora"));
}

/// What goes out: a template with her name in it, one that fails with an error that quotes her, one that waits.
fn sendings(office: &Office, attendance: AttendanceId, marks: &mut Vec<Mark>) {
    let desk = office.desk();
    let fields = TemplateParameters::named([("nome", "Parametroxilo")]);
    desk.send_template(attendance, guiche_core::id::TemplateId::from_raw(1), fields).expect("queued");
    marks.push(mark("parameter of a template", "Parametroxilo"));
    office.port.answer(ScriptedAnswer::next(SendAnswer::Accepted {
        wamid: ZULMIRA.wamid(20),
        paced: false,
        wa_id: Some(ZULMIRA.wa_id.to_owned()),
        user_id: None,
    }));
    office.engine.pump(10).expect("pumped");
    office.later(60);
    desk.send_text(attendance, "respostaxilo que falha").expect("queued");
    marks.push(mark("a reply that failed", "respostaxilo que falha"));
    for _ in 0..5 {
        office.port.answer(ScriptedAnswer::next(SendAnswer::Rejected(PlatformError {
            code: 131_026,
            class: ErrorClass::Permanent,
            title: "titulozulmirense".to_owned(),
            details: format!("recipient {} unreachable", "5531988776655"),
            http_status: 400,
            trace_id: Some("tracezulmira".to_owned()),
            wait_ms: None,
        })));
        office.engine.pump(10).expect("pumped");
        office.later(60);
    }
    marks.extend([mark("title of an error", "titulozulmirense"), mark("trace of an error", "tracezulmira")]);
    office.port.clear_answers();
    desk.send_text(attendance, "respostaxilo que espera").expect("queued");
    marks.push(mark("a reply that waits", "respostaxilo que espera"));
}

/// A second contact who turns out to be her.
fn merged(office: &Office, attendance: AttendanceId, marks: &mut Vec<Mark>) {
    let host = office.engine.back_office();
    let entry = host
        .request("zulmirapedido-contact")
        .create_contact(&CreateContact {
            channel_id: Some(CHANNEL),
            name: Some("Zuzuinhaxilo".to_owned()),
            phone: Some(AGAIN.wa_id.to_owned()),
            user_id: Some(AGAIN.user_id.to_owned()),
            email: Some("zuzuxilo@outrocorreio.example".to_owned()),
            contact_id: None,
        })
        .expect("made")
        .outcome;
    let attributes = BTreeMap::from([("origem".to_owned(), "campanhaxilo".to_owned())]);
    let begun = CreateAttendance {
        contact_id: entry.contact.id,
        channel_id: CHANNEL,
        department_id: None,
        identity_id: None,
        assignee_id: None,
        attributes,
        tags: BTreeSet::new(),
    };
    let begun = host.create_attendance(&begun).expect("begun").outcome.attendance;
    host.finish(begun.id, Disposition::Keep).expect("finished");
    office.hears(&AGAIN, text(AGAIN.wamid(1), "outronumeroxilo"));
    for card in host.inbox(&InboxFilter::default()).expect("listed").cards {
        let open = host.attendance(card.id).expect("there").attendance.is_open();
        if open && office.contact_of(card.id) == entry.contact.id {
            host.finish(card.id, Disposition::Keep).expect("finished");
        }
    }
    host.merge_contacts(office.contact_of(attendance), entry.contact.id).expect("merged");
    marks.extend([
        mark("name of a merged contact", "Zuzuinhaxilo"),
        mark("e-mail of a merged contact", "zuzuxilo@outrocorreio.example"),
        mark("attribute", "campanhaxilo"),
        mark("message of a merged contact", "outronumeroxilo"),
        mark("message id of a merged contact", AGAIN.wamid(1)),
        mark("request id of a contact", "zulmirapedido-contact"),
    ]);
}

/// What finds no place: nobody decoded it, or it waits.
fn strays(office: &Office, marks: &mut Vec<Mark>) {
    // A field that nobody knows.
    office.deliver_as("quirks", &json!({ "who": "5531988776655", "what": "estranhoxilo" }));
    // A number that is not ours.
    let mut value = ZULMIRA.value(&text(ZULMIRA.wamid(30), "perdidaxilo"));
    value["metadata"] = metadata("999999999");
    office.deliver(&value);
    // A message without what every message has.
    let mut value =
        ZULMIRA.value(&json!({ "id": ZULMIRA.wamid(31), "type": "text", "text": { "body": "quebradaxilo" } }));
    value["messages"][0]["timestamp"] = json!("nunca");
    office.deliver(&value);
    // A group.
    let mut message = text(ZULMIRA.wamid(32), "grupoxilo");
    message["group_id"] = json!("grupo-1");
    office.deliver(&ZULMIRA.value(&message));
    // A status of a message that nobody knows, and one of a word that nobody knows.
    for (serial, status) in [(33, "delivered"), (34, "teleported")] {
        office.deliver(&json!({
            "messaging_product": "whatsapp",
            "metadata": metadata("100000001"),
            "statuses": [{
                "id": ZULMIRA.wamid(serial),
                "status": status,
                "timestamp": "1795435200",
                "recipient_id": ZULMIRA.wa_id,
                "recipient_user_id": ZULMIRA.user_id,
            }],
        }));
    }
    // A reaction to a message that nobody knows.
    office.deliver(&ZULMIRA.value(&json!({
        "id": ZULMIRA.wamid(35),
        "type": "reaction",
        "reaction": { "message_id": ZULMIRA.wamid(36), "emoji": "\u{1F41D}" },
    })));
    marks.extend([
        mark("unknown field", "estranhoxilo"),
        mark("misdirected", "perdidaxilo"),
        mark("malformed", "quebradaxilo"),
        mark("group", "grupoxilo"),
    ]);
    let kept = office.engine.admin().kept(None, 100).expect("listed");
    assert!(kept.len() >= 4, "{} kept", kept.len());
    assert!(office.engine.admin().unresolved(100).expect("listed").len() >= 2);
}

/// The same kinds of things of somebody else.
fn beside_bartolomeu(office: &Office, attendance: AttendanceId) -> Vec<Mark> {
    let desk = office.desk();
    desk.write_note(&WriteNote::new(attendance, "bartonota que fica")).expect("written");
    desk.request("bartopedido-1").send_text(attendance, "bartoresposta que fica").expect("queued");
    let task = CreateTask {
        contact_id: office.contact_of(attendance),
        title: "bartotarefa que fica".to_owned(),
        due: None,
        owner_id: None,
        done: None,
        external_key: None,
    };
    office.engine.back_office().create_task(&task).expect("made");
    office.deliver_as("quirks", &json!({ "who": OTHER.wa_id, "what": "bartoestranho que fica" }));
    office.engine.pump(10).expect("pumped");
    vec![
        mark("name", OTHER.name),
        mark("number", OTHER.wa_id),
        mark("user id", OTHER.user_id),
        mark("message", "bartofala de outra coisa"),
        mark("note", "bartonota que fica"),
        mark("reply", "bartoresposta que fica"),
        mark("task", "bartotarefa que fica"),
        mark("kept", "bartoestranho que fica"),
        mark("request", "bartopedido-1"),
        mark("a file of both", "memedetodos"),
    ]
}
