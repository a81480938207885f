//! People of flesh and blood, as far as a test is concerned.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::attachment::Attachment;
use crate::clock::DAY;
use crate::graph_error::GraphError;
use crate::inbound::{self, Opens};
use crate::people::PersonId;
use crate::sandbox::Shared;
use crate::tap::{self, TapError};

/// A simulated client talking to one business number. Everything it does becomes a webhook in the
/// queue; methods that send something return its wamid. Cloning gives another handle to the same
/// person.
#[derive(Clone)]
pub struct Client {
    pub(crate) shared: Arc<Shared>,
    pub(crate) person: PersonId,
    pub(crate) phone_number_id: String,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client")
            .field("person", &self.person)
            .field("phone_number_id", &self.phone_number_id)
            .finish_non_exhaustive()
    }
}

impl Client {
    pub(crate) fn new(shared: Arc<Shared>, person: PersonId, phone_number_id: String) -> Self {
        Self { shared, person, phone_number_id }
    }

    /// The same person talking to another business number.
    #[must_use]
    pub fn on(&self, phone_number_id: impl Into<String>) -> Self {
        Self { phone_number_id: phone_number_id.into(), ..self.clone() }
    }

    // --- Who the client is.

    /// The business number it talks to.
    pub fn phone_number_id(&self) -> &str {
        &self.phone_number_id
    }

    /// The number as the platform writes it, whether or not it is shown to the business.
    pub fn wa_id(&self) -> String {
        self.shared.world().people.get(self.person).wa_id.clone()
    }

    /// The id that the portfolio of the business number knows this person by.
    pub fn bsuid(&self) -> Option<String> {
        let mut world = self.shared.world();
        let number = world.number(&self.phone_number_id).cloned()?;
        world.bsuid(self.person, &number)
    }

    // --- Writing.

    /// Writes a text.
    pub fn sends_text(&self, text: &str) -> String {
        self.receive(json!({ "type": "text", "text": { "body": text } }), Opens::Window)
    }

    /// Writes a text as a reply to a message. Current pages do not show `context.id` on plain text; it
    /// is in older ones and in the wild.
    pub fn replies(&self, to_wamid: &str, text: &str) -> String {
        let context = self.context(to_wamid);
        let content = json!({ "type": "text", "text": { "body": text }, "context": context });
        self.receive(content, Opens::Window)
    }

    /// Forwards a text: a `context` without `id`.
    pub fn forwards_text(&self, text: &str, many_times: bool) -> String {
        let key = if many_times { "frequently_forwarded" } else { "forwarded" };
        let content = json!({ "type": "text", "text": { "body": text }, "context": { key: true } });
        self.receive(content, Opens::Window)
    }

    /// Arrives from a click-to-WhatsApp ad: a text with a `referral`. If the business replies within
    /// 24 h, the free entry point starts.
    pub fn arrives_from_ad(&self, text: &str, headline: &str) -> String {
        let content = json!({
            "type": "text", "text": { "body": text },
            "referral": {
                "source_url": "https://fb.me/sandbox", "source_id": "120000000000000001",
                "source_type": "ad", "headline": headline, "body": headline,
                "media_type": "image", "image_url": "https://example.com/ad.jpg",
                "ctwa_clid": "ARsandbox",
            },
        });
        let wamid = self.receive(content, Opens::Window);
        let mut world = self.shared.world();
        let now = world.now();
        world.windows.arrived_from_ad(&self.phone_number_id, self.person, now);
        wamid
    }

    /// Sends a picture.
    pub fn sends_image(&self, bytes: &[u8]) -> String {
        self.sends(&Attachment::image(bytes))
    }

    /// Sends a PDF.
    pub fn sends_document(&self, bytes: &[u8], filename: &str) -> String {
        self.sends(&Attachment::document(bytes, filename))
    }

    /// Sends an audio file.
    pub fn sends_audio(&self, bytes: &[u8]) -> String {
        self.sends(&Attachment::audio(bytes))
    }

    /// Records a voice note.
    pub fn sends_voice_note(&self, bytes: &[u8]) -> String {
        self.sends(&Attachment::voice_note(bytes))
    }

    /// Sends a video.
    pub fn sends_video(&self, bytes: &[u8]) -> String {
        self.sends(&Attachment::video(bytes))
    }

    /// Sends a sticker.
    pub fn sends_sticker(&self, bytes: &[u8]) -> String {
        self.sends(&Attachment::sticker(bytes))
    }

