//! What is known around a talk: notes, finding, tasks, links, the information menu, the service ticket.

use guiche_core::id::AttendanceId;
use guiche_core::link::LinkRecord;
use guiche_core::module::LinkKind;
use guiche_core::note::WriteNote;
use guiche_core::search::{MatchedIn, SearchFilter};
use guiche_core::store::EntryRef;
use guiche_core::task::CreateTask;
use guiche_core::ticket::{TicketOrigin, TicketPriority, TicketRequest, TicketState};

use super::Day;
use super::colleagues::Joao;
use super::first_contact::Maria;
use super::rules::Rule;
use crate::failure::Failure;
use crate::language::Lang;
use crate::paint::{dim, yellow};

pub(super) const REMARK: &str = "Pode virar ação de garantia. Elisa, veja também a conversa de Maria, da mesma torre.";

pub(super) fn play(day: &mut Day, maria: &Maria, joao: &Joao) -> Result<(), Failure> {
    note(day, maria, joao)?;
    find(day, joao.attendance)?;
    information(day, joao.attendance)?;
    ticket(day, joao.attendance)
}

fn note(day: &mut Day, maria: &Maria, joao: &Joao) -> Result<(), Failure> {
    day.at(1, 14, 5)?;
    let (carla, elisa) = (day.desk(day.cast.carla)?, day.desk(day.cast.elisa)?);
    let command = WriteNote {
        mentions: vec![day.cast.elisa],
        links: vec![maria.attendance],
        ..WriteNote::new(joao.attendance, REMARK)
    };
    let note = carla.write_note(&command)?.outcome;
    day.does(
        day.cast.carla,
        "anota na conversa de João, chama Elisa e liga a de Maria:",
        "writes a note with João's talk, calls Elisa and links Maria's:",
    );
    day.aside(&yellow(&format!("✎ {REMARK}")));
    let called = elisa.mentions(0, 50)?.mentions.iter().any(|mention| mention.note_id == note.id);
    let hers = elisa.notes(joao.attendance, None, 10)?.into_iter().find(|shown| shown.note.id == note.id);
    day.check(Rule::NoteCalls, called && note.links == [maria.attendance]);
    day.check(Rule::NoteCalls, hers.is_some_and(|shown| shown.note.links.is_empty() && shown.hidden_links == 1));
    day.well(
        "Elisa foi chamada; a conversa ligada, que não é do ramal dela, não aparece",
        "Elisa was called; the linked talk, not of her department, is not shown",
    );
    Ok(())
}

fn find(day: &mut Day, joao: AttendanceId) -> Result<(), Failure> {
    day.at(1, 14, 8)?;
    let carla = day.desk(day.cast.carla)?;
    let search = |text: &str| carla.search(&SearchFilter { text: text.to_owned(), ..SearchFilter::default() });
    let word = search("acao")?;
    let found = word.entries.iter().any(|entry| {
        entry.attendance_id == joao && matches!(entry.entry, EntryRef::Note(_)) && entry.excerpt.contains("ação")
    });
    day.check(Rule::Finding, found);
    let number = search("(11) 1234-5678")?;
    let found =
        number.attendances.iter().any(|one| one.attendance_id == joao && one.matched.contains(&MatchedIn::Number));
    day.check(Rule::Finding, found);
    day.does(
        day.cast.carla,
        "procura \"acao\" e acha \"ação\"; procura (11) 1234-5678 e acha +55 11 91234-5678",
        "searches \"acao\" and finds \"ação\"; searches (11) 1234-5678 and finds +55 11 91234-5678",
    );
    Ok(())
}

