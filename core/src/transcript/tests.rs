use super::*;
use crate::content::{ContactCard, Interactive, InteractiveAction, MediaContent, ReplyButton, TemplateContent};
use crate::id::{AttendantId, ChannelId, ContactId, DeliveryId, IdentityId, TemplateId};
use crate::message::Reaction;
use crate::template::{RenderedTemplate, TemplateParameters};

const NOON: Timestamp = Timestamp::from_millis(1_795_435_200_000);
const ANA: Author = Author::Attendant { id: AttendantId::from_raw(1) };

fn message(id: i64, author: Author, content: Content) -> Message {
    Message {
        id: MessageId::from_raw(id),
        attendance_id: AttendanceId::from_raw(1),
        position: 1,
        channel_id: ChannelId::from_raw(1),
        at: NOON.shifted(id * 60_000),
        recorded_at: NOON,
        author,
        content,
        wamid: (author == Author::Contact || author == Author::Device).then(|| format!("wamid.{id}")),
        reply_to: None,
        forwarded: false,
        late: false,
        referral: None,
        reactions: Vec::new(),
        edited_at: None,
        revoked_at: None,
        delivery_id: None,
    }
}

fn text(body: &str) -> Content {
    Content::Text { body: body.to_owned(), preview_url: false }
}

fn media(name: Option<&str>, caption: Option<&str>) -> Content {
    Content::Media(MediaContent {
        kind: MediaKind::Document,
        sha256: None,
        provider_id: None,
        provider_hash: None,
        mime_type: "application/pdf".to_owned(),
        size: None,
        filename: name.map(ToOwned::to_owned),
        caption: caption.map(ToOwned::to_owned),
        animated: false,
        declared_type: None,
        gallery: None,
    })
}

fn delivery(state: DeliveryState) -> Delivery {
    Delivery {
        id: DeliveryId::from_raw(1),
        version: 1,
        message_id: MessageId::from_raw(1),
        attendance_id: AttendanceId::from_raw(1),
        channel_id: ChannelId::from_raw(1),
        contact_id: ContactId::from_raw(1),
        identity_id: IdentityId::from_raw(1),
        state,
        queue_order: 1,
        attempts: 1,
        due_at: NOON,
        wamid: Some("wamid.ours".to_owned()),
        last_error: None,
        receipts: crate::delivery::Receipts::default(),
        created_at: NOON,
    }
}

fn sent() -> Delivery {
    delivery(DeliveryState::Settled { progress: Progress::Sent })
}

fn transcript(locale: Locale, zone: &str) -> TranscriptWriter {
    TranscriptWriter::begin("Imobiliária Aurora", "Maria", locale, zone).unwrap()
}

fn plain(messages: &[Message]) -> String {
    let mut writer = transcript(Locale::PtBr, "America/Sao_Paulo");
    messages.iter().for_each(|message| writer.add(message, None, Some("Ana")));
    writer.transcript.plain()
}

#[test]
fn the_plain_form_reads_like_a_conversation() {
    let mut asked = message(1, Author::Contact, text("Bom dia!\nTem dois quartos?"));
    asked.reactions.push(Reaction { by: ANA, emoji: "👍".to_owned(), at: NOON });
    asked.reactions.push(Reaction { by: Author::Contact, emoji: String::new(), at: NOON });
    let mut deleted = message(3, Author::Contact, text("segredo"));
    deleted.revoked_at = Some(NOON);
    let mut edited = message(1_440, Author::Contact, text("Amanhã às 9"));
    edited.edited_at = Some(NOON);
    let planta = message(2, ANA, media(Some("planta.pdf"), Some("A planta")));
    let mut pt = transcript(Locale::PtBr, "America/Sao_Paulo");
    let mut en = transcript(Locale::En, "+05:30");
    for writer in [&mut pt, &mut en] {
        writer.add(&asked, None, None);
        writer.add(&planta, Some(&sent()), Some("Ana"));
        writer.add(&deleted, None, None);
        writer.add(&edited, None, None);
    }
    assert_eq!(
        pt.transcript.plain(),
        "Conversa entre Imobiliária Aurora e Maria\n\
         Horários: America/Sao_Paulo\n\
         \n\
         23/11/2026\n\
         09:01 Maria: Bom dia!\n    Tem dois quartos?\n    [reação de Imobiliária Aurora: 👍]\n\
         09:02 Ana (Imobiliária Aurora): A planta\n    [documento: planta.pdf]\n\
         09:03 Maria: [mensagem apagada]\n\
         \n\
         24/11/2026\n\
         09:00 Maria: Amanhã às 9\n    (editada)\n"
    );
    let english = en.transcript.plain();
    assert!(english.starts_with("Conversation between Imobiliária Aurora and Maria\nTimes: +05:30\n\n2026-11-23\n"));
    for words in ["17:31 Maria: Bom dia!", "[reaction by ", "[document: planta.pdf]", "[message deleted]", "(edited)"] {
        assert!(english.contains(words), "{words} is missing in:\n{english}");
    }
}

