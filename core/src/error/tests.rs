//! Every error has a code of its own and a sentence with a next step in both languages, and the glossary lists it.

use std::collections::BTreeSet;

use super::*;
use crate::inbound::{ErrorClass, PlatformError};
use crate::template::ParameterFault;

fn every_refusal() -> Vec<Refusal> {
    let at = Timestamp::parse("2026-11-24T17:32:00Z").expect("an instant");
    let attendant = AttendantId::from_raw(1);
    let all = vec![
        Refusal::WindowClosed { since: at, sendable_templates: 3 },
        Refusal::WindowNeverOpened { sendable_templates: 1 },
        Refusal::AttendanceFinished,
        Refusal::AttendanceTrashed,
        Refusal::NothingToDo,
        Refusal::NotPermitted { permission: Permission::Restore },
        Refusal::NotAssigned { assignee_id: None },
        Refusal::AlreadyClaimed { by: attendant, at },
        Refusal::NotInDepartment { attendant_id: attendant, department_id: DepartmentId::from_raw(2) },
        Refusal::TemplateNotSendable { status: TemplateStatus::Paused, reason: Some("FIRST_PAUSE".to_owned()) },
        Refusal::TemplateChanged { sent: 1, now: 2 },
        Refusal::TemplateOfOtherAccount,
        Refusal::TemplateParameters {
            problems: vec![
                ParameterProblem { field: "header".to_owned(), fault: ParameterFault::Missing },
                ParameterProblem { field: "body.nome".to_owned(), fault: ParameterFault::Blank },
            ],
        },
        Refusal::MarketingStopped { since: at },
        Refusal::ChannelHasNoTemplates,
        Refusal::MediaTooLarge { kind: MediaKind::Image, limit: 5 * 1_048_576, actual: 9 * 1_048_576 },
        Refusal::MediaTypeNotAccepted {
            kind: MediaKind::Image,
            found: "image/webp".to_owned(),
            accepted: vec!["image/jpeg".to_owned(), "image/png".to_owned()],
        },
        Refusal::TextTooLong { limit: 4_096, actual: 5_000 },
        Refusal::ContentNotSupported { kind: "order".to_owned() },
        Refusal::NoAddress,
        Refusal::NeedsPhone,
        Refusal::MissingToFinish { missing: vec![FinishRequirement::Tag, FinishRequirement::AttendanceType] },
        Refusal::SameContact,
        Refusal::ContactMerged { into: ContactId::from_raw(3) },
        Refusal::OpenOnBoth { channels: vec![ChannelId::from_raw(4)] },
        Refusal::WrongDeliveryState { state: "read".to_owned() },
        Refusal::NoEyes,
        Refusal::SuppliedMarker,
        Refusal::NotTheAuthor { author_id: Some(attendant) },
        Refusal::TicketNotEnabled,
        Refusal::ModulesMissing,
        Refusal::ContactErased,
        Refusal::UnderWay { until: at },
    ];
    // A new refusal does not compile here until it is in the list above.
    for refusal in &all {
        match refusal {
            Refusal::WindowClosed { .. }
            | Refusal::WindowNeverOpened { .. }
            | Refusal::AttendanceFinished
            | Refusal::AttendanceTrashed
            | Refusal::NothingToDo
            | Refusal::NotPermitted { .. }
            | Refusal::NotAssigned { .. }
            | Refusal::AlreadyClaimed { .. }
            | Refusal::NotInDepartment { .. }
            | Refusal::TemplateNotSendable { .. }
            | Refusal::TemplateChanged { .. }
            | Refusal::TemplateOfOtherAccount
            | Refusal::TemplateParameters { .. }
            | Refusal::MarketingStopped { .. }
            | Refusal::ChannelHasNoTemplates
            | Refusal::MediaTooLarge { .. }
            | Refusal::MediaTypeNotAccepted { .. }
            | Refusal::TextTooLong { .. }
            | Refusal::ContentNotSupported { .. }
            | Refusal::NoAddress
            | Refusal::NeedsPhone
            | Refusal::MissingToFinish { .. }
            | Refusal::SameContact
            | Refusal::ContactMerged { .. }
            | Refusal::OpenOnBoth { .. }
            | Refusal::WrongDeliveryState { .. }
            | Refusal::NoEyes
            | Refusal::SuppliedMarker
            | Refusal::NotTheAuthor { .. }
            | Refusal::TicketNotEnabled
            | Refusal::ModulesMissing
            | Refusal::ContactErased
            | Refusal::UnderWay { .. } => {}
        }
    }
    all
}

