"""Iterators over pages, exports, imports."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from pathlib import Path

import pytest

import guiche
from guiche import ContactRow, ImportedRow
from conftest import MINUTE, Counter


def test_iterators_go_through_every_page(counter: Counter) -> None:
    for number in range(25):
        counter.clock.advance(MINUTE)
        talk = counter.talk(f"mensagem {number}")
    desk = counter.desk
    texts = [shown.message.content.text for shown in desk.iter_messages(talk, page=10)]
    assert texts == [f"mensagem {number}" for number in reversed(range(25))]
    lazy = desk.iter_messages(talk, page=10)
    assert next(lazy).message.content.text == "mensagem 24"
    events = list(counter.engine.iter_changes(page=7))
    assert [event.seq for event in events] == list(range(1, counter.engine.head() + 1))
    timeline = [event.seq for event in reversed(events) if event.attendance_id == talk and event.position is not None]
    assert [event.seq for event in desk.iter_timeline(talk, page=7)] == timeline
    changes = list(desk.iter_changes(page=7))
    assert changes[-1][1] == counter.engine.head() and list(desk.iter_changes(changes[-1][1])) == []
    for number in range(5):
        desk.write_note(attendance_id=talk, text=f"nota {number}")
    assert [shown.note.text for shown in desk.iter_notes(talk, page=2)] == [f"nota {n}" for n in reversed(range(5))]


def test_the_inbox_is_gone_through(counter: Counter) -> None:
    for number in range(12):
        counter.writes("Oi", wa_id=f"55119{number:08}")
    cards = list(counter.desk.iter_inbox(days=guiche.Days.Any(), limit=5))
    assert len({card.id for card in cards}) == 12


def test_rows_are_dicts_with_the_same_keys(counter: Counter) -> None:
    talk = counter.talk("Olá, preciso de ajuda")
    counter.desk.send_text(talk, "Pois não")
    rows = list(counter.engine.iter_message_rows())
    assert len(rows) == 2 and len({tuple(row) for row in rows}) == 1
    assert rows == list(counter.desk.iter_message_rows())
    (attendance,) = counter.engine.iter_attendance_rows(departments=[counter.sales.id])
    assert attendance["id"] == talk
    assert list(counter.engine.iter_attendance_rows(created_until=counter.clock.now() - timedelta(days=1))) == []
    with pytest.raises(TypeError):
        list(counter.engine.iter_attendance_rows(colour="red"))


def test_csv_is_written_to_files_and_objects(counter: Counter, tmp_path: Path) -> None:
    talk = counter.talk("=1+1, \"aspas\"\nlinha")
    counter.desk.send_text(talk, "Pois não")
    told: list[int] = []
    assert counter.engine.write_messages_csv(tmp_path / "m.csv", progress=told.append) == 2
    assert told == [2]
    written = (tmp_path / "m.csv").read_bytes().decode()
    rows = list(csv.DictReader(io.StringIO(written)))
    assert any("'=1+1, \"aspas\"\nlinha" in row.values() for row in rows)
    kept = io.BytesIO()
    assert counter.desk.write_messages_csv(kept) == 2
    assert kept.getvalue().decode() == written
    assert counter.desk.write_attendances_csv(tmp_path / "a.csv", variant="ids_only") == 1
    with pytest.raises(OSError):
        counter.engine.write_attendances_csv(tmp_path / "no" / "folder.csv")

    class Full:
        def write(self, data: bytes, /) -> int:
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        counter.engine.write_attendances_csv(Full())


def test_an_import_answers_for_every_row(counter: Counter) -> None:
    admin = counter.engine.admin()
    rows: list[ContactRow | dict[str, object]] = [
        {"name": "Ana", "phone": "+55 11 98765-0001"},
        ContactRow(name="Bia", phone="+55 11 98765-0002"),
        {"name": "Ana outra vez", "phone": "+55 11 98765-0001", "email": float("nan")},
        {"name": "Sem número", "phone": ""},
    ]
    dry = admin.import_rows(counter.channel.id, rows, dry_run=True)
    assert (dry.created, dry.matched, dry.invalid) == (2, 1, 1)
    assert counter.desk.find_contacts("Bia") == []
    told: list[int] = []
    came = admin.import_rows(counter.channel.id, iter(rows), chunk=3, progress=told.append)
    assert told == [3, 1] and len(came) == 4
    kinds = [type(outcome.outcome) for outcome in came]
    assert kinds == [ImportedRow.Created, ImportedRow.Created, ImportedRow.Matched, ImportedRow.Invalid]
    assert came.rows[3].to_dict()["row"] == 3
    again = admin.import_rows(counter.channel.id, rows)
    assert again.created == 0
    with pytest.raises(TypeError, match="row 0: a contact has no 'telefone'"):
        admin.import_rows(counter.channel.id, [{"telefone": "1"}])
    with pytest.raises(TypeError, match="row 0: phone: expected a str, not int"):
        admin.import_rows(counter.channel.id, [{"phone": 5511987650001}])
    with pytest.raises(ValueError, match="chunk"):
        admin.import_rows(counter.channel.id, [], chunk=0)
    with pytest.raises(guiche.NotFound):
        admin.import_rows(guiche.ChannelId(1), rows)


def test_many_deliveries_are_taken_in_at_once(counter: Counter) -> None:
    deliveries: list[tuple[bytes, str | None]] = [counter.message(f"{n}") for n in range(5)]
    deliveries.insert(2, (b"{}", None))
    came = counter.engine.ingest_many(guiche.ChannelKind.WHATS_APP, deliveries)
    assert isinstance(came[2], guiche.Invalid)
    assert sum(isinstance(report, guiche.IngestReport) for report in came) == 5
    again = counter.engine.ingest_many(guiche.ChannelKind.WHATS_APP, iter(deliveries))
    outcomes = [report.items[0].outcome for report in again if isinstance(report, guiche.IngestReport)]
    assert outcomes == [guiche.ItemOutcome.DUPLICATE] * 5
    assert counter.engine.ingest_many(guiche.ChannelKind.WHATS_APP, []) == []
    with pytest.raises(TypeError):
        counter.engine.ingest_many(guiche.ChannelKind.WHATS_APP, [("text", None)])  # type: ignore[list-item]


def test_what_values_tell_of_themselves(counter: Counter) -> None:
    talk = counter.talk("Oi")
    desk = counter.desk
    view = desk.window(talk)
    assert view.window.until is not None and view.window.allows_free_form
    transcript = desk.transcript(talk, locale=guiche.Locale.EN)
    assert "Oi" in transcript.plain
    file = counter.engine.store_media(b"%PDF-1.4 x", "a.pdf")
    fit = desk.fit(file, counter.channel.id)
    assert fit.advice() != fit.advice(guiche.Locale.EN) or fit.advice() == ""
    assert guiche.Fit.advice(fit, guiche.Locale.EN) == fit.advice(guiche.Locale.EN)
    names = {marker.name_in(locale) for marker in guiche.SuppliedMarker for locale in guiche.Locale}
    assert len(names) > len(guiche.SuppliedMarker)
    (episode,) = desk.episode_times(talk)
    assert episode.resolution is None and episode.first_response is None
    diff = counter.engine.diff_templates(counter.channel.id)
    assert diff.is_empty
    with pytest.raises(AttributeError):
        diff.is_empty = False  # type: ignore[misc]
