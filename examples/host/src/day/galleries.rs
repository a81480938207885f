//! Files that are used often, a client's own picture, and a photo that is too large.

use guiche_core::content::MediaKind;
use guiche_core::gallery::{AddGalleryItem, GalleryKind, GalleryOutcome, GalleryPick, GalleryScope};
use guiche_core::id::{GalleryItemId, MessageId};
use guiche_core::media::Fit;

use super::Day;
use super::colleagues::Joao;
use super::files::{PDF, PICTURE};
use super::first_contact::Maria;
use super::rules::Rule;
use crate::failure::Failure;
use crate::paint::dim;

/// What a phone's photo of 4000 by 3000 begins with.
const PHOTO: &[u8] = &[
    0xff, 0xd8, 0xff, 0xe0, 0, 0x10, b'J', b'F', b'I', b'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0, 0xff, 0xc0, 0, 0x11, 8,
    0x0b, 0xb8, 0x0f, 0xa0, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1, 0xff, 0xda,
];

pub(super) fn play(day: &mut Day, maria: &Maria, joao: &Joao) -> Result<(), Failure> {
    let book = one_press(day, maria)?;
    replaced(day, maria, &book)?;
    fetched(day, joao)?;
    plan(day)
}

fn add(day: &Day, gallery: GalleryKind, name: &str, bytes: &[u8], filename: &str) -> Result<GalleryItemId, Failure> {
    let file = day.stage.engine.store_media(&mut &*bytes, filename)?;
    let item = AddGalleryItem {
        gallery,
        scope: GalleryScope::Department { department_id: day.cast.sales },
        folder: "Torre B".to_owned(),
        name: name.to_owned(),
        description: None,
        caption: None,
        file,
    };
    Ok(day.desk(day.cast.carla)?.add_gallery_item(&item)?.outcome.id)
}

/// What went: the number of each file, and its message.
fn queued(items: &[GalleryOutcome]) -> Vec<(u32, MessageId)> {
    let one = |outcome: &GalleryOutcome| match outcome {
        GalleryOutcome::Queued { version, message_id, .. } => Some((*version, *message_id)),
        GalleryOutcome::Refused { .. } => None,
    };
    items.iter().filter_map(one).collect()
}

fn pick(item_id: GalleryItemId) -> GalleryPick {
    GalleryPick { item_id, caption: None }
}

/// The book's first message.
struct Book {
    item: GalleryItemId,
    message: MessageId,
}

fn one_press(day: &mut Day, maria: &Maria) -> Result<Book, Failure> {
    day.at(1, 11, 20)?;
    let picture = add(day, GalleryKind::Images, "Fachada", PICTURE, "fachada.png")?;
    let item = add(day, GalleryKind::Files, "Book Torre B", PDF, "Book Torre B.pdf")?;
    day.does(
        day.cast.carla,
        "põe a fachada e o book da Torre B nas galerias de Vendas",
        "puts the front view and the book of Torre B into the galleries of Vendas",
    );
    day.at(1, 11, 24)?;
    let before = maria.client.inbox().len();
    let press = day.desk(day.cast.ana)?.request("press-2");
    let sent = press.send_gallery_items(maria.attendance, &[pick(picture), pick(item)])?;
    let again = press.send_gallery_items(maria.attendance, &[pick(picture), pick(item)])?;
    day.does(day.cast.ana, "envia os dois a Maria com um aperto", "sends both to Maria with one press");
    day.stage.settle()?;
    let sent = queued(&sent.outcome.items);
    for (_, message) in &sent {
        day.bubble(*message)?;
    }
    day.check(Rule::GalleryPress, sent.len() == 2 && again.repeated);
    day.check(Rule::GalleryPress, maria.client.inbox().len() == before + 2);
    let message =
        sent.last().map(|(_, message)| *message).ok_or_else(|| guiche_core::error::Error::store("not_sent"))?;
    Ok(Book { item, message })
}

fn replaced(day: &mut Day, maria: &Maria, book: &Book) -> Result<(), Failure> {
    day.at(1, 11, 30)?;
    let (ana, carla) = (day.desk(day.cast.ana)?, day.desk(day.cast.carla)?);
    let mut new = PDF.to_vec();
    new.extend_from_slice(b"% a tabela nova\n");
    let new = day.stage.engine.store_media(&mut &*new, "Book Torre B.pdf")?;
    carla.replace_gallery_file(book.item, &new, None)?;
    day.does(day.cast.carla, "troca o arquivo do book", "replaces the file of the book");
    let sent = ana.send_gallery_items(maria.attendance, &[pick(book.item)])?;
    day.stage.settle()?;
    let sent = queued(&sent.outcome.items);
    let sha256 = |message| -> Result<String, Failure> { Ok(ana.message_file(message)?.file.sha256) };
    let (was, is) = (sha256(book.message)?, sent.first().map(|(_, message)| sha256(*message)).transpose()?);
    day.check(Rule::GalleryVersion, sent.first().is_some_and(|(version, _)| *version == 2));
    day.check(Rule::GalleryVersion, is.as_deref() == Some(new.sha256.as_str()) && was != new.sha256);
    day.well(
        "o próximo envio leva a versão 2; o que Maria já tem segue sendo a 1",
        "the next send takes version 2; what Maria has stays version 1",
    );
    Ok(())
}

fn fetched(day: &mut Day, joao: &Joao) -> Result<(), Failure> {
    day.at(1, 11, 40)?;
    joao.client.sends_image(PICTURE);
    let message = day.comes(joao.attendance)?;
    let place = day.desk(day.cast.elisa)?.message_file(message)?;
    let here = place.path.and_then(|path| std::fs::read(path).ok());
    day.check(Rule::FileFetched, here.as_deref() == Some(PICTURE) && place.file.mime_type == "image/png");
    day.well(
        "a foto de João foi buscada na Meta e guardada aqui",
        "João's picture was fetched from Meta and kept here",
    );
    Ok(())
}

fn plan(day: &mut Day) -> Result<(), Failure> {
    const NINE_MIB: u64 = 9 * 1024 * 1024;
    day.at(1, 11, 45)?;
    let received = day.received();
    let mut photo = PHOTO.to_vec();
    photo.resize(NINE_MIB as usize, 0);
    let photo = day.stage.engine.store_media(&mut &*photo, "vazamento.jpg")?;
    let fit = day.desk(day.cast.elisa)?.fit(&photo, day.cast.channel, Some(MediaKind::Image))?;
    day.does(day.cast.elisa, "escolhe uma foto de 9 MB", "chooses a photo of 9 MB");
    day.aside(&dim(&fit.advice(day.lang.locale())));
    let planned = match &fit {
        Fit::NeedsConversion { plan, finding, .. } => {
            finding.actual == NINE_MIB && plan.target_bytes <= finding.limit && finding.limit < finding.actual
        }
        _ => false,
    };
    day.check(Rule::Plan, planned && day.received() == received);
    Ok(())
}
