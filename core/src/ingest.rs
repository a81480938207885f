//! Taking in what a platform delivers: one outcome per element, nothing dropped, nothing twice.
//!
//! The signature is checked on the raw bytes before anything else. The whole delivery is one commit; each element
//! stands alone in it. The report says of each whether it was stored, a duplicate, opaque or quarantined, in
//! order, and the numbers add up (G-21).

use std::cmp::Ordering;

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::attendance::{Attendance, Phase, Step, transition};
use crate::channel::{Activity, Channel, ChannelKind, WindowEffect};
use crate::contact::{Contact, Handle, HandleKey, Identity};
use crate::content::{Content, SystemNotice};
use crate::delivery::{Delivery, DeliveryState};
use crate::engine::Engine;
use crate::error::{Error, Problem};
use crate::event::{Actor, EventKind};
use crate::id::{AttendanceId, ContactId, DeliveryId, IdentityId, MessageId, QuarantineId};
use crate::inbound::{
    CallNotice, EchoMessage, Element, ErrorClass, Handles, InboundItem, InboundMessage, PreferenceNotice,
    ReceiptStatus, Route, StatusNotice, TemplateChange, TemplateNotice,
};
use crate::message::{Author, Message, Reaction};
use crate::phone;
use crate::port::InboundDecoder;
use crate::setup::{ReopenPolicy, Setup};
use crate::store::{KeptElement, Parked, ParkedFact, ParkedKey, Row};
use crate::template::TemplateStatus;
use crate::time::Timestamp;
use crate::unit::{Beginning, Unit};
use crate::window::{ServiceWindow, service_window};

/// What became of a delivery's elements, in their order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct IngestReport {
    /// One per element.
    pub items: Vec<ItemReport>,
}

impl IngestReport {
    /// How many elements had this outcome.
    #[must_use]
    pub fn count(&self, outcome: ItemOutcome) -> usize {
        self.items.iter().filter(|item| item.outcome == outcome).count()
    }
}

/// What became of one element.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemReport {
    /// Where it stood in the delivery.
    pub path: String,
    /// What became of it.
    pub outcome: ItemOutcome,
    /// Why it is opaque or quarantined, as a stable code.
    pub reason: Option<String>,
    /// The message it became or changed.
    pub message_id: Option<MessageId>,
    /// Where that message is.
    pub attendance_id: Option<AttendanceId>,
    /// Which rule found or made the attendance (G-31).
    pub rule: Option<InboundRule>,
}

/// What became of an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemOutcome {
    /// Stored.
    Stored,
    /// Known already: nothing was written.
    Duplicate,
    /// Kept raw: of a kind this version does not know, or only informative.
    Opaque,
    /// Kept aside: malformed, or for nobody here.
    Quarantined,
}

/// Which rule found or made the attendance of an inbound message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InboundRule {
    /// There was an open one.
    Open,
    /// The department's policy took the finished one up again.
    Reopened,
    /// A new one: there was none before.
    First,
    /// A new one: the policy did not reach back to the finished one.
    AfterFinished,
    /// A new one: the one before lies in the trash and is never taken out by this.
    AfterTrashed,
}

impl Engine {
    /// Takes in one delivery of a platform: checks the signature over the raw bytes, then stores every element
    /// durably before it returns. Answer the platform only after that.
    ///
    /// # Errors
    /// `malformed` in field `signature` when it does not prove the sender: nothing is stored. `Error::Store`, `busy`:
    /// nothing is stored; let the platform deliver again.
    pub fn ingest(&self, kind: ChannelKind, body: &[u8], signature: Option<&str>) -> Result<IngestReport, Error> {
        let platform = self.platform(kind).ok_or_else(|| Error::store("no_platform"))?;
        platform.decoder.verify(body, signature).map_err(|_| Error::invalid("signature", Problem::Malformed))?;
        let items = platform.decoder.decode(body);
        self.write(Actor::Platform, |unit| {
            let mut report = IngestReport { items: Vec::with_capacity(items.len()) };
            for item in &items {
                let arrived = Arrived { item, body, decoder: &*platform.decoder };
                report.items.push(ingest_item(unit, kind, &arrived)?);
                unit.apply()?;
            }
            Ok(report)
        })
    }
}

/// The outcome of one element, before it has a path.
struct Taken {
    outcome: ItemOutcome,
    reason: Option<String>,
    message: Option<(MessageId, AttendanceId)>,
    rule: Option<InboundRule>,
}

impl Taken {
    fn plain(outcome: ItemOutcome) -> Self {
        Self { outcome, reason: None, message: None, rule: None }
    }

    fn changed(any: bool) -> Self {
        Self::plain(if any { ItemOutcome::Stored } else { ItemOutcome::Duplicate })
    }
}

fn ingest_item(unit: &mut Unit<'_>, kind: ChannelKind, item: &Arrived<'_>) -> Result<ItemReport, Error> {
    // Borrowed from the set-up as it stands now: a channel's rules are a page of data, not to be copied per message.
    let setup = Arc::clone(&unit.setup);
    let taken = match &item.element {
        Element::Message(message) => match channel_of(&setup, kind, &item.route) {
            Some(channel) => take_message(unit, channel, message, item)?,
            None => keep(unit, item, "unknown_channel", true)?,
        },
        Element::Echo(echo) => match channel_of(&setup, kind, &item.route) {
            Some(channel) => take_echo(unit, channel, echo, item)?,
            None => keep(unit, item, "unknown_channel", true)?,
        },
        Element::Status(notice) => match channel_of(&setup, kind, &item.route) {
            Some(_) if matches!(notice.status, ReceiptStatus::Other(_)) => keep(unit, item, "unknown_status", false)?,
            Some(channel) => take_status(unit, channel, notice)?,
            None => keep(unit, item, "unknown_channel", true)?,
        },
        Element::Call(call) => match channel_of(&setup, kind, &item.route) {
            Some(channel) => take_call(unit, channel, call, item)?,
            None => keep(unit, item, "unknown_channel", true)?,
        },
        Element::Template(notice) => take_template(unit, item, notice)?,
        Element::Preference(notice) => match channel_of(&setup, kind, &item.route) {
            Some(channel) => take_preference(unit, channel, notice)?,
            None => keep(unit, item, "unknown_channel", true)?,
        },
        Element::Account(_) => keep(unit, item, "account_notice", false)?,
        Element::Unknown(_) => keep(unit, item, "unknown_kind", false)?,
        Element::Malformed(malformed) => keep(unit, item, &malformed.reason, true)?,
    };
    Ok(ItemReport {
        path: item.path.clone(),
        outcome: taken.outcome,
        reason: taken.reason,
        message_id: taken.message.map(|(message, _)| message),
        attendance_id: taken.message.map(|(_, attendance)| attendance),
        rule: taken.rule,
    })
}

