-- Everything. `schema.sql` explains each table and column.

CREATE TABLE head (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    setup_version INTEGER NOT NULL,
    serial INTEGER NOT NULL,
    indexed_seq INTEGER NOT NULL
) STRICT;

CREATE TABLE setup (
    entity TEXT NOT NULL,
    key TEXT NOT NULL,
    seq INTEGER NOT NULL,
    data TEXT NOT NULL,
    PRIMARY KEY (entity, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE contact (
    id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    recipient_name TEXT,
    profile_name TEXT,
    profile_named_at INTEGER,
    email TEXT,
    marketing_stopped_at INTEGER,
    marketing_changed_at INTEGER,
    merged_into INTEGER,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE identity (
    id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    contact_id INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    scope TEXT NOT NULL,
    wa_id TEXT,
    wa_id_confirmed INTEGER NOT NULL,
    user_id TEXT,
    parent_user_id TEXT,
    username TEXT
) STRICT;
CREATE INDEX identity_contact ON identity (contact_id);

CREATE TABLE handle (
    value TEXT NOT NULL,
    key INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    scope TEXT NOT NULL,
    identity_id INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (value, key, kind, scope)
) STRICT, WITHOUT ROWID;

CREATE TABLE match_key (
    key TEXT NOT NULL,
    contact_id INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (key, contact_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE pair (
    identity_id INTEGER NOT NULL,
    channel_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    contact_id INTEGER NOT NULL,
    attendance_id INTEGER,
    opened_at INTEGER,
    opened_by INTEGER,
    uncertain_at INTEGER,
    uncertain_by INTEGER,
    closed_by_platform_at INTEGER,
    check_at INTEGER,
    warned_until INTEGER,
    tokens_milli INTEGER NOT NULL,
    tokens_at INTEGER,
    PRIMARY KEY (identity_id, channel_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX pair_check ON pair (check_at, channel_id, identity_id) WHERE check_at IS NOT NULL;

CREATE TABLE attendance (
    id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    channel_id INTEGER NOT NULL,
    contact_id INTEGER NOT NULL,
    identity_id INTEGER NOT NULL,
    department_id INTEGER NOT NULL,
    assignee_id INTEGER,
    assigned_at INTEGER,
    phase INTEGER NOT NULL,
    trash_door INTEGER,
    trashed_at INTEGER,
    trashed_by INTEGER,
    status_id INTEGER,
    type_id INTEGER,
    tags BLOB NOT NULL,
    attributes TEXT NOT NULL,
    previous_id INTEGER,
    created_at INTEGER NOT NULL,
    last_activity_at INTEGER NOT NULL,
    last_inbound_at INTEGER,
    finished_at INTEGER,
    inbound INTEGER NOT NULL,
    snoozed_at INTEGER,
    snooze_until INTEGER,
    snoozed_by INTEGER,
    entries INTEGER NOT NULL,
    newest_message_at INTEGER,
    out_of_order INTEGER NOT NULL,
    preview_kind TEXT NOT NULL,
    preview_text TEXT NOT NULL,
    preview_from_contact INTEGER NOT NULL,
    contact_name TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX attendance_open ON attendance (contact_id, channel_id) WHERE phase < 3 AND trash_door IS NULL;
CREATE INDEX attendance_inbox ON attendance (
    last_activity_at DESC, id DESC, phase, department_id, assignee_id, channel_id, status_id, type_id, tags,
    snoozed_at, inbound, version, contact_id, identity_id, contact_name, preview_kind, preview_text,
    preview_from_contact, snooze_until, snoozed_by, trash_door
) WHERE phase < 3 AND trash_door IS NULL;
CREATE INDEX attendance_kept ON attendance (
    last_activity_at DESC, id DESC, phase, department_id, assignee_id, channel_id, status_id, type_id, tags,
    snoozed_at, contact_id, trash_door
) WHERE phase = 3 AND trash_door IS NULL;
CREATE INDEX attendance_trash ON attendance (
    last_activity_at DESC, id DESC, phase, department_id, assignee_id, channel_id, status_id, type_id, tags,
    snoozed_at, contact_id, trash_door
) WHERE trash_door IS NOT NULL;
CREATE INDEX attendance_snooze ON attendance (snooze_until, id) WHERE snooze_until IS NOT NULL;
CREATE INDEX attendance_contact ON attendance (contact_id, channel_id, created_at);
CREATE INDEX attendance_finished ON attendance (contact_id, channel_id, finished_at) WHERE phase = 3;

CREATE TABLE counter (
    circle INTEGER NOT NULL,
    circle_id INTEGER NOT NULL,
    dimension INTEGER NOT NULL,
    department_id INTEGER NOT NULL,
    value INTEGER NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (circle, circle_id, dimension, department_id, value)
) STRICT, WITHOUT ROWID;

CREATE TABLE entry (
    attendance_id INTEGER NOT NULL,
    position INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    event_seq INTEGER,
    at INTEGER,
    author INTEGER,
    author_id INTEGER,
    body TEXT,
    note_id INTEGER,
    message_id INTEGER,
    channel_id INTEGER,
    recorded_at INTEGER,
    kind TEXT,
    content TEXT,
    wamid TEXT,
    reply_to TEXT,
    forwarded INTEGER,
    late INTEGER,
    referral TEXT,
    reactions TEXT,
    edited_at INTEGER,
    revoked_at INTEGER,
    delivery_id INTEGER,
    displaced INTEGER,
    serial INTEGER,
    reworded INTEGER,
    PRIMARY KEY (attendance_id, position)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX entry_wamid ON entry (wamid, channel_id) WHERE wamid IS NOT NULL;
CREATE UNIQUE INDEX entry_message ON entry (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX entry_note ON entry (note_id) WHERE note_id IS NOT NULL;
CREATE INDEX entry_displaced ON entry (attendance_id) WHERE displaced = 1;

CREATE TABLE entry_event (
    attendance_id INTEGER NOT NULL,
    position INTEGER NOT NULL,
    event_seq INTEGER NOT NULL,
    PRIMARY KEY (attendance_id, position, event_seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE indexed (
    serial INTEGER PRIMARY KEY,
    attendance_id INTEGER NOT NULL,
    position INTEGER NOT NULL
) STRICT;
CREATE VIRTUAL TABLE entry_words USING fts5 (
    words, content = '', contentless_delete = 1, detail = none, prefix = '2 3', tokenize = "ascii tokenchars '_'"
);
CREATE TABLE word (
    word TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
CREATE VIRTUAL TABLE contact_words USING fts5 (
    words, content = '', contentless_delete = 1, detail = none, prefix = '2 3', tokenize = "ascii"
);

CREATE TABLE event (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    actor INTEGER NOT NULL,
    actor_id INTEGER,
    kind TEXT NOT NULL,
    data TEXT NOT NULL,
    attendance_id INTEGER,
    position INTEGER,
    touched TEXT,
    serial INTEGER
) STRICT;

CREATE TABLE seen (
    attendance_id INTEGER NOT NULL,
    attendant_id INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    inbound INTEGER NOT NULL,
    unseen INTEGER NOT NULL,
    PRIMARY KEY (attendance_id, attendant_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE document (
    kind INTEGER NOT NULL,
    id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    owner INTEGER NOT NULL,
    due_at INTEGER,
    data TEXT NOT NULL,
    PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX document_owner ON document (kind, owner, id);
CREATE INDEX document_due ON document (kind, due_at, id) WHERE due_at IS NOT NULL;

CREATE TABLE delivery (
    id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    message_id INTEGER NOT NULL,
    attendance_id INTEGER NOT NULL,
    channel_id INTEGER NOT NULL,
    contact_id INTEGER NOT NULL,
    identity_id INTEGER NOT NULL,
    state INTEGER NOT NULL,
    until_at INTEGER,
    doubt_since INTEGER,
    held_reason TEXT,
    progress INTEGER,
    replaced_by INTEGER,
    queue_order INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    wamid TEXT,
    last_error TEXT,
    receipts TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX delivery_wamid ON delivery (wamid, channel_id) WHERE wamid IS NOT NULL;
CREATE INDEX delivery_queue ON delivery (contact_id, channel_id, state, queue_order) WHERE state < 3;
CREATE INDEX delivery_due ON delivery (due_at, queue_order) WHERE state = 0;
CREATE INDEX delivery_attendance ON delivery (attendance_id, queue_order) WHERE state = 0;
CREATE INDEX delivery_open ON delivery (state, id, until_at) WHERE state < 4;

CREATE TABLE template (
    id INTEGER PRIMARY KEY,
    seq INTEGER NOT NULL,
    waba_id TEXT NOT NULL,
    name TEXT NOT NULL,
    language TEXT NOT NULL,
    version INTEGER NOT NULL,
    reason TEXT,
    synced_at INTEGER NOT NULL,
    definition TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX template_key ON template (waba_id, name, language);

CREATE TABLE parked (
    channel_id INTEGER NOT NULL,
    target TEXT NOT NULL,
    fact TEXT NOT NULL,
    seq INTEGER NOT NULL,
    data TEXT NOT NULL,
    parked_at INTEGER NOT NULL,
    expires_at INTEGER,
    PRIMARY KEY (channel_id, target, fact)
) STRICT, WITHOUT ROWID;
CREATE INDEX parked_expiry ON parked (expires_at) WHERE expires_at IS NOT NULL;

CREATE TABLE kept (
    id INTEGER PRIMARY KEY,
    seq INTEGER NOT NULL,
    key TEXT NOT NULL,
    reason TEXT NOT NULL,
    quarantined INTEGER NOT NULL,
    path TEXT NOT NULL,
    raw TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX kept_key ON kept (key);

CREATE TABLE upload (
    channel_id INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    mime_type TEXT NOT NULL,
    seq INTEGER NOT NULL,
    media_id TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (channel_id, sha256, mime_type)
) STRICT, WITHOUT ROWID;

CREATE TABLE channel_state (
    channel_id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    clock_offset_ms INTEGER,
    stop_code INTEGER,
    stopped_since INTEGER,
    tokens_milli INTEGER NOT NULL,
    tokens_at INTEGER
) STRICT;

CREATE TABLE request (
    id TEXT PRIMARY KEY,
    seq INTEGER NOT NULL,
    fingerprint TEXT NOT NULL,
    outcome TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE node (
    number INTEGER PRIMARY KEY,
    lease INTEGER NOT NULL,
    until_at INTEGER NOT NULL
) STRICT;

INSERT INTO head (id, setup_version, serial, indexed_seq) VALUES (1, 0, 0, 0);
