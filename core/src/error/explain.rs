//! The sentence for a person: what happened and what to do next, in their language.

use super::{Conflict, Entity, Error, Locale, Problem, Refusal, store};
use crate::content::MediaKind;
use crate::port::TransferError;
use crate::setup::FinishRequirement;
use crate::template::{ParameterFault, ParameterProblem};
use crate::time::Timestamp;

/// A language and a civil clock.
#[derive(Clone, Copy)]
pub(crate) struct Voice {
    locale: Locale,
    offset_minutes: i32,
}

impl Voice {
    /// For sentences without an hour.
    pub(crate) fn of(locale: Locale) -> Self {
        Voice { locale, offset_minutes: 0 }
    }

    pub(crate) fn say(self, pt: impl Into<String>, en: impl Into<String>) -> String {
        match self.locale {
            Locale::PtBr => pt.into(),
            Locale::En => en.into(),
        }
    }

    /// Day and hour on the person's clock.
    fn time(self, at: Timestamp) -> String {
        let local = at.shifted(i64::from(self.offset_minutes) * 60_000).to_string();
        let (day, month, hour) = (&local[8..10], &local[5..7], &local[11..16]);
        let zone = if self.offset_minutes == 0 { " UTC" } else { "" };
        match self.locale {
            Locale::PtBr => format!("{day}/{month} {hour}{zone}"),
            Locale::En => format!("{month}-{day} {hour}{zone}"),
        }
    }

    pub(crate) fn size(self, bytes: u64) -> String {
        #[allow(clippy::cast_precision_loss)] // shown with one decimal
        let (value, unit) = match bytes {
            0..1_024 => return format!("{bytes} B"),
            1_024..1_048_576 => (bytes as f64 / 1_024.0, "KB"),
            _ => (bytes as f64 / 1_048_576.0, "MB"),
        };
        let text = format!("{value:.1} {unit}");
        if self.locale == Locale::PtBr { text.replace('.', ",") } else { text }
    }

    fn entity(self, entity: Entity) -> String {
        match entity {
            Entity::Attendance => self.say("o atendimento", "the attendance"),
            Entity::Contact => self.say("o contato", "the contact"),
            Entity::Channel => self.say("o canal", "the channel"),
            Entity::Department => self.say("o ramal", "the department"),
            Entity::Attendant => self.say("o atendente", "the attendant"),
            Entity::Role => self.say("o papel", "the role"),
            Entity::Status => self.say("o status", "the status"),
            Entity::AttendanceType => self.say("o tipo de atendimento", "the attendance type"),
            Entity::Tag => self.say("a tag", "the tag"),
            Entity::Template => self.say("o modelo", "the template"),
            Entity::Message => self.say("a mensagem", "the message"),
            Entity::Delivery => self.say("o envio", "the delivery"),
            Entity::Media => self.say("o arquivo", "the file"),
            Entity::Marker => self.say("o marcador", "the marker"),
            Entity::Note => self.say("a anotação", "the note"),
            Entity::GalleryItem => self.say("o item da galeria", "the gallery item"),
            Entity::Task => self.say("a tarefa", "the task"),
            Entity::ExternalLink => self.say("o vínculo", "the link"),
            Entity::ServiceTicket => self.say("o chamado", "the service ticket"),
            Entity::CannedReply => self.say("a resposta pronta", "the canned reply"),
            Entity::Draft => self.say("o rascunho", "the draft"),
            Entity::Merge => self.say("a união de contatos", "the merge"),
            Entity::Erasure => self.say("a eliminação de dados", "the erasure"),
            Entity::LegalHold => self.say("a guarda legal", "the legal hold"),
        }
    }

    pub(crate) fn kind(self, kind: MediaKind) -> String {
        match kind {
            MediaKind::Image => self.say("imagem", "image"),
            MediaKind::Video => self.say("vídeo", "video"),
            MediaKind::Audio => self.say("áudio", "audio"),
            MediaKind::Voice => self.say("mensagem de voz", "voice note"),
            MediaKind::Document => self.say("documento", "document"),
            MediaKind::Sticker => self.say("figurinha", "sticker"),
        }
    }

    fn templates(self, count: u32) -> String {
        match count {
            0 => self.say(
                "Nenhum modelo está disponível: sincronize os modelos ou espere o cliente escrever.",
                "No template is available: sync the templates, or wait for the client to write.",
            ),
            1 => self.say(
                "Envie o modelo disponível para retomar o contato.",
                "Send the available template to resume contact.",
            ),
            n => self.say(
                format!("Envie um dos {n} modelos disponíveis para retomar o contato."),
                format!("Send one of the {n} available templates to resume contact."),
            ),
        }
    }
}

