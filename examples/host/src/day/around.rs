//! Around the conversation: the Central and its side bar, then the galleries, the information menu, and what only a
//! person does.

use guiche_core::event::EventKind;
use guiche_core::id::AttendanceId;
use guiche_core::inbox::{Days, InboxFilter, InboxPage};
use guiche_core::marker::{CreateMarker, MarkerFilter};

use super::colleagues::Joao;
use super::first_contact::Maria;
use super::rules::Rule;
use super::{Day, by_hand, galleries, menu};
use crate::failure::Failure;
use crate::language::Lang;
use crate::paint::dim;

pub(super) fn play(day: &mut Day, maria: &Maria, joao: &Joao) -> Result<(), Failure> {
    day.chapter(1, "Em torno da conversa", "Around the conversation");
    side_bar(day)?;
    marker(day, joao.attendance)?;
    unseen(day, maria.attendance)?;
    snooze(day, joao.rita)?;
    galleries::play(day, maria, joao)?;
    wake(day, joao.rita)?;
    menu::play(day, maria, joao)?;
    by_hand::play(day, joao)
}

/// Each number of the side bar is how many cards its filter lists.
fn side_bar(day: &mut Day) -> Result<(), Failure> {
    day.at(1, 11, 0)?;
    let carla = day.desk(day.cast.carla)?;
    let page = carla.inbox(&InboxFilter { counts: true, ..InboxFilter::default() })?;
    let central = page.counts.unwrap_or_default().central;
    let listed = |filter: InboxFilter| carla.inbox(&filter).map(|page| page.cards.len());
    let any = InboxFilter::default;
    let mut pairs = vec![
        (central.total, listed(any())?),
        (central.unseen, listed(InboxFilter { unseen: true, ..any() })?),
        (central.mine, listed(InboxFilter { assignees: vec![day.cast.carla], ..any() })?),
        (central.unassigned, listed(InboxFilter { unassigned: true, ..any() })?),
        (central.snoozed, listed(InboxFilter { snoozed: Some(true), ..any() })?),
    ];
    for (phase, count) in &central.phases {
        pairs.push((*count, listed(InboxFilter { phases: vec![*phase], ..any() })?));
    }
    for (id, count) in &central.departments {
        pairs.push((*count, listed(InboxFilter { department_id: Some(*id), ..any() })?));
    }
    for (id, count) in &central.tags {
        pairs.push((*count, listed(InboxFilter { tags: vec![*id], ..any() })?));
    }
    for (id, count) in &central.markers {
        pairs.push((*count, listed(InboxFilter { markers: vec![*id], ..any() })?));
    }
    day.check(Rule::SideBar, central.total == 4 && pairs.iter().all(|(count, cards)| *count as usize == *cards));
    day.does(day.cast.carla, "(gestora) abre a Central de hoje", "(supervisor) opens the inbox of today");
    let departments: Vec<_> =
        central.departments.iter().map(|(id, count)| format!("{} {count}", day.looks().department(*id))).collect();
    let numbers = match day.lang {
        Lang::Pt => format!("Central {} · não vistos {} · {}", central.total, central.unseen, departments.join(" · ")),
        Lang::En => format!("Inbox {} · unseen {} · {}", central.total, central.unseen, departments.join(" · ")),
    };
    day.aside(&dim(&numbers));
    Ok(())
}

fn marker(day: &mut Day, joao: AttendanceId) -> Result<(), Failure> {
    day.at(1, 11, 2)?;
    let (carla, ana) = (day.desk(day.cast.carla)?, day.desk(day.cast.ana)?);
    let filter = MarkerFilter { tags: [day.cast.tower].into(), ..MarkerFilter::default() };
    let made = carla.create_marker(&CreateMarker { name: "Minha torre".to_owned(), filter, shared: false })?.outcome;
    let page = carla.inbox(&InboxFilter { markers: vec![made.id], counts: true, ..InboxFilter::default() })?;
    let count = page.counts.as_ref().and_then(|counts| counts.central.markers.get(&made.id)).copied();
    day.check(Rule::Marker, has(&page, joao) && page.cards.len() == 1 && count == Some(1));
    let hers = ana.markers()?.iter().any(|marker| marker.id == made.id);
    day.check(Rule::Marker, !hers);
    day.does(
        day.cast.carla,
        "cria o marcador \"Minha torre\", só dela: 1 cartão, o de João",
        "makes the marker \"Minha torre\", hers alone: 1 card, João's",
    );
    Ok(())
}

fn unseen(day: &mut Day, maria: AttendanceId) -> Result<(), Failure> {
    day.at(1, 11, 4)?;
    let (ana, carla) = (day.desk(day.cast.ana)?, day.desk(day.cast.carla)?);
    let filter = InboxFilter { unseen: true, ..InboxFilter::default() };
    let both = has(&ana.inbox(&filter)?, maria) && has(&carla.inbox(&filter)?, maria);
    ana.mark_seen(maria, None)?;
    day.check(Rule::Unseen, both && !has(&ana.inbox(&filter)?, maria));
    day.check(Rule::Unseen, has(&carla.inbox(&filter)?, maria));
    day.does(
        day.cast.ana,
        "abre a conversa de Maria: vista por Ana, ainda não por Carla",
        "opens the talk with Maria: seen by Ana, not yet by Carla",
    );
    Ok(())
}

fn snooze(day: &mut Day, rita: AttendanceId) -> Result<(), Failure> {
    day.at(1, 11, 6)?;
    let bruno = day.desk(day.cast.bruno)?;
    let until = day.midnight.shifted(14 * 60 * 60_000);
    bruno.snooze(rita, Some(until))?;
    day.does(day.cast.bruno, "adia Rita para as 14h", "puts Rita off until 14:00");
    day.check(Rule::Snooze, has(&snoozed(day, true)?, rita) && !has(&snoozed(day, false)?, rita));
    Ok(())
}

fn wake(day: &mut Day, rita: AttendanceId) -> Result<(), Failure> {
    let head = day.stage.engine.head()?;
    day.at(1, 14, 0)?;
    let since = day.stage.engine.changes_since(head, 1_000)?;
    let ended = since
        .iter()
        .any(|event| event.attendance_id == Some(rita) && matches!(event.kind, EventKind::SnoozeEnded { .. }));
    day.check(Rule::Snooze, ended && has(&snoozed(day, false)?, rita));
    day.line(day.say("Rita volta à lista sozinha", "Rita comes back to the list by herself"));
    Ok(())
}

fn snoozed(day: &Day, wanted: bool) -> Result<InboxPage, Failure> {
    let filter = InboxFilter { snoozed: Some(wanted), days: Some(Days::Any), ..InboxFilter::default() };
    Ok(day.desk(day.cast.bruno)?.inbox(&filter)?)
}

fn has(page: &InboxPage, id: AttendanceId) -> bool {
    page.cards.iter().any(|card| card.id == id)
}
