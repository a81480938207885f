-- The database of Guichê, explained. `migrations/` makes it; a test compares the two.
--
-- One file is one account. Every instant is UTC milliseconds. Every id is the engine's own 64-bit number. A row that
-- carries `seq` remembers the last event of the change set that wrote it. Rows with `version` are written only over the
-- version before. Words that stand in indexes are small numbers (src/words.rs gives them); the others are words.
--
-- No foreign key is declared: the engine reads what a row refers to in the transaction that writes it, and each declared
-- key would be one more search per message. No trigger, no database clock.

-- One row. Says which set-up is in force, so that a cached one can be told from an older one, and how far search is.
CREATE TABLE head (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    -- Grows by one with each change set that writes to `setup`.
    setup_version INTEGER NOT NULL,
    -- How many messages and notes were stored, if the newest event does not tell of more.
    serial INTEGER NOT NULL,
    -- The last event of which the full-text indexes know the rows.
    indexed_seq INTEGER NOT NULL
) STRICT;

-- The set-up: channels, departments, attendants, roles, labels. Small, read whole, hence documents.
CREATE TABLE setup (
    -- `account`, `channel`, `department`, `attendant`, `role`, `status`, `attendance_type`, `tag`.
    entity TEXT NOT NULL,
    -- Its id, or a role's name.
    key TEXT NOT NULL,
    seq INTEGER NOT NULL,
    -- The row as JSON.
    data TEXT NOT NULL,
    PRIMARY KEY (entity, key)
) STRICT, WITHOUT ROWID;

-- People who talk to the company.
CREATE TABLE contact (
    id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    -- The name staff gave; wins over the profile's.
    recipient_name TEXT,
    -- The name on the platform's profile, as last seen, and when.
    profile_name TEXT,
    profile_named_at INTEGER,
    email TEXT,
    -- Since when they want no marketing, and when they last said so or took it back.
    marketing_stopped_at INTEGER,
    marketing_changed_at INTEGER,
    -- The contact that this one was merged into.
    merged_into INTEGER,
    created_at INTEGER NOT NULL,
    -- When what is known of them was erased.
    erased_at INTEGER
) STRICT;

-- Users of platforms, each belonging to a contact.
CREATE TABLE identity (
    id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    contact_id INTEGER NOT NULL,
    -- The platform, as a number.
    kind INTEGER NOT NULL,
    -- The scope of `user_id`.
    scope TEXT NOT NULL,
    -- The routing key that looks like a phone number, verbatim, and whether the platform confirmed it.
    wa_id TEXT,
    wa_id_confirmed INTEGER NOT NULL,
    user_id TEXT,
    parent_user_id TEXT,
    -- The public name; not a key.
    username TEXT
) STRICT;
CREATE INDEX identity_contact ON identity (contact_id);

-- Names by which identities are found. The value comes first because it tells most apart.
CREATE TABLE handle (
    value TEXT NOT NULL,
    -- The sort of name and the platform, as numbers.
    key INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    -- Empty for worldwide names.
    scope TEXT NOT NULL,
    identity_id INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (value, key, kind, scope)
) STRICT, WITHOUT ROWID;

-- Keys under which two written forms of a number meet.
CREATE TABLE match_key (
    key TEXT NOT NULL,
    contact_id INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (key, contact_id)
) STRICT, WITHOUT ROWID;

-- Business numbers and platform users: the evidence of the service window, and the pair's budget.
CREATE TABLE pair (
    identity_id INTEGER NOT NULL,
    channel_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    contact_id INTEGER NOT NULL,
    -- Where the contact's last activity went.
    attendance_id INTEGER,
    -- The latest activity that opens the window, by the platform's time, and what it was, as a number.
    opened_at INTEGER,
    opened_by INTEGER,
    -- The latest activity of which the platform does not say whether it opens the window.
    uncertain_at INTEGER,
    uncertain_by INTEGER,
    -- When the platform itself said that the window is closed.
    closed_by_platform_at INTEGER,
    -- When the window has to be looked at.
    check_at INTEGER,
    -- The end for which the notice was given.
    warned_until INTEGER,
    -- The budget: thousandths of messages left, and when that was counted.
    tokens_milli INTEGER NOT NULL,
    tokens_at INTEGER,
    PRIMARY KEY (identity_id, channel_id)
) STRICT, WITHOUT ROWID;
-- An ordinary message leaves `check_at` as it was; the store then leaves this index alone.
CREATE INDEX pair_check ON pair (check_at, channel_id, identity_id) WHERE check_at IS NOT NULL;