    /// Sends any file, with its particulars.
    pub fn sends(&self, attachment: &Attachment) -> String {
        let content = attachment.content(&mut self.shared.world(), &self.phone_number_id);
        self.receive(content, Opens::Window)
    }

    /// Sends a file above 100 MB: the message comes without it, with error 131052.
    pub fn sends_file_too_large(&self) -> String {
        let error = GraphError::new(131052, "Failed to download the media");
        let content = json!({ "type": "unsupported", "errors": [error.in_webhook()] });
        self.receive(content, Opens::Window)
    }

    /// Sends a place.
    pub fn sends_location(&self, latitude: f64, longitude: f64, name: Option<&str>) -> String {
        let mut location = json!({ "latitude": latitude, "longitude": longitude });
        if let Some(name) = name {
            location["name"] = name.into();
        }
        self.receive(json!({ "type": "location", "location": location }), Opens::Window)
    }

    /// Sends a contact card.
    pub fn sends_contact(&self, name: &str, phone: &str) -> String {
        let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
        let card = json!({
            "name": { "formatted_name": name, "first_name": name },
            "phones": [{ "phone": phone, "wa_id": digits, "type": "CELL" }],
        });
        self.receive(json!({ "type": "contacts", "contacts": [card] }), Opens::Window)
    }

    /// Answers a `request_contact_info`: a card of the person's own, marked `contact_request`.
    pub fn shares_contact_info(&self) -> String {
        let (name, wa_id) = {
            let world = self.shared.world();
            let person = world.people.get(self.person);
            (person.name.clone().unwrap_or_default(), person.wa_id.clone())
        };
        let card = json!({
            "name": { "formatted_name": name, "first_name": name },
            "phones": [{ "phone": format!("+{wa_id}"), "wa_id": wa_id, "type": "CELL" }],
            "origin": "contact_request",
        });
        self.receive(json!({ "type": "contacts", "contacts": [card] }), Opens::Window)
    }

    /// Orders products of a catalog: id, quantity, unit price in reais.
    pub fn sends_order(&self, catalog_id: &str, items: &[(&str, u32, f64)]) -> String {
        let items: Vec<Value> = items
            .iter()
            .map(|(id, quantity, price)| {
                json!({
                    "product_retailer_id": id, "quantity": quantity,
                    "item_price": price, "currency": "BRL",
                })
            })
            .collect();
        let order = json!({ "catalog_id": catalog_id, "text": "", "product_items": items });
        self.receive(json!({ "type": "order", "order": order }), Opens::Window)
    }

    /// Sends something the API cannot carry, for example `poll_creation` (131051).
    pub fn sends_unsupported(&self, what: &str) -> String {
        self.unsupported(131051, "Message type is currently not supported.", what)
    }

    /// Sends something whose content is not available on this number (131060), as happens with numbers
    /// also used in the WhatsApp Business app.
    pub fn sends_unavailable(&self) -> String {
        self.unsupported(131060, "This message is currently unavailable.", "media_placeholder")
    }

    fn unsupported(&self, code: i64, details: &str, what: &str) -> String {
        let mut error = GraphError::new(code, details);
        error.title = "Message type unknown".to_owned();
        let content = json!({
            "type": "unsupported", "unsupported": { "type": what }, "errors": [error.in_webhook()],
        });
        let opens = self.shared.world().config.window_policy.unsupported;
        self.receive(content, if opens { Opens::Window } else { Opens::Nothing })
    }

    /// Sends any message: `type`, the object named like it and whatever belongs beside them.
    pub fn sends_raw(&self, content: Value) -> String {
        self.receive(content, Opens::Window)
    }

    // --- Answering what the business sent.

    /// Taps a button of a message, or picks a row of a list, by its label. Buttons of templates come
    /// back as `button`, those of interactive messages as `interactive`.
    ///
    /// # Errors
    ///
    /// When this client has no such message, or the message no such label.
    pub fn taps(&self, wamid: &str, label: &str) -> Result<String, TapError> {
        let mut content = {
            let world = self.shared.world();
            let message = world
                .sent
                .get(wamid)
                .filter(|message| message.person == Some(self.person))
                .ok_or(TapError::NoSuchMessage)?;
            tap::content(&world, message, label).ok_or(TapError::NoSuchButton)?
        };
        content["context"] = self.context(wamid);
        Ok(self.receive(content, Opens::Window))
    }

    /// Puts an emoji on a message.
    pub fn reacts(&self, wamid: &str, emoji: &str) -> String {
        let opens = self.shared.world().config.window_policy.reaction;
        let content = json!({ "type": "reaction", "reaction": { "message_id": wamid, "emoji": emoji } });
        self.receive(content, if opens { Opens::Window } else { Opens::Nothing })
    }

