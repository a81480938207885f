//! Endings: finish and keep, finish and archive, trash, restore; and clients who write again.

use guiche_core::attendance::{Attendance, Disposition, Phase, Placement, RestoreAs, TrashDoor};
use guiche_core::id::AttendanceId;
use guiche_core::inbox::{Days, InboxFilter};
use guiche_core::ingest::{InboundRule, ItemReport};

use super::Day;
use super::colleagues::Joao;
use super::first_contact::Maria;
use super::next_day::Pedro;
use super::rules::Rule;
use crate::failure::Failure;
use crate::paint::bold;

pub(super) fn play(day: &mut Day, maria: &Maria, joao: &Joao, pedro: &Pedro) -> Result<(), Failure> {
    day.chapter(2, "Finalizar e manter", "Finish and keep");
    keep(day, maria)?;
    reopen(day, maria)?;
    never_reopens(day, joao)?;
    day.chapter(2, "A Lixeira, ida e volta", "The trash, there and back");
    archive(day, maria)?;
    trash(day, pedro)?;
    occupied(day, pedro)
}

/// Whether the Central, or the trash, lists an attendance.
fn listed(day: &Day, id: AttendanceId, trash: bool) -> Result<bool, Failure> {
    let page = day.office().inbox(&InboxFilter { trash, days: Some(Days::Any), ..InboxFilter::default() })?;
    Ok(page.cards.iter().any(|card| card.id == id))
}

/// What the engine reported of the last element that the receiver took in.
fn last_item(day: &Day) -> Option<ItemReport> {
    day.stage.visits().into_iter().filter_map(|visit| visit.report).flat_map(|report| report.items).next_back()
}

/// The same but for its history, which only grows.
fn same_but_for_history(a: &Attendance, b: &Attendance) -> bool {
    let b = Attendance { version: a.version, entries: a.entries, ..b.clone() };
    *a == b
}

fn keep(day: &mut Day, maria: &Maria) -> Result<(), Failure> {
    day.at(2, 11, 30)?;
    let (ana, id) = (day.desk(day.cast.ana)?, maria.attendance);
    let received = day.received();
    day.does(day.cast.ana, "finaliza o atendimento de Maria", "finishes the attendance with Maria");
    day.refused(Rule::FinishRequires, "missing_to_finish", ana.finish(id, Disposition::Keep));
    ana.set_type(id, Some(day.cast.commercial))?;
    let done = ana.finish(id, Disposition::Keep)?.outcome;
    day.stage.settle()?;
    day.does(
        day.cast.ana,
        "define o tipo Comercial e escolhe Manter",
        "sets the type Comercial and chooses to keep it",
    );
    day.check(Rule::FinishKeep, done.phase == Phase::Finished && done.placement == Placement::Central);
    let in_central = listed(day, id, false)?;
    day.check(Rule::FinishKeep, in_central && day.received() == received);
    day.well(
        "finalizado, ainda na Central, e Maria não recebeu nada",
        "finished, still in the inbox, and Maria received nothing",
    );
    day.does(day.cast.ana, "lembra de mais uma coisa e escreve", "remembers one more thing and writes");
    day.refused(Rule::FinishedTakesNothing, "attendance_finished", ana.send_text(id, "Ah, Maria, traga o RG!"));
    Ok(())
}

fn reopen(day: &mut Day, maria: &Maria) -> Result<(), Failure> {
    day.at(2, 13, 5)?;
    day.stage.visits();
    maria.client.sends_text("Esqueci de perguntar: aceita pet? 🐕");
    day.comes(maria.attendance)?;
    let item = last_item(day);
    let row = day.office().attendance(maria.attendance)?.attendance;
    day.check(Rule::Reopen, item.is_some_and(|item| item.rule == Some(InboundRule::Reopened)));
    day.check(Rule::Reopen, row.phase == Phase::InConversation && row.assignee_id == Some(day.cast.ana));
    day.well(
        "Vendas reabre por 24 horas: é o mesmo atendimento, e continua com Ana",
        "Vendas reopens for 24 hours: it is the same attendance, and still Ana's",
    );
    Ok(())
}

fn never_reopens(day: &mut Day, joao: &Joao) -> Result<(), Failure> {
    day.at(2, 14, 50)?;
    let elisa = day.desk(day.cast.elisa)?;
    elisa.finish(joao.attendance, Disposition::Keep)?;
    day.does(
        day.cast.elisa,
        "finaliza o atendimento de João (Manter): torneira trocada",
        "finishes the attendance with João (keep): the tap was replaced",
    );
    day.at(2, 15, 20)?;
    day.stage.visits();
    joao.client.sends_text("Ficou ótimo, obrigado! E o interfone?");
    day.stage.settle()?;
    let item = last_item(day);
    let fresh = item.as_ref().and_then(|item| item.attendance_id);
    day.check(Rule::NewAfterFinished, item.is_some_and(|item| item.rule == Some(InboundRule::AfterFinished)));
    let Some(fresh) = fresh else { return Ok(()) };
    day.comes(fresh)?;
    let row = day.office().attendance(fresh)?.attendance;
    day.check(Rule::NewAfterFinished, row.previous_id == Some(joao.attendance) && fresh != joao.attendance);
    let old = day.office().attendance(joao.attendance)?.attendance;
    day.check(Rule::NewAfterFinished, old.phase == Phase::Finished);
    day.well(
        "Manutenção não reabre: um atendimento novo, em Vendas, ligado ao anterior",
        "Manutenção never reopens: a new attendance, in Vendas, linked to the one before",
    );
    Ok(())
}