-- Attendances. Each lies on one of three shelves, and each shelf has one index in the order of the Central:
-- open (`attendance_inbox`), finished and kept in the Central (`attendance_kept`), trash (`attendance_trash`).
CREATE TABLE attendance (
    id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    channel_id INTEGER NOT NULL,
    contact_id INTEGER NOT NULL,
    -- Where a reply goes.
    identity_id INTEGER NOT NULL,
    department_id INTEGER NOT NULL,
    assignee_id INTEGER,
    assigned_at INTEGER,
    -- 0 created, 1 awaiting the contact, 2 in conversation, 3 finished.
    phase INTEGER NOT NULL,
    -- By which door it went to the trash: 0 finished with archive, 1 sent there directly. NULL in the Central.
    trash_door INTEGER,
    -- When, and by whom, NULL if by the host.
    trashed_at INTEGER,
    trashed_by INTEGER,
    status_id INTEGER,
    type_id INTEGER,
    -- The ids of its tags, ascending, 10 bytes each: 7 bits to a byte, the highest first, and the eighth bit set on the
    -- first byte only, so that one that is looked for is never found across two others.
    tags BLOB NOT NULL,
    -- Where it came from, as a JSON object; empty when there is nothing.
    attributes TEXT NOT NULL,
    previous_id INTEGER,
    created_at INTEGER NOT NULL,
    last_activity_at INTEGER NOT NULL,
    last_inbound_at INTEGER,
    finished_at INTEGER,
    -- How many messages and acts of the contact it has.
    inbound INTEGER NOT NULL,
    -- When it was put off, until when (NULL: until the contact writes), and by whom, NULL if by the host.
    snoozed_at INTEGER,
    snooze_until INTEGER,
    snoozed_by INTEGER,
    -- How many entries its timeline has.
    entries INTEGER NOT NULL,
    newest_message_at INTEGER,
    -- 1 when its messages are not shown in the order of their positions.
    out_of_order INTEGER NOT NULL,
    -- The last message, for lists.
    preview_kind TEXT NOT NULL,
    preview_text TEXT NOT NULL,
    preview_from_contact INTEGER NOT NULL,
    -- A copy of the contact's name, so that a page of the Central reads one index. The store keeps it true.
    contact_name TEXT NOT NULL
) STRICT;
-- One open attendance per business number and contact (DESIGN 18.1), and the way to it.
CREATE UNIQUE INDEX attendance_open ON attendance (contact_id, channel_id) WHERE phase < 3 AND trash_door IS NULL;
-- A page of the open ones is read from this index alone, whatever the filter. It is the only index that a message to
-- an open attendance changes (PERFORMANCE 9.1). `trash_door` is in it because SQLite looks at every column that a
-- condition names, also where the index has answered it.
CREATE INDEX attendance_inbox ON attendance (
    last_activity_at DESC, id DESC, phase, department_id, assignee_id, channel_id, status_id, type_id, tags,
    snoozed_at, inbound, version, contact_id, identity_id, contact_name, preview_kind, preview_text,
    preview_from_contact, snooze_until, snoozed_by, trash_door
) WHERE phase < 3 AND trash_door IS NULL;
-- The other two shelves grow for ever: their indexes hold what filters ask for, not what lists show.
CREATE INDEX attendance_kept ON attendance (
    last_activity_at DESC, id DESC, phase, department_id, assignee_id, channel_id, status_id, type_id, tags,
    snoozed_at, contact_id, trash_door
) WHERE phase = 3 AND trash_door IS NULL;
CREATE INDEX attendance_trash ON attendance (
    last_activity_at DESC, id DESC, phase, department_id, assignee_id, channel_id, status_id, type_id, tags,
    snoozed_at, contact_id, trash_door
) WHERE trash_door IS NOT NULL;
-- Snoozes that end by themselves.
CREATE INDEX attendance_snooze ON attendance (snooze_until, id) WHERE snooze_until IS NOT NULL;
-- History of a contact.
CREATE INDEX attendance_contact ON attendance (contact_id, channel_id, created_at);
CREATE INDEX attendance_finished ON attendance (contact_id, channel_id, finished_at) WHERE phase = 3;