#[test]
fn what_never_reached_the_contact_is_left_out() {
    let shown = |state: DeliveryState| {
        let mut writer = transcript(Locale::En, "Z");
        writer.add(&message(1, ANA, text("oi")), Some(&delivery(state)), None);
        writer.transcript.lines.len() == 1
    };
    let settled = |progress| DeliveryState::Settled { progress };
    for progress in [Progress::Accepted, Progress::Sent, Progress::Delivered, Progress::Read, Progress::Played] {
        assert!(shown(settled(progress)), "{progress:?}");
    }
    for state in [
        DeliveryState::Queued,
        DeliveryState::InFlight { lease_until: NOON },
        DeliveryState::InDoubt { since: NOON, grace_until: None },
        DeliveryState::Held { reason: crate::delivery::HeldReason::WindowClosed },
        DeliveryState::Replaced { by: MessageId::from_raw(2) },
        DeliveryState::Discarded,
        settled(Progress::Failed),
        settled(Progress::Paced),
    ] {
        assert!(!shown(state.clone()), "{state:?}");
    }
}

#[test]
fn a_message_taken_back_leaves_no_word_no_file_and_no_reaction() {
    let mut deleted = message(1, Author::Contact, media(Some("rg.pdf"), Some("meu RG")));
    deleted.revoked_at = Some(NOON);
    deleted.reactions.push(Reaction { by: Author::Contact, emoji: "😢".to_owned(), at: NOON });
    let mut writer = transcript(Locale::PtBr, "Z");
    writer.add(&deleted, None, None);
    let line = &writer.transcript.lines[0];
    assert!(line.revoked && line.text.is_empty() && line.file.is_none() && line.reactions.is_empty());
}

#[test]
fn what_staff_and_the_platform_keep_to_themselves_is_not_there() {
    let notice = crate::content::SystemNotice {
        word: "user_changed_number".to_owned(),
        body: "Maria changed from +5511 to +5521".to_owned(),
        new_wa_id: None,
        new_user_id: None,
        previous_user_id: None,
    };
    let call = |event: &str| Content::Call { event: event.to_owned(), from_contact: false, duration_seconds: None };
    let said = plain(&[
        message(1, Author::Platform, Content::System(notice)),
        message(2, Author::Platform, call("connect")),
        message(3, Author::Platform, call("terminate")),
    ]);
    assert!(said.ends_with("\n09:03 Imobiliária Aurora: [ligação]\n") && !said.contains("changed"), "{said}");
}

#[test]
fn a_text_cannot_pass_for_another_speaker() {
    for way in ["\n", "\r\n", "\r", "\u{2028}", "\u{85}"] {
        let said = plain(&[message(1, Author::Contact, text(&format!("oi{way}09:05 Imobiliária Aurora: aceito")))]);
        assert!(said.ends_with("oi\n    09:05 Imobiliária Aurora: aceito\n"), "{said}");
    }
    let mut writer = TranscriptWriter::begin("Aurora", "Maria\n09:00 Aurora: sim", Locale::En, "Z").unwrap();
    writer.add(&message(1, Author::Contact, text("oi")), None, None);
    assert_eq!(writer.transcript.contact, "Maria 09:00 Aurora: sim");
}

#[test]
fn our_reactions_and_what_was_changed_on_the_phone_stand_at_their_message() {
    let react = |id, author, emoji: &str| {
        message(id, author, Content::Reaction { target: "wamid.1".to_owned(), emoji: emoji.to_owned() })
    };
    let mut writer = transcript(Locale::En, "Z");
    writer.add(&message(1, Author::Contact, text("oi")), None, None);
    writer.add(&react(2, ANA, "❤"), Some(&sent()), Some("Ana"));
    writer.add(&react(3, Author::Device, "👍"), None, None);
    // The contact's own stands in the message already, and one to a message that is not here has no place.
    writer.add(&react(4, Author::Contact, "😮"), None, None);
    let nowhere = Content::Reaction { target: "wamid.x".to_owned(), emoji: "x".to_owned() };
    writer.add(&message(5, Author::Device, nowhere), None, None);
    assert_eq!(writer.transcript.lines.len(), 1);
    let company = Speaker::Company { first_name: None };
    assert!(writer.transcript.lines[0].reactions == [TranscriptReaction { speaker: company, emoji: "👍".to_owned() }]);

    let to = |id, content| message(id, Author::Device, content);
    writer.add(&to(6, text("a segunda")), None, None);
    let target = "wamid.6".to_owned();
    writer.add(&to(7, Content::Edit { target: target.clone(), content: Box::new(text("a terça")) }), None, None);
    assert!(writer.transcript.lines[1].text == "a terça" && writer.transcript.lines[1].edited);
    writer.add(&to(8, Content::Revoke { target }), None, None);
    assert!(writer.transcript.lines[1].revoked && writer.transcript.lines[1].text.is_empty());
    assert_eq!(writer.transcript.lines.len(), 2);
}