impl Error {
    /// The sentence for a person, with the next step. Instants are in UTC; see [`Error::explain_at`].
    #[must_use]
    pub fn explain(&self, locale: Locale) -> String {
        self.explain_at(locale, 0)
    }

    /// The sentence for a person whose clock is `offset_minutes` ahead of UTC (−180 in São Paulo).
    #[must_use]
    pub fn explain_at(&self, locale: Locale, offset_minutes: i32) -> String {
        let v = Voice { locale, offset_minutes };
        match self {
            Error::Refused(refusal) => refusal_text(v, refusal),
            Error::Invalid { field, problem } => invalid_text(v, field, problem),
            Error::NotFound { entity, .. } => v.say(
                format!("Não encontramos {}. Atualize a lista e tente de novo.", v.entity(*entity)),
                format!("We could not find {}. Refresh the list and try again.", v.entity(*entity)),
            ),
            Error::Conflict(conflict) => conflict_text(v, conflict),
            Error::Busy => v.say(
                "O sistema está ocupado. Tente de novo em instantes.",
                "The system is busy. Try again in a moment.",
            ),
            Error::Closed => v.say("O sistema foi encerrado. Abra-o de novo.", "The system was closed. Open it again."),
            Error::Store { code, .. } => store::sentence(v, code),
            Error::Messaging(error) => transfer_text(v, error),
        }
    }

    /// The instant that the sentence tells, if it tells one. The offset that [`Error::explain_at`] wants is the one of the
    /// person's clock then: where clocks are changed it may not be that of now.
    #[must_use]
    pub fn instant(&self) -> Option<Timestamp> {
        match self {
            Error::Refused(
                Refusal::WindowClosed { since: at, .. }
                | Refusal::AlreadyClaimed { at, .. }
                | Refusal::MarketingStopped { since: at }
                | Refusal::UnderWay { until: at },
            ) => Some(*at),
            _ => None,
        }
    }
}

