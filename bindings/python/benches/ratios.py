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
    most: float
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


def read_all(page: list[guiche.ShownMessage]) -> None:
    """Eleven fields of each, as a screen shows them."""
    for shown in page:
        message, delivery = shown.message, shown.delivery
        message.id, message.position, message.at, message.author, message.content.text, message.wamid
        message.reply_to, message.edited_at, message.revoked_at, message.delivery_id
        if delivery is not None:
            delivery.state


@dataclass(slots=True)
class Plain:
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
            create virtual table words using fts5(text, content='', tokenize='unicode61 remove_diacritics 2');"""
        )

    def tuples(self) -> None:
        for row in self.db.execute(PAGE, (1,)):
            for _ in row:
                pass

    def dataclasses(self) -> None:
        def instant(ms: int | None) -> datetime | None:
            return None if ms is None else EPOCH + timedelta(milliseconds=ms)

        for id, position, at, author, text, wamid, reply_to, edited, revoked, delivery, state in self.db.execute(PAGE, (1,)):
            made = Plain(
                id, position, EPOCH + timedelta(milliseconds=at), author, text, wamid, reply_to, instant(edited),
                instant(revoked), delivery, state,
            )
            made.id, made.position, made.at, made.author, made.text, made.wamid, made.reply_to
            made.edited_at, made.revoked_at, made.delivery_id, made.state

    def fill(self, count: int) -> None:
        self.db.execute("begin")
        for n in range(count):
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
    handmade = Handmade(folder / "theirs.db")
    handmade.fill(240)
    subscription = engine.subscribe(lambda seq: None)
    subscription.close()
    body, _ = counter.message("mensagem, com algum texto dentro dela")

    def page() -> None:
        read_all(desk.messages(talk))

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
        Ratio("F2", "a page of 50, all read / sqlite3's tuples", 0.75, timed(page, 50), timed(handmade.tuples, 50)),
        Ratio("F2", "a page of 50, all read / sqlite3 into dataclasses", 0.45, timed(page, 50), timed(handmade.dataclasses, 50)),
        Ratio("F3", "a page of 50, all read / the same call in Rust", 2.2, timed(page, 50), lambda: _guiche._time_messages(desk, talk, 50, 50)),
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
            within = found <= ratio.most * MARGIN
            print(f"{ratio.goal}  {ratio.what:52} {found:6.2f}  goal {ratio.most:<5} {'' if within else 'MISSED':7} ({ours * 1e6:.2f} / {theirs * 1e6:.2f} us)")
            if not within:
                missed.append(ratio)
    if missed and given.check:
        sys.exit(1)


if __name__ == "__main__":
    main()
