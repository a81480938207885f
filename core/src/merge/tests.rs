//! `unmerge(merge(a, b)) = (a, b)`, and no reply changes its way (invariant 9).

use std::sync::Arc;

use proptest::prelude::*;

use crate::admin::CreateChannel;
use crate::attendance::{Attendance, Disposition};
use crate::channel::ChannelKind;
use crate::contact::{Contact, Identity};
use crate::desk::Desk;
use crate::engine::Engine;
use crate::id::{ChannelId, ContactId, NodeIds};
use crate::lifecycle::CreateAttendance;
use crate::memory::{MemoryMedia, MemoryStore};
use crate::people::CreateContact;
use crate::port::Jitter;
use crate::setup::Account;
use crate::time::{Clock, Timestamp};

struct Noon;

impl Clock for Noon {
    fn now(&self) -> Timestamp {
        Timestamp::parse("2026-11-24T12:00:00Z").expect("an instant")
    }
}

impl Jitter for Noon {
    fn fraction(&self) -> f64 {
        0.5
    }
}

/// An account with two channels.
fn account() -> (Engine, Vec<ChannelId>) {
    let engine = Engine::builder(
        Arc::new(MemoryStore::new()),
        Arc::new(Noon),
        Arc::new(NodeIds::new(1)),
        Arc::new(Noon),
        Arc::new(MemoryMedia::new()),
    )
    .build();
    let admin = engine.admin();
    admin.set_account(&Account { name: "Aurora".to_owned(), ..Account::default() }).expect("an account");
    let department = crate::admin::CreateDepartment {
        name: "Vendas".to_owned(),
        reopen: crate::setup::ReopenPolicy::default(),
        developments: std::collections::BTreeSet::new(),
    };
    let department = admin.create_department(&department).expect("a department").outcome.id;
    let channel = |number: &str| {
        let channel = CreateChannel {
            kind: ChannelKind::WhatsApp,
            name: number.to_owned(),
            number_id: number.to_owned(),
            display_number: String::new(),
            waba_id: "1".to_owned(),
            portfolio_id: String::new(),
            default_department: department,
            rules: None,
        };
        admin.create_channel(&channel).expect("a channel").outcome.id
    };
    let channels = vec![channel("1"), channel("2")];
    (engine, channels)
}

/// A person: numbers, attendances finished or open over a channel, and whether they want marketing.
#[derive(Debug, Clone)]
struct Person {
    numbers: usize,
    talks: Vec<(usize, bool)>,
    marketing: bool,
}

fn person() -> impl Strategy<Value = Person> {
    (1..3_usize, prop::collection::vec((0..2_usize, any::<bool>()), 0..4), any::<bool>())
        .prop_map(|(numbers, talks, marketing)| Person { numbers, talks, marketing })
}

fn make(desk: &Desk, channels: &[ChannelId], person: &Person, digit: usize) -> ContactId {
    let number = |nth: usize| CreateContact {
        channel_id: Some(channels[0]),
        phone: Some(format!("55119{digit}{nth}654321")),
        ..CreateContact::default()
    };
    let id = desk.create_contact(&number(0)).expect("a contact").outcome.contact.id;
    for nth in 1..person.numbers {
        desk.create_contact(&CreateContact { contact_id: Some(id), ..number(nth) }).expect("a further number");
    }
    for (channel, finished) in &person.talks {
        let begin = serde_json::json!({ "contact_id": id, "channel_id": channels[*channel] });
        let begin: CreateAttendance = serde_json::from_value(begin).expect("a command");
        // A second open one is refused; that is not what this is about.
        if let (Ok(begun), true) = (desk.create_attendance(&begin), *finished) {
            desk.finish(begun.outcome.attendance.id, Disposition::Keep).expect("finished");
        }
    }
    if !person.marketing {
        desk.set_marketing(id, false).expect("an opt-out");
    }
    id
}

/// What a contact is and has, without what counts changes.
fn all_of(engine: &Engine, id: ContactId) -> (Contact, Vec<Identity>, Vec<Attendance>) {
    engine
        .read(|stored| {
            let contact = stored.contact(id)?.expect("a contact");
            let identities = stored.identities(id)?.into_iter().map(|row| Identity { version: 0, ..row }).collect();
            let attendances = stored.history(id, None, u32::MAX)?;
            let attendances = attendances.into_iter().map(|row| Attendance { version: 0, entries: 0, ..row }).collect();
            Ok((Contact { version: 0, ..contact }, identities, attendances))
        })
        .expect("a store that reads")
}

proptest! {
    #[test]
    fn parting_gives_back_what_was_made_one(a in person(), b in person()) {
        let (engine, channels) = account();
        let desk = engine.back_office();
        let (kept, absorbed) = (make(&desk, &channels, &a, 8), make(&desk, &channels, &b, 7));
        let before = (all_of(&engine, kept), all_of(&engine, absorbed));

        let preview = desk.preview_merge(kept, absorbed).expect("a preview");
        let merged = desk.merge_contacts(kept, absorbed);
        prop_assert_eq!(merged.is_err(), !preview.blocked_by.is_empty());
        let Ok(merged) = merged else {
            prop_assert_eq!(&before, &(all_of(&engine, kept), all_of(&engine, absorbed)));
            return Ok(());
        };

        // All is the kept contact's, and each reply goes where it went.
        let (one, identities, attendances) = all_of(&engine, kept);
        prop_assert_eq!(identities.len(), before.0.1.len() + before.1.1.len());
        prop_assert_eq!(attendances.len(), before.0.2.len() + before.1.2.len());
        for row in before.0.2.iter().chain(&before.1.2) {
            let now = attendances.iter().find(|now| now.id == row.id).expect("it is still there");
            prop_assert_eq!(now.identity_id, row.identity_id);
        }
        prop_assert_eq!(one.marketing_stopped_at.is_some(), !(a.marketing && b.marketing));

        desk.unmerge_contacts(merged.outcome.id).expect("parted");
        prop_assert_eq!(&before, &(all_of(&engine, kept), all_of(&engine, absorbed)));
    }
}
