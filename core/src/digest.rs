//! The state digest: one hash of what a person can see, for replays on another machine or in another language.
//!
//! It covers attendances, messages, notes, contacts, windows, deliveries, tasks, links and tickets, and leaves out ids,
//! `seq`, positions and arrival times, so that two runs of the same inputs agree whatever ids they made and in whatever
//! order the platform delivered (DESIGN 18.4).

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::attendance::Attendance;
use crate::contact::Identity;
use crate::engine::Engine;
use crate::error::Error;
use crate::id::AttendantId;
use crate::link::links_of;
use crate::message::{Author, Message, Note};
use crate::permission::Sight;
use crate::setup::Setup;
use crate::store::{MessagePlace, Snapshot};
use crate::task::tasks_of;
use crate::ticket::{TicketState, ticket_of};

impl Engine {
    /// The digest, in lower-case hexadecimal. It reads everything: for tests and audits, not for screens.
    ///
    /// # Errors
    /// `Error::Store`.
    pub fn state_digest(&self) -> Result<String, Error> {
        let canonical = self.state_canonical()?;
        Ok(hex::encode(Sha256::digest(canonical.as_bytes())))
    }

    /// What the digest is made of, as canonical JSON: one line per attendance, sorted. It holds message text: for
    /// finding out why two digests differ, never for logs.
    ///
    /// # Errors
    /// `Error::Store`.
    pub fn state_canonical(&self) -> Result<String, Error> {
        self.read(|stored| {
            let setup = stored.setup()?;
            let mut lines = Vec::new();
            let mut after = None;
            loop {
                let ids = stored.attendance_ids(after, 500)?;
                let Some(last) = ids.last() else { break };
                after = Some(*last);
                for id in &ids {
                    if let Some(attendance) = stored.attendance(*id)? {
                        lines.push(attendance_line(stored, &setup, &attendance)?);
                    }
                }
            }
            lines.sort_unstable();
            Ok(lines.join("\n"))
        })
    }
}

fn attendance_line(stored: &dyn Snapshot, setup: &Setup, attendance: &Attendance) -> Result<String, Error> {
    let contact = stored.contact(attendance.contact_id)?;
    let identity = stored.identity(attendance.identity_id)?;
    let channel = setup.channels.get(&attendance.channel_id);
    let pair = stored.pair(attendance.channel_id, attendance.identity_id)?;
    let name = |id: Option<crate::id::AttendantId>| {
        id.and_then(|id| setup.attendants.get(&id)).map(|attendant| attendant.login.clone())
    };
    let mut messages = Vec::new();
    let mut before: Option<MessagePlace> = None;
    loop {
        let page = stored.messages(attendance.id, before.as_ref(), 500)?;
        let Some(last) = page.last() else { break };
        before = Some(MessagePlace { at: last.at, tie: last.tie() });
        for message in &page {
            messages.push(message_value(stored, setup, message)?);
        }
    }
    let mut notes = Vec::new();
    let mut position = None;
    loop {
        let page = stored.notes(attendance.id, position, 500)?;
        let Some(last) = page.last() else { break };
        position = Some(last.position);
        notes.extend(page.iter().map(|note: &Note| {
            let mut value = json!({ "by": name(note.author_id), "text": note.text });
            if !note.edits.is_empty() {
                value["was"] = note.edits.iter().map(|edit| edit.text.as_str()).collect();
            }
            value
        }));
    }
    let mut tags: Vec<_> =
        attendance.tags.iter().filter_map(|id| setup.tags.get(id)).map(|tag| tag.name.clone()).collect();
    tags.sort_unstable();
    let mut value = json!({
        "channel": channel.map(|channel| &channel.number_id),
        "contact": contact.map(|contact| json!([contact.recipient_name, contact.profile_name, contact.marketing_stopped_at])),
        "identity": identity.as_ref().map(identity_value),
        "department": setup.departments.get(&attendance.department_id).map(|row| &row.name),
        "assignee": name(attendance.assignee_id),
        "phase": attendance.phase,
        "trash": match attendance.placement {
            crate::attendance::Placement::Central => Value::Null,
            crate::attendance::Placement::Trash { door, by, .. } => json!([door, name(by)]),
        },
        "status": attendance.status_id.and_then(|id| setup.statuses.get(&id)).map(|row| &row.name),
        "type": attendance.type_id.and_then(|id| setup.attendance_types.get(&id)).map(|row| &row.name),
        "tags": tags,
        "attributes": attendance.attributes,
        "follows": attendance.previous_id.is_some(),
        "window": pair.map(|pair| json!([pair.opened_at, pair.uncertain_at, pair.closed_by_platform_at])),
        "messages": messages,
        "notes": notes,
    });
    if let Some(snooze) = attendance.snooze {
        value["snoozed_until"] = json!(snooze.until);
    }
    beside(stored, setup, attendance, &mut value)?;
    Ok(value.to_string())
}

