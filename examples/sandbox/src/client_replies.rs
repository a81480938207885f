//! What a person answers to messages that ask for more than a text, and what comes from the business's
//! own phone.
//!
//! Source: Meta, webhooks/reference/messages/interactive, calling/user-call-permissions, calling/pricing,
//! webhooks/reference/smb_message_echoes.

use serde_json::{Value, json};

use crate::client::Client;
use crate::clock::{DAY, seconds};
use crate::coexistence;
use crate::inbound::{self, Opens};

impl Client {
    /// Fills in a flow: the answers come as a text of JSON.
    pub fn completes_flow(&self, wamid: &str, answers: &Value) -> String {
        let content = json!({
            "type": "interactive", "context": self.context(wamid),
            "interactive": { "type": "nfm_reply", "nfm_reply": {
                "name": "flow", "body": "Sent", "response_json": answers.to_string(),
            }},
        });
        self.receive(content, Opens::Window)
    }

    /// Answers a request for permission to call. Whether it opens the window is not documented; here it
    /// does, being a tap.
    pub fn answers_call_permission(&self, wamid: &str, accepts: bool) -> String {
        let now = self.shared.now();
        let mut reply = json!({
            "response": if accepts { "accept" } else { "reject" }, "response_source": "user_action",
        });
        if accepts {
            reply["is_permanent"] = false.into();
            reply["expiration_timestamp"] = seconds(now + 7 * DAY).into();
        }
        let content = json!({
            "type": "interactive", "context": self.context(wamid),
            "interactive": { "type": "call_permission_reply", "call_permission_reply": reply },
        });
        self.receive(content, Opens::Window)
    }

    /// Asks about a product of a catalog.
    pub fn asks_about_product(&self, text: &str, catalog_id: &str, product_retailer_id: &str) -> String {
        let product = json!({ "catalog_id": catalog_id, "product_retailer_id": product_retailer_id });
        let content = json!({
            "type": "text", "text": { "body": text }, "context": { "referred_product": product },
        });
        self.receive(content, Opens::Window)
    }

    /// Opens the chat for the first time (`request_welcome`, which Meta removed and old numbers may still
    /// send). Not a message.
    pub fn opens_chat(&self) -> String {
        self.receive(json!({ "type": "request_welcome" }), Opens::Nothing)
    }

    /// Takes a call of the business, or lets it ring: only the former opens the window.
    pub fn is_called(&self, accepts: bool) {
        inbound::business_call(&mut self.shared.world(), self.person, &self.phone_number_id, accepts);
    }

    /// Somebody of the business writes to this person on the phone (`smb_message_echoes`). Returns the
    /// wamid.
    pub fn is_written_to_on_the_phone(&self, text: &str) -> String {
        let content = json!({ "type": "text", "text": { "body": text } });
        coexistence::echo(&mut self.shared.world(), self.person, &self.phone_number_id, content)
    }

    /// The past of this conversation comes in (`history`), oldest text first.
    pub fn history_comes_in(&self, texts: &[&str]) {
        let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
        coexistence::history(&mut self.shared.world(), self.person, &self.phone_number_id, &texts);
    }

    /// The app's contact of this person comes in (`smb_app_state_sync`): `add` or `remove`.
    pub fn is_synced_as_contact(&self, action: &str) {
        coexistence::app_contact(&mut self.shared.world(), self.person, &self.phone_number_id, action);
    }
}
