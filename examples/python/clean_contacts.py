"""Brings a list of clients in: says for every row what would happen, and does it only with --apply.

    python examples/python/clean_contacts.py [clients.csv] [--db counter.db] [--apply]
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

from tqdm import tqdm

import guiche
from counter import open_counter

SAMPLE = Path(__file__).with_name("clients.csv")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("clients", type=Path, nargs="?", default=SAMPLE, help="CSV with name, phone, email")
    parser.add_argument("--db", type=Path, help="an account's database; without it one is made up")
    parser.add_argument("--apply", action="store_true", help="do it, after the rehearsal")
    given = parser.parse_args()
    engine = guiche.Engine.open(given.db) if given.db is not None else open_counter().engine
    with engine:
        channel = next(iter(engine.setup().channels.values()))
        with given.clients.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        show(brought_in(engine, channel.id, rows, dry_run=True), rows)
        if not given.apply:
            print("Nothing was done: say --apply to do it.")
            return
        report = brought_in(engine, channel.id, rows, dry_run=False)
        print(f"Done: {report.created} made, {report.matched} were there.")
        again = brought_in(engine, channel.id, rows, dry_run=True)
        print(f"A second time would make {again.created}.")


def brought_in(
    engine: guiche.Engine, channel_id: guiche.ChannelId, rows: list[dict[str, str]], dry_run: bool
) -> guiche.ImportReport:
    with tqdm(total=len(rows), desc="rehearsal" if dry_run else "import") as bar:
        return engine.admin().import_rows(channel_id, rows, dry_run=dry_run, chunk=5_000, progress=bar.update)


def show(report: guiche.ImportReport, rows: list[dict[str, str]]) -> None:
    for number, _, outcome in ((row.number, row.row, row.outcome) for row in report):
        match outcome:
            case guiche.ImportedRow.Created():
                said = "would be made"
            case guiche.ImportedRow.Matched(by=by):
                said = f"is there already, by {by}"
            case guiche.ImportedRow.Conflict(contacts=contacts):
                said = f"is {len(contacts)} contacts: somebody has to look"
            case guiche.ImportedRow.Invalid(field=field, problem=problem):
                said = f"cannot be read: {field} is {problem.code}"
            case _:
                said = repr(outcome)
        print(f"row {number + 1}, {rows[number]['name'] or '(no name)'}: {said}")


if __name__ == "__main__":
    main()