fn archive(day: &mut Day, maria: &Maria) -> Result<(), Failure> {
    day.at(2, 16, 0)?;
    let (ana, carla, id) = (day.desk(day.cast.ana)?, day.desk(day.cast.carla)?, maria.attendance);
    let done = ana.finish(id, Disposition::Archive)?.outcome;
    day.does(day.cast.ana, "finaliza Maria e escolhe Arquivar", "finishes Maria's and chooses to archive it");
    day.check(Rule::FinishArchive, done.phase == Phase::Finished);
    let archived = matches!(done.placement, Placement::Trash { door: TrashDoor::FinishArchive, by: Some(by), .. } if by == day.cast.ana);
    let (in_central, in_trash) = (listed(day, id, false)?, listed(day, id, true)?);
    day.check(Rule::FinishArchive, archived && !in_central && in_trash);
    let placement = day.looks().placement(done.placement);
    day.aside(&placement);

    day.does(day.cast.ana, "tenta restaurar", "tries to restore it");
    day.refused(Rule::RestorePermission, "not_permitted", ana.restore(id, RestoreAs::ItWas));
    let back = carla.restore(id, RestoreAs::ItWas)?.outcome;
    day.does(
        day.cast.carla,
        "(gestora) restaura: volta à Central, finalizado como estava",
        "(supervisor) restores it: back in the inbox, finished as it was",
    );
    let expected = Attendance { placement: Placement::Central, ..done };
    day.check(Rule::RestoreExact, same_but_for_history(&expected, &back));
    let in_central = listed(day, id, false)?;
    day.check(Rule::FinishArchive, in_central);
    let again = carla.restore(id, RestoreAs::ItWas)?.outcome;
    day.check(Rule::RestoreExact, again == back);
    Ok(())
}

fn trash(day: &mut Day, pedro: &Pedro) -> Result<(), Failure> {
    day.at(2, 16, 10)?;
    let (bruno, carla, id) = (day.desk(day.cast.bruno)?, day.desk(day.cast.carla)?, pedro.attendance);
    let before = bruno.attendance(id)?.attendance;
    let done = bruno.trash(id)?.outcome;
    day.does(
        day.cast.bruno,
        "exclui o atendimento de Pedro por engano",
        "trashes the attendance with Pedro by mistake",
    );
    let in_central = listed(day, id, false)?;
    day.check(Rule::Trash, done.phase == before.phase && done.placement.is_trash() && !in_central);
    let placement = day.looks().placement(done.placement);
    day.aside(&placement);
    let back = carla.restore(id, RestoreAs::ItWas)?.outcome;
    day.does(
        day.cast.carla,
        "restaura: fase, responsável, tags, lugar na lista, tudo como antes",
        "restores it: phase, assignee, tags, place in the list, all as before",
    );
    day.check(Rule::RestoreExact, same_but_for_history(&before, &back));
    Ok(())
}

fn occupied(day: &mut Day, pedro: &Pedro) -> Result<(), Failure> {
    day.at(2, 16, 20)?;
    let (bruno, carla, id) = (day.desk(day.cast.bruno)?, day.desk(day.cast.carla)?, pedro.attendance);
    bruno.trash(id)?;
    day.does(day.cast.bruno, "exclui de novo, agora de propósito", "trashes it again, on purpose this time");
    day.at(2, 16, 45)?;
    day.stage.visits();
    pedro.client.sends_text("Recebi o contrato. Quando assinamos?");
    day.stage.settle()?;
    let item = last_item(day);
    let fresh = item.as_ref().and_then(|item| item.attendance_id);
    day.check(Rule::TrashStays, item.is_some_and(|item| item.rule == Some(InboundRule::AfterTrashed)));
    let Some(fresh) = fresh else { return Ok(()) };
    day.comes(fresh)?;
    let old = day.office().attendance(id)?.attendance;
    day.check(Rule::TrashStays, fresh != id && old.placement.is_trash());
    day.well(
        "um atendimento novo; o excluído não ressuscita sozinho",
        "a new attendance; the trashed one does not rise by itself",
    );

    day.does(day.cast.carla, "tenta restaurar o antigo", "tries to restore the old one");
    day.refused(Rule::PairOccupied, "pair_occupied", carla.restore(id, RestoreAs::ItWas));
    let back = carla.restore(id, RestoreAs::Finished)?.outcome;
    day.does(
        day.cast.carla,
        "restaura como finalizado: os dois ficam à vista, um só aberto",
        "restores it as finished: both are in sight, one of them open",
    );
    let open = day.office().attendance(fresh)?.attendance.is_open();
    day.check(Rule::PairOccupied, open && back.phase == Phase::Finished && !back.placement.is_trash());

    day.line(&bold(day.say(
        "a história do atendimento de Pedro, como fica registrada (fim):",
        "the story of the attendance with Pedro, as it is recorded (end):",
    )));
    let mut events = carla.timeline(id, None, 14)?;
    events.reverse();
    for event in &events {
        day.block(&day.looks().event(event));
    }
    Ok(())
}