fn information(day: &mut Day, id: AttendanceId) -> Result<(), Failure> {
    day.at(1, 14, 12)?;
    let elisa = day.desk(day.cast.elisa)?;
    let contact_id = elisa.attendance(id)?.attendance.contact_id;
    let task = |title: &str, hours: i64| CreateTask {
        contact_id,
        title: title.to_owned(),
        due: Some(day.midnight.shifted(hours * 60 * 60_000)),
        owner_id: Some(day.cast.elisa),
        done: None,
        external_key: None,
    };
    let called = elisa.create_task(&task("Falar com o Seu Nilo", 16))?.outcome.task;
    let visit = elisa.create_task(&task("Trocar o reparo da torneira", 36))?.outcome.task;
    elisa.complete_task(called.id)?;
    elisa.link_record(&LinkRecord {
        contact_id,
        attendance_id: Some(id),
        kind: LinkKind::SaleProcess,
        number: "4711".to_owned(),
        module: "vende".to_owned(),
        url: None,
    })?;
    day.does(
        day.cast.elisa,
        "cria duas tarefas, conclui uma, vincula o processo 4711 e abre as informações:",
        "makes two tasks, completes one, links the sale process 4711 and opens the information:",
    );
    let info = elisa.overview(id)?;
    let tasks = &info.tasks.tasks;
    day.check(
        Rule::Tasks,
        tasks.iter().map(|task| (task.id, task.is_done())).eq([(visit.id, false), (called.id, true)]),
    );
    let url = info.links.iter().find_map(|shown| shown.url.clone());
    day.check(Rule::Links, url.as_deref() == Some("https://vende.horizonte.example/processos/4711"));
    let people: Vec<_> = info.participants.iter().map(|person| person.name.as_str()).collect();
    day.check(Rule::InfoMenu, ["Ana", "Carla", "Davi", "Elisa"].iter().all(|name| people.contains(name)));
    day.check(Rule::InfoMenu, info.contact.id == contact_id && info.identities.iter().any(|one| one.replies));
    for task in tasks {
        day.aside(&format!("{} {}", if task.is_done() { "☑" } else { "☐" }, task.title));
    }
    day.aside(&format!("↗ {}", url.unwrap_or_default()));
    day.aside(&dim(&format!("{} {}", day.say("envolvidos:", "participants:"), people.join(", "))));
    Ok(())
}

fn ticket(day: &mut Day, id: AttendanceId) -> Result<(), Failure> {
    day.at(1, 14, 20)?;
    let elisa = day.desk(day.cast.elisa)?;
    let unit = TicketOrigin::Unit { process: Some("4711".to_owned()), development: None, block: None, unit: None };
    let request = TicketRequest {
        origin: unit,
        reason: "Vazamento".to_owned(),
        subject: "Torneira da cozinha pingando".to_owned(),
        category: None,
        priority: Some(TicketPriority::Medium),
        description: None,
    };
    day.does(day.cast.elisa, "quer abrir um chamado", "wants to open a service ticket");
    day.refused(Rule::TicketOnce, "ticket_not_enabled", elisa.open_ticket(id, &request));
    elisa.enable_ticket(id)?;
    day.stage.modules.lose_the_next_answer();
    elisa.open_ticket(id, &request)?;
    elisa.open_ticket(id, &request)?;
    let report = day.stage.engine.pump_modules(10)?;
    day.does(
        day.cast.elisa,
        "habilita o botão e aperta duas vezes; o módulo abre, e a resposta se perde",
        "enables the button and presses it twice; the module opens it, and the answer is lost",
    );
    day.check(Rule::TicketOnce, (report.opened, report.delayed) == (0, 1));

    day.at(1, 14, 30)?;
    let report = day.stage.engine.pump_modules(10)?;
    let state = elisa.ticket(id)?.map(|ticket| ticket.state);
    let orders = day.stage.modules.orders();
    day.check(Rule::TicketOnce, report.opened == 1 && orders.len() == 1);
    let Some(TicketState::Opened { protocol, .. }) = state else {
        day.check(Rule::TicketOnce, false);
        return Ok(());
    };
    day.line(&match day.lang {
        Lang::Pt => format!("perguntado de novo, o módulo responde: já aberto, protocolo {protocol}"),
        Lang::En => format!("asked again, the module answers: opened already, protocol {protocol}"),
    });
    let told = elisa.overview(id)?.tickets.iter().any(|ticket| ticket.attendance_id == id);
    day.check(Rule::InfoMenu, told);
    Ok(())
}
