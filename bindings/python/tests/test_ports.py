"""Ports and listeners that are Python objects: they answer, raise, call back in, and are used after close."""

from __future__ import annotations

import gc
import threading
import weakref
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import guiche
from guiche import AttendanceId, Channel, ChannelKind, SendAnswer, SendJob, SendReport
from conftest import NOON, SECRET, Counter, furnish, opened


class Platform:
    """A platform of the application's own: messaging, templates and media in one object."""

    def __init__(self) -> None:
        self.sent: list[SendJob] = []
        self.raises: BaseException | None = None
        self.engine: guiche.Engine | None = None

    def _maybe(self) -> None:
        if self.raises is not None:
            raise self.raises

    def send(self, job: SendJob, /) -> SendReport:
        self._maybe()
        self.sent.append(job)
        if self.engine is not None:
            assert self.engine.head() > 0
            self.engine.admin().create_tag(f"from the port {len(self.sent)}")
        wamid = f"wamid.out.{len(self.sent)}"
        return SendReport(answer=SendAnswer.Accepted(wamid=wamid, paced=False))

    def mark_read(self, channel: Channel, wamid: str, typing: bool, /) -> None:
        self._maybe()

    def page(self, channel: Channel, cursor: str | None, /) -> guiche.TemplatePage:
        self._maybe()
        return guiche.TemplatePage(templates=[], unread=0)

    def upload(self, channel: Channel, file: guiche.FileUpload, /) -> guiche.UploadedMedia:
        self._maybe()
        assert file.path.stat().st_size == file.size
        return guiche.UploadedMedia(media_id="media.1", lifetime=timedelta(days=30))

    def fetch(self, channel: Channel, media_id: str, limit: int, path: Path, /) -> guiche.FetchedMedia:
        self._maybe()
        path.write_bytes(b"x" * 10)
        return guiche.FetchedMedia(mime_type="image/jpeg", size=10, hash=guiche.HashCheck.NOT_GIVEN)


@pytest.fixture
def own() -> tuple[Counter, Platform]:
    platform = Platform()
    reached = guiche.Platform.of_ports(messaging=platform, templates=platform, media=platform, app_secrets=[SECRET])
    return opened(guiche.Store.memory(), platforms={ChannelKind.WHATS_APP: reached}), platform


def test_protocols_know_their_own() -> None:
    platform = Platform()
    assert isinstance(platform, guiche.MessagingPort) and isinstance(platform, guiche.TemplateSource)
    assert isinstance(platform, guiche.MediaTransfer) and not isinstance(platform, guiche.ModulesPort)
    assert isinstance(guiche.ManualClock(NOON), guiche.Clock)


def test_a_port_hands_over(own: tuple[Counter, Platform]) -> None:
    counter, platform = own
    talk = counter.talk()
    counter.desk.send_text(talk, "Olá, Maria! 👋🏽")
    assert counter.engine.pump(10).accepted == 1
    match platform.sent[0].content:
        case guiche.Content.Text(body=body):
            assert body == "Olá, Maria! 👋🏽"


def test_a_port_may_call_back_in(own: tuple[Counter, Platform]) -> None:
    counter, platform = own
    platform.engine = counter.engine
    counter.desk.send_text(counter.talk(), "Olá")
    assert counter.engine.pump(10).accepted == 1
    assert "from the port 1" in {tag.name for tag in counter.engine.setup().tags.values()}


def test_a_send_that_raises_may_have_left(own: tuple[Counter, Platform], unraised: list[BaseException]) -> None:
    counter, platform = own
    platform.raises = KeyError("mine")
    queued = counter.desk.send_text(counter.talk(), "Olá").outcome
    report = counter.engine.pump(10)
    assert report.in_doubt == 1
    assert unraised == [platform.raises]
    shown = counter.desk.message(queued.message.id)
    assert isinstance(shown.delivery, guiche.Delivery)
    assert isinstance(shown.delivery.state, guiche.DeliveryState.InDoubt)