/// The channel an element is for: by the platform's number id, never by the number as shown.
fn channel_of<'a>(setup: &'a Setup, kind: ChannelKind, route: &Route) -> Option<&'a Channel> {
    let number = route.number_id.as_deref()?;
    setup.channels.values().find(|channel| channel.is(kind, number))
}

/// An element with the delivery it came in, so that what is kept aside is kept as it came.
struct Arrived<'a> {
    item: &'a InboundItem,
    body: &'a [u8],
    decoder: &'a dyn InboundDecoder,
}

impl Arrived<'_> {
    /// The element's bytes. Decoders leave them out of what they know, which is seldom kept aside.
    fn raw(&self) -> String {
        if !self.item.raw.is_empty() {
            return self.item.raw.clone();
        }
        self.decoder.element(self.body, &self.item.path).unwrap_or_default()
    }
}

impl std::ops::Deref for Arrived<'_> {
    type Target = InboundItem;
    fn deref(&self) -> &InboundItem {
        self.item
    }
}

/// Keeps an element as it came, once.
fn keep(unit: &mut Unit<'_>, item: &Arrived<'_>, reason: &str, quarantined: bool) -> Result<Taken, Error> {
    let mut hash = Sha256::new();
    hash.update(reason.as_bytes());
    for part in [&item.route.number_id, &item.route.waba_id] {
        hash.update([0]);
        hash.update(part.as_deref().unwrap_or_default().as_bytes());
    }
    hash.update([0]);
    let raw = item.raw();
    hash.update(raw.as_bytes());
    let key = hex::encode(hash.finalize());
    if unit.stored().is_kept(&key)? {
        return Ok(Taken::plain(ItemOutcome::Duplicate));
    }
    let id = QuarantineId::from_raw(unit.new_id());
    unit.happened(None, EventKind::ElementKept { kept_id: id, reason: reason.to_owned() });
    unit.put(Row::Kept(KeptElement {
        id,
        key,
        reason: reason.to_owned(),
        quarantined,
        path: item.path.clone(),
        raw,
        at: unit.now,
    }));
    let outcome = if quarantined { ItemOutcome::Quarantined } else { ItemOutcome::Opaque };
    Ok(Taken { reason: Some(reason.to_owned()), ..Taken::plain(outcome) })
}

// --- Who it is -----------------------------------------------------------------------------------------

/// How somebody came to be known.
#[derive(Clone, Copy)]
pub(crate) enum Source {
    /// Staff typed it.
    Staff,
    /// The platform told it: with what they themselves did then, or beside something else.
    Platform { said_at: Option<Timestamp> },
}

/// The platform user behind the handles, and their contact; both new if nobody has these handles. Handles add up: a
/// new one found beside a known one leads to the same identity from now on. `said_at` is when they themselves did
/// something; what only stands beside something else fills in what is not known.
fn person(
    unit: &mut Unit<'_>,
    channel: &Channel,
    handles: &Handles,
    said_at: Option<Timestamp>,
) -> Result<(Identity, Contact), Error> {
    let Some(identity) = sender(unit, channel, handles)? else {
        let person = new_person(unit, channel, handles, None, Source::Platform { said_at })?;
        unit.apply()?;
        return Ok(person);
    };
    let contact = unit.contact(identity.contact_id)?;
    let renamed = profile_name(handles).filter(|name| contact.profile_name.as_deref() != Some(*name));
    // Most messages tell nothing new, and need not be asked whether they came late.
    let news = if renamed.is_some() || !knows(&identity, handles) {
        recency(unit, channel, &identity, said_at)?
    } else {
        Ordering::Less
    };
    let identity = add_handles(unit, channel, identity, handles, news)?;
    let contact = match renamed {
        Some(name) => take_profile_name(unit, contact, name, said_at, news),
        None => contact,
    };
    unit.apply()?;
    Ok((identity, contact))
}

/// When a contact themselves did what an activity says, as far as it leaves evidence of that with the window.
fn said_at(channel: &Channel, activity: Activity, at: Timestamp) -> Option<Timestamp> {
    let heard = channel.rules.window.as_ref().is_none_or(|rules| rules.effect(activity) != WindowEffect::Ignored);
    heard.then_some(at)
}

/// Whether the user was last heard from before, at, or after an instant of the platform: what they were called then is
/// news, one of two words, or old.
fn recency(
    unit: &Unit<'_>,
    channel: &Channel,
    identity: &Identity,
    said_at: Option<Timestamp>,
) -> Result<Ordering, Error> {
    let Some(at) = said_at else { return Ok(Ordering::Less) };
    let mut last = None;
    for other in unit.setup.channels.values().filter(|other| other.kind == channel.kind) {
        if let Some(pair) = unit.stored().pair(other.id, identity.id)? {
            last = last.max(pair.opened_at).max(pair.uncertain_at);
        }
    }
    Ok(last.map_or(Ordering::Greater, |last| at.cmp(&last)))
}

/// The name on the profile, if it says something.
fn profile_name(handles: &Handles) -> Option<&str> {
    handles.profile_name.as_deref().map(str::trim).filter(|name| !name.is_empty())
}