fn every_error() -> Vec<Error> {
    let platform = PlatformError {
        code: 190,
        class: ErrorClass::Configuration,
        title: String::new(),
        details: String::new(),
        http_status: 401,
        trace_id: None,
        wait_ms: None,
    };
    let mut all: Vec<Error> = every_refusal().into_iter().map(Error::Refused).collect();
    all.extend(
        [
            Problem::Blank,
            Problem::TooLong { limit: 120, actual: 200 },
            Problem::TooMany { limit: 3, actual: 4 },
            Problem::TooFew { least: 2, actual: 1 },
            Problem::OutOfRange { least: 1, most: 9, actual: 0 },
            Problem::Repeated,
            Problem::NotAllowed,
            Problem::WrongKind { expected: "image".to_owned() },
            Problem::NotAPhoneNumber,
            Problem::Malformed,
            Problem::NoHandle,
            Problem::Archived,
            Problem::UnknownZone,
            Problem::InThePast,
        ]
        .map(|problem| Error::invalid("name", problem)),
    );
    all.push(Error::not_found(Entity::Attendance, 1));
    all.extend(
        [
            Conflict::AlreadyOpen { attendance_id: None, department_id: None, assignee_id: None },
            Conflict::PairOccupied { attendance_id: None },
            Conflict::DifferentContent,
            Conflict::Changed { version: 2 },
            Conflict::Taken { field: "login".to_owned() },
        ]
        .map(Error::Conflict),
    );
    all.extend([Error::Busy, Error::Closed]);
    all.extend(store::STORE_CODES.iter().map(|told| Error::store(told.code)));
    all.extend(
        [
            TransferError::Platform(platform),
            TransferError::Network { reason: "timeout".to_owned() },
            TransferError::CursorExpired,
            TransferError::Unreadable { reason: "not_json".to_owned() },
            TransferError::HostNotAllowed,
            TransferError::Media { reason: "missing".to_owned() },
            TransferError::Cancelled,
        ]
        .map(Error::Messaging),
    );
    all
}

#[test]
fn every_error_has_a_code_of_its_own() {
    let all = every_error();
    let codes: BTreeSet<_> = all.iter().map(Error::code).collect();
    assert_eq!(codes.len(), all.len());
    for code in codes {
        assert!(code.chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{code} is snake_case");
    }
}

#[test]
fn every_error_is_explained_in_both_languages() {
    for error in every_error() {
        let (pt, en) = (error.explain(Locale::PtBr), error.explain(Locale::En));
        assert!(pt.len() > 10 && en.len() > 10, "{}", error.code());
        assert_ne!(pt, en, "{}", error.code());
        // What happened, and what to do next: at least two clauses.
        for text in [&pt, &en] {
            assert!(text.matches(['.', ':', ';']).count() >= 1 && text.ends_with('.'), "{text}");
        }
    }
}

#[test]
fn a_closed_window_is_explained_with_the_hour_on_the_persons_clock_and_the_next_step() {
    let since = Timestamp::parse("2026-11-24T17:32:00Z").expect("an instant");
    let error = Error::from(Refusal::WindowClosed { since, sendable_templates: 3 });
    assert_eq!(
        error.explain_at(Locale::PtBr, -180),
        "A janela de conversa fechou em 24/11 14:32. Envie um dos 3 modelos disponíveis para retomar o contato."
    );
}

#[test]
fn an_error_names_the_instant_whose_offset_its_sentence_wants() {
    for error in every_error() {
        let told = error.explain(Locale::En) != error.explain_at(Locale::En, -180);
        assert_eq!(error.instant().is_some(), told, "{}", error.code());
    }
    let until = Timestamp::parse("2026-11-24T17:32:00Z").expect("an instant");
    assert_eq!(Error::from(Refusal::UnderWay { until }).instant(), Some(until));
}

/// The glossary of codes in `core/docs/errors.md`, as it has to be now.
#[test]
fn the_glossary_of_codes_is_up_to_date() {
    let mut rows = Vec::new();
    for error in every_error() {
        let retry = match error.retry() {
            Retry::Never => "never",
            Retry::Later => "later",
            Retry::AfterFix => "after a fix",
        };
        rows.push(format!(
            "| `{}` | {retry} | {} | {} |",
            error.code(),
            error.explain(Locale::PtBr),
            error.explain(Locale::En)
        ));
    }
    let glossary = format!(
        "# Errors\n\nEvery code that the engine answers, whether trying again helps, and what a person reads. A code keeps its \
         meaning for ever. A test keeps this page true: it prints the page when it is not.\n\n\
         | code | again | pt-BR | en |\n|---|---|---|---|\n{}\n",
        rows.join("\n")
    );
    assert!(glossary == include_str!("../../docs/errors.md"), "core/docs/errors.md should be:\n\n{glossary}");
}
