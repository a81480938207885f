# Written by `cargo run -p guiche-surface -- stubs` from core's source and stubs/by_hand.pyi; do not edit.

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from os import PathLike
from types import TracebackType
from typing import Any, Literal, NewType, Protocol, Self, final

from guiche._done import Done
from guiche._errors import GuicheError
from guiche._imports import ImportReport
from guiche._ports import (
    Clock,
    HealthProbe,
    IdSource,
    InboundDecoder,
    Jitter,
    Listener,
    MediaStore,
    MediaTransfer,
    MessagingPort,
    ModulesPort,
    TemplateSource,
)
from guiche._store import CopyState, StoreCheck

__all__: list[str]

class _Writes(Protocol):
    def write(self, data: bytes, /) -> object: ...

def _noop() -> None: ...
def _time_inbox(desk: Desk, limit: int, times: int) -> float: ...
def _time_messages(desk: Desk, id: AttendanceId, limit: int, times: int) -> float: ...
def _time_decode(body: bytes, times: int) -> float: ...
def _time_ingest(engine: Engine, deliveries: Iterable[tuple[bytes, str]]) -> float: ...
def _code(error: GuicheError) -> str: ...
def _retry(error: GuicheError) -> Retry: ...
def _explain(error: GuicheError, locale: Locale, offset_minutes: int) -> str: ...
def _instant(error: GuicheError) -> datetime | None: ...
def platform_advice(code: int, locale: Locale | None = None) -> str:
    """What to tell the attendant about a platform's code where nothing is tried again by itself: of a channel that stopped, of a
    row of an export. In Portuguese unless told otherwise."""

def flatten_whitespace(value: str, /) -> str:
    """A value without the line breaks, tabs and long runs of blanks that the platform refuses in a template. Offered to forms;
    nothing is rewritten unasked."""

