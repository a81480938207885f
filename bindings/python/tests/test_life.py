"""Opening, closing, threads."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

import guiche
from guiche import AttendantId, Closed, ContactRow
from conftest import Counter, opened
from surface import Maker, functions


def test_a_with_block_closes(tmp_path: Path) -> None:
    with guiche.Engine.open(tmp_path / "a.db") as engine:
        tag = engine.admin().create_tag("Urgente").outcome
    assert engine.closed and repr(engine) == "<Engine, closed>"
    with guiche.Engine.open(str(tmp_path / "a.db")) as again:
        assert again.setup().tags[tag.id] == tag


def test_everything_after_close_is_closed(counter: Counter) -> None:
    desk, own, admin = counter.desk, counter.engine.desk(counter.ana.id), counter.engine.admin()
    talk = counter.talk()
    lazy = desk.iter_messages(talk)
    subscription = counter.engine.subscribe(lambda seq: None)
    counter.engine.close()
    counter.engine.close()
    subscription.close()
    with pytest.raises(Closed):
        next(lazy)
    maker = Maker(5)
    skipped = {"open", "close", "admin", "attendant_id", "closed", "import_rows", "subscribe"}
    for name, door in (("Engine", counter.engine), ("Desk", desk), ("Desk", own), ("Admin", admin)):
        for method in functions(name):
            if method.name.startswith(("_", "iter_", "write_", "store_media", "ingest")) or method.name in skipped:
                continue
            with pytest.raises(Closed):
                maker.call(door, method)
    with pytest.raises(Closed):
        counter.engine.ingest(guiche.ChannelKind.WHATS_APP, b"{}", None)
    with pytest.raises(Closed):
        counter.engine.subscribe(lambda seq: None)
    with pytest.raises(Closed):
        counter.engine.store_media(b"x", "x.txt")
    with pytest.raises(Closed):
        list(counter.engine.iter_message_rows())


def test_desks_know_whose_they_are(counter: Counter) -> None:
    assert counter.engine.desk_of("ana").attendant_id() == counter.ana.id
    assert counter.desk.attendant_id() is None
    with pytest.raises(LookupError):
        counter.engine.desk(AttendantId(1))
    with pytest.raises(LookupError):
        counter.engine.desk_of("nobody")


def test_the_same_request_is_done_once(counter: Counter) -> None:
    first = counter.engine.admin().create_tag("Urgente", request_id="press")
    again = counter.engine.admin().create_tag("Urgente", request_id="press")
    assert (first.repeated, again.repeated) == (False, True) and first.outcome == again.outcome


def test_the_same_run_ends_in_the_same_digest() -> None:
    digests = set()
    for _ in range(2):
        counter = opened(guiche.Store.memory())
        counter.desk.send_text(counter.talk("Oi"), "Olá")
        counter.engine.pump(10)
        digests.add(counter.engine.state_digest())
        counter.engine.close()
    assert len(digests) == 1


def test_ten_threads_read_while_one_imports(on_disk: Counter) -> None:
    talk = on_disk.talk()
    done = threading.Event()

    def reads() -> int:
        count, desk = 0, on_disk.engine.back_office()
        while not done.is_set() or count == 0:
            desk.inbox(days=guiche.Days.Any())
            assert [shown.message.content.text for shown in desk.messages(talk)] == ["Bom dia"]
            count += 1
        return count

    with ThreadPoolExecutor(11) as pool:
        readers = [pool.submit(reads) for _ in range(10)]
        rows = [{"name": f"Cliente {n}", "phone": f"+55 11 9{n:04}-0000"} for n in range(1_000)]
        try:
            report = on_disk.engine.admin().import_rows(on_disk.channel.id, rows, chunk=100)
        finally:
            done.set()
        assert all(reader.result(timeout=60) > 0 for reader in readers)
    assert report.created == 1_000


def test_closing_under_many_threads_hurts_nobody() -> None:
    for _ in range(5):
        counter = opened(guiche.Store.memory())
        talk = counter.talk()
        ended: list[str] = []

        def works() -> None:
            try:
                desk = counter.desk
                while True:
                    desk.messages(talk)
                    desk.create_contact(name="x", phone=None, user_id=f"BR.{len(ended)}{threading.get_ident()}")
            except Closed:
                ended.append("closed")
            except guiche.GuicheError as error:
                ended.append(error.code)

        threads = [threading.Thread(target=works) for _ in range(8)]
        for thread in threads:
            thread.start()
        counter.engine.close()
        for thread in threads:
            thread.join(timeout=30)
        assert len(ended) == 8


def test_a_backup_opens(on_disk: Counter, tmp_path: Path) -> None:
    store = guiche.Store.sqlite(tmp_path / "counter.db", busy_timeout=timedelta(seconds=1), durability="normal")
    store.checkpoint()
    told: list[guiche.CopyState] = []
    store.backup_to(tmp_path / "copy.db", progress=told.append)
    assert told[-1].pages_done == told[-1].pages_total > 0
    assert store.verify().problems == []
    guiche.Store.restore(tmp_path / "copy.db", tmp_path / "again.db")
    with pytest.raises(guiche.StoreFailed, match="backup_exists"):
        store.backup_to(tmp_path / "copy.db")
    with pytest.raises(guiche.StoreFailed, match="copy_cancelled"):
        store.backup_to(tmp_path / "ended.db", progress=lambda state: False)

    def breaks(state: guiche.CopyState) -> None:
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        store.backup_to(tmp_path / "ended.db", progress=breaks)
    assert not (tmp_path / "ended.db").exists()
    with guiche.Engine.open(tmp_path / "copy.db") as copy:
        assert copy.setup().tags == on_disk.engine.setup().tags
    with pytest.raises(guiche.StoreFailed, match="not_supported"):
        guiche.Store.memory().backup_to(tmp_path / "no.db")
    with pytest.raises(ValueError, match="durability"):
        guiche.Store.sqlite(tmp_path / "x.db", durability="none")  # type: ignore[arg-type]


def test_engines_open_on_paths_and_stores_only() -> None:
    with pytest.raises(TypeError, match="a path or a Store"):
        guiche.Engine.open(5)  # type: ignore[arg-type]
    assert ContactRow() == ContactRow()
