//! The table itself: data only. Ascending by code; a test checks that.

use std::time::Duration;

use guiche_core::inbound::ErrorClass;

/// What one of Meta's error codes, or a range of them, means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ErrorRow {
    /// The code, or the first of the range.
    pub first: i64,
    /// The code again, or the last of the range.
    pub last: i64,
    /// What the engine does about it.
    pub class: ErrorClass,
    /// The least wait before another try.
    pub wait: Option<Duration>,
    /// How many tries it is worth in all, where that is fewer than the engine would make.
    pub tries: Option<u32>,
    /// What to tell the attendant where nothing is tried again by itself, in Brazilian Portuguese.
    pub pt_br: &'static str,
    /// The same in English.
    pub en: &'static str,
    /// What to tell them while the engine goes on trying, in Brazilian Portuguese and in English; `None` where it never does.
    pub meanwhile: Option<(&'static str, &'static str)>,
    /// Where it is documented, with the date where the page shows one.
    pub source: &'static str,
}

const fn row(
    first: i64,
    last: i64,
    class: ErrorClass,
    wait_seconds: u64,
    pt_br: &'static str,
    en: &'static str,
    source: &'static str,
) -> ErrorRow {
    let wait = if wait_seconds == 0 { None } else { Some(Duration::from_secs(wait_seconds)) };
    ErrorRow { first, last, class, wait, tries: None, pt_br, en, meanwhile: None, source }
}

/// A row that the engine tries again, and what is told meanwhile.
const fn again(row: ErrorRow, pt_br: &'static str, en: &'static str) -> ErrorRow {
    ErrorRow { meanwhile: Some((pt_br, en)), ..row }
}

/// A row that is worth a few tries only.
const fn few(tries: u32, row: ErrorRow) -> ErrorRow {
    ErrorRow { tries: Some(tries), ..row }
}

const OWN: &str = "this adapter";
const CODES: &str = "Meta, support/error-codes, 2026-06-18";
const BLOCK: &str = "Meta, block-users";
const EXPERIMENTS: &str = "Meta, support/experiments";
const GROUPS: &str = "Meta, groups/error-codes";
const PER_USER: &str = "Meta, templates/marketing-templates/per-user-limits";
const PAIR: &str = "Meta, about-the-platform, 2026-08-04";
const THROUGHPUT: &str = "Meta, throughput";
const UNSUPPORTED: &str = "Meta, webhooks/reference/messages/unsupported";
const USER_IDS: &str = "Meta, business-scoped-user-ids, 2026-09-15";
const DIRECT: &str = "Meta, direct-send/api-reference";
const IDENTITY: &str = "Meta, identity-change";

use ErrorClass::{
    Configuration, Information, MarketingStopped, MediaStale, PairLimit, Permanent, Retry, TemplateStale, Wait,
    WindowClosed,
};

