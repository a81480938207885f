"""What one would write by hand over `sqlite3` for the same desk: the floor of `PERFORMANCE` 1, in Python. The attendance has
all that a card shows, in one index of the open ones; messages lie in the order of the timeline; numbers are kept. It has no
feed, versions, permissions or evidence of the window, and reads no kind of message but text.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
DAY = 86_400_000

SCHEMA = """
create table contact(id integer primary key, wa_id text unique, name text);
create table attendance(id integer primary key, contact_id integer, channel_id integer, department_id integer,
    assignee_id integer, status_id integer, phase integer, unseen integer, last_activity integer, window_until integer,
    contact_name text, preview text, entries integer);
create unique index attendance_open on attendance(contact_id, channel_id) where phase < 3;
create index attendance_inbox on attendance(last_activity desc, id desc, phase, status_id, assignee_id, department_id,
    channel_id, unseen, contact_name, preview, window_until) where phase < 3;
-- `id` is the attendance's, shifted by 20 bits, and the place in it.
create table entry(id integer primary key, at integer, author text, text text, wamid text, reply_to text, edited_at integer,
    revoked_at integer, delivery_id integer);
create unique index entry_wamid on entry(wamid) where wamid is not null;
create table delivery(id integer primary key, state text);
create table counter(dimension text, value integer, n integer, primary key (dimension, value)) without rowid;
"""

CARDS = """select id, last_activity, status_id, assignee_id, department_id, channel_id, unseen, contact_name, preview, phase,
    window_until from attendance where phase < 3 order by last_activity desc, id desc limit 50"""

MESSAGES = """select e.id, e.at, e.author, e.text, e.wamid, e.reply_to, e.edited_at, e.revoked_at, e.delivery_id, d.state
    from entry e left join delivery d on d.id = e.delivery_id
    where e.id between ?1 << 20 and (?1 + 1 << 20) - 1 order by e.id desc limit 50"""

COUNT = """insert into counter values (?, ?, 1) on conflict do update set n = n + 1"""


@dataclass(slots=True)
class PlainCard:
    id: int
    last_activity_at: datetime
    status_id: int | None
    assignee_id: int | None
    department_id: int
    channel_id: int
    unseen: bool
    contact_name: str
    preview: str
    phase: int
    window_until: datetime | None


@dataclass(slots=True)
class PlainMessage:
    id: int
    position: int
    at: datetime
    author: str
    text: str
    wamid: str | None
    reply_to: str | None
    edited_at: datetime | None
    revoked_at: datetime | None
    delivery_id: int | None
    state: str | None


def instant(ms: int | None) -> datetime | None:
    return None if ms is None else EPOCH + timedelta(milliseconds=ms)


class Handmade:
    def __init__(self, path: Path, secret: str) -> None:
        self.secret = secret.encode()
        self.db = sqlite3.connect(path, isolation_level=None)
        self.db.executescript("pragma journal_mode = wal; pragma synchronous = normal;" + SCHEMA)

    def card_tuples(self) -> None:
        for row in self.db.execute(CARDS):
            for _ in row:
                pass

    def card_dataclasses(self) -> None:
        for id, last, status, assignee, department, channel, unseen, name, preview, phase, until in self.db.execute(CARDS):
            made = PlainCard(
                id, EPOCH + timedelta(milliseconds=last), status, assignee, department, channel, bool(unseen), name, preview, phase,
                instant(until),
            )
            made.id, made.last_activity_at, made.status_id, made.assignee_id, made.department_id, made.channel_id
            made.unseen, made.contact_name, made.preview, made.phase, made.window_until

    def message_tuples(self) -> None:
        for row in self.db.execute(MESSAGES, (1,)):
            for _ in row:
                pass

    def message_dataclasses(self) -> None:
        for id, at, author, text, wamid, reply_to, edited, revoked, delivery, state in self.db.execute(MESSAGES, (1,)):
            made = PlainMessage(
                id >> 20, id & 0xFFFFF, EPOCH + timedelta(milliseconds=at), author, text, wamid, reply_to, instant(edited),
                instant(revoked), delivery, state,
            )
            made.id, made.position, made.at, made.author, made.text, made.wamid, made.reply_to
            made.edited_at, made.revoked_at, made.delivery_id, made.state

    def fill(self, count: int) -> None:
        """Fills the inbox, and the first conversation."""
        began = 1_795_435_200_000
        self.db.execute("begin")
        for n in range(1, count + 1):
            text = f"mensagem {n}, com algum texto dentro dela"
            self.db.execute("insert into contact values (?, ?, ?)", (n, f"55319{n:08}", f"Cliente {n}"))
            self.db.execute(
                "insert into attendance values (?, ?, 1, 1, null, null, 2, 1, ?, ?, ?, ?, 1)",
                (n, n, began + n, began + n + DAY, f"Cliente {n}", text),
            )
            self.db.execute("insert into delivery values (?, 'delivered')", (n,))
            self.db.execute(
                "insert into entry values (?, ?, 'contact', ?, ?, null, null, null, ?)",
                (1 << 20 | n, began + n, text, f"wamid.filled.{n}", n),
            )
        self.db.execute("commit")

    def ingest(self, deliveries: list[tuple[bytes, str]]) -> None:
        """Takes in deliveries, each in a transaction of its own."""
        for body, signature in deliveries:
            self.db.execute("begin immediate")
            self.take(body, signature)
            self.db.execute("commit")

    def take(self, body: bytes, signature: str) -> None:
        made = "sha256=" + hmac.new(self.secret, body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(made, signature):
            raise ValueError("signature")
        for entry in json.loads(body)["entry"]:
            for change in entry["changes"]:
                value = change["value"]
                names = {contact["wa_id"]: contact["profile"]["name"] for contact in value["contacts"]}
                for message in value["messages"]:
                    self.store(message, names.get(message["from"], ""))

    def store(self, message: dict[str, Any], name: str) -> None:
        execute = self.db.execute
        at, wa_id, text = int(message["timestamp"]) * 1000, message["from"], message["text"]["body"]
        if execute("select 1 from entry where wamid = ?", (message["id"],)).fetchone():
            return
        found = execute("select id, name from contact where wa_id = ?", (wa_id,)).fetchone()
        if found is None:
            contact = execute("insert into contact(wa_id, name) values (?, ?)", (wa_id, name)).lastrowid
        else:
            contact = found[0]
            if found[1] != name:
                execute("update contact set name = ? where id = ?", (name, contact))
        found = execute("select id, entries from attendance where contact_id = ? and channel_id = 1 and phase < 3", (contact,)).fetchone()
        if found is None:
            entries = 0
            attendance = execute(
                "insert into attendance values (null, ?, 1, 1, null, null, 2, 1, ?, ?, ?, ?, 1)",
                (contact, at, at + DAY, name, text),
            ).lastrowid or 0
            for dimension, of in (("phase", 2), ("department", 1), ("channel", 1), ("unseen", 1)):
                execute(COUNT, (dimension, of))
        else:
            attendance, entries = found
            execute(
                "update attendance set unseen = 1, last_activity = ?, window_until = ?, preview = ?, contact_name = ?, entries = ? "
                "where id = ?",
                (at, at + DAY, text, name, entries + 1, attendance),
            )
        execute(
            "insert into entry values (?, ?, 'contact', ?, ?, null, null, null, null)",
            (attendance << 20 | entries, at, text, message["id"]),
        )