/// A new contact with one platform user.
pub(crate) fn new_person(
    unit: &mut Unit<'_>,
    channel: &Channel,
    handles: &Handles,
    recipient_name: Option<String>,
    source: Source,
) -> Result<(Identity, Contact), Error> {
    let (seen, said_at) = match source {
        Source::Staff => (false, None),
        Source::Platform { said_at } => (true, said_at),
    };
    let mut contact = Contact {
        id: ContactId::from_raw(unit.new_id()),
        version: 1,
        recipient_name,
        profile_name: None,
        profile_named_at: said_at.filter(|_| profile_name(handles).is_some()),
        email: None,
        marketing_stopped_at: None,
        marketing_changed_at: None,
        created_at: unit.now,
    };
    contact.profile_name = profile_name(handles).map(ToOwned::to_owned);
    unit.put(Row::Contact(contact.clone()));
    unit.happened(None, EventKind::ContactCreated { contact_id: contact.id });
    let identity = new_identity(unit, channel, handles, contact.id, seen)?;
    Ok((identity, contact))
}

/// A new platform user of a contact. `seen` says that the platform itself named it.
pub(crate) fn new_identity(
    unit: &mut Unit<'_>,
    channel: &Channel,
    handles: &Handles,
    contact_id: ContactId,
    seen: bool,
) -> Result<Identity, Error> {
    let identity = Identity {
        id: IdentityId::from_raw(unit.new_id()),
        version: 1,
        contact_id,
        kind: channel.kind,
        scope: channel.user_scope().to_owned(),
        wa_id: handles.wa_id.clone(),
        wa_id_confirmed: seen && handles.wa_id.is_some(),
        user_id: handles.user_id.clone(),
        parent_user_id: handles.parent_user_id.clone(),
        username: handles.username.clone(),
    };
    unit.put(Row::Identity(identity.clone()));
    for key in handles.keys(channel) {
        // The number of a new owner still leads to the one before; their user id leads to them.
        if unit.stored().identity_by_handle(&key)?.is_none() {
            unit.put(Row::Handle(key, identity.id));
        }
    }
    suggest_duplicates(unit, contact_id, identity.wa_id.as_deref())?;
    Ok(identity)
}

/// Two written forms of one number only *suggest* that two contacts are one person (G-24). It is suggested once.
fn suggest_duplicates(unit: &mut Unit<'_>, contact_id: ContactId, wa_id: Option<&str>) -> Result<(), Error> {
    let Some(digits) = wa_id.and_then(phone::digits) else { return Ok(()) };
    let key = phone::match_key(&digits);
    let known = unit.stored().contacts_by_match_key(&key)?;
    if known.contains(&contact_id) {
        return Ok(());
    }
    for other_id in known {
        unit.happened(None, EventKind::DuplicateSuspected { contact_id, other_id });
    }
    unit.put(Row::MatchKey(key, contact_id));
    Ok(())
}

/// Adds to a known identity what these handles tell anew. The routing key becomes the one used last by the platform's
/// time (of two at one instant the greater, so that the order of arrival does not matter); old keys still find the
/// identity. A handle that leads to somebody else is left alone: that is a matter for a merge, which a
/// number suggests.
fn add_handles(
    unit: &mut Unit<'_>,
    channel: &Channel,
    mut identity: Identity,
    handles: &Handles,
    news: Ordering,
) -> Result<Identity, Error> {
    let replaces = |known: &Option<String>, told: &String| match (known, news) {
        (None, _) | (Some(_), Ordering::Greater) => true,
        (Some(known), Ordering::Equal) => known < told,
        (Some(_), Ordering::Less) => false,
    };
    if knows(&identity, handles) {
        return Ok(identity);
    }
    let before = identity.clone();
    for key in handles.keys(channel) {
        match unit.stored().identity_by_handle(&key)? {
            Some(other) if other.id != identity.id => {
                if key.key == HandleKey::WaId {
                    suggest_duplicates(unit, identity.contact_id, Some(&key.value))?;
                }
                continue;
            }
            Some(_) => {}
            None => unit.put(Row::Handle(key.clone(), identity.id)),
        }
        let slot = match key.key {
            HandleKey::WaId => &mut identity.wa_id,
            HandleKey::UserId => &mut identity.user_id,
            HandleKey::ParentUserId => &mut identity.parent_user_id,
        };
        if replaces(slot, &key.value) {
            *slot = Some(key.value);
        }
    }
    if handles.wa_id.is_some() && identity.wa_id == handles.wa_id {
        identity.wa_id_confirmed = true;
    }
    if handles.username.as_ref().is_some_and(|told| replaces(&identity.username, told)) {
        identity.username.clone_from(&handles.username);
    }
    if identity == before {
        return Ok(identity);
    }
    if (&identity.wa_id, &identity.user_id) != (&before.wa_id, &before.user_id) {
        unit.happened(None, EventKind::HandleAdded { contact_id: identity.contact_id });
        if identity.wa_id != before.wa_id {
            suggest_duplicates(unit, identity.contact_id, identity.wa_id.as_deref())?;
        }
    }
    unit.save_identity(identity.clone());
    identity.version += 1;
    Ok(identity)
}

/// Whether the handles tell nothing new: so it is with nearly every message, and no handle is looked up.
fn knows(identity: &Identity, handles: &Handles) -> bool {
    let told = |given: &Option<String>, known: &Option<String>| given.is_none() || given == known;
    told(&handles.wa_id, &identity.wa_id)
        && (handles.wa_id.is_none() || identity.wa_id_confirmed)
        && told(&handles.user_id, &identity.user_id)
        && told(&handles.parent_user_id, &identity.parent_user_id)
        && told(&handles.username, &identity.username)
}

/// What the platform's answer to a send told about the recipient: its own form of the number, a user id.
pub(crate) fn learn_address(
    unit: &mut Unit<'_>,
    delivery: &Delivery,
    wa_id: Option<&str>,
    user_id: Option<&str>,
) -> Result<(), Error> {
    let channel = unit.channel(delivery.channel_id)?;
    let identity = unit.identity(delivery.identity_id)?;
    let handles =
        Handles { wa_id: wa_id.map(ToOwned::to_owned), user_id: user_id.map(ToOwned::to_owned), ..Handles::default() };
    add_handles(unit, &channel, identity, &handles, Ordering::Greater).map(drop)
}

