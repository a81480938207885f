//! Events as sentences: the timeline of an attendance, told in the language of whoever reads it.

use guiche_core::attendance::{Disposition, TrashDoor};
use guiche_core::event::{Actor, Event, EventKind};
use guiche_core::id::{AttendantId, TagId};

use crate::looks::{Looks, short};
use crate::paint::{bold, dim};

impl Looks<'_> {
    fn actor(self, actor: Actor) -> String {
        match actor {
            Actor::Attendant { id } => self.attendant(id),
            Actor::Host => "host".to_owned(),
            Actor::Contact => self.lang.say("contato", "contact").to_owned(),
            Actor::Platform => self.lang.say("plataforma", "platform").to_owned(),
            Actor::Engine => self.lang.say("relógio", "clock").to_owned(),
        }
    }

    /// An event as one line of a timeline.
    pub(crate) fn event(self, event: &Event) -> String {
        format!(
            "{}  {:<12} {}",
            dim(&self.offset.moment(event.at, self.lang)),
            bold(&self.actor(event.actor)),
            self.happened(&event.kind)
        )
    }

    fn name_or_nobody(self, id: Option<AttendantId>) -> String {
        id.map_or_else(|| self.lang.say("ninguém", "nobody").to_owned(), |id| self.attendant(id))
    }

    fn tags(self, ids: &[TagId]) -> String {
        let name = |id: &TagId| self.setup.tags.get(id).map_or_else(|| short(id), |tag| tag.name.clone());
        ids.iter().map(name).collect::<Vec<_>>().join(", ")
    }

    /// A kind of content.
    fn kind(self, kind: &str) -> String {
        match kind {
            "text" => self.lang.say("texto", "text"),
            "template" => self.lang.say("modelo", "template"),
            "image" => self.lang.say("imagem", "image"),
            "video" => self.lang.say("vídeo", "video"),
            "audio" => self.lang.say("áudio", "audio"),
            "voice" => self.lang.say("mensagem de voz", "voice note"),
            "document" => self.lang.say("documento", "document"),
            "sticker" => self.lang.say("figurinha", "sticker"),
            "reaction" => self.lang.say("reação", "reaction"),
            "reply" => self.lang.say("toque em um botão", "tap on a button"),
            other => other,
        }
        .to_owned()
    }

    /// What happened, as a sentence.
    pub(crate) fn happened(self, kind: &EventKind) -> String {
        self.about_attendance(kind).or_else(|| self.about_message(kind)).unwrap_or_else(|| self.about_the_rest(kind))
    }

    fn about_attendance(self, kind: &EventKind) -> Option<String> {
        use EventKind as E;
        let say = |pt: &str, en: &str| self.lang.say(pt, en).to_owned();
        Some(match kind {
            E::AttendanceCreated { department_id, assignee_id, previous_id, .. } => {
                let linked = previous_id
                    .map(|id| format!(", {} …{}", say("depois de", "after"), short(&id)))
                    .unwrap_or_default();
                let (place, who) = (self.department(*department_id), self.assignee(*assignee_id));
                format!("{} {place}, {who}{linked}", say("criou o atendimento em", "began the attendance in"))
            }
            E::AttendanceReopened { released: None } => say("reabriu o atendimento", "took it up again"),
            E::AttendanceReopened { released: Some(id) } => {
                format!("{} {}", say("reabriu o atendimento, sem", "took it up again, without"), self.attendant(*id))
            }
            E::AttendanceAssigned { from, to, .. } => {
                format!(
                    "{} {} → {}",
                    say("responsável:", "assignee:"),
                    self.name_or_nobody(*from),
                    self.name_or_nobody(*to)
                )
            }
            E::AttendanceTransferred { from, to, assignee_id, .. } => format!(
                "{} {} → {}, {}",
                say("transferiu", "transferred"),
                self.department(*from),
                self.department(*to),
                self.assignee(*assignee_id)
            ),
            E::StatusChanged { to, .. } => {
                let name = to.and_then(|id| self.setup.statuses.get(&id)).map_or("—", |status| &status.name);
                format!("status: {name}")
            }
            E::TypeChanged { to, .. } => {
                let name = to.and_then(|id| self.setup.attendance_types.get(&id)).map_or("—", |row| &row.name);
                format!("{} {name}", say("tipo:", "type:"))
            }
            E::TagsChanged { added, removed } => {
                let sign = |sign: &str, ids: &[TagId]| (!ids.is_empty()).then(|| format!("{sign}{}", self.tags(ids)));
                let changes: Vec<_> = [sign("+", added), sign("−", removed)].into_iter().flatten().collect();
                format!("tags: {}", changes.join(" "))
            }
            E::AttendanceFinished { disposition: Disposition::Keep } => say("finalizou: manter", "finished: keep"),
            E::AttendanceFinished { disposition: Disposition::Archive } => {
                say("finalizou: arquivar", "finished: archive")
            }
            E::AttendanceTrashed { door: TrashDoor::Trash } => {
                say("excluiu: foi para a Lixeira", "sent it to the trash")
            }
            E::AttendanceTrashed { door: TrashDoor::FinishArchive } => say("foi para a Lixeira", "went to the trash"),
            E::AttendanceRestored { .. } => say("restaurou da Lixeira", "restored it from the trash"),
            E::NoteWritten { .. } => say("escreveu uma anotação", "wrote a note"),
            E::NoteEdited { .. } => say("mudou uma anotação", "changed a note"),
            E::RecordLinked { .. } => say("vinculou um registro de outro módulo", "linked a record of another module"),
            E::TicketEnabled { .. } => say("habilitou a abertura de chamado", "enabled the service ticket"),
            E::TicketRequested { .. } => say("pediu a abertura do chamado", "asked for the service ticket"),
            E::TicketOpened { .. } => say("o chamado foi aberto", "the service ticket was opened"),
            E::TicketFailed { code, .. } => {
                format!("{} ({code})", say("o chamado não foi aberto", "the service ticket was not opened"))
            }
            E::RecipientRenamed { .. } => say("mudou o nome do destinatário", "named the recipient"),
            E::ProfileRenamed { .. } => {
                say("o contato mudou o nome do perfil", "the contact's profile has another name")
            }
            _ => return None,
        })
    }

    fn about_message(self, kind: &EventKind) -> Option<String> {
        use EventKind as E;
        let say = |pt: &str, en: &str| self.lang.say(pt, en).to_owned();
        Some(match kind {
            E::MessageReceived { kind, late, .. } => {
                let late = if *late { say(" (chegou tarde)", " (came late)") } else { String::new() };
                format!("{} {}{late}", say("chegou do contato:", "came from the contact:"), self.kind(kind))
            }
            E::MessageEchoed { kind, .. } => {
                format!("{} {}", say("saiu do aparelho:", "sent from the device:"), self.kind(kind))
            }
            E::MessageQueued { kind, .. } => format!("{} {}", say("pôs na fila:", "queued:"), self.kind(kind)),
            E::MessageEdited { .. } => say("mensagem editada", "message edited"),
            E::MessageRevoked { .. } => say("mensagem apagada pelo contato", "message taken back"),
            E::ReactionChanged { .. } => say("reação", "reaction"),
            E::DeliveryStarted { attempt, .. } => format!("{} {attempt}", say("envio, tentativa", "delivery, attempt")),
            E::DeliveryAccepted { .. } => say("a plataforma aceitou", "the platform accepted it"),
            E::DeliveryDelayed { due_at, code, .. } => {
                let at = self.offset.moment(*due_at, self.lang);
                format!("{} {at} ({code})", say("adiado para", "put off until"))
            }
            E::DeliveryFailed { code, .. } => format!("{} ({code})", say("não vai chegar", "will not arrive")),
            E::DeliveryInDoubt { reason, .. } => format!("{} ({reason})", say("em dúvida", "in doubt")),
            E::DeliveryHeld { reason, .. } => format!("{} ({})", say("retido", "held"), reason.word()),
            E::DeliveryRequeued { .. } => say("voltou para a fila", "queued again"),
            E::DeliveryReplaced { .. } => say("trocado por um modelo", "replaced by a template"),
            E::DeliveryDiscarded { .. } => say("descartado", "discarded"),
            E::ReceiptTaken { status, shown, .. } => {
                format!("{} {status} ({})", say("recibo", "receipt"), shown.word())
            }
            E::CallNoticed { .. } => say("ligação", "call"),
            _ => return None,
        })
    }

    fn about_the_rest(self, kind: &EventKind) -> String {
        use EventKind as E;
        let say = |pt: &str, en: &str| self.lang.say(pt, en).to_owned();
        match kind {
            E::WindowOpened { until, .. } => {
                format!("{} {}", say("janela aberta até", "window open until"), self.offset.moment(*until, self.lang))
            }
            E::WindowClosing { until, .. } => {
                format!(
                    "{} {}",
                    say("a janela fecha em breve:", "the window closes soon:"),
                    self.offset.moment(*until, self.lang)
                )
            }
            E::WindowExpired { since: at, .. } => {
                format!("{} {}", say("janela fechou:", "window closed:"), self.offset.moment(*at, self.lang))
            }
            E::WindowRefuted { .. } => {
                say("a plataforma diz que a janela está fechada", "the platform says the window is closed")
            }
            E::TemplatesSynced { added, changed, vanished, .. } => {
                format!("{}: +{added} ~{changed} −{vanished}", say("modelos sincronizados", "templates synced"))
            }
            E::ElementKept { reason, .. } => {
                format!("{} ({reason})", say("elemento guardado à parte", "element kept aside"))
            }
            E::ChannelStopped { code, .. } => format!("{} ({code})", say("canal parado", "channel stopped")),
            E::ChannelProbed { .. } => say("canal segue parado", "channel still stopped"),
            E::ChannelResumed { .. } => say("canal retomado", "channel resumed"),
            E::SetupChanged { entity, .. } => format!("{} {entity}", say("configurou", "set up")),
            other => other.word().replace('_', " "),
        }
    }
}
