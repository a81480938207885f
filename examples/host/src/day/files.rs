//! Inside the window: text, emoji, a picture, a PDF; what does not fit; what comes twice or in the wrong order.

use guiche_core::content::{Content, MediaKind};
use guiche_core::delivery::{DeliveryState, Progress};
use guiche_core::id::{AttendanceId, MessageId};
use guiche_core::ingest::ItemOutcome;
use guiche_sandbox::{DeliveryShape, Order};

use super::Day;
use super::first_contact::Maria;
use super::rules::Rule;
use crate::failure::Failure;

/// A picture of one pixel.
pub(super) const PICTURE: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, b'I', b'H', b'D', b'R', 0, 0, 0, 1, 0, 0, 0, 1, 8,
    6, 0, 0, 0, 0x1f, 0x15, 0xc4, 0x89, 0, 0, 0, 0x0d, b'I', b'D', b'A', b'T', 0x78, 0x9c, 0x63, 0xf8, 0xcf, 0xc0,
    0xf0, 0x1f, 0, 0x05, 0, 0x01, 0xff, 0x56, 0xc7, 0x2f, 0x0d, 0, 0, 0, 0, b'I', b'E', b'N', b'D', 0xae, 0x42, 0x60,
    0x82,
];
pub(super) const PDF: &[u8] =
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n\
trailer<</Root 1 0 R>>\n%%EOF\n";
const WEBP: &[u8] = b"RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0\x2f\0\0\0\x10\x07\x10\x11\x11\x88\x88\xfe\x07\0";

pub(super) fn play(day: &mut Day, maria: &Maria) -> Result<(), Failure> {
    day.chapter(1, "Dentro da janela", "Inside the window");
    twice(day, maria)?;
    let sent = free_conversation(day, maria)?;
    wrong_order(day, maria, &sent)?;
    what_does_not_fit(day, maria.attendance)
}

/// Every delivery comes twice; each is stored once.
fn twice(day: &mut Day, maria: &Maria) -> Result<(), Failure> {
    day.at(1, 8, 23)?;
    day.stage.visits();
    let before = day.office().messages(maria.attendance, None, 500)?.len();
    day.stage.sandbox.set_shape(DeliveryShape { duplicates: 1.0, ..DeliveryShape::default() });
    maria.client.sends_text("Posso levar minha mãe?");
    day.comes(maria.attendance)?;
    day.stage.sandbox.set_shape(DeliveryShape::default());
    let outcomes: Vec<_> = day
        .stage
        .visits()
        .into_iter()
        .filter_map(|visit| visit.report)
        .flat_map(|report| report.items.into_iter().map(|item| item.outcome))
        .collect();
    day.check(Rule::DuplicatesOnce, outcomes == [ItemOutcome::Stored, ItemOutcome::Duplicate]);
    let after = day.office().messages(maria.attendance, None, 500)?.len();
    day.check(Rule::DuplicatesOnce, after == before + 1);
    day.well(
        "a Meta entregou este webhook duas vezes: uma gravada, uma reconhecida",
        "Meta delivered this webhook twice: one stored, one recognised",
    );
    Ok(())
}

/// Text, emoji, picture, PDF; the statuses are still under way.
fn free_conversation(day: &mut Day, maria: &Maria) -> Result<Vec<MessageId>, Failure> {
    day.at(1, 8, 25)?;
    let (desk, id) = (day.desk(day.cast.ana)?, maria.attendance);
    let picture = day.stage.engine.store_media(&mut &*PICTURE, "fachada.png")?;
    let pdf = day.stage.engine.store_media(&mut &*PDF, "Memorial descritivo.pdf")?;
    let mut sent = vec![
        desk.send_text(id, "Claro, Maria! Esperamos vocês duas amanhã às 10h.")?.outcome.message.id,
        desk.send_text(id, "🏡😊")?.outcome.message.id,
    ];
    let picture = Content::Media(picture.content(MediaKind::Image, Some("A fachada da Torre B")));
    let pdf = Content::Media(pdf.content(MediaKind::Document, None));
    for content in [picture, pdf] {
        sent.push(desk.send(id, content, None)?.outcome.message.id);
    }
    let report = day.stage.engine.pump(100)?;
    day.check(Rule::ImageAndPdf, report.accepted == 4);
    Ok(sent)
}