/// Takes the name on the profile, unless a later one is known. Of two at one instant the greater stays, and a name
/// that only stood beside something else gives way to one that came with a word of theirs.
fn take_profile_name(
    unit: &mut Unit<'_>,
    mut contact: Contact,
    name: &str,
    said_at: Option<Timestamp>,
    news: Ordering,
) -> Contact {
    let known = (contact.profile_named_at, contact.profile_name.as_deref().unwrap_or_default());
    let old = said_at.is_some() && news == Ordering::Less;
    let tied = said_at.is_some() && news == Ordering::Equal && name < known.1;
    if old || tied || known >= (said_at, name) {
        return contact;
    }
    contact.profile_name = Some(name.to_owned());
    contact.profile_named_at = said_at;
    unit.save_contact(contact.clone());
    contact.version += 1;
    unit.happened(None, EventKind::ProfileRenamed { contact_id: contact.id });
    contact
}

// --- What they said ------------------------------------------------------------------------------------

fn take_message(
    unit: &mut Unit<'_>,
    channel: &Channel,
    inbound: &InboundMessage,
    item: &Arrived<'_>,
) -> Result<Taken, Error> {
    if unit.stored().message_by_wamid(channel.id, &inbound.wamid)?.is_some() {
        return Ok(Taken::plain(ItemOutcome::Duplicate));
    }
    if inbound.group_id.is_some() {
        // A group has a window of its own (WHATSAPP 1.1) and is nobody's private talk: not yet in the engine.
        return keep(unit, item, "group_message", false);
    }
    match &inbound.content {
        Content::Reaction { target, .. } | Content::Edit { target, .. } | Content::Revoke { target } => {
            return match target_of(unit, channel, target)? {
                Some(message) => apply_to(unit, channel, inbound, message),
                None => park(unit, channel, target, inbound),
            };
        }
        Content::System(notice) => return take_system(unit, channel, inbound, notice, item),
        _ => {}
    }
    if inbound.sender.is_empty() {
        return keep(unit, item, "no_sender", true);
    }
    if inbound.activity == Activity::Standby && !is_attended(unit, channel, &inbound.sender)? {
        // The platform's own agent holds this conversation: no attendance by itself (WHATSAPP 5.9).
        return keep(unit, item, "standby", false);
    }
    let said_at = said_at(channel, inbound.activity, inbound.timestamp);
    let (identity, _) = person(unit, channel, &inbound.sender, said_at)?;
    let (attendance, rule) = attendance_for(unit, channel, &identity, inbound.timestamp)?;
    let opaque = matches!(inbound.content, Content::Opaque { .. });
    let message =
        new_message(unit, channel, Author::Contact, &inbound.wamid, inbound.timestamp, inbound.content.clone());
    let message = Message {
        reply_to: inbound.reply_to.clone(),
        forwarded: inbound.forwarded,
        referral: inbound.referral.clone(),
        ..message
    };
    let (message_id, attendance_id) = receive(unit, channel, &identity, attendance, message, inbound.activity)?;
    unit.apply()?;
    unpark(unit, channel.id, &inbound.wamid)?;
    Ok(Taken {
        outcome: if opaque { ItemOutcome::Opaque } else { ItemOutcome::Stored },
        reason: opaque.then(|| "unknown_kind".to_owned()),
        message: Some((message_id, attendance_id)),
        rule: Some(rule),
    })
}

/// Whether an attendance of theirs is open on the channel.
fn is_attended(unit: &Unit<'_>, channel: &Channel, handles: &Handles) -> Result<bool, Error> {
    let Some(identity) = sender(unit, channel, handles)? else { return Ok(false) };
    Ok(unit.stored().open_attendance(channel.id, identity.contact_id)?.is_some())
}

fn new_message(
    unit: &Unit<'_>,
    channel: &Channel,
    author: Author,
    wamid: &str,
    at: Timestamp,
    content: Content,
) -> Message {
    Message {
        id: MessageId::from_raw(unit.new_id()),
        attendance_id: AttendanceId::from_raw(0),
        position: 0,
        channel_id: channel.id,
        at,
        recorded_at: unit.now,
        author,
        content,
        wamid: Some(wamid.to_owned()),
        reply_to: None,
        forwarded: false,
        late: false,
        referral: None,
        reactions: Vec::new(),
        edited_at: None,
        revoked_at: None,
        delivery_id: None,
    }
}

/// The attendance an inbound message belongs to: the open one, the finished one by policy, or a new one.
fn attendance_for(
    unit: &mut Unit<'_>,
    channel: &Channel,
    identity: &Identity,
    at: Timestamp,
) -> Result<(Attendance, InboundRule), Error> {
    if let Some(open) = unit.stored().open_attendance(channel.id, identity.contact_id)? {
        return Ok((open, InboundRule::Open));
    }
    let previous = unit.stored().last_attendance(channel.id, identity.contact_id)?;
    let finished = unit.stored().last_finished(channel.id, identity.contact_id)?;
    let rule = match (&finished, &previous) {
        (_, None) => InboundRule::First,
        (_, Some(last)) if last.placement.is_trash() => InboundRule::AfterTrashed,
        (Some(last), _) if last.placement.is_trash() => InboundRule::AfterTrashed,
        (Some(last), _) if reopens(unit, last, at)? => InboundRule::Reopened,
        _ => InboundRule::AfterFinished,
    };
    if let (InboundRule::Reopened, Some(attendance)) = (rule, finished) {
        return Ok((reopen(unit, attendance), rule));
    }
    let attendance = unit.begin_attendance(&Beginning {
        channel_id: channel.id,
        contact_id: identity.contact_id,
        identity_id: identity.id,
        department_id: channel.default_department,
        assignee_id: None,
        previous_id: previous.map(|attendance| attendance.id),
    });
    Ok((attendance, rule))
}

