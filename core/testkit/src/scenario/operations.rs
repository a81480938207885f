//! Every operation of the API, by its name: how its arguments are read and how its outcome is written.
//!
//! Arguments are read in the order of the method's parameters, and before the object of the API is asked for: so they
//! can be read without one, which is how a scenario's words become what a driver is told.

use std::collections::BTreeSet;
use std::io::Read as _;
use std::sync::Arc;

use guiche_core::id::AttendantId;
use guiche_core::port::Listener;
use serde_json::{Map, Value, json};

use super::stage::{Answer, Failure};

mod argument;
mod call;
mod outcome;
mod steps;

pub use argument::Argument;
pub(crate) use call::{Call, Place};
pub(crate) use outcome::{plain, pumped};

use outcome::{done, file_value, fit, kept_value, parked_value, pump_modules};
use steps::Steps;

/// Which object of the API an operation is called on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Door {
    /// What an attendant, or the host at its own desk, sees and does.
    Desk,
    /// The host's set-up.
    Admin,
    /// The host's engine.
    Engine,
}

impl Door {
    const ALL: [Door; 3] = [Door::Desk, Door::Admin, Door::Engine];

    /// The word for it: `desk`, `admin`, `engine`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Door::Desk => "desk",
            Door::Admin => "admin",
            Door::Engine => "engine",
        }
    }

    /// The one of that word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|door| door.word() == word)
    }
}

