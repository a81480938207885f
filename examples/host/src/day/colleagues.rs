//! Colleagues: who takes the stranger, what they write down, where the talk belongs.

use std::sync::Barrier;
use std::thread;

use guiche_core::attendance::Attendance;
use guiche_core::desk::{Desk, DeskChange};
use guiche_core::engine::Done;
use guiche_core::error::{Error, Refusal};
use guiche_core::id::AttendanceId;
use guiche_core::inbox::{Days, InboxFilter};
use guiche_core::lifecycle::Transfer;
use guiche_core::note::WriteNote;
use guiche_core::template::TemplateParameters;
use guiche_sandbox::{Client, ClientOptions, TemplateStatus};

use super::Day;
use super::rules::Rule;
use crate::failure::Failure;
use crate::paint::{bold, dim, yellow};

/// João, whose tap drips.
pub(super) struct Joao {
    /// His phone.
    pub(super) client: Client,
    /// The talk with him.
    pub(super) attendance: AttendanceId,
    /// The talk with Rita, whom Bruno answers.
    pub(super) rita: AttendanceId,
}

const ROUNDS: u32 = 20;
pub(super) const NOTE: &str = "Cliente já reclamou em setembro. Falar com o Seu Nilo antes da visita.";

pub(super) fn play(day: &mut Day) -> Result<Joao, Failure> {
    day.chapter(1, "Um desconhecido, e quem o atende", "A stranger, and who attends him");
    let (client, attendance) = stranger(day)?;
    let joao = Joao { client, attendance, rita: race(day)? };
    claim(day, joao.attendance)?;
    describe(day, &joao)?;
    transfer(day, &joao)?;
    paused(day, joao.attendance)?;
    Ok(joao)
}

/// The one attendance that began since, by whichever contact.
fn newest(day: &Day) -> Result<AttendanceId, Failure> {
    let page = day.office().inbox(&InboxFilter { limit: Some(1), ..InboxFilter::default() })?;
    let card = page.cards.into_iter().next();
    Ok(card.ok_or_else(|| Error::store("no_attendance"))?.id)
}

fn stranger(day: &mut Day) -> Result<(Client, AttendanceId), Failure> {
    day.at(1, 9, 2)?;
    let before = day.office().inbox(&InboxFilter::default())?.cards.len();
    let client = day.stage.sandbox.client("Joca", "+55 11 91234-5678");
    client.sends_text("Bom dia! Aqui é do 42 da Torre B.");
    // Meta writes whole seconds: two messages in one would have no order of their own.
    day.stage.sandbox.advance(3_000);
    client.sends_text("A torneira da cozinha está pingando 😩");
    day.stage.settle()?;
    let attendance = newest(day)?;
    let mut messages = day.office().messages(attendance, None, 10)?;
    messages.reverse();
    for shown in &messages {
        day.bubble(shown.message.id)?;
    }
    let after = day.office().inbox(&InboxFilter::default())?.cards.len();
    day.check(Rule::QuickMessagesOneTalk, messages.len() == 2 && after == before + 1);
    let row = day.office().attendance(attendance)?.attendance;
    day.check(Rule::QuickMessagesOneTalk, row.department_id == day.cast.sales && row.assignee_id.is_none());
    day.well(
        "um atendimento só, no ramal padrão (Vendas), sem responsável",
        "one attendance, in the default department (Vendas), unassigned",
    );
    Ok((client, attendance))
}

fn claim_of(desk: &Desk, id: AttendanceId, start: &Barrier) -> Result<Done<Attendance>, Error> {
    start.wait();
    desk.claim(id)
}

