//! Verb × role × relation: what each verb of a desk answers is what the page of permissions and the predicate of
//! visibility say, written here a second time; and what is not seen answers as what does not exist.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use guiche_core::error::{Error, Refusal};
use guiche_core::permission::Permission;
use guiche_testkit::scenario::{Door, OPERATIONS};

mod model;
mod table;
mod things;
mod world;

use model::{holds, reaches, sees};
use table::{OPEN, Of, Reach, THINGS, VERBS, Verb};
use world::{Caller, Relation, World};

#[test]
fn every_verb_of_a_desk_is_in_the_table() {
    let verbs = VERBS.iter().map(|verb| verb.name);
    let tried: BTreeSet<&str> = verbs.chain(THINGS.iter().copied()).chain(OPEN.iter().copied()).collect();
    let all = OPERATIONS.iter().filter(|operation| operation.door == Door::Desk);
    let all: BTreeSet<&str> = all.map(|operation| operation.name).collect();
    let missing: Vec<_> = all.difference(&tried).collect();
    assert!(missing.is_empty(), "say in table.rs what these take and need: {missing:?}");
    let gone: Vec<_> = tried.difference(&all).collect();
    assert!(gone.is_empty(), "the API has none of these: {gone:?}");
}

/// What a verb answers, as the table says.
#[derive(Debug, PartialEq)]
enum Answer {
    Done,
    /// As something does that nobody ever made.
    Unknown,
    NotPermitted(Permission),
    NotAssigned,
    /// A rule of its own.
    Code(&'static str),
}

fn expected(verb: &Verb, caller: Caller, relation: Relation) -> Answer {
    let permitted = verb.needs.is_none_or(|(permission, _)| holds(caller, permission));
    let seen = match verb.of {
        Of::Account => true,
        Of::Attendance | Of::Contact => sees(caller, relation),
        Of::AnyContact => {
            sees(caller, relation) || (relation != Relation::Unknown && holds(caller, Permission::Create))
        }
    };
    // Of two who press, the one who lost learns who won, though it is no longer for their eyes.
    if verb.name == "claim" && permitted && relation == Relation::Colleagues {
        return Answer::Code("already_claimed");
    }
    match verb.needs {
        _ if !seen => Answer::Unknown,
        Some((permission, _)) if !permitted => Answer::NotPermitted(permission),
        Some((permission, Reach::Related)) if !reaches(caller, relation, permission) => Answer::NotAssigned,
        _ => match (verb.then)(caller, relation) {
            "" => Answer::Done,
            code => Answer::Code(code),
        },
    }
}

/// Everything that an error tells a program, the id that was asked for aside.
fn told(error: &Error) -> String {
    match error {
        Error::NotFound { entity, .. } => format!("not found: {entity:?}"),
        other => format!("{} {other:?} {other}", other.code()),
    }
}

#[test]
fn every_verb_answers_what_the_page_says_and_hides_what_is_not_seen() {
    let mut wrong = Vec::new();
    for caller in Caller::ALL {
        let mut nowhere = World::new(caller, Relation::Unknown);
        let unknown: Vec<_> = VERBS
            .iter()
            .map(|verb| {
                let answer = (verb.run)(&nowhere);
                if answer.is_ok() {
                    nowhere = World::new(caller, Relation::Unknown);
                }
                answer.map_err(|error| told(&error))
            })
            .collect();
        for relation in Relation::ALL {
            let mut world = World::new(caller, relation);
            for (verb, unknown) in VERBS.iter().zip(&unknown) {
                let head = world.engine.head().unwrap();
                let answer = (verb.run)(&world);
                let expected = expected(verb, caller, relation);
                let right = match (&answer, &expected) {
                    (Ok(()), Answer::Done) => true,
                    (Err(error), Answer::Unknown) => {
                        let absent = match verb.needs {
                            // Whoever may do it to nothing at all is told so, whatever they name.
                            Some((permission, _)) if !holds(caller, permission) => {
                                matches!(error, Error::Refused(Refusal::NotPermitted { permission: needed }) if *needed == permission)
                                    || error.code() == "not_found"
                            }
                            _ => error.code() == "not_found",
                        };
                        absent && unknown.as_ref().err() == Some(&told(error))
                    }
                    (Err(Error::Refused(Refusal::NotPermitted { permission })), Answer::NotPermitted(needed)) => {
                        permission == needed
                    }
                    (Err(Error::Refused(Refusal::NotAssigned { assignee_id })), Answer::NotAssigned) => {
                        *assignee_id == relation.assignee()
                    }
                    (Err(error), Answer::Code(code)) => error.code() == *code,
                    _ => false,
                };
                if !right {
                    let name = verb.name;
                    wrong.push(format!(
                        "{name} by {caller:?} of {relation:?}: {:?}, not {expected:?} (of what is not there: {unknown:?})",
                        answer.as_ref().map_err(told)
                    ));
                }
                if answer.is_err() {
                    assert_eq!(world.engine.head().unwrap(), head, "{} was refused and left a trace", verb.name);
                }
                if answer.is_ok() && world.engine.head().unwrap() != head {
                    world = World::new(caller, relation);
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} cells are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// A number is of one contact only, so that whoever names it learns that it is taken; but not whose it is.
#[test]
fn a_number_of_somebody_who_is_not_seen_is_taken_and_tells_nothing_more() {
    use guiche_core::people::CreateContact;
    use guiche_testkit::sample;

    let again = |world: &World| {
        let phone = Some(format!("+{}", sample::wa_id(1)));
        world.desk.create_contact(&CreateContact {
            channel_id: Some(sample::CHANNEL),
            phone,
            ..CreateContact::default()
        })
    };
    for relation in Relation::ALL.into_iter().filter(|relation| *relation != Relation::Unknown) {
        let world = World::new(Caller::Clerk, relation);
        match again(&world) {
            Ok(done) => {
                assert!(sees(Caller::Clerk, relation), "{relation:?}");
                assert_eq!(done.outcome.contact.id, world.contact);
            }
            Err(error) => {
                assert!(!sees(Caller::Clerk, relation), "{relation:?}: {error:?}");
                assert_eq!(told(&error), "taken Conflict(Taken { field: \"phone\" }) conflict: taken");
            }
        }
        assert!(again(&World::new(Caller::Attendant, relation)).is_ok(), "who begins attendances chooses anybody");
    }
}

/// A desk that was open when its attendant left.
#[test]
fn whoever_has_left_gets_no_answer_from_any_verb() {
    use guiche_core::setup::SetupRow;

    for caller in [Caller::Attendant, Caller::Admin] {
        let world = World::new(caller, Relation::Own);
        let setup = world.engine.setup().unwrap();
        let mut me = setup.attendants[&world::ME].clone();
        me.archived = true;
        world.engine.admin().update_setup(&SetupRow::Attendant(me)).unwrap();
        let answers = VERBS.iter().map(|verb| (verb.name, (verb.run)(&world)));
        for (name, answer) in answers.chain(things::answers(&world)) {
            let told = answer.as_ref().map_err(told);
            assert_eq!(told, Err("not found: Attendant".to_owned()), "{name} by {caller:?}");
        }
    }
}
