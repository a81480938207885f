"""Odd inputs, random calls, and memory."""

from __future__ import annotations

import os
import sys
from typing import Any

import pytest

import guiche
from guiche import GuicheError
from conftest import Counter
from surface import TEXTS, Maker, functions

CALLS = int(os.environ.get("GUICHE_RANDOM_CALLS", "10000"))


@pytest.mark.parametrize("text", TEXTS)
def test_texts_come_back_as_they_were_or_are_refused(counter: Counter, text: str) -> None:
    try:
        tag = counter.engine.admin().create_tag(text).outcome
    except guiche.Invalid as invalid:
        assert invalid.field == "name"
        return
    assert counter.engine.setup().tags[tag.id].name == tag.name == text.strip()


@pytest.mark.parametrize("text", [text for text in TEXTS if text.strip()])
def test_messages_keep_every_letter(on_disk: Counter, text: str) -> None:
    talk = on_disk.talk(text)
    assert on_disk.desk.messages(talk)[0].message.content.text == text


def test_half_a_letter_is_no_text(counter: Counter) -> None:
    with pytest.raises(ValueError, match="surrogate"):
        counter.engine.admin().create_tag("\ud800")


@pytest.mark.parametrize("body", [b"", b"\0", b"{}", b"[" * 100_000, b"x" * 3_000_000, "Olá".encode("utf-16")])
def test_deliveries_of_any_bytes_are_answered(counter: Counter, body: bytes) -> None:
    with pytest.raises(guiche.Invalid) as refused:
        counter.engine.ingest(guiche.ChannelKind.WHATS_APP, body, "sha256=" + "0" * 64)
    assert refused.value.field == "signature"


def test_files_may_be_empty_and_large(counter: Counter) -> None:
    for size in (0, 1, 5_000_000):
        try:
            file = counter.engine.store_media(b"\0" * size, "zeros.bin")
        except GuicheError as error:
            assert error.code
        else:
            assert file.size == size


def test_numbers_that_do_not_fit_are_refused(counter: Counter) -> None:
    for limit in (-1, 2**32, 2**64):
        with pytest.raises(OverflowError):
            counter.engine.pump(limit)
    with pytest.raises(TypeError):
        counter.engine.pump("ten")  # type: ignore[arg-type]
    assert counter.engine.changes_since(-5, 0) is not None


def test_random_calls_give_errors_and_never_a_crash(counter: Counter, unraised: list[BaseException]) -> None:
    counter.talk()
    maker = Maker(11, wild=True)
    doors: dict[str, Any] = {
        "Desk": counter.desk,
        "Admin": counter.engine.admin(),
        "Engine": counter.engine,
    }
    left_out = {"close", "open", "closed", "subscribe", "write_attendances_csv", "write_messages_csv", "store_media"}
    methods = [
        (name, method)
        for name in doors
        for method in functions(name)
        if not method.name.startswith(("_", "iter_")) and method.name not in left_out
    ]
    outcomes = {"done": 0, "refused": 0, "wrong": 0}
    for _ in range(CALLS):
        name, method = maker.random.choice(methods)
        try:
            maker.call(doors[name], method)
        except GuicheError as error:
            assert error.code and error.explain()
            outcomes["refused"] += 1
        except (TypeError, ValueError, OverflowError):
            outcomes["wrong"] += 1
        else:
            outcomes["done"] += 1
    assert min(outcomes.values()) > CALLS // 100, outcomes
    assert counter.engine.state_digest()


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_memory_is_flat_over_many_calls(counter: Counter) -> None:
    desk, talk = counter.desk, counter.talk()

    def resident() -> int:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def calls(count: int) -> None:
        for _ in range(count // 5):
            shown = desk.messages(talk)
            shown[0].message.content.text
            desk.attendance(talk).to_dict()
            desk.window(talk).to_json()
            try:
                desk.contact(guiche.ContactId(1))
            except LookupError:
                pass
            guiche.ExportFilter(departments=[counter.sales.id]).replace(trash=True)

    calls(20_000)
    before = resident()
    calls(100_000)
    grown = resident() - before
    assert grown < 4_000_000, f"{grown} bytes more after 100,000 calls"