/// Whether the department's policy reaches back to the finishing, by the platform's time.
fn reopens(unit: &Unit<'_>, attendance: &Attendance, at: Timestamp) -> Result<bool, Error> {
    let department = unit.setup.departments.get(&attendance.department_id);
    Ok(match (department.map(|department| department.reopen), attendance.finished_at) {
        (Some(ReopenPolicy::Always), _) => true,
        (Some(ReopenPolicy::Within { time }), Some(finished_at)) => {
            // It was finished by our clock, and the contact wrote by the platform's.
            let offset = unit.window_clock(attendance.channel_id)?.now.as_millis() - unit.now.as_millis();
            at.since(finished_at.shifted(offset)) <= time
        }
        _ => false,
    })
}

/// Takes a finished attendance up again. It stays with its assignee only if they are there (G-32).
fn reopen(unit: &mut Unit<'_>, mut attendance: Attendance) -> Attendance {
    let there = attendance
        .assignee_id
        .and_then(|id| unit.setup.attendants.get(&id))
        .is_some_and(|attendant| attendant.available && !attendant.archived);
    let released = if there { None } else { attendance.assignee_id.take() };
    if released.is_some() {
        attendance.assigned_at = None;
    }
    attendance.phase = Phase::InConversation;
    attendance.finished_at = None;
    unit.happened_in(&mut attendance, EventKind::AttendanceReopened { released });
    attendance
}

/// Adds what a contact said to its attendance and takes note of it for the window.
fn receive(
    unit: &mut Unit<'_>,
    channel: &Channel,
    identity: &Identity,
    mut attendance: Attendance,
    mut message: Message,
    activity: Activity,
) -> Result<(MessageId, AttendanceId), Error> {
    // A call of ours that nobody took is in the timeline, but it is not the contact's word.
    if activity != Activity::System {
        let in_trash = attendance.placement.is_trash();
        attendance.phase = transition(attendance.phase, in_trash, Step::ContactWrote)?.phase;
        if wrote_last(unit, &attendance, identity, message.at)? {
            attendance.last_inbound_at = Some(message.at);
            attendance.identity_id = identity.id;
        }
    }
    message.attendance_id = attendance.id;
    unit.add_message(&mut attendance, &mut message)?;
    attendance.last_activity_at = attendance.last_activity_at.max(unit.now);
    open_window(unit, channel, identity, activity, message.at, attendance.id)?;
    let kind = message.content.kind().to_owned();
    let event = EventKind::MessageReceived { message_id: message.id, kind, late: message.late };
    unit.happened_at(attendance.id, message.position, event);
    unit.save_attendance(attendance);
    Ok((message.id, message.attendance_id))
}

/// The reply route is whoever wrote last, by the platform's time (G-26). Of two users of one contact at one instant the
/// greater address stays, so that the order of arrival does not matter.
fn wrote_last(unit: &Unit<'_>, attendance: &Attendance, identity: &Identity, at: Timestamp) -> Result<bool, Error> {
    match attendance.last_inbound_at {
        Some(known) if known == at && attendance.identity_id != identity.id => {
            let other = unit.identity(attendance.identity_id)?;
            Ok((&other.wa_id, &other.user_id) < (&identity.wa_id, &identity.user_id))
        }
        known => Ok(known.is_none_or(|known| known <= at)),
    }
}

/// Takes note of an activity for the window, and says so when it opens.
fn open_window(
    unit: &mut Unit<'_>,
    channel: &Channel,
    identity: &Identity,
    activity: Activity,
    at: Timestamp,
    attendance_id: AttendanceId,
) -> Result<(), Error> {
    let mut pair = unit.pair(channel.id, identity)?;
    let clock = unit.window_clock(channel.id)?;
    let was_open = matches!(service_window(&channel.rules, Some(&pair), clock), ServiceWindow::Open { .. });
    // A timestamp from the far future must not keep the window open for ever.
    let length = channel.rules.window.as_ref().map_or(std::time::Duration::ZERO, |window| window.length);
    if !pair.record(&channel.rules, activity, at.min(clock.now + length)) {
        return Ok(());
    }
    pair.attendance_id = Some(attendance_id);
    let window = service_window(&channel.rules, Some(&pair), clock);
    if let Some(until) = window.until() {
        // An early look is harmless and moves itself on; not moving it here keeps an index untouched.
        if pair.check_at.is_none() {
            let notice = unit.setup.account.window_notice;
            pair.check_at = Some((until - notice).shifted(unit.now.as_millis() - clock.now.as_millis()));
        }
        if !was_open && matches!(window, ServiceWindow::Open { .. }) {
            let (channel_id, contact_id) = (channel.id, identity.contact_id);
            unit.happened(Some(attendance_id), EventKind::WindowOpened { channel_id, contact_id, by: activity, until });
        }
    }
    unit.save_pair(pair);
    Ok(())
}

// --- What is about another message ---------------------------------------------------------------------

/// The message that the platform knows by this id, theirs or ours.
fn target_of(unit: &Unit<'_>, channel: &Channel, wamid: &str) -> Result<Option<Message>, Error> {
    if let Some(message) = unit.stored().message_by_wamid(channel.id, wamid)? {
        return Ok(Some(message));
    }
    match unit.stored().delivery_by_wamid(channel.id, wamid)? {
        Some(delivery) => unit.stored().message(delivery.message_id),
        None => Ok(None),
    }
}

/// Keeps a reaction, edit or revocation until its message comes (G-20).
fn park(unit: &mut Unit<'_>, channel: &Channel, target: &str, inbound: &InboundMessage) -> Result<Taken, Error> {
    let fact = ParkedFact::Message(Box::new(inbound.clone()));
    park_fact(unit, channel, target, &inbound.wamid, fact)
}

fn park_fact(
    unit: &mut Unit<'_>,
    channel: &Channel,
    target: &str,
    name: &str,
    fact: ParkedFact,
) -> Result<Taken, Error> {
    let key = ParkedKey { channel_id: channel.id, target: target.to_owned(), fact: name.to_owned() };
    if unit.stored().parked(channel.id, target)?.iter().any(|parked| parked.key == key) {
        return Ok(Taken::plain(ItemOutcome::Duplicate));
    }
    let expires_at = Some(unit.now + unit.setup.account.outbox.parked_for);
    unit.happened(None, EventKind::FactParked { channel_id: channel.id });
    unit.put(Row::Parked(Parked { key, fact, parked_at: unit.now, expires_at }));
    Ok(Taken { reason: Some("parked".to_owned()), ..Taken::plain(ItemOutcome::Stored) })
}

