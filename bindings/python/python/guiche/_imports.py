"""Contacts from elsewhere, any number of rows, each with its outcome."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

from guiche import _guiche

if TYPE_CHECKING:
    from guiche._guiche import Admin, ChannelId, ContactRow, ImportedRow

__all__ = ["ImportReport", "RowOutcome"]

_FIELDS = ("name", "phone", "user_id", "email")
# Core's own limit of one call.
_MOST = 5_000


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """What came of one row."""

    #: Which row, from 0.
    number: int
    #: The row as it was given.
    row: "ContactRow | Mapping[Any, Any]"
    #: What came of it.
    outcome: "ImportedRow"

    def to_dict(self) -> dict[str, Any]:
        """The number and the outcome as one flat dict, for a DataFrame."""
        return {"row": self.number, **self.outcome.to_dict()}


@dataclass(slots=True)
class ImportReport:
    """What came of all rows, in their order. It can be gone through like a list of outcomes."""

    #: The outcomes.
    rows: list[RowOutcome] = field(default_factory=list)
    #: How many contacts were made.
    created: int = 0
    #: How many rows found theirs.
    matched: int = 0
    #: How many are in conflict.
    conflicts: int = 0
    #: How many cannot be read.
    invalid: int = 0

    def __iter__(self) -> Iterator[RowOutcome]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def _is_empty(value: object) -> bool:
    """Whether a cell has no value: None, empty text, or what a DataFrame has in its place."""
    try:
        # NaN alone differs from itself.
        return value is None or bool(value == "") or bool(value != value)
    except TypeError:
        # pandas' NA says of nothing whether it is so.
        return True


def _row(row: "ContactRow | Mapping[Any, Any]", number: int) -> "ContactRow":
    if isinstance(row, _guiche.ContactRow):
        return row
    if not isinstance(row, Mapping):
        raise TypeError(f"row {number}: expected a ContactRow or a dict, not {type(row).__name__}")
    unknown = [name for name in row if name not in _FIELDS]
    if unknown:
        raise TypeError(f"row {number}: a contact has no {unknown[0]!r}; its fields are {', '.join(_FIELDS)}")
    given = {name: value for name, value in row.items() if not _is_empty(value)}
    try:
        return _guiche.ContactRow(**given)
    except (TypeError, ValueError) as error:
        raise type(error)(f"row {number}: {error}") from None


def import_rows(
    admin: "Admin",
    channel_id: "ChannelId",
    rows: "Iterable[ContactRow | Mapping[Any, Any]]",
    dry_run: bool,
    chunk: int,
    progress: Callable[[int], object] | None,
) -> ImportReport:
    """`Admin.import_rows`."""
    if not 1 <= chunk <= _MOST:
        raise ValueError(f"chunk: from 1 to {_MOST}")
    report = ImportReport()
    numbered = iter(enumerate(rows))
    while taken := list(islice(numbered, chunk)):
        readable = [_row(row, number) for number, row in taken]
        came = admin.import_contacts(channel_id=channel_id, rows=readable, rehearsal=dry_run).outcome
        report.rows += [
            RowOutcome(number, row, outcome) for (number, row), outcome in zip(taken, came.rows, strict=True)
        ]
        report.created += came.created
        report.matched += came.matched
        report.conflicts += came.conflicts
        report.invalid += came.invalid
        if progress is not None:
            progress(len(taken))
    return report
