//! The words of a transcript: of each content, and of the plain form.

use super::{Speaker, TranscriptLine};
use crate::content::{Content, Location, MediaKind};
use crate::error::Locale;

/// Everything a person reads in a content, a template's header, footer and buttons included, as it was sent (G-10).
/// Empty where there are no words.
pub(crate) fn words(content: &Content) -> String {
    let lines: Vec<String> = match content {
        Content::Template(template) => {
            let rendered = &template.rendered;
            let buttons = |labels: &[String]| labels.iter().map(|label| format!("[{label}]")).collect::<Vec<_>>();
            let cards =
                rendered.cards.iter().flat_map(|card| [vec![card.body.clone()], buttons(&card.buttons)].concat());
            let texts = [&rendered.header, &rendered.offer, &rendered.body, &rendered.footer].into_iter().cloned();
            texts.chain(cards).chain(buttons(&rendered.buttons)).collect()
        }
        Content::Interactive(offer) => {
            let texts = [offer.header.as_deref(), Some(offer.body.as_str()), offer.footer.as_deref()];
            let labels = offer.action.labels().into_iter().map(|label| format!("[{label}]"));
            texts.into_iter().flatten().map(ToOwned::to_owned).chain(labels).collect()
        }
        Content::Location(place) => vec![place_words(place)],
        Content::Contacts { cards } => {
            cards.iter().map(|card| format!("{} {}", card.name, card.phones.join(", ")).trim().to_owned()).collect()
        }
        Content::Edit { content, .. } => vec![words(content)],
        other => vec![other.text().to_owned()],
    };
    lines.into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

fn place_words(place: &Location) -> String {
    let degrees = format!("({:.6}, {:.6})", place.latitude, place.longitude);
    let parts = [place.name.as_deref(), place.address.as_deref(), Some(degrees.as_str())];
    parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

/// The words of a content for the contact, with a word for what has none.
pub(super) fn words_of(content: &Content, locale: Locale) -> String {
    let label = match content {
        Content::Location(_) => say(locale, "localização", "location"),
        Content::Contacts { .. } => say(locale, "contato", "contact card"),
        Content::Order(_) => say(locale, "pedido", "order"),
        Content::Call { .. } => say(locale, "ligação", "call"),
        Content::Unsupported { .. } | Content::Opaque { .. } => {
            say(locale, "mensagem que não pode ser mostrada", "message that cannot be shown")
        }
        _ => return words(content),
    };
    format!("[{label}] {}", words(content)).trim_end().to_owned()
}

fn say<'a>(locale: Locale, pt: &'a str, en: &'a str) -> &'a str {
    match locale {
        Locale::PtBr => pt,
        Locale::En => en,
    }
}

fn kind_word(kind: MediaKind, locale: Locale) -> &'static str {
    match kind {
        MediaKind::Image => say(locale, "imagem", "image"),
        MediaKind::Video => say(locale, "vídeo", "video"),
        MediaKind::Audio => say(locale, "áudio", "audio"),
        MediaKind::Voice => say(locale, "mensagem de voz", "voice message"),
        MediaKind::Document => say(locale, "documento", "document"),
        MediaKind::Sticker => say(locale, "figurinha", "sticker"),
    }
}

/// What the plain form is written with.
pub(super) struct Words<'a> {
    pub(super) locale: Locale,
    pub(super) company: &'a str,
    pub(super) contact: &'a str,
}

impl Words<'_> {
    fn say<'a>(&self, pt: &'a str, en: &'a str) -> &'a str {
        say(self.locale, pt, en)
    }

    pub(super) fn whole(&self, zone: &str, lines: &[TranscriptLine]) -> String {
        let (company, contact) = (self.company(), self.contact());
        let heading = match self.locale {
            Locale::PtBr => format!("Conversa entre {company} e {contact}\nHorários: {zone}\n"),
            Locale::En => format!("Conversation between {company} and {contact}\nTimes: {zone}\n"),
        };
        let (mut text, mut day) = (heading, "");
        for line in lines {
            let (date, time) = line.local.split_once(' ').unwrap_or((&line.local, ""));
            if date != day {
                day = date;
                text.push_str(&format!("\n{}\n", self.date(date)));
            }
            text.push_str(&self.line(line, time.get(..5).unwrap_or(time)));
        }
        text
    }

    fn line(&self, line: &TranscriptLine, time: &str) -> String {
        let mut parts = Vec::new();
        if line.revoked {
            parts.push(format!("[{}]", self.say("mensagem apagada", "message deleted")));
        }
        if !line.text.is_empty() {
            parts.push(line.text.clone());
        }
        if let Some(file) = &line.file {
            let kind = kind_word(file.kind, self.locale);
            parts.push(file.name.as_ref().map_or_else(|| format!("[{kind}]"), |name| format!("[{kind}: {name}]")));
        }
        if line.edited && !line.revoked {
            parts.push(format!("({})", self.say("editada", "edited")));
        }
        for reaction in &line.reactions {
            let word = self.say("reação de", "reaction by");
            parts.push(format!("[{word} {}: {}]", self.speaker(&reaction.speaker), reaction.emoji));
        }
        // Every way to break a line counts, so that no text can begin one by itself.
        let breaks = ['\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}'];
        let said = parts.join("\n").replace("\r\n", "\n").split(breaks).collect::<Vec<_>>().join("\n    ");
        format!("{time} {}: {said}\n", self.speaker(&line.speaker))
    }

    fn speaker(&self, speaker: &Speaker) -> String {
        match speaker {
            Speaker::Contact => self.contact().to_owned(),
            Speaker::Company { first_name: None } => self.company().to_owned(),
            Speaker::Company { first_name: Some(name) } => format!("{name} ({})", self.company()),
        }
    }

    fn company(&self) -> &str {
        if self.company.is_empty() { self.say("Empresa", "Company") } else { self.company }
    }

    fn contact(&self) -> &str {
        if self.contact.is_empty() { self.say("Cliente", "Contact") } else { self.contact }
    }

    /// A day as people of the language write it.
    fn date(&self, date: &str) -> String {
        match (self.locale, date.split('-').collect::<Vec<_>>().as_slice()) {
            (Locale::PtBr, [year, month, day]) => format!("{day}/{month}/{year}"),
            _ => date.to_owned(),
        }
    }
}