/// Rita, who hides her phone, and two pairs of hands that reach for her at the same instant, again and again.
fn race(day: &mut Day) -> Result<AttendanceId, Failure> {
    day.at(1, 9, 5)?;
    let options = ClientOptions::new("Rita", "+55 21 99876-5432").username("rita.lima").phone_hidden();
    let rita = day.stage.sandbox.client_with(&options);
    rita.sends_text("Oi, vocês abrem no sábado?");
    day.stage.settle()?;
    let id = newest(day)?;
    day.comes(id)?;
    let (ana, bruno, carla) = (day.desk(day.cast.ana)?, day.desk(day.cast.bruno)?, day.desk(day.cast.carla)?);
    let mut fair = 0;
    for _ in 0..ROUNDS {
        let start = Barrier::new(2);
        let (one, other) = thread::scope(|scope| {
            let one = scope.spawn(|| claim_of(&ana, id, &start));
            let other = claim_of(&bruno, id, &start);
            (one.join(), other)
        });
        let Ok(one) = one else { break };
        let winner = day.office().attendance(id)?.attendance.assignee_id;
        let loser = match (one, other) {
            (Ok(_), Err(error)) | (Err(error), Ok(_)) => error,
            _ => break,
        };
        if matches!(loser, Error::Refused(Refusal::AlreadyClaimed { by, .. }) if Some(by) == winner) {
            fair += 1;
        }
        carla.assign(id, None, None)?;
    }
    day.check(Rule::ClaimRace, fair == ROUNDS);
    day.well(
        "Ana e Bruno disputaram Rita 20 vezes no mesmo instante: sempre um ganhou, e o outro soube quem",
        "Ana and Bruno raced for Rita 20 times at the same instant: one always won, the other learned who",
    );
    day.at(1, 9, 7)?;
    bruno.claim(id)?;
    let done = bruno.send_text(id, "Abrimos sim, Rita! Das 9h às 13h.")?;
    day.does(
        day.cast.bruno,
        "assume Rita, que esconde o telefone: a resposta vai pelo id da plataforma",
        "claims Rita, who hides her phone: the answer goes by the platform's id",
    );
    day.goes(&done)?;
    let identity = day.office().attendance(id)?.identity;
    let arrived = rita.inbox().iter().any(|message| message.text == "Abrimos sim, Rita! Das 9h às 13h.");
    day.check(Rule::NoPhone, identity.wa_id.is_none() && arrived);
    Ok(id)
}

fn claim(day: &mut Day, id: AttendanceId) -> Result<(), Failure> {
    day.at(1, 9, 10)?;
    day.desk(day.cast.ana)?.claim(id)?;
    day.does(day.cast.ana, "assume o atendimento do desconhecido", "claims the stranger's attendance");
    day.at(1, 9, 11)?;
    let second = day.desk(day.cast.bruno)?.claim(id);
    day.does(day.cast.bruno, "tenta assumir o mesmo", "tries to claim the same one");
    if let Err(Error::Refused(Refusal::AlreadyClaimed { by, .. })) = &second {
        let ana = day.cast.ana;
        day.check(Rule::ClaimRace, *by == ana);
    }
    day.refused(Rule::ClaimRace, "already_claimed", second);
    Ok(())
}

fn describe(day: &mut Day, joao: &Joao) -> Result<(), Failure> {
    day.at(1, 9, 15)?;
    let (desk, id, cast) = (day.desk(day.cast.ana)?, joao.attendance, day.cast);
    let before = desk.attendance(id)?;
    desk.write_note(&WriteNote::new(id, NOTE))?;
    day.does(cast.ana, "anota, só para a equipe:", "writes a note, for colleagues only:");
    day.aside(&yellow(&format!("✎ {NOTE}")));

    desk.set_recipient_name(id, Some("João Pereira (Torre B, 42)"))?;
    desk.change_tags(id, [cast.tower], [])?;
    desk.set_type(id, Some(cast.repair))?;
    desk.set_status(id, Some(cast.visit_booked))?;
    let after = desk.attendance(id)?;
    day.does(cast.ana, "dá nome, tag, tipo e status", "gives name, tag, type and status");
    let heading = day.looks().heading(&after, day.now());
    let two: Vec<_> = heading.lines().take(2).collect();
    day.block(&two.join("\n"));
    let row = &after.attendance;
    day.check(Rule::Tag, row.tags.contains(&cast.tower));
    let listed = desk.inbox(&InboxFilter { tags: vec![cast.tower], ..InboxFilter::default() })?;
    day.check(Rule::Tag, listed.cards.iter().map(|card| card.id).eq([id]));
    day.check(Rule::Type, row.type_id == Some(cast.repair));
    day.check(
        Rule::Status,
        row.status_id == Some(cast.visit_booked)
            && (row.phase, row.placement) == (before.attendance.phase, before.attendance.placement)
            && after.window.window == before.window.window,
    );
    let notes = desk.notes(id, None, 10)?;
    day.check(Rule::Note, notes.len() == 1 && notes.iter().all(|shown| shown.note.text == NOTE));
    day.check(Rule::Rename, after.contact.name() == "João Pereira (Torre B, 42)");
    Ok(())
}

