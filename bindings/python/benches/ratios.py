"""What Python costs, as ratios of two things that take turns in one run: the goals F1 to F5.

    maturin develop --release && python benches/ratios.py [--rounds 9] [--check]

With --check it fails beyond a goal and its margin of 15 %. Times are of one machine; ratios travel. The database lies in
GUICHE_BENCH_DIR, /dev/shm by default, so that no disk is measured.
"""

from __future__ import annotations

import argparse
import gc
import hashlib
import hmac
import json
import os
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

import guiche
from conftest import SECRET, Counter, opened
from guiche import _guiche

MARGIN = 1.15
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


@dataclass
class Ratio:
    goal: str
    what: str
    #: None where there is no goal: it is only told.
    most: float | None
    ours: Callable[[], float]
    theirs: Callable[[], float]


def timed(work: Callable[[], object], times: int) -> Callable[[], float]:
    """Seconds of one piece of work."""

    def measure() -> float:
        began = perf_counter()
        for _ in range(times):
            work()
        return (perf_counter() - began) / times

    return measure


def read_cards(page: list[guiche.Card]) -> None:
    """Eleven fields of each, as a list shows them."""
    for card in page:
        card.id, card.last_activity_at, card.status_id, card.assignee_id, card.department_id, card.channel_id
        card.unseen, card.contact_name, card.preview.text, card.phase, card.window.until


def read_messages(page: list[guiche.ShownMessage]) -> None:
    """Eleven fields of each, as a screen shows them."""
    for shown in page:
        message, delivery = shown.message, shown.delivery
        message.id, message.position, message.at, message.author, message.content.text, message.wamid
        message.reply_to, message.edited_at, message.revoked_at, message.delivery_id
        if delivery is not None:
            delivery.state


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


CARDS = """select id, last_activity, status_id, assignee_id, department_id, channel_id, unseen, contact_name, preview, phase,
           window_until from card where phase < 3 order by last_activity desc, id desc limit 50"""


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


COLUMNS = "m.id, m.position, m.at, m.author, m.text, m.wamid, m.reply_to, m.edited_at, m.revoked_at, m.delivery_id, d.state"
PAGE = f"""select {COLUMNS} from message m left join delivery d on d.id = m.delivery_id
           where m.attendance_id = ? order by m.at desc, m.id desc limit 50"""


def instant(ms: int | None) -> datetime | None:
    return None if ms is None else EPOCH + timedelta(milliseconds=ms)