def test_what_a_port_raises_comes_out_of_the_call_as_itself(own: tuple[Counter, Platform]) -> None:
    counter, platform = own
    platform.raises = KeyError("mine")
    with pytest.raises(KeyError, match="mine") as raised:
        counter.engine.diff_templates(counter.channel.id)
    assert raised.value is platform.raises
    talk = counter.talk()
    message = counter.desk.messages(talk)[0].message.id
    with pytest.raises(KeyError, match="mine"):
        counter.desk.mark_read(message)


def test_what_a_port_declares_is_the_engines_error(own: tuple[Counter, Platform]) -> None:
    counter, platform = own
    platform.raises = guiche.NetworkFailed("timed_out")
    with pytest.raises(guiche.NetworkFailed) as failed:
        counter.engine.diff_templates(counter.channel.id)
    assert failed.value.reason == "timed_out" and failed.value.retry is guiche.Retry.LATER


def test_a_progress_may_end_a_listing(own: tuple[Counter, Platform]) -> None:
    counter, _ = own
    pages: list[guiche.SyncPage] = []
    assert counter.engine.diff_templates_with(counter.channel.id, pages.append).is_empty
    assert [page.pages for page in pages] == [1]
    with pytest.raises(guiche.Cancelled):
        counter.engine.sync_templates_with(counter.channel.id, lambda page: False)

    def breaks(page: guiche.SyncPage) -> None:
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        counter.engine.sync_templates_with(counter.channel.id, breaks)


def test_an_interruption_ends_the_call(own: tuple[Counter, Platform]) -> None:
    counter, platform = own
    counter.desk.send_text(counter.talk(), "Olá")
    platform.raises = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        counter.engine.pump(10)


def test_answers_of_the_wrong_type_are_told(own: tuple[Counter, Platform], unraised: list[BaseException]) -> None:
    counter, platform = own
    platform.page = lambda channel, cursor: 5  # type: ignore[method-assign, assignment, return-value]
    with pytest.raises(TypeError, match="expected a TemplatePage, not int"):
        counter.engine.diff_templates(counter.channel.id)
    platform.send = lambda job: None  # type: ignore[method-assign, assignment, return-value]
    counter.desk.send_text(counter.talk(), "Olá")
    assert counter.engine.pump(10).in_doubt == 1
    assert isinstance(unraised[0], TypeError)


class Told:
    def __init__(self) -> None:
        self.heard: list[int] = []

    def committed(self, seq: int, /) -> None:
        self.heard.append(seq)


def test_listeners_hear_each_commit_until_they_are_closed(counter: Counter) -> None:
    told, also = Told(), Told()
    with counter.engine.subscribe(told), counter.engine.subscribe(also.committed) as second:
        counter.engine.admin().create_tag("a")
        second.close()
        second.close()
        counter.engine.admin().create_tag("b")
    counter.engine.admin().create_tag("c")
    assert len(told.heard) == 2 and also.heard == told.heard[:1]
    assert told.heard[-1] < counter.engine.head()


def test_a_listener_that_raises_undoes_nothing(counter: Counter, unraised: list[BaseException]) -> None:
    def breaks(seq: int) -> None:
        raise RuntimeError("mine")

    with counter.engine.subscribe(breaks):
        tag = counter.engine.admin().create_tag("a").outcome
    assert tag.id in counter.engine.setup().tags
    assert [str(error) for error in unraised] == ["mine"]


def test_a_listener_may_call_back_in_and_close(counter: Counter) -> None:
    heads: list[int] = []

    def looks(seq: int) -> None:
        heads.append(counter.engine.head())
        if len(heads) < 3:
            counter.engine.admin().create_tag(f"again {len(heads)}")

    with counter.engine.subscribe(looks):
        counter.engine.admin().create_tag("a")
    assert len(heads) == 3
    with counter.engine.subscribe(lambda seq: counter.engine.close()):
        counter.engine.admin().create_tag("last")
    assert counter.engine.closed


def test_closing_lets_go_of_ports_and_listeners() -> None:
    platform, told = Platform(), Told()
    reached = guiche.Platform.of_ports(messaging=platform, templates=platform, media=platform, app_secrets=[SECRET])
    made = opened(guiche.Store.memory(), platforms={ChannelKind.WHATS_APP: reached})
    made.engine.subscribe(told)
    gone: list[weakref.ref[Any]] = [weakref.ref(platform), weakref.ref(told)]
    made.engine.close()
    del platform, told, reached, made
    gc.collect()
    assert [ref() for ref in gone] == [None, None]


