//! What the day checks: one row per rule of the product, with a sentence and whether it held.

use std::panic::Location;

use crate::language::Lang;
use crate::paint::{dim, green, red};

/// A rule that the day checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rule {
    Handshake,
    Signature,
    EveryPage,
    TemplatesAtOnce,
    SelectingSendsNothing,
    FieldsNamed,
    LinkedClient,
    AwaitsTheClient,
    StoredIsSent,
    DoublePress,
    AlreadyOpen,
    ReplyOpens,
    TextAndEmoji,
    ImageAndPdf,
    TooLarge,
    TypeByContent,
    DuplicatesOnce,
    ReceiptsNeverFall,
    Reaction,
    QuickMessagesOneTalk,
    NoPhone,
    ClaimRace,
    Note,
    Rename,
    Tag,
    Type,
    Status,
    Transfer,
    Reassign,
    Sight,
    Paused,
    LostAnswer,
    SideBar,
    Marker,
    Unseen,
    Snooze,
    GalleryPress,
    GalleryVersion,
    FileFetched,
    Plan,
    NoteCalls,
    Finding,
    Tasks,
    Links,
    InfoMenu,
    TicketOnce,
    Canned,
    Draft,
    ByHand,
    LocksByItself,
    AlwaysAWayForward,
    TemplateResumes,
    OlderThanTheWindow,
    HeldReplaced,
    FinishRequires,
    FinishKeep,
    FinishedTakesNothing,
    Reopen,
    NewAfterFinished,
    FinishArchive,
    RestoreExact,
    RestorePermission,
    Trash,
    TrashStays,
    PairOccupied,
    Merge,
    Transcript,
    Times,
    Export,
    NothingTwice,
    NothingLost,
    NoGaps,
    OnDisk,
}