/// Every code that is known to mean something to an attendance, and some that only administrators meet.
///
/// The waits of 4, 80007 and 131057 are the least that Meta names (minutes; about one minute); the answer's own header
/// may ask for more.
#[rustfmt::skip]
pub const TABLE: &[ErrorRow] = &[
    row(-1, -1, Permanent, 0, "Este tipo de mensagem não pode ser enviado por este canal.", "This kind of message cannot be sent on this channel.", OWN),
    row(0, 0, Configuration, 0, "A conexão com o WhatsApp expirou. O administrador precisa reconectar.", "The connection to WhatsApp expired. Your administrator must reconnect.", CODES),
    few(3, again(row(1, 1, Retry, 0, "O WhatsApp devolveu um erro e não foi possível enviar. Envie de novo.", "WhatsApp returned an error and the message could not be sent. Send it again.", CODES), "O WhatsApp devolveu um erro. Tentando de novo.", "WhatsApp returned an error. Retrying.")),
    again(row(2, 2, Retry, 0, "O WhatsApp estava indisponível e não foi possível enviar. Envie de novo.", "WhatsApp was unavailable and the message could not be sent. Send it again.", CODES), "O WhatsApp está indisponível. Tentando de novo.", "WhatsApp is unavailable. Retrying."),
    row(3, 3, Configuration, 0, "Falta uma permissão ao aplicativo.", "The app lacks a permission.", CODES),
    again(row(4, 4, Retry, 60, "Pedidos demais: não foi possível enviar. Envie de novo mais tarde.", "Too many requests: the message could not be sent. Send it again later.", CODES), "Pedidos demais. Será tentado de novo mais tarde.", "Too many requests. Will retry later."),
    row(10, 10, Configuration, 0, "Falta uma permissão ao aplicativo.", "The app lacks a permission.", CODES),
    row(33, 33, Configuration, 0, "Este número da empresa não existe mais.", "This business number no longer exists.", CODES),
    row(100, 100, Permanent, 0, "Não foi possível enviar esta mensagem. Avise o suporte.", "This message could not be sent. Report it.", CODES),
    row(190, 190, Configuration, 0, "A conexão com o WhatsApp expirou. O administrador precisa reconectar.", "The connection to WhatsApp expired. Your administrator must reconnect.", CODES),
    row(200, 299, Configuration, 0, "Falta uma permissão ao aplicativo.", "The app lacks a permission.", CODES),
    row(368, 368, Configuration, 0, "O WhatsApp restringiu esta conta.", "WhatsApp restricted this account.", CODES),
    again(row(80_007, 80_007, Retry, 60, "Pedidos demais: não foi possível enviar. Envie de novo mais tarde.", "Too many requests: the message could not be sent. Send it again later.", CODES), "Pedidos demais. Será tentado de novo mais tarde.", "Too many requests. Will retry later."),
    row(130_403, 130_403, Permanent, 0, "Você bloqueou este cliente.", "You blocked this customer.", BLOCK),
    again(row(130_429, 130_429, Retry, 0, "Envio rápido demais: não foi possível enviar. Envie de novo em instantes.", "Sending too fast: the message could not be sent. Send it again in a moment.", CODES), "Envio rápido demais. Tentando de novo.", "Sending too fast. Retrying."),
    row(130_472, 130_472, Permanent, 0, "A Meta reteve esta mensagem de marketing.", "Meta withheld this marketing message.", EXPERIMENTS),
    row(130_497, 130_497, Permanent, 0, "Esta conta não pode enviar para este país.", "This account cannot message that country.", CODES),
    few(3, again(row(131_000, 131_000, Retry, 0, "Não foi possível enviar. Envie de novo.", "Could not send. Send it again.", CODES), "Não foi possível enviar. Tentando de novo.", "Could not send. Retrying.")),
    row(131_005, 131_005, Configuration, 0, "Falta uma permissão ao aplicativo.", "The app lacks a permission.", CODES),
    row(131_008, 131_008, Permanent, 0, "Falta um dado na mensagem. Avise o suporte.", "The message lacks a parameter. Report it.", CODES),
    row(131_009, 131_009, Permanent, 0, "Dados inválidos, ou a mensagem não aceita mais reação.", "Invalid data, or that message can no longer be reacted to.", CODES),
    again(row(131_016, 131_016, Retry, 0, "O WhatsApp estava indisponível e não foi possível enviar. Envie de novo.", "WhatsApp was unavailable and the message could not be sent. Send it again.", CODES), "O WhatsApp está indisponível. Tentando de novo.", "WhatsApp is unavailable. Retrying."),
    row(131_020, 131_020, Permanent, 0, "Não foi possível enviar ao grupo.", "Could not send to the group.", GROUPS),
    row(131_021, 131_021, Permanent, 0, "Não é possível enviar para o próprio número da empresa.", "Cannot message the business's own number.", CODES),
    row(131_026, 131_026, Permanent, 0, "Não entregue: sem WhatsApp, aplicativo antigo ou bloqueio. Use outro canal.", "Not delivered: no WhatsApp, outdated app, or blocked. Use another channel.", CODES),
    row(131_030, 131_030, Permanent, 0, "Número de teste: inclua antes este destinatário.", "Test number: add this recipient first.", CODES),
    row(131_031, 131_031, Configuration, 0, "O WhatsApp bloqueou esta conta.", "WhatsApp locked this account.", CODES),
    row(131_037, 131_037, Configuration, 0, "O nome de exibição ainda não foi aprovado.", "The display name is not approved yet.", CODES),
    row(131_041, 131_041, Permanent, 0, "Não foi possível enviar ao grupo.", "Could not send to the group.", GROUPS),
    row(131_042, 131_042, Configuration, 0, "Problema de pagamento na Meta: as mensagens não estão sendo entregues.", "Billing problem at Meta: messages are not being delivered.", CODES),
    row(131_044, 131_044, Configuration, 0, "Problema de pagamento na Meta (ligações).", "Billing problem at Meta (calls).", CODES),
    row(131_045, 131_045, Configuration, 0, "O número não está registrado.", "The number is not registered.", CODES),
    row(131_047, 131_047, WindowClosed, 0, "A janela de 24 h está fechada. Envie um modelo.", "The 24 h window is closed. Send a template.", CODES),
    row(131_048, 131_048, Configuration, 0, "O WhatsApp limitou este número por qualidade.", "WhatsApp limited this number for quality.", CODES),
    row(131_049, 131_049, Wait, 86_400, "A Meta reteve esta mensagem de marketing. Tente amanhã.", "Meta withheld this marketing message. Try tomorrow.", PER_USER),
    row(131_050, 131_050, MarketingStopped, 0, "O cliente não quer receber marketing.", "The customer opted out of marketing.", CODES),
    row(131_051, 131_051, Information, 0, "Tipo de mensagem não suportado.", "Unsupported message type.", CODES),
    row(131_052, 131_052, Information, 0, "O arquivo do cliente não pôde ser recebido. Peça-o de outra forma.", "The customer's file could not be received. Ask for it another way.", CODES),
    row(131_053, 131_053, MediaStale, 0, "Formato de arquivo não aceito.", "File format not accepted.", CODES),
    row(131_055, 131_055, Permanent, 0, "Este envio só aceita modelos de marketing. Avise o suporte.", "Only marketing templates are accepted here. Report it.", CODES),
    again(row(131_056, 131_056, PairLimit, 0, "Mensagens demais para este cliente: não foi possível enviar. Envie de novo mais tarde.", "Too many messages to this customer: the message could not be sent. Send it again later.", PAIR), "Mensagens demais para este cliente. Tentando de novo.", "Too many messages to this customer. Retrying."),
    again(row(131_057, 131_057, Retry, 60, "O número estava em manutenção e não foi possível enviar. Envie de novo.", "The number was under maintenance and the message could not be sent. Send it again.", THROUGHPUT), "Número em manutenção. Tentando de novo.", "Number under maintenance. Retrying."),
    few(2, again(row(131_059, 131_059, Retry, 0, "A lista mudou enquanto era lida. Leia-a de novo.", "The list changed while it was read. Read it again.", GROUPS), "A lista mudou enquanto era lida. Lendo de novo.", "The list changed while it was read. Reading again.")),
    row(131_060, 131_060, Information, 0, "Mensagem indisponível aqui. Abra o aplicativo WhatsApp Business.", "Message not available here. Open the WhatsApp Business app.", UNSUPPORTED),
    row(131_062, 131_062, Permanent, 0, "É preciso o telefone do cliente.", "The customer's phone number is needed.", USER_IDS),
    row(131_063, 131_063, Configuration, 0, "Marketing deve seguir pela outra API.", "Marketing must go through the other API.", CODES),
    row(131_064, 131_064, Configuration, 0, "Conta limitada pela Meta.", "Account limited by Meta.", DIRECT),
    row(131_200, 131_299, Permanent, 0, "Não foi possível concluir a ação no grupo.", "The group action could not be completed.", GROUPS),
    row(132_000, 132_000, TemplateStale, 0, "Os campos do modelo não conferem.", "The template's fields do not match.", CODES),
    row(132_001, 132_001, TemplateStale, 0, "Modelo indisponível neste idioma.", "Template not available in this language.", CODES),
    row(132_005, 132_005, Permanent, 0, "Texto longo demais para este modelo.", "Text too long for this template.", CODES),
    row(132_007, 132_007, Permanent, 0, "O modelo viola a política do WhatsApp.", "The template violates WhatsApp's policy.", CODES),
    row(132_008, 132_008, Permanent, 0, "Tire quebras de linha e espaços a mais dos campos.", "Remove line breaks or extra spaces from the fields.", CODES),
    row(132_012, 132_012, Permanent, 0, "Um campo do modelo tem formato errado.", "A field of the template has the wrong format.", CODES),
    row(132_015, 132_015, Permanent, 0, "Modelo pausado pela Meta. Escolha outro.", "Template paused by Meta. Choose another.", CODES),
    row(132_016, 132_016, Permanent, 0, "Modelo desativado pela Meta.", "Template disabled by Meta.", CODES),
    row(132_018, 132_018, Permanent, 0, "Tire quebras de linha e espaços a mais dos campos.", "Remove line breaks or extra spaces from the fields.", CODES),
    row(132_068, 132_068, Permanent, 0, "Formulário indisponível.", "Form unavailable.", CODES),
    row(132_069, 132_069, Wait, 3_600, "Formulário indisponível por enquanto.", "Form unavailable for now.", CODES),
    row(133_000, 133_000, Configuration, 0, "O número não está registrado.", "The number is not registered.", CODES),
    again(row(133_004, 133_004, Retry, 0, "O WhatsApp estava indisponível e não foi possível enviar. Envie de novo.", "WhatsApp was unavailable and the message could not be sent. Send it again.", CODES), "O WhatsApp está indisponível. Tentando de novo.", "WhatsApp is unavailable. Retrying."),
    row(133_005, 133_005, Configuration, 0, "PIN do número incorreto (administrador).", "Wrong PIN of the number (administrator).", CODES),
    row(133_006, 133_006, Configuration, 0, "O número precisa ser verificado (administrador).", "The number must be verified (administrator).", CODES),
    row(133_008, 133_009, Configuration, 0, "Tentativas de PIN demais (administrador).", "Too many PIN attempts (administrator).", CODES),
    row(133_010, 133_010, Configuration, 0, "O número não está registrado.", "The number is not registered.", CODES),
    row(133_015, 133_015, Wait, 300, "Espere 5 minutos para registrar o número.", "Wait 5 minutes before registering the number.", CODES),
    row(133_016, 133_016, Wait, 259_200, "Registro do número bloqueado por 72 horas.", "Registration of the number is blocked for 72 hours.", CODES),
    row(134_011, 134_011, Configuration, 0, "Os termos de pagamento não foram aceitos (administrador).", "The payment terms were not accepted (administrator).", CODES),
    row(134_100, 134_100, Permanent, 0, "Só modelos de marketing são aceitos aqui.", "Only marketing templates are accepted here.", CODES),
    row(134_101, 134_101, Wait, 600, "O modelo ainda está sendo sincronizado.", "The template is still syncing.", CODES),
    row(134_102, 134_102, Permanent, 0, "O modelo não pode ser usado aqui.", "The template cannot be used here.", CODES),
    row(135_000, 135_000, Permanent, 0, "Não foi possível enviar. Avise o suporte.", "Could not send. Report it.", CODES),
    row(136_024, 136_024, Permanent, 0, "O número já está verificado (administrador).", "The number is verified already (administrator).", CODES),
    row(137_000, 137_000, Permanent, 0, "A identidade do cliente mudou. Confirme antes de continuar.", "The customer's identity changed. Confirm before continuing.", IDENTITY),
    row(138_000, 138_018, Permanent, 0, "Não foi possível fazer a ligação.", "The call could not be made.", CODES),
    row(139_000, 139_004, Permanent, 0, "Formulário indisponível (administrador).", "Form unavailable (administrator).", CODES),
    row(139_100, 139_101, Permanent, 0, "Não foi possível bloquear.", "Could not block.", BLOCK),
    again(row(139_102, 139_103, Retry, 0, "Não foi possível bloquear. Tente de novo.", "Could not block. Try again.", BLOCK), "Não foi possível bloquear. Tentando de novo.", "Could not block. Retrying."),
    row(139_200, 139_200, Configuration, 0, "Envio direto bloqueado (administrador).", "Direct Send blocked (administrator).", DIRECT),
    row(147_001, 147_005, Permanent, 0, "Nome de usuário recusado (administrador).", "User name refused (administrator).", CODES),
    row(2_388_000, 2_388_999, Permanent, 0, "O modelo não foi aceito. Veja o editor de modelos.", "The template was not accepted. See the template editor.", CODES),
    again(row(2_494_100, 2_494_100, Retry, 0, "O número estava em manutenção e não foi possível enviar. Envie de novo.", "The number was under maintenance and the message could not be sent. Send it again.", CODES), "Número em manutenção. Tentando de novo.", "Number under maintenance. Retrying."),
];
