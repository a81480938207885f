//! What is joined and parted, and what leaves: a merge and its undoing, the transcript, the times, an export.

use guiche_core::export::ExportFilter;
use guiche_core::inbox::{Days, InboxFilter};
use guiche_core::transcript::TranscriptOptions;

use super::Day;
use super::colleagues::{Joao, NOTE};
use super::first_contact::Maria;
use super::rules::Rule;
use crate::failure::Failure;
use crate::language::Lang;
use crate::paint::dim;

pub(super) fn play(day: &mut Day, maria: &Maria, joao: &Joao) -> Result<(), Failure> {
    day.chapter(2, "O que se junta e o que sai", "What is joined, and what leaves");
    merge(day, maria)?;
    transcript(day, joao)?;
    times(day, maria)?;
    export(day)
}

fn merge(day: &mut Day, maria: &Maria) -> Result<(), Failure> {
    day.at(2, 17, 5)?;
    let work = day.stage.sandbox.client("Maria S.", "+55 11 97777-1212");
    work.sends_text("Oi! Agora escrevo deste número.");
    day.stage.settle()?;
    let carla = day.desk(day.cast.carla)?;
    let kept = carla.attendance(maria.attendance)?.attendance.contact_id;
    let newest = carla.inbox(&InboxFilter { limit: Some(1), ..InboxFilter::default() })?.cards;
    let Some(other) = newest.first() else {
        day.check(Rule::Merge, false);
        return Ok(());
    };
    let (other, absorbed) = (other.id, other.contact_id);
    day.comes(other)?;
    let before = carla.overview(maria.attendance)?;
    let preview = carla.preview_merge(kept, absorbed)?;
    let merge = carla.merge_contacts(kept, absorbed)?.outcome;
    let joined = carla.overview(maria.attendance)?;
    day.check(Rule::Merge, kept != absorbed && preview.blocked_by.is_empty() && preview.attendances == 1);
    day.check(Rule::Merge, joined.identities.len() == 2 && joined.history.iter().any(|row| row.id == other));
    day.does(
        day.cast.carla,
        "(gestora) junta os dois contatos: um histórico só, dois números",
        "(supervisor) makes the two contacts one: one history, two numbers",
    );
    day.at(2, 17, 8)?;
    carla.unmerge_contacts(merge.id)?;
    let parted = carla.overview(maria.attendance)?;
    let apart = carla.attendance(other)?.attendance.contact_id == absorbed;
    day.check(Rule::Merge, apart && parted.identities == before.identities && parted.history == before.history);
    day.does(
        day.cast.carla,
        "descobre que era a irmã, e separa: cada uma com o que era seu",
        "learns that it was her sister, and parts them: each with what was hers",
    );
    Ok(())
}

fn transcript(day: &mut Day, joao: &Joao) -> Result<(), Failure> {
    day.at(2, 17, 15)?;
    let elisa = day.desk(day.cast.elisa)?;
    let options = TranscriptOptions { locale: Some(day.lang.locale()), zone: None, attendant_names: true };
    let transcript = elisa.transcript(joao.attendance, &options)?.plain();
    let noted = elisa.notes(joao.attendance, None, 10)?.len();
    day.check(Rule::Transcript, transcript.contains("A torneira da cozinha está pingando") && noted >= 2);
    day.check(Rule::Transcript, !transcript.contains(NOTE) && !transcript.contains("ação de garantia"));
    day.does(day.cast.elisa, "dá a João a transcrição da conversa:", "gives João the transcript of the talk:");
    let lines: Vec<_> = transcript.lines().filter(|line| !line.is_empty()).take(4).collect();
    day.block(&dim(&lines.join("\n")));
    day.aside(&dim("…"));
    Ok(())
}

fn times(day: &mut Day, maria: &Maria) -> Result<(), Failure> {
    let episodes = day.desk(day.cast.carla)?.episode_times(maria.attendance)?;
    let reopened: Vec<_> = episodes.iter().map(|episode| episode.reopened).collect();
    day.check(Rule::Times, reopened == [false, true] && episodes.iter().all(|episode| episode.resolution().is_some()));
    day.line(day.say("os tempos de Maria, por episódio:", "Maria's times, by episode:"));
    for episode in &episodes {
        let begun = if episode.reopened { day.say("reaberto", "reopened") } else { day.say("criado", "begun") };
        let minutes = episode.resolution().map_or(0, |time| time.as_secs() / 60);
        let (hours, minutes) = (minutes / 60, minutes % 60);
        let (received, sent) = (episode.received, episode.sent_by_people);
        day.aside(&dim(&match day.lang {
            Lang::Pt => format!("{begun}, finalizado em {hours}h{minutes:02}; recebidas: {received}, enviadas: {sent}"),
            Lang::En => format!("{begun}, finished in {hours}h{minutes:02}; received: {received}, sent: {sent}"),
        }));
    }
    Ok(())
}

fn export(day: &mut Day) -> Result<(), Failure> {
    let carla = day.desk(day.cast.carla)?;
    let page = carla.export_attendances(&ExportFilter { trash: true, ..ExportFilter::default() }, None, 200)?;
    let mut listed = Vec::new();
    for trash in [false, true] {
        let filter = InboxFilter { trash, days: Some(Days::Any), limit: Some(200), ..InboxFilter::default() };
        listed.extend(carla.inbox(&filter)?.cards.into_iter().map(|card| card.id));
    }
    listed.sort_unstable();
    let mut exported: Vec<_> = page.rows.iter().map(|row| row.id).collect();
    exported.sort_unstable();
    day.check(Rule::Export, page.next.is_none() && exported == listed && exported.len() > 5);
    let rows = exported.len();
    day.does(
        day.cast.carla,
        &format!("exporta os atendimentos: {rows} linhas, uma para cada um"),
        &format!("exports the attendances: {rows} rows, one for each"),
    );
    Ok(())
}