/// Rule, its number, its sentence in Portuguese and in English. Numbers are those of the product's documents.
const RULES: &[(Rule, &str, &str, &str)] = &[
    (
        Rule::Handshake,
        "webhook",
        "a verificação da Meta passa com o token certo, e só com ele",
        "Meta's handshake passes with the right token, and only with it",
    ),
    (
        Rule::Signature,
        "webhook",
        "assinatura errada: 401, e nada é gravado",
        "a wrong signature: 401, and nothing is stored",
    ),
    (
        Rule::EveryPage,
        "G-11",
        "a sincronização lê todas as páginas de modelos; repetida, não muda nada",
        "a sync reads every page of templates; again, it changes nothing",
    ),
    (
        Rule::TemplatesAtOnce,
        "S-01",
        "criar o atendimento já traz os modelos disponíveis",
        "creating an attendance brings the templates at once",
    ),
    (
        Rule::SelectingSendsNothing,
        "S-02",
        "escolher um modelo não envia; enviar é o segundo passo",
        "selecting a template sends nothing; sending is the second step",
    ),
    (
        Rule::FieldsNamed,
        "G-08",
        "modelo incompleto é recusado, com o nome de cada campo",
        "an incomplete template is refused, naming each field",
    ),
    (
        Rule::LinkedClient,
        "S-03",
        "a mensagem vai ao cliente do atendimento, e só a ele",
        "the message goes to the attendance's client alone",
    ),
    (
        Rule::AwaitsTheClient,
        "S-04",
        "depois do modelo o atendimento aguarda; texto livre é recusado",
        "after the template the attendance waits; free text is refused",
    ),
    (
        Rule::StoredIsSent,
        "G-10",
        "o que ficou gravado é o que o cliente leu, letra por letra",
        "what is stored is what the client read, letter by letter",
    ),
    (Rule::DoublePress, "G-13", "apertar Enviar duas vezes envia uma", "pressing send twice sends once"),
    (
        Rule::AlreadyOpen,
        "G-33",
        "um só atendimento aberto por cliente; o conflito diz só o que se pode ver",
        "one open attendance per client; the conflict tells what may be seen",
    ),
    (
        Rule::ReplyOpens,
        "S-06",
        "a resposta abre 24 horas, contadas da hora do cliente",
        "the reply opens 24 hours, counted from the client's time",
    ),
    (
        Rule::TextAndEmoji,
        "S-09",
        "texto livre e emoji chegam como foram escritos",
        "free text and emoji arrive as written",
    ),
    (Rule::ImageAndPdf, "S-10", "imagem e PDF chegam", "a picture and a PDF arrive"),
    (
        Rule::TooLarge,
        "S-11",
        "arquivo grande é recusado antes de subir: limite, tamanho, conselho",
        "a large file is refused before upload: limit, size, advice",
    ),
    (
        Rule::TypeByContent,
        "G-37",
        "o tipo do arquivo é o do conteúdo, não o do nome",
        "a file's type is its content's, not its name's",
    ),
    (
        Rule::DuplicatesOnce,
        "G-16",
        "webhook repetido é reconhecido e gravado uma vez",
        "a repeated webhook is recognised and stored once",
    ),
    (
        Rule::ReceiptsNeverFall,
        "G-19",
        "\"lida\" antes de \"enviada\": o estado não volta, e os fatos ficam",
        "\"read\" before \"sent\": the status never falls, the facts stay",
    ),
    (Rule::Reaction, "G-20", "a reação do cliente fica na mensagem", "the client's reaction stands on the message"),
    (
        Rule::QuickMessagesOneTalk,
        "G-14",
        "duas mensagens rápidas de um desconhecido: um atendimento",
        "two quick messages of a stranger: one attendance",
    ),
    (
        Rule::NoPhone,
        "G-25",
        "quem esconde o telefone também é atendido",
        "whoever hides their phone is attended as well",
    ),
    (
        Rule::ClaimRace,
        "G-35",
        "dois assumem ao mesmo tempo: um ganha, o outro fica sabendo quem",
        "two claim at once: one wins, the other learns who",
    ),
    (Rule::Note, "S-14", "a anotação fica dentro de casa", "a note stays inside"),
    (Rule::Rename, "S-24", "o nome dado pela equipe vence o do perfil", "the name staff gave beats the profile's"),
    (Rule::Tag, "S-25", "tag posta, e a lista a encontra", "a tag is put, and the list finds it"),
    (Rule::Type, "S-26", "tipo de atendimento definido", "the attendance type is set"),
    (
        Rule::Status,
        "S-23",
        "mudar o status não muda fase, lugar nem janela",
        "changing the status changes neither phase, place nor window",
    ),
    (
        Rule::Transfer,
        "S-21",
        "transferir muda o ramal, solta o responsável e não avisa o cliente",
        "a transfer changes department, frees the assignee, tells the client nothing",
    ),
    (
        Rule::Reassign,
        "S-22",
        "o gestor passa o atendimento a outro responsável",
        "a supervisor makes another attendant responsible",
    ),
    (
        Rule::Sight,
        "G-41",
        "quem perdeu a vista não abre, não lista, e é avisado",
        "who lost sight cannot open or list it, and is told so",
    ),
    (Rule::Paused, "G-12", "modelo pausado pela Meta não sai", "a template that Meta paused is not sent"),
    (
        Rule::LostAnswer,
        "DESIGN 8",
        "resposta perdida: em dúvida, sem reenvio; o aviso de status resolve",
        "a lost answer: in doubt, no resend; its status notice settles it",
    ),
    (
        Rule::SideBar,
        "I-01",
        "os números ao lado da Central são os cartões que cada escolha mostra",
        "the numbers beside the inbox are the cards that each choice shows",
    ),
    (
        Rule::Marker,
        "I-03",
        "marcador próprio: só na barra de quem o fez",
        "a marker of one's own: only in its maker's side bar",
    ),
    (
        Rule::Unseen,
        "A-22",
        "abrir limpa o meu \"não visto\", não o do colega",
        "opening clears my unseen, not my colleague's",
    ),
    (
        Rule::Snooze,
        "DESIGN 18",
        "adiado sai da frente e volta sozinho na hora",
        "what is put off steps aside and comes back by itself, on time",
    ),
    (
        Rule::GalleryPress,
        "S-12",
        "imagem e book da galeria: um aperto, e só um",
        "a picture and a book of the galleries: one press, sent once",
    ),
    (
        Rule::GalleryVersion,
        "A-12",
        "trocar o arquivo muda o próximo envio, não o que já foi",
        "replacing the file changes the next send, not what was sent",
    ),
    (
        Rule::FileFetched,
        "G-38",
        "a foto do cliente é buscada, byte por byte",
        "the client's picture is fetched, byte by byte",
    ),
    (
        Rule::Plan,
        "A-10",
        "foto de 9 MB: limite, tamanho e um plano, antes de subir",
        "a photo of 9 MB: limit, size and a plan, before any upload",
    ),
    (
        Rule::NoteCalls,
        "S-14",
        "anotação chama o colega e liga conversas, sem mostrar o que ele não vê",
        "a note calls a colleague and links talks, without showing what they may not see",
    ),
    (
        Rule::Finding,
        "A-23",
        "\"acao\" acha \"ação\"; o número é achado escrito de outro jeito",
        "\"acao\" finds \"ação\"; a number is found written otherwise",
    ),
    (
        Rule::Tasks,
        "S-17",
        "tarefas são do cliente: abertas antes, feitas depois",
        "tasks are the client's: open ones first, done ones after",
    ),
    (Rule::Links, "S-19", "o processo de venda fica a um clique", "the sale process is one click away"),
    (
        Rule::InfoMenu,
        "A-25",
        "dados, histórico, tarefas, envolvidos, vínculos e chamado: uma chamada só",
        "details, history, tasks, participants, links and ticket: one call",
    ),
    (
        Rule::TicketOnce,
        "S-20",
        "chamado habilitado, depois aberto uma vez, mesmo com a resposta perdida",
        "the ticket is enabled, then opened once, though the answer was lost",
    ),
    (
        Rule::Canned,
        "DESIGN 18",
        "resposta pronta é preenchida, e só sai se alguém enviar",
        "a canned reply is filled in, and leaves only if somebody sends it",
    ),
    (
        Rule::Draft,
        "DESIGN 18",
        "rascunho é de quem escreve, em qualquer aparelho",
        "a draft is its writer's, on any device",
    ),
    (
        Rule::ByHand,
        "DESIGN 18",
        "ler não avisa; \"lida\" e reação são atos de alguém",
        "looking tells nobody; \"read\" and a reaction are somebody's acts",
    ),
    (
        Rule::LocksByItself,
        "S-07",
        "a janela fecha sozinha, com aviso antes e evento na hora",
        "the window closes by itself, with a notice before and an event on time",
    ),
    (
        Rule::AlwaysAWayForward,
        "G-04",
        "fechada quer dizer \"só modelos\", nunca \"nada\"",
        "closed means \"templates only\", never \"nothing\"",
    ),
    (
        Rule::TemplateResumes,
        "S-08",
        "um modelo retoma o contato, e a resposta reabre a janela",
        "a template resumes contact, and the reply opens the window again",
    ),
    (
        Rule::OlderThanTheWindow,
        "G-07",
        "o que envelheceu na fila não sai: fica retido, à vista",
        "what grew old in the queue does not leave: it is held, in sight",
    ),
    (
        Rule::HeldReplaced,
        "A-07",
        "a mensagem retida vira modelo, e as duas deixam rastro",
        "the held message becomes a template, and both leave a trace",
    ),
    (
        Rule::FinishRequires,
        "A-18",
        "finalizar sem o que é exigido diz o que falta",
        "finishing without what is required says what is missing",
    ),
    (
        Rule::FinishKeep,
        "S-29",
        "finalizar e manter: fica na Central, nada vai ao cliente",
        "finish and keep: it stays in the inbox, the client hears nothing",
    ),
    (Rule::FinishedTakesNothing, "S-27", "atendimento finalizado não envia", "a finished attendance sends nothing"),
    (
        Rule::Reopen,
        "G-31",
        "o cliente escreve a tempo: reabre pela regra do ramal, que é dita",
        "the client writes in time: reopened by the department's rule, which is told",
    ),
    (
        Rule::NewAfterFinished,
        "G-31",
        "ramal que não reabre: atendimento novo, ligado ao anterior",
        "a department that never reopens: a new attendance, linked to the one before",
    ),
    (
        Rule::FinishArchive,
        "S-28",
        "finalizar e arquivar: sai da Central e vai para a Lixeira",
        "finish and archive: it leaves the inbox for the trash",
    ),
    (Rule::RestorePermission, "§ 6.4", "restaurar é do gestor", "restoring is the supervisor's"),
    (
        Rule::RestoreExact,
        "S-32",
        "restaurar devolve exatamente o que havia",
        "restoring gives back exactly what there was",
    ),
    (
        Rule::Trash,
        "S-30",
        "excluir leva à Lixeira sem finalizar",
        "trashing sends it to the trash without finishing it",
    ),
    (
        Rule::TrashStays,
        "§ 6.2",
        "o cliente escreve a um excluído: atendimento novo, o velho fica lá",
        "the client writes to a trashed one: a new attendance, the old one stays",
    ),
    (
        Rule::PairOccupied,
        "DESIGN 18",
        "restaurar sobre um aberto é conflito, com saída",
        "restoring onto an open one is a conflict, with a way out",
    ),
    (
        Rule::Merge,
        "G-27",
        "dois contatos viram um, e se separam de novo como eram",
        "two contacts become one, and part again as they were",
    ),
    (
        Rule::Transcript,
        "A-24",
        "a transcrição leva a conversa, nunca a anotação",
        "the transcript takes the conversation, never a note",
    ),
    (
        Rule::Times,
        "G-44",
        "cada episódio tem seus tempos: criado, reaberto, finalizado",
        "each episode has its times: begun, reopened, finished",
    ),
    (Rule::Export, "P-05", "exportação: uma linha por atendimento", "an export: one row per attendance"),
    (Rule::NothingTwice, "§ 7.3.4", "nenhuma mensagem chegou duas vezes à Meta", "no message reached Meta twice"),
    (
        Rule::NothingLost,
        "§ 7.3.1",
        "tudo o que a Meta aceitou está aqui, e vice-versa",
        "all that Meta took is here, and the other way round",
    ),
    (Rule::NoGaps, "G-23", "o registro de eventos não tem buracos", "the record of events has no gaps"),
    (
        Rule::OnDisk,
        "DESIGN 13",
        "reaberto do disco, o banco diz o mesmo",
        "opened again from the disk, the database says the same",
    ),
];