/// Applies what waited for the message that the platform knows by this id.
pub(crate) fn unpark(unit: &mut Unit<'_>, channel: crate::id::ChannelId, wamid: &str) -> Result<(), Error> {
    let waiting = unit.stored().parked(channel, wamid)?;
    if waiting.is_empty() {
        return Ok(());
    }
    let channel = unit.channel(channel)?;
    for parked in waiting {
        unit.put(Row::Unparked(parked.key));
        match parked.fact {
            ParkedFact::Status(notice) => drop(take_status(unit, &channel, &notice)?),
            ParkedFact::Message(inbound) => {
                if let Some(message) = target_of(unit, &channel, wamid)? {
                    apply_to(unit, &channel, &inbound, message)?;
                }
            }
        }
        unit.apply()?;
    }
    Ok(())
}

/// A reaction, edit or revocation by a contact: it changes its target and stands in the timeline of the target's
/// attendance, in whatever phase that is: it never reopens anything (G-34).
fn apply_to(
    unit: &mut Unit<'_>,
    channel: &Channel,
    inbound: &InboundMessage,
    mut target: Message,
) -> Result<Taken, Error> {
    let identity = match sender(unit, channel, &inbound.sender)? {
        Some(_) => {
            let said_at = said_at(channel, inbound.activity, inbound.timestamp);
            Some(person(unit, channel, &inbound.sender, said_at)?.0)
        }
        None => None,
    };
    let Some(mut attendance) = unit.stored().attendance(target.attendance_id)? else {
        return Err(Error::store("attendance_missing"));
    };
    let event = match &inbound.content {
        Content::Reaction { emoji, .. } => react(&mut target, Author::Contact, emoji, inbound.timestamp)
            .then_some(EventKind::ReactionChanged { message_id: target.id }),
        Content::Edit { content, .. } if is_later_edit(&target, content, inbound.timestamp) => {
            target.content = (**content).clone();
            target.edited_at = Some(inbound.timestamp);
            Some(EventKind::MessageEdited { message_id: target.id })
        }
        Content::Revoke { .. } if target.revoked_at.is_none_or(|known| inbound.timestamp < known) => {
            target.revoked_at = Some(inbound.timestamp);
            Some(EventKind::MessageRevoked { message_id: target.id })
        }
        _ => None,
    };
    let mut message =
        new_message(unit, channel, Author::Contact, &inbound.wamid, inbound.timestamp, inbound.content.clone());
    message.attendance_id = attendance.id;
    unit.add_message(&mut attendance, &mut message)?;
    if let Some(event) = event {
        unit.put(Row::Message(target));
        unit.happened(Some(attendance.id), event);
    }
    let kind = message.content.kind().to_owned();
    let event = EventKind::MessageReceived { message_id: message.id, kind, late: message.late };
    unit.happened_at(attendance.id, message.position, event);
    if let Some(identity) = identity {
        open_window(unit, channel, &identity, inbound.activity, inbound.timestamp, attendance.id)?;
    }
    let attendance = unit.save_attendance(attendance);
    Ok(Taken { message: Some((message.id, attendance.id)), ..Taken::plain(ItemOutcome::Stored) })
}

/// Whether an edit is the last word on its message. Of two at one instant the greater stays, so that the order of
/// arrival does not matter.
fn is_later_edit(target: &Message, content: &Content, at: Timestamp) -> bool {
    let words = |content: &Content| serde_json::to_string(content).unwrap_or_default();
    match target.edited_at {
        None => true,
        Some(known) if known == at => words(&target.content) < words(content),
        Some(known) => known < at,
    }
}

/// Keeps the latest reaction of each author. Says whether it changed anything.
fn react(target: &mut Message, by: Author, emoji: &str, at: Timestamp) -> bool {
    let reaction = Reaction { by, emoji: emoji.to_owned(), at };
    match target.reactions.iter_mut().find(|known| known.by == by) {
        // Of two at one instant the greater stays, so that the order of arrival does not matter.
        Some(known) if (known.at, &known.emoji) >= (reaction.at, &reaction.emoji) => false,
        Some(known) => {
            *known = reaction;
            true
        }
        None => {
            target.reactions.push(reaction);
            true
        }
    }
}

fn sender(unit: &Unit<'_>, channel: &Channel, handles: &Handles) -> Result<Option<Identity>, Error> {
    for key in handles.keys(channel) {
        let Some(identity) = unit.stored().identity_by_handle(&key)? else { continue };
        // Numbers are given to new owners, user ids are not: a user id changes only with a notice that links the two.
        let other_user = key.key == HandleKey::WaId
            && identity.scope == channel.user_scope()
            && matches!((&identity.user_id, &handles.user_id), (Some(known), Some(told)) if known != told);
        if !other_user {
            return Ok(Some(identity));
        }
    }
    Ok(None)
}