class Handmade:
    """The same desk written by hand over sqlite3."""

    def __init__(self, path: Path) -> None:
        self.db = sqlite3.connect(path, isolation_level=None)
        self.db.executescript(
            """pragma journal_mode = wal; pragma synchronous = normal;
            create table contact(id integer primary key, wa_id text unique, name text, updated integer);
            create table attendance(id integer primary key, contact_id integer, phase text, last_at integer, unseen integer);
            create index open_attendance on attendance(contact_id, phase);
            create index by_activity on attendance(last_at desc, id desc);
            create table message(id integer primary key, attendance_id integer, position integer, at integer, author text,
                text text, raw text, wamid text unique, reply_to text, edited_at integer, revoked_at integer, delivery_id integer);
            create index shown on message(attendance_id, at desc, id desc);
            create table delivery(id integer primary key, state text);
            create table event(seq integer primary key, at integer, attendance_id integer, kind text, data text);
            create index timeline on event(attendance_id, seq);
            create table window(contact_id integer primary key, until integer);
            create table card(id integer primary key, last_activity integer, status_id integer, assignee_id integer,
                department_id integer, channel_id integer, unseen integer, contact_name text, preview text, phase integer,
                window_until integer);
            create index shelf on card(last_activity, id) where phase < 3;
            create virtual table words using fts5(text, content='', tokenize='unicode61 remove_diacritics 2');"""
        )

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
        for row in self.db.execute(PAGE, (1,)):
            for _ in row:
                pass

    def message_dataclasses(self) -> None:
        for id, position, at, author, text, wamid, reply_to, edited, revoked, delivery, state in self.db.execute(PAGE, (1,)):
            made = PlainMessage(
                id, position, EPOCH + timedelta(milliseconds=at), author, text, wamid, reply_to, instant(edited),
                instant(revoked), delivery, state,
            )
            made.id, made.position, made.at, made.author, made.text, made.wamid, made.reply_to
            made.edited_at, made.revoked_at, made.delivery_id, made.state

    def fill(self, count: int) -> None:
        self.db.execute("begin")
        for n in range(count):
            card = (n, 1_795_435_200_000 + n, 1, 1, f"Cliente {n}", f"mensagem {n}, com algum texto dentro dela", 2, 1_795_521_600_000 + n)
            self.db.execute("insert into card values (?, ?, null, null, ?, ?, 1, ?, ?, ?, ?)", card)
            self.db.execute("insert into delivery values (?, 'delivered')", (n,))
            row = (n, 1, n, 1_795_435_200_000 + n, "contact", f"mensagem {n}, com algum texto dentro dela", "{}", f"wamid.{n}", n)
            self.db.execute("insert into message(id,attendance_id,position,at,author,text,raw,wamid,delivery_id) values (?,?,?,?,?,?,?,?,?)", row)
        self.db.execute("commit")

    def ingest(self, deliveries: list[tuple[bytes, str]], together: bool) -> None:
        if together:
            self.db.execute("begin immediate")
        for body, signature in deliveries:
            if not together:
                self.db.execute("begin immediate")
            self.one(body, signature)
            if not together:
                self.db.execute("commit")
        if together:
            self.db.execute("commit")

    def one(self, body: bytes, signature: str) -> None:
        made = "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(made, signature):
            raise ValueError("signature")
        db = self.db
        for entry in json.loads(body)["entry"]:
            for change in entry["changes"]:
                value = change["value"]
                names = {contact["wa_id"]: contact["profile"]["name"] for contact in value["contacts"]}
                for message in value["messages"]:
                    at, wa_id = int(message["timestamp"]) * 1000, message["from"]
                    if db.execute("select 1 from message where wamid = ?", (message["id"],)).fetchone():
                        continue
                    db.execute(
                        "insert into contact(wa_id, name, updated) values (?, ?, ?) on conflict(wa_id) do update set name = excluded.name, updated = excluded.updated",
                        (wa_id, names.get(wa_id), at),
                    )
                    (contact_id,) = db.execute("select id from contact where wa_id = ?", (wa_id,)).fetchone()
                    found = db.execute("select id from attendance where contact_id = ? and phase = 'open'", (contact_id,)).fetchone()
                    if found is None:
                        attendance_id = db.execute("insert into attendance(contact_id, phase, last_at, unseen) values (?, 'open', ?, 1)", (contact_id, at)).lastrowid
                        db.execute("insert into event(at, attendance_id, kind, data) values (?, ?, 'created', '{}')", (at, attendance_id))
                    else:
                        (attendance_id,) = found
                        db.execute("update attendance set last_at = ?, unseen = unseen + 1 where id = ?", (at, attendance_id))
                    (position,) = db.execute("select count(*) from event where attendance_id = ?", (attendance_id,)).fetchone()
                    text = message["text"]["body"]
                    message_id = db.execute(
                        "insert into message(attendance_id, position, at, author, text, raw, wamid) values (?, ?, ?, 'contact', ?, ?, ?)",
                        (attendance_id, position, at, text, json.dumps(message), message["id"]),
                    ).lastrowid
                    db.execute("insert into words(rowid, text) values (?, ?)", (message_id, text))
                    db.execute("insert into event(at, attendance_id, kind, data) values (?, ?, 'received', ?)", (at, attendance_id, json.dumps({"id": message_id})))
                    db.execute("insert into window values (?, ?) on conflict(contact_id) do update set until = excluded.until", (contact_id, at + 86_400_000))


def deliveries(counter: Counter, count: int) -> list[tuple[bytes, str]]:
    return [counter.message(f"mensagem {n}, com algum texto dentro dela", wa_id=f"55119{counter.written:08}") for n in range(count)]


