//! The templates a sandbox has from the start: each shape that a sender must get right, in Brazilian
//! Portuguese and American English, plus enough ordinary ones that a listing takes three pages.

use crate::template::{Category, TemplateBuilder, TemplateStatus};

/// The default catalogue, 62 templates.
pub fn default_templates() -> Vec<TemplateBuilder> {
    let mut templates = Vec::new();
    for language in ["pt_BR", "en_US"] {
        let wording = Wording { portuguese: language == "pt_BR", language };
        templates.extend(shapes(&wording));
        templates.extend((1..=14).map(|number| ordinary(&wording, number)));
    }
    templates
}

struct Wording {
    portuguese: bool,
    language: &'static str,
}

impl Wording {
    fn say(&self, portuguese: &'static str, english: &'static str) -> &'static str {
        if self.portuguese { portuguese } else { english }
    }

    fn template(&self, name: &str, portuguese: &'static str, english: &'static str) -> TemplateBuilder {
        TemplateBuilder::new(name, self.language, self.say(portuguese, english))
    }
}

fn shapes(w: &Wording) -> Vec<TemplateBuilder> {
    vec![
        w.template(
            "attendance_resume",
            "Olá! Ainda podemos ajudar? Responda para continuar o atendimento.",
            "Hello! Can we still help? Reply to go on with your request.",
        ),
        w.template(
            "order_update",
            "Olá, {{1}}. Seu pedido {{2}} foi atualizado e segue para entrega.",
            "Hello, {{1}}. Your order {{2}} was updated and is on its way.",
        ),
        w.template(
            "appointment_reminder",
            "Olá, {{first_name}}. Lembramos da sua visita em {{visit_date}}, às {{visit_time}}. Até lá!",
            "Hello, {{first_name}}. We remind you of your visit on {{visit_date}} at {{visit_time}}. See you!",
        )
        .quick_reply(w.say("Confirmar", "Confirm"))
        .quick_reply(w.say("Remarcar", "Reschedule")),
        w.template(
            "contract_ready",
            "O contrato está pronto para assinatura, {{1}}. Qualquer dúvida, responda aqui.",
            "The contract is ready to be signed, {{1}}. Reply here with any question.",
        )
        .header_text(w.say("Contrato {{1}}", "Contract {{1}}"))
        .footer("Guichê"),
        w.template(
            "visit_summary",
            "Olá, {{first_name}}. Segue o resumo da sua visita ao empreendimento.",
            "Hello, {{first_name}}. Here is the summary of your visit to the development.",
        )
        .header_text(w.say("Visita de {{visitor}}", "Visit by {{visitor}}")),
        w.template(
            "new_photos",
            "Novas fotos do empreendimento {{1}} para você.",
            "New photos of {{1}} for you, as promised.",
        )
        .category(Category::Marketing)
        .header_format("IMAGE"),
        w.template(
            "walkthrough",
            "Um vídeo curto do apartamento decorado, {{1}}, para rever com calma.",
            "A short video of the show flat, {{1}}, to watch at leisure.",
        )
        .category(Category::Marketing)
        .header_format("VIDEO"),
        w.template(
            "invoice",
            "Sua fatura de {{1}} vence em {{2}}. Obrigado.",
            "Your invoice for {{1}} is due on {{2}}. Thank you.",
        )
        .header_format("DOCUMENT"),
        w.template(
            "how_to_get_there",
            "Este é o endereço do plantão, {{1}}. Até já.",
            "This is the address of the sales office, {{1}}. See you soon.",
        )
        .header_format("LOCATION"),
        w.template(
            "track_order",
            "Acompanhe seu pedido pelo botão abaixo.",
            "Follow your order with the button below.",
        )
        .url(w.say("Acompanhar", "Track"), "https://example.com/orders/{{1}}")
        .phone(w.say("Ligar", "Call us"), "+551133334444"),
        w.template(
            "satisfaction",
            "Como foi o atendimento, {{1}}? Toque em uma opção.",
            "How did we do, {{1}}? Tap an option.",
        )
        .quick_reply(w.say("Bom", "Good"))
        .quick_reply(w.say("Regular", "Fair"))
        .quick_reply(w.say("Ruim", "Poor")),
        w.template(
            "coupon",
            "Um presente para você, {{1}}: use o código na sua próxima compra.",
            "A present for you, {{1}}: use the code with your next order.",
        )
        .category(Category::Marketing)
        .copy_code("GUICHE25"),
        w.template("login_code", "{{1}} é o seu código de verificação.", "{{1}} is your verification code.")
            .otp(w.say("Copiar código", "Copy code")),
        carousel(w),
        w.template(
            "paused_promotion",
            "Condições especiais neste mês, {{1}}. Fale com a gente.",
            "Special conditions this month, {{1}}. Talk to us.",
        )
        .category(Category::Marketing)
        .status(TemplateStatus::Paused),
        w.template("rejected_notice", "Aviso: {{1}} para você hoje.", "Notice: {{1}} for you today.")
            .rejected("TAG_CONTENT_MISMATCH"),
        w.template(
            "pending_notice",
            "Seu cadastro de {{1}} está em análise.",
            "Your registration of {{1}} is under review.",
        )
        .status(TemplateStatus::Pending),
    ]
}

fn carousel(w: &Wording) -> TemplateBuilder {
    let label = w.say("Ver planta", "See plan");
    w.template(
        "launches",
        "Veja os lançamentos que separamos para você, {{1}}.",
        "See the launches we chose for you, {{1}}.",
    )
    .category(Category::Marketing)
    .card("IMAGE", w.say("2 quartos", "2 bedrooms"), label, "https://example.com/plans/{{1}}")
    .card("IMAGE", w.say("3 quartos", "3 bedrooms"), label, "https://example.com/plans/{{1}}")
}

fn ordinary(w: &Wording, number: u32) -> TemplateBuilder {
    let body = if w.portuguese {
        format!("Aviso {number} para {{{{1}}}}: sua solicitação mudou de etapa.")
    } else {
        format!("Notice {number} for {{{{1}}}}: your request moved to the next step.")
    };
    TemplateBuilder::new(format!("service_notice_{number:02}"), w.language, body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_fills_three_pages_of_25() {
        let count = default_templates().len();
        assert!((51..=75).contains(&count), "{count}");
    }
}