/// A notice about the contact: a changed number or user id adds a handle to the same identity.
fn take_system(
    unit: &mut Unit<'_>,
    channel: &Channel,
    inbound: &InboundMessage,
    notice: &SystemNotice,
    item: &Arrived<'_>,
) -> Result<Taken, Error> {
    let previous = Handles { user_id: notice.previous_user_id.clone(), ..inbound.sender.clone() };
    let known = match sender(unit, channel, &inbound.sender)? {
        Some(identity) => Some(identity),
        None => sender(unit, channel, &previous)?,
    };
    let Some(identity) = known else { return keep(unit, item, "unknown_contact", false) };
    let news = Handles { wa_id: notice.new_wa_id.clone(), user_id: notice.new_user_id.clone(), ..Handles::default() };
    let identity = add_handles(unit, channel, identity, &news, Ordering::Greater)?;
    unit.apply()?;
    let open = unit.stored().open_attendance(channel.id, identity.contact_id)?;
    let last = match open {
        Some(open) => Some(open),
        None => unit.stored().last_attendance(channel.id, identity.contact_id)?,
    };
    let Some(mut attendance) = last else { return keep(unit, item, "no_attendance", false) };
    let mut message =
        new_message(unit, channel, Author::Platform, &inbound.wamid, inbound.timestamp, inbound.content.clone());
    message.attendance_id = attendance.id;
    unit.add_message(&mut attendance, &mut message)?;
    let event = EventKind::MessageReceived { message_id: message.id, kind: "system".to_owned(), late: message.late };
    unit.happened_at(attendance.id, message.position, event);
    let attendance = unit.save_attendance(attendance);
    Ok(Taken { message: Some((message.id, attendance.id)), ..Taken::plain(ItemOutcome::Stored) })
}

/// What somebody typed on the business phone: outgoing, by "device", and no window (G-30).
fn take_echo(unit: &mut Unit<'_>, channel: &Channel, echo: &EchoMessage, item: &Arrived<'_>) -> Result<Taken, Error> {
    if target_of(unit, channel, &echo.wamid)?.is_some() {
        return Ok(Taken::plain(ItemOutcome::Duplicate));
    }
    if echo.recipient.is_empty() {
        return keep(unit, item, "no_recipient", true);
    }
    let (identity, contact) = person(unit, channel, &echo.recipient, None)?;
    let open = unit.stored().open_attendance(channel.id, contact.id)?;
    let mut attendance = match open {
        Some(open) => open,
        None => {
            let previous = unit.stored().last_attendance(channel.id, contact.id)?;
            unit.begin_attendance(&Beginning {
                channel_id: channel.id,
                contact_id: contact.id,
                identity_id: identity.id,
                department_id: channel.default_department,
                assignee_id: None,
                previous_id: previous.map(|attendance| attendance.id),
            })
        }
    };
    let mut message = new_message(unit, channel, Author::Device, &echo.wamid, echo.timestamp, echo.content.clone());
    message.attendance_id = attendance.id;
    unit.add_message(&mut attendance, &mut message)?;
    attendance.last_activity_at = attendance.last_activity_at.max(unit.now);
    let kind = message.content.kind().to_owned();
    unit.happened_at(attendance.id, message.position, EventKind::MessageEchoed { message_id: message.id, kind });
    let attendance = unit.save_attendance(attendance);
    unit.apply()?;
    unpark(unit, channel.id, &echo.wamid)?;
    Ok(Taken { message: Some((message.id, attendance.id)), ..Taken::plain(ItemOutcome::Stored) })
}

/// A call: shown in the conversation; one by the contact opens the window, answered or not.
fn take_call(unit: &mut Unit<'_>, channel: &Channel, call: &CallNotice, item: &Arrived<'_>) -> Result<Taken, Error> {
    let wamid = format!("{}:{}", call.call_id, call.event);
    if unit.stored().message_by_wamid(channel.id, &wamid)?.is_some() {
        return Ok(Taken::plain(ItemOutcome::Duplicate));
    }
    if call.contact.is_empty() {
        return keep(unit, item, "no_sender", true);
    }
    let activity = match (call.from_contact, call.accepted) {
        (true, _) => Activity::Call,
        (false, true) => Activity::AcceptedCall,
        (false, false) => Activity::System,
    };
    let said_at = said_at(channel, activity, call.timestamp);
    let (identity, contact) = person(unit, channel, &call.contact, said_at)?;
    let open = unit.stored().open_attendance(channel.id, contact.id)?;
    if open.is_none() && !call.from_contact {
        return keep(unit, item, "no_attendance", false);
    }
    let content = Content::Call {
        event: call.event.clone(),
        from_contact: call.from_contact,
        duration_seconds: call.duration_seconds,
    };
    let author = if call.from_contact { Author::Contact } else { Author::Platform };
    let message = new_message(unit, channel, author, &wamid, call.timestamp, content);
    let (attendance, rule) = attendance_for(unit, channel, &identity, call.timestamp)?;
    let (message_id, attendance_id) = receive(unit, channel, &identity, attendance, message, activity)?;
    unit.happened(Some(attendance_id), EventKind::CallNoticed { message_id });
    Ok(Taken { message: Some((message_id, attendance_id)), rule: Some(rule), ..Taken::plain(ItemOutcome::Stored) })
}

// --- What became of ours -------------------------------------------------------------------------------

/// A status notice: finds its delivery by the id that we sent along, else by the platform's id, else waits.
fn take_status(unit: &mut Unit<'_>, channel: &Channel, notice: &StatusNotice) -> Result<Taken, Error> {
    let Some(mut delivery) = delivery_of(unit, channel, notice)? else {
        // Not ours yet: the answer to our send may still be under way; or never ours, another program's.
        let name = status_word(&notice.status);
        return park_fact(unit, channel, &notice.wamid, &name, ParkedFact::Status(notice.clone()));
    };
    let mut changed = false;
    let first = delivery.wamid.is_none();
    if first {
        delivery.wamid = Some(notice.wamid.clone());
        delivery.receipts.accepted_at.get_or_insert(unit.now);
        // A person had given it up as lost: the platform knows better.
        delivery.receipts.failed_at = None;
        changed = true;
    }
    changed |= delivery.receipts.take(&notice.status, notice.timestamp);
    if delivery.receipts.pricing.is_none() && notice.pricing.is_some() {
        delivery.receipts.pricing.clone_from(&notice.pricing);
        changed = true;
    }
    if delivery.receipts.free_entry_until.is_none() && notice.free_entry_until.is_some() {
        delivery.receipts.free_entry_until = notice.free_entry_until;
        changed = true;
    }
    if !changed {
        return Ok(Taken { message: Some((delivery.message_id, delivery.attendance_id)), ..Taken::changed(false) });
    }
    // Whatever it was thought to be (in doubt, given up), the platform's word is a fact.
    let shown = delivery.receipts.progress();
    delivery.state = DeliveryState::Settled { progress: shown };
    if notice.status == ReceiptStatus::Failed {
        delivery.last_error = notice.errors.first().cloned();
        let of = |class| notice.errors.iter().find(|error| error.class == class);
        if of(ErrorClass::WindowClosed).is_some() {
            // The refusal is evidence about the moment of handing over, not of the notice.
            let offset = unit.window_clock(channel.id)?.now.as_millis() - unit.now.as_millis();
            let handed_over = delivery.receipts.accepted_at.map(|at| at.shifted(offset));
            let at = handed_over.map_or(notice.timestamp, |at| at.min(notice.timestamp));
            crate::outbox::refute_window(unit, &delivery, at)?;
        }
        if let Some(error) = of(ErrorClass::Configuration) {
            crate::outbox::stop_channel(unit, channel.id, error.code)?;
        }
    }
    let event = EventKind::ReceiptTaken { delivery_id: delivery.id, status: status_word(&notice.status), shown };
    unit.happened(Some(delivery.attendance_id), event);
    let recipient = &notice.recipient;
    if recipient.user_id.is_some() {
        learn_address(unit, &delivery, None, recipient.user_id.as_deref())?;
    }
    let delivery = unit.save_delivery(delivery);
    if first {
        unit.apply()?;
        unpark(unit, channel.id, &notice.wamid)?;
    }
    Ok(Taken { message: Some((delivery.message_id, delivery.attendance_id)), ..Taken::changed(true) })
}

