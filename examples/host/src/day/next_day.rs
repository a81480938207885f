//! Twenty-four hours later: windows close by themselves, a template resumes, and what grew old in the queue stays.

use guiche_core::content::Content;
use guiche_core::delivery::{DeliveryState, HeldReason};
use guiche_core::desk::LegalAction;
use guiche_core::error::Error;
use guiche_core::event::{Actor, EventKind};
use guiche_core::id::AttendanceId;
use guiche_core::inbox::InboxFilter;
use guiche_core::template::TemplateParameters;
use guiche_core::window::ServiceWindow;
use guiche_sandbox::Client;

use super::Day;
use super::first_contact::Maria;
use super::rules::Rule;
use crate::commands::models::find_template;
use crate::failure::Failure;

/// Pedro, who waits for a proposal.
pub(super) struct Pedro {
    /// His phone.
    pub(super) client: Client,
    /// The talk with him.
    pub(super) attendance: AttendanceId,
}

const PROPOSAL: &str = "Pedro, a proposta ficou pronta: posso mandar?";

pub(super) fn play(day: &mut Day, maria: &Maria, pedro: &Pedro) -> Result<(), Failure> {
    central(day)?;
    day.chapter(2, "Vinte e quatro horas depois", "Twenty-four hours later");
    expiry(day, maria)?;
    resume(day, maria)?;
    day.chapter(2, "Mais velha que a janela", "Older than the window");
    held(day, pedro)
}

pub(super) fn promise(day: &mut Day) -> Result<Pedro, Failure> {
    day.chapter(1, "Uma promessa para amanhã", "A promise for tomorrow");
    day.at(1, 10, 30)?;
    let client = day.stage.sandbox.client("Pedro", "+55 31 98888-7777");
    client.sends_text("Consegue me mandar a proposta do 81?");
    day.stage.settle()?;
    let newest = day.office().inbox(&InboxFilter { limit: Some(1), ..InboxFilter::default() })?.cards;
    let attendance = newest.first().map(|card| card.id).ok_or_else(|| Error::store("no_attendance"))?;
    day.comes(attendance)?;
    let bruno = day.desk(day.cast.bruno)?;
    bruno.claim(attendance)?;
    day.at(1, 10, 32)?;
    let done = bruno.send_text(attendance, "Claro, Pedro. Amanhã cedo está com você.")?;
    day.goes(&done)?;
    day.window(attendance)?;
    Ok(Pedro { client, attendance })
}

fn central(day: &mut Day) -> Result<(), Failure> {
    day.at(1, 18, 0)?;
    day.does(
        day.cast.carla,
        "(gestora) olha a Central antes de ir embora:",
        "(supervisor) looks at the inbox before leaving:",
    );
    let cards = day.desk(day.cast.carla)?.inbox(&InboxFilter::default())?.cards;
    for card in &cards {
        day.block(&day.looks().card(card, day.now()));
    }
    Ok(())
}

fn expiry(day: &mut Day, maria: &Maria) -> Result<(), Failure> {
    let head = day.stage.engine.head()?;
    day.at(2, 8, 40)?;
    let since = day.stage.engine.changes_since(head, 10_000)?;
    let of_maria: Vec<_> = since.iter().filter(|event| event.attendance_id == Some(maria.attendance)).collect();
    let notice = of_maria.iter().position(|event| matches!(event.kind, EventKind::WindowClosing { .. }));
    let end = of_maria.iter().position(|event| matches!(event.kind, EventKind::WindowExpired { .. }));
    day.check(Rule::LocksByItself, notice.is_some() && notice < end);
    day.check(Rule::LocksByItself, of_maria.iter().all(|event| event.actor == Actor::Engine));
    let on_time = of_maria.iter().all(|event| match event.kind {
        EventKind::WindowExpired { since, .. } => event.at == since,
        _ => true,
    });
    day.check(Rule::LocksByItself, on_time);

    let (ana, received) = (day.desk(day.cast.ana)?, day.received());
    day.does(
        day.cast.ana,
        "escreve: \"Bom dia, Maria! Confirmado para as 10h?\"",
        "writes: \"Bom dia, Maria! Confirmado para as 10h?\"",
    );
    day.refused(
        Rule::LocksByItself,
        "window_closed",
        ana.send_text(maria.attendance, "Bom dia, Maria! Confirmado para as 10h?"),
    );
    day.stage.settle()?;
    day.check(Rule::LocksByItself, day.received() == received && !maria.client.window_is_open());
    let view = ana.window(maria.attendance)?;
    day.check(
        Rule::AlwaysAWayForward,
        view.sendable_templates > 0
            && view.actions.contains(&LegalAction::SendTemplate)
            && !view.actions.contains(&LegalAction::SendFreeForm),
    );
    let actions = day.looks().actions(&view);
    day.aside(&format!("{} {actions}", day.say("o que ainda pode:", "what may still be done:")));
    Ok(())
}

