//! Contacts, their identities, and the names by which these are found.

use guiche_core::contact::{Contact, Handle, Identity};
use guiche_core::id::{ContactId, IdentityId};
use rusqlite::{Connection, params};

use crate::fault::Fault;
use crate::row::{Cells, all, ms, one, run, stale};
use crate::words;

macro_rules! contact {
    () => {
        "c.id, c.version, c.recipient_name, c.profile_name, c.profile_named_at, c.email, c.marketing_stopped_at, \
        c.marketing_changed_at, c.merged_into, c.created_at, c.erased_at "
    };
    ($rest:literal) => {
        concat!("SELECT ", contact!(), "FROM contact c ", $rest)
    };
}

macro_rules! identity {
    () => {
        "i.id, i.version, i.contact_id, i.kind, i.scope, i.wa_id, i.wa_id_confirmed, i.user_id, i.parent_user_id, \
        i.username "
    };
    ($rest:literal) => {
        concat!("SELECT ", identity!(), "FROM identity i ", $rest)
    };
}

pub(crate) const CONTACT: &str = contact!("WHERE c.id = ?1");
pub(crate) const CONTACTS: &str = contact!("WHERE c.id < ?1 ORDER BY c.id DESC LIMIT ?2");
pub(crate) const IDENTITY: &str = identity!("WHERE i.id = ?1");
/// An identity with its contact, as whoever asks for one asks for the other.
pub(crate) const BY_HANDLE: &str = concat!(
    "SELECT ",
    identity!(),
    ", ",
    contact!(),
    "FROM handle h JOIN identity i ON i.id = h.identity_id LEFT JOIN contact c ON c.id = i.contact_id ",
    "WHERE h.value = ?1 AND h.key = ?2 AND h.kind = ?3 AND h.scope = ?4"
);
pub(crate) const ID_BY_HANDLE: &str =
    "SELECT identity_id FROM handle WHERE value = ?1 AND key = ?2 AND kind = ?3 AND scope = ?4";
pub(crate) const OF_IDENTITY: &str = "SELECT contact_id FROM identity WHERE id = ?1";
pub(crate) const IDENTITIES: &str = identity!("WHERE i.contact_id = ?1 ORDER BY i.id");
pub(crate) const BY_MATCH_KEY: &str = "SELECT contact_id FROM match_key WHERE key = ?1 ORDER BY contact_id";

const CONTACT_VERSION: &str = "SELECT version FROM contact WHERE id = ?1";
const IDENTITY_VERSION: &str = "SELECT version FROM identity WHERE id = ?1";

const INSERT_CONTACT: &str = "INSERT INTO contact (id, version, seq, recipient_name, profile_name, profile_named_at, \
    email, marketing_stopped_at, marketing_changed_at, merged_into, created_at, erased_at) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) \
    ON CONFLICT (id) DO NOTHING";
const UPDATE_CONTACT: &str = "UPDATE contact SET version = ?2, seq = ?3, recipient_name = ?4, profile_name = ?5, \
    profile_named_at = ?6, email = ?7, marketing_stopped_at = ?8, marketing_changed_at = ?9, merged_into = ?10, \
    created_at = ?11, erased_at = ?12 \
    WHERE id = ?1 AND version = ?2 - 1";
pub(crate) const UPDATE_NAME: &str =
    "UPDATE attendance SET contact_name = ?2 WHERE contact_id = ?1 AND contact_name <> ?2";

const INSERT_IDENTITY: &str = "INSERT INTO identity (id, version, seq, contact_id, kind, scope, wa_id, wa_id_confirmed, \
    user_id, parent_user_id, username) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) ON CONFLICT (id) DO NOTHING";
const UPDATE_IDENTITY: &str = "UPDATE identity SET version = ?2, seq = ?3, contact_id = ?4, kind = ?5, scope = ?6, \
    wa_id = ?7, wa_id_confirmed = ?8, user_id = ?9, parent_user_id = ?10, username = ?11 \
    WHERE id = ?1 AND version = ?2 - 1";

/// A handle that leads to the same identity stays, as written last.
const INSERT_HANDLE: &str = "INSERT INTO handle (value, key, kind, scope, identity_id, seq) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (value, key, kind, scope) DO UPDATE SET seq = excluded.seq \
    WHERE identity_id = excluded.identity_id";
const INSERT_MATCH_KEY: &str = "INSERT INTO match_key (key, contact_id, seq) VALUES (?1, ?2, ?3) \
    ON CONFLICT (key, contact_id) DO UPDATE SET seq = excluded.seq";

fn decode_contact(cells: &mut Cells<'_, '_>) -> Result<Contact, Fault> {
    joined_contact(cells)?.ok_or(Fault::Unreadable)
}

/// The contact of a row in which it may be missing.
fn joined_contact(cells: &mut Cells<'_, '_>) -> Result<Option<Contact>, Fault> {
    let Some(id) = cells.opt_id(ContactId::from_raw)? else { return Ok(None) };
    Ok(Some(Contact {
        id,
        version: cells.count()?,
        recipient_name: cells.opt_text()?,
        profile_name: cells.opt_text()?,
        profile_named_at: cells.opt_time()?,
        email: cells.opt_text()?,
        marketing_stopped_at: cells.opt_time()?,
        marketing_changed_at: cells.opt_time()?,
        merged_into: cells.opt_id(ContactId::from_raw)?,
        created_at: cells.time()?,
        erased_at: cells.opt_time()?,
    }))
}

