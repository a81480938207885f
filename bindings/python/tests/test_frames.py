"""What the back office's DataFrames make of rows: pandas and polars take them as they are."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

import pandas as pd
import polars as pl

import guiche
from conftest import MINUTE, Counter


def three_talks(counter: Counter) -> None:
    for number in range(3):
        counter.clock.advance(MINUTE)
        counter.writes(f"mensagem {number}", wa_id=f"55119{number:08}")
    first = list(counter.desk.iter_inbox(days=guiche.Days.Any()))[-1]
    counter.desk.send_text(first.id, "Pois não")


def test_pandas_takes_rows_as_they_are(counter: Counter) -> None:
    three_talks(counter)
    attendances = pd.DataFrame(counter.engine.iter_attendance_rows())
    assert len(attendances) == 3 and attendances["id"].is_unique
    # Instants are instants, so that what is asked of times can be asked.
    created = pd.to_datetime(attendances["created_at"])
    assert created.dt.tz is not None and created.max() <= pd.Timestamp(counter.clock.now())
    assert attendances.groupby("department_id").size().to_dict() == {counter.sales.id: 3}
    messages = pd.DataFrame(counter.engine.iter_message_rows())
    assert sorted(messages["text"]) == ["Pois não", "mensagem 0", "mensagem 1", "mensagem 2"]


def test_polars_takes_rows_as_they_are(counter: Counter) -> None:
    three_talks(counter)
    attendances = pl.DataFrame(list(counter.engine.iter_attendance_rows()))
    assert attendances.height == 3 and attendances["id"].dtype == pl.Int64
    assert attendances["created_at"].dtype == pl.Datetime("us", "UTC")
    latest = attendances["created_at"].max()
    assert isinstance(latest, datetime) and latest.astimezone(timezone.utc) <= counter.clock.now()
    messages = pl.DataFrame(list(counter.engine.iter_message_rows()))
    assert sorted(messages["text"].to_list()) == ["Pois não", "mensagem 0", "mensagem 1", "mensagem 2"]


def test_what_a_frame_holds_is_imported(counter: Counter, tmp_path: Path) -> None:
    clients = tmp_path / "clients.csv"
    clients.write_text("name,phone,email\nAna,+55 11 98765-0001,\nBia,+55 11 98765-0002,bia@example.com\nSem,,\n")
    admin = counter.engine.admin()
    # pandas says NaN or NA for what is missing, polars None.
    frame = pd.read_csv(clients)
    for rows in (frame.to_dict("records"), frame.convert_dtypes().to_dict("records")):
        report = admin.import_rows(counter.channel.id, rows, dry_run=True)
        outcomes = pd.DataFrame(outcome.to_dict() for outcome in report)
        assert len(outcomes) == 3 and (report.created, report.invalid) == (2, 1)
    again = admin.import_rows(counter.channel.id, pl.read_csv(clients).to_dicts())
    assert (again.created, again.invalid) == (2, 1)


def test_csv_is_read_by_both(counter: Counter, tmp_path: Path) -> None:
    three_talks(counter)
    path = tmp_path / "messages.csv"
    assert counter.engine.write_messages_csv(path) == 4
    rows = list(counter.engine.iter_message_rows())
    for columns in (list(pd.read_csv(path).columns), pl.read_csv(path).columns):
        assert columns == list(rows[0])
