//! The first contact: an attendance, its first template, the reply that opens the window.

use std::collections::BTreeSet;
use std::time::Duration;

use guiche_core::attendance::Phase;
use guiche_core::content::Content;
use guiche_core::id::{AttendanceId, MessageId};
use guiche_core::lifecycle::CreateAttendance;
use guiche_core::people::CreateContact;
use guiche_core::template::{Template, TemplateParameters};
use guiche_core::time::Timestamp;
use guiche_core::window::ServiceWindow;
use guiche_sandbox::Client;

use super::Day;
use super::rules::Rule;
use crate::failure::Failure;
use crate::language::Lang;
use crate::paint::{bold, dim};

/// Maria, who buys a flat.
pub(super) struct Maria {
    /// Her phone.
    pub(super) client: Client,
    /// The talk with her.
    pub(super) attendance: AttendanceId,
}

const PHONE: &str = "+55 11 98765-4321";
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// Kept clear of the end by the platform's rules.
const MARGIN: Duration = Duration::from_secs(60);

pub(super) fn play(day: &mut Day) -> Result<Maria, Failure> {
    day.chapter(1, "O primeiro contato", "The first contact");
    let client = day.stage.sandbox.client("Maria Souza", PHONE);
    let attendance = create(day)?;
    let template = first_template(day, attendance)?;
    reply(day, &client, attendance, template)?;
    Ok(Maria { client, attendance })
}

fn create(day: &mut Day) -> Result<AttendanceId, Failure> {
    day.at(1, 8, 5)?;
    let (desk, channel) = (day.desk(day.cast.ana)?, day.cast.channel);
    let contact = desk.create_contact(&CreateContact {
        name: Some("Maria".to_owned()),
        phone: Some(PHONE.to_owned()),
        ..CreateContact::default()
    })?;
    let command = |contact_id| CreateAttendance {
        contact_id,
        channel_id: channel,
        department_id: None,
        identity_id: None,
        assignee_id: None,
        attributes: [("campaign".to_owned(), "torre-b".to_owned())].into(),
        tags: BTreeSet::new(),
    };
    let contact_id = contact.outcome.contact.id;
    let created = desk.create_attendance(&command(contact_id))?.outcome;
    day.does(
        day.cast.ana,
        "cria o atendimento com Maria, e os modelos disponíveis já vêm junto:",
        "begins the attendance with Maria, and the templates that may be sent come with it:",
    );
    let listed = desk.sendable_templates(channel)?;
    day.check(Rule::TemplatesAtOnce, !created.templates.is_empty() && created.templates == listed);
    let ours = created.templates.iter().map(|row| &row.definition).filter(|row| row.language == "pt_BR");
    let names: Vec<_> = ours.take(6).map(|row| row.name.as_str()).collect();
    let all = created.templates.len();
    day.aside(&dim(&match day.lang {
        Lang::Pt => format!("{} … {all} ao todo, em dois idiomas", names.join(" · ")),
        Lang::En => format!("{} … {all} in all, in two languages", names.join(" · ")),
    }));
    day.window(created.attendance.id)?;

    day.does(day.cast.bruno, "tenta abrir outro atendimento com Maria", "tries to begin another attendance with Maria");
    let second = day.desk(day.cast.bruno)?.create_attendance(&command(contact_id));
    day.refused(Rule::AlreadyOpen, "already_open", second);
    Ok(created.attendance.id)
}

fn named(day: &Day, name: &str) -> Result<Template, Failure> {
    crate::commands::models::find_template(&day.stage.engine, day.cast.channel, name, None)
}