/// One thing that was checked.
struct Check {
    rule: Rule,
    held: bool,
    at: &'static Location<'static>,
}

/// What was checked so far.
#[derive(Default)]
pub(crate) struct Checks {
    done: Vec<Check>,
}

impl Checks {
    /// Takes note of whether something held.
    #[track_caller]
    pub(crate) fn check(&mut self, rule: Rule, held: bool) {
        self.done.push(Check { rule, held, at: Location::caller() });
    }

    /// Whether a rule was checked and held every time.
    fn held(&self, rule: Rule) -> bool {
        let mut of_rule = self.done.iter().filter(|check| check.rule == rule).peekable();
        of_rule.peek().is_some() && of_rule.all(|check| check.held)
    }

    /// Whether every rule was checked, and held.
    pub(crate) fn all_held(&self) -> bool {
        RULES.iter().all(|(rule, ..)| self.held(*rule))
    }

    /// The table, with where in the source each failure was seen.
    pub(crate) fn table(&self, lang: Lang) -> String {
        let mut text = String::new();
        for (rule, number, pt, en) in RULES {
            let mark = if self.held(*rule) { green("✓") } else { red("✗") };
            text.push_str(&format!("  {mark} {} {}\n", dim(&format!("{number:<12}")), lang.say(pt, en)));
            for check in self.done.iter().filter(|check| check.rule == *rule && !check.held) {
                text.push_str(&red(&format!("      {}:{}\n", check.at.file(), check.at.line())));
            }
            if !self.done.iter().any(|check| check.rule == *rule) {
                text.push_str(&red(&format!("      {}\n", lang.say("não foi verificado", "was not checked"))));
            }
        }
        let held = RULES.iter().filter(|(rule, ..)| self.held(*rule)).count();
        let sum = match lang {
            Lang::Pt => format!("  {held} de {} regras valeram, em {} verificações.\n", RULES.len(), self.done.len()),
            Lang::En => format!("  {held} of {} rules held, in {} checks.\n", RULES.len(), self.done.len()),
        };
        text.push_str(&if held == RULES.len() { green(&sum) } else { red(&sum) });
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_that_was_not_checked_did_not_hold() {
        let mut checks = Checks::default();
        assert!(!checks.held(Rule::Tag));
        checks.check(Rule::Tag, true);
        assert!(checks.held(Rule::Tag) && !checks.all_held());
        checks.check(Rule::Tag, false);
        assert!(!checks.held(Rule::Tag));
        assert!(checks.table(Lang::En).contains("rules.rs"));
    }
}
