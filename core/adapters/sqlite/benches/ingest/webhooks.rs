//! The webhooks that both sides take in: made by a seeded generator, of the true shape and size.

/// A small, repeatable generator (xorshift); quality does not matter here.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed | 1)
    }

    pub(crate) fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % n
    }
}

const WORDS: [&str; 24] = [
    "olá",
    "bom",
    "dia",
    "apartamento",
    "visita",
    "amanhã",
    "contrato",
    "não",
    "obrigada",
    "vocês",
    "entrega",
    "chaves",
    "prestação",
    "boleto",
    "manutenção",
    "torre",
    "vaga",
    "andar",
    "preço",
    "condições",
    "você",
    "pode",
    "enviar",
    "fotos",
];

pub(crate) const NUMBER_ID: &str = "200000000000002";
pub(crate) const WABA_ID: &str = "300000000000003";
/// Monday, 2026-11-23, 12:00 UTC, in seconds.
pub(crate) const START: i64 = 1_795_435_200;

/// One message of a contact: the JSON of an element of `messages`, and that of `contacts`.
fn message(random: &mut Random, contact: u64, serial: u64, at: i64) -> (String, String) {
    let mut body = String::new();
    for _ in 0..6 + random.below(9) {
        if !body.is_empty() {
            body.push(' ');
        }
        body.push_str(WORDS[random.below(WORDS.len() as u64) as usize]);
    }
    let wa_id = format!("55119{:08}", 10_000_000 + contact);
    let message = format!(
        r#"{{"from":"{wa_id}","from_user_id":"BR.{contact:020}","id":"wamid.HBgNNTUxMTk{contact:010}VAgASGBQzQTdGMjQ{serial:016}AA==","timestamp":"{at}","text":{{"body":"{body}"}},"type":"text"}}"#
    );
    let contact =
        format!(r#"{{"profile":{{"name":"Cliente {contact}"}},"wa_id":"{wa_id}","user_id":"BR.{contact:020}"}}"#);
    (contact, message)
}

/// A delivery with one message each of these contacts.
pub(crate) fn delivery(random: &mut Random, contacts: &[u64], first_serial: u64, at: i64) -> Vec<u8> {
    let (mut people, mut messages) = (Vec::new(), Vec::new());
    for (index, contact) in contacts.iter().enumerate() {
        let (person, text) = message(random, *contact, first_serial + index as u64, at);
        people.push(person);
        messages.push(text);
    }
    format!(
        r#"{{"object":"whatsapp_business_account","entry":[{{"id":"{WABA_ID}","changes":[{{"value":{{"messaging_product":"whatsapp","metadata":{{"display_phone_number":"551140000000","phone_number_id":"{NUMBER_ID}"}},"contacts":[{}],"messages":[{}]}},"field":"messages"}}]}}]}}"#,
        people.join(","),
        messages.join(",")
    )
    .into_bytes()
}