fn transfer(day: &mut Day, joao: &Joao) -> Result<(), Failure> {
    day.at(1, 9, 20)?;
    let (id, cast) = (joao.attendance, day.cast);
    let (ana, davi, carla) = (day.desk(cast.ana)?, day.desk(cast.davi)?, day.desk(cast.carla)?);
    let (received, cursor) = (day.received(), day.stage.engine.head()?);
    let done = ana.transfer(&Transfer {
        attendance_id: id,
        department_id: cast.maintenance,
        assignee_id: None,
        note: Some("Setor errado: é torneira, não venda.".to_owned()),
        version: None,
    })?;
    day.stage.settle()?;
    day.does(cast.ana, "transfere para Manutenção, com um recado", "transfers it to Manutenção, with a note");
    let row = done.outcome;
    day.check(Rule::Transfer, row.department_id == cast.maintenance && row.assignee_id.is_none());
    day.check(Rule::Transfer, day.received() == received);
    day.does(cast.ana, "abre o atendimento de novo, por curiosidade", "opens the attendance again, out of curiosity");
    day.refused(Rule::Sight, "not_found", ana.attendance(id));
    let any = InboxFilter { days: Some(Days::Any), ..InboxFilter::default() };
    let listed = ana.inbox(&any)?.cards.iter().any(|card| card.id == id);
    let gone = ana.changes_since(cursor, 100)?.changes;
    let told =
        gone.iter().any(|change| matches!(change, DeskChange::Gone { attendance_id, .. } if *attendance_id == id));
    day.check(Rule::Sight, !listed && told);

    day.at(1, 9, 24)?;
    davi.claim(id)?;
    carla.assign(id, Some(cast.elisa), None)?;
    day.does(cast.davi, "assume", "claims it");
    day.does(
        cast.carla,
        "(gestora) passa para Elisa, que está no prédio",
        "(supervisor) hands it to Elisa, who is in the building",
    );
    let row = carla.attendance(id)?.attendance;
    day.check(Rule::Reassign, row.assignee_id == Some(cast.elisa));

    day.at(1, 9, 26)?;
    joao.client.changes_name("Joca 🔧");
    joao.client.sends_text("Alguém pode vir hoje?");
    day.comes(id)?;
    let contact = day.desk(cast.elisa)?.attendance(id)?.contact;
    day.check(Rule::Rename, contact.name() == "João Pereira (Torre B, 42)");
    day.check(Rule::Rename, contact.profile_name.as_deref() == Some("Joca 🔧"));
    day.well(
        "o perfil mudou para \"Joca 🔧\"; na tela continua João",
        "the profile became \"Joca 🔧\"; the screen keeps João",
    );
    Ok(())
}

/// Meta pauses a template; the webhook is enough for it not to be sent.
fn paused(day: &mut Day, id: AttendanceId) -> Result<(), Failure> {
    day.at(1, 9, 40)?;
    day.stage.sandbox.set_template_status("order_update", "pt_BR", TemplateStatus::Paused);
    day.stage.settle()?;
    day.line(&format!(
        "{} {}",
        bold("Meta"),
        dim(day.say(
            "pausa o modelo order_update por baixa qualidade",
            "pauses the template order_update for low quality"
        ))
    ));
    let elisa = day.desk(day.cast.elisa)?;
    let template =
        crate::commands::models::find_template(&day.stage.engine, day.cast.channel, "order_update", Some("pt_BR"))?;
    let refusal = elisa.send_template(id, template.id, TemplateParameters::positional(["João", "42"]));
    day.does(day.cast.elisa, "tenta enviar esse modelo", "tries to send that template");
    day.refused(Rule::Paused, "template_not_sendable", refusal);
    let offered = elisa.sendable_templates(day.cast.channel)?;
    day.check(Rule::Paused, offered.iter().all(|row| row.id != template.id));
    Ok(())
}