class Broken:
    def now(self) -> datetime:
        raise RuntimeError("no clock")

    def next_id(self, now: datetime, /) -> int:
        raise RuntimeError("no ids")

    def fraction(self) -> float:
        raise RuntimeError("no chance")


def test_a_clock_and_ids_that_break_are_answered_for(unraised: list[BaseException]) -> None:
    broken = Broken()
    engine = guiche.Engine.open(guiche.Store.memory(), clock=broken, ids=broken, jitter=broken)
    assert engine.admin().create_tag("a").outcome.id > 0
    assert {str(error) for error in unraised} == {"no clock", "no ids"}
    engine.close()


def test_a_decoder_that_breaks_loses_nothing(unraised: list[BaseException]) -> None:
    class Decoder:
        def verify(self, body: bytes, signature: str | None, /) -> guiche.SignatureError | None:
            return None if signature == "ok" else guiche.SignatureError.WRONG

        def decode(self, body: bytes, /) -> list[guiche.InboundItem]:
            raise RuntimeError("cannot read")

        def content(self, raw: str, /) -> guiche.Content | None:
            return None

    platform = Platform()
    reached = guiche.Platform.of_ports(messaging=platform, templates=platform, media=platform, decoder=Decoder())
    counter = opened(guiche.Store.memory(), platforms={ChannelKind.WHATS_APP: reached})
    with pytest.raises(guiche.Invalid, match="signature: malformed"):
        counter.engine.ingest(ChannelKind.WHATS_APP, b"?", "no")
    report = counter.engine.ingest(ChannelKind.WHATS_APP, b"one line", "ok")
    assert len(report.items) == 1 and len(unraised) == 1
    assert [kept.raw for kept in counter.engine.admin().kept()] == ["one line"]
    counter.engine.close()


def test_files_cross_as_paths(own: tuple[Counter, Platform], tmp_path: Path) -> None:
    counter, platform = own
    talk: AttendanceId = counter.talk()
    path = tmp_path / "carta à cliente.txt"
    path.write_text("Olá", encoding="utf-8")
    file = counter.engine.store_media(path)
    assert file.filename == "carta à cliente.txt"
    same = counter.engine.store_media("Olá".encode(), "outra.txt")
    assert same.sha256 == file.sha256
    content = file.content(guiche.MediaKind.DOCUMENT, "Para você")
    assert content.caption == "Para você"
    counter.desk.send(talk, guiche.Content.Media(content))
    assert counter.engine.pump(10).accepted == 1
    with pytest.raises(FileNotFoundError):
        counter.engine.store_media(tmp_path / "missing")


def test_a_media_store_of_ones_own(tmp_path: Path) -> None:
    import hashlib
    import shutil

    class Folder:
        def put(self, path: Path, limit: int, /) -> guiche.StoredMedia:
            content = path.read_bytes()
            name = hashlib.sha256(content).hexdigest()
            shutil.copy(path, tmp_path / name)
            return guiche.StoredMedia(sha256=name, size=len(content), head=content[:8192])

        def path(self, sha256: str, /) -> Path | None:
            found = tmp_path / sha256
            return found if found.exists() else None

    counter = opened(guiche.Store.memory(), media=Folder())
    file = counter.engine.store_media(b"x" * 100, "x.txt")
    assert (tmp_path / file.sha256).read_bytes() == b"x" * 100
    counter.engine.close()


def test_the_interpreter_is_free_while_a_port_waits(counter: Counter) -> None:
    counter.port.tell({"send": {"answer": "accepted", "hold": True}})
    counter.desk.send_text(counter.talk(), "Olá")
    reports: list[guiche.PumpReport] = []
    pump = threading.Thread(target=lambda: reports.append(counter.engine.pump(10)))
    pump.start()
    while not counter.port.wait_held(timedelta(milliseconds=5)):
        pass
    assert counter.engine.head() > 0  # while the other thread is in the port
    counter.port.release()
    pump.join(timeout=30)
    assert [report.accepted for report in reports] == [1]