fn refusal_text(v: Voice, refusal: &Refusal) -> String {
    match refusal {
        Refusal::WindowClosed { since, sendable_templates } => {
            let at = v.time(*since);
            let next = v.templates(*sendable_templates);
            v.say(
                format!("A janela de conversa fechou em {at}. {next}"),
                format!("The conversation window closed at {at}. {next}"),
            )
        }
        Refusal::WindowNeverOpened { sendable_templates } => {
            let next = v.templates(*sendable_templates);
            v.say(
                format!("O cliente ainda não respondeu: texto livre só depois da resposta. {next}"),
                format!("The client has not replied yet: free text only after a reply. {next}"),
            )
        }
        Refusal::AttendanceFinished => v.say(
            "Este atendimento está finalizado. Inicie um novo para falar com o cliente.",
            "This attendance is finished. Begin a new one to talk to the client.",
        ),
        Refusal::AttendanceTrashed => v.say(
            "Este atendimento está na Lixeira. Restaure-o para continuar.",
            "This attendance is in the trash. Restore it to go on.",
        ),
        Refusal::NothingToDo => {
            v.say("Não há o que fazer: já está assim.", "There is nothing to do: it is so already.")
        }
        Refusal::NotPermitted { permission } => v.say(
            format!("Seu papel não permite isto ({}). Fale com um gestor.", permission.word()),
            format!("Your role does not allow this ({}). Talk to a supervisor.", permission.word()),
        ),
        Refusal::NotAssigned { assignee_id: None } => v.say(
            "Este atendimento não tem responsável. Assuma-o primeiro.",
            "Nobody is responsible for this attendance. Claim it first.",
        ),
        Refusal::NotAssigned { assignee_id: Some(_) } => v.say(
            "Este atendimento é de um colega. Peça que ele o passe a você.",
            "This attendance is a colleague's. Ask them to hand it over to you.",
        ),
        Refusal::AlreadyClaimed { at, .. } => {
            let at = v.time(*at);
            v.say(
                format!("Um colega assumiu este atendimento em {at}. Escolha outro."),
                format!("A colleague claimed this attendance at {at}. Choose another."),
            )
        }
        Refusal::NotInDepartment { .. } => v.say(
            "Este atendente não trabalha nesse ramal. Escolha outro atendente ou outro ramal.",
            "This attendant does not work in that department. Choose another attendant or department.",
        ),
        Refusal::TemplateNotSendable { status, .. } => v.say(
            format!("Este modelo não pode ser enviado (situação: {}). Escolha outro.", status.word()),
            format!("This template cannot be sent (status: {}). Choose another.", status.word()),
        ),
        Refusal::TemplateChanged { .. } => v.say(
            "O modelo mudou depois que esta mensagem foi preenchida. Preencha o modelo atual e envie.",
            "The template changed after this message was filled in. Fill in the present one and send it.",
        ),
        Refusal::TemplateOfOtherAccount => v.say(
            "Este modelo é de outro número. Escolha um modelo deste canal.",
            "This template belongs to another number. Choose one of this channel.",
        ),
        Refusal::TemplateParameters { problems } => {
            let fields: Vec<_> = problems.iter().map(|problem| problem_text(v, problem)).collect();
            v.say(
                format!("Preencha o modelo: {}.", fields.join("; ")),
                format!("Fill in the template: {}.", fields.join("; ")),
            )
        }
        Refusal::MarketingStopped { since } => {
            let at = v.time(*since);
            v.say(
                format!("O cliente recusou mensagens de marketing em {at}. Use um modelo de utilidade."),
                format!("The client stopped marketing messages at {at}. Use a utility template."),
            )
        }
        Refusal::ChannelHasNoTemplates => {
            v.say("Este canal não usa modelos. Escreva livremente.", "This channel has no templates. Write freely.")
        }
        Refusal::MediaTooLarge { kind, limit, actual } => {
            let (kind, limit, actual) = (v.kind(*kind), v.size(*limit), v.size(*actual));
            v.say(
                format!("O arquivo tem {actual}; como {kind}, o limite é {limit}. Reduza o arquivo e envie de novo."),
                format!("The file has {actual}; as {kind} the limit is {limit}. Make it smaller and send it again."),
            )
        }
        Refusal::MediaTypeNotAccepted { kind, found, accepted } => {
            let kind = v.kind(*kind);
            let accepted = accepted.join(", ");
            v.say(
                format!("O conteúdo do arquivo é {found}; como {kind} o canal aceita {accepted}. Converta-o e envie de novo."),
                format!("The file's content is {found}; as {kind} the channel takes {accepted}. Convert it and send it again."),
            )
        }
        Refusal::TextTooLong { limit, actual } => v.say(
            format!("O texto tem {actual} caracteres; o limite é {limit}. Divida-o em partes."),
            format!("The text has {actual} characters; the limit is {limit}. Split it."),
        ),
        Refusal::ContentNotSupported { kind } => v.say(
            format!("O canal não envia este tipo de conteúdo ({kind}). Use outro formato."),
            format!("The channel does not send this kind of content ({kind}). Use another form."),
        ),
        Refusal::NoAddress => v.say(
            "O contato não tem endereço neste canal. Inclua um telefone ou peça um a ele.",
            "The contact has no address on this channel. Add a phone number, or ask them for one.",
        ),
        Refusal::NeedsPhone => v.say(
            "Códigos de acesso só vão para um telefone: peça o número ao contato e inclua-o no cadastro.",
            "One-time passwords go only to a phone number: ask the contact for theirs and add it.",
        ),
        Refusal::MissingToFinish { missing } => {
            let names: Vec<_> = missing
                .iter()
                .map(|requirement| match requirement {
                    FinishRequirement::Tag => v.say("uma tag", "a tag"),
                    FinishRequirement::AttendanceType => v.say("o tipo de atendimento", "the attendance type"),
                    FinishRequirement::Status => v.say("o status", "the status"),
                })
                .collect();
            let list = names.join(", ");
            v.say(format!("Antes de finalizar, preencha: {list}."), format!("Before finishing, set: {list}."))
        }
        Refusal::SameContact => v.say(
            "É o mesmo contato. Escolha dois contatos diferentes para unir.",
            "It is the same contact. Choose two different ones to merge.",
        ),
        Refusal::ContactMerged { .. } => v.say(
            "Este contato já foi unido a outro. Continue com o outro, ou desfaça a união antes.",
            "This contact was merged into another. Go on with that one, or undo the merge first.",
        ),
        Refusal::OpenOnBoth { .. } => v.say(
            "Os dois contatos têm atendimento aberto no mesmo canal. Finalize um deles e una de novo.",
            "Both contacts have an open attendance on one channel. Finish one of them and merge again.",
        ),
        Refusal::WrongDeliveryState { state } => v.say(
            format!("A mensagem está em \"{state}\": isto não se aplica. Atualize a conversa."),
            format!("The message is \"{state}\": this does not apply. Refresh the conversation."),
        ),
        Refusal::NoEyes => v.say(
            "Visto e não visto são de cada atendente. Faça isto na mesa de um atendente.",
            "Seen and unseen are an attendant's. Do this at an attendant's desk.",
        ),
        Refusal::SuppliedMarker => v.say(
            "Este marcador é do sistema: só o nome pode mudar. Crie um marcador seu.",
            "This marker is the system's: only its name may change. Make a marker of your own.",
        ),
        Refusal::NotTheAuthor { .. } => v.say(
            "Esta anotação é de outra pessoa. Peça a quem a escreveu ou a um gestor, ou escreva outra.",
            "This note is somebody else's. Ask its author or a supervisor, or write another one.",
        ),
        Refusal::TicketNotEnabled => v.say(
            "O chamado ainda não foi habilitado neste atendimento. Habilite-o no menu de opções e abra-o.",
            "The service ticket is not enabled on this attendance yet. Enable it in the options menu, then open it.",
        ),
        Refusal::ModulesMissing => v.say(
            "Não há ligação com os outros módulos: o chamado não pode ser aberto daqui. Avise o administrador.",
            "The other modules are not connected: the ticket cannot be opened from here. Tell the administrator.",
        ),
        Refusal::ContactErased => v.say(
            "Os dados deste contato foram eliminados a pedido. Se a pessoa voltar a escrever, será um contato novo.",
            "This contact's data was erased on request. If the person writes again, they are a new contact.",
        ),
        Refusal::UnderWay { until } => {
            let until = v.time(*until);
            v.say(
                format!("Há algo deste contato a caminho até {until}. Nada foi eliminado; tente de novo depois disso."),
                format!(
                    "Something of this contact is under way until {until}. Nothing was erased; try again after that."
                ),
            )
        }
    }
}