    /// Takes the emoji back: `emoji` is absent then, not empty.
    pub fn removes_reaction(&self, wamid: &str) -> String {
        let content = json!({ "type": "reaction", "reaction": { "message_id": wamid } });
        self.receive(content, Opens::Nothing)
    }

    /// Edits a text of its own. Only numbers also used in the WhatsApp Business app hear of it.
    pub fn edits(&self, wamid: &str, text: &str) -> String {
        let content = json!({ "type": "edit", "edit": {
            "original_message_id": wamid,
            "message": { "type": "text", "text": { "body": text } },
        }});
        self.receive(content, self.edit_or_revoke())
    }

    /// Deletes a message of its own, for everyone.
    pub fn revokes(&self, wamid: &str) -> String {
        if let Some(message) = self.shared.world().inbound.get_mut(wamid) {
            message.revoked = true;
        }
        let content = json!({ "type": "revoke", "revoke": { "original_message_id": wamid } });
        self.receive(content, self.edit_or_revoke())
    }

    fn edit_or_revoke(&self) -> Opens {
        let opens = self.shared.world().config.window_policy.edit_or_revoke;
        if opens { Opens::Window } else { Opens::Nothing }
    }

    // --- Other acts.

    /// Calls the business; the window opens whether or not anybody answers.
    pub fn calls(&self, answered: bool) {
        let mut world = self.shared.world();
        inbound::call(&mut world, self.person, &self.phone_number_id, answered);
    }

    /// Stops marketing messages: they fail with 131050 from now on.
    pub fn stops_marketing(&self) {
        let mut world = self.shared.world();
        inbound::marketing_preference(&mut world, self.person, &self.phone_number_id, true);
    }

    /// Wants marketing messages again.
    pub fn resumes_marketing(&self) {
        let mut world = self.shared.world();
        inbound::marketing_preference(&mut world, self.person, &self.phone_number_id, false);
    }

    /// Hides the phone: webhooks from now on have no `from`, `wa_id` or `recipient_id`, and a BSUID for certain.
    pub fn hides_phone(&self) {
        self.shared.world().people.get_mut(self.person).hide_phone();
    }

    /// Shows the phone again.
    pub fn shows_phone(&self) {
        self.shared.world().people.get_mut(self.person).phone_hidden = false;
    }

    /// Renames the profile.
    pub fn changes_name(&self, name: &str) {
        self.shared.world().people.get_mut(self.person).name = Some(name.to_owned());
    }

    /// Blocks the business: its messages are accepted, and sent, and nothing more.
    pub fn blocks(&self) {
        let mut world = self.shared.world();
        world.people.get_mut(self.person).blocked.insert(self.phone_number_id.clone());
    }

    /// Unblocks the business.
    pub fn unblocks(&self) {
        let mut world = self.shared.world();
        world.people.get_mut(self.person).blocked.remove(&self.phone_number_id);
    }

    /// Turns read receipts off or on; without them nothing is ever `read`.
    pub fn sends_read_receipts(&self, sends: bool) {
        self.shared.world().people.get_mut(self.person).sends_read_receipts = sends;
    }

    /// Writes a text that reaches the platform now and says it was written in the past, as a message
    /// does whose webhook was retried for long. At most a day back.
    pub fn sent_text_earlier(&self, text: &str, ago_ms: i64) -> String {
        let mut world = self.shared.world();
        let at = world.now() - ago_ms.clamp(0, DAY);
        let content = json!({ "type": "text", "text": { "body": text } });
        let number = self.phone_number_id.clone();
        inbound::receive(&mut world, self.person, &number, content, Opens::Window, at)
    }

    pub(crate) fn receive(&self, content: Value, opens: Opens) -> String {
        let mut world = self.shared.world();
        let now = world.now();
        inbound::receive(&mut world, self.person, &self.phone_number_id, content, opens, now)
    }

    /// `context` of a reply: who wrote the quoted message, and which it is.
    pub(crate) fn context(&self, wamid: &str) -> Value {
        let world = self.shared.world();
        let business = world.number(&self.phone_number_id).map(|one| one.display_phone_number.clone());
        let from = if world.sent.contains_key(wamid) {
            business
        } else {
            world.people.get(self.person).visible_phone().map(str::to_owned)
        };
        let mut context = Map::new();
        if let Some(from) = from {
            context.insert("from".into(), from.into());
        }
        context.insert("id".into(), wamid.into());
        context.into()
    }
}