class Record:
    """A value of the engine: frozen, compared by what it holds."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __copy__(self) -> Self: ...
    def __deepcopy__(self, memo: object, /) -> Self: ...
    def __reduce__(self) -> tuple[Any, tuple[str]]: ...
    def __replace__(self, **changes: Any) -> Self: ...
    def replace(self, **changes: Any) -> Self:
        """A copy with other values in some fields."""
    def to_dict(self) -> dict[str, Any]:
        """The fields as a dict of plain values: nested records as dicts, words as text, instants as aware datetimes. Of a
        choice, `"variant"` says which it is."""
    def to_json(self) -> str:
        """The value as JSON, as the engine itself writes it: ids as text, instants in milliseconds.

        Raises:
            TypeError: for what only ports are given, which has no JSON."""
    @classmethod
    def from_json(cls, text: str) -> Self:
        """The value that `to_json` wrote.

        Raises:
            ValueError: for text that is no such value."""

@final
class Store:
    """A store: a database file with its media folder beside it, or memory."""
    @staticmethod
    def sqlite(
        path: str | PathLike[str],
        *,
        durability: Literal["full", "normal"] = "full",
        busy_timeout: timedelta | None = None,
        readers: int = 4,
        cache_kib: int = 4096,
        key: bytes | str | None = None,
    ) -> Store:
        """Opens a database file, made if it does not exist; an older one is migrated. Files lie in a folder beside it."""
    @staticmethod
    def memory() -> Store:
        """A store in memory, for tests: gone with the last engine over it."""
    def backup_to(
        self, path: str | PathLike[str], *, progress: Callable[[CopyState], object] | None = None
    ) -> None:
        """Copies the database as it is now, and the files of its messages, to `path` and `path-media`, while others go on
        reading and writing. `progress` is told now and then, and ends the copy by returning False or raising.

        Raises:
            StoreFailed: `backup_exists` when there is something already; `copy_cancelled` by `progress`; `not_supported` in memory;
                the codes of stores."""
    @staticmethod
    def restore(
        backup: str | PathLike[str],
        path: str | PathLike[str],
        *,
        key: bytes | str | None = None,
        progress: Callable[[CopyState], object] | None = None,
    ) -> None:
        """Copies a backup, and the files of its messages, to where an account is kept. Open the engine over it and call
        `after_restore` before anything is sent.

        Raises:
            StoreFailed: `backup_exists` when something is there already; `copy_cancelled` by `progress`; the codes of stores."""
    def verify(self) -> StoreCheck:
        """Reads everything and says what is damaged, while others go on. As long as reading the whole disk space takes."""
    def checkpoint(self) -> None:
        """Copies the write-ahead log into the file."""

@final
class Platform:
    """A platform, reached."""
    @staticmethod
    def cloud_api(
        token: str,
        app_secrets: Iterable[str],
        *,
        base_url: str | None = None,
        version: str | None = None,
        numbers: Mapping[str, dict[str, str]] | None = None,
        proxy: str | None = None,
    ) -> Platform:
        """Meta's Cloud API. Keep the token on the company's server: whoever has it can write to every client."""
    @staticmethod
    def of_ports(
        *,
        messaging: MessagingPort,
        templates: TemplateSource,
        media: MediaTransfer,
        decoder: InboundDecoder | None = None,
        app_secrets: Iterable[str] | None = None,
        health: HealthProbe | None = None,
    ) -> Platform:
        """Ports of the application's own. Deliveries are the Cloud API's, signed by one of `app_secrets`, or of another
        form, which `decoder` knows. Without `health` a person resumes a channel that a configuration error stopped."""
    @staticmethod
    def scripted(port: ScriptedPort, app_secret: str) -> Platform:
        """A platform that answers by a script and keeps what was sent: for tests."""

@final
class ManualClock:
    """A clock that stands until it is set."""
    def __new__(cls, start: datetime) -> Self: ...
    def set(self, now: datetime) -> None:
        """Sets it; it may go back."""
    def advance(self, by: timedelta) -> datetime:
        """Moves it on, and returns what it shows then."""
    def now(self) -> datetime:
        """What it shows."""

@final
class SequenceIds:
    """Ids one after another, so that runs repeat."""
    def __new__(cls, first: int = 1) -> Self: ...
    def next_id(self, now: datetime) -> int:
        """The next id."""

@final
class SeededJitter:
    """Chance that is the same for the same seed."""
    def __new__(cls, seed: int = 0) -> Self: ...
    def fraction(self) -> float:
        """A number from 0 up to, and not including, 1."""

@final
class ScriptedPort:
    """A platform that answers by a script and keeps what it was given."""
    def __new__(cls) -> Self: ...
    def tell(self, script: dict[str, Any] | list[dict[str, Any]] | str) -> None:
        """Tells it how it answers: a dict, a list of them, or the same as JSON."""
    def take_sent(self) -> list[dict[str, Any]]:
        """What it was asked to send since this was last asked."""
    def take_uploads(self) -> list[dict[str, Any]]:
        """What it was asked to upload since this was last asked."""
    def take_fetched(self) -> list[dict[str, Any]]:
        """What files it was asked for since this was last asked."""
    def take_marked(self) -> list[dict[str, Any]]:
        """What it was asked to mark as read since this was last asked."""
    def take_probed(self) -> list[dict[str, Any]]:
        """After which channels it was asked since this was last asked."""
    def will_hold(self) -> bool:
        """Whether an answer told in advance will keep its caller waiting."""
    def wait_held(self, a_little: timedelta) -> bool:
        """Waits a little for a caller to be kept waiting. Says whether one is."""
    def release(self) -> None:
        """Lets the callers who wait have their answer, and returns when they are on their way."""
    def abandon(self) -> None:
        """Ends the callers who wait without an answer, as the death of their process would."""

@final
class ScriptedModules:
    """Neighbour modules that answer by a script."""
    def __new__(cls) -> Self: ...
    def tell(self, script: dict[str, Any] | list[dict[str, Any]] | str) -> None:
        """Tells them how they answer: a dict, a list of them, or the same as JSON."""
    def take_asked(self) -> list[dict[str, Any]]:
        """What they were asked since this was last asked."""

@final
class Subscription:
    """That a listener is told; ends when it is closed, or with its `with` block."""
    def close(self) -> None:
        """Ends it; again is harmless."""
    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None, /
    ) -> None: ...

@final
class Engine:
    """The engine of one account.

    It starts no thread and keeps no clock: the host calls `pump`, `fetch_files`, `pump_modules` and `advance`, and asks
    `next_wakeup` when to call again. It may be shared by threads. Use it in a `with` block, or close it."""
    @staticmethod
    def open(
        store: str | PathLike[str] | Store,
        *,
        platforms: Mapping[ChannelKind, Platform] | None = None,
        modules: ModulesPort | ScriptedModules | None = None,
        clock: Clock | None = None,
        ids: IdSource | None = None,
        jitter: Jitter | None = None,
        media: MediaStore | None = None,
    ) -> Engine:
        """Opens an engine over a database file, made if it does not exist, or over a `Store`. What is left out is the
        machine's own: its clock, its chance, ids by a node number leased in the database, files beside it."""
    def desk(self, attendant: AttendantId) -> Desk:
        """The desk of an attendant: what they may see and do. The host has made sure who they are.

        Raises:
            NotFound: If there is no such attendant or they have left."""
    def desk_of(self, login: str) -> Desk:
        """The desk of the attendant with that login.

        Raises:
            NotFound: If there is no such attendant or they have left."""
    def back_office(self) -> Desk:
        """The desk of the host itself: sees and does everything, and the record says that the host did it."""
    def admin(self) -> Admin:
        """The host's set-up."""
    def ingest(self, kind: ChannelKind, body: bytes, signature: str | None = None) -> IngestReport:
        """Takes in a delivery of a platform: checks its signature over the raw bytes, stores every element, and says what
        became of each. Once this returns it is durable: answer the platform with 200.

        Raises:
            Invalid: `malformed` in field `signature` when it does not prove the sender: nothing is stored.
            Busy, Closed"""
    def ingest_many(
        self, kind: ChannelKind, deliveries: Iterable[tuple[bytes, str | None]]
    ) -> list[IngestReport | GuicheError]:
        """Takes in many deliveries, pairs of a body and its signature, in their order. A hundred of them share one commit, which
        is what makes a backlog quick. The outcome has for each the report or the error of `ingest`: one that is refused
        does not stop those after it, and all that has a report is durable."""
    def store_media(self, file: str | PathLike[str] | bytes, filename: str | None = None) -> MediaFile:
        """Stores a file, given by its path or as bytes, to send it or put it into a gallery.

        Raises:
            Refused: `media_too_large`.
            OSError: For a path that cannot be read."""
    def diff_templates_with(self, channel: ChannelId, progress: Callable[[SyncPage], object]) -> TemplateDiff:
        """As `diff_templates`, telling `progress` after each page, which ends the listing by returning False or raising.

        Raises:
            Those of `diff_templates`; what `progress` raised; `cancelled` when it ended the listing."""
    def sync_templates_with(self, channel: ChannelId, progress: Callable[[SyncPage], object]) -> TemplateDiff:
        """As `sync_templates`, telling `progress` after each page, which ends the listing by returning False or raising:
        then nothing changes.

        Raises:
            Those of `sync_templates`; what `progress` raised; `cancelled` when it ended the listing."""
    def subscribe(self, listener: Listener | Callable[[int], object]) -> Subscription:
        """Has `listener` told after each commit of this engine, until the subscription is closed: a `Listener`, or a
        function that takes the `seq`. It is called on the thread that committed and may call back into the engine."""
    def iter_changes(self, cursor: int = 0, *, page: int = 100) -> Iterator[Event]:
        """All events after `cursor`, up to now, fetched `page` at a time."""
    def close(self) -> None:
        """Closes the engine: its ports and listeners are let go and every later call raises `Closed`. Again is harmless."""
    @property
    def closed(self) -> bool:
        """Whether it was closed."""
    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None, /
    ) -> None: ...
    def iter_attendance_rows(self, **filter: Any) -> Iterator[dict[str, Any]]:
        """The attendances, a dict each, with the same keys and types in every row. The filter's fields are those of
        `export_attendances`."""
    def iter_message_rows(self, **filter: Any) -> Iterator[dict[str, Any]]:
        """The messages, a dict each, with the same keys and types in every row."""
    def write_attendances_csv(
        self,
        target: str | PathLike[str] | _Writes,
        *,
        progress: Callable[[int], object] | None = None,
        **filter: Any,
    ) -> int:
        """Writes the attendances to a CSV file, or to anything with `write` that takes bytes. Returns how many; `progress`
        is told how many rows each page had, as `tqdm.update` takes it."""
    def write_messages_csv(
        self,
        target: str | PathLike[str] | _Writes,
        *,
        progress: Callable[[int], object] | None = None,
        **filter: Any,
    ) -> int:
        """Writes the messages to a CSV file, or to anything with `write` that takes bytes. Returns how many."""
    # The methods of core's Engine stand here.

