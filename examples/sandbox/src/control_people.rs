//! `/control/person` and `/control/text`: what the people and the business's own phone do.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::attachment::Attachment;
use crate::client::Client;
use crate::control::field;
use crate::people::ClientOptions;
use crate::sandbox::Shared;

pub(crate) const HELP: &str = "\
POST /control/text      {\"phone\": \"5511987654321\", \"text\": \"Oi\", \"name\": \"Maria\", \"phone_number_id\": \"...\"}
POST /control/person    {\"phone\": \"5511987654321\", \"does\": \"...\"} and what the act needs:
                        text (text), reply (wamid, text), forward (text, many_times), edit (wamid, text),
                        revoke (wamid), react (wamid, emoji), unreact (wamid), tap (wamid, label),
                        image, video, audio, voice_note, sticker, document (base64, mime_type, caption,
                        filename), location (latitude, longitude, title), contact (title, number),
                        share_contact, order (catalog_id, product, quantity, price), flow (wamid, answers),
                        call_permission (wamid, accepts), ask_about_product (text, catalog_id, product),
                        from_ad (text, headline), unsupported (kind), unavailable, too_large, open_chat,
                        raw (message), call (accepts), be_called (accepts), read (wamid), play (wamid),
                        stop_marketing, resume_marketing, change_number (number), change_user_id,
                        change_identity, hide_phone, show_phone, block, unblock, go_offline, come_online,
                        echo (text), history (texts), sync_contact (action)
";

/// `POST /control/text`.
pub(crate) fn text(shared: &Arc<Shared>, body: &Value) -> Result<Value, String> {
    let text = field(body, "text")?.to_owned();
    Ok(json!({ "wamid": client(shared, body)?.sends_text(&text) }))
}

/// `POST /control/person`.
pub(crate) fn act(shared: &Arc<Shared>, body: &Value) -> Result<Value, String> {
    let client = client(shared, body)?;
    let does = field(body, "does")?;
    if let Some(wamid) = written(&client, does, body)? {
        return Ok(json!({ "wamid": wamid }));
    }
    other(&client, does, body)?;
    Ok(json!({ "done": true }))
}

fn client(shared: &Arc<Shared>, body: &Value) -> Result<Client, String> {
    let mut options = ClientOptions::new(body["name"].as_str().unwrap_or("Client"), field(body, "phone")?);
    if let Some(username) = body["username"].as_str() {
        options = options.username(username);
    }
    let mut world = shared.world();
    let number = match body["phone_number_id"].as_str() {
        Some(id) => world.number(id).cloned(),
        None => world.config.numbers.first().cloned(),
    };
    let number = number.ok_or("no such business number")?;
    let person = world.people.meet(&options, &number.portfolio);
    drop(world);
    Ok(Client::new(Arc::clone(shared), person, number.phone_number_id))
}

/// Acts that make a message of the person; `None` when it is another kind of act.
fn written(client: &Client, does: &str, body: &Value) -> Result<Option<String>, String> {
    let text = |name: &str| field(body, name);
    let number = |name: &str| body[name].as_f64().ok_or_else(|| format!("{name} is missing"));
    Ok(Some(match does {
        "text" => client.sends_text(text("text")?),
        "reply" => client.replies(text("wamid")?, text("text")?),
        "forward" => client.forwards_text(text("text")?, body["many_times"] == true),
        "edit" => client.edits(text("wamid")?, text("text")?),
        "revoke" => client.revokes(text("wamid")?),
        "react" => client.reacts(text("wamid")?, text("emoji")?),
        "unreact" => client.removes_reaction(text("wamid")?),
        "tap" => client.taps(text("wamid")?, text("label")?).map_err(|error| error.to_string())?,
        "image" | "video" | "audio" | "voice_note" | "sticker" | "document" => client.sends(&attachment(does, body)?),
        "location" => client.sends_location(number("latitude")?, number("longitude")?, body["title"].as_str()),
        "contact" => client.sends_contact(text("title")?, text("number")?),
        "share_contact" => client.shares_contact_info(),
        "order" => {
            let quantity = body["quantity"].as_u64().and_then(|count| u32::try_from(count).ok()).unwrap_or(1);
            client.sends_order(text("catalog_id")?, &[(text("product")?, quantity, number("price")?)])
        }
        "flow" => client.completes_flow(text("wamid")?, &body["answers"]),
        "call_permission" => client.answers_call_permission(text("wamid")?, body["accepts"] == true),
        "ask_about_product" => client.asks_about_product(text("text")?, text("catalog_id")?, text("product")?),
        "from_ad" => client.arrives_from_ad(text("text")?, text("headline")?),
        "unsupported" => client.sends_unsupported(text("kind")?),
        "unavailable" => client.sends_unavailable(),
        "too_large" => client.sends_file_too_large(),
        "open_chat" => client.opens_chat(),
        "raw" if body["message"].is_object() => client.sends_raw(body["message"].clone()),
        "echo" => client.is_written_to_on_the_phone(text("text")?),
        _ => return Ok(None),
    }))
}

fn attachment(kind: &str, body: &Value) -> Result<Attachment, String> {
    let bytes = body["base64"].as_str().map_or(Ok(b"sandbox".to_vec()), |text| STANDARD.decode(text));
    let bytes = bytes.map_err(|_| "base64 is not base64".to_owned())?;
    let filename = body["filename"].as_str();
    let mut attachment = match kind {
        "image" => Attachment::image(&bytes),
        "video" => Attachment::video(&bytes),
        "audio" => Attachment::audio(&bytes),
        "voice_note" => Attachment::voice_note(&bytes),
        "sticker" => Attachment::sticker(&bytes),
        _ => Attachment::document(&bytes, filename.unwrap_or("document.pdf")),
    };
    if let Some(mime_type) = body["mime_type"].as_str() {
        attachment = attachment.mime_type(mime_type);
    }
    if let Some(caption) = body["caption"].as_str() {
        attachment = attachment.caption(caption);
    }
    Ok(attachment)
}

/// Acts that make no message of the person.
fn other(client: &Client, does: &str, body: &Value) -> Result<(), String> {
    let accepts = body["accepts"] == true;
    let told = |happened: bool| happened.then_some(()).ok_or_else(|| "nothing to do that to".to_owned());
    match does {
        "call" => client.calls(accepts),
        "be_called" => client.is_called(accepts),
        "read" => told(client.reads(field(body, "wamid")?))?,
        "play" => told(client.plays(field(body, "wamid")?))?,
        "stop_marketing" => client.stops_marketing(),
        "resume_marketing" => client.resumes_marketing(),
        "change_number" => client.changes_number(field(body, "number")?),
        "change_user_id" => client.changes_user_id(),
        "change_identity" => client.changes_identity(),
        "hide_phone" => client.hides_phone(),
        "show_phone" => client.shows_phone(),
        "block" => client.blocks(),
        "unblock" => client.unblocks(),
        "go_offline" => client.goes_offline(),
        "come_online" => client.comes_online(),
        "history" => {
            let texts: Vec<&str> = body["texts"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            client.history_comes_in(&texts);
        }
        "sync_contact" => client.is_synced_as_contact(body["action"].as_str().unwrap_or("add")),
        other => return Err(format!("unknown act {other}")),
    }
    Ok(())
}
