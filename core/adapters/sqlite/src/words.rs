//! The small numbers that stand for words in indexes. A number, once released, keeps its meaning.

use guiche_core::attendance::{Phase, TrashDoor};
use guiche_core::channel::{Activity, ChannelKind};
use guiche_core::contact::HandleKey;
use guiche_core::delivery::{HeldReason, Progress};
use guiche_core::document::DocumentKind;
use guiche_core::event::Actor;
use guiche_core::id::AttendantId;
use guiche_core::message::Author;

/// The word whose number is `code`.
fn find<T: Copy>(all: &[T], code: i64, to_code: fn(T) -> i64) -> Option<T> {
    all.iter().copied().find(|word| to_code(*word) == code)
}

pub(crate) fn phase_code(phase: Phase) -> i64 {
    match phase {
        Phase::Created => 0,
        Phase::AwaitingContact => 1,
        Phase::InConversation => 2,
        Phase::Finished => 3,
    }
}

pub(crate) fn phase(code: i64) -> Option<Phase> {
    find(&[Phase::Created, Phase::AwaitingContact, Phase::InConversation, Phase::Finished], code, phase_code)
}

pub(crate) fn door_code(door: TrashDoor) -> i64 {
    match door {
        TrashDoor::FinishArchive => 0,
        TrashDoor::Trash => 1,
    }
}

pub(crate) fn door(code: i64) -> Option<TrashDoor> {
    find(&[TrashDoor::FinishArchive, TrashDoor::Trash], code, door_code)
}

pub(crate) fn kind_code(kind: ChannelKind) -> i64 {
    match kind {
        ChannelKind::Email => 0,
        ChannelKind::WhatsApp => 1,
        ChannelKind::Voip => 2,
        ChannelKind::Sms => 3,
        ChannelKind::Messenger => 4,
        ChannelKind::InstagramDirect => 5,
    }
}

pub(crate) fn kind(code: i64) -> Option<ChannelKind> {
    use ChannelKind as K;
    find(&[K::Email, K::WhatsApp, K::Voip, K::Sms, K::Messenger, K::InstagramDirect], code, kind_code)
}

pub(crate) fn handle_key(code: i64) -> Option<HandleKey> {
    find(&[HandleKey::WaId, HandleKey::UserId, HandleKey::ParentUserId], code, handle_key_code)
}

pub(crate) fn handle_key_code(key: HandleKey) -> i64 {
    match key {
        HandleKey::WaId => 0,
        HandleKey::UserId => 1,
        HandleKey::ParentUserId => 2,
    }
}

pub(crate) fn activity_code(activity: Activity) -> i64 {
    match activity {
        Activity::Message => 0,
        Activity::Tap => 1,
        Activity::Order => 2,
        Activity::Call => 3,
        Activity::AcceptedCall => 4,
        Activity::CallPermission => 5,
        Activity::Reaction => 6,
        Activity::ReactionRemoved => 7,
        Activity::Edit => 8,
        Activity::Revoke => 9,
        Activity::Unsupported => 10,
        Activity::Unknown => 11,
        Activity::Standby => 12,
        Activity::System => 13,
        Activity::Echo => 14,
    }
}

pub(crate) fn activity(code: i64) -> Option<Activity> {
    use Activity as A;
    const ALL: [Activity; 15] = [
        A::Message,
        A::Tap,
        A::Order,
        A::Call,
        A::AcceptedCall,
        A::CallPermission,
        A::Reaction,
        A::ReactionRemoved,
        A::Edit,
        A::Revoke,
        A::Unsupported,
        A::Unknown,
        A::Standby,
        A::System,
        A::Echo,
    ];
    find(&ALL, code, activity_code)
}

pub(crate) fn progress_code(progress: Progress) -> i64 {
    match progress {
        Progress::Accepted => 0,
        Progress::Paced => 1,
        Progress::Sent => 2,
        Progress::Failed => 3,
        Progress::Delivered => 4,
        Progress::Read => 5,
        Progress::Played => 6,
    }
}

pub(crate) const ALL_PROGRESS: [Progress; 7] = [
    Progress::Accepted,
    Progress::Paced,
    Progress::Sent,
    Progress::Failed,
    Progress::Delivered,
    Progress::Read,
    Progress::Played,
];

pub(crate) fn progress(code: i64) -> Option<Progress> {
    find(&ALL_PROGRESS, code, progress_code)
}

pub(crate) fn document_code(kind: DocumentKind) -> i64 {
    match kind {
        DocumentKind::GalleryItem => 0,
        DocumentKind::Task => 1,
        DocumentKind::ExternalLink => 2,
        DocumentKind::ServiceTicket => 3,
        DocumentKind::CannedReply => 4,
        DocumentKind::Draft => 5,
        DocumentKind::FileFetch => 6,
        DocumentKind::Merge => 7,
        DocumentKind::KeptAround => 8,
        DocumentKind::Erasure => 9,
        DocumentKind::LegalHold => 10,
    }
}

pub(crate) fn document(code: i64) -> Option<DocumentKind> {
    find(&DocumentKind::ALL, code, document_code)
}

pub(crate) fn held_reason(word: &str) -> Option<HeldReason> {
    [
        HeldReason::WindowClosed,
        HeldReason::AttendanceFinished,
        HeldReason::AttendanceTrashed,
        HeldReason::TemplateNotSendable,
        HeldReason::NoAddress,
        HeldReason::MediaMissing,
    ]
    .into_iter()
    .find(|reason| reason.word() == word)
}

const CONTACT: i64 = 0;
const ATTENDANT: i64 = 1;
const HOST: i64 = 2;
const DEVICE: i64 = 3;
const PLATFORM: i64 = 4;
const ENGINE: i64 = 5;

pub(crate) fn author_code(author: Author) -> (i64, Option<i64>) {
    match author {
        Author::Contact => (CONTACT, None),
        Author::Attendant { id } => (ATTENDANT, Some(id.raw())),
        Author::Host => (HOST, None),
        Author::Device => (DEVICE, None),
        Author::Platform => (PLATFORM, None),
    }
}

pub(crate) fn author(code: i64, attendant: Option<i64>) -> Option<Author> {
    match (code, attendant) {
        (CONTACT, _) => Some(Author::Contact),
        (ATTENDANT, Some(id)) => Some(Author::Attendant { id: AttendantId::from_raw(id) }),
        (HOST, _) => Some(Author::Host),
        (DEVICE, _) => Some(Author::Device),
        (PLATFORM, _) => Some(Author::Platform),
        _ => None,
    }
}

pub(crate) fn actor_code(actor: Actor) -> (i64, Option<i64>) {
    match actor {
        Actor::Contact => (CONTACT, None),
        Actor::Attendant { id } => (ATTENDANT, Some(id.raw())),
        Actor::Host => (HOST, None),
        Actor::Platform => (PLATFORM, None),
        Actor::Engine => (ENGINE, None),
    }
}

pub(crate) fn actor(code: i64, attendant: Option<i64>) -> Option<Actor> {
    match (code, attendant) {
        (CONTACT, _) => Some(Actor::Contact),
        (ATTENDANT, Some(id)) => Some(Actor::Attendant { id: AttendantId::from_raw(id) }),
        (HOST, _) => Some(Actor::Host),
        (PLATFORM, _) => Some(Actor::Platform),
        (ENGINE, _) => Some(Actor::Engine),
        _ => None,
    }
}