@final
class Desk:
    """What an attendant may see and do. The host has made sure who they are; the engine makes sure what they may.

    Every command takes a `request_id`: the same id again answers what it answered before, so that pressing twice does
    no harm. Calls may be made from any thread; the interpreter is free meanwhile."""
    def attendant_id(self) -> AttendantId | None:
        """Whose desk it is; None for the host's own."""
    def change_tags(
        self,
        attendance_id: AttendanceId,
        add: Iterable[TagId] | None = None,
        remove: Iterable[TagId] | None = None,
        *,
        request_id: str | None = None,
    ) -> Done[Attendance]:
        """Puts and removes tags (S-25).

        Raises:
            NotFound, Refused: `archived`, `nothing_to_do`."""
    def read_message_file(self, message_id: MessageId, limit: int = 104857600) -> bytes:
        """The bytes of a message's file, at most `limit` of them. Large files are better read from the path that
        `message_file` gives."""
    def iter_messages(self, id: AttendanceId, *, page: int = 100) -> Iterator[ShownMessage]:
        """All messages of an attendance, newest first, fetched `page` at a time as they are gone through."""
    def iter_timeline(self, id: AttendanceId, *, page: int = 100) -> Iterator[Event]:
        """Everything that happened in an attendance, newest first, fetched `page` at a time."""
    def iter_notes(self, id: AttendanceId, *, page: int = 100) -> Iterator[ShownNote]:
        """All notes of an attendance, newest first, fetched `page` at a time."""
    def iter_inbox(self, **filter: Any) -> Iterator[Card]:
        """All cards of the inbox that the filter lets through, in its order, fetched page by page. The filter's fields are
        those of `inbox`."""
    def iter_changes(self, cursor: int = 0, *, page: int = 100) -> Iterator[tuple[DeskChange, int]]:
        """Everything that this desk sees change after `cursor`, up to now, as pairs of the change and the cursor from which
        to go on after it."""
    def iter_attendance_rows(self, **filter: Any) -> Iterator[dict[str, Any]]:
        """The attendances, a dict each, with the same keys and types in every row. The filter's fields are those of
        `export_attendances`."""
    def iter_message_rows(self, **filter: Any) -> Iterator[dict[str, Any]]:
        """The messages, a dict each, with the same keys and types in every row."""
    def write_attendances_csv(
        self,
        target: str | PathLike[str] | _Writes,
        *,
        progress: Callable[[int], object] | None = None,
        **filter: Any,
    ) -> int:
        """Writes the attendances to a CSV file, or to anything with `write` that takes bytes. Returns how many; `progress`
        is told how many rows each page had, as `tqdm.update` takes it."""
    def write_messages_csv(
        self,
        target: str | PathLike[str] | _Writes,
        *,
        progress: Callable[[int], object] | None = None,
        **filter: Any,
    ) -> int:
        """Writes the messages to a CSV file, or to anything with `write` that takes bytes. Returns how many."""
    # The methods of core's Desk stand here.

@final
class Admin:
    """The host's set-up: account, departments, attendants, channels, labels."""
    def import_rows(
        self,
        channel_id: ChannelId,
        rows: Iterable[ContactRow | Mapping[Any, Any]],
        *,
        dry_run: bool = False,
        chunk: int = 1000,
        progress: Callable[[int], object] | None = None,
    ) -> ImportReport:
        """Imports any number of rows, each a `ContactRow` or a dict with its fields, and answers for each. The same rows
        again make none.

        `progress` is told how many rows were dealt with, as `tqdm.update` takes it. In a dry run nothing is done, and rows
        further apart than `chunk` do not meet."""
    # The methods of core's Admin stand here.