-- How many attendances there are, kept in the transaction that changes it.
CREATE TABLE counter (
    -- Of what: 0 everything, 1 a department, 2 what nobody has of a department, 3 what an attendant has; and of which.
    circle INTEGER NOT NULL,
    circle_id INTEGER NOT NULL,
    -- By what, in the Central: 0 phase, 1 channel, 2 status, 3 type, 4 tag, 5 put off; of everything also 6 department,
    -- 7 nobody's. Apart from these: 8 in the trash.
    dimension INTEGER NOT NULL,
    -- Where, in what an attendant has; 0 in the others.
    department_id INTEGER NOT NULL,
    -- Which phase, channel…; 0 when there is but one.
    value INTEGER NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (circle, circle_id, dimension, department_id, value)
) STRICT, WITHOUT ROWID;

-- Messages, notes and other entries of timelines. One attendance is one range of this b-tree.
CREATE TABLE entry (
    attendance_id INTEGER NOT NULL,
    -- In order of commit; not the order of display.
    position INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    -- The event that stands here. NULL when a message or note came without one.
    event_seq INTEGER,
    -- Of a message or a note: the moment it was said, by the platform's time as far as known.
    at INTEGER,
    -- Who said it (0 contact, 1 attendant, 2 host, 3 device, 4 platform), and which attendant.
    author INTEGER,
    author_id INTEGER,
    -- What a person reads in it.
    body TEXT,
    -- Set on a note.
    note_id INTEGER,
    -- Set on a message, with the columns after it.
    message_id INTEGER,
    channel_id INTEGER,
    recorded_at INTEGER,
    -- The kind of content as a word.
    kind TEXT,
    -- The content as JSON; NULL when it is plain text, which `body` says whole. Of a note: whom it calls on, where it
    -- points and what it said before; NULL when there is none of that.
    content TEXT,
    -- The platform's id, on messages that came from it.
    wamid TEXT,
    -- The platform's id of the message it answers.
    reply_to TEXT,
    forwarded INTEGER,
    -- 1 when it was stored after a message said later.
    late INTEGER,
    -- The advertisement it came from, as the platform's JSON.
    referral TEXT,
    -- The latest reaction of each author, as JSON; NULL when there is none.
    reactions TEXT,
    edited_at INTEGER,
    revoked_at INTEGER,
    -- The delivery that carries it.
    delivery_id INTEGER,
    -- 1 on a message that was said before one at an earlier position, or that was moved or put between others later:
    -- the range is then not in the order of display. The store finds that out by itself.
    displaced INTEGER,
    -- Set on a message or a note: which one it was to be stored, of all. A change leaves it as it is.
    serial INTEGER,
    -- The last event of the change set that last changed what is searched in it.
    reworded INTEGER,
    PRIMARY KEY (attendance_id, position)
) STRICT, WITHOUT ROWID;
-- A message is stored once.
CREATE UNIQUE INDEX entry_wamid ON entry (wamid, channel_id) WHERE wamid IS NOT NULL;
CREATE UNIQUE INDEX entry_message ON entry (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX entry_note ON entry (note_id) WHERE note_id IS NOT NULL;
-- Attendances of which the messages have to be sorted. Mostly empty.
CREATE INDEX entry_displaced ON entry (attendance_id) WHERE displaced = 1;

-- Events that share a position with an earlier one. The engine gives each event its own; this is empty then.
CREATE TABLE entry_event (
    attendance_id INTEGER NOT NULL,
    position INTEGER NOT NULL,
    event_seq INTEGER NOT NULL,
    PRIMARY KEY (attendance_id, position, event_seq)
) STRICT, WITHOUT ROWID;

-- Messages and notes that stand in the full-text index, by serial: where they are.
CREATE TABLE indexed (
    serial INTEGER PRIMARY KEY,
    attendance_id INTEGER NOT NULL,
    position INTEGER NOT NULL
) STRICT;
-- Which words they have, by serial: folded by the engine, hence the plainest tokenizer; notes also have the word `_n`.
-- Fed in passes, up to `indexed_seq`. No text is kept, and no positions: nobody asks for phrases.
CREATE VIRTUAL TABLE entry_words USING fts5 (
    words, content = '', contentless_delete = 1, detail = none, prefix = '2 3', tokenize = "ascii tokenchars '_'"
);
-- Every word that ever stood in `entry_words`: which ones begin alike. A long beginning is asked for as the words that have it,
-- as the index would otherwise put all their rows together before it gives the first.
CREATE TABLE word (
    word TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
-- The same of contacts, by id: names, public names, and every form of their numbers.
CREATE VIRTUAL TABLE contact_words USING fts5 (
    words, content = '', contentless_delete = 1, detail = none, prefix = '2 3', tokenize = "ascii"
);

-- What happened, in order. `seq` has no gaps, so the newest row is also the counter: it is never deleted.
CREATE TABLE event (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    -- Who did it (0 contact, 1 attendant, 2 host, 4 platform, 5 engine), and which attendant.
    actor INTEGER NOT NULL,
    actor_id INTEGER,
    -- The event's word, and the rest of it as a JSON object.
    kind TEXT NOT NULL,
    data TEXT NOT NULL,
    -- The attendance it is about, and its place in the timeline there. `entry` leads from there to here.
    attendance_id INTEGER,
    position INTEGER,
    -- On the last event of a change set, the rows written with it: entity, key, entity, key… as a JSON array.
    touched TEXT,
    -- There too: how many messages and notes were stored so far.
    serial INTEGER
) STRICT;

-- What attendants have seen of attendances.
CREATE TABLE seen (
    attendance_id INTEGER NOT NULL,
    attendant_id INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    -- How many of the contact's messages and acts were there.
    inbound INTEGER NOT NULL,
    -- 1 when they marked it as unseen since.
    unseen INTEGER NOT NULL,
    PRIMARY KEY (attendance_id, attendant_id)
) STRICT, WITHOUT ROWID;

-- The small things beside the talk: tasks, drafts, tickets… The store knows nothing of what stands in them.
CREATE TABLE document (
    -- What it is, as a number, and its id within that.
    kind INTEGER NOT NULL,
    id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    -- Whose it is: the id of a contact, an attendance…, by kind.
    owner INTEGER NOT NULL,
    -- When the engine has something to do about it.
    due_at INTEGER,
    -- The rest as JSON.
    data TEXT NOT NULL,
    PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX document_owner ON document (kind, owner, id);
CREATE INDEX document_due ON document (kind, due_at, id) WHERE due_at IS NOT NULL;

-- Wishes to hand a message over.
CREATE TABLE delivery (
    id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    message_id INTEGER NOT NULL,
    attendance_id INTEGER NOT NULL,
    channel_id INTEGER NOT NULL,
    contact_id INTEGER NOT NULL,
    identity_id INTEGER NOT NULL,
    -- 0 queued, 1 in flight, 2 in doubt, 3 held, 4 settled, 5 replaced, 6 discarded.
    state INTEGER NOT NULL,
    -- In flight: the end of the lease. In doubt: the end of the grace, NULL once it is over.
    until_at INTEGER,
    -- In doubt: since when.
    doubt_since INTEGER,
    -- Held: why, as a word.
    held_reason TEXT,
    -- Settled: how far it came, as a number that grows with it.
    progress INTEGER,
    -- Replaced: the message sent instead.
    replaced_by INTEGER,
    -- Its place in the queue of its contact.
    queue_order INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    -- Not before then.
    due_at INTEGER NOT NULL,
    -- The platform's id for the message.
    wamid TEXT,
    -- The last error as JSON.
    last_error TEXT,
    -- What the platform told, each fact with its time, as a JSON object.
    receipts TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX delivery_wamid ON delivery (wamid, channel_id) WHERE wamid IS NOT NULL;
-- What stands in the queue of a contact.
CREATE INDEX delivery_queue ON delivery (contact_id, channel_id, state, queue_order) WHERE state < 3;
CREATE INDEX delivery_due ON delivery (due_at, queue_order) WHERE state = 0;
CREATE INDEX delivery_attendance ON delivery (attendance_id, queue_order) WHERE state = 0;
-- All that is not over, for lists and for leases and graces that end.
CREATE INDEX delivery_open ON delivery (state, id, until_at) WHERE state < 4;

-- Message models of the platform.
CREATE TABLE template (
    id INTEGER PRIMARY KEY,
    seq INTEGER NOT NULL,
    waba_id TEXT NOT NULL,
    name TEXT NOT NULL,
    language TEXT NOT NULL,
    -- Grows when the form changes; not the version of the row.
    version INTEGER NOT NULL,
    reason TEXT,
    synced_at INTEGER NOT NULL,
    -- What the platform says, as JSON.
    definition TEXT NOT NULL,
    -- The same before the form last changed.
    previous TEXT,
    -- The times of the newest notices, as JSON.
    noticed TEXT NOT NULL DEFAULT '{}'
) STRICT;
CREATE UNIQUE INDEX template_key ON template (waba_id, name, language);

-- Facts that came before their message.
CREATE TABLE parked (
    channel_id INTEGER NOT NULL,
    -- The platform's id of the message, and what tells the fact from others about it.
    target TEXT NOT NULL,
    fact TEXT NOT NULL,
    seq INTEGER NOT NULL,
    -- The fact as JSON.
    data TEXT NOT NULL,
    parked_at INTEGER NOT NULL,
    -- NULL once it waits no more and is only kept.
    expires_at INTEGER,
    PRIMARY KEY (channel_id, target, fact)
) STRICT, WITHOUT ROWID;
CREATE INDEX parked_expiry ON parked (expires_at) WHERE expires_at IS NOT NULL;

-- Elements of webhooks that are kept as they came.
CREATE TABLE kept (
    id INTEGER PRIMARY KEY,
    seq INTEGER NOT NULL,
    -- A hash of the element, so that it is kept once.
    key TEXT NOT NULL,
    reason TEXT NOT NULL,
    -- 1 when it is malformed or misdirected, 0 when merely unknown.
    quarantined INTEGER NOT NULL,
    -- Where it stood in its delivery.
    path TEXT NOT NULL,
    raw TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX kept_key ON kept (key);

-- Files that the platform holds for a channel.
CREATE TABLE upload (
    channel_id INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    mime_type TEXT NOT NULL,
    seq INTEGER NOT NULL,
    -- The platform's id, and until when it keeps the file.
    media_id TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (channel_id, sha256, mime_type)
) STRICT, WITHOUT ROWID;

-- What is known of channels at work.
CREATE TABLE channel_state (
    channel_id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    -- The platform's clock minus ours, in milliseconds.
    clock_offset_ms INTEGER,
    -- The platform's code that stopped it, and since when.
    stop_code INTEGER,
    stopped_since INTEGER,
    -- The budget: thousandths of messages left, and when that was counted.
    tokens_milli INTEGER NOT NULL,
    tokens_at INTEGER,
    -- When its health is asked after next, and what asking came to last, as JSON.
    probe_at INTEGER,
    probed TEXT,
    -- How often that was since a message last went through.
    probes INTEGER NOT NULL DEFAULT 0,
    -- When the templates are to be listed again.
    templates_due INTEGER
) STRICT;

-- Requests that were answered, so that they are answered the same again.
CREATE TABLE request (
    id TEXT PRIMARY KEY,
    seq INTEGER NOT NULL,
    -- A hash of who asked and what.
    fingerprint TEXT NOT NULL,
    -- The outcome as JSON.
    outcome TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Node numbers of ids, leased by processes and devices.
CREATE TABLE node (
    number INTEGER PRIMARY KEY,
    -- Grows with each lease of the number: who holds an older one holds nothing.
    lease INTEGER NOT NULL,
    until_at INTEGER NOT NULL
) STRICT;
