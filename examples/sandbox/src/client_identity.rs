//! A person who becomes somebody else to the business: another number, another id, another phone.
//!
//! Source: Meta, webhooks/reference/messages/system (2026-08-11), identity-change. None of it is an act
//! towards the business: no window opens.

use serde_json::json;

use crate::client::Client;
use crate::inbound;
use crate::world::World;

impl Client {
    /// Moves to another number: new ids everywhere, told by a `system` message.
    pub fn changes_number(&self, new_phone: &str) {
        let digits: String = new_phone.chars().filter(char::is_ascii_digit).collect();
        let mut world = self.shared.world();
        let Some(number) = world.number(&self.phone_number_id).cloned() else {
            return;
        };
        let old = world.people.get(self.person).visible_phone().map(str::to_owned);
        let previous = world.people.get_mut(self.person).change_number(&digits);
        let previous = previous.get(&number.portfolio).map(String::as_str);
        system(&mut world, self, old.as_deref(), "user_changed_number", previous);
    }

    /// Gets another BSUID without another number (`user_changed_user_id`).
    pub fn changes_user_id(&self) {
        let mut world = self.shared.world();
        let Some(number) = world.number(&self.phone_number_id).cloned() else {
            return;
        };
        // An id that was never asked for still existed.
        world.bsuid(self.person, &number);
        let phone = world.people.get(self.person).visible_phone().map(str::to_owned);
        let previous = world.people.get_mut(self.person).change_bsuid(&number.portfolio);
        system(&mut world, self, phone.as_deref(), "user_changed_user_id", previous.as_deref());
    }

    /// Reinstalls WhatsApp: another identity key, told by a `system` message. Messages sent with the old
    /// `recipient_identity_key_hash` are refused with 137000.
    pub fn changes_identity(&self) {
        let mut world = self.shared.world();
        world.people.get_mut(self.person).identity_changes += 1;
        let phone = world.people.get(self.person).visible_phone().map(str::to_owned);
        system(&mut world, self, phone.as_deref(), "customer_identity_changed", None);
    }

    /// What `recipient_identity_key_hash` must be to reach this person.
    pub fn identity_key_hash(&self) -> String {
        self.shared.world().people.get(self.person).identity_key_hash()
    }
}

fn system(world: &mut World, client: &Client, from: Option<&str>, kind: &str, previous: Option<&str>) {
    let Some(number) = world.number(client.phone_number_id()).cloned() else {
        return;
    };
    let mut system = json!({ "type": kind, "body": format!("{}: {kind}", number.verified_name) });
    if let Some(phone) = world.people.get(client.person).visible_phone() {
        system["wa_id"] = phone.into();
    }
    if let Some(bsuid) = world.bsuid(client.person, &number) {
        system["user_id"] = bsuid.into();
    }
    if let Some(previous) = previous {
        system["previous_user_id"] = previous.into();
    }
    inbound::system(world, client.phone_number_id(), from, &system);
}