def ratios(folder: Path) -> list[Ratio]:
    counter = opened(guiche.Store.sqlite(folder / "ours.db", durability="normal"))
    engine, desk = counter.engine, counter.desk
    talk = counter.talk("mensagem, com algum texto dentro dela")
    for number in range(120):
        counter.clock.advance(timedelta(seconds=1))
        counter.writes(f"mensagem {number}, com algum texto dentro dela")
        desk.send_text(talk, f"resposta {number}, com algum texto dentro dela")
    engine.pump(500)
    for number in range(120):
        counter.clock.advance(timedelta(seconds=1))
        counter.writes(f"mensagem {number}, com algum texto dentro dela", wa_id=f"55219{number:08}")
    handmade = Handmade(folder / "theirs.db")
    handmade.fill(240)
    subscription = engine.subscribe(lambda seq: None)
    subscription.close()
    body, _ = counter.message("mensagem, com algum texto dentro dela")

    def cards() -> None:
        read_cards(desk.inbox(days=guiche.Days.Any()).cards)

    def messages() -> None:
        read_messages(desk.messages(talk))

    def ingest(count: int, one_by_one: bool) -> tuple[Callable[[], float], Callable[[], float]]:
        def ours() -> float:
            taken = deliveries(counter, count)
            given: list[tuple[bytes, str | None]] = list(taken)
            began = perf_counter()
            if one_by_one:
                for body, signature in taken:
                    engine.ingest(guiche.ChannelKind.WHATS_APP, body, signature)
            else:
                engine.ingest_many(guiche.ChannelKind.WHATS_APP, given)
            return perf_counter() - began

        def theirs() -> float:
            taken = deliveries(counter, count)
            began = perf_counter()
            handmade.ingest(taken, together=False)
            return perf_counter() - began

        return ours, theirs

    return [
        Ratio("F1", "an engine call / nothing at all", 3.0, timed(subscription.close, 20_000), timed(_guiche._noop, 20_000)),
        Ratio("F2", "50 cards, all read / sqlite3's tuples", 0.75, timed(cards, 50), timed(handmade.card_tuples, 50)),
        Ratio("F2", "50 cards, all read / sqlite3 into dataclasses", 0.45, timed(cards, 50), timed(handmade.card_dataclasses, 50)),
        Ratio("F3", "50 cards, all read / the same call in Rust", 2.2, timed(cards, 50), lambda: _guiche._time_inbox(desk, 50, 50)),
        Ratio("", "50 messages, all read / sqlite3's tuples", None, timed(messages, 50), timed(handmade.message_tuples, 50)),
        Ratio("", "50 messages, all read / sqlite3 into dataclasses", None, timed(messages, 50), timed(handmade.message_dataclasses, 50)),
        Ratio("", "50 messages, all read / the same call in Rust", None, timed(messages, 50), lambda: _guiche._time_messages(desk, talk, 50, 50)),
        Ratio("F4", "100 deliveries one by one / by hand over sqlite3", 0.90, *ingest(100, one_by_one=True)),
        Ratio("F4", "100 deliveries at once / by hand over sqlite3", 0.42, *ingest(100, one_by_one=False)),
        Ratio("F5", "decoding a delivery / json.loads", 0.35, lambda: _guiche._time_decode(body, 500), timed(lambda: json.loads(body), 500)),
    ]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--check", action="store_true")
    given = parser.parse_args()
    where = os.environ.get("GUICHE_BENCH_DIR", "/dev/shm" if Path("/dev/shm").is_dir() else None)
    missed: list[Any] = []
    with tempfile.TemporaryDirectory(dir=where) as folder:
        for ratio in ratios(Path(folder)):
            gc.collect()
            gc.disable()
            ratio.ours(), ratio.theirs()
            pairs = [(ratio.ours(), ratio.theirs()) for _ in range(given.rounds)]
            gc.enable()
            found = median(ours / theirs for ours, theirs in pairs)
            ours, theirs = median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)
            within = ratio.most is None or found <= ratio.most * MARGIN
            goal = "" if ratio.most is None else f"goal {ratio.most}"
            print(f"{ratio.goal:2}  {ratio.what:50} {found:6.2f}  {goal:10} {'' if within else 'MISSED':7} ({ours * 1e6:.2f} / {theirs * 1e6:.2f} us)")
            if not within:
                missed.append(ratio)
    if missed and given.check:
        sys.exit(1)


if __name__ == "__main__":
    main()
