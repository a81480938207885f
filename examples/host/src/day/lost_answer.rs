//! The answer that got lost: Meta took the message and the connection broke. Nobody knows, so nobody sends again.

use guiche_core::delivery::{DeliveryState, Progress};
use guiche_core::id::MessageId;
use guiche_sandbox::Fault;

use super::Day;
use super::colleagues::Joao;
use super::rules::Rule;
use crate::failure::Failure;

const FIRST: &str = "João, o encanador passa hoje às 14h.";
const SECOND: &str = "Deixe o registro fechado até lá, por favor.";

pub(super) fn play(day: &mut Day, joao: &Joao) -> Result<(), Failure> {
    day.chapter(1, "A resposta que se perdeu", "The answer that got lost");
    day.at(1, 10, 15)?;
    let elisa = day.desk(day.cast.elisa)?;
    let first = elisa.send_text(joao.attendance, FIRST)?.outcome.message.id;
    let second = elisa.send_text(joao.attendance, SECOND)?.outcome.message.id;
    day.does(
        day.cast.elisa,
        "escreve duas mensagens; a rede cai depois que a Meta aceita a primeira",
        "writes two messages; the network breaks after Meta took the first",
    );
    day.stage.sandbox.next_message(Fault::LostAnswer);
    let report = day.stage.engine.pump(100)?;
    day.bubble(first)?;
    day.bubble(second)?;
    let state = |day: &Day, id: MessageId| -> Result<Option<DeliveryState>, Failure> {
        Ok(day.office().message(id)?.delivery.map(|delivery| delivery.state))
    };
    day.check(
        Rule::LostAnswer,
        report.in_doubt == 1 && matches!(state(day, first)?, Some(DeliveryState::InDoubt { .. })),
    );
    day.check(Rule::LostAnswer, state(day, second)? == Some(DeliveryState::Queued));
    day.aside(day.say(
        "a primeira está em dúvida: não se reenvia às cegas. A segunda espera a vez, para não passar na frente.",
        "the first is in doubt: nothing is sent again blindly. The second waits its turn, so as not to overtake it.",
    ));

    day.at(1, 10, 16)?;
    day.line(day.say(
        "chega o aviso de status da Meta, com o nosso id dentro:",
        "Meta's status notice comes, with our id in it:",
    ));
    day.stage.settle()?;
    day.bubble(first)?;
    day.bubble(second)?;
    let arrived = Some(DeliveryState::Settled { progress: Progress::Delivered });
    day.check(Rule::LostAnswer, state(day, first)? == arrived && state(day, second)? == arrived);
    let read: Vec<_> = joao.client.inbox().into_iter().map(|message| message.text).collect();
    day.check(Rule::LostAnswer, read == [FIRST, SECOND]);
    day.well("João recebeu cada uma uma vez só, na ordem", "João got each of them once, in order");
    Ok(())
}
