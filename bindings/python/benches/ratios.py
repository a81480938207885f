"""What Python costs, as ratios of two things that take turns in one run: the goals F1 to F5.

    maturin develop --release && python benches/ratios.py [--rounds 9] [--check]

With --check it fails beyond a goal and its margin of 15 %. Times are of one machine; ratios travel. The database lies in
GUICHE_BENCH_DIR, /dev/shm by default, so that no disk is measured.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

import guiche
from conftest import SECRET, Counter, opened
from guiche import _guiche
from handmade import Handmade

MARGIN = 1.15


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
    handmade = Handmade(folder / "theirs.db", SECRET)
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
            handmade.ingest(taken)
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