fn first_template(day: &mut Day, attendance: AttendanceId) -> Result<MessageId, Failure> {
    let desk = day.desk(day.cast.ana)?;
    day.at(1, 8, 6)?;
    day.does(day.cast.ana, "escreve direto: \"Oi, Maria!\"", "writes at once: \"Oi, Maria!\"");
    day.refused(Rule::AwaitsTheClient, "window_never_opened", desk.send_text(attendance, "Oi, Maria!"));

    let template = named(day, "appointment_reminder")?;
    day.does(
        day.cast.ana,
        "escolhe o modelo appointment_reminder e esquece campos",
        "selects the template appointment_reminder and forgets fields",
    );
    let incomplete = TemplateParameters::named([("first_name", "Maria"), ("visit_date", "  ")]);
    let refusal = desk.send_template(attendance, template.id, incomplete);
    let names_both = refusal.as_ref().err().is_some_and(|error| {
        let text = error.explain(day.lang.locale());
        text.contains("body.visit_date") && text.contains("body.visit_time")
    });
    day.check(Rule::FieldsNamed, names_both);
    day.refused(Rule::FieldsNamed, "template_parameters", refusal);

    let whole =
        TemplateParameters::named([("first_name", "Maria"), ("visit_date", "terça, 24/11"), ("visit_time", "10h")]);
    let preview = desk.preview_template(attendance, template.id, &whole)?;
    day.stage.settle()?;
    day.check(Rule::SelectingSendsNothing, day.received() == 0 && !preview.body.is_empty());
    day.does(
        day.cast.ana,
        "completa, confere a prévia (nada saiu ainda) e aperta Enviar — duas vezes",
        "completes it, looks at the preview (nothing has left yet) and presses send — twice",
    );

    let press = desk.request("press-1");
    let done = press.send_template(attendance, template.id, whole.clone())?;
    let again = press.send_template(attendance, template.id, whole)?;
    day.check(Rule::DoublePress, again.repeated && again.outcome.message.id == done.outcome.message.id);
    let message = day.goes(&done)?;
    day.check(Rule::DoublePress, day.received() == 1);
    day.check(Rule::SelectingSendsNothing, day.received() == 1);

    let shown = desk.message(message)?;
    let Content::Template(stored) = &shown.message.content else {
        day.check(Rule::StoredIsSent, false);
        return Ok(message);
    };
    let maria = day.stage.sandbox.client("Maria Souza", PHONE).inbox();
    day.check(Rule::StoredIsSent, stored.rendered == preview);
    day.check(Rule::StoredIsSent, maria.len() == 1 && maria.iter().all(|read| read.text == stored.rendered.body));
    let wa_id = day.stage.sandbox.client("Maria Souza", PHONE).wa_id();
    let recipients: Vec<_> = day.stage.sandbox.received().into_iter().filter_map(|body| body.recipient).collect();
    day.check(
        Rule::LinkedClient,
        !recipients.is_empty() && recipients.iter().all(|to| to.trim_start_matches('+') == wa_id),
    );
    let phase = desk.attendance(attendance)?.attendance.phase;
    day.check(Rule::AwaitsTheClient, phase == Phase::AwaitingContact);
    let phase = day.looks().phase(phase);
    day.aside(&format!("{} {}", day.say("o atendimento está:", "the attendance is:"), bold(phase)));

    day.at(1, 8, 7)?;
    day.does(day.cast.ana, "insiste em texto livre", "insists on free text");
    day.refused(Rule::AwaitsTheClient, "window_never_opened", desk.send_text(attendance, "Maria, tudo bem?"));
    Ok(message)
}

fn reply(day: &mut Day, client: &Client, attendance: AttendanceId, template: MessageId) -> Result<(), Failure> {
    day.at(1, 8, 21)?;
    let desk = day.desk(day.cast.ana)?;
    let wamid = desk.message(template)?.delivery.and_then(|delivery| delivery.wamid).unwrap_or_default();
    // Meta writes whole seconds.
    let wrote_at = Timestamp::from_seconds(day.now().as_millis() / 1_000);
    let tapped = client.taps(&wamid, "Confirmar").is_ok();
    day.comes(attendance)?;
    day.window(attendance)?;
    let window = desk.window(attendance)?.window;
    let until = match window {
        ServiceWindow::Open { until, .. } => until,
        _ => None,
    };
    day.check(Rule::ReplyOpens, tapped && until == Some(wrote_at + DAY - MARGIN));
    let by_meta = client.window_until_ms();
    day.check(Rule::ReplyOpens, by_meta == Some((wrote_at + DAY).as_millis()));
    day.check(Rule::ReplyOpens, desk.attendance(attendance)?.attendance.phase == Phase::InConversation);
    Ok(())
}
