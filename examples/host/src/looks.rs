//! How the engine's data looks on a terminal: bubbles, cards, windows, ticks.

use guiche_core::attendance::{Phase, Placement, TrashDoor};
use guiche_core::content::{Content, MediaContent, MediaKind, TemplateContent};
use guiche_core::delivery::{Delivery, DeliveryState, HeldReason, Progress};
use guiche_core::desk::{AttendanceView, LegalAction, ShownMessage, WindowView};
use guiche_core::id::{AttendantId, DepartmentId};
use guiche_core::inbox::Card;
use guiche_core::message::{Author, Message};
use guiche_core::setup::Setup;
use guiche_core::time::Timestamp;
use guiche_core::window::{ServiceWindow, Uncertainty};

use crate::civil::{Offset, length};
use crate::language::Lang;
use crate::paint::{blue, bold, cyan, dim, green, red, yellow};

/// How wide a bubble's text is.
const BUBBLE: usize = 58;
/// How far to the right our bubbles stand.
const OURS: usize = 24;
/// How many last digits tell attendances apart on a screen.
const SHORT: usize = 5;

/// Who looks: their language, their clock, and the names of what ids stand for.
#[derive(Clone, Copy)]
pub(crate) struct Looks<'a> {
    /// Their language.
    pub(crate) lang: Lang,
    /// Their clock.
    pub(crate) offset: Offset,
    /// The names.
    pub(crate) setup: &'a Setup,
}

/// The last digits of an id, by which people name an attendance.
pub(crate) fn short(id: &impl ToString) -> String {
    let text = id.to_string();
    text.get(text.len().saturating_sub(SHORT)..).unwrap_or(&text).to_owned()
}

/// A size with the unit that suits it.
pub(crate) fn size(bytes: u64, lang: Lang) -> String {
    #[allow(clippy::cast_precision_loss)] // shown with one decimal
    let text = match bytes {
        0..1_024 => return format!("{bytes} B"),
        1_024..1_048_576 => format!("{:.1} KB", bytes as f64 / 1_024.0),
        _ => format!("{:.1} MB", bytes as f64 / 1_048_576.0),
    };
    if lang == Lang::Pt { text.replace('.', ",") } else { text }
}

/// How many characters of a text are seen: colours are not.
fn seen(text: &str) -> usize {
    let mut count = 0;
    let mut hidden = false;
    for c in text.chars() {
        match c {
            '\u{1b}' => hidden = true,
            'm' if hidden => hidden = false,
            _ if hidden => {}
            _ => count += 1,
        }
    }
    count
}

/// Words broken into lines no longer than `width` characters, where blanks allow it.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        let mut used = 0;
        for word in paragraph.split(' ') {
            let length = seen(word);
            if used > 0 && used + 1 + length > width {
                lines.push(std::mem::take(&mut line));
                used = 0;
            }
            if used > 0 {
                line.push(' ');
                used += 1;
            }
            line.push_str(word);
            used += length;
        }
        lines.push(line);
    }
    lines
}