fn delivery_of(unit: &Unit<'_>, channel: &Channel, notice: &StatusNotice) -> Result<Option<Delivery>, Error> {
    if let Some(delivery) = unit.stored().delivery_by_wamid(channel.id, &notice.wamid)? {
        return Ok(Some(delivery));
    }
    let echoed: Option<DeliveryId> = notice.delivery_id;
    let found = echoed.map(|id| unit.stored().delivery(id)).transpose()?.flatten();
    // The echo is only believed of the channel that sent it and of a message without an id of its own.
    Ok(found.filter(|delivery| delivery.channel_id == channel.id && delivery.wamid.is_none()))
}

fn status_word(status: &ReceiptStatus) -> String {
    match status {
        ReceiptStatus::Sent => "sent",
        ReceiptStatus::Delivered => "delivered",
        ReceiptStatus::Read => "read",
        ReceiptStatus::Played => "played",
        ReceiptStatus::Failed => "failed",
        ReceiptStatus::Other(word) => word,
    }
    .to_owned()
}

// --- What is about the account -------------------------------------------------------------------------

fn take_preference(unit: &mut Unit<'_>, channel: &Channel, notice: &PreferenceNotice) -> Result<Taken, Error> {
    let (_, mut contact) = person(unit, channel, &notice.contact, None)?;
    // Of two words at one instant the "no" stays.
    let said = (Some(notice.timestamp), notice.stopped);
    if said <= (contact.marketing_changed_at, contact.marketing_stopped_at.is_some()) {
        return Ok(Taken::changed(false));
    }
    contact.marketing_changed_at = Some(notice.timestamp);
    contact.marketing_stopped_at = notice.stopped.then_some(notice.timestamp);
    let contact_id = contact.id;
    unit.save_contact(contact);
    unit.happened(
        None,
        if notice.stopped {
            EventKind::MarketingStopped { contact_id }
        } else {
            EventKind::MarketingResumed { contact_id }
        },
    );
    Ok(Taken::changed(true))
}

/// A notice about a template. Its event is not its status (WHATSAPP 2.2).
fn take_template(unit: &mut Unit<'_>, item: &Arrived<'_>, notice: &TemplateNotice) -> Result<Taken, Error> {
    let waba = item.route.waba_id.clone().unwrap_or_default();
    let Some(mut template) = unit.stored().template_by_key(&waba, &notice.name, &notice.language)? else {
        return keep(unit, item, "unknown_template", false);
    };
    // The same notice delivered again must not bring an older status back.
    if !item.raw().is_empty() && keep(unit, item, "template_notice", false)?.outcome == ItemOutcome::Duplicate {
        return Ok(Taken::changed(false));
    }
    let before = template.clone();
    match &notice.change {
        TemplateChange::Status { event, reason, title } => {
            if let Some(status) = status_after(event) {
                template.definition.status = status;
            }
            template.reason = title.clone().or_else(|| reason.clone()).filter(|reason| reason != "NONE");
        }
        TemplateChange::Quality { score } => template.definition.quality = Some(score.clone()),
        TemplateChange::Category { current, .. } => template.definition.category.clone_from(current),
        TemplateChange::Components => {}
    }
    let event = EventKind::TemplateNoticed { template_id: template.id, change: notice.change.clone() };
    if template == before {
        let informs = match &notice.change {
            TemplateChange::Status { event, .. } => status_after(event).is_none(),
            TemplateChange::Components => true,
            TemplateChange::Quality { .. } | TemplateChange::Category { .. } => false,
        };
        if informs {
            unit.happened(None, event);
        }
        return Ok(Taken { reason: Some("template_notice".to_owned()), ..Taken::plain(ItemOutcome::Opaque) });
    }
    unit.put(Row::Template(template));
    unit.happened(None, event);
    Ok(Taken::changed(true))
}

/// The list status that follows from an event; `None` where the event is not a status and only a sync tells.
///
/// Source: Meta, webhooks/reference/message_template_status_update.
fn status_after(event: &str) -> Option<TemplateStatus> {
    match event {
        "FLAGGED" | "LOCKED" | "UNLOCKED" | "LIMIT_EXCEEDED" | "UNARCHIVED" => None,
        "REINSTATED" => Some(TemplateStatus::Approved),
        word => match TemplateStatus::from_platform(word) {
            TemplateStatus::Other(_) => None,
            status => Some(status),
        },
    }
}

/// The handle of a phone number that staff typed.
pub(crate) fn phone_handle(kind: ChannelKind, digits: &str) -> Handle {
    Handle { kind, key: HandleKey::WaId, scope: String::new(), value: digits.to_owned() }
}
