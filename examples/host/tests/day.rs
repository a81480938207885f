//! The day at the counter runs, holds, and says the same each time.

#![allow(clippy::unwrap_used)]

mod common;

use guiche_sandbox::SandboxConfig;

use common::Company;

fn day(lang: &str) -> String {
    let company = Company::bare(SandboxConfig::default());
    let output = company.output(&["day", "--lang", lang]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{text}\n{}", String::from_utf8_lossy(&output.stderr));
    assert!(!text.contains('\u{1b}'), "colours where there is no terminal");
    text
}

/// Every refusal of the day, by its code.
const REFUSALS: [&str; 16] = [
    "already_open",
    "window_never_opened",
    "template_parameters",
    "media_too_large",
    "media_type_not_accepted",
    "already_claimed",
    "not_found",
    "template_not_sendable",
    "window_closed",
    "missing_to_finish",
    "attendance_finished",
    "not_permitted",
    "pair_occupied",
    "ticket_not_enabled",
    "body.visit_date",
    "body.visit_time",
];

fn has(text: &str, needles: &[&str]) {
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for needle in needles {
        assert!(flat.contains(needle), "the transcript lacks: {needle}\n{text}");
    }
}

#[test]
fn the_day_holds_in_portuguese_and_shows_every_step() {
    let text = day("pt");
    has(&text, &REFUSALS);
    has(
        &text,
        &[
            "Abrir o guichê",
            "um webhook forjado recebe 401",
            "modelos sincronizados",
            "modelo appointment_reminder",
            "aguardando o contato",
            "▸ Confirmar",
            "janela aberta até 24/11 08:20, faltam 23h59",
            "uma gravada, uma reconhecida",
            "🏡😊",
            "imagem image/png",
            "Memorial descritivo.pdf",
            "✓✓ lida 😍",
            "o limite é 5,0 MB",
            "20 vezes no mesmo instante",
            "#torre-b",
            "transfere para Manutenção",
            "passa para Elisa",
            "? em dúvida",
            "chega o aviso de status da Meta",
            "Em torno da conversa",
            "Central 4",
            "Minha torre",
            "vista por Ana, ainda não por Carla",
            "adia Rita",
            "Rita volta à lista sozinha",
            "envia os dois a Maria com um aperto",
            "leva a versão 2",
            "buscada na Meta",
            "o limite como imagem é 5,0 MB: converta para JPEG",
            "acha \"ação\"",
            "☐ Trocar o reparo da torneira",
            "processos/4711",
            "já aberto, protocolo 2026-0419",
            "reage 🙏",
            "Aqui é Elisa, da Construtora",
            "o rascunho a espera",
            "junta os dois contatos",
            "dá a João a transcrição",
            "os tempos de Maria, por episódio",
            "7 linhas, uma para cada um",
            "a janela fecha em breve",
            "janela fechou",
            "o que ainda pode: enviar modelo",
            "modelo attendance_resume",
            "‖ retida: a janela fechou",
            "⇄ trocada por modelo",
            "escolhe Manter",
            "Vendas reabre por 24 horas",
            "um atendimento novo, em Vendas, ligado ao anterior",
            "escolhe Arquivar",
            "restaura: volta à Central",
            "exclui o atendimento de Pedro por engano",
            "O que foi verificado",
            "regras valeram",
        ],
    );
}

#[test]
fn the_day_holds_in_english_too() {
    let text = day("en");
    has(&text, &REFUSALS);
    has(
        &text,
        &[
            "awaiting the contact",
            "23h59 left",
            "? in doubt",
            "held: the window closed",
            "Around the conversation",
            "asked again, the module answers: opened already",
            "What is joined, and what leaves",
            "What was checked",
            "rules held",
        ],
    );
    assert!(!text.contains("Não há"), "{text}");
}

#[test]
fn two_days_are_alike() {
    assert_eq!(day("pt"), day("pt"));
}