fn problem_text(v: Voice, problem: &ParameterProblem) -> String {
    let what = match &problem.fault {
        ParameterFault::Missing => v.say("falta", "is missing"),
        ParameterFault::Blank => v.say("está em branco", "is blank"),
        ParameterFault::Unexpected => v.say("não existe neste modelo", "does not exist in this template"),
        ParameterFault::Whitespace => {
            v.say("tem quebra de linha, tabulação ou espaços demais", "has a line break, a tab or too many blanks")
        }
        ParameterFault::TooLong { limit, actual } => v.say(
            format!("tem {actual} caracteres, o limite é {limit}"),
            format!("has {actual} characters, the limit is {limit}"),
        ),
        ParameterFault::TooMany { limit, actual } => {
            v.say(format!("tem {actual}, o limite é {limit}"), format!("has {actual}, the limit is {limit}"))
        }
        ParameterFault::OutOfRange { least, most, actual } => v.say(
            format!("é {actual}, precisa ficar entre {least} e {most}"),
            format!("is {actual}, it must be from {least} to {most}"),
        ),
        ParameterFault::Different { from } => {
            v.say(format!("precisa ser igual a {from}"), format!("must be the same as {from}"))
        }
        ParameterFault::WrongKind { expected } => {
            v.say(format!("precisa ser {expected}"), format!("must be {expected}"))
        }
    };
    format!("{} {what}", problem.field)
}

fn invalid_text(v: Voice, field: &str, problem: &Problem) -> String {
    match problem {
        Problem::Blank => v.say(format!("Preencha o campo {field}."), format!("Fill in the field {field}.")),
        Problem::TooLong { limit, actual } => v.say(
            format!("O campo {field} tem {actual} caracteres; o limite é {limit}. Encurte-o."),
            format!("The field {field} has {actual} characters; the limit is {limit}. Shorten it."),
        ),
        Problem::TooMany { limit, actual } => v.say(
            format!("O campo {field} tem {actual}; o limite é {limit}. Tire alguns."),
            format!("The field {field} has {actual}; the limit is {limit}. Remove some."),
        ),
        Problem::TooFew { least, actual } => v.say(
            format!("O campo {field} tem {actual}; o mínimo é {least}. Inclua mais."),
            format!("The field {field} has {actual}; the least is {least}. Add more."),
        ),
        Problem::OutOfRange { least, most, actual } => v.say(
            format!("O campo {field} é {actual}; precisa ficar entre {least} e {most}. Corrija-o."),
            format!("The field {field} is {actual}; it must be from {least} to {most}. Correct it."),
        ),
        Problem::Repeated => v.say(
            format!("O campo {field} repete outro: cada um precisa ser diferente. Mude-o."),
            format!("The field {field} repeats another: each must differ. Change it."),
        ),
        Problem::NotAllowed => v.say(
            format!("O campo {field} não pode ser usado aqui: deixe-o de fora."),
            format!("The field {field} cannot be used here: leave it out."),
        ),
        Problem::WrongKind { expected } => v.say(
            format!("O campo {field} não é do tipo certo: precisa ser {expected}."),
            format!("The field {field} is not of the right kind: it must be {expected}."),
        ),
        Problem::NotAPhoneNumber => v.say(
            "Isto não é um telefone. Escreva-o com código do país e DDD, como +55 11 98765-4321.",
            "This is not a phone number. Write it with country and area code, such as +55 11 98765-4321.",
        ),
        Problem::Malformed => v.say(
            format!("O campo {field} não está no formato esperado. Confira e tente de novo."),
            format!("The field {field} is not in the expected form. Check it and try again."),
        ),
        Problem::NoHandle => v.say(
            "Falta um modo de falar com o contato. Inclua um telefone ou um id da plataforma.",
            "There is no way to reach the contact. Add a phone number or a platform id.",
        ),
        Problem::Archived => {
            v.say("Este item está fora de uso. Escolha outro.", "This item is out of use. Choose another.")
        }
        Problem::UnknownZone => v.say(
            format!("O campo {field} não é um fuso horário. Escreva algo como America/Sao_Paulo ou -03:00."),
            format!("The field {field} is not a time zone. Write one such as America/Sao_Paulo or -03:00."),
        ),
        Problem::InThePast => v.say(
            format!("O campo {field} já passou. Escolha um momento futuro."),
            format!("The field {field} is past. Choose a moment to come."),
        ),
    }
}