fn resume(day: &mut Day, maria: &Maria) -> Result<(), Failure> {
    day.at(2, 8, 41)?;
    let ana = day.desk(day.cast.ana)?;
    let template = find_template(&day.stage.engine, day.cast.channel, "attendance_resume", None)?;
    let done = ana.send_template(maria.attendance, template.id, TemplateParameters::default())?;
    let message = day.goes(&done)?;
    let wamid = ana.message(message)?.delivery.and_then(|delivery| delivery.wamid);
    day.check(Rule::TemplateResumes, wamid.is_some());
    day.at(2, 8, 47)?;
    maria.client.replies(&wamid.unwrap_or_default(), "Oi! Desculpa, confirmado sim 🙏");
    day.comes(maria.attendance)?;
    day.window(maria.attendance)?;
    let window = ana.window(maria.attendance)?.window;
    day.check(Rule::TemplateResumes, matches!(window, ServiceWindow::Open { .. }));
    let done = ana.send_text(maria.attendance, "Ótimo! Até já.")?;
    day.goes(&done)?;
    day.check(Rule::TemplateResumes, maria.client.inbox().iter().any(|message| message.text == "Ótimo! Até já."));
    Ok(())
}

fn held(day: &mut Day, pedro: &Pedro) -> Result<(), Failure> {
    day.at(2, 10, 28)?;
    let bruno = day.desk(day.cast.bruno)?;
    let message = bruno.send_text(pedro.attendance, PROPOSAL)?.outcome.message.id;
    day.does(
        day.cast.bruno,
        "escreve a Pedro no último minuto, e a internet do balcão cai",
        "writes to Pedro in the last minute, and the counter's internet fails",
    );
    day.window(pedro.attendance)?;
    day.bubble(message)?;

    day.at(2, 10, 35)?;
    let report = day.stage.engine.pump(100)?;
    day.line(day.say(
        "a internet volta; a fila anda, e as regras são conferidas de novo na saída",
        "the internet is back; the queue moves, and the rules are asked again at the door",
    ));
    day.bubble(message)?;
    let state = bruno.message(message)?.delivery.map(|delivery| delivery.state);
    day.check(Rule::OlderThanTheWindow, report.held == 1);
    day.check(Rule::OlderThanTheWindow, state == Some(DeliveryState::Held { reason: HeldReason::WindowClosed }));
    let listed = day.stage.engine.admin().deliveries_in("held", None, 10)?;
    day.check(Rule::OlderThanTheWindow, listed.iter().map(|delivery| delivery.message_id).eq([message]));

    day.does(day.cast.bruno, "troca a mensagem retida por um modelo", "sends a template instead of the held message");
    let template = find_template(&day.stage.engine, day.cast.channel, "contract_ready", None)?;
    let parameters = TemplateParameters {
        header: Some(guiche_core::template::HeaderParameter::Text(guiche_core::template::TextParameter {
            name: None,
            value: guiche_core::template::ParameterValue::Text { text: "81".to_owned() },
        })),
        ..TemplateParameters::positional(["Pedro"])
    };
    let done = bruno.replace_with_template(message, template.id, parameters)?;
    let replacement = day.goes(&done)?;
    day.bubble(message)?;
    let state = bruno.message(message)?.delivery.map(|delivery| delivery.state);
    day.check(Rule::HeldReplaced, state == Some(DeliveryState::Replaced { by: replacement }));
    let content = bruno.message(message)?.message.content;
    day.check(Rule::HeldReplaced, matches!(content, Content::Text { body, .. } if body == PROPOSAL));
    let read: Vec<_> = pedro.client.inbox().into_iter().map(|message| (message.kind, message.text)).collect();
    day.check(Rule::OlderThanTheWindow, read.iter().all(|(_, text)| text != PROPOSAL));
    day.check(Rule::HeldReplaced, read.last().is_some_and(|(kind, _)| kind == "template"));
    Ok(())
}