fn decode_identity(cells: &mut Cells<'_, '_>) -> Result<Identity, Fault> {
    Ok(Identity {
        id: cells.id(IdentityId::from_raw)?,
        version: cells.count()?,
        contact_id: cells.id(ContactId::from_raw)?,
        kind: cells.word(words::kind)?,
        scope: cells.text()?,
        wa_id: cells.opt_text()?,
        wa_id_confirmed: cells.flag()?,
        user_id: cells.opt_text()?,
        parent_user_id: cells.opt_text()?,
        username: cells.opt_text()?,
    })
}

pub(crate) fn contact(conn: &Connection, id: ContactId) -> Result<Option<Contact>, Fault> {
    one(conn, CONTACT, [id.raw()], decode_contact)
}

pub(crate) fn contacts(conn: &Connection, after: Option<ContactId>, limit: u32) -> Result<Vec<Contact>, Fault> {
    all(conn, CONTACTS, params![after.map_or(i64::MAX, ContactId::raw), limit], decode_contact)
}

pub(crate) fn identity(conn: &Connection, id: IdentityId) -> Result<Option<Identity>, Fault> {
    one(conn, IDENTITY, [id.raw()], decode_identity)
}

pub(crate) fn by_handle(conn: &Connection, handle: &Handle) -> Result<Option<(Identity, Option<Contact>)>, Fault> {
    let (key, kind) = (words::handle_key_code(handle.key), words::kind_code(handle.kind));
    one(conn, BY_HANDLE, params![handle.value, key, kind, handle.scope], |cells| {
        Ok((decode_identity(cells)?, joined_contact(cells)?))
    })
}

pub(crate) fn id_by_handle(conn: &Connection, handle: &Handle) -> Result<Option<IdentityId>, Fault> {
    let (key, kind) = (words::handle_key_code(handle.key), words::kind_code(handle.kind));
    let values = params![handle.value, key, kind, handle.scope];
    one(conn, ID_BY_HANDLE, values, |cells| cells.id(IdentityId::from_raw))
}

/// Whose an identity is.
pub(crate) fn of_identity(conn: &Connection, id: IdentityId) -> Result<Option<ContactId>, Fault> {
    one(conn, OF_IDENTITY, [id.raw()], |cells| cells.id(ContactId::from_raw))
}

pub(crate) fn identities(conn: &Connection, contact: ContactId) -> Result<Vec<Identity>, Fault> {
    all(conn, IDENTITIES, [contact.raw()], decode_identity)
}

pub(crate) fn by_match_key(conn: &Connection, key: &str) -> Result<Vec<ContactId>, Fault> {
    all(conn, BY_MATCH_KEY, [key], |cells| cells.id(ContactId::from_raw))
}

pub(crate) fn put_contact(conn: &Connection, row: &Contact, seq: i64) -> Result<(), Fault> {
    let written = run(
        conn,
        if row.version == 1 { INSERT_CONTACT } else { UPDATE_CONTACT },
        params![
            row.id.raw(),
            row.version,
            seq,
            row.recipient_name,
            row.profile_name,
            ms(row.profile_named_at),
            row.email,
            ms(row.marketing_stopped_at),
            ms(row.marketing_changed_at),
            row.merged_into.map(ContactId::raw),
            row.created_at.as_millis(),
            ms(row.erased_at),
        ],
    )?;
    if written == 0 {
        return Err(stale(conn, CONTACT_VERSION, [row.id.raw()]));
    }
    run(conn, UPDATE_NAME, params![row.id.raw(), row.name()])?;
    Ok(())
}

/// Writes an identity, and says from which contact it was taken, if from one.
pub(crate) fn put_identity(conn: &Connection, row: &Identity, seq: i64) -> Result<Option<ContactId>, Fault> {
    let before = if row.version == 1 { None } else { of_identity(conn, row.id)? };
    let written = run(
        conn,
        if row.version == 1 { INSERT_IDENTITY } else { UPDATE_IDENTITY },
        params![
            row.id.raw(),
            row.version,
            seq,
            row.contact_id.raw(),
            words::kind_code(row.kind),
            row.scope,
            row.wa_id,
            row.wa_id_confirmed,
            row.user_id,
            row.parent_user_id,
            row.username,
        ],
    )?;
    if written == 0 {
        return Err(stale(conn, IDENTITY_VERSION, [row.id.raw()]));
    }
    Ok(before.filter(|before| *before != row.contact_id))
}

pub(crate) fn put_handle(conn: &Connection, handle: &Handle, identity: IdentityId, seq: i64) -> Result<(), Fault> {
    let (key, kind) = (words::handle_key_code(handle.key), words::kind_code(handle.kind));
    let row = params![handle.value, key, kind, handle.scope, identity.raw(), seq];
    if run(conn, INSERT_HANDLE, row)? == 0 { Err(Fault::taken("handle")) } else { Ok(()) }
}

pub(crate) fn put_match_key(conn: &Connection, key: &str, contact: ContactId, seq: i64) -> Result<(), Fault> {
    run(conn, INSERT_MATCH_KEY, params![key, contact.raw(), seq]).map(drop)
}