impl Looks<'_> {
    fn say(self, pt: &'static str, en: &'static str) -> &'static str {
        match self.lang {
            Lang::Pt => pt,
            Lang::En => en,
        }
    }

    /// An attendant's name.
    pub(crate) fn attendant(self, id: AttendantId) -> String {
        self.setup.attendants.get(&id).map_or_else(|| short(&id), |attendant| attendant.name.clone())
    }

    /// The assignee's name, or that there is none.
    pub(crate) fn assignee(self, id: Option<AttendantId>) -> String {
        id.map_or_else(|| self.say("sem responsável", "unassigned").to_owned(), |id| self.attendant(id))
    }

    /// A department's name.
    pub(crate) fn department(self, id: DepartmentId) -> String {
        self.setup.departments.get(&id).map_or_else(|| short(&id), |department| department.name.clone())
    }

    /// How far a talk is.
    pub(crate) fn phase(self, phase: Phase) -> &'static str {
        match phase {
            Phase::Created => self.say("criado", "created"),
            Phase::AwaitingContact => self.say("aguardando o contato", "awaiting the contact"),
            Phase::InConversation => self.say("em conversa", "in conversation"),
            Phase::Finished => self.say("finalizado", "finished"),
        }
    }

    /// Where an attendance lies.
    pub(crate) fn placement(self, placement: Placement) -> String {
        match placement {
            Placement::Central => self.say("Central", "inbox").to_owned(),
            Placement::Trash { door, by, at } => {
                let door = match door {
                    TrashDoor::FinishArchive => self.say("arquivado ao finalizar", "archived when finished"),
                    TrashDoor::Trash => self.say("excluído", "trashed"),
                };
                let by = by.map_or_else(|| "host".to_owned(), |id| self.attendant(id));
                format!("{} ({door}, {by}, {})", self.say("Lixeira", "trash"), self.offset.moment(at, self.lang))
            }
        }
    }

    /// The service window as one phrase, with what is left of it.
    pub(crate) fn window(self, window: ServiceWindow, now: Timestamp) -> String {
        let left = |until: Timestamp| {
            let until_text = self.offset.moment(until, self.lang);
            match self.lang {
                Lang::Pt => format!("até {until_text}, faltam {}", length(until.since(now))),
                Lang::En => format!("until {until_text}, {} left", length(until.since(now))),
            }
        };
        match window {
            ServiceWindow::Open { until: Some(until), .. } => {
                green(&format!("{} {}", self.say("janela aberta", "window open"), left(until)))
            }
            ServiceWindow::Open { until: None, .. } => {
                green(self.say("sem janela: sempre aberto", "no window: always open"))
            }
            ServiceWindow::Uncertain { until, why } => {
                let why = match why {
                    Uncertainty::Activity { .. } => {
                        self.say("a plataforma não diz se isto abre", "the platform does not say whether this opens it")
                    }
                    Uncertainty::ClockUnknown => {
                        self.say("relógio da plataforma desconhecido", "the platform's clock is unknown")
                    }
                };
                yellow(&format!("{} {} ({why})", self.say("janela incerta", "window uncertain"), left(until)))
            }
            ServiceWindow::Closed { since: Some(since) } => red(&format!(
                "{} {}",
                self.say("janela fechada desde", "window closed since"),
                self.offset.moment(since, self.lang)
            )),
            ServiceWindow::Closed { since: None } => red(self.say("janela nunca aberta", "window never opened")),
        }
    }

    /// What may be done now.
    pub(crate) fn actions(self, view: &WindowView) -> String {
        let word = |action: &LegalAction| match action {
            LegalAction::SendFreeForm => self.say("escrever livremente", "write freely"),
            LegalAction::SendTemplate => self.say("enviar modelo", "send a template"),
            LegalAction::WriteNote => self.say("anotar", "write a note"),
            LegalAction::Finish => self.say("finalizar", "finish"),
            LegalAction::Restore => self.say("restaurar", "restore"),
            LegalAction::CreateAttendance => self.say("abrir novo atendimento", "begin a new attendance"),
        };
        view.actions.iter().map(word).collect::<Vec<_>>().join(" · ")
    }

    /// What became of a message of ours: one tick for sent, two for delivered, blue for read.
    pub(crate) fn ticks(self, delivery: &Delivery) -> String {
        match &delivery.state {
            DeliveryState::Queued => dim(self.say("… na fila", "… queued")),
            DeliveryState::InFlight { .. } => dim(self.say("↗ saindo", "↗ leaving")),
            DeliveryState::InDoubt { .. } => yellow(self.say("? em dúvida", "? in doubt")),
            DeliveryState::Held { reason } => yellow(&format!("‖ {}", self.held(*reason))),
            DeliveryState::Replaced { .. } => dim(self.say("⇄ trocada por modelo", "⇄ replaced by a template")),
            DeliveryState::Discarded => dim(self.say("∅ descartada", "∅ discarded")),
            DeliveryState::Settled { progress } => match progress {
                Progress::Accepted => dim(self.say("· aceita", "· accepted")),
                Progress::Paced => yellow(self.say("· retida pela plataforma", "· paced by the platform")),
                Progress::Sent => dim("✓"),
                Progress::Delivered => dim("✓✓"),
                Progress::Read => blue(self.say("✓✓ lida", "✓✓ read")),
                Progress::Played => blue(self.say("✓✓ ouvida", "✓✓ played")),
                Progress::Failed => {
                    let code =
                        delivery.last_error.as_ref().map(|error| format!(" ({})", error.code)).unwrap_or_default();
                    red(&format!("✗ {}{code}", self.say("falhou", "failed")))
                }
            },
        }
    }

    fn held(self, reason: HeldReason) -> &'static str {
        match reason {
            HeldReason::WindowClosed => self.say("retida: a janela fechou", "held: the window closed"),
            HeldReason::AttendanceFinished => self.say("retida: finalizado", "held: finished"),
            HeldReason::AttendanceTrashed => self.say("retida: na Lixeira", "held: in the trash"),
            HeldReason::TemplateNotSendable => self.say("retida: modelo indisponível", "held: template unavailable"),
            HeldReason::NoAddress => self.say("retida: sem endereço", "held: no address"),
            HeldReason::MediaMissing => self.say("retida: arquivo ausente", "held: file missing"),
        }
    }

    fn author(self, message: &Message, contact: &str) -> String {
        match message.author {
            Author::Contact if contact.is_empty() => cyan(self.say("contato", "contact")),
            Author::Contact => cyan(contact),
            Author::Attendant { id } => blue(&self.attendant(id)),
            Author::Host => blue("host"),
            Author::Device => blue(self.say("aparelho", "device")),
            Author::Platform => dim(self.say("plataforma", "platform")),
        }
    }

    /// A message as a bubble: the contact's on the left, ours on the right.
    pub(crate) fn bubble(self, shown: &ShownMessage, contact: &str) -> String {
        let message = &shown.message;
        let indent = if message.author.is_ours() { OURS } else { 7 };
        let mut head = self.author(message, contact);
        if let Some(delivery) = &shown.delivery {
            head = format!("{head}  {}", self.ticks(delivery));
        }
        for reaction in message.reactions.iter().filter(|reaction| !reaction.emoji.is_empty()) {
            head = format!("{head}  {}", reaction.emoji);
        }
        for (so, word) in [
            (message.late, self.say("chegou tarde", "came late")),
            (message.forwarded, self.say("encaminhada", "forwarded")),
            (message.edited_at.is_some(), self.say("editada", "edited")),
            (message.revoked_at.is_some(), self.say("apagada pelo contato", "taken back")),
        ] {
            if so {
                head = format!("{head}  {}", dim(word));
            }
        }
        let gap = " ".repeat(indent.saturating_sub(7));
        let mut text = format!("{}  {gap}{head}\n", dim(&self.offset.hour(message.at)));
        let bar = if message.author.is_ours() { blue("┃") } else { cyan("┃") };
        for line in self.content(&message.content) {
            text.push_str(&format!("{}{bar} {line}\n", " ".repeat(indent)));
        }
        if let Some(file) = &shown.file {
            for line in wrap(&file.explain(self.lang.locale()), BUBBLE) {
                text.push_str(&format!("{}{bar} {}\n", " ".repeat(indent), dim(&line)));
            }
        }
        text
    }

    /// What a content says, line by line.
    pub(crate) fn content(self, content: &Content) -> Vec<String> {
        match content {
            Content::Text { body, .. } => wrap(body, BUBBLE),
            Content::Media(media) => self.media(media),
            Content::Template(template) => self.template(template),
            Content::Location(place) => {
                vec![format!(
                    "📍 {} ({:.4}, {:.4})",
                    place.name.as_deref().unwrap_or_default(),
                    place.latitude,
                    place.longitude
                )]
            }
            Content::Contacts { cards } => cards.iter().map(|card| format!("👤 {}", card.name)).collect(),
            Content::Reaction { emoji, .. } if emoji.is_empty() => {
                vec![self.say("tirou a reação", "took the reaction back").to_owned()]
            }
            Content::Reaction { emoji, .. } => vec![format!("{} {emoji}", self.say("reagiu", "reacted"))],
            Content::Reply(reply) => vec![format!("▸ {}", reply.title)],
            Content::Revoke { .. } => vec![dim(self.say("apagou uma mensagem", "took a message back"))],
            Content::Edit { content, .. } => {
                let mut lines = vec![dim(self.say("editou:", "edited:"))];
                lines.extend(self.content(content));
                lines
            }
            Content::Call { event, .. } => vec![format!("📞 {event}")],
            Content::Unsupported { .. } | Content::Opaque { .. } => {
                vec![dim(self.say("(a plataforma não mostra isto)", "(the platform does not show this)"))]
            }
            other => wrap(other.text(), BUBBLE),
        }
    }

    fn media(self, media: &MediaContent) -> Vec<String> {
        let (sign, word) = match media.kind {
            MediaKind::Image => ("🖼", self.say("imagem", "image")),
            MediaKind::Video => ("🎬", self.say("vídeo", "video")),
            MediaKind::Audio => ("🎵", self.say("áudio", "audio")),
            MediaKind::Voice => ("🎤", self.say("mensagem de voz", "voice note")),
            MediaKind::Document => ("📄", self.say("documento", "document")),
            MediaKind::Sticker => ("🙂", self.say("figurinha", "sticker")),
        };
        let mut line = format!("{sign} {}", media.filename.as_deref().unwrap_or(word));
        if let Some(bytes) = media.size {
            line.push_str(&format!("  {}", dim(&format!("{}, {}", media.mime_type, size(bytes, self.lang)))));
        }
        let mut lines = vec![line];
        lines.extend(wrap(media.caption.as_deref().unwrap_or_default(), BUBBLE));
        lines
    }

    fn template(self, template: &TemplateContent) -> Vec<String> {
        let rendered = &template.rendered;
        let mut lines = vec![dim(&format!("{} {}", self.say("modelo", "template"), template.name))];
        if let Some(media) = template.parameters.header_media() {
            lines.extend(self.media(media));
        }
        if !rendered.header.is_empty() {
            lines.push(bold(&rendered.header));
        }
        lines.extend(wrap(&rendered.body, BUBBLE));
        if !rendered.footer.is_empty() {
            lines.push(dim(&rendered.footer));
        }
        if !rendered.buttons.is_empty() {
            lines.push(rendered.buttons.iter().map(|label| format!("[{label}]")).collect::<Vec<_>>().join(" "));
        }
        lines
    }

    /// An attendance as an entry of a list.
    pub(crate) fn card(self, card: &Card, now: Timestamp) -> String {
        const INDENT: &str = "             ";
        let name = if card.contact_name.is_empty() { self.say("(sem nome)", "(no name)") } else { &card.contact_name };
        let at = dim(&self.offset.moment(card.last_activity_at, self.lang));
        let mut text = format!("{at}  {}  {}\n", bold(name), dim(&format!("…{}", short(&card.id))));
        let mut facts = vec![
            self.department(card.department_id),
            self.assignee(card.assignee_id),
            self.phase(card.phase).to_owned(),
        ];
        facts.extend(card.status_id.and_then(|id| self.setup.statuses.get(&id)).map(|status| status.name.clone()));
        text.push_str(&format!("{INDENT}{}  {}\n", dim(&facts.join(" · ")), self.window(card.window, now)));
        if !card.preview.kind.is_empty() {
            let first = card.preview.text.lines().next().unwrap_or_default();
            let words: String = if first.is_empty() { &card.preview.kind } else { first }.chars().take(60).collect();
            text.push_str(&format!("{INDENT}{} {words}\n", if card.preview.from_contact { "‹" } else { "›" }));
        }
        text
    }

    /// An attendance's particulars, as its screen begins.
    pub(crate) fn heading(self, view: &AttendanceView, now: Timestamp) -> String {
        let attendance = &view.attendance;
        let name = view.contact.name();
        let name = if name.is_empty() { self.say("(sem nome)", "(no name)") } else { name };
        let mut text = format!("{}  {}  {}\n", bold(name), view.identity.shown(), dim(&attendance.id.to_string()));
        let mut facts = vec![
            self.department(attendance.department_id),
            self.assignee(attendance.assignee_id),
            self.phase(attendance.phase).to_owned(),
            self.placement(attendance.placement),
        ];
        facts.extend(attendance.status_id.and_then(|id| self.setup.statuses.get(&id)).map(|row| row.name.clone()));
        facts
            .extend(attendance.type_id.and_then(|id| self.setup.attendance_types.get(&id)).map(|row| row.name.clone()));
        facts.extend(
            attendance.tags.iter().filter_map(|id| self.setup.tags.get(id)).map(|tag| format!("#{}", tag.name)),
        );
        text.push_str(&format!("{}\n", facts.join(" · ")));
        text.push_str(&format!("{}\n", self.window(view.window.window, now)));
        text.push_str(&format!("{}\n", dim(&self.actions(&view.window))));
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_broken_at_blanks_and_nothing_is_lost() {
        assert_eq!(wrap("um dois três", 8), ["um dois", "três"]);
        assert_eq!(wrap("a\n\nb", 8), ["a", "", "b"]);
        assert_eq!(wrap("inseparável", 4), ["inseparável"]);
        assert_eq!(wrap(&format!("{} dois", red("um")), 7), [format!("{} dois", red("um"))]);
    }

    #[test]
    fn sizes_are_written_as_the_language_does() {
        assert_eq!(size(512, Lang::Pt), "512 B");
        assert_eq!(size(6 * 1_048_576, Lang::Pt), "6,0 MB");
        assert_eq!(size(1_536, Lang::En), "1.5 KB");
    }
}