#[test]
fn every_content_has_words_or_a_word_for_it() {
    let rendered = RenderedTemplate {
        header: "Aurora".to_owned(),
        body: "Olá, Maria!".to_owned(),
        footer: "Responda SAIR".to_owned(),
        offer: "Só hoje".to_owned(),
        buttons: vec!["Quero".to_owned()],
        ..RenderedTemplate::default()
    };
    let template = Content::Template(TemplateContent {
        template_id: TemplateId::from_raw(1),
        name: "boas_vindas".to_owned(),
        language: "pt_BR".to_owned(),
        version: 1,
        parameters: TemplateParameters::default(),
        rendered,
    });
    let card = ContactCard { name: "José".to_owned(), phones: vec!["+55 11 9".to_owned()], details: String::new() };
    let place = Content::Location(crate::content::Location {
        latitude: -23.5,
        longitude: -46.6,
        name: Some("Estande".to_owned()),
        address: None,
    });
    let buttons = vec![ReplyButton { id: "1".to_owned(), title: "Sim".to_owned() }];
    let offer = Content::Interactive(Interactive {
        body: "Confirma?".to_owned(),
        header: None,
        header_media: None,
        footer: Some("Aurora".to_owned()),
        action: InteractiveAction::Buttons { buttons },
    });
    let unknown = Content::Unsupported { subtype: String::new(), codes: Vec::new() };
    for (content, reads) in [
        (template, "Aurora\nSó hoje\nOlá, Maria!\nResponda SAIR\n[Quero]"),
        (Content::Contacts { cards: vec![card] }, "[contact card] José +55 11 9"),
        (offer, "Confirma?\nAurora\n[Sim]"),
        (place, "[location] Estande, (-23.500000, -46.600000)"),
        (unknown, "[message that cannot be shown]"),
        (media(None, None), ""),
    ] {
        assert_eq!(words_of(&content, Locale::En), reads);
    }
}

#[test]
fn a_zone_is_an_iana_name_or_an_offset() {
    let noon = |zone: &str| Zone::parse("zone", zone).ok().map(|zone| zone.local(NOON));
    for (zone, local) in [
        ("America/Sao_Paulo", "2026-11-23 09:00:00"),
        ("America/Manaus", "2026-11-23 08:00:00"),
        ("Asia/Kolkata", "2026-11-23 17:30:00"),
        ("-03:00", "2026-11-23 09:00:00"),
        ("+0530", "2026-11-23 17:30:00"),
        ("+13", "2026-11-24 01:00:00"),
        ("Z", "2026-11-23 12:00:00"),
    ] {
        assert_eq!(noon(zone).as_deref(), Some(local), "{zone}");
    }
    for zone in ["", "Sao Paulo", "+", "-3:", "+24:00", "+03:60", "03:00", "+1a", "+ 3", "É"] {
        assert_eq!(noon(zone), None, "{zone:?}");
    }
    let refused = TranscriptWriter::begin("", "", Locale::En, "Mars/Olympus").unwrap_err();
    assert_eq!(refused.code(), "unknown_zone");
}

#[test]
fn nothing_that_was_said_is_in_debug() {
    let mut writer = transcript(Locale::En, "Z");
    let mut said = message(1, Author::Contact, media(Some("SEGREDO"), Some("SEGREDO")));
    said.reactions.push(Reaction { by: Author::Contact, emoji: "SEGREDO".to_owned(), at: NOON });
    writer.add(&said, None, Some("SEGREDO"));
    let line = &writer.transcript.lines[0];
    let printed = format!("{writer:?}{line:?}{:?}{:?}{:?}", line.speaker, line.file, line.reactions);
    assert!(!printed.contains("SEGREDO") && !printed.contains("Maria"), "{printed}");
}
