"""What keeping an account's database tells."""

from dataclasses import dataclass

__all__ = ["CopyState", "StoreCheck"]


@dataclass(frozen=True, slots=True)
class CopyState:
    """How far a backup or a restore is. Files come after the pages; how many there are is known from then on."""

    #: Pages of the database that are copied.
    pages_done: int
    #: Pages that the database has.
    pages_total: int
    #: Files of messages that are copied.
    files_done: int
    #: Files of messages that there are.
    files_total: int


@dataclass(frozen=True, slots=True)
class StoreCheck:
    """What looking for damage found."""

    #: What is wrong with the database, in SQLite's words, 100 at most. Empty when it is sound.
    problems: list[str]
    #: How many files of messages there are.
    files: int
    #: Those of which the bytes are not what their name says.
    damaged_files: list[str]