/// One operation that a scenario can say.
#[derive(Debug, Clone, Copy)]
pub struct Operation {
    /// The object of the API.
    pub door: Door,
    /// The method's name.
    pub name: &'static str,
    run: fn(&mut Call<'_>) -> Answer,
    /// What `run` says, from which its arguments are told.
    text: &'static str,
}

macro_rules! operations {
    ($($door:ident $name:ident($call:ident) $body:block)*) => {
        /// Every operation that a scenario can say, in the order of the API.
        pub const OPERATIONS: &[Operation] = &[$(
            Operation {
                door: Door::$door,
                name: stringify!($name),
                run: { fn run($call: &mut Call<'_>) -> Answer $body run },
                text: stringify!($body),
            },
        )*];
    };
}

operations! {
    // Contacts.
    Desk create_contact(call) { let c = call.whole()?; done(call.desk()?.create_contact(&c)) }
    Desk contact(call) { let id = call.need("id")?; plain(call.desk()?.contact(id)) }

    Desk set_email(call) {
        let (id, email) = (call.need("contact_id")?, call.maybe::<String>("email")?);
        done(call.desk()?.set_email(id, email.as_deref()))
    }
    Desk set_marketing(call) {
        let (id, allowed) = (call.need("contact_id")?, call.need("allowed")?);
        done(call.desk()?.set_marketing(id, allowed))
    }
    Desk preview_merge(call) {
        let (kept, absorbed) = (call.need("kept_id")?, call.need("absorbed_id")?);
        plain(call.desk()?.preview_merge(kept, absorbed))
    }
    Desk merge_contacts(call) {
        let (kept, absorbed) = (call.need("kept_id")?, call.need("absorbed_id")?);
        done(call.desk()?.merge_contacts(kept, absorbed))
    }
    Desk unmerge_contacts(call) { let id = call.need("merge_id")?; done(call.desk()?.unmerge_contacts(id)) }
    Desk merges(call) { let id = call.need("contact_id")?; plain(call.desk()?.merges(id)) }
    Desk similar_contacts(call) { let id = call.need("contact_id")?; plain(call.desk()?.similar_contacts(id)) }

    // The life of an attendance.
    Desk create_attendance(call) { let c = call.whole()?; done(call.desk()?.create_attendance(&c)) }
    Desk claim(call) { let id = call.need("attendance_id")?; done(call.desk()?.claim(id)) }
    Desk assign(call) {
        let (id, to, version) = (call.need("attendance_id")?, call.maybe("assignee_id")?, call.maybe("version")?);
        done(call.desk()?.assign(id, to, version))
    }
    Desk transfer(call) { let c = call.whole()?; done(call.desk()?.transfer(&c)) }
    Desk set_status(call) {
        let (id, to) = (call.need("attendance_id")?, call.maybe("status_id")?);
        done(call.desk()?.set_status(id, to))
    }
    Desk set_type(call) {
        let (id, to) = (call.need("attendance_id")?, call.maybe("type_id")?);
        done(call.desk()?.set_type(id, to))
    }
    Desk change_tags(call) {
        let id = call.need("attendance_id")?;
        let add: BTreeSet<_> = call.or("add", "[]")?;
        let remove: BTreeSet<_> = call.or("remove", "[]")?;
        done(call.desk()?.change_tags(id, add, remove))
    }
    Desk set_recipient_name(call) {
        let (id, name) = (call.need("attendance_id")?, call.maybe::<String>("name")?);
        done(call.desk()?.set_recipient_name(id, name.as_deref()))
    }
    Desk write_note(call) { let c = call.whole()?; done(call.desk()?.write_note(&c)) }
    Desk edit_note(call) { let c = call.whole()?; done(call.desk()?.edit_note(&c)) }
    Desk finish(call) {
        let (id, disposition) = (call.need("attendance_id")?, call.need("disposition")?);
        done(call.desk()?.finish(id, disposition))
    }
    Desk trash(call) { let id = call.need("attendance_id")?; done(call.desk()?.trash(id)) }
    Desk restore(call) {
        let (id, how) = (call.need("attendance_id")?, call.or("restore_as", "\"it_was\"")?);
        done(call.desk()?.restore(id, how))
    }

    // Talking.
    Desk sendable_templates(call) { let id = call.need("channel")?; plain(call.desk()?.sendable_templates(id)) }
    Desk preview_template(call) {
        let (id, template) = (call.need("attendance_id")?, call.need("template_id")?);
        let parameters = call.or("parameters", "{}")?;
        plain(call.desk()?.preview_template(id, template, &parameters))
    }
    Desk send_template(call) {
        let (id, template) = (call.need("attendance_id")?, call.need("template_id")?);
        let parameters = call.or("parameters", "{}")?;
        done(call.desk()?.send_template(id, template, parameters))
    }
    Desk send_text(call) {
        let (id, body) = (call.need("attendance_id")?, call.need::<String>("body")?);
        done(call.desk()?.send_text(id, &body))
    }
    Desk send(call) {
        let (id, content, reply_to) = (call.need("attendance_id")?, call.need("content")?, call.maybe("reply_to")?);
        done(call.desk()?.send(id, content, reply_to))
    }
    Desk react(call) {
        let (id, emoji) = (call.need("message_id")?, call.maybe::<String>("emoji")?);
        done(call.desk()?.react(id, emoji.as_deref()))
    }
    Desk mark_read(call) {
        let (id, typing) = (call.need("message_id")?, call.or("typing", "false")?);
        plain(call.desk()?.mark_read(id, typing))
    }
    Desk retry(call) { let id = call.need("message_id")?; done(call.desk()?.retry(id)) }
    Desk discard(call) { let id = call.need("message_id")?; done(call.desk()?.discard(id)) }
    Desk replace_with_template(call) {
        let (id, template) = (call.need("message_id")?, call.need("template_id")?);
        let parameters = call.or("parameters", "{}")?;
        done(call.desk()?.replace_with_template(id, template, parameters))
    }
    Desk settle_doubt(call) {
        let (id, verdict) = (call.need("message_id")?, call.need("verdict")?);
        done(call.desk()?.settle_doubt(id, verdict))
    }

    // Galleries.
    Desk add_gallery_item(call) { let c = call.whole()?; done(call.desk()?.add_gallery_item(&c)) }
    Desk replace_gallery_file(call) {
        let (id, file, version) = (call.need("item_id")?, call.need("file")?, call.maybe("version")?);
        done(call.desk()?.replace_gallery_file(id, &file, version))
    }
    Desk update_gallery_item(call) { let c = call.whole()?; done(call.desk()?.update_gallery_item(&c)) }
    Desk archive_gallery_item(call) { let id = call.need("item_id")?; done(call.desk()?.archive_gallery_item(id)) }
    Desk restore_gallery_item(call) { let id = call.need("item_id")?; done(call.desk()?.restore_gallery_item(id)) }
    Desk gallery_items(call) { let filter = call.whole()?; plain(call.desk()?.gallery_items(&filter)) }
    Desk gallery_folders(call) { let gallery = call.need("gallery")?; plain(call.desk()?.gallery_folders(gallery)) }
    Desk gallery_item(call) { let id = call.need("id")?; plain(call.desk()?.gallery_item(id)) }
    Desk gallery_file(call) {
        let (id, number) = (call.need("id")?, call.maybe("number")?);
        plain(call.desk()?.gallery_file(id, number).map(file_value))
    }
    Desk send_gallery_items(call) {
        let (id, items) = (call.need("attendance_id")?, call.need::<Vec<_>>("items")?);
        done(call.desk()?.send_gallery_items(id, &items))
    }

    // Contacts' files.
    Desk fetch_file(call) { let id = call.need("message_id")?; done(call.desk()?.fetch_file(id)) }
    Desk message_file(call) {
        let id = call.need("message_id")?;
        plain(call.desk()?.message_file(id).map(file_value))
    }
    Desk open_message_file(call) {
        let id = call.need("message_id")?;
        let mut bytes = Vec::new();
        call.desk()?.open_message_file(id)?.read_to_end(&mut bytes).map_err(|error| error.to_string())?;
        plain(Ok(json!({ "size": bytes.len(), "text": String::from_utf8(bytes).ok() })))
    }

    // Files.
    Desk fit(call) {
        let (file, channel, kind) = (call.need("file")?, call.need("channel")?, call.maybe("kind")?);
        fit(call.desk()?.fit(&file, channel, kind))
    }

    // Around the talk.
    Desk create_task(call) { let c = call.whole()?; done(call.desk()?.create_task(&c)) }
    Desk update_task(call) { let c = call.whole()?; done(call.desk()?.update_task(&c)) }
    Desk complete_task(call) { let id = call.need("task_id")?; done(call.desk()?.complete_task(id)) }
    Desk reopen_task(call) { let id = call.need("task_id")?; done(call.desk()?.reopen_task(id)) }
    Desk tasks(call) { let id = call.need("contact_id")?; plain(call.desk()?.tasks(id)) }
    Desk link_record(call) { let c = call.whole()?; done(call.desk()?.link_record(&c)) }
    Desk unlink_record(call) { let id = call.need("link_id")?; done(call.desk()?.unlink_record(id)) }
    Desk links(call) { let id = call.need("contact_id")?; plain(call.desk()?.links(id)) }
    Desk enable_ticket(call) { let id = call.need("attendance_id")?; done(call.desk()?.enable_ticket(id)) }
    Desk open_ticket(call) {
        let (id, request) = (call.need("attendance_id")?, call.whole()?);
        done(call.desk()?.open_ticket(id, &request))
    }
    Desk ticket(call) { let id = call.need("attendance_id")?; plain(call.desk()?.ticket(id)) }

    // Looking.
    Desk inbox(call) { let filter = call.whole()?; plain(call.desk()?.inbox(&filter)) }
    Desk inbox_changes(call) {
        let (filter, since) = (call.whole_but(&["since"])?, call.need("since")?);
        plain(call.desk()?.inbox_changes(&filter, since))
    }
    Desk markers(call) { plain(call.desk()?.markers()) }
    Desk create_marker(call) { let c = call.whole()?; done(call.desk()?.create_marker(&c)) }
    Desk update_marker(call) { let c = call.whole()?; done(call.desk()?.update_marker(&c)) }
    Desk archive_marker(call) { let id = call.need("marker_id")?; done(call.desk()?.archive_marker(id)) }
    Desk mark_seen(call) {
        let (id, inbound) = (call.need("attendance_id")?, call.maybe("inbound")?);
        done(call.desk()?.mark_seen(id, inbound))
    }
    Desk mark_unseen(call) { let id = call.need("attendance_id")?; done(call.desk()?.mark_unseen(id)) }
    Desk snooze(call) {
        let (id, until) = (call.need("attendance_id")?, call.maybe("until")?);
        done(call.desk()?.snooze(id, until))
    }
    Desk unsnooze(call) { let id = call.need("attendance_id")?; done(call.desk()?.unsnooze(id)) }
    Desk attendance(call) { let id = call.need("id")?; plain(call.desk()?.attendance(id)) }
    Desk window(call) { let id = call.need("id")?; plain(call.desk()?.window(id)) }
    Desk messages(call) {
        let (id, before, limit) = (call.need("id")?, call.maybe("before")?, call.limit()?);
        plain(call.desk()?.messages(id, before.as_ref(), limit))
    }
    Desk message(call) { let id = call.need("id")?; plain(call.desk()?.message(id)) }
    Desk notes(call) {
        let (id, before, limit) = (call.need("id")?, call.maybe("before")?, call.limit()?);
        plain(call.desk()?.notes(id, before, limit))
    }
    Desk search_notes(call) {
        let (text, cursor) = (call.need::<String>("text")?, call.maybe::<String>("cursor")?);
        let limit = call.limit()?;
        plain(call.desk()?.search_notes(&text, cursor.as_deref(), limit))
    }
    Desk mentions(call) {
        let (cursor, limit) = (call.or("cursor", "0")?, call.limit()?);
        plain(call.desk()?.mentions(cursor, limit))
    }
    Desk find_related(call) {
        let (id, text, limit) = (call.need("id")?, call.maybe::<String>("text")?, call.limit()?);
        plain(call.desk()?.find_related(id, text.as_deref(), limit))
    }
    Desk overview(call) { let id = call.need("id")?; plain(call.desk()?.overview(id)) }
    Desk linked_records(call) { let id = call.need("id")?; plain(call.desk()?.linked_records(id)) }
    Desk timeline(call) {
        let (id, before, limit) = (call.need("id")?, call.maybe("before")?, call.limit()?);
        plain(call.desk()?.timeline(id, before, limit))
    }
    Desk changes_since(call) {
        let (cursor, limit) = (call.or("cursor", "0")?, call.limit()?);
        plain(call.desk()?.changes_since(cursor, limit))
    }
    Desk transcript(call) {
        let (id, options) = (call.need("id")?, call.whole()?);
        plain(call.desk()?.transcript(id, &options))
    }
    Desk episode_times(call) { let id = call.need("id")?; plain(call.desk()?.episode_times(id)) }
    Desk export_attendances(call) {
        let filter = call.whole_but(&["cursor", "limit"])?;
        let (cursor, limit) = (call.maybe::<String>("cursor")?, call.limit()?);
        plain(call.desk()?.export_attendances(&filter, cursor.as_deref(), limit))
    }
    Desk export_messages(call) {
        let filter = call.whole_but(&["cursor", "limit"])?;
        let (cursor, limit) = (call.maybe::<String>("cursor")?, call.limit()?);
        plain(call.desk()?.export_messages(&filter, cursor.as_deref(), limit))
    }
    Desk department(call) { let id = call.need("id")?; plain(call.desk()?.department(id)) }
    Desk attendant_id(call) { plain(Ok(call.desk()?.attendant_id())) }

    Desk find_contacts(call) {
        let (text, limit) = (call.need::<String>("text")?, call.limit()?);
        plain(call.desk()?.find_contacts(&text, limit))
    }
    Desk search(call) { let filter = call.whole()?; plain(call.desk()?.search(&filter)) }

    // Helpers of every day.
    Desk put_canned_reply(call) { let c = call.whole()?; done(call.desk()?.put_canned_reply(&c)) }
    Desk canned_replies(call) {
        let text = call.maybe::<String>("text")?;
        plain(call.desk()?.canned_replies(text.as_deref()))
    }
    Desk fill_canned_reply(call) {
        let (id, reply) = (call.need("attendance_id")?, call.need("reply_id")?);
        plain(call.desk()?.fill_canned_reply(id, reply))
    }
    Desk save_draft(call) { let c = call.whole()?; done(call.desk()?.save_draft(&c)) }
    Desk draft(call) { let id = call.need("attendance_id")?; plain(call.desk()?.draft(id)) }

    // Setting up.
    Admin set_account(call) { let account = call.need("account")?; done(call.admin()?.set_account(&account)) }
    Admin create_channel(call) { let c = call.whole()?; done(call.admin()?.create_channel(&c)) }
    Admin create_department(call) { let c = call.whole()?; done(call.admin()?.create_department(&c)) }
    Admin create_attendant(call) { let c = call.whole()?; done(call.admin()?.create_attendant(&c)) }
    Admin create_status(call) {
        let (name, phase) = (call.need::<String>("name")?, call.need("phase")?);
        done(call.admin()?.create_status(&name, phase))
    }
    Admin create_attendance_type(call) {
        let name = call.need::<String>("name")?;
        done(call.admin()?.create_attendance_type(&name))
    }
    Admin create_tag(call) { let name = call.need::<String>("name")?; done(call.admin()?.create_tag(&name)) }
    Admin update_setup(call) { let row = call.need("row")?; done(call.admin()?.update_setup(&row)) }
    Admin import_contacts(call) { let c = call.whole()?; done(call.admin()?.import_contacts(&c)) }
    Admin kept(call) {
        let (after, limit) = (call.maybe("after")?, call.limit()?);
        let kept = call.admin()?.kept(after, limit)?;
        plain(Ok(kept.iter().map(kept_value).collect::<Vec<_>>()))
    }
    Admin unresolved(call) {
        let limit = call.limit()?;
        let parked = call.admin()?.unresolved(limit)?;
        plain(Ok(parked.iter().map(parked_value).collect::<Vec<_>>()))
    }
    Admin deliveries_in(call) {
        let (state, after, limit) = (call.need::<String>("state")?, call.maybe("after")?, call.limit()?);
        plain(call.admin()?.deliveries_in(&state, after, limit))
    }
    Admin contacts(call) {
        let (after, limit) = (call.maybe("after")?, call.limit()?);
        plain(call.admin()?.contacts(after, limit))
    }
    Admin apply_templates(call) { let diff = call.need("diff")?; done(call.admin()?.apply_templates(&diff)) }
    Admin resume_channel(call) { let id = call.need("id")?; done(call.admin()?.resume_channel(id)) }
    Admin channel_state(call) { let id = call.need("id")?; plain(call.admin()?.channel_state(id)) }

    // Erasing a person.
    Admin find_subject(call) { let query = call.whole()?; plain(call.admin()?.find_subject(&query)) }
    Admin plan_erasure(call) { let c = call.whole()?; plain(call.admin()?.plan_erasure(&c)) }
    Admin erase(call) { let c = call.whole()?; plain(call.admin()?.erase(&c)) }
    Admin erasures(call) {
        let (after, limit) = (call.maybe("after")?, call.limit()?);
        plain(call.admin()?.erasures(after, limit))
    }
    Admin place_hold(call) { let c = call.whole()?; done(call.admin()?.place_hold(&c)) }
    Admin lift_hold(call) { let c = call.whole()?; done(call.admin()?.lift_hold(&c)) }
    Admin holds(call) {
        let (after, limit) = (call.maybe("after")?, call.limit()?);
        plain(call.admin()?.holds(after, limit))
    }

    // The host's engine.
    Engine desk(call) {
        let attendant: AttendantId = call.need("attendant")?;
        plain(call.engine()?.desk(attendant).map(|desk| desk.attendant_id()))
    }
    Engine setup(call) { plain(call.engine()?.setup()) }
    Engine changes_since(call) {
        let (cursor, limit) = (call.or("cursor", "0")?, call.limit()?);
        plain(call.engine()?.changes_since(cursor, limit))
    }
    Engine head(call) { plain(call.engine()?.head()) }
    Engine subscribe(call) {
        let ear: Arc<dyn Listener> = call.world()?.ear.clone();
        plain(Ok(call.engine()?.subscribe(ear)))
    }
    Engine unsubscribe(call) {
        let id = call.need("id")?;
        call.engine()?.unsubscribe(id);
        plain(Ok(()))
    }
    Engine close(call) {
        call.engine()?.close();
        plain(Ok(()))
    }
    Engine store_media(call) {
        let (mut bytes, name) = (call.file("file")?, call.or::<String>("filename", "\"\"")?);
        plain(call.engine()?.store_media(&mut *bytes, &name))
    }
    Engine fit(call) {
        let (file, channel, kind) = (call.need("file")?, call.need("channel")?, call.maybe("kind")?);
        fit(call.engine()?.fit(&file, channel, kind))
    }
    Engine pump(call) { let limit = call.limit()?; pumped(call.pump(limit)?) }
    Engine pump_modules(call) { let limit = call.limit()?; plain(pump_modules(call.engine()?, limit)) }
    Engine advance(call) { plain(call.engine()?.advance()) }
    Engine fetch_files(call) { let limit = call.limit()?; plain(call.engine()?.fetch_files(limit)) }
    Engine next_wakeup(call) { plain(call.engine()?.next_wakeup()) }
    Engine diff_templates(call) { let id = call.need("channel")?; plain(call.engine()?.diff_templates(id)) }
    Engine sync_templates(call) { let id = call.need("channel")?; plain(call.engine()?.sync_templates(id)) }
    Engine diff_templates_with(call) {
        let (id, steps) = (call.need("channel")?, Steps::until(call.maybe("cancel_after")?));
        steps.told(call.engine()?.diff_templates_with(id, &steps))
    }
    Engine sync_templates_with(call) {
        let (id, steps) = (call.need("channel")?, Steps::until(call.maybe("cancel_after")?));
        steps.told(call.engine()?.sync_templates_with(id, &steps))
    }
    Engine templates(call) { let id = call.need("channel")?; plain(call.engine()?.templates(id)) }
    Engine episode_times(call) { let id = call.need("id")?; plain(call.engine()?.episode_times(id)) }
    Engine export_attendances(call) {
        let filter = call.whole_but(&["cursor", "limit"])?;
        let (cursor, limit) = (call.maybe::<String>("cursor")?, call.limit()?);
        plain(call.engine()?.export_attendances(&filter, cursor.as_deref(), limit))
    }
    Engine export_messages(call) {
        let filter = call.whole_but(&["cursor", "limit"])?;
        let (cursor, limit) = (call.maybe::<String>("cursor")?, call.limit()?);
        plain(call.engine()?.export_messages(&filter, cursor.as_deref(), limit))
    }
    Engine after_restore(call) { plain(call.engine()?.after_restore()) }
    Engine reinterpret(call) {
        let (after, limit) = (call.or("after", "0")?, call.limit()?);
        plain(call.engine()?.reinterpret(after, limit))
    }
    Engine state_digest(call) { plain(call.engine()?.state_digest()) }
    Engine state_canonical(call) { plain(call.engine()?.state_canonical()) }
}

/// Methods of the API that a scenario says in another way, or that are none of its business, with the reason.
pub const NOT_OPERATIONS: &[(&str, &str)] = &[
    ("Engine::builder", "the runner builds the engine"),
    ("Engine::admin", "operations of the set-up need no `as`"),
    ("Engine::back_office", "\"as\": \"host\""),
    ("Engine::media_store", "the port that the runner plugged in; files are stored with `store_media`"),
    ("Engine::ingest", "the steps `webhook`, `raw`, `raw_base64`, `redeliver` and `permute`"),
    ("Engine::ingest_many", "the same as `ingest`, as `tests/together.rs` shows"),
    ("Desk::request", "the step's `request`"),
    ("Admin::request", "the step's `request`"),
];

impl Operation {
    /// The operation of that name: the desk's for an actor, otherwise the engine's or the set-up's.
    pub(crate) fn find(name: &str, has_actor: bool) -> Result<&'static Self, String> {
        let doors: &[Door] = if has_actor { &[Door::Desk] } else { &[Door::Engine, Door::Admin] };
        let found = OPERATIONS.iter().find(|operation| operation.name == name && doors.contains(&operation.door));
        found.ok_or_else(|| {
            let elsewhere = OPERATIONS.iter().any(|operation| operation.name == name);
            match (elsewhere, has_actor) {
                (true, false) => format!("`{name}` is done at a desk: say who with `as`"),
                (true, true) => format!("`{name}` is the host's: leave `as` out"),
                (false, _) => format!("the API has no `{name}`"),
            }
        })
    }

    /// The operation of a door.
    pub(crate) fn at(door: Door, name: &str) -> Result<&'static Self, String> {
        let found = OPERATIONS.iter().find(|operation| operation.name == name && operation.door == door);
        found.ok_or_else(|| format!("there is no `{name}` at `{}`", door.word()))
    }

    /// What the method takes, in its order, of what a scenario's `with` gives: every value whole, as the API writes it.
    pub(crate) fn arguments(&self, with: Map<String, Value>) -> Result<Vec<Value>, String> {
        let mut call = Call::reading(with);
        match (self.run)(&mut call) {
            Err(Failure::NoPlace) => call.read(self.name),
            Err(Failure::Scenario(words)) => Err(words),
            Err(Failure::Api(_)) | Ok(_) => Err(format!("`{}` does not read its arguments first", self.name)),
        }
    }

    /// Carries it out.
    pub(crate) fn carry_out(&self, call: &mut Call<'_>) -> Answer {
        (self.run)(call)
    }

    /// What it takes, in the order of the method's parameters.
    #[must_use]
    pub fn takes(&self) -> Vec<Argument> {
        argument::of(self.text)
    }
}

/// Every operation as JSON: its door, its name and what it takes. `ffi-tests/DRIVERS.md` describes it.
#[must_use]
pub fn operations_json() -> Value {
    let one = |operation: &Operation| json!({ "door": operation.door.word(), "name": operation.name, "takes": operation.takes() });
    OPERATIONS.iter().map(one).collect()
}