/// Maria reads before the earlier statuses have come: everything arrives, the latest first.
fn wrong_order(day: &mut Day, maria: &Maria, sent: &[MessageId]) -> Result<(), Failure> {
    let picture = sent.get(2).copied();
    day.at(1, 8, 27)?;
    maria.client.reads_all();
    if let Some(shown) = picture.map(|id| day.office().message(id)).transpose()? {
        let wamid = shown.delivery.and_then(|delivery| delivery.wamid).unwrap_or_default();
        maria.client.reacts(&wamid, "😍");
    }
    day.stage.sandbox.set_shape(DeliveryShape { order: Order::Reversed, ..DeliveryShape::default() });
    day.stage.settle()?;
    day.stage.sandbox.set_shape(DeliveryShape::default());
    for id in sent {
        day.bubble(*id)?;
        let Some(delivery) = day.office().message(*id)?.delivery else { continue };
        let receipts = &delivery.receipts;
        day.check(Rule::ReceiptsNeverFall, delivery.state == DeliveryState::Settled { progress: Progress::Read });
        day.check(
            Rule::ReceiptsNeverFall,
            receipts.sent_at.is_some() && receipts.delivered_at.is_some() && receipts.read_at.is_some(),
        );
    }
    day.well(
        "os recibos chegaram de trás para frente, \"lida\" primeiro: nada voltou atrás",
        "the receipts came backwards, \"read\" first: nothing went back",
    );
    let reacted = match picture {
        Some(id) => day.office().message(id)?.message.reactions.iter().any(|reaction| reaction.emoji == "😍"),
        None => false,
    };
    day.check(Rule::Reaction, reacted);
    day.at(1, 8, 28)?;
    maria.client.sends_text("Que linda! Até amanhã.");
    day.comes(maria.attendance)?;
    let read: Vec<_> = maria.client.inbox().into_iter().map(|message| (message.kind, message.text)).collect();
    let has = |kind: &str, text: &str| read.iter().any(|(of, says)| of == kind && says == text);
    day.check(
        Rule::TextAndEmoji,
        has("text", "Claro, Maria! Esperamos vocês duas amanhã às 10h.") && has("text", "🏡😊"),
    );
    day.check(
        Rule::ImageAndPdf,
        has("image", "[image] A fachada da Torre B") && has("document", "[document] Memorial descritivo.pdf"),
    );
    Ok(())
}

fn what_does_not_fit(day: &mut Day, id: AttendanceId) -> Result<(), Failure> {
    const SIX_MIB: usize = 6 * 1024 * 1024;
    day.at(1, 8, 30)?;
    let (desk, received) = (day.desk(day.cast.ana)?, day.received());
    let mut large = PICTURE.to_vec();
    large.resize(SIX_MIB, 0);
    let large = day.stage.engine.store_media(&mut &*large, "maquete.png")?;
    day.does(day.cast.ana, "anexa maquete.png", "attaches maquete.png");
    let refusal = desk.send(id, Content::Media(large.content(MediaKind::Image, None)), None);
    let advice = refusal.as_ref().err().map(|error| error.explain(day.lang.locale())).unwrap_or_default();
    let (limit, actual) = (day.say("5,0 MB", "5.0 MB"), day.say("6,0 MB", "6.0 MB"));
    day.check(Rule::TooLarge, advice.contains(limit) && advice.contains(actual));
    day.refused(Rule::TooLarge, "media_too_large", refusal);

    let disguised = day.stage.engine.store_media(&mut &*WEBP, "planta.pdf")?;
    day.check(Rule::TypeByContent, disguised.mime_type == "image/webp");
    let rules = day.stage.engine.setup()?.channels.get(&day.cast.channel).map(|channel| channel.rules.clone());
    let kind = rules.map_or(MediaKind::Document, |rules| disguised.kind(&rules));
    day.does(
        day.cast.ana,
        "anexa planta.pdf, que por dentro é outra coisa",
        "attaches planta.pdf, which is something else inside",
    );
    let refusal = desk.send(id, Content::Media(disguised.content(kind, None)), None);
    day.refused(Rule::TypeByContent, "media_type_not_accepted", refusal);
    day.stage.settle()?;
    day.check(Rule::TooLarge, day.received() == received);
    Ok(())
}