fn conflict_text(v: Voice, conflict: &Conflict) -> String {
    match conflict {
        Conflict::AlreadyOpen { attendance_id: Some(_), .. } => v.say(
            "Já existe um atendimento aberto com este cliente neste canal. Continue nele.",
            "An attendance with this client is open on this channel already. Go on there.",
        ),
        Conflict::AlreadyOpen { attendance_id: None, .. } => v.say(
            "Já existe um atendimento aberto com este cliente, em outro ramal ou com um colega. Fale com um gestor.",
            "An attendance with this client is open in another department or with a colleague. Talk to a supervisor.",
        ),
        Conflict::PairOccupied { .. } => v.say(
            "Há outro atendimento aberto com este cliente. Restaure este como finalizado ou finalize o outro antes.",
            "Another attendance with this client is open. Restore this one as finished, or finish the other first.",
        ),
        Conflict::DifferentContent => v.say(
            "Este pedido já foi usado para outra coisa. Envie de novo como um pedido novo.",
            "This request was used for something else. Send it again as a new request.",
        ),
        Conflict::Changed { .. } => v.say(
            "Alguém mudou isto enquanto você olhava. Atualize e tente de novo.",
            "Somebody changed this while you looked. Refresh and try again.",
        ),
        Conflict::Taken { field } => v.say(
            format!("Já existe outro com o mesmo {field}. Escolha outro valor."),
            format!("Another one has the same {field}. Choose another value."),
        ),
    }
}

fn transfer_text(v: Voice, error: &TransferError) -> String {
    match error {
        TransferError::Platform(error) => v.say(
            format!("A plataforma recusou (código {}). Avise o administrador.", error.code),
            format!("The platform refused (code {}). Tell the administrator.", error.code),
        ),
        TransferError::Network { .. } => v.say(
            "A rede não respondeu. Tente de novo em instantes.",
            "The network did not answer. Try again in a moment.",
        ),
        TransferError::CursorExpired | TransferError::Unreadable { .. } => v.say(
            "A plataforma respondeu de um modo inesperado. Tente de novo mais tarde.",
            "The platform answered in an unexpected way. Try again later.",
        ),
        TransferError::HostNotAllowed => v.say(
            "O arquivo está em um endereço que não é da plataforma; por segurança não foi baixado. Avise o administrador.",
            "The file lies at an address that is not the platform's; for safety it was not fetched. Tell the administrator.",
        ),
        TransferError::TooLarge { limit } => {
            let limit = v.size(*limit);
            v.say(
                format!("O arquivo passa de {limit}. Peça ao cliente um menor."),
                format!("The file is larger than {limit}. Ask the client for a smaller one."),
            )
        }
        TransferError::Media { .. } => v.say(
            "O arquivo não pôde ser gravado ou lido. Tente de novo e avise o administrador.",
            "The file could not be written or read. Try again and tell the administrator.",
        ),
        TransferError::Cancelled => v.say(
            "Você interrompeu a operação: nada mudou. Comece de novo quando quiser.",
            "You stopped it: nothing changed. Begin again when you like.",
        ),
    }
}