/// What lies beside the talk, if there is any.
fn beside(stored: &dyn Snapshot, setup: &Setup, attendance: &Attendance, value: &mut Value) -> Result<(), Error> {
    let login = |id: Option<AttendantId>| id.and_then(|id| setup.attendants.get(&id)).map(|row| row.login.as_str());
    let mut lists = Vec::new();
    let tasks = tasks_of(stored, attendance.contact_id)?.tasks;
    lists.push(("tasks", tasks.iter().map(|t| json!([t.title, t.due, login(t.owner_id), t.is_done()])).collect()));
    let links = links_of(stored, &Sight::Everything, attendance.contact_id)?;
    lists.push(("links", links.iter().map(|link| json!([link.record, link.url])).collect()));
    let ticket = ticket_of(stored, attendance.id)?;
    let state = |state: TicketState| match state {
        TicketState::Opened { protocol, url, .. } => json!(["opened", protocol, url]),
        TicketState::Enabled { failure } => json!(["enabled", failure.map(|failure| failure.code)]),
        other => json!([other.word()]),
    };
    lists.push(("ticket", ticket.map(|ticket| state(ticket.state)).into_iter().collect::<Vec<_>>()));
    for (name, list) in lists {
        if !list.is_empty() {
            value[name] = list.into();
        }
    }
    Ok(())
}

fn identity_value(identity: &Identity) -> Value {
    json!([identity.kind, identity.wa_id, identity.user_id])
}

fn message_value(stored: &dyn Snapshot, setup: &Setup, message: &Message) -> Result<Value, Error> {
    let word = |author: Author| match author {
        Author::Attendant { id } => {
            setup.attendants.get(&id).map_or_else(String::new, |attendant| attendant.login.clone())
        }
        other => format!("{other:?}").to_lowercase(),
    };
    let delivery = message.delivery_id.map(|id| stored.delivery(id)).transpose()?.flatten();
    let mut content = serde_json::to_value(&message.content).unwrap_or(Value::Null);
    if let Some(fields) = content.as_object_mut() {
        fields.remove("template_id");
        if let Some(used) = fields.get_mut("gallery").and_then(Value::as_object_mut) {
            used.remove("item_id");
        }
    }
    // A message of ours is said at our clock's time, which is an input of the replay and stays in.
    Ok(json!({
        "at": message.at,
        "by": word(message.author),
        "content": content,
        "reply_to": message.reply_to,
        "forwarded": message.forwarded,
        "reactions": message.reactions.iter().map(|r| json!([word(r.by), r.emoji, r.at])).collect::<Vec<_>>(),
        "edited": message.edited_at,
        "revoked": message.revoked_at,
        "delivery": delivery.map(|delivery| json!({
            "state": delivery.state.word(),
            "error": delivery.last_error.map(|error| error.code),
            "receipts": [
                delivery.receipts.sent_at, delivery.receipts.delivered_at, delivery.receipts.read_at,
                delivery.receipts.played_at, delivery.receipts.failed_at,
            ],
        })),
    }))
}
