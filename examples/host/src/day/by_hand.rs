//! What only a person does: filling in a canned reply, keeping a draft, reacting, saying that something was read.

use guiche_core::canned::{PutCannedReply, ReplyScope};
use guiche_core::draft::SaveDraft;

use super::Day;
use super::colleagues::Joao;
use super::rules::Rule;
use crate::failure::Failure;

const THANKS: &str =
    "Obrigada pela foto, {{contact.first_name}}! Aqui é {{attendant.first_name}}, da {{account.name}}.";
const FILLED: &str = "Obrigada pela foto, João! Aqui é Elisa, da Construtora Horizonte.";
const DRAFT: &str = "João, o reparo chega amanhã e";

pub(super) fn play(day: &mut Day, joao: &Joao) -> Result<(), Failure> {
    read(day, joao)?;
    canned(day, joao)?;
    draft(day, joao)
}

/// How many bodies of a kind the platform was sent.
fn posted(day: &Day, kind: &str) -> usize {
    day.stage.sandbox.received().iter().filter(|body| body.kind == kind).count()
}

fn read(day: &mut Day, joao: &Joao) -> Result<(), Failure> {
    day.at(1, 14, 40)?;
    let elisa = day.desk(day.cast.elisa)?;
    elisa.mark_seen(joao.attendance, None)?;
    let messages = elisa.messages(joao.attendance, None, 20)?;
    let Some(picture) = messages.iter().find(|shown| !shown.message.author.is_ours()) else {
        day.check(Rule::ByHand, false);
        return Ok(());
    };
    let picture = picture.message.id;
    day.stage.settle()?;
    day.check(Rule::ByHand, posted(day, "read") == 0);
    elisa.mark_read(picture, false)?;
    elisa.react(picture, Some("🙏"))?;
    day.stage.settle()?;
    day.check(Rule::ByHand, (posted(day, "read"), posted(day, "reaction")) == (1, 1));
    day.does(
        day.cast.elisa,
        "olha a foto de João, e ele não fica sabendo; então marca como lida e reage 🙏",
        "looks at João's picture, and he is not told; then she marks it as read and reacts 🙏",
    );
    Ok(())
}

fn canned(day: &mut Day, joao: &Joao) -> Result<(), Failure> {
    day.at(1, 14, 42)?;
    let (carla, elisa) = (day.desk(day.cast.carla)?, day.desk(day.cast.elisa)?);
    let scope = ReplyScope::Department { department_id: day.cast.maintenance };
    let reply = PutCannedReply {
        id: None,
        scope,
        shortcut: "foto".to_owned(),
        body: THANKS.to_owned(),
        gallery_item_id: None,
        archived: false,
    };
    let reply = carla.put_canned_reply(&reply)?.outcome;
    let received = day.received();
    let filled = elisa.fill_canned_reply(joao.attendance, reply.id)?;
    day.stage.settle()?;
    day.check(Rule::Canned, filled.text == FILLED && day.received() == received);
    day.does(
        day.cast.elisa,
        "escolhe a resposta pronta /foto, confere e envia",
        "takes the canned reply /foto, looks at it and sends it",
    );
    let done = elisa.send_text(joao.attendance, &filled.text)?;
    day.goes(&done)?;
    day.check(Rule::Canned, day.received() == received + 1);
    Ok(())
}

fn draft(day: &mut Day, joao: &Joao) -> Result<(), Failure> {
    day.at(1, 14, 45)?;
    let (carla, elisa) = (day.desk(day.cast.carla)?, day.desk(day.cast.elisa)?);
    let command =
        SaveDraft { attendance_id: joao.attendance, text: DRAFT.to_owned(), reply_to: None, gallery_items: Vec::new() };
    elisa.save_draft(&command)?;
    day.does(
        day.cast.elisa,
        "é chamada no meio da frase; o rascunho a espera em outro aparelho, e Carla não o vê",
        "is called away in mid-sentence; the draft waits for her on another device, unseen by Carla",
    );
    let elsewhere = day.stage.another_process()?.desk(day.cast.elisa)?.draft(joao.attendance)?;
    day.check(Rule::Draft, elsewhere.is_some_and(|draft| draft.text == DRAFT));
    day.check(Rule::Draft, carla.draft(joao.attendance)?.is_none());
    Ok(())
}
