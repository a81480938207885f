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

__all__ = [
    "Account",
    "AccountNotice",
    "Activity",
    "ActivityRule",
    "Actor",
    "AddGalleryItem",
    "Address",
    "Admin",
    "Attendance",
    "AttendanceId",
    "AttendancePage",
    "AttendanceRow",
    "AttendanceSummary",
    "AttendanceType",
    "AttendanceTypeId",
    "AttendanceView",
    "Attendant",
    "AttendantId",
    "Author",
    "Budget",
    "ButtonParameter",
    "ButtonValue",
    "CallNotice",
    "CannedReply",
    "CannedReplyId",
    "Card",
    "CardAction",
    "CardParameters",
    "Channel",
    "ChannelHealth",
    "ChannelId",
    "ChannelKind",
    "ChannelRules",
    "ChannelState",
    "ChannelStop",
    "Conflict",
    "Contact",
    "ContactCard",
    "ContactEntry",
    "ContactId",
    "ContactImport",
    "ContactRow",
    "Content",
    "ConversionPlan",
    "Counts",
    "CreateAttendance",
    "CreateAttendant",
    "CreateChannel",
    "CreateContact",
    "CreateDepartment",
    "CreateMarker",
    "CreateTask",
    "Created",
    "Days",
    "Delivery",
    "DeliveryId",
    "DeliveryState",
    "Department",
    "DepartmentId",
    "Desk",
    "DeskChange",
    "DeskFeed",
    "Direction",
    "Disposition",
    "DoubtPolicy",
    "DoubtVerdict",
    "Draft",
    "DraftId",
    "EchoMessage",
    "EditNote",
    "Element",
    "Engine",
    "Entity",
    "EntryRef",
    "Episode",
    "ErasePerson",
    "Erasure",
    "ErasureCounts",
    "ErasureException",
    "ErasureId",
    "ErasurePlan",
    "ErasureReceipt",
    "ErasureUnfinished",
    "ErrorClass",
    "Event",
    "EventKind",
    "ExportFilter",
    "ExportVariant",
    "ExternalLink",
    "ExternalLinkId",
    "FetchReport",
    "FetchedMedia",
    "FileSettings",
    "FileState",
    "FilledReply",
    "Finding",
    "FinishRequirement",
    "Finished",
    "Fit",
    "FlowName",
    "FlowOffer",
    "FlowStart",
    "FoundAttendance",
    "FoundEntry",
    "FoundNote",
    "GalleryFilter",
    "GalleryFolder",
    "GalleryItem",
    "GalleryItemId",
    "GalleryKind",
    "GalleryOutcome",
    "GalleryPage",
    "GalleryPick",
    "GalleryScope",
    "GallerySend",
    "GalleryUse",
    "GalleryVersion",
    "Handles",
    "HashCheck",
    "HeaderParameter",
    "HeldReason",
    "HoldId",
    "Identity",
    "IdentityId",
    "ImportContacts",
    "ImportedRow",
    "InboundItem",
    "InboundMessage",
    "InboundRule",
    "InboxChanges",
    "InboxFilter",
    "InboxPage",
    "IngestReport",
    "Interactive",
    "InteractiveAction",
    "InteractiveKind",
    "InteractiveReply",
    "InteractiveRule",
    "InteractiveRules",
    "ItemOutcome",
    "ItemReport",
    "KeptElement",
    "LegalAction",
    "LegalHold",
    "LiftHold",
    "LinkKind",
    "LinkRecord",
    "LinkSource",
    "LinkedRecords",
    "ListRow",
    "ListSection",
    "LocalFile",
    "Locale",
    "Location",
    "MalformedElement",
    "ManualClock",
    "Mark",
    "Marker",
    "MarkerFilter",
    "MarkerId",
    "MarketingChoice",
    "MatchedBy",
    "MatchedIn",
    "MediaContent",
    "MediaFile",
    "MediaKind",
    "MediaLifetimes",
    "MediaRule",
    "Membership",
    "Mention",
    "MentionPage",
    "Merge",
    "MergeId",
    "MergePreview",
    "Message",
    "MessageId",
    "MessagePage",
    "MessagePlace",
    "MessageRow",
    "Misfit",
    "ModuleContact",
    "ModuleRecord",
    "ModulesReport",
    "Note",
    "NoteEdit",
    "NoteId",
    "NotePage",
    "OfferCard",
    "OpenOnBoth",
    "OpenedTicket",
    "Order",
    "OutboxSettings",
    "Overview",
    "ParameterFault",
    "ParameterFormat",
    "ParameterProblem",
    "ParameterValue",
    "Parked",
    "ParkedFact",
    "ParkedKey",
    "Participant",
    "Permission",
    "Phase",
    "PictureFormat",
    "PlaceHold",
    "Placeholder",
    "Placement",
    "Platform",
    "PlatformError",
    "PreferenceNotice",
    "Preview",
    "ProbeFinding",
    "Probed",
    "Problem",
    "ProductSection",
    "Progress",
    "PumpReport",
    "PutCannedReply",
    "QuarantineId",
    "Queued",
    "Reaction",
    "ReceiptStatus",
    "Receipts",
    "Record",
    "RecordQuery",
    "RecordRef",
    "Refusal",
    "ReinterpretReport",
    "Related",
    "RelatedPage",
    "Relationship",
    "RenderedCard",
    "RenderedTemplate",
    "ReopenPolicy",
    "ReplyButton",
    "ReplyScope",
    "Response",
    "RestoreAs",
    "Retry",
    "Role",
    "Route",
    "RowRef",
    "SaveDraft",
    "ScriptedModules",
    "ScriptedPort",
    "SearchFilter",
    "SearchPage",
    "SeededJitter",
    "SeenMark",
    "SendAnswer",
    "SendJob",
    "SendReport",
    "SequenceIds",
    "ServiceTicket",
    "ServiceTicketId",
    "ServiceWindow",
    "Setup",
    "SetupRow",
    "ShownChannel",
    "ShownIdentity",
    "ShownLink",
    "ShownMessage",
    "ShownNote",
    "SideBar",
    "SignatureError",
    "Snooze",
    "SnoozeEnd",
    "Speaker",
    "Status",
    "StatusId",
    "StatusNotice",
    "Store",
    "StoredMedia",
    "Subject",
    "SubjectQuery",
    "SubjectReport",
    "Subscription",
    "SuppliedMarker",
    "SyncPage",
    "SystemNotice",
    "Tag",
    "TagId",
    "Task",
    "TaskEntry",
    "TaskId",
    "TaskList",
    "Template",
    "TemplateButton",
    "TemplateButtonAction",
    "TemplateCard",
    "TemplateChange",
    "TemplateContent",
    "TemplateDefinition",
    "TemplateDiff",
    "TemplateDifference",
    "TemplateField",
    "TemplateForm",
    "TemplateHeader",
    "TemplateId",
    "TemplateKey",
    "TemplateNotice",
    "TemplateOffer",
    "TemplatePage",
    "TemplateParameters",
    "TemplateStatus",
    "TemplateTimes",
    "TextParameter",
    "TicketFailure",
    "TicketOrder",
    "TicketOrigin",
    "TicketPriority",
    "TicketRequest",
    "TicketState",
    "Transcript",
    "TranscriptFile",
    "TranscriptLine",
    "TranscriptOptions",
    "TranscriptReaction",
    "Transfer",
    "TrashDoor",
    "TrashedRow",
    "Uncertainty",
    "UnknownElement",
    "Untold",
    "UpdateGalleryItem",
    "UpdateMarker",
    "UpdateTask",
    "UploadedMedia",
    "WindowEffect",
    "WindowRules",
    "WindowView",
    "WriteNote",
    "flatten_whitespace",
    "platform_advice",
]

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
    def state_digest(self) -> str:
        """The digest, in lower-case hexadecimal. It reads everything: for tests and audits, not for screens.

        Raises:
        `Error.Store`."""
    def state_canonical(self) -> str:
        """What the digest is made of, as canonical JSON: one line per attendance, sorted. It holds message text: for
        finding out why two digests differ, never for logs.

        Raises:
        `Error.Store`."""
    def setup(self) -> Setup:
        """The set-up.

        Raises:
        `Error.Store`, `closed`."""
    def changes_since(self, cursor: int = 0, limit: int = 50) -> list[Event]:
        """Events after `cursor`, ascending and without gaps, at most `limit` (up to 10,000). The host's feed: unfiltered.

        Raises:
        `Error.Store`, `closed`."""
    def head(self) -> int:
        """The `seq` of the last event.

        Raises:
        `Error.Store`, `closed`."""
    def export_attendances(self, cursor: str | None = None, limit: int = 50, *, variant: ExportVariant | None = None, created_from: datetime | None = None, created_until: datetime | None = None, active_from: datetime | None = None, active_until: datetime | None = None, departments: Iterable[DepartmentId] | None = None, trash: bool = False) -> AttendancePage:
        """A page of the account's attendances, at most `limit` (1 to 1,000).

        Arguments:
            variant: How much it tells of people.
            created_from: Only attendances made at this instant or later.
            created_until: Only attendances made before.
            active_from: Only attendances whose last activity was at this instant or later.
            active_until: Only attendances whose last activity was before.
            departments: Only attendances in these departments, at most 100.
            trash: Also what lies in the trash.

        Raises:
        `malformed` for a cursor that is none; `too_many` departments."""
    def export_messages(self, cursor: str | None = None, limit: int = 50, *, variant: ExportVariant | None = None, created_from: datetime | None = None, created_until: datetime | None = None, active_from: datetime | None = None, active_until: datetime | None = None, departments: Iterable[DepartmentId] | None = None, trash: bool = False) -> MessagePage:
        """A page of the account's messages, at most `limit` (1 to 1,000).

        Arguments:
            variant: How much it tells of people.
            created_from: Only attendances made at this instant or later.
            created_until: Only attendances made before.
            active_from: Only attendances whose last activity was at this instant or later.
            active_until: Only attendances whose last activity was before.
            departments: Only attendances in these departments, at most 100.
            trash: Also what lies in the trash.

        Raises:
        `malformed` for a cursor that is none; `too_many` departments."""
    def fetch_files(self, limit: int = 50) -> FetchReport:
        """Fetches contacts' files that are due, one after another, at most `limit` of them, into the media store. Call it
        beside `Engine.pump`, when `Engine.next_wakeup` says so, on a thread that may wait for the network; several
        threads or processes may, each gets other files. Nothing is locked while bytes flow.

        A file whose hash is not the one that the platform named is fetched once more; if the same bytes come again they are
        taken, and the event says so (WHATSAPP 4.2: what the hash covers is not stated).

        Raises:
        `Error.Store`, `busy`, `closed`. What a platform answers is no error here: it is in the report, in
        `ShownMessage.file` and in the events."""
    def fit(self, file: MediaFile, channel: ChannelId, kind: MediaKind | None = None) -> Fit:
        """Whether a channel takes a file, as `kind` or as what it would ordinarily go, and what to do if not. Nothing is
        uploaded and nothing is changed.

        Raises:
        `not_found` for the channel; `Error.Store`, `closed`."""
    def pump(self, limit: int = 50) -> PumpReport:
        """Hands over what is due, one message after another, at most `limit` of them. Contacts' queues keep their order;
        several threads or processes may pump at once, each gets other deliveries.

        Before that it looks after channels: one that a configuration error stopped is asked after when that is due, and
        resumed once it can send; templates that the platform knows otherwise are listed again.

        Raises:
        `Error.Store`, `busy`, `closed`. What a platform answers is no error here: it is in the report, the
        deliveries and the events."""
    def advance(self) -> bool:
        """Does whatever fell due because time passed: ends of windows and the notices before them, leases that lapsed,
        graces that ended, facts whose message never came. Says whether there was anything. Feeds the search index, too, with
        what came since.

        Raises:
        `Error.Store`, `busy`, `closed`."""
    def next_wakeup(self) -> datetime | None:
        """When `Engine.advance`, `Engine.pump`, `Engine.fetch_files` or `Engine.pump_modules` next has something to
        do; None if nothing waits. It may be past. A host calls all of them then, in whatever order and on whatever threads:
        `advance` for what time does by itself, `pump` for what goes out, `fetch_files` for contacts' files, `pump_modules` for
        service tickets.

        Raises:
        `Error.Store`, `closed`."""
    def reinterpret(self, after: int, limit: int = 50) -> ReinterpretReport:
        """Decodes again what was kept because it was not understood or found no place, looking through at most `limit` events
        after `after` (0: from the beginning), in one commit. Call it after an upgrade with the `next` of the call
        before until it is `done` (R-07).

        A message of a kind that is known now changes in place: its position, its time and the window it opened stay. A
        kept element is taken in as if it came now, with its own time. Nothing is taken twice; doing it all again
        changes nothing.

        Raises:
        `Error.Store`, `busy`, `closed`: nothing of this call is stored."""
    def after_restore(self) -> int:
        """To be called once on a database that was restored from a backup, before anything is pumped: everything that waits to be
        handed over, or was being handed over, comes in doubt and waits for a person or for its status notice, as
        nobody knows what was sent after the backup was made (ADR 0019). The account's choice to resend on doubt does not
        apply. Says how many there are; called again, there are none.

        What the platform delivered since the backup is gone: it does not deliver again what was answered.

        Raises:
        `Error.Store`, `busy`, `closed`."""
    def diff_templates(self, channel: ChannelId) -> TemplateDiff:
        """What a sync of a channel's templates would change. Walks every page; writes nothing.

        Raises:
        `channel_has_no_templates`, `not_found`; `network_failed`, `platform_refused`, `answer_unreadable` if the listing
        breaks off."""
    def sync_templates(self, channel: ChannelId) -> TemplateDiff:
        """Lists, compares and applies.

        Raises:
        Those of `Engine.diff_templates` and of applying."""
    def templates(self, channel: ChannelId) -> list[Template]:
        """Every template of a channel's account, by name, then language, sendable or not.

        Raises:
        `not_found`."""
    def pump_modules(self, limit: int = 50) -> ModulesReport:
        """Opens the service tickets that are due, one after another, at most `limit` of them. Several threads or processes
        may do so at once, each gets other tickets.

        Raises:
        `Error.Store`, `busy`, `closed`. What a module answers is no error here: it is in the report, the tickets and
        the events."""
    def episode_times(self, id: AttendanceId) -> list[Episode]:
        """The episodes of an attendance with their times, in running time (G-44), from its whole timeline.

        Raises:
        `not_found`."""

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
    def put_canned_reply(self, *, id: CannedReplyId | None = None, scope: ReplyScope, shortcut: str, body: str, gallery_item_id: GalleryItemId | None = None, archived: bool = False, request_id: str | None = None) -> Done[CannedReply]:
        """Makes a canned reply, or changes the one whose id is given. One's own needs no permission; a department's needs
        `manage_replies` there, the account's `manage_replies` and `view_all`.

        Arguments:
            id: The one to change; None makes one.
            scope: Whose it is.
            shortcut: What is typed to find it, 1 to 40 letters, digits, `-` or `_`.
            body: What it says, at most 4,096 characters.
            gallery_item_id: The gallery item that goes with it.
            archived: Out of use.
            request_id: The same id again answers what it answered before and does nothing.

        Raises:
        `blank`, `too_long`, `malformed` for a shortcut with other characters or a body with an unknown placeholder,
        `taken` for a shortcut in use in the same scope, `nothing_to_do`, `not_permitted`, `not_found`."""
    def canned_replies(self, text: str | None = None) -> list[CannedReply]:
        """The canned replies that are found from this desk, by shortcut: those whose shortcut begins with `text`, or that
        have its words. None lists all.

        Raises:
        `too_long` for a text of more than 200 characters; `not_found` when the desk's attendant has left."""
    def fill_canned_reply(self, attendance_id: AttendanceId, reply_id: CannedReplyId) -> FilledReply:
        """A canned reply as it reads in an attendance. Nothing is sent; the attendant sends it, changed or not.

        Raises:
        `not_found`."""
    def inbox(self, *, trash: bool = False, phases: Iterable[Phase] | None = None, status_id: StatusId | None = None, type_id: AttendanceTypeId | None = None, department_id: DepartmentId | None = None, assignees: Iterable[AttendantId] | None = None, unassigned: bool = False, channels: Iterable[ChannelId] | None = None, platforms: Iterable[ChannelKind] | None = None, contact_id: ContactId | None = None, tags: Iterable[TagId] | None = None, markers: Iterable[MarkerId] | None = None, unseen: bool = False, snoozed: bool | None = None, days: Days | None = None, zone: str | None = None, text: str | None = None, counts: bool = False, cursor: str | None = None, limit: int | None = None) -> InboxPage:
        """A page of the Central or of the trash, newest activity first; with `counts` also the numbers of the side bar, of
        the same moment. Without `days` the Central shows today, on the account's clock (I-08).

        Arguments:
            trash: The trash instead of the Central.
            phases: Only these phases.
            status_id: Only with this status label.
            type_id: Only of this type.
            department_id: Only of this department.
            assignees: Only of these assignees (I-07).
            unassigned: Only what nobody has; with `assignees`, what nobody or they have.
            channels: Only over these channels.
            platforms: Only over these platforms (I-06); with `channels`, those of them that are of these platforms.
            contact_id: Only with this contact.
            tags: Only with all of these tags.
            markers: Only what all of these markers show (I-02, I-03).
            unseen: Only what whoever looks has not seen (I-05). For the host nothing is unseen.
            snoozed: Only what is put off, or only what is not.
            days: Only what was last active on these days (I-07). Left out: today in the Central (I-08), any day in the trash.
            zone: On which clock the days are meant: an IANA name or an offset such as `-03:00`; the account's by default.
            text: Only with a contact whose names or numbers have these words, or with a tag that has them; at most 200 characters.
                Blind to accents and case, the last word may be a beginning; a number is found in each written form. Of contacts it names
                the 1,000 made last of whom an attendance is seen.
            counts: Whether the numbers of the side bar are wanted too.
            cursor: Where the page before ended. It belongs to its filter; a page of "today" goes on in the day of the first page.
            limit: At most so many, 1 to 200; 50 by default.

        Raises:
        `malformed` for a cursor that is none or days that end before they begin; `unknown_zone`; `too_long` for the text;
        `not_found` for a marker that this desk does not have."""
    def inbox_changes(self, since: int, *, trash: bool = False, phases: Iterable[Phase] | None = None, status_id: StatusId | None = None, type_id: AttendanceTypeId | None = None, department_id: DepartmentId | None = None, assignees: Iterable[AttendantId] | None = None, unassigned: bool = False, channels: Iterable[ChannelId] | None = None, platforms: Iterable[ChannelKind] | None = None, contact_id: ContactId | None = None, tags: Iterable[TagId] | None = None, markers: Iterable[MarkerId] | None = None, unseen: bool = False, snoozed: bool | None = None, days: Days | None = None, zone: str | None = None, text: str | None = None, counts: bool = False, cursor: str | None = None, limit: int | None = None) -> InboxChanges:
        """What changed after `since` in the list of a filter: cards to put in and cards to take out (K-06). Begin from the
        `head` of the page that was drawn.

        Arguments:
            trash: The trash instead of the Central.
            phases: Only these phases.
            status_id: Only with this status label.
            type_id: Only of this type.
            department_id: Only of this department.
            assignees: Only of these assignees (I-07).
            unassigned: Only what nobody has; with `assignees`, what nobody or they have.
            channels: Only over these channels.
            platforms: Only over these platforms (I-06); with `channels`, those of them that are of these platforms.
            contact_id: Only with this contact.
            tags: Only with all of these tags.
            markers: Only what all of these markers show (I-02, I-03).
            unseen: Only what whoever looks has not seen (I-05). For the host nothing is unseen.
            snoozed: Only what is put off, or only what is not.
            days: Only what was last active on these days (I-07). Left out: today in the Central (I-08), any day in the trash.
            zone: On which clock the days are meant: an IANA name or an offset such as `-03:00`; the account's by default.
            text: Only with a contact whose names or numbers have these words, or with a tag that has them; at most 200 characters.
                Blind to accents and case, the last word may be a beginning; a number is found in each written form. Of contacts it names
                the 1,000 made last of whom an attendance is seen.
            counts: Whether the numbers of the side bar are wanted too.
            cursor: Where the page before ended. It belongs to its filter; a page of "today" goes on in the day of the first page.
            limit: At most so many, 1 to 200; 50 by default.

        Raises:
        Those of `Desk.inbox`."""
    def markers(self) -> list[Marker]:
        """The markers of this desk's side bar: the supplied ones first, then everybody's, then one's own. The host has
        everybody's.

        Raises:
        `Error.Store`."""
    def create_marker(self, *, name: str, filter: MarkerFilter, shared: bool = False, request_id: str | None = None) -> Done[Marker]:
        """Makes a marker, for oneself or for everybody (I-03).

        Arguments:
            name: Its name, at most 80 characters.
            filter: What it shows; something at least.
            shared: Whether everybody has it.
            request_id: The same id again answers what it answered before and does nothing.

        Raises:
        `taken`, `blank`, `too_long`; `not_found` for what the filter speaks of; `not_permitted` to make one for everybody."""
    def update_marker(self, *, marker_id: MarkerId, name: str | None = None, filter: MarkerFilter | None = None, request_id: str | None = None) -> Done[Marker]:
        """Renames a marker or changes what it shows.

        Arguments:
            marker_id: Which.
            name: Its new name, at most 80 characters; as it was when left out.
            filter: What it shows from now on; as it was when left out.
            request_id: The same id again answers what it answered before and does nothing.

        Raises:
        `not_found`; `not_permitted` for one that everybody has; `supplied_marker` when more than the name of a supplied one
        would change; `nothing_to_do`, and those of `Desk.create_marker`."""
    def archive_marker(self, marker_id: MarkerId, *, request_id: str | None = None) -> Done[Marker]:
        """Takes a marker out of use.

        Arguments:
            request_id: The same id again answers what it answered before and does nothing.

        Raises:
        `not_found`, also when it was done already; `not_permitted` for one that everybody has; `supplied_marker`."""
    def mark_seen(self, attendance_id: AttendanceId, inbound: int | None = None, *, request_id: str | None = None) -> Done[SeenMark]:
        """Notes that whoever sits here has seen an attendance: call it when its screen opens, with the `inbound` of the attendance
        that it shows, so that what came meanwhile stays unseen; without it, all that there is counts as seen. What colleagues have
        seen stays; what is seen already writes nothing (I-05).

        Arguments:
            request_id: The same id again answers what it answered before and does nothing.

        Raises:
        `not_found`; `no_eyes` at the host's desk."""
    def mark_unseen(self, attendance_id: AttendanceId, *, request_id: str | None = None) -> Done[SeenMark]:
        """Marks an attendance as unseen for whoever sits here.

        Arguments:
            request_id: The same id again answers what it answered before and does nothing.

        Raises:
        `not_found`, `attendance_finished`, `attendance_trashed`; `no_eyes` at the host's desk."""
    def snooze(self, attendance_id: AttendanceId, until: datetime | None = None, *, request_id: str | None = None) -> Done[Attendance]:
        """Puts an attendance off until an instant, or until the contact writes, which ends every snooze. Doing it again with
        another instant changes it.

        Arguments:
            request_id: The same id again answers what it answered before and does nothing.

        Raises:
        `in_the_past`, `nothing_to_do`, `attendance_finished`, `attendance_trashed`, `not_assigned`, `not_found`."""
    def unsnooze(self, attendance_id: AttendanceId, *, request_id: str | None = None) -> Done[Attendance]:
        """Takes an attendance up again that was put off.

        Arguments:
            request_id: The same id again answers what it answered before and does nothing.

        Raises:
        `nothing_to_do`, `attendance_finished`, `attendance_trashed`, `not_assigned`, `not_found`."""
    def create_contact(self, *, channel_id: ChannelId | None = None, name: str | None = None, phone: str | None = None, user_id: str | None = None, email: str | None = None, contact_id: ContactId | None = None, request_id: str | None = None) -> Done[ContactEntry]:
        """Makes a contact, or finds the one who has the same handle already.

        Arguments:
            channel_id: On which channel's platform they are reached, and in whose scope their user id holds.
            name: The name staff give; at most 120 characters.
            phone: Phone number with country code, as people write it.
            user_id: The platform's user id (BSUID), verbatim.
            email: E-mail.
            contact_id: An existing contact that gets this identity as a further one.
            request_id: The same id again answers what it answered before and does nothing.

        Raises:
        `not_permitted`, `not_a_phone_number`, `no_handle`, `blank`, `too_long`; `taken` for a handle of another contact than
        the one named, or of one who is not for these eyes."""
    def set_email(self, contact_id: ContactId, email: str | None = None, *, request_id: str | None = None) -> Done[Contact]:
        """Sets or clears a contact's e-mail.

        Arguments:
            request_id: The same id again answers what it answered before and does nothing.

        Raises:
        `not_found`, `not_permitted`, `blank`, `too_long`, `nothing_to_do`, `contact_merged`."""
    def set_marketing(self, contact_id: ContactId, allowed: bool, *, request_id: str | None = None) -> Done[Contact]:
        """Takes note that a contact wants no marketing, or allows it again (G-48): templates of that kind are refused then.

        Arguments:
            request_id: The same id again answers what it answered before and does nothing.

        Raises:
        `not_found`, `not_permitted`, `nothing_to_do`, `contact_merged`."""
    def contact(self, id: ContactId) -> ContactEntry:
        """A contact. An attendant sees a contact of whom they see an attendance, or any while creating is theirs to
        do.

        Raises:
        `not_found`."""
    def create_attendance(self, *, contact_id: ContactId, channel_id: ChannelId, department_id: DepartmentId | None = None, identity_id: IdentityId | None = None, assignee_id: AttendantId | None = None, attributes: Mapping[str, str] | None = None, tags: Iterable[TagId] | None = None, request_id: str | None = None) -> Done[Created]:
        """Begins an attendance and returns every template that may be sent, at once (S-01).

        Arguments:
            contact_id: With whom.
            channel_id: Over which of the company's numbers.
            department_id: In which department; the first of the attendant's own by default, the channel's for the host.
            identity_id: To which of the contact's platform users; their latest by default.
            assignee_id: Who becomes responsible; whoever begins it, by default. The host begins it unassigned.
            attributes: Where it came from: campaign, medium, source… At most 50, each named with at most 60 characters, of at most 1,000.
            tags: Its tags from the first, so that a lead or a mass send stands under its marker at once.
            request_id: The same id again answers what it answered before and does nothing.

        Raises:
        `already_open` with as much as the caller may see; `no_address`, `not_in_department`, `not_permitted`, `not_found`;
        `too_many`, `too_long`, `blank` for attributes and tags."""
    def claim(self, attendance_id: AttendanceId, *, request_id: str | None = None) -> Done[Attendance]:
        """Takes an attendance that nobody has.

        Arguments:
            request_id: The same id again answers what it answered before and does nothing.

        Raises:
        `already_claimed` with the winner and when; `nothing_to_do` if it is yours."""
    def assign(self, attendance_id: AttendanceId, assignee_id: AttendantId | None = None, version: int | None = None, *, request_id: str | None = None) -> Done[Attendance]:
        """Makes somebody else, or nobody, responsible (S-22).

        Arguments:
            request_id: The same id again answers what it answered before and does nothing.

        Raises:
        `not_in_department`, `already_claimed` or `changed` if `version` is given and is no longer its version."""
    def transfer(self, *, attendance_id: AttendanceId, department_id: DepartmentId, assignee_id: AttendantId | None = None, note: str | None = None, version: int | None = None, request_id: str | None = None) -> Done[Attendance]:
        """Moves an attendance to another department (S-21).

        Arguments:
            attendance_id: Which.
            department_id: Where to.
            assignee_id: Who becomes responsible there.
            note: A note for those who get it.
            version: The version the caller saw; None to move it whatever happened since.
            request_id: The same id again answers what it answered before and does nothing.

        Raises:
        `nothing_to_do` for the department it is in; `not_in_department` for an assignee who does not work there."""
    def set_status(self, attendance_id: AttendanceId, status_id: StatusId | None = None, *, request_id: str | None = None) -> Done[Attendance]:
        """Sets or clears the status label (S-23).

        Arguments:
            request_id: The same id again answers what it answered before and does nothing.

        Raises:
        `not_found`, `archived`, `nothing_to_do`."""
    def set_type(self, attendance_id: AttendanceId, type_id: AttendanceTypeId | None = None, *, request_id: str | None = None) -> Done[Attendance]:
        """Sets or clears the attendance type (S-26).

        Arguments:
            request_id: The same id again answers what it answered before and does nothing.

        Raises:
        `not_found`, `archived`, `nothing_to_do`."""
    def set_recipient_name(self, attendance_id: AttendanceId, name: str | None = None, *, request_id: str | None = None) -> Done[Attendance]:
        """Names the recipient (S-24); None goes back to the profile's name.

        Arguments:
            request_id: The same id again answers what it answered before and does nothing.

        Raises:
        `blank`, `too_long`, `nothing_to_do`."""
    def finish(self, attendance_id: AttendanceId, disposition: Disposition, *, request_id: str | None = None) -> Done[Attendance]:
        """Finishes an attendance, saying where it goes (S-27).

        Arguments:
            request_id: The same id again answers what it answered before and does nothing.

        Raises:
        `missing_to_finish` with what is missing; `attendance_trashed`, `nothing_to_do`."""
    def trash(self, attendance_id: AttendanceId, *, request_id: str | None = None) -> Done[Attendance]:
        """Sends an attendance to the trash without finishing it (S-30).

        Arguments:
            request_id: The same id again answers what it answered before and does nothing.

        Raises:
        `nothing_to_do` if it lies there."""
    def restore(self, attendance_id: AttendanceId, restore_as: RestoreAs | None = None, *, request_id: str | None = None) -> Done[Attendance]:
        """Brings an attendance back, exactly as it was (S-28).

        Arguments:
            request_id: The same id again answers what it answered before and does nothing.

        Raises:
        `pair_occupied` if another one of the same channel and contact is open: restore as finished, or finish the
        other first."""
    def sendable_templates(self, channel: ChannelId) -> list[Template]:
        """The templates that may be sent over a channel, by name, then language (S-08). Selecting one sends nothing.

        Raises:
        `not_found`."""
    def preview_template(self, attendance_id: AttendanceId, template_id: TemplateId, parameters: TemplateParameters | None = None) -> RenderedTemplate:
        """What the contact would read: byte for byte what `Desk.send_template` stores. Nothing is sent.

        Raises:
        Those of `Desk.send_template` that concern the template."""
    def send_template(self, attendance_id: AttendanceId, template_id: TemplateId, parameters: TemplateParameters | None = None, *, request_id: str | None = None) -> Done[Queued]:
        """Sends a template (S-02): legal in every state of the window.

        Arguments:
            request_id: The same id again answers what it answered before and does nothing.

        Raises:
        `template_not_sendable`, `template_parameters` with every field at fault, `template_of_other_account`,
        `marketing_stopped`, `attendance_finished`, `attendance_trashed`, `no_address`, `not_assigned`."""
    def send_text(self, attendance_id: AttendanceId, body: str, *, request_id: str | None = None) -> Done[Queued]:
        """Sends free text, emoji included (S-09).

        Arguments:
            request_id: The same id again answers what it answered before and does nothing.

        Raises:
        `window_closed`, `window_never_opened` (a template may be sent), `text_too_long`, `blank`, `attendance_finished`,
        `attendance_trashed`, `no_address`, `not_assigned`."""
    def send(self, attendance_id: AttendanceId, content: Content, reply_to: MessageId | None = None, *, request_id: str | None = None) -> Done[Queued]:
        """Sends any free-form content, as an answer to a message if one is named. A file has been stored with
        `Engine.store_media` and becomes content with `MediaFile.content`.

        Arguments:
            request_id: The same id again answers what it answered before and does nothing.

        Raises:
        Those of `Desk.send_text`; `media_too_large` with limit and size, `media_type_not_accepted` with what is
        taken, `content_not_supported`."""
    def react(self, message_id: MessageId, emoji: str | None = None, *, request_id: str | None = None) -> Done[Queued]:
        """Reacts to a message of the contact, or takes our reaction back with no emoji. The company is one user to the
        platform: a later reaction of whichever attendant replaces it. It shows once the platform took it.

        Arguments:
            request_id: The same id again answers what it answered before and does nothing.

        Raises:
        Those of `Desk.send_text`; `not_allowed` in field `message_id` for what the platform lets nobody react to: a message of
        ours, one that was taken back, a reaction, and what is older than 30 days."""
    def retry(self, message_id: MessageId, *, request_id: str | None = None) -> Done[Delivery]:
        """Tries a held or failed message again; it passes all gates anew.

        Arguments:
            request_id: The same id again answers what it answered before and does nothing.

        Raises:
        `wrong_delivery_state`; those of sending."""
    def discard(self, message_id: MessageId, *, request_id: str | None = None) -> Done[Delivery]:
        """Gives up a message that waits, is held or is in doubt.

        Arguments:
            request_id: The same id again answers what it answered before and does nothing.

        Raises:
        `wrong_delivery_state`."""
    def replace_with_template(self, message_id: MessageId, template_id: TemplateId, parameters: TemplateParameters | None = None, *, request_id: str | None = None) -> Done[Queued]:
        """Sends a template instead of a held message.

        Arguments:
            request_id: The same id again answers what it answered before and does nothing.

        Raises:
        `wrong_delivery_state`; those of `Desk.send_template`."""
    def settle_doubt(self, message_id: MessageId, verdict: DoubtVerdict, *, request_id: str | None = None) -> Done[Delivery]:
        """Settles a message in doubt by a person's word.

        Arguments:
            request_id: The same id again answers what it answered before and does nothing.

        Raises:
        `wrong_delivery_state`."""
    def attendance(self, id: AttendanceId) -> AttendanceView:
        """An attendance as its screen opens.

        Raises:
        `not_found`, also when it is not for these eyes."""
    def window(self, id: AttendanceId) -> WindowView:
        """The service window of an attendance and what it allows now.

        Raises:
        `not_found`."""
    def messages(self, id: AttendanceId, before: MessagePlace | None = None, limit: int = 50) -> list[ShownMessage]:
        """Messages in the order in which they are shown, newest first, before `before`, at most `limit` (up to 500).

        Raises:
        `not_found`."""
    def message(self, id: MessageId) -> ShownMessage:
        """One message with what became of it.

        Raises:
        `not_found`."""
    def timeline(self, id: AttendanceId, before: int | None = None, limit: int = 50) -> list[Event]:
        """Everything that happened in an attendance, newest first, before the position of one, at most `limit` (up to
        500). To attendants `Event.touched` is empty.

        Raises:
        `not_found`."""
    def changes_since(self, cursor: int = 0, limit: int = 50) -> DeskFeed:
        """What changed after `cursor` in what this desk sees, ascending; numbers may be missing. When a department or an
        assignee changed so that an attendance is no longer for these eyes, it says so (DESIGN 18.5), and when the attendant's
        own role or departments changed, that everything has to be looked at anew. Of contacts it tells
        what happened to those of whom an attendance is seen here; of what was seen and marked unseen, one's own.

        Raises:
        `Error.Store`."""
    def department(self, id: DepartmentId) -> Department:
        """The department, if it exists.

        Raises:
        `not_found`, also when the desk's attendant has left."""
    def save_draft(self, *, attendance_id: AttendanceId, text: str | None = None, reply_to: MessageId | None = None, gallery_items: Iterable[GalleryItemId] | None = None, request_id: str | None = None) -> Done[Draft | None]:
        """Keeps what has been written so far in an attendance; nothing written drops it. Save when the composer rests, not
        with each key. Answers what is kept, None when nothing is.

        Arguments:
            attendance_id: Where.
            text: The text so far, at most 65,536 characters.
            reply_to: The message it will answer.
            gallery_items: Items of galleries to go with it, at most 30.
            request_id: The same id again answers what it answered before and does nothing.

        Raises:
        `too_long`, `too_many`, `not_found`."""
    def draft(self, attendance_id: AttendanceId) -> Draft | None:
        """This desk's own draft in an attendance, also when the attendance is no longer for these eyes (A-15). Nobody sees
        another's.

        Raises:
        `not_found`."""
    def export_attendances(self, cursor: str | None = None, limit: int = 50, *, variant: ExportVariant | None = None, created_from: datetime | None = None, created_until: datetime | None = None, active_from: datetime | None = None, active_until: datetime | None = None, departments: Iterable[DepartmentId] | None = None, trash: bool = False) -> AttendancePage:
        """A page of the attendances that this desk sees, at most `limit` (1 to 1,000).

        Arguments:
            variant: How much it tells of people.
            created_from: Only attendances made at this instant or later.
            created_until: Only attendances made before.
            active_from: Only attendances whose last activity was at this instant or later.
            active_until: Only attendances whose last activity was before.
            departments: Only attendances in these departments, at most 100.
            trash: Also what lies in the trash.

        Raises:
        `not_permitted`; `malformed` for a cursor that is none; `too_many` departments."""
    def export_messages(self, cursor: str | None = None, limit: int = 50, *, variant: ExportVariant | None = None, created_from: datetime | None = None, created_until: datetime | None = None, active_from: datetime | None = None, active_until: datetime | None = None, departments: Iterable[DepartmentId] | None = None, trash: bool = False) -> MessagePage:
        """A page of the messages of attendances that this desk sees, at most `limit` (1 to 1,000).

        Arguments:
            variant: How much it tells of people.
            created_from: Only attendances made at this instant or later.
            created_until: Only attendances made before.
            active_from: Only attendances whose last activity was at this instant or later.
            active_until: Only attendances whose last activity was before.
            departments: Only attendances in these departments, at most 100.
            trash: Also what lies in the trash.

        Raises:
        `not_permitted`; `malformed` for a cursor that is none; `too_many` departments."""
    def fetch_file(self, message_id: MessageId, *, request_id: str | None = None) -> Done[FileState]:
        """Asks for the file of a contact's message again, also after it failed (G-38). It is fetched with the next
        `Engine.fetch_files`.

        Arguments:
            request_id: The same id again answers what it answered before and does nothing.

        Raises:
        `not_found` if there is no such message or nothing to ask the platform for; `nothing_to_do` if the file is here or
        is being fetched."""
    def message_file(self, message_id: MessageId) -> LocalFile:
        """The file of a message in either direction, and where it lies.

        Raises:
        `not_found`: for the message, also when it is not for these eyes; for the file (entity `media`) when the message has
        none or it is not here."""
    def gallery_items(self, *, gallery: GalleryKind | None = None, folder: str | None = None, subfolders: bool = False, scope: GalleryScope | None = None, text: str | None = None, archived: bool = False, cursor: str | None = None, limit: int | None = None) -> GalleryPage:
        """A page of items, by folder, then name, then id.

        Arguments:
            gallery: Only of this gallery.
            folder: Only what lies in this folder, whatever its accents and case; empty for the top.
            subfolders: With `folder`, also what lies in the folders within it.
            scope: Only of this scope.
            text: Only what has all of these words in its name, description or folder; the last is a prefix.
            archived: What is archived, instead of what is in use.
            cursor: Where the page before ended.
            limit: At most so many, 1 to 200; 50 by default.

        Raises:
        `malformed` for a cursor that is none; `too_long` for a text of more than 200 characters or a folder of more than
        240."""
    def gallery_folders(self, gallery: GalleryKind) -> list[GalleryFolder]:
        """The folders of a gallery with what lies in them, by path; archived items do not count. The first is the top, if
        there is anything at all.

        Raises:
        `Error.Store`."""
    def gallery_item(self, id: GalleryItemId) -> GalleryItem:
        """An item with all of its versions, also an archived one.

        Raises:
        `not_found`, also when it is not for these eyes."""
    def gallery_file(self, id: GalleryItemId, number: int | None = None) -> LocalFile:
        """The file of an item, the current one unless a number is given, and where it lies.

        Raises:
        `not_found`, also when it is not for these eyes."""
    def send_gallery_items(self, attendance_id: AttendanceId, items: Iterable[GalleryPick], *, request_id: str | None = None) -> Done[GallerySend]:
        """Sends items of the galleries, each as a message of its own, in the order given (S-12, A-12). An item that does not
        fit the channel, is archived or is not for these eyes is refused on its own; the others go. If none can go, the
        call answers the error of the first. Each message keeps which item and file it was.

        Arguments:
            request_id: The same id again answers what it answered before and does nothing.

        Raises:
        Those of `Desk.send` that concern all of them; `blank` for no items, `too_many` for more than
        `SendGalleryItems.MOST`."""
    def add_gallery_item(self, *, gallery: GalleryKind, scope: GalleryScope, folder: str | None = None, name: str, description: str | None = None, caption: str | None = None, file: MediaFile, request_id: str | None = None) -> Done[GalleryItem]:
        """Puts a file into a gallery.

        Arguments:
            gallery: Into which gallery.
            scope: For whom.
            folder: Into which folder; it is made by this. Empty for the top.
            name: Its name, at most 120 characters.
            description: What it is, at most 1,000 characters.
            caption: The words that go under it unless others are given, at most 1,024 characters.
            file: Its file, stored with `Engine.store_media`.
            request_id: The same id again answers what it answered before and does nothing.

        Raises:
        `not_permitted` where galleries are not theirs to change; `not_found` for a department or a file that is not
        there; `media_type_not_accepted` for anything but a picture in the gallery of pictures; `blank`, `too_long`,
        `malformed`."""
    def replace_gallery_file(self, item_id: GalleryItemId, file: MediaFile, version: int | None = None, *, request_id: str | None = None) -> Done[GalleryItem]:
        """Gives an item another file. It changes what the next send delivers and never what was sent (A-12).

        Arguments:
            request_id: The same id again answers what it answered before and does nothing.

        Raises:
        `not_found`, `not_permitted`, `archived`, `media_type_not_accepted`; `nothing_to_do` for the file it has;
        `changed` if `version` is given and is no longer its version; `too_many` for an item that has had 500 files."""
    def update_gallery_item(self, *, item_id: GalleryItemId, scope: GalleryScope | None = None, folder: str | None = None, name: str | None = None, description: str | None = None, caption: str | None = None, version: int | None = None, request_id: str | None = None) -> Done[GalleryItem]:
        """Changes name, description, caption, folder or scope of an item. What is left out stays.

        Arguments:
            item_id: Which item.
            scope: For whom.
            folder: Into which folder; empty for the top.
            name: Its name.
            description: What it is; blank takes it away.
            caption: The words that go under it; blank takes them away.
            version: The item's version as the caller saw it; None to change it whatever happened since.
            request_id: The same id again answers what it answered before and does nothing.

        Raises:
        `not_found`, `not_permitted` (also in the scope it would come to), `archived`, `nothing_to_do`, `changed`, `blank`,
        `too_long`, `malformed`."""
    def archive_gallery_item(self, item_id: GalleryItemId, *, request_id: str | None = None) -> Done[GalleryItem]:
        """Takes an item out of use: it is listed and sent no more, and what was sent stays as it is.

        Arguments:
            request_id: The same id again answers what it answered before and does nothing.

        Raises:
        `not_found`, `not_permitted`; `nothing_to_do` if it is."""
    def restore_gallery_item(self, item_id: GalleryItemId, *, request_id: str | None = None) -> Done[GalleryItem]:
        """Takes an archived item back into use.

        Arguments:
            request_id: The same id again answers what it answered before and does nothing.

        Raises:
        `not_found`, `not_permitted`; `nothing_to_do` if it is in use."""
    def link_record(self, *, contact_id: ContactId, attendance_id: AttendanceId | None = None, kind: LinkKind, number: str, module: str, url: str | None = None, request_id: str | None = None) -> Done[ExternalLink]:
        """Links a contact to a record of another module.

        Arguments:
            contact_id: Whose.
            attendance_id: The attendance it came up in, one of theirs.
            kind: What the record is; at most 60 characters.
            number: Its number; at most 60 characters.
            module: The module that has it, by the host's own word; at most 60 characters.
            url: Its page, a web address; left out, the host's port makes one.
            request_id: The same id again answers what it answered before and does nothing.

        Raises:
        `not_permitted` without the permission to manage contacts; `not_found`, `not_assigned`, `blank`, `too_long`;
        `malformed` for what is no web address and for an attendance of somebody else."""
    def unlink_record(self, link_id: ExternalLinkId, *, request_id: str | None = None) -> Done[ExternalLink]:
        """Takes a link away. The record stays where it is.

        Arguments:
            request_id: The same id again answers what it answered before and does nothing.

        Raises:
        `not_permitted`, `not_found`."""
    def links(self, contact_id: ContactId) -> list[ShownLink]:
        """The links of a contact of whom this desk sees an attendance, by module, kind and number; at most 200. It does not
        wait for a network.

        Raises:
        `not_found`."""
    def fit(self, file: MediaFile, channel: ChannelId, kind: MediaKind | None = None) -> Fit:
        """Whether a channel takes a file, as `kind` or as what it would ordinarily go, and what to do if not (S-11, G-37).
        Nothing is uploaded and nothing is changed.

        Raises:
        `not_found` for the channel, or when the desk's attendant has left."""
    def preview_merge(self, kept_id: ContactId, absorbed_id: ContactId) -> MergePreview:
        """What making two contacts one would do. Nothing is done.

        Raises:
        `same_contact`, `contact_merged`, `contact_erased`, `not_found`, `not_permitted`."""
    def merge_contacts(self, kept_id: ContactId, absorbed_id: ContactId, *, request_id: str | None = None) -> Done[Merge]:
        """Makes two contacts one (G-27). Names and replies stay as they are: the kept contact keeps its own name, and a
        reply goes to who wrote last (G-26).

        Arguments:
            request_id: The same id again answers what it answered before and does nothing.

        Raises:
        `same_contact`; `contact_merged` if one of them was merged already; `contact_erased` if one was erased: who writes again
        is somebody new, and stays so; `open_on_both` if both have an open attendance on one channel; `not_found`,
        `not_permitted`."""
    def unmerge_contacts(self, merge_id: MergeId, *, request_id: str | None = None) -> Done[Merge]:
        """Parts two contacts again.

        Arguments:
            request_id: The same id again answers what it answered before and does nothing.

        Raises:
        `nothing_to_do` if it was undone already; `contact_merged` if the kept contact was merged into another since;
        `not_found`, `not_permitted`."""
    def merges(self, contact_id: ContactId) -> list[Merge]:
        """The merges into a contact, oldest first, those undone included.

        Raises:
        `not_permitted`, `not_found`."""
    def similar_contacts(self, contact_id: ContactId) -> list[ContactEntry]:
        """Contacts that may be the same person as this one: their numbers are two written forms of one (G-24). It only
        suggests; a person looks and merges.

        Raises:
        `not_permitted`, `not_found`."""
    def mentions(self, cursor: int = 0, limit: int = 50) -> MentionPage:
        """Notes that call on this desk's attendant, written or changed after `cursor` (0 for all, else `next` of the page
        before), in attendances that they see now; at most `limit` (up to 500). Nobody calls on the host.

        Raises:
        `not_permitted`."""
    def find_related(self, id: AttendanceId, text: str | None = None, limit: int = 50) -> RelatedPage:
        """Other attendances of the same contact, and of contacts who may be the same person, as far as this desk sees them,
        newest made first; at most `limit` (up to 100). With a text, only those in which somebody said its words or,
        for those who may read notes, noted them.

        Raises:
        `not_found`; `blank` for a text without a word, `too_long` for one of more than 200 characters."""
    def search_notes(self, text: str, cursor: str | None = None, limit: int = 50) -> NotePage:
        """Notes that have all words of `text` (blind to accents and case, the last as the beginning of a word), among those
        that this desk may read, newest written first; at most `limit` (up to 200).

        Raises:
        `not_permitted`; `blank` for a text without a word, `too_long` for one of more than 200 characters; `malformed` for
        a cursor that is none."""
    def write_note(self, *, attendance_id: AttendanceId, text: str, mentions: Iterable[AttendantId] | None = None, links: Iterable[AttendanceId] | None = None, request_id: str | None = None) -> Done[Note]:
        """Writes an internal note (S-14).

        Arguments:
            attendance_id: Where.
            text: What it says, at most 10,000 characters.
            mentions: Colleagues it calls on, at most 50. Those who see the attendance hear of it in their feed and in
                `Desk.mentions`; for the others it stays hidden as everything else there.
            links: Other attendances it points at, at most 50. The writer has to see them.
            request_id: The same id again answers what it answered before and does nothing.

        Raises:
        `blank`, `too_long`; `not_found` for an attendant who is not there and for an attendance to point at that is not
        for these eyes; `malformed` for one that points at itself; `too_many`."""
    def edit_note(self, *, note_id: NoteId, text: str, mentions: Iterable[AttendantId] | None = None, links: Iterable[AttendanceId] | None = None, request_id: str | None = None) -> Done[ShownNote]:
        """Changes a note of their own, or any of what they supervise. Events and `edits` tell who did.

        Arguments:
            note_id: Which.
            text: What it says, at most 10,000 characters.
            mentions: Colleagues it calls on.
            links: Other attendances it points at. Those it pointed at already and that the caller does not see stay.
            request_id: The same id again answers what it answered before and does nothing.

        Raises:
        `not_the_author`, `nothing_to_do`; `too_many` for one whose text was changed 200 times; those of
        `Desk.write_note`."""
    def notes(self, id: AttendanceId, before: int | None = None, limit: int = 50) -> list[ShownNote]:
        """Notes, newest first, before the position of one, at most `limit` (up to 500).

        Raises:
        `not_found`; `not_permitted`."""
    def overview(self, id: AttendanceId) -> Overview:
        """The information menu of an attendance, in one call and of one moment (A-25).

        Raises:
        `not_found`."""
    def linked_records(self, id: AttendanceId) -> LinkedRecords:
        """The records that the neighbour modules have of the contact now. Asks the host's port, with no transaction open: it
        may take as long as a network does. Without modules there are none; one that does not answer is no error.

        Raises:
        `not_found`."""
    def mark_read(self, message_id: MessageId, typing: bool = False) -> None:
        """Marks a message of the contact as read, so that they see it; with it, on most platforms, all before it. With `typing` it also
        shows that somebody is writing, for at most 25 seconds or until a message goes (Meta, typing-indicators, 2025-11-14):
        showing that marks as read, too.

        Nothing does this by itself: looking at a conversation is not telling its contact so. The call waits for the
        platform's answer.

        Raises:
        `not_found`; `malformed` for a message that is not the contact's; `not_assigned`, `not_permitted`; `platform_refused`,
        `network_failed` and the like when the platform did not take it."""
    def search(self, *, text: str | None = None, attendance_id: AttendanceId | None = None, trash: bool = False, cursor: str | None = None, limit: int | None = None) -> SearchPage:
        """Searches what this desk sees: names, numbers in any written form, tags, messages, and notes if they may be read.

        Visibility comes before every limit (G-41).

        Arguments:
            text: The text, at most 200 characters: all of its words must be there, accents and case aside; the last may be the
                beginning of one.
            attendance_id: Only in this attendance.
            trash: In the trash instead of the Central (A-19).
            cursor: Where the page before ended.
            limit: At most so many messages and notes, 1 to 100; 30 by default.

        Raises:
        `blank` for a text without a letter or digit, `too_long` for one of more than 200 characters; `malformed` for a
        cursor that is none; `not_found` for an attendance that is not for these eyes."""
    def find_contacts(self, text: str, limit: int = 50) -> list[ContactEntry]:
        """Contacts by their names and numbers, newest made first, at most `limit` (up to 100): to begin an attendance with one
        who is known already. Those whom this desk may choose, or sees through an attendance.

        Raises:
        `blank` for a text without a letter or digit, `too_long` for one of more than 200 characters."""
    def create_task(self, *, contact_id: ContactId, title: str, due: datetime | None = None, owner_id: AttendantId | None = None, done: bool | None = None, external_key: str | None = None, request_id: str | None = None) -> Done[TaskEntry]:
        """Makes a task for a contact (S-17). With an `external_key` that came in before, that task takes the values given.

        Arguments:
            contact_id: For whom.
            title: What is to be done.
            due: Until when.
            owner_id: Who has to do it.
            done: Whether it is done; left out, a new one is not and a known one stays as it is.
            external_key: The host's own key for it.
            request_id: The same id again answers what it answered before and does nothing.

        Raises:
        `not_permitted`; `not_found` for a contact of whom they see no attendance and for an owner who is not there;
        `blank`, `too_long`; `taken` if the key is another contact's."""
    def update_task(self, *, task_id: TaskId, title: str, due: datetime | None = None, owner_id: AttendantId | None = None, version: int | None = None, request_id: str | None = None) -> Done[Task]:
        """Changes a task.

        Arguments:
            task_id: Which.
            title: What is to be done.
            due: Until when.
            owner_id: Who has to do it.
            version: The version the caller saw; None to change it whatever happened since.
            request_id: The same id again answers what it answered before and does nothing.

        Raises:
        `not_permitted`, `not_found`, `blank`, `too_long`, `nothing_to_do`; `changed` if `version` is no longer its own."""
    def complete_task(self, task_id: TaskId, *, request_id: str | None = None) -> Done[Task]:
        """Says that a task is done.

        Arguments:
            request_id: The same id again answers what it answered before and does nothing.

        Raises:
        `not_permitted`, `not_found`, `nothing_to_do`."""
    def reopen_task(self, task_id: TaskId, *, request_id: str | None = None) -> Done[Task]:
        """Says that a task is not done after all.

        Arguments:
            request_id: The same id again answers what it answered before and does nothing.

        Raises:
        `not_permitted`, `not_found`, `nothing_to_do`."""
    def tasks(self, contact_id: ContactId) -> TaskList:
        """The tasks of a contact of whom this desk sees an attendance.

        Raises:
        `not_found`."""
    def enable_ticket(self, attendance_id: AttendanceId, *, request_id: str | None = None) -> Done[ServiceTicket]:
        """Enables the button that opens a service ticket, once per attendance: doing it again gives the ticket as it stands.

        Arguments:
            request_id: The same id again answers what it answered before and does nothing.

        Raises:
        `not_found`, `not_permitted`, `not_assigned`."""
    def open_ticket(self, attendance_id: AttendanceId, *, origin: TicketOrigin, reason: str, subject: str, category: str | None = None, priority: TicketPriority | None = None, description: str | None = None, request_id: str | None = None) -> Done[ServiceTicket]:
        """Presses the button: the ticket will be opened, by `Engine.pump_modules`.
        While that is under way and after it, another press gives the same ticket. After a failure it tries again, with
        what is asked now.

        Arguments:
            origin: What it is about (*origem*).
            reason: Why it is opened (*motivo*), one line of at most 120 characters.
            subject: Its subject (*assunto*), one line of at most 200 characters.
            category: Its category (*categoria*), at most 120 characters; left out, the module takes the reason's.
            priority: How urgent it is (*prioridade*); left out, the module takes the reason's.
            description: What happened, at most 10,000 characters. Only what is written here goes: no note goes by itself.
            request_id: The same id again answers what it answered before and does nothing.

        Raises:
        `ticket_not_enabled`, `modules_missing`, `not_found`, `not_permitted`, `not_assigned`; `blank`, `too_long`, `too_many`
        and `malformed` for what is asked."""
    def ticket(self, attendance_id: AttendanceId) -> ServiceTicket | None:
        """The service ticket of an attendance; None while its button is not enabled.

        Raises:
        `not_found`."""
    def episode_times(self, id: AttendanceId) -> list[Episode]:
        """The episodes of an attendance with their times, in running time (G-44), from its whole timeline.

        Raises:
        `not_found`, also when it is not for these eyes."""
    def transcript(self, id: AttendanceId, *, locale: Locale | None = None, zone: str | None = None, attendant_names: bool = False) -> Transcript:
        """The conversation of an attendance as its contact may have it: messages only, whole, in display order. The contact
        stands there with the name of their own profile, never with the one that staff gave.

        Arguments:
            locale: Its language.
            zone: In which zone times are written: an IANA name (`America/Sao_Paulo`) or an offset from UTC (`-03:00`, `Z`).
            attendant_names: Whether attendants stand there with their first name; without it there is only the company.

        Raises:
        `not_found`, also when it is not for these eyes; `unknown_zone`."""

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
    def set_account(self, account: Account, *, request_id: str | None = None) -> Done[Account]:
        """Names and sets the account; the standard roles and the markers that the product supplies, each with its tag, come
        with the first time, the latter named in the account's language.

        Arguments:
            request_id: The same id again answers what it answered before and does nothing.

        Raises:
        `blank`, `too_long`; `unknown_zone` for its time zone."""
    def create_channel(self, *, kind: ChannelKind, name: str, number_id: str, display_number: str | None = None, waba_id: str | None = None, portfolio_id: str | None = None, default_department: DepartmentId, rules: ChannelRules | None = None, request_id: str | None = None) -> Done[Channel]:
        """Adds a number or address.

        Arguments:
            kind: The platform.
            name: What the company calls it.
            number_id: The platform's id of the number (`phone_number_id`).
            display_number: The number people see.
            waba_id: The platform's messaging account (`waba_id`).
            portfolio_id: The business portfolio, if known.
            default_department: Where first messages go.
            rules: Other rules than the platform's own.
            request_id: The same id again answers what it answered before and does nothing.

        Raises:
        `taken` if the platform's number id is in use; `not_found` for its department; `blank`, `too_long`."""
    def create_department(self, *, name: str, reopen: ReopenPolicy | None = None, developments: Iterable[str] | None = None, request_id: str | None = None) -> Done[Department]:
        """Adds a department.

        Arguments:
            name: Its name.
            reopen: What happens when a contact writes after finishing.
            developments: The developments that it serves, by the host's own keys.
            request_id: The same id again answers what it answered before and does nothing.

        Raises:
        `taken`, `blank`, `too_long`, `too_many`."""
    def create_attendant(self, *, name: str, login: str | None = None, role: str, departments: Iterable[Membership] | None = None, request_id: str | None = None) -> Done[Attendant]:
        """Adds someone who attends.

        Arguments:
            name: Their name.
            login: The name by which the host knows them; their name in lower case by default.
            role: Name of their role.
            departments: Where they work.
            request_id: The same id again answers what it answered before and does nothing.

        Raises:
        `taken` if the login is in use; `not_found` for role or department; `blank`, `too_long`, `too_many`."""
    def create_status(self, name: str, phase: Phase, *, request_id: str | None = None) -> Done[Status]:
        """Adds a status label.

        Arguments:
            request_id: The same id again answers what it answered before and does nothing.

        Raises:
        `taken`, `blank`, `too_long`."""
    def create_attendance_type(self, name: str, *, request_id: str | None = None) -> Done[AttendanceType]:
        """Adds an attendance type.

        Arguments:
            request_id: The same id again answers what it answered before and does nothing.

        Raises:
        `taken`, `blank`, `too_long`."""
    def create_tag(self, name: str, *, request_id: str | None = None) -> Done[Tag]:
        """Adds a tag.

        Arguments:
            request_id: The same id again answers what it answered before and does nothing.

        Raises:
        `taken`, `blank`, `too_long`."""
    def update_setup(self, row: SetupRow, *, request_id: str | None = None) -> Done[SetupRow]:
        """Changes a row of the set-up.

        Arguments:
            request_id: The same id again answers what it answered before and does nothing.

        Raises:
        `not_found`, `taken`, `blank`, `too_long`, `too_many`; `unknown_zone`; `supplied_marker` for a supplied marker of which
        more than the name changes, or whose tag would be archived."""
    def apply_templates(self, diff: TemplateDiff, *, request_id: str | None = None) -> Done[TemplateDiff]:
        """Applies a template difference in one commit: all of it or nothing.

        Arguments:
            request_id: The same id again answers what it answered before and does nothing.

        Raises:
        `Error.Store`."""
    def resume_channel(self, channel_id: ChannelId, *, request_id: str | None = None) -> Done[ChannelState]:
        """Lets a channel send again that a configuration error stopped. What waited passes all gates again before it leaves
        (R-08).

        Arguments:
            request_id: The same id again answers what it answered before and does nothing.

        Raises:
        `not_found`; `nothing_to_do` if it is not stopped."""
    def kept(self, after: QuarantineId | None = None, limit: int = 50) -> list[KeptElement]:
        """Elements of deliveries that were kept aside or kept raw, newest first, after the id of one, at most `limit` (up to
        1,000, as all lists of the host).

        Raises:
        `Error.Store`."""
    def unresolved(self, limit: int = 50) -> list[Parked]:
        """Facts whose message has not come, at most `limit` (up to 1,000).

        Raises:
        `Error.Store`."""
    def deliveries_in(self, state: str, after: DeliveryId | None = None, limit: int = 50) -> list[Delivery]:
        """Deliveries in a state (`queued`, `in_flight`, `in_doubt`, `held`), by id, after the id of one, at most `limit` (up to
        1,000).

        Raises:
        `Error.Store`."""
    def contacts(self, after: ContactId | None = None, limit: int = 50) -> list[Contact]:
        """Contacts, newest first, after the id of one, at most `limit` (up to 1,000).

        Raises:
        `Error.Store`."""
    def channel_state(self, id: ChannelId) -> ChannelState | None:
        """What is known of a channel at work: its clock, whether it is stopped and why.

        Raises:
        `Error.Store`."""
    def find_subject(self, *, phone: str | None = None, user_id: str | None = None, email: str | None = None, contact_id: ContactId | None = None) -> SubjectReport:
        """Finds a person by any handle, with what is stored about them.

        Arguments:
            phone: A number in any written form: with or without country code, ninth digit and what people write in between.
            user_id: A user id of a platform, verbatim.
            email: An e-mail address, whatever its case.
            contact_id: A contact, also one that was merged into another.

        Raises:
        `no_handle` when nothing is given; `not_a_phone_number`; `Error.Store`."""
    def plan_erasure(self, *, contact_id: ContactId | None = None, phone: str | None = None, user_id: str | None = None, by: AttendantId | None = None) -> ErasurePlan:
        """What erasing a person would do, in numbers. Nothing is done.

        Arguments:
            contact_id: The contact; all that were merged into it go as well. Left out, only what belongs to no contact goes and names
                `phone` or `user_id`: somebody who is known from deliveries that found no place.
            phone: A number of theirs beside those that are known, in any written form.
            user_id: A user id of theirs beside those that are known.
            by: Who asked for it; left out, the host.

        Raises:
        `not_found`; `no_handle`, `not_a_phone_number`, `blank` as for `Admin.erase`."""
    def erase(self, *, contact_id: ContactId | None = None, phone: str | None = None, user_id: str | None = None, by: AttendantId | None = None) -> Erasure:
        """Erases a person: from rows, indexes, search, events, files on disk, logs and free space of the store (P-06).

        The rows go in one commit. What follows may be broken off, by whatever ends the process or by a store in use: then
        the outcome says so, its receipt is not complete, and asking again goes on. Said again when there is nothing left, it
        does nothing and answers the same receipt.

        An open attendance of theirs is finished and archived. It takes as long as writing the store anew.

        Arguments:
            contact_id: The contact; all that were merged into it go as well. Left out, only what belongs to no contact goes and names
                `phone` or `user_id`: somebody who is known from deliveries that found no place.
            phone: A number of theirs beside those that are known, in any written form.
            user_id: A user id of theirs beside those that are known.
            by: Who asked for it; left out, the host.

        Raises:
        `not_found`; `under_way` while something of theirs is being sent, fetched or opened; `no_handle`, `not_a_phone_number`;
        `blank` for the contact when a handle leads to one that is not named; `nothing_to_do` when nothing names somebody who
        is no contact; `busy`; `Error.Store`, such as `disk_full`: the rows may be gone, and asking again goes on."""
    def erasures(self, after: ErasureId | None = None, limit: int = 50) -> list[ErasureReceipt]:
        """Receipts of erasures, oldest first, after the id of one, at most `limit` (up to 1,000).

        Raises:
        `Error.Store`."""
    def place_hold(self, *, contact_id: ContactId, attendance_id: AttendanceId | None = None, ground: str, by: AttendantId | None = None, request_id: str | None = None) -> Done[LegalHold]:
        """Keeps a contact, or one attendance of theirs with who it was with, from being erased.

        Arguments:
            contact_id: On whom.
            attendance_id: Only on this attendance of theirs.
            ground: Why: at most 500 characters on one line, without names and numbers of the person.
            by: Who asked for it; left out, the host.
            request_id: The same id again answers what it answered before and does nothing.

        Raises:
        `not_found`; `contact_erased`; `blank`, `too_long` for the ground, and `malformed` when it names the person;
        `nothing_to_do` when the same is held already."""
    def lift_hold(self, *, hold_id: HoldId, by: AttendantId | None = None, request_id: str | None = None) -> Done[LegalHold]:
        """Ends a hold. What it kept goes with the next `Admin.erase`.

        Arguments:
            hold_id: Which.
            by: Who asked for it; left out, the host.
            request_id: The same id again answers what it answered before and does nothing.

        Raises:
        `not_found`; `nothing_to_do` when it was lifted."""
    def holds(self, after: HoldId | None = None, limit: int = 50) -> list[LegalHold]:
        """Holds, in force and lifted, oldest first, after the id of one, at most `limit` (up to 1,000).

        Raises:
        `Error.Store`."""
    def import_contacts(self, *, channel_id: ChannelId, rows: Iterable[ContactRow], rehearsal: bool = False, request_id: str | None = None) -> Done[ContactImport]:
        """Imports contacts, each row on its own, with an outcome for each in their order. The same rows again make none.

        A row finds its contact by its handles or, if nobody has them, by another written form of its number: one person
        in two forms of the ninth digit becomes one contact. It fills in what is missing and overwrites nothing.

        Arguments:
            channel_id: On which channel's platform they are reached, and in whose scope a user id holds.
            rows: The rows, at most `MOST_ROWS`.
            rehearsal: Whether to say what would happen, and do nothing.
            request_id: The same id again answers what it answered before and does nothing.

        Raises:
        `too_long` for more than `MOST_ROWS` rows; `not_found` for the channel. What is wrong with a row is its
        outcome."""

AttendanceId = NewType("AttendanceId", int)
"""One episode of talk."""
AttendanceTypeId = NewType("AttendanceTypeId", int)
"""An attendance type: support, sales, maintenance…"""
AttendantId = NewType("AttendantId", int)
"""Someone who attends."""
CannedReplyId = NewType("CannedReplyId", int)
"""A ready answer."""
ChannelId = NewType("ChannelId", int)
"""One business number or address of the account."""
ContactId = NewType("ContactId", int)
"""A person who talks to the company."""
DeliveryId = NewType("DeliveryId", int)
"""One wish to hand a message to the platform, with its attempts."""
DepartmentId = NewType("DepartmentId", int)
"""A department (*ramal*)."""
DraftId = NewType("DraftId", int)
"""What somebody has begun to write."""
ErasureId = NewType("ErasureId", int)
"""An erasure of a person."""
ExternalLinkId = NewType("ExternalLinkId", int)
"""A link to a record in another module."""
GalleryItemId = NewType("GalleryItemId", int)
"""An item of a gallery."""
HoldId = NewType("HoldId", int)
"""A legal hold."""
IdentityId = NewType("IdentityId", int)
"""One user of one platform, belonging to a contact."""
MarkerId = NewType("MarkerId", int)
"""A marker of the side bar."""
MergeId = NewType("MergeId", int)
"""A merge of two contacts."""
MessageId = NewType("MessageId", int)
"""One message of a conversation."""
NoteId = NewType("NoteId", int)
"""An internal note."""
QuarantineId = NewType("QuarantineId", int)
"""An inbound element kept aside."""
ServiceTicketId = NewType("ServiceTicketId", int)
"""A service ticket."""
StatusId = NewType("StatusId", int)
"""A label of the account over a phase."""
TagId = NewType("TagId", int)
"""A tag."""
TaskId = NewType("TaskId", int)
"""A task of a contact."""
TemplateId = NewType("TemplateId", int)
"""A message model approved by the platform."""

@final
class Account(Record):
    """The company and its settings."""
    def __new__(cls, *, name: str | None = None, locale: Locale | None = None, time_zone: str | None = None, attendants_see_department: bool = False, finish_requires: Iterable[FinishRequirement] | None = None, window_notice: timedelta | None = None, outbox: OutboxSettings | None = None, files: FileSettings | None = None) -> Self: ...
    __match_args__ = ("name", "locale", "time_zone", "attendants_see_department", "finish_requires", "window_notice", "outbox", "files")
    @property
    def name(self) -> str:
        """Its name."""
    @property
    def locale(self) -> Locale:
        """The language of texts that the engine makes by itself."""
    @property
    def time_zone(self) -> str:
        """IANA name of its time zone, in which a civil day is meant."""
    @property
    def attendants_see_department(self) -> bool:
        """Whether attendants see everything of their departments, not only their own and the unassigned."""
    @property
    def finish_requires(self) -> list[FinishRequirement]:
        """What must be set before an attendance can be finished."""
    @property
    def window_notice(self) -> timedelta:
        """How long before the window closes a notice is given; zero gives none."""
    @property
    def outbox(self) -> OutboxSettings:
        """Rules of the outbox."""
    @property
    def files(self) -> FileSettings:
        """Rules of fetching contacts' files."""

@final
class AccountNotice(Record):
    """An account-level notice."""
    def __new__(cls, *, word: str, event: str | None = None, errors: Iterable[PlatformError]) -> Self: ...
    __match_args__ = ("word", "event", "errors")
    @property
    def word(self) -> str:
        """The platform's field: `account_update`, `phone_number_quality_update`, `value_error`…"""
    @property
    def event(self) -> str | None:
        """Its event, if it has one."""
    @property
    def errors(self) -> list[PlatformError]:
        """Errors it carries."""

class Activity(StrEnum):
    """Something the contact's side did."""
    MESSAGE = "message"
    """A message with content."""
    TAP = "tap"
    """A tap on a button or a list, or a filled form."""
    ORDER = "order"
    """An order or product enquiry."""
    CALL = "call"
    """A call by the contact, answered or not."""
    ACCEPTED_CALL = "accepted_call"
    """A call of ours that the contact accepted."""
    CALL_PERMISSION = "call_permission"
    """Permission to call, given or refused."""
    REACTION = "reaction"
    """A reaction."""
    REACTION_REMOVED = "reaction_removed"
    """A reaction taken back."""
    EDIT = "edit"
    """A message changed by its sender."""
    REVOKE = "revoke"
    """A message taken back by its sender."""
    UNSUPPORTED = "unsupported"
    """A message the platform cannot show us."""
    UNKNOWN = "unknown"
    """A kind this version does not know."""
    STANDBY = "standby"
    """A message while the platform's own agent holds the conversation."""
    SYSTEM = "system"
    """A notice about the contact, not by them (number changed, identity changed)."""
    ECHO = "echo"
    """Our own message, typed on the business phone."""

@final
class ActivityRule(Record):
    """One row of the table of activities."""
    def __new__(cls, *, activity: Activity, effect: WindowEffect) -> Self: ...
    __match_args__ = ("activity", "effect")
    @property
    def activity(self) -> Activity:
        """The activity."""
    @property
    def effect(self) -> WindowEffect:
        """What it does to the window."""

class Actor(Record):
    """Who did something."""
    @property
    def attendant(self) -> AttendantId | None:
        """The attendant, if it was one."""
    @final
    class Attendant(Actor):
        """An attendant."""
        def __new__(cls, *, id: AttendantId) -> Self: ...
        __match_args__ = ("id",)
        @property
        def id(self) -> AttendantId:
            """Which."""
    @final
    class Host(Actor):
        """The host's own code."""
        def __new__(cls) -> Self: ...
    @final
    class Contact(Actor):
        """The contact."""
        def __new__(cls) -> Self: ...
    @final
    class Platform(Actor):
        """The platform."""
        def __new__(cls) -> Self: ...
    @final
    class Engine(Actor):
        """The engine, because time passed."""
        def __new__(cls) -> Self: ...

@final
class AddGalleryItem(Record):
    """Puts a file into a gallery, as an item of its own."""
    def __new__(cls, *, gallery: GalleryKind, scope: GalleryScope, folder: str | None = None, name: str, description: str | None = None, caption: str | None = None, file: MediaFile) -> Self: ...
    __match_args__ = ("gallery", "scope", "folder", "name", "description", "caption", "file")
    @property
    def gallery(self) -> GalleryKind:
        """Into which gallery."""
    @property
    def scope(self) -> GalleryScope:
        """For whom."""
    @property
    def folder(self) -> str:
        """Into which folder; it is made by this. Empty for the top."""
    @property
    def name(self) -> str:
        """Its name, at most 120 characters."""
    @property
    def description(self) -> str | None:
        """What it is, at most 1,000 characters."""
    @property
    def caption(self) -> str | None:
        """The words that go under it unless others are given, at most 1,024 characters."""
    @property
    def file(self) -> MediaFile:
        """Its file, stored with `Engine.store_media`."""

class Address(Record):
    """How a platform reaches a user: never both ways at once."""
    @final
    class WaId(Address):
        """By the routing key that looks like a phone number, verbatim (`wa_id`)."""
        def __new__(cls, value: str) -> Self: ...
        __match_args__ = ("value",)
        @property
        def value(self) -> str: ...
    @final
    class UserId(Address):
        """By the user id within the business's scope (BSUID)."""
        def __new__(cls, value: str) -> Self: ...
        __match_args__ = ("value",)
        @property
        def value(self) -> str: ...

@final
class Attendance(Record):
    """One episode of talk. `Debug` leaves out what the host wrote into its attributes."""
    def __new__(cls, *, id: AttendanceId, version: int, channel_id: ChannelId, contact_id: ContactId, identity_id: IdentityId, department_id: DepartmentId, assignee_id: AttendantId | None = None, assigned_at: datetime | None = None, phase: Phase, placement: Placement, status_id: StatusId | None = None, type_id: AttendanceTypeId | None = None, tags: Iterable[TagId], attributes: Mapping[str, str], previous_id: AttendanceId | None = None, created_at: datetime, last_activity_at: datetime, last_inbound_at: datetime | None = None, finished_at: datetime | None = None, inbound: int, snooze: Snooze | None = None, entries: int, newest_message_at: datetime | None = None, out_of_order: bool, preview: Preview) -> Self: ...
    __match_args__ = ("id", "version", "channel_id", "contact_id", "identity_id", "department_id", "assignee_id", "assigned_at", "phase", "placement", "status_id", "type_id", "tags", "attributes", "previous_id", "created_at", "last_activity_at", "last_inbound_at", "finished_at", "inbound", "snooze", "entries", "newest_message_at", "out_of_order", "preview")
    @property
    def id(self) -> AttendanceId:
        """Its id."""
    @property
    def version(self) -> int:
        """Grows by one with each change; claim and transfer compare it (G-35)."""
    @property
    def channel_id(self) -> ChannelId:
        """Over which of the company's numbers."""
    @property
    def contact_id(self) -> ContactId:
        """With whom."""
    @property
    def identity_id(self) -> IdentityId:
        """Where a reply goes: the identity that wrote last (G-26)."""
    @property
    def department_id(self) -> DepartmentId:
        """In which department."""
    @property
    def assignee_id(self) -> AttendantId | None:
        """Who is responsible."""
    @property
    def assigned_at(self) -> datetime | None:
        """When the assignee took it."""
    @property
    def phase(self) -> Phase:
        """How far the talk is."""
    @property
    def placement(self) -> Placement:
        """Where it lies."""
    @property
    def status_id(self) -> StatusId | None:
        """The account's label."""
    @property
    def type_id(self) -> AttendanceTypeId | None:
        """Its type."""
    @property
    def tags(self) -> frozenset[TagId]:
        """Its tags."""
    @property
    def attributes(self) -> dict[str, str]:
        """Where it came from: campaign, medium, source and the like, as the host gives them."""
    @property
    def previous_id(self) -> AttendanceId | None:
        """The attendance before it, when it goes on from one. It tells that there was one also to those for whom it does not
        exist; nothing else of it."""
    @property
    def created_at(self) -> datetime:
        """When it was made."""
    @property
    def last_activity_at(self) -> datetime:
        """When something last happened that a contact or an attendant did in the talk."""
    @property
    def last_inbound_at(self) -> datetime | None:
        """When the contact last wrote, by the platform's time."""
    @property
    def finished_at(self) -> datetime | None:
        """When it was last finished."""
    @property
    def inbound(self) -> int:
        """How many messages and acts of the contact it has: who has seen fewer has something unseen."""
    @property
    def snooze(self) -> Snooze | None:
        """That it waits, out of the way, when somebody put it off."""
    @property
    def entries(self) -> int:
        """How many entries its timeline has."""
    @property
    def newest_message_at(self) -> datetime | None:
        """The channel time of its newest message; a message before it is late."""
    @property
    def out_of_order(self) -> bool:
        """Whether a message came late, so that the order of display is not the order of arrival."""
    @property
    def preview(self) -> Preview:
        """The last message, for lists."""
    def is_unseen(self, mark: SeenMark | None = None) -> bool:
        """Whether somebody with this mark, or none, has not seen it: the contact wrote since they opened it, or they marked
        it. What is finished waits for nobody's eyes."""
    @property
    def is_open(self) -> bool:
        """Whether it takes messages and counts as the open one of its channel and contact (DESIGN 18.1)."""

@final
class AttendancePage(Record):
    """A page of attendances."""
    def __new__(cls, *, rows: Iterable[AttendanceRow], next: str | None = None) -> Self: ...
    __match_args__ = ("rows", "next")
    @property
    def rows(self) -> list[AttendanceRow]:
        """The rows, by attendance."""
    @property
    def next(self) -> str | None:
        """Where the next page begins; None after the last."""

@final
class AttendanceRow(Record):
    """An attendance in an export. A column that its variant leaves out is None, as is one that has nothing to say."""
    def __new__(cls, *, id: AttendanceId, previous_id: AttendanceId | None = None, channel_id: ChannelId, channel_name: str | None = None, department_id: DepartmentId, department_name: str | None = None, assignee_id: AttendantId | None = None, assignee_name: str | None = None, contact_id: ContactId, contact_name: str | None = None, contact_handle: str | None = None, contact_email: str | None = None, phase: Phase, trashed: TrashedRow | None = None, status_id: StatusId | None = None, status_name: str | None = None, type_id: AttendanceTypeId | None = None, type_name: str | None = None, tag_ids: Iterable[TagId], tag_names: Iterable[str] | None = None, attributes: Mapping[str, str] | None = None, created_at: datetime, last_activity_at: datetime, finished_at: datetime | None = None, episodes: int, messages_in: int, messages_out: int, first_response_ms: int | None = None, resolution_ms: int | None = None) -> Self: ...
    __match_args__ = ("id", "previous_id", "channel_id", "channel_name", "department_id", "department_name", "assignee_id", "assignee_name", "contact_id", "contact_name", "contact_handle", "contact_email", "phase", "trashed", "status_id", "status_name", "type_id", "type_name", "tag_ids", "tag_names", "attributes", "created_at", "last_activity_at", "finished_at", "episodes", "messages_in", "messages_out", "first_response_ms", "resolution_ms")
    @property
    def id(self) -> AttendanceId:
        """Its id."""
    @property
    def previous_id(self) -> AttendanceId | None:
        """The attendance before it, when it goes on from one."""
    @property
    def channel_id(self) -> ChannelId:
        """The channel."""
    @property
    def channel_name(self) -> str | None:
        """Its name."""
    @property
    def department_id(self) -> DepartmentId:
        """The department."""
    @property
    def department_name(self) -> str | None:
        """Its name."""
    @property
    def assignee_id(self) -> AttendantId | None:
        """Who is responsible."""
    @property
    def assignee_name(self) -> str | None:
        """Their name."""
    @property
    def contact_id(self) -> ContactId:
        """The contact."""
    @property
    def contact_name(self) -> str | None:
        """Their name."""
    @property
    def contact_handle(self) -> str | None:
        """The number, public name or user id to which a reply goes."""
    @property
    def contact_email(self) -> str | None:
        """Their e-mail."""
    @property
    def phase(self) -> Phase:
        """How far the talk is."""
    @property
    def trashed(self) -> TrashedRow | None:
        """How and when it went to the trash, if it lies there."""
    @property
    def status_id(self) -> StatusId | None:
        """Its status label."""
    @property
    def status_name(self) -> str | None:
        """The label's name."""
    @property
    def type_id(self) -> AttendanceTypeId | None:
        """Its type."""
    @property
    def type_name(self) -> str | None:
        """The type's name."""
    @property
    def tag_ids(self) -> list[TagId]:
        """Its tags."""
    @property
    def tag_names(self) -> list[str] | None:
        """Their names, in the order of the ids."""
    @property
    def attributes(self) -> dict[str, str] | None:
        """Where it came from, as the host gave it."""
    @property
    def created_at(self) -> datetime:
        """When it was made."""
    @property
    def last_activity_at(self) -> datetime:
        """When something last happened in the talk."""
    @property
    def finished_at(self) -> datetime | None:
        """When it was last finished; None while it is open."""
    @property
    def episodes(self) -> int:
        """How many episodes it has: one, and one more for each time it was reopened."""
    @property
    def messages_in(self) -> int:
        """How many messages the contact wrote (see `times` for what counts)."""
    @property
    def messages_out(self) -> int:
        """How many messages the company wrote, those of the host included."""
    @property
    def first_response_ms(self) -> int | None:
        """How long the contact waited for a person's first answer in the first episode, in milliseconds of running time."""
    @property
    def resolution_ms(self) -> int | None:
        """How long the last episode took from its beginning to its end, in milliseconds of running time."""

@final
class AttendanceSummary(Record):
    """An attendance in a few fields, for lists beside another one."""
    def __new__(cls, *, id: AttendanceId, contact_id: ContactId, channel_id: ChannelId, department_id: DepartmentId, assignee_id: AttendantId | None = None, phase: Phase, in_trash: bool, status_id: StatusId | None = None, type_id: AttendanceTypeId | None = None, tags: Iterable[TagId], created_at: datetime, last_activity_at: datetime, finished_at: datetime | None = None, preview: Preview) -> Self: ...
    __match_args__ = ("id", "contact_id", "channel_id", "department_id", "assignee_id", "phase", "in_trash", "status_id", "type_id", "tags", "created_at", "last_activity_at", "finished_at", "preview")
    @property
    def id(self) -> AttendanceId:
        """Its id."""
    @property
    def contact_id(self) -> ContactId:
        """With whom."""
    @property
    def channel_id(self) -> ChannelId:
        """Over which channel."""
    @property
    def department_id(self) -> DepartmentId:
        """In which department."""
    @property
    def assignee_id(self) -> AttendantId | None:
        """Who is responsible."""
    @property
    def phase(self) -> Phase:
        """How far the talk is."""
    @property
    def in_trash(self) -> bool:
        """Whether it lies in the trash."""
    @property
    def status_id(self) -> StatusId | None:
        """Its status label."""
    @property
    def type_id(self) -> AttendanceTypeId | None:
        """Its type."""
    @property
    def tags(self) -> list[TagId]:
        """Its tags, ascending."""
    @property
    def created_at(self) -> datetime:
        """When it was made."""
    @property
    def last_activity_at(self) -> datetime:
        """When something last happened."""
    @property
    def finished_at(self) -> datetime | None:
        """When it was last finished."""
    @property
    def preview(self) -> Preview:
        """Its last message."""

@final
class AttendanceType(Record):
    """An attendance type: support, sales, maintenance… (S-26)."""
    def __new__(cls, *, id: AttendanceTypeId, name: str, archived: bool = False) -> Self: ...
    __match_args__ = ("id", "name", "archived")
    @property
    def id(self) -> AttendanceTypeId:
        """Its id."""
    @property
    def name(self) -> str:
        """Its name."""
    @property
    def archived(self) -> bool:
        """Out of use."""

@final
class AttendanceView(Record):
    """An attendance as its screen opens."""
    def __new__(cls, *, attendance: Attendance, contact: Contact, identity: Identity, window: WindowView) -> Self: ...
    __match_args__ = ("attendance", "contact", "identity", "window")
    @property
    def attendance(self) -> Attendance:
        """The attendance."""
    @property
    def contact(self) -> Contact:
        """With whom."""
    @property
    def identity(self) -> Identity:
        """The platform user a reply goes to."""
    @property
    def window(self) -> WindowView:
        """The window and what it allows."""

@final
class Attendant(Record):
    """Someone who attends."""
    def __new__(cls, *, id: AttendantId, name: str, login: str, role: str, departments: Iterable[Membership] | None = None, available: bool, archived: bool = False) -> Self: ...
    __match_args__ = ("id", "name", "login", "role", "departments", "available", "archived")
    @property
    def id(self) -> AttendantId:
        """Their id."""
    @property
    def name(self) -> str:
        """Their name, as colleagues see it."""
    @property
    def login(self) -> str:
        """The name by which the host knows them."""
    @property
    def role(self) -> str:
        """Name of their role."""
    @property
    def departments(self) -> list[Membership]:
        """Where they work."""
    @property
    def available(self) -> bool:
        """Whether they take work now; a reopened attendance stays only with someone who does (G-32)."""
    @property
    def archived(self) -> bool:
        """Gone."""

class Author(Record):
    """Who said a message."""
    @property
    def is_ours(self) -> bool:
        """Whether the message went out from the company."""
    @final
    class Contact(Author):
        """The contact."""
        def __new__(cls) -> Self: ...
    @final
    class Attendant(Author):
        """An attendant."""
        def __new__(cls, *, id: AttendantId) -> Self: ...
        __match_args__ = ("id",)
        @property
        def id(self) -> AttendantId:
            """Which."""
    @final
    class Host(Author):
        """The host, by itself."""
        def __new__(cls) -> Self: ...
    @final
    class Device(Author):
        """Someone on the business phone (G-30)."""
        def __new__(cls) -> Self: ...
    @final
    class Platform(Author):
        """The platform, about the contact."""
        def __new__(cls) -> Self: ...

@final
class Budget(Record):
    """A token bucket: `burst` at once, then one per `refill`."""
    def __new__(cls, *, burst: int, refill: timedelta) -> Self: ...
    __match_args__ = ("burst", "refill")
    @property
    def burst(self) -> int:
        """How many may go at once."""
    @property
    def refill(self) -> timedelta:
        """Time for one more."""

@final
class ButtonParameter(Record):
    """What a button takes."""
    def __new__(cls, *, index: int, value: ButtonValue) -> Self: ...
    __match_args__ = ("index", "value")
    @property
    def index(self) -> int:
        """Its place among all buttons, from 0."""
    @property
    def value(self) -> ButtonValue:
        """What it takes."""

class ButtonValue(Record):
    """What a button takes, by kind."""
    @final
    class UrlSuffix(ButtonValue):
        """The end of the URL."""
        def __new__(cls, *, text: str) -> Self: ...
        __match_args__ = ("text",)
        @property
        def text(self) -> str:
            """The text."""
    @final
    class Payload(ButtonValue):
        """What comes back when it is tapped."""
        def __new__(cls, *, payload: str) -> Self: ...
        __match_args__ = ("payload",)
        @property
        def payload(self) -> str:
            """The payload."""
    @final
    class CouponCode(ButtonValue):
        """The code that it copies."""
        def __new__(cls, *, code: str) -> Self: ...
        __match_args__ = ("code",)
        @property
        def code(self) -> str:
            """The code."""
    @final
    class OneTimePassword(ButtonValue):
        """The one-time password."""
        def __new__(cls, *, code: str) -> Self: ...
        __match_args__ = ("code",)
        @property
        def code(self) -> str:
            """The code."""
    @final
    class Flow(ButtonValue):
        """The form's token and data."""
        def __new__(cls, *, token: str | None = None, data: str | None = None) -> Self: ...
        __match_args__ = ("token", "data")
        @property
        def token(self) -> str | None:
            """The token."""
        @property
        def data(self) -> str | None:
            """The data, as a JSON object."""
    @final
    class Catalog(ButtonValue):
        """The product whose picture is shown."""
        def __new__(cls, *, thumbnail_product: str | None = None) -> Self: ...
        __match_args__ = ("thumbnail_product",)
        @property
        def thumbnail_product(self) -> str | None:
            """The product."""
    @final
    class Products(ButtonValue):
        """The products to show."""
        def __new__(cls, *, thumbnail_product: str, sections: Iterable[ProductSection]) -> Self: ...
        __match_args__ = ("thumbnail_product", "sections")
        @property
        def thumbnail_product(self) -> str:
            """The product whose picture is shown."""
        @property
        def sections(self) -> list[ProductSection]:
            """The parts of the list."""
    @final
    class OrderDetails(ButtonValue):
        """The order, as the platform's JSON object."""
        def __new__(cls, *, order: str) -> Self: ...
        __match_args__ = ("order",)
        @property
        def order(self) -> str:
            """The order."""
    @final
    class VoiceCall(ButtonValue):
        """How long the call button works, and what comes back."""
        def __new__(cls, *, ttl_minutes: int | None = None, payload: str | None = None) -> Self: ...
        __match_args__ = ("ttl_minutes", "payload")
        @property
        def ttl_minutes(self) -> int | None:
            """Minutes."""
        @property
        def payload(self) -> str | None:
            """The payload."""

@final
class CallNotice(Record):
    """A call."""
    def __new__(cls, *, call_id: str, event: str, contact: Handles, from_contact: bool, accepted: bool, timestamp: datetime, duration_seconds: int | None = None) -> Self: ...
    __match_args__ = ("call_id", "event", "contact", "from_contact", "accepted", "timestamp", "duration_seconds")
    @property
    def call_id(self) -> str:
        """The platform's id of the call."""
    @property
    def event(self) -> str:
        """What happened: `connect`, `terminate`…"""
    @property
    def contact(self) -> Handles:
        """The contact."""
    @property
    def from_contact(self) -> bool:
        """Whether the contact began it."""
    @property
    def accepted(self) -> bool:
        """Whether a call of ours was accepted."""
    @property
    def timestamp(self) -> datetime:
        """When, by the platform's clock."""
    @property
    def duration_seconds(self) -> int | None:
        """Seconds talked."""

@final
class CannedReply(Record):
    """A ready answer."""
    def __new__(cls, *, id: CannedReplyId, version: int, scope: ReplyScope, shortcut: str, body: str, gallery_item_id: GalleryItemId | None = None, archived: bool = False) -> Self: ...
    __match_args__ = ("id", "version", "scope", "shortcut", "body", "gallery_item_id", "archived")
    @property
    def id(self) -> CannedReplyId:
        """Its id."""
    @property
    def version(self) -> int:
        """Grows by one with each change."""
    @property
    def scope(self) -> ReplyScope:
        """Whose it is."""
    @property
    def shortcut(self) -> str:
        """What is typed to find it, such as `preco`: letters, digits, `-` and `_`, unique in its scope whatever its case."""
    @property
    def body(self) -> str:
        """What it says, with `Placeholder`s in double braces."""
    @property
    def gallery_item_id(self) -> GalleryItemId | None:
        """The gallery item that goes with it."""
    @property
    def archived(self) -> bool:
        """Out of use."""

@final
class Card(Record):
    """An attendance as a card."""
    def __new__(cls, *, id: AttendanceId, version: int, channel_id: ChannelId, contact_id: ContactId, contact_name: str, department_id: DepartmentId, assignee_id: AttendantId | None = None, phase: Phase, status_id: StatusId | None = None, type_id: AttendanceTypeId | None = None, tags: Iterable[TagId], snooze: Snooze | None = None, unseen: bool, last_activity_at: datetime, preview: Preview, window: ServiceWindow) -> Self: ...
    __match_args__ = ("id", "version", "channel_id", "contact_id", "contact_name", "department_id", "assignee_id", "phase", "status_id", "type_id", "tags", "snooze", "unseen", "last_activity_at", "preview", "window")
    @property
    def id(self) -> AttendanceId:
        """Its id."""
    @property
    def version(self) -> int:
        """Its version, for claim and transfer."""
    @property
    def channel_id(self) -> ChannelId:
        """Over which channel."""
    @property
    def contact_id(self) -> ContactId:
        """With whom."""
    @property
    def contact_name(self) -> str:
        """Their name; empty when none is known."""
    @property
    def department_id(self) -> DepartmentId:
        """In which department."""
    @property
    def assignee_id(self) -> AttendantId | None:
        """Who is responsible."""
    @property
    def phase(self) -> Phase:
        """How far the talk is."""
    @property
    def status_id(self) -> StatusId | None:
        """Its status label."""
    @property
    def type_id(self) -> AttendanceTypeId | None:
        """Its type."""
    @property
    def tags(self) -> list[TagId]:
        """Its tags, ascending."""
    @property
    def snooze(self) -> Snooze | None:
        """That it is put off."""
    @property
    def unseen(self) -> bool:
        """Whether whoever looks has not seen it."""
    @property
    def last_activity_at(self) -> datetime:
        """When something last happened."""
    @property
    def preview(self) -> Preview:
        """Its last message."""
    @property
    def window(self) -> ServiceWindow:
        """The service window."""

class CardAction(Record):
    """What may be tapped on a card."""
    @final
    class Link(CardAction):
        """A button that opens a page."""
        def __new__(cls, *, text: str, url: str) -> Self: ...
        __match_args__ = ("text", "url")
        @property
        def text(self) -> str:
            """What the contact reads on it."""
        @property
        def url(self) -> str:
            """The page."""
    @final
    class Buttons(CardAction):
        """Buttons that answer."""
        def __new__(cls, *, buttons: Iterable[ReplyButton]) -> Self: ...
        __match_args__ = ("buttons",)
        @property
        def buttons(self) -> list[ReplyButton]:
            """The buttons."""

@final
class CardParameters(Record):
    """What a card of a carousel takes."""
    def __new__(cls, *, header: HeaderParameter | None = None, body: Iterable[TextParameter] | None = None, buttons: Iterable[ButtonParameter] | None = None) -> Self: ...
    __match_args__ = ("header", "body", "buttons")
    @property
    def header(self) -> HeaderParameter | None:
        """Its picture or film."""
    @property
    def body(self) -> list[TextParameter]:
        """Its text's fields."""
    @property
    def buttons(self) -> list[ButtonParameter]:
        """Its buttons."""

@final
class Channel(Record):
    """One business number or address."""
    def __new__(cls, *, id: ChannelId, kind: ChannelKind, name: str, number_id: str, display_number: str, waba_id: str, portfolio_id: str, default_department: DepartmentId, rules: ChannelRules) -> Self: ...
    __match_args__ = ("id", "kind", "name", "number_id", "display_number", "waba_id", "portfolio_id", "default_department", "rules")
    @property
    def id(self) -> ChannelId:
        """Its id."""
    @property
    def kind(self) -> ChannelKind:
        """The platform."""
    @property
    def name(self) -> str:
        """What the company calls it."""
    @property
    def number_id(self) -> str:
        """The platform's id of the number or address (`phone_number_id` on WhatsApp). Unique per kind."""
    @property
    def display_number(self) -> str:
        """The number or address people see."""
    @property
    def waba_id(self) -> str:
        """The platform's messaging account that owns templates (`waba_id` on WhatsApp)."""
    @property
    def portfolio_id(self) -> str:
        """The business portfolio, which scopes user ids (BSUID). Empty: the messaging account scopes them."""
    @property
    def default_department(self) -> DepartmentId:
        """Where a first inbound message opens its attendance."""
    @property
    def rules(self) -> ChannelRules:
        """What the platform allows."""
    @property
    def user_scope(self) -> str:
        """The scope within which a user id of this channel means one person.

        Source: Meta, business-scoped-user-ids, 2026-09-15: a BSUID is scoped to the business portfolio."""

class ChannelHealth(Record):
    """Whether a channel can send."""
    @final
    class Able(ChannelHealth):
        """It can, to some at least."""
        def __new__(cls) -> Self: ...
    @final
    class Blocked(ChannelHealth):
        """It cannot."""
        def __new__(cls, *, code: int | None = None) -> Self: ...
        __match_args__ = ("code",)
        @property
        def code(self) -> int | None:
            """The platform's code for why, when it gives one."""

class ChannelKind(StrEnum):
    """A platform (*canal*, I-06)."""
    EMAIL = "email"
    """E-mail."""
    WHATS_APP = "whats_app"
    """The WhatsApp Business Platform."""
    VOIP = "voip"
    """Telephone over IP."""
    SMS = "sms"
    """Text messages."""
    MESSENGER = "messenger"
    """Facebook Messenger."""
    INSTAGRAM_DIRECT = "instagram_direct"
    """Instagram Direct."""

@final
class ChannelRules(Record):
    """What a platform allows on a channel. `ChannelKind.rules` gives each kind's own."""
    def __new__(cls, *, window: WindowRules | None = None, templates: bool, text_limit: int, caption_limit: int, media: Iterable[MediaRule], media_lifetimes: MediaLifetimes | None = None, location: bool, cards_limit: int, reactions: bool, interactive: InteractiveRules | None = None, pair_budget: Budget | None = None, channel_budget: Budget | None = None) -> Self: ...
    __match_args__ = ("window", "templates", "text_limit", "caption_limit", "media", "media_lifetimes", "location", "cards_limit", "reactions", "interactive", "pair_budget", "channel_budget")
    @property
    def window(self) -> WindowRules | None:
        """The service window, on platforms that have one."""
    @property
    def templates(self) -> bool:
        """Whether templates exist and a conversation of ours must begin with one."""
    @property
    def text_limit(self) -> int:
        """Longest text, in characters."""
    @property
    def caption_limit(self) -> int:
        """Longest caption, in characters."""
    @property
    def media(self) -> list[MediaRule]:
        """Files accepted, per kind."""
    @property
    def media_lifetimes(self) -> MediaLifetimes | None:
        """How long the platform keeps files, on platforms that do."""
    @property
    def location(self) -> bool:
        """Whether a place may be sent."""
    @property
    def cards_limit(self) -> int:
        """Most contact cards in a message; 0 where there are none."""
    @property
    def reactions(self) -> bool:
        """Whether one may react to a message."""
    @property
    def interactive(self) -> InteractiveRules | None:
        """What may be offered to tap. Boxed, because it is large and few platforms have it."""
    @property
    def pair_budget(self) -> Budget | None:
        """Messages to one contact."""
    @property
    def channel_budget(self) -> Budget | None:
        """Messages of the whole number."""

@final
class ChannelState(Record):
    """What is known of a channel at work."""
    def __new__(cls, *, channel_id: ChannelId, version: int, clock_offset_ms: int | None = None, stopped: ChannelStop | None = None, probes: int, templates_due: datetime | None = None, tokens_milli: int, tokens_at: datetime | None = None) -> Self: ...
    __match_args__ = ("channel_id", "version", "clock_offset_ms", "stopped", "probes", "templates_due", "tokens_milli", "tokens_at")
    @property
    def channel_id(self) -> ChannelId:
        """The channel."""
    @property
    def version(self) -> int:
        """Grows by one with each change."""
    @property
    def clock_offset_ms(self) -> int | None:
        """The platform's clock minus ours, in milliseconds, as last seen."""
    @property
    def stopped(self) -> ChannelStop | None:
        """The configuration error that stopped it, with what is known of it since."""
    @property
    def probes(self) -> int:
        """How often its health was asked after since the platform last took a message of it. The back-off grows with it, also
        over several stops: a channel that is said to be well and refuses again is asked after less and less often."""
    @property
    def templates_due(self) -> datetime | None:
        """When the templates are to be listed again, because the platform knows one otherwise than we do."""
    @property
    def tokens_milli(self) -> int:
        """Messages that may still go at once, in thousandths."""
    @property
    def tokens_at(self) -> datetime | None:
        """When that was counted."""

@final
class ChannelStop(Record):
    """Why a channel is stopped."""
    def __new__(cls, *, code: int, since: datetime, probe_at: datetime, probed: Probed | None = None) -> Self: ...
    __match_args__ = ("code", "since", "probe_at", "probed")
    @property
    def code(self) -> int:
        """The platform's code."""
    @property
    def since(self) -> datetime:
        """Since when."""
    @property
    def probe_at(self) -> datetime:
        """When its health is asked after next, where there is somebody to ask
        (`HealthProbe`)."""
    @property
    def probed(self) -> Probed | None:
        """What asking came to last."""

class Conflict(Record):
    """Something that stands in the way."""
    @property
    def code(self) -> str:
        """The stable code."""
    @final
    class AlreadyOpen(Conflict):
        """One is open already for this channel and contact. It says as much as the caller may see (G-33)."""
        def __new__(cls, *, attendance_id: AttendanceId | None = None, department_id: DepartmentId | None = None, assignee_id: AttendantId | None = None) -> Self: ...
        __match_args__ = ("attendance_id", "department_id", "assignee_id")
        @property
        def attendance_id(self) -> AttendanceId | None:
            """Which, if they may see it."""
        @property
        def department_id(self) -> DepartmentId | None:
            """Where, if they may see it."""
        @property
        def assignee_id(self) -> AttendantId | None:
            """Whose, if they may see it."""
    @final
    class PairOccupied(Conflict):
        """Restoring would make two open ones: restore as finished, or finish the other first (DESIGN 18.1)."""
        def __new__(cls, *, attendance_id: AttendanceId | None = None) -> Self: ...
        __match_args__ = ("attendance_id",)
        @property
        def attendance_id(self) -> AttendanceId | None:
            """The open one, if they may see it."""
    @final
    class DifferentContent(Conflict):
        """The request id was used for something else."""
        def __new__(cls) -> Self: ...
    @final
    class Changed(Conflict):
        """It changed since the caller looked."""
        def __new__(cls, *, version: int) -> Self: ...
        __match_args__ = ("version",)
        @property
        def version(self) -> int:
            """Its version now."""
    @final
    class Taken(Conflict):
        """Another row has this name, number or handle."""
        def __new__(cls, *, field: str) -> Self: ...
        __match_args__ = ("field",)
        @property
        def field(self) -> str:
            """Which field."""

@final
class Contact(Record):
    """A person who talks to the company."""
    def __new__(cls, *, id: ContactId, version: int, recipient_name: str | None = None, profile_name: str | None = None, profile_named_at: datetime | None = None, email: str | None = None, marketing_stopped_at: datetime | None = None, marketing_changed_at: datetime | None = None, merged_into: ContactId | None = None, created_at: datetime, erased_at: datetime | None = None) -> Self: ...
    __match_args__ = ("id", "version", "recipient_name", "profile_name", "profile_named_at", "email", "marketing_stopped_at", "marketing_changed_at", "merged_into", "created_at", "erased_at")
    @property
    def id(self) -> ContactId:
        """Their id."""
    @property
    def version(self) -> int:
        """Grows by one with each change."""
    @property
    def recipient_name(self) -> str | None:
        """The name staff gave; wins over the profile's (G-28)."""
    @property
    def profile_name(self) -> str | None:
        """The name on the platform's profile, as last seen."""
    @property
    def profile_named_at(self) -> datetime | None:
        """When it was seen, by the platform's time: an older name never replaces a newer one."""
    @property
    def email(self) -> str | None:
        """E-mail, for the information menu."""
    @property
    def marketing_stopped_at(self) -> datetime | None:
        """Since when they want no marketing."""
    @property
    def marketing_changed_at(self) -> datetime | None:
        """When they last said so or took it back, by the platform's time."""
    @property
    def merged_into(self) -> ContactId | None:
        """The contact that this one was merged into; it is then shown as that one (G-27)."""
    @property
    def created_at(self) -> datetime:
        """When the row was made."""
    @property
    def erased_at(self) -> datetime | None:
        """When what is known of them was erased: the row is then a number and nothing else."""
    @property
    def name(self) -> str:
        """The name to show: what staff gave, else the profile's; empty when neither is known."""

@final
class ContactCard(Record):
    """A contact card. `details` keeps the whole card as the platform's JSON, so that nothing is lost."""
    def __new__(cls, *, name: str, phones: Iterable[str] | None = None, details: str | None = None) -> Self: ...
    __match_args__ = ("name", "phones", "details")
    @property
    def name(self) -> str:
        """The formatted name."""
    @property
    def phones(self) -> list[str]:
        """Telephone numbers as written."""
    @property
    def details(self) -> str:
        """The card, as the platform's JSON object."""

@final
class ContactEntry(Record):
    """A contact with its platform users."""
    def __new__(cls, *, contact: Contact, identities: Iterable[Identity], existed: bool) -> Self: ...
    __match_args__ = ("contact", "identities", "existed")
    @property
    def contact(self) -> Contact:
        """The contact."""
    @property
    def identities(self) -> list[Identity]:
        """The platform users, by id."""
    @property
    def existed(self) -> bool:
        """Whether they were there before."""

@final
class ContactImport(Record):
    """The outcomes, one per row, in their order."""
    def __new__(cls, *, rows: Iterable[ImportedRow], created: int, matched: int, conflicts: int, invalid: int) -> Self: ...
    __match_args__ = ("rows", "created", "matched", "conflicts", "invalid")
    @property
    def rows(self) -> list[ImportedRow]:
        """The outcomes."""
    @property
    def created(self) -> int:
        """How many contacts were made."""
    @property
    def matched(self) -> int:
        """How many rows found theirs."""
    @property
    def conflicts(self) -> int:
        """How many are in conflict."""
    @property
    def invalid(self) -> int:
        """How many cannot be read."""

@final
class ContactRow(Record):
    """A contact as another system knows it."""
    def __new__(cls, *, name: str | None = None, phone: str | None = None, user_id: str | None = None, email: str | None = None) -> Self: ...
    __match_args__ = ("name", "phone", "user_id", "email")
    @property
    def name(self) -> str | None:
        """The name staff give; at most 120 characters."""
    @property
    def phone(self) -> str | None:
        """Phone number with country code, as people write it."""
    @property
    def user_id(self) -> str | None:
        """The platform's user id (BSUID), verbatim."""
    @property
    def email(self) -> str | None:
        """E-mail."""

class Content(Record):
    """The content of a message."""
    @property
    def kind(self) -> str:
        """One stable word for the kind, as stored and shown."""
    @property
    def text(self) -> str:
        """The words a person reads in this content, for lists and search; empty where there are none."""
    @property
    def is_free_form(self) -> bool:
        """Whether only the service window allows it: everything but a template."""
    @property
    def media(self) -> MediaContent | None:
        """The file of this content, a template's or an offer's header included."""
    @property
    def files(self) -> list[MediaContent]:
        """Every file of this content: its own or its header's, then its cards', in order."""
    @property
    def hashes(self) -> list[str]:
        """The hashes of all files that it names and that are kept here, also within an edit."""
    @final
    class Text(Content):
        """Free text, emoji included."""
        def __new__(cls, *, body: str, preview_url: bool = False) -> Self: ...
        __match_args__ = ("body", "preview_url")
        @property
        def body(self) -> str:
            """The text."""
        @property
        def preview_url(self) -> bool:
            """Whether the platform may show a preview of the first link."""
    @final
    class Media(Content):
        """A file."""
        def __new__(cls, value: MediaContent) -> Self: ...
        __match_args__ = ("value",)
        @property
        def value(self) -> MediaContent: ...
    @final
    class Template(Content):
        """A template with what was filled in and what the contact reads."""
        def __new__(cls, value: TemplateContent) -> Self: ...
        __match_args__ = ("value",)
        @property
        def value(self) -> TemplateContent: ...
    @final
    class Location(Content):
        """A place."""
        def __new__(cls, value: Location) -> Self: ...
        __match_args__ = ("value",)
        @property
        def value(self) -> Location: ...
    @final
    class Contacts(Content):
        """Contact cards."""
        def __new__(cls, *, cards: Iterable[ContactCard]) -> Self: ...
        __match_args__ = ("cards",)
        @property
        def cards(self) -> list[ContactCard]:
            """The cards, at least one."""
    @final
    class Reaction(Content):
        """A reaction to another message."""
        def __new__(cls, *, target: str, emoji: str | None = None) -> Self: ...
        __match_args__ = ("target", "emoji")
        @property
        def target(self) -> str:
            """The platform's id of the message reacted to."""
        @property
        def emoji(self) -> str:
            """The emoji; empty takes the reaction back."""
    @final
    class Interactive(Content):
        """Something to tap, offered by us."""
        def __new__(cls, value: Interactive) -> Self: ...
        __match_args__ = ("value",)
        @property
        def value(self) -> Interactive: ...
    @final
    class Reply(Content):
        """A tap on a button or list row, or a filled form."""
        def __new__(cls, value: InteractiveReply) -> Self: ...
        __match_args__ = ("value",)
        @property
        def value(self) -> InteractiveReply: ...
    @final
    class Order(Content):
        """An order from the catalogue."""
        def __new__(cls, value: Order) -> Self: ...
        __match_args__ = ("value",)
        @property
        def value(self) -> Order: ...
    @final
    class Edit(Content):
        """A change of an earlier message by its sender."""
        def __new__(cls, *, target: str, content: Content) -> Self: ...
        __match_args__ = ("target", "content")
        @property
        def target(self) -> str:
            """The platform's id of the changed message."""
        @property
        def content(self) -> Content:
            """What it says now."""
    @final
    class Revoke(Content):
        """An earlier message taken back by its sender."""
        def __new__(cls, *, target: str) -> Self: ...
        __match_args__ = ("target",)
        @property
        def target(self) -> str:
            """The platform's id of the message."""
    @final
    class System(Content):
        """A notice about the contact."""
        def __new__(cls, value: SystemNotice) -> Self: ...
        __match_args__ = ("value",)
        @property
        def value(self) -> SystemNotice: ...
    @final
    class Call(Content):
        """A call, as far as the conversation shows it."""
        def __new__(cls, *, event: str, from_contact: bool, duration_seconds: int | None = None) -> Self: ...
        __match_args__ = ("event", "from_contact", "duration_seconds")
        @property
        def event(self) -> str:
            """What happened: `connect`, `terminate`…"""
        @property
        def from_contact(self) -> bool:
            """Whether the contact began it."""
        @property
        def duration_seconds(self) -> int | None:
            """Seconds talked, when the platform said."""
    @final
    class Unsupported(Content):
        """A message the platform does not show to businesses."""
        def __new__(cls, *, subtype: str, codes: Iterable[int]) -> Self: ...
        __match_args__ = ("subtype", "codes")
        @property
        def subtype(self) -> str:
            """The platform's word for what it was, or empty."""
        @property
        def codes(self) -> list[int]:
            """The platform's error codes."""
    @final
    class Opaque(Content):
        """A kind this version does not know: kept raw, shown as unsupported, readable after an upgrade."""
        def __new__(cls, *, word: str, raw: str) -> Self: ...
        __match_args__ = ("word", "raw")
        @property
        def word(self) -> str:
            """The platform's word."""
        @property
        def raw(self) -> str:
            """The element as received."""

@final
class ConversionPlan(Record):
    """What to make of a picture so that the channel takes it. It is data: `guiche-imaging` or the host carries it out."""
    def __new__(cls, *, format: PictureFormat, longest_side: int, target_bytes: int, square: bool = False, still: bool = False) -> Self: ...
    __match_args__ = ("format", "longest_side", "target_bytes", "square", "still")
    @property
    def format(self) -> PictureFormat:
        """Into which format."""
    @property
    def longest_side(self) -> int:
        """The longest side of the result in pixels, from which to go down until the bytes fit. Never upwards, unless
        `square`."""
    @property
    def target_bytes(self) -> int:
        """The most bytes."""
    @property
    def square(self) -> bool:
        """Whether the result is a square of exactly `longest_side`, the picture in its middle and nothing around it."""
    @property
    def still(self) -> bool:
        """Whether the picture moves and only its first frame stays."""

@final
class Counts(Record):
    """The numbers of the side bar. Each is the number of rows over all pages of the query that it stands for; what would be
    zero is left out of the maps, except for markers."""
    def __new__(cls, *, total: int, unseen: int, mine: int, unassigned: int, snoozed: int, phases: Mapping[Phase, int], statuses: Mapping[StatusId, int], types: Mapping[AttendanceTypeId, int], departments: Mapping[DepartmentId, int], channels: Mapping[ChannelId, int], tags: Mapping[TagId, int], markers: Mapping[MarkerId, int]) -> Self: ...
    __match_args__ = ("total", "unseen", "mine", "unassigned", "snoozed", "phases", "statuses", "types", "departments", "channels", "tags", "markers")
    @property
    def total(self) -> int:
        """All."""
    @property
    def unseen(self) -> int:
        """Unseen."""
    @property
    def mine(self) -> int:
        """Assigned to the query's eyes."""
    @property
    def unassigned(self) -> int:
        """Assigned to nobody."""
    @property
    def snoozed(self) -> int:
        """Put off."""
    @property
    def phases(self) -> dict[Phase, int]:
        """By phase."""
    @property
    def statuses(self) -> dict[StatusId, int]:
        """By status label; what has none is in no count."""
    @property
    def types(self) -> dict[AttendanceTypeId, int]:
        """By type."""
    @property
    def departments(self) -> dict[DepartmentId, int]:
        """By department."""
    @property
    def channels(self) -> dict[ChannelId, int]:
        """By channel."""
    @property
    def tags(self) -> dict[TagId, int]:
        """By tag."""
    @property
    def markers(self) -> dict[MarkerId, int]:
        """By marker."""

@final
class CreateAttendance(Record):
    """Begins an attendance (S-01, S-03)."""
    def __new__(cls, *, contact_id: ContactId, channel_id: ChannelId, department_id: DepartmentId | None = None, identity_id: IdentityId | None = None, assignee_id: AttendantId | None = None, attributes: Mapping[str, str] | None = None, tags: Iterable[TagId] | None = None) -> Self: ...
    __match_args__ = ("contact_id", "channel_id", "department_id", "identity_id", "assignee_id", "attributes", "tags")
    @property
    def contact_id(self) -> ContactId:
        """With whom."""
    @property
    def channel_id(self) -> ChannelId:
        """Over which of the company's numbers."""
    @property
    def department_id(self) -> DepartmentId | None:
        """In which department; the first of the attendant's own by default, the channel's for the host."""
    @property
    def identity_id(self) -> IdentityId | None:
        """To which of the contact's platform users; their latest by default."""
    @property
    def assignee_id(self) -> AttendantId | None:
        """Who becomes responsible; whoever begins it, by default. The host begins it unassigned."""
    @property
    def attributes(self) -> dict[str, str]:
        """Where it came from: campaign, medium, source… At most 50, each named with at most 60 characters, of at most 1,000."""
    @property
    def tags(self) -> frozenset[TagId]:
        """Its tags from the first, so that a lead or a mass send stands under its marker at once."""

@final
class CreateAttendant(Record):
    """Adds someone who attends."""
    def __new__(cls, *, name: str, login: str | None = None, role: str, departments: Iterable[Membership] | None = None) -> Self: ...
    __match_args__ = ("name", "login", "role", "departments")
    @property
    def name(self) -> str:
        """Their name."""
    @property
    def login(self) -> str | None:
        """The name by which the host knows them; their name in lower case by default."""
    @property
    def role(self) -> str:
        """Name of their role."""
    @property
    def departments(self) -> list[Membership]:
        """Where they work."""

@final
class CreateChannel(Record):
    """Adds a number or address. Unless given, its rules are its platform's own."""
    def __new__(cls, *, kind: ChannelKind, name: str, number_id: str, display_number: str | None = None, waba_id: str | None = None, portfolio_id: str | None = None, default_department: DepartmentId, rules: ChannelRules | None = None) -> Self: ...
    __match_args__ = ("kind", "name", "number_id", "display_number", "waba_id", "portfolio_id", "default_department", "rules")
    @property
    def kind(self) -> ChannelKind:
        """The platform."""
    @property
    def name(self) -> str:
        """What the company calls it."""
    @property
    def number_id(self) -> str:
        """The platform's id of the number (`phone_number_id`)."""
    @property
    def display_number(self) -> str:
        """The number people see."""
    @property
    def waba_id(self) -> str:
        """The platform's messaging account (`waba_id`)."""
    @property
    def portfolio_id(self) -> str:
        """The business portfolio, if known."""
    @property
    def default_department(self) -> DepartmentId:
        """Where first messages go."""
    @property
    def rules(self) -> ChannelRules | None:
        """Other rules than the platform's own."""

@final
class CreateContact(Record):
    """Makes a contact, or finds the one with the same phone number or user id. Only a way to reach them is needed
    (`PRODUCT` 6.12)."""
    def __new__(cls, *, channel_id: ChannelId | None = None, name: str | None = None, phone: str | None = None, user_id: str | None = None, email: str | None = None, contact_id: ContactId | None = None) -> Self: ...
    __match_args__ = ("channel_id", "name", "phone", "user_id", "email", "contact_id")
    @property
    def channel_id(self) -> ChannelId | None:
        """On which channel's platform they are reached, and in whose scope their user id holds."""
    @property
    def name(self) -> str | None:
        """The name staff give; at most 120 characters."""
    @property
    def phone(self) -> str | None:
        """Phone number with country code, as people write it."""
    @property
    def user_id(self) -> str | None:
        """The platform's user id (BSUID), verbatim."""
    @property
    def email(self) -> str | None:
        """E-mail."""
    @property
    def contact_id(self) -> ContactId | None:
        """An existing contact that gets this identity as a further one."""

@final
class CreateDepartment(Record):
    """Adds a department."""
    def __new__(cls, *, name: str, reopen: ReopenPolicy | None = None, developments: Iterable[str] | None = None) -> Self: ...
    __match_args__ = ("name", "reopen", "developments")
    @property
    def name(self) -> str:
        """Its name."""
    @property
    def reopen(self) -> ReopenPolicy:
        """What happens when a contact writes after finishing."""
    @property
    def developments(self) -> frozenset[str]:
        """The developments that it serves, by the host's own keys."""

@final
class CreateMarker(Record):
    """Makes a marker (I-03): for oneself, or with `Permission.ManageMarkers` for everybody. The host's are everybody's."""
    def __new__(cls, *, name: str, filter: MarkerFilter, shared: bool = False) -> Self: ...
    __match_args__ = ("name", "filter", "shared")
    @property
    def name(self) -> str:
        """Its name, at most 80 characters."""
    @property
    def filter(self) -> MarkerFilter:
        """What it shows; something at least."""
    @property
    def shared(self) -> bool:
        """Whether everybody has it."""

@final
class CreateTask(Record):
    """Makes a task, or, with the key of one that came in before, brings that one up to date."""
    def __new__(cls, *, contact_id: ContactId, title: str, due: datetime | None = None, owner_id: AttendantId | None = None, done: bool | None = None, external_key: str | None = None) -> Self: ...
    __match_args__ = ("contact_id", "title", "due", "owner_id", "done", "external_key")
    @property
    def contact_id(self) -> ContactId:
        """For whom."""
    @property
    def title(self) -> str:
        """What is to be done."""
    @property
    def due(self) -> datetime | None:
        """Until when."""
    @property
    def owner_id(self) -> AttendantId | None:
        """Who has to do it."""
    @property
    def done(self) -> bool | None:
        """Whether it is done; left out, a new one is not and a known one stays as it is."""
    @property
    def external_key(self) -> str | None:
        """The host's own key for it."""

@final
class Created(Record):
    """A begun attendance, with every template that may be sent, at once (S-01)."""
    def __new__(cls, *, attendance: Attendance, templates: Iterable[Template], window: ServiceWindow) -> Self: ...
    __match_args__ = ("attendance", "templates", "window")
    @property
    def attendance(self) -> Attendance:
        """The attendance."""
    @property
    def templates(self) -> list[Template]:
        """The templates that may be sent, by name, then language."""
    @property
    def window(self) -> ServiceWindow:
        """The service window; open when another talk of the pair opened it (A-09)."""

class Days(Record):
    """Days by last activity. In JSON: `"today"`, `"any"`, `{"range": {"from": "2026-11-01", "until": "2026-11-30"}}`."""
    @final
    class Today(Days):
        """The day that it is now."""
        def __new__(cls) -> Self: ...
    @final
    class Any(Days):
        """Whenever."""
        def __new__(cls) -> Self: ...
    @final
    class Range(Days):
        """From the beginning of the first day to the end of the last."""
        def __new__(cls, *, from_: date, until: date) -> Self: ...
        __match_args__ = ("from_", "until")
        @property
        def from_(self) -> date:
            """The first."""
        @property
        def until(self) -> date:
            """The last, itself included."""

@final
class Delivery(Record):
    """One wish to hand a message over. `Debug` shows no id of the platform: they embed phone numbers."""
    def __new__(cls, *, id: DeliveryId, version: int, message_id: MessageId, attendance_id: AttendanceId, channel_id: ChannelId, contact_id: ContactId, identity_id: IdentityId, state: DeliveryState, queue_order: int, attempts: int, due_at: datetime, wamid: str | None = None, last_error: PlatformError | None = None, receipts: Receipts, created_at: datetime) -> Self: ...
    __match_args__ = ("id", "version", "message_id", "attendance_id", "channel_id", "contact_id", "identity_id", "state", "queue_order", "attempts", "due_at", "wamid", "last_error", "receipts", "created_at")
    @property
    def id(self) -> DeliveryId:
        """Its id; the platform echoes it."""
    @property
    def version(self) -> int:
        """Grows by one with each change."""
    @property
    def message_id(self) -> MessageId:
        """The message."""
    @property
    def attendance_id(self) -> AttendanceId:
        """Its attendance."""
    @property
    def channel_id(self) -> ChannelId:
        """The business number."""
    @property
    def contact_id(self) -> ContactId:
        """The contact; one message per (channel, contact) is in flight."""
    @property
    def identity_id(self) -> IdentityId:
        """The platform user it goes to."""
    @property
    def state(self) -> DeliveryState:
        """Where it stands."""
    @property
    def queue_order(self) -> int:
        """Its place in the queue of its contact: the `seq` at which it was queued."""
    @property
    def attempts(self) -> int:
        """Attempts begun."""
    @property
    def due_at(self) -> datetime:
        """Not before then."""
    @property
    def wamid(self) -> str | None:
        """The platform's id for the message."""
    @property
    def last_error(self) -> PlatformError | None:
        """The last error."""
    @property
    def receipts(self) -> Receipts:
        """What the platform said became of it, each fact with its time (G-19)."""
    @property
    def created_at(self) -> datetime:
        """When it was queued."""
    def advice(self, locale: Locale | None = None) -> str | None:
        """What to tell the attendant about it: why it failed, why it waits for another try, or why it is held. None where there
        is nothing of these to tell. The same error reads otherwise while the engine goes on trying and once it has given up."""

class DeliveryState(Record):
    """Where a delivery stands."""
    @property
    def word(self) -> str:
        """One stable word, as stored and shown."""
    @final
    class Queued(DeliveryState):
        """Waits for its turn."""
        def __new__(cls) -> Self: ...
    @final
    class InFlight(DeliveryState):
        """Is being handed over; whoever claimed it has until then to say what came of it."""
        def __new__(cls, *, lease_until: datetime) -> Self: ...
        __match_args__ = ("lease_until",)
        @property
        def lease_until(self) -> datetime:
            """The end of the lease."""
    @final
    class InDoubt(DeliveryState):
        """It may have left: nobody knows. Blocks those behind it until its grace is over, then steps aside."""
        def __new__(cls, *, since: datetime, grace_until: datetime | None = None) -> Self: ...
        __match_args__ = ("since", "grace_until")
        @property
        def since(self) -> datetime:
            """Since when."""
        @property
        def grace_until(self) -> datetime | None:
            """The end of the grace; None once it is over and a person or a status notice has to settle it."""
    @final
    class Held(DeliveryState):
        """The rules no longer allow it; a person decides."""
        def __new__(cls, *, reason: HeldReason) -> Self: ...
        __match_args__ = ("reason",)
        @property
        def reason(self) -> HeldReason:
            """Why."""
    @final
    class Settled(DeliveryState):
        """The platform answered; `progress` is how far it came."""
        def __new__(cls, *, progress: Progress) -> Self: ...
        __match_args__ = ("progress",)
        @property
        def progress(self) -> Progress:
            """The highest progress known."""
    @final
    class Replaced(DeliveryState):
        """A template was sent instead."""
        def __new__(cls, *, by: MessageId) -> Self: ...
        __match_args__ = ("by",)
        @property
        def by(self) -> MessageId:
            """The message sent instead."""
    @final
    class Discarded(DeliveryState):
        """A person gave it up."""
        def __new__(cls) -> Self: ...

@final
class Department(Record):
    """A department (*ramal*)."""
    def __new__(cls, *, id: DepartmentId, name: str, reopen: ReopenPolicy | None = None, developments: Iterable[str] | None = None, archived: bool = False) -> Self: ...
    __match_args__ = ("id", "name", "reopen", "developments", "archived")
    @property
    def id(self) -> DepartmentId:
        """Its id."""
    @property
    def name(self) -> str:
        """Its name."""
    @property
    def reopen(self) -> ReopenPolicy:
        """What happens when a contact writes after finishing."""
    @property
    def developments(self) -> frozenset[str]:
        """The developments (*empreendimentos*) that it serves, by the host's own keys: galleries may be theirs."""
    @property
    def archived(self) -> bool:
        """Out of use."""

class DeskChange(Record):
    """Something that changed for a desk."""
    @final
    class Event(DeskChange):
        """Something happened in what it sees."""
        def __new__(cls, value: Event) -> Self: ...
        __match_args__ = ("value",)
        @property
        def value(self) -> Event: ...
    @final
    class Gone(DeskChange):
        """An attendance is no longer for these eyes."""
        def __new__(cls, *, seq: int, attendance_id: AttendanceId) -> Self: ...
        __match_args__ = ("seq", "attendance_id")
        @property
        def seq(self) -> int:
            """When, in the feed."""
        @property
        def attendance_id(self) -> AttendanceId:
            """Which."""
    @final
    class Stale(DeskChange):
        """Whose eyes these are has another role or other departments, or the role has other permissions: what is seen may be
        more or less than before. Whoever keeps a list asks for it anew."""
        def __new__(cls, *, seq: int) -> Self: ...
        __match_args__ = ("seq",)
        @property
        def seq(self) -> int:
            """When, in the feed."""

@final
class DeskFeed(Record):
    """A stretch of what changed."""
    def __new__(cls, *, changes: Iterable[DeskChange], next: int) -> Self: ...
    __match_args__ = ("changes", "next")
    @property
    def changes(self) -> list[DeskChange]:
        """What changed, ascending."""
    @property
    def next(self) -> int:
        """The cursor to ask from next."""

class Direction(StrEnum):
    """Which way a message went."""
    IN = "in"
    """From the contact or the platform."""
    OUT = "out"
    """From the company."""

class Disposition(StrEnum):
    """What to do with an attendance when it is finished; always asked (S-27)."""
    ARCHIVE = "archive"
    """*Arquivar*: into the trash, from which it comes back whole (S-28)."""
    KEEP = "keep"
    """*Manter*: stays in the Central, finished (S-29)."""

class DoubtPolicy(StrEnum):
    """What happens to a message of which nobody knows whether it left, once its grace is over."""
    WAIT_FOR_PERSON = "wait_for_person"
    """It stays in doubt until a status notice or a person settles it."""
    RESEND_TEXT = "resend_text"
    """Free text is sent again. This may double it: the promise "nothing sent twice" does not cover it."""

class DoubtVerdict(StrEnum):
    """What a person found out about a message in doubt."""
    ARRIVED = "arrived"
    """It arrived."""
    LOST = "lost"
    """It did not arrive: it counts as failed and may be retried."""

@final
class Draft(Record):
    """What somebody has begun to write."""
    def __new__(cls, *, id: DraftId, version: int, attendance_id: AttendanceId, attendant_id: AttendantId | None = None, text: str, reply_to: MessageId | None = None, gallery_items: Iterable[GalleryItemId], at: datetime) -> Self: ...
    __match_args__ = ("id", "version", "attendance_id", "attendant_id", "text", "reply_to", "gallery_items", "at")
    @property
    def id(self) -> DraftId:
        """Its id: use it as the request id of the send."""
    @property
    def version(self) -> int:
        """Grows by one with each change."""
    @property
    def attendance_id(self) -> AttendanceId:
        """Where."""
    @property
    def attendant_id(self) -> AttendantId | None:
        """Whose; None if the host's."""
    @property
    def text(self) -> str:
        """The text so far."""
    @property
    def reply_to(self) -> MessageId | None:
        """The message it will answer."""
    @property
    def gallery_items(self) -> list[GalleryItemId]:
        """Items of galleries to go with it."""
    @property
    def at(self) -> datetime:
        """When it was last kept."""

@final
class EchoMessage(Record):
    """A message typed on the business phone (coexistence): outgoing, by nobody the engine knows."""
    def __new__(cls, *, wamid: str, recipient: Handles, timestamp: datetime, content: Content, standby: bool = False) -> Self: ...
    __match_args__ = ("wamid", "recipient", "timestamp", "content", "standby")
    @property
    def wamid(self) -> str:
        """The platform's id."""
    @property
    def recipient(self) -> Handles:
        """To whom."""
    @property
    def timestamp(self) -> datetime:
        """When, by the platform's clock."""
    @property
    def content(self) -> Content:
        """What it carries."""
    @property
    def standby(self) -> bool:
        """Whether the platform's own agent holds the conversation (WHATSAPP 5.9)."""

@final
class EditNote(Record):
    """Changes a note: what it shall say from now on, whole. What it said before is kept with it."""
    def __new__(cls, *, note_id: NoteId, text: str, mentions: Iterable[AttendantId] | None = None, links: Iterable[AttendanceId] | None = None) -> Self: ...
    __match_args__ = ("note_id", "text", "mentions", "links")
    @property
    def note_id(self) -> NoteId:
        """Which."""
    @property
    def text(self) -> str:
        """What it says, at most 10,000 characters."""
    @property
    def mentions(self) -> list[AttendantId]:
        """Colleagues it calls on."""
    @property
    def links(self) -> list[AttendanceId]:
        """Other attendances it points at. Those it pointed at already and that the caller does not see stay."""

class Element(Record):
    """What an element says."""
    @final
    class Message(Element):
        """A contact wrote, tapped, reacted, changed or took back something, or a notice about the contact."""
        def __new__(cls, value: InboundMessage) -> Self: ...
        __match_args__ = ("value",)
        @property
        def value(self) -> InboundMessage: ...
    @final
    class Echo(Element):
        """What someone typed on the business phone itself."""
        def __new__(cls, value: EchoMessage) -> Self: ...
        __match_args__ = ("value",)
        @property
        def value(self) -> EchoMessage: ...
    @final
    class Status(Element):
        """What became of a message of ours."""
        def __new__(cls, value: StatusNotice) -> Self: ...
        __match_args__ = ("value",)
        @property
        def value(self) -> StatusNotice: ...
    @final
    class Call(Element):
        """A call."""
        def __new__(cls, value: CallNotice) -> Self: ...
        __match_args__ = ("value",)
        @property
        def value(self) -> CallNotice: ...
    @final
    class Template(Element):
        """Something about a template."""
        def __new__(cls, value: TemplateNotice) -> Self: ...
        __match_args__ = ("value",)
        @property
        def value(self) -> TemplateNotice: ...
    @final
    class Preference(Element):
        """The contact allowed or stopped marketing."""
        def __new__(cls, value: PreferenceNotice) -> Self: ...
        __match_args__ = ("value",)
        @property
        def value(self) -> PreferenceNotice: ...
    @final
    class Account(Element):
        """An account-level notice, or an error without a message. Kept and counted; `word` is the platform's field."""
        def __new__(cls, value: AccountNotice) -> Self: ...
        __match_args__ = ("value",)
        @property
        def value(self) -> AccountNotice: ...
    @final
    class Unknown(Element):
        """Well-formed, but of a kind this version does not know."""
        def __new__(cls, value: UnknownElement) -> Self: ...
        __match_args__ = ("value",)
        @property
        def value(self) -> UnknownElement: ...
    @final
    class Malformed(Element):
        """Not what the platform's documentation says it should be."""
        def __new__(cls, value: MalformedElement) -> Self: ...
        __match_args__ = ("value",)
        @property
        def value(self) -> MalformedElement: ...

class Entity(StrEnum):
    """A sort of thing that can be missing."""
    ATTENDANCE = "attendance"
    """An attendance."""
    CONTACT = "contact"
    """A contact."""
    CHANNEL = "channel"
    """A channel."""
    DEPARTMENT = "department"
    """A department."""
    ATTENDANT = "attendant"
    """An attendant."""
    ROLE = "role"
    """A role."""
    STATUS = "status"
    """A status label."""
    ATTENDANCE_TYPE = "attendance_type"
    """An attendance type."""
    TAG = "tag"
    """A tag."""
    TEMPLATE = "template"
    """A template."""
    MESSAGE = "message"
    """A message."""
    DELIVERY = "delivery"
    """A delivery."""
    MEDIA = "media"
    """A stored file."""
    MARKER = "marker"
    """A marker."""
    NOTE = "note"
    """A note."""
    GALLERY_ITEM = "gallery_item"
    """An item of a gallery."""
    TASK = "task"
    """A task."""
    EXTERNAL_LINK = "external_link"
    """A link to a record of another module."""
    SERVICE_TICKET = "service_ticket"
    """A service ticket."""
    CANNED_REPLY = "canned_reply"
    """A ready answer."""
    DRAFT = "draft"
    """A draft."""
    MERGE = "merge"
    """A merge of contacts."""
    ERASURE = "erasure"
    """An erasure."""
    LEGAL_HOLD = "legal_hold"
    """A legal hold."""

class EntryRef(Record):
    """A message or a note."""
    @final
    class Message(EntryRef):
        """A message."""
        def __new__(cls, value: MessageId) -> Self: ...
        __match_args__ = ("value",)
        @property
        def value(self) -> MessageId: ...
    @final
    class Note(EntryRef):
        """A note."""
        def __new__(cls, value: NoteId) -> Self: ...
        __match_args__ = ("value",)
        @property
        def value(self) -> NoteId: ...

@final
class Episode(Record):
    """From when an attendance is made or reopened until it is finished."""
    def __new__(cls, *, begun: Mark, reopened: bool, department_id: DepartmentId | None = None, finished: Finished | None = None, responses: Iterable[Response], unanswered: Mark | None = None, unanswered_by_people: Mark | None = None, received: int, sent_by_people: int, sent_by_host: int) -> Self: ...
    __match_args__ = ("begun", "reopened", "department_id", "finished", "responses", "unanswered", "unanswered_by_people", "received", "sent_by_people", "sent_by_host")
    @property
    def begun(self) -> Mark:
        """When it began."""
    @property
    def reopened(self) -> bool:
        """Whether the attendance was taken up again, rather than made."""
    @property
    def department_id(self) -> DepartmentId | None:
        """In which department it is, or was when it ended; None only if the log was not read from its beginning."""
    @property
    def finished(self) -> Finished | None:
        """When it ended, and by whom."""
    @property
    def responses(self) -> list[Response]:
        """The answers to a contact who waited, in the order of the log."""
    @property
    def unanswered(self) -> Mark | None:
        """The oldest message of the contact that has no answer at all."""
    @property
    def unanswered_by_people(self) -> Mark | None:
        """The oldest message of the contact that no person has answered."""
    @property
    def received(self) -> int:
        """How many messages the contact wrote."""
    @property
    def sent_by_people(self) -> int:
        """How many messages people of the company wrote."""
    @property
    def sent_by_host(self) -> int:
        """How many messages the host sent by itself."""
    @property
    def first_response(self) -> Response | None:
        """The first answer, whoever gave it."""
    @property
    def first_response_by_person(self) -> Response | None:
        """A person's first answer."""
    @property
    def resolution(self) -> timedelta | None:
        """The running time from its beginning to its end."""

@final
class ErasePerson(Record):
    """Erases a person."""
    def __new__(cls, *, contact_id: ContactId | None = None, phone: str | None = None, user_id: str | None = None, by: AttendantId | None = None) -> Self: ...
    __match_args__ = ("contact_id", "phone", "user_id", "by")
    @property
    def contact_id(self) -> ContactId | None:
        """The contact; all that were merged into it go as well. Left out, only what belongs to no contact goes and names
        `phone` or `user_id`: somebody who is known from deliveries that found no place."""
    @property
    def phone(self) -> str | None:
        """A number of theirs beside those that are known, in any written form."""
    @property
    def user_id(self) -> str | None:
        """A user id of theirs beside those that are known."""
    @property
    def by(self) -> AttendantId | None:
        """Who asked for it; left out, the host."""

@final
class Erasure(Record):
    """What came of an erasure."""
    def __new__(cls, *, receipt: ErasureReceipt, unfinished: ErasureUnfinished | None = None, repeated: bool) -> Self: ...
    __match_args__ = ("receipt", "unfinished", "repeated")
    @property
    def receipt(self) -> ErasureReceipt:
        """The receipt. It attests that nothing can be read any more once `completed_at` is set, and not before."""
    @property
    def unfinished(self) -> ErasureUnfinished | None:
        """What is still to be done; asking again goes on with it. None when the receipt is complete."""
    @property
    def repeated(self) -> bool:
        """Whether nothing was done because it had been done before."""

@final
class ErasureCounts(Record):
    """How much of each kind: rows, but for what is said otherwise."""
    def __new__(cls, *, contacts: int = 0, identities: int = 0, handles: int = 0, pairs: int = 0, attendances: int = 0, messages: int = 0, notes: int = 0, deliveries: int = 0, tasks: int = 0, links: int = 0, tickets: int = 0, drafts: int = 0, file_jobs: int = 0, merges: int = 0, parked: int = 0, kept: int = 0, requests: int = 0, events: int = 0, files: int = 0, shared_files: int = 0, uploads: int = 0) -> Self: ...
    __match_args__ = ("contacts", "identities", "handles", "pairs", "attendances", "messages", "notes", "deliveries", "tasks", "links", "tickets", "drafts", "file_jobs", "merges", "parked", "kept", "requests", "events", "files", "shared_files", "uploads")
    @property
    def contacts(self) -> int:
        """Contacts that become a number."""
    @property
    def identities(self) -> int:
        """Users of platforms that become a number."""
    @property
    def handles(self) -> int:
        """Names by which they were found, and keys under which their numbers met others'."""
    @property
    def pairs(self) -> int:
        """What windows and budgets depended on."""
    @property
    def attendances(self) -> int:
        """Attendances that become a skeleton."""
    @property
    def messages(self) -> int:
        """Messages."""
    @property
    def notes(self) -> int:
        """Notes, with what they said before."""
    @property
    def deliveries(self) -> int:
        """Deliveries, also those that still waited to leave."""
    @property
    def tasks(self) -> int:
        """Tasks."""
    @property
    def links(self) -> int:
        """Links to records of other modules."""
    @property
    def tickets(self) -> int:
        """Service tickets; the modules keep theirs."""
    @property
    def drafts(self) -> int:
        """What colleagues had begun to write."""
    @property
    def file_jobs(self) -> int:
        """Files that were still to be fetched."""
    @property
    def merges(self) -> int:
        """Merges."""
    @property
    def parked(self) -> int:
        """Facts that waited for a message."""
    @property
    def kept(self) -> int:
        """Elements of deliveries that were kept as they came."""
    @property
    def requests(self) -> int:
        """Recorded outcomes of requests."""
    @property
    def events(self) -> int:
        """Events that told more than ids and times."""
    @property
    def files(self) -> int:
        """Files that nobody else's messages and no gallery use."""
    @property
    def shared_files(self) -> int:
        """Files that stay because others use them."""
    @property
    def uploads(self) -> int:
        """Files that platforms were said to hold."""

@final
class ErasureException(Record):
    """Something that an erasure left alone."""
    def __new__(cls, *, hold_id: HoldId, contact_id: ContactId, attendance_id: AttendanceId | None = None, ground: str, since: datetime) -> Self: ...
    __match_args__ = ("hold_id", "contact_id", "attendance_id", "ground", "since")
    @property
    def hold_id(self) -> HoldId:
        """The hold."""
    @property
    def contact_id(self) -> ContactId:
        """Whose."""
    @property
    def attendance_id(self) -> AttendanceId | None:
        """Only this attendance and who it was with; everything of the contact when left out."""
    @property
    def ground(self) -> str:
        """The ground, as whoever placed the hold gave it."""
    @property
    def since(self) -> datetime:
        """Since when."""

@final
class ErasurePlan(Record):
    """What an erasure would do; nothing is done by looking."""
    def __new__(cls, *, contact_ids: Iterable[ContactId], scope: ErasureCounts, exceptions: Iterable[ErasureException], under_way_until: datetime | None = None) -> Self: ...
    __match_args__ = ("contact_ids", "scope", "exceptions", "under_way_until")
    @property
    def contact_ids(self) -> list[ContactId]:
        """The contact, and those that were merged into it."""
    @property
    def scope(self) -> ErasureCounts:
        """What would go."""
    @property
    def exceptions(self) -> list[ErasureException]:
        """What would stay, and why."""
    @property
    def under_way_until(self) -> datetime | None:
        """Until when something of theirs is under way; an erasure is refused before."""

@final
class ErasureReceipt(Record):
    """Attests what was erased. It holds nothing of the person: ids of rows that are blank, numbers, grounds."""
    def __new__(cls, *, id: ErasureId, contact_ids: Iterable[ContactId], erased_at: datetime, by: AttendantId | None = None, scope: ErasureCounts, exceptions: Iterable[ErasureException], continues: ErasureId | None = None, hash: str, completed_at: datetime | None = None) -> Self: ...
    __match_args__ = ("id", "contact_ids", "erased_at", "by", "scope", "exceptions", "continues", "hash", "completed_at")
    @property
    def id(self) -> ErasureId:
        """Its id."""
    @property
    def contact_ids(self) -> list[ContactId]:
        """The contact and those that were merged into it; empty when it was of somebody who was no contact."""
    @property
    def erased_at(self) -> datetime:
        """When the rows went."""
    @property
    def by(self) -> AttendantId | None:
        """Who asked for it; None if the host."""
    @property
    def scope(self) -> ErasureCounts:
        """What went."""
    @property
    def exceptions(self) -> list[ErasureException]:
        """What was left alone, and why."""
    @property
    def continues(self) -> ErasureId | None:
        """The erasure that this one goes on with: what was held then, or came since."""
    @property
    def hash(self) -> str:
        """SHA-256, in lower-case hexadecimal, over everything above as JSON."""
    @property
    def completed_at(self) -> datetime | None:
        """Since when nothing of it can be read in any file."""
    @property
    def computed_hash(self) -> str:
        """The hash of what it says."""

class ErasureUnfinished(StrEnum):
    """Why an erasure is not complete though its rows are gone."""
    FILES = "files"
    """A file could not be removed."""
    STORE_IN_USE = "store_in_use"
    """Somebody, perhaps another process, still reads or writes the store as it was: what is gone from the rows may stand in
    its files."""

class ErrorClass(StrEnum):
    """What to do about a platform's error (WHATSAPP 6.2)."""
    RETRY = "retry"
    """Try again by itself, later each time."""
    PAIR_LIMIT = "pair_limit"
    """Only this pair is sending too fast: 4ⁿ seconds."""
    WAIT = "wait"
    """A person may try again after the wait."""
    PERMANENT = "permanent"
    """Never for this message."""
    MARKETING_STOPPED = "marketing_stopped"
    """The contact wants no marketing: never for this message, nor for another of the kind until they say otherwise."""
    WINDOW_CLOSED = "window_closed"
    """The window is closed: never for this message, and the window is closed now."""
    TEMPLATE_STALE = "template_stale"
    """Our copy of the template is stale."""
    MEDIA_STALE = "media_stale"
    """The platform does not take the file, or no longer knows the id that it gave for it: never for this message, and
    the file is uploaded anew the next time."""
    CONFIGURATION = "configuration"
    """The account or its set-up is broken: stop the channel, tell an administrator."""
    INFORMATION = "information"
    """About an inbound message: information for the attendant."""

@final
class Event(Record):
    """Something that happened."""
    def __new__(cls, *, seq: int, at: datetime, actor: Actor, attendance_id: AttendanceId | None = None, position: int | None = None, kind: EventKind, touched: Iterable[RowRef]) -> Self: ...
    __match_args__ = ("seq", "at", "actor", "attendance_id", "position", "kind", "touched")
    @property
    def seq(self) -> int:
        """Its number: grows by one, no gaps."""
    @property
    def at(self) -> datetime:
        """When it was committed."""
    @property
    def actor(self) -> Actor:
        """Who did it."""
    @property
    def attendance_id(self) -> AttendanceId | None:
        """The attendance it is about."""
    @property
    def position(self) -> int | None:
        """Its place in that attendance's timeline, when it has one."""
    @property
    def kind(self) -> EventKind:
        """What happened."""
    @property
    def touched(self) -> list[RowRef]:
        """The rows that were written with it."""

class EventKind(Record):
    """What happened."""
    @property
    def contacts(self) -> list[ContactId]:
        """The contacts that it tells of, when it is about contacts and no attendance."""
    @property
    def word(self) -> str:
        """The event's stable word."""
    @final
    class SetupChanged(EventKind):
        """A row of the set-up was made or changed."""
        def __new__(cls, *, entity: str, key: str) -> Self: ...
        __match_args__ = ("entity", "key")
        @property
        def entity(self) -> str: ...
        @property
        def key(self) -> str: ...
    @final
    class ContactCreated(EventKind):
        """A contact was made."""
        def __new__(cls, *, contact_id: ContactId) -> Self: ...
        __match_args__ = ("contact_id",)
        @property
        def contact_id(self) -> ContactId: ...
    @final
    class RecipientRenamed(EventKind):
        """Staff named the recipient (S-24)."""
        def __new__(cls, *, contact_id: ContactId) -> Self: ...
        __match_args__ = ("contact_id",)
        @property
        def contact_id(self) -> ContactId: ...
    @final
    class ProfileRenamed(EventKind):
        """The profile name on the platform changed."""
        def __new__(cls, *, contact_id: ContactId) -> Self: ...
        __match_args__ = ("contact_id",)
        @property
        def contact_id(self) -> ContactId: ...
    @final
    class HandleAdded(EventKind):
        """The platform gave a contact another handle."""
        def __new__(cls, *, contact_id: ContactId) -> Self: ...
        __match_args__ = ("contact_id",)
        @property
        def contact_id(self) -> ContactId: ...
    @final
    class DuplicateSuspected(EventKind):
        """Two contacts may be one person: their numbers are two written forms of one (G-24)."""
        def __new__(cls, *, contact_id: ContactId, other_id: ContactId) -> Self: ...
        __match_args__ = ("contact_id", "other_id")
        @property
        def contact_id(self) -> ContactId: ...
        @property
        def other_id(self) -> ContactId: ...
    @final
    class ContactsMerged(EventKind):
        """Two contacts were made one."""
        def __new__(cls, *, merge_id: MergeId, kept_id: ContactId, absorbed_id: ContactId) -> Self: ...
        __match_args__ = ("merge_id", "kept_id", "absorbed_id")
        @property
        def merge_id(self) -> MergeId: ...
        @property
        def kept_id(self) -> ContactId: ...
        @property
        def absorbed_id(self) -> ContactId: ...
    @final
    class ContactsUnmerged(EventKind):
        """They were parted again."""
        def __new__(cls, *, merge_id: MergeId, kept_id: ContactId, absorbed_id: ContactId) -> Self: ...
        __match_args__ = ("merge_id", "kept_id", "absorbed_id")
        @property
        def merge_id(self) -> MergeId: ...
        @property
        def kept_id(self) -> ContactId: ...
        @property
        def absorbed_id(self) -> ContactId: ...
    @final
    class ContactChanged(EventKind):
        """An attendance is now with another contact, because of a merge or its undoing."""
        def __new__(cls, *, from_: ContactId, to: ContactId) -> Self: ...
        __match_args__ = ("from_", "to")
        @property
        def from_(self) -> ContactId: ...
        @property
        def to(self) -> ContactId: ...
    @final
    class MarketingStopped(EventKind):
        """The contact stopped marketing."""
        def __new__(cls, *, contact_id: ContactId) -> Self: ...
        __match_args__ = ("contact_id",)
        @property
        def contact_id(self) -> ContactId: ...
    @final
    class MarketingResumed(EventKind):
        """The contact allows marketing again."""
        def __new__(cls, *, contact_id: ContactId) -> Self: ...
        __match_args__ = ("contact_id",)
        @property
        def contact_id(self) -> ContactId: ...
    @final
    class AttendanceCreated(EventKind):
        """An attendance was made."""
        def __new__(cls, *, contact_id: ContactId, department_id: DepartmentId, assignee_id: AttendantId | None = None, previous_id: AttendanceId | None = None) -> Self: ...
        __match_args__ = ("contact_id", "department_id", "assignee_id", "previous_id")
        @property
        def contact_id(self) -> ContactId: ...
        @property
        def department_id(self) -> DepartmentId: ...
        @property
        def assignee_id(self) -> AttendantId | None: ...
        @property
        def previous_id(self) -> AttendanceId | None: ...
    @final
    class AttendanceReopened(EventKind):
        """The contact wrote to a finished one, and the department's policy took it up again."""
        def __new__(cls, *, released: AttendantId | None = None) -> Self: ...
        __match_args__ = ("released",)
        @property
        def released(self) -> AttendantId | None: ...
    @final
    class AttendanceAssigned(EventKind):
        """Somebody took it or was given it."""
        def __new__(cls, *, department_id: DepartmentId, from_: AttendantId | None = None, to: AttendantId | None = None) -> Self: ...
        __match_args__ = ("department_id", "from_", "to")
        @property
        def department_id(self) -> DepartmentId: ...
        @property
        def from_(self) -> AttendantId | None: ...
        @property
        def to(self) -> AttendantId | None: ...
    @final
    class AttendanceTransferred(EventKind):
        """It went to another department."""
        def __new__(cls, *, from_: DepartmentId, to: DepartmentId, assignee_before: AttendantId | None = None, assignee_id: AttendantId | None = None) -> Self: ...
        __match_args__ = ("from_", "to", "assignee_before", "assignee_id")
        @property
        def from_(self) -> DepartmentId: ...
        @property
        def to(self) -> DepartmentId: ...
        @property
        def assignee_before(self) -> AttendantId | None: ...
        @property
        def assignee_id(self) -> AttendantId | None: ...
    @final
    class StatusChanged(EventKind):
        """Its status label changed."""
        def __new__(cls, *, from_: StatusId | None = None, to: StatusId | None = None) -> Self: ...
        __match_args__ = ("from_", "to")
        @property
        def from_(self) -> StatusId | None: ...
        @property
        def to(self) -> StatusId | None: ...
    @final
    class TypeChanged(EventKind):
        """Its type changed."""
        def __new__(cls, *, from_: AttendanceTypeId | None = None, to: AttendanceTypeId | None = None) -> Self: ...
        __match_args__ = ("from_", "to")
        @property
        def from_(self) -> AttendanceTypeId | None: ...
        @property
        def to(self) -> AttendanceTypeId | None: ...
    @final
    class TagsChanged(EventKind):
        """Its tags changed."""
        def __new__(cls, *, added: Iterable[TagId], removed: Iterable[TagId]) -> Self: ...
        __match_args__ = ("added", "removed")
        @property
        def added(self) -> list[TagId]: ...
        @property
        def removed(self) -> list[TagId]: ...
    @final
    class AttendanceFinished(EventKind):
        """It was finished."""
        def __new__(cls, *, disposition: Disposition) -> Self: ...
        __match_args__ = ("disposition",)
        @property
        def disposition(self) -> Disposition: ...
    @final
    class AttendanceTrashed(EventKind):
        """It went to the trash."""
        def __new__(cls, *, door: TrashDoor) -> Self: ...
        __match_args__ = ("door",)
        @property
        def door(self) -> TrashDoor: ...
    @final
    class AttendanceRestored(EventKind):
        """It came back."""
        def __new__(cls, *, restored_as: RestoreAs) -> Self: ...
        __match_args__ = ("restored_as",)
        @property
        def restored_as(self) -> RestoreAs: ...
    @final
    class AttendanceSnoozed(EventKind):
        """It was put off."""
        def __new__(cls, *, until: datetime | None = None) -> Self: ...
        __match_args__ = ("until",)
        @property
        def until(self) -> datetime | None: ...
    @final
    class SnoozeEnded(EventKind):
        """It is no longer put off."""
        def __new__(cls, *, why: SnoozeEnd) -> Self: ...
        __match_args__ = ("why",)
        @property
        def why(self) -> SnoozeEnd: ...
    @final
    class AttendanceSeen(EventKind):
        """An attendant saw it."""
        def __new__(cls, *, attendant_id: AttendantId) -> Self: ...
        __match_args__ = ("attendant_id",)
        @property
        def attendant_id(self) -> AttendantId: ...
    @final
    class AttendanceMarkedUnseen(EventKind):
        """An attendant marked it as unseen."""
        def __new__(cls, *, attendant_id: AttendantId) -> Self: ...
        __match_args__ = ("attendant_id",)
        @property
        def attendant_id(self) -> AttendantId: ...
    @final
    class NoteWritten(EventKind):
        """A note was written; `mentions` are the colleagues that it calls on."""
        def __new__(cls, *, note_id: NoteId, mentions: Iterable[AttendantId] | None = None) -> Self: ...
        __match_args__ = ("note_id", "mentions")
        @property
        def note_id(self) -> NoteId: ...
        @property
        def mentions(self) -> list[AttendantId]: ...
    @final
    class NoteEdited(EventKind):
        """A note was changed; `mentions` are the colleagues that it calls on now and did not before."""
        def __new__(cls, *, note_id: NoteId, mentions: Iterable[AttendantId] | None = None) -> Self: ...
        __match_args__ = ("note_id", "mentions")
        @property
        def note_id(self) -> NoteId: ...
        @property
        def mentions(self) -> list[AttendantId]: ...
    @final
    class TaskCreated(EventKind):
        """A task of a contact was made."""
        def __new__(cls, *, task_id: TaskId, contact_id: ContactId) -> Self: ...
        __match_args__ = ("task_id", "contact_id")
        @property
        def task_id(self) -> TaskId: ...
        @property
        def contact_id(self) -> ContactId: ...
    @final
    class TaskChanged(EventKind):
        """What a task says, when it is due or whose it is changed."""
        def __new__(cls, *, task_id: TaskId, contact_id: ContactId) -> Self: ...
        __match_args__ = ("task_id", "contact_id")
        @property
        def task_id(self) -> TaskId: ...
        @property
        def contact_id(self) -> ContactId: ...
    @final
    class TaskCompleted(EventKind):
        """A task is done."""
        def __new__(cls, *, task_id: TaskId, contact_id: ContactId) -> Self: ...
        __match_args__ = ("task_id", "contact_id")
        @property
        def task_id(self) -> TaskId: ...
        @property
        def contact_id(self) -> ContactId: ...
    @final
    class TaskReopened(EventKind):
        """A task is not done after all."""
        def __new__(cls, *, task_id: TaskId, contact_id: ContactId) -> Self: ...
        __match_args__ = ("task_id", "contact_id")
        @property
        def task_id(self) -> TaskId: ...
        @property
        def contact_id(self) -> ContactId: ...
    @final
    class RecordLinked(EventKind):
        """A contact was linked to a record of another module."""
        def __new__(cls, *, link_id: ExternalLinkId, contact_id: ContactId) -> Self: ...
        __match_args__ = ("link_id", "contact_id")
        @property
        def link_id(self) -> ExternalLinkId: ...
        @property
        def contact_id(self) -> ContactId: ...
    @final
    class RecordUnlinked(EventKind):
        """Such a link was taken away."""
        def __new__(cls, *, link_id: ExternalLinkId, contact_id: ContactId) -> Self: ...
        __match_args__ = ("link_id", "contact_id")
        @property
        def link_id(self) -> ExternalLinkId: ...
        @property
        def contact_id(self) -> ContactId: ...
    @final
    class TicketEnabled(EventKind):
        """The button that opens a service ticket was enabled (S-20)."""
        def __new__(cls, *, ticket_id: ServiceTicketId) -> Self: ...
        __match_args__ = ("ticket_id",)
        @property
        def ticket_id(self) -> ServiceTicketId: ...
    @final
    class TicketRequested(EventKind):
        """Somebody pressed it: the ticket will be opened."""
        def __new__(cls, *, ticket_id: ServiceTicketId) -> Self: ...
        __match_args__ = ("ticket_id",)
        @property
        def ticket_id(self) -> ServiceTicketId: ...
    @final
    class TicketStarted(EventKind):
        """The request is being handed to the module."""
        def __new__(cls, *, ticket_id: ServiceTicketId, attempt: int) -> Self: ...
        __match_args__ = ("ticket_id", "attempt")
        @property
        def ticket_id(self) -> ServiceTicketId: ...
        @property
        def attempt(self) -> int: ...
    @final
    class TicketDelayed(EventKind):
        """It will be tried again."""
        def __new__(cls, *, ticket_id: ServiceTicketId, due_at: datetime, code: str) -> Self: ...
        __match_args__ = ("ticket_id", "due_at", "code")
        @property
        def ticket_id(self) -> ServiceTicketId: ...
        @property
        def due_at(self) -> datetime: ...
        @property
        def code(self) -> str: ...
    @final
    class TicketOpened(EventKind):
        """The module opened the ticket."""
        def __new__(cls, *, ticket_id: ServiceTicketId) -> Self: ...
        __match_args__ = ("ticket_id",)
        @property
        def ticket_id(self) -> ServiceTicketId: ...
    @final
    class TicketFailed(EventKind):
        """The ticket was not opened; its button stays enabled."""
        def __new__(cls, *, ticket_id: ServiceTicketId, code: str) -> Self: ...
        __match_args__ = ("ticket_id", "code")
        @property
        def ticket_id(self) -> ServiceTicketId: ...
        @property
        def code(self) -> str: ...
    @final
    class MessageReceived(EventKind):
        """The contact wrote; `said_at` is by the platform's time."""
        def __new__(cls, *, message_id: MessageId, kind: str, late: bool, said_at: datetime) -> Self: ...
        __match_args__ = ("message_id", "kind", "late", "said_at")
        @property
        def message_id(self) -> MessageId: ...
        @property
        def kind(self) -> str: ...
        @property
        def late(self) -> bool: ...
        @property
        def said_at(self) -> datetime: ...
    @final
    class MessageEchoed(EventKind):
        """Somebody wrote on the business phone; `said_at` is by the platform's time."""
        def __new__(cls, *, message_id: MessageId, kind: str, said_at: datetime) -> Self: ...
        __match_args__ = ("message_id", "kind", "said_at")
        @property
        def message_id(self) -> MessageId: ...
        @property
        def kind(self) -> str: ...
        @property
        def said_at(self) -> datetime: ...
    @final
    class MessageQueued(EventKind):
        """A message was queued for the contact; `said_at` is by the platform's time as far as it is known."""
        def __new__(cls, *, message_id: MessageId, delivery_id: DeliveryId, kind: str, said_at: datetime) -> Self: ...
        __match_args__ = ("message_id", "delivery_id", "kind", "said_at")
        @property
        def message_id(self) -> MessageId: ...
        @property
        def delivery_id(self) -> DeliveryId: ...
        @property
        def kind(self) -> str: ...
        @property
        def said_at(self) -> datetime: ...
    @final
    class MessageEdited(EventKind):
        """A message's sender changed it."""
        def __new__(cls, *, message_id: MessageId) -> Self: ...
        __match_args__ = ("message_id",)
        @property
        def message_id(self) -> MessageId: ...
    @final
    class MessageRevoked(EventKind):
        """A message's sender took it back."""
        def __new__(cls, *, message_id: MessageId) -> Self: ...
        __match_args__ = ("message_id",)
        @property
        def message_id(self) -> MessageId: ...
    @final
    class ReactionChanged(EventKind):
        """A reaction was added, changed or taken back."""
        def __new__(cls, *, message_id: MessageId) -> Self: ...
        __match_args__ = ("message_id",)
        @property
        def message_id(self) -> MessageId: ...
    @final
    class DeliveryStarted(EventKind):
        """A delivery is being handed over."""
        def __new__(cls, *, delivery_id: DeliveryId, attempt: int) -> Self: ...
        __match_args__ = ("delivery_id", "attempt")
        @property
        def delivery_id(self) -> DeliveryId: ...
        @property
        def attempt(self) -> int: ...
    @final
    class DeliveryAccepted(EventKind):
        """The platform took it."""
        def __new__(cls, *, delivery_id: DeliveryId, paced: bool) -> Self: ...
        __match_args__ = ("delivery_id", "paced")
        @property
        def delivery_id(self) -> DeliveryId: ...
        @property
        def paced(self) -> bool: ...
    @final
    class DeliveryDelayed(EventKind):
        """It will be tried again."""
        def __new__(cls, *, delivery_id: DeliveryId, due_at: datetime, code: str) -> Self: ...
        __match_args__ = ("delivery_id", "due_at", "code")
        @property
        def delivery_id(self) -> DeliveryId: ...
        @property
        def due_at(self) -> datetime: ...
        @property
        def code(self) -> str: ...
    @final
    class DeliveryFailed(EventKind):
        """It will not arrive."""
        def __new__(cls, *, delivery_id: DeliveryId, code: str) -> Self: ...
        __match_args__ = ("delivery_id", "code")
        @property
        def delivery_id(self) -> DeliveryId: ...
        @property
        def code(self) -> str: ...
    @final
    class DeliveryInDoubt(EventKind):
        """It may have left; nobody knows."""
        def __new__(cls, *, delivery_id: DeliveryId, reason: str) -> Self: ...
        __match_args__ = ("delivery_id", "reason")
        @property
        def delivery_id(self) -> DeliveryId: ...
        @property
        def reason(self) -> str: ...
    @final
    class DeliveryHeld(EventKind):
        """The rules no longer allow it."""
        def __new__(cls, *, delivery_id: DeliveryId, reason: HeldReason) -> Self: ...
        __match_args__ = ("delivery_id", "reason")
        @property
        def delivery_id(self) -> DeliveryId: ...
        @property
        def reason(self) -> HeldReason: ...
    @final
    class DeliveryRequeued(EventKind):
        """A person queued it again."""
        def __new__(cls, *, delivery_id: DeliveryId) -> Self: ...
        __match_args__ = ("delivery_id",)
        @property
        def delivery_id(self) -> DeliveryId: ...
    @final
    class DeliveryReplaced(EventKind):
        """A template was sent instead."""
        def __new__(cls, *, delivery_id: DeliveryId, by: MessageId) -> Self: ...
        __match_args__ = ("delivery_id", "by")
        @property
        def delivery_id(self) -> DeliveryId: ...
        @property
        def by(self) -> MessageId: ...
    @final
    class DeliveryDiscarded(EventKind):
        """A person gave it up."""
        def __new__(cls, *, delivery_id: DeliveryId) -> Self: ...
        __match_args__ = ("delivery_id",)
        @property
        def delivery_id(self) -> DeliveryId: ...
    @final
    class ReceiptTaken(EventKind):
        """The platform told what became of it."""
        def __new__(cls, *, delivery_id: DeliveryId, status: str, shown: Progress) -> Self: ...
        __match_args__ = ("delivery_id", "status", "shown")
        @property
        def delivery_id(self) -> DeliveryId: ...
        @property
        def status(self) -> str: ...
        @property
        def shown(self) -> Progress: ...
    @final
    class WindowOpened(EventKind):
        """Free conversation opened."""
        def __new__(cls, *, channel_id: ChannelId, contact_id: ContactId, by: Activity, until: datetime) -> Self: ...
        __match_args__ = ("channel_id", "contact_id", "by", "until")
        @property
        def channel_id(self) -> ChannelId: ...
        @property
        def contact_id(self) -> ContactId: ...
        @property
        def by(self) -> Activity: ...
        @property
        def until(self) -> datetime: ...
    @final
    class WindowClosing(EventKind):
        """It closes soon."""
        def __new__(cls, *, channel_id: ChannelId, contact_id: ContactId, until: datetime) -> Self: ...
        __match_args__ = ("channel_id", "contact_id", "until")
        @property
        def channel_id(self) -> ChannelId: ...
        @property
        def contact_id(self) -> ContactId: ...
        @property
        def until(self) -> datetime: ...
    @final
    class WindowExpired(EventKind):
        """It closed because time passed (S-07)."""
        def __new__(cls, *, channel_id: ChannelId, contact_id: ContactId, since: datetime) -> Self: ...
        __match_args__ = ("channel_id", "contact_id", "since")
        @property
        def channel_id(self) -> ChannelId: ...
        @property
        def contact_id(self) -> ContactId: ...
        @property
        def since(self) -> datetime: ...
    @final
    class WindowRefuted(EventKind):
        """The platform said that it is closed."""
        def __new__(cls, *, channel_id: ChannelId, contact_id: ContactId) -> Self: ...
        __match_args__ = ("channel_id", "contact_id")
        @property
        def channel_id(self) -> ChannelId: ...
        @property
        def contact_id(self) -> ContactId: ...
    @final
    class CannedReplyChanged(EventKind):
        """A canned reply was made or changed."""
        def __new__(cls, *, reply_id: CannedReplyId) -> Self: ...
        __match_args__ = ("reply_id",)
        @property
        def reply_id(self) -> CannedReplyId: ...
    @final
    class DraftSaved(EventKind):
        """Somebody kept or dropped what they were writing."""
        def __new__(cls, *, attendant_id: AttendantId | None = None) -> Self: ...
        __match_args__ = ("attendant_id",)
        @property
        def attendant_id(self) -> AttendantId | None: ...
    @final
    class EmailChanged(EventKind):
        """The contact's e-mail was given or changed."""
        def __new__(cls, *, contact_id: ContactId) -> Self: ...
        __match_args__ = ("contact_id",)
        @property
        def contact_id(self) -> ContactId: ...
    @final
    class ReadMarked(EventKind):
        """A message of the contact was marked as read, so that they see it."""
        def __new__(cls, *, message_id: MessageId, typing: bool) -> Self: ...
        __match_args__ = ("message_id", "typing")
        @property
        def message_id(self) -> MessageId: ...
        @property
        def typing(self) -> bool: ...
    @final
    class TemplateSynced(EventKind):
        """A template was added or changed by a sync."""
        def __new__(cls, *, template_id: TemplateId) -> Self: ...
        __match_args__ = ("template_id",)
        @property
        def template_id(self) -> TemplateId: ...
    @final
    class TemplatesSynced(EventKind):
        """A sync was applied."""
        def __new__(cls, *, waba_id: str, added: int, changed: int, vanished: int) -> Self: ...
        __match_args__ = ("waba_id", "added", "changed", "vanished")
        @property
        def waba_id(self) -> str: ...
        @property
        def added(self) -> int: ...
        @property
        def changed(self) -> int: ...
        @property
        def vanished(self) -> int: ...
    @final
    class TemplateNoticed(EventKind):
        """The platform told something about a template."""
        def __new__(cls, *, template_id: TemplateId, change: TemplateChange) -> Self: ...
        __match_args__ = ("template_id", "change")
        @property
        def template_id(self) -> TemplateId: ...
        @property
        def change(self) -> TemplateChange: ...
    @final
    class FactParked(EventKind):
        """A fact came before its message and waits for it."""
        def __new__(cls, *, channel_id: ChannelId) -> Self: ...
        __match_args__ = ("channel_id",)
        @property
        def channel_id(self) -> ChannelId: ...
    @final
    class FactExpired(EventKind):
        """A parked fact's message never came."""
        def __new__(cls, *, channel_id: ChannelId) -> Self: ...
        __match_args__ = ("channel_id",)
        @property
        def channel_id(self) -> ChannelId: ...
    @final
    class ElementKept(EventKind):
        """An element was kept aside or kept raw."""
        def __new__(cls, *, kept_id: QuarantineId, reason: str) -> Self: ...
        __match_args__ = ("kept_id", "reason")
        @property
        def kept_id(self) -> QuarantineId: ...
        @property
        def reason(self) -> str: ...
    @final
    class ElementReinterpreted(EventKind):
        """An element that was kept is understood now and took its place."""
        def __new__(cls, *, kept_id: QuarantineId) -> Self: ...
        __match_args__ = ("kept_id",)
        @property
        def kept_id(self) -> QuarantineId: ...
    @final
    class MessageReinterpreted(EventKind):
        """A message of a kind that was not known is understood now. It stays where it is."""
        def __new__(cls, *, message_id: MessageId, kind: str) -> Self: ...
        __match_args__ = ("message_id", "kind")
        @property
        def message_id(self) -> MessageId: ...
        @property
        def kind(self) -> str: ...
    @final
    class CallNoticed(EventKind):
        """The platform told something about a call."""
        def __new__(cls, *, message_id: MessageId) -> Self: ...
        __match_args__ = ("message_id",)
        @property
        def message_id(self) -> MessageId: ...
    @final
    class FileFetched(EventKind):
        """A contact's file is here. `hash_matches` tells whether it is the file whose hash the platform named, if it did."""
        def __new__(cls, *, message_id: MessageId, size: int, hash_matches: bool | None = None) -> Self: ...
        __match_args__ = ("message_id", "size", "hash_matches")
        @property
        def message_id(self) -> MessageId: ...
        @property
        def size(self) -> int: ...
        @property
        def hash_matches(self) -> bool | None: ...
    @final
    class FileFailed(EventKind):
        """A contact's file could not be fetched; a person may ask for it again."""
        def __new__(cls, *, message_id: MessageId, reason: str) -> Self: ...
        __match_args__ = ("message_id", "reason")
        @property
        def message_id(self) -> MessageId: ...
        @property
        def reason(self) -> str: ...
    @final
    class FileRequested(EventKind):
        """A person asked for a contact's file again."""
        def __new__(cls, *, message_id: MessageId) -> Self: ...
        __match_args__ = ("message_id",)
        @property
        def message_id(self) -> MessageId: ...
    @final
    class GalleryItemAdded(EventKind):
        """A file was put into a gallery."""
        def __new__(cls, *, item_id: GalleryItemId) -> Self: ...
        __match_args__ = ("item_id",)
        @property
        def item_id(self) -> GalleryItemId: ...
    @final
    class GalleryFileReplaced(EventKind):
        """An item got another file: the next send delivers it."""
        def __new__(cls, *, item_id: GalleryItemId, number: int) -> Self: ...
        __match_args__ = ("item_id", "number")
        @property
        def item_id(self) -> GalleryItemId: ...
        @property
        def number(self) -> int: ...
    @final
    class GalleryItemChanged(EventKind):
        """What is said of an item, where it lies or whose it is changed."""
        def __new__(cls, *, item_id: GalleryItemId) -> Self: ...
        __match_args__ = ("item_id",)
        @property
        def item_id(self) -> GalleryItemId: ...
    @final
    class GalleryItemArchived(EventKind):
        """An item was taken out of use."""
        def __new__(cls, *, item_id: GalleryItemId) -> Self: ...
        __match_args__ = ("item_id",)
        @property
        def item_id(self) -> GalleryItemId: ...
    @final
    class GalleryItemRestored(EventKind):
        """An item was taken back into use."""
        def __new__(cls, *, item_id: GalleryItemId) -> Self: ...
        __match_args__ = ("item_id",)
        @property
        def item_id(self) -> GalleryItemId: ...
    @final
    class AttendanceErased(EventKind):
        """What was said in an attendance was erased; its entries stay as what happened and when."""
        def __new__(cls, *, erasure_id: ErasureId) -> Self: ...
        __match_args__ = ("erasure_id",)
        @property
        def erasure_id(self) -> ErasureId: ...
    @final
    class ContactErased(EventKind):
        """What is known of a contact was erased."""
        def __new__(cls, *, erasure_id: ErasureId, contact_id: ContactId) -> Self: ...
        __match_args__ = ("erasure_id", "contact_id")
        @property
        def erasure_id(self) -> ErasureId: ...
        @property
        def contact_id(self) -> ContactId: ...
    @final
    class ErasureCompleted(EventKind):
        """Nothing of what an erasure took can be read any more, in no file."""
        def __new__(cls, *, erasure_id: ErasureId) -> Self: ...
        __match_args__ = ("erasure_id",)
        @property
        def erasure_id(self) -> ErasureId: ...
    @final
    class HoldPlaced(EventKind):
        """Something of a contact may not be erased."""
        def __new__(cls, *, hold_id: HoldId, contact_id: ContactId) -> Self: ...
        __match_args__ = ("hold_id", "contact_id")
        @property
        def hold_id(self) -> HoldId: ...
        @property
        def contact_id(self) -> ContactId: ...
    @final
    class HoldLifted(EventKind):
        """It may again."""
        def __new__(cls, *, hold_id: HoldId, contact_id: ContactId) -> Self: ...
        __match_args__ = ("hold_id", "contact_id")
        @property
        def hold_id(self) -> HoldId: ...
        @property
        def contact_id(self) -> ContactId: ...
    @final
    class ChannelStopped(EventKind):
        """A configuration error stopped the channel: nothing is sent over it."""
        def __new__(cls, *, channel_id: ChannelId, code: int) -> Self: ...
        __match_args__ = ("channel_id", "code")
        @property
        def channel_id(self) -> ChannelId: ...
        @property
        def code(self) -> int: ...
    @final
    class ChannelProbed(EventKind):
        """A stopped channel's health was asked after, and it stays stopped for another reason than was known."""
        def __new__(cls, *, channel_id: ChannelId, finding: ProbeFinding) -> Self: ...
        __match_args__ = ("channel_id", "finding")
        @property
        def channel_id(self) -> ChannelId: ...
        @property
        def finding(self) -> ProbeFinding: ...
    @final
    class ChannelResumed(EventKind):
        """The channel was resumed: by a person, or by the engine once the platform said that it can send."""
        def __new__(cls, *, channel_id: ChannelId) -> Self: ...
        __match_args__ = ("channel_id",)
        @property
        def channel_id(self) -> ChannelId: ...

@final
class ExportFilter(Record):
    """What an export holds. Everything left out means any."""
    def __new__(cls, *, variant: ExportVariant | None = None, created_from: datetime | None = None, created_until: datetime | None = None, active_from: datetime | None = None, active_until: datetime | None = None, departments: Iterable[DepartmentId] | None = None, trash: bool = False) -> Self: ...
    __match_args__ = ("variant", "created_from", "created_until", "active_from", "active_until", "departments", "trash")
    @property
    def variant(self) -> ExportVariant:
        """How much it tells of people."""
    @property
    def created_from(self) -> datetime | None:
        """Only attendances made at this instant or later."""
    @property
    def created_until(self) -> datetime | None:
        """Only attendances made before."""
    @property
    def active_from(self) -> datetime | None:
        """Only attendances whose last activity was at this instant or later."""
    @property
    def active_until(self) -> datetime | None:
        """Only attendances whose last activity was before."""
    @property
    def departments(self) -> list[DepartmentId]:
        """Only attendances in these departments, at most 100."""
    @property
    def trash(self) -> bool:
        """Also what lies in the trash."""

class ExportVariant(StrEnum):
    """How much an export tells of people."""
    FULL = "full"
    """Everything that its columns hold."""
    MASKED = "masked"
    """Nothing by which a person can be told: names, of attendants too, and e-mails are their first character and
    `***`, phone numbers their first two and last two digits. Texts, file names, file hashes and the attributes of an
    attendance are left out, because no rule can tell what people wrote in them."""
    IDS_ONLY = "ids_only"
    """Ids, instants, words of the engine and figures. No text that a person wrote: no name, not even of a department."""

@final
class ExternalLink(Record):
    """A link from a contact to a record of another module."""
    def __new__(cls, *, id: ExternalLinkId, version: int, contact_id: ContactId, attendance_id: AttendanceId | None = None, record: RecordRef, url: str | None = None, source: LinkSource, created_at: datetime) -> Self: ...
    __match_args__ = ("id", "version", "contact_id", "attendance_id", "record", "url", "source", "created_at")
    @property
    def id(self) -> ExternalLinkId:
        """Its id, made from contact and record: a contact is linked to a record once."""
    @property
    def version(self) -> int:
        """Grows by one with each change."""
    @property
    def contact_id(self) -> ContactId:
        """Whose."""
    @property
    def attendance_id(self) -> AttendanceId | None:
        """The attendance it came up in."""
    @property
    def record(self) -> RecordRef:
        """The record."""
    @property
    def url(self) -> str | None:
        """Its page, when whoever made the link gave one."""
    @property
    def source(self) -> LinkSource:
        """Who made the link."""
    @property
    def created_at(self) -> datetime:
        """When."""

@final
class FetchReport(Record):
    """What fetching did, in numbers."""
    def __new__(cls, *, fetched: int, delayed: int, failed: int) -> Self: ...
    __match_args__ = ("fetched", "delayed", "failed")
    @property
    def fetched(self) -> int:
        """Files that are here now."""
    @property
    def delayed(self) -> int:
        """To be tried again later."""
    @property
    def failed(self) -> int:
        """Not tried again by itself."""

@final
class FetchedMedia(Record):
    """A fetched file."""
    def __new__(cls, *, mime_type: str, size: int, hash: HashCheck) -> Self: ...
    __match_args__ = ("mime_type", "size", "hash")
    @property
    def mime_type(self) -> str:
        """MIME type as the platform says."""
    @property
    def size(self) -> int:
        """Bytes written."""
    @property
    def hash(self) -> HashCheck:
        """What came of comparing the bytes with the platform's hash of them."""

@final
class FileSettings(Record):
    """Rules of fetching contacts' files."""
    def __new__(cls, *, lease: timedelta | None = None, max_attempts: int = 100, backoff_base: timedelta | None = None, backoff_cap: timedelta | None = None) -> Self: ...
    __match_args__ = ("lease", "max_attempts", "backoff_base", "backoff_cap")
    @property
    def lease(self) -> timedelta:
        """How long a file belongs to the worker that fetches it and gets no byte of it."""
    @property
    def max_attempts(self) -> int:
        """How many times it is tried in all before a person has to ask again."""
    @property
    def backoff_base(self) -> timedelta:
        """The first wait of the exponential back-off."""
    @property
    def backoff_cap(self) -> timedelta:
        """Its longest wait."""

class FileState(Record):
    """Where the file of a contact's message stands that is not here."""
    def explain(self, locale: Locale | None = None) -> str:
        """The sentence for a person, with what to do next."""
    @final
    class Waiting(FileState):
        """It will be fetched."""
        def __new__(cls, *, attempts: int, due_at: datetime, last_error: str | None = None) -> Self: ...
        __match_args__ = ("attempts", "due_at", "last_error")
        @property
        def attempts(self) -> int:
            """Attempts made."""
        @property
        def due_at(self) -> datetime:
            """Not before then."""
        @property
        def last_error(self) -> str | None:
            """Why the last one did not work, as a stable code."""
    @final
    class Fetching(FileState):
        """It is being fetched."""
        def __new__(cls, *, attempts: int, lease_until: datetime) -> Self: ...
        __match_args__ = ("attempts", "lease_until")
        @property
        def attempts(self) -> int:
            """Attempts begun."""
        @property
        def lease_until(self) -> datetime:
            """Until when it belongs to whoever is at it."""
    @final
    class Failed(FileState):
        """It is not fetched by itself any more; a person may ask for it again."""
        def __new__(cls, *, attempts: int, reason: str, at: datetime) -> Self: ...
        __match_args__ = ("attempts", "reason", "at")
        @property
        def attempts(self) -> int:
            """Attempts made."""
        @property
        def reason(self) -> str:
            """Why, as a stable code: `expired`, `too_large`, `host_not_allowed`, `no_file_id`, `not_asked_for`; the platform's
            code in digits; or, after too many attempts, what the last one came to."""
        @property
        def at(self) -> datetime:
            """Since when."""

@final
class FilledReply(Record):
    """A canned reply filled in for an attendance: what the composer begins with. Nothing is sent by it."""
    def __new__(cls, *, text: str, blank: Iterable[Placeholder], gallery_item_id: GalleryItemId | None = None) -> Self: ...
    __match_args__ = ("text", "blank", "gallery_item_id")
    @property
    def text(self) -> str:
        """The text."""
    @property
    def blank(self) -> frozenset[Placeholder]:
        """Placeholders of which nothing is known here: they stand for nothing in the text."""
    @property
    def gallery_item_id(self) -> GalleryItemId | None:
        """The gallery item that goes with it."""

@final
class Finding(Record):
    """What was found out about a file."""
    def __new__(cls, *, found: str, actual: int, limit: int, name_says: str | None = None, untold: Iterable[Untold]) -> Self: ...
    __match_args__ = ("found", "actual", "limit", "name_says", "untold")
    @property
    def found(self) -> str:
        """What it is, by its content: a MIME type."""
    @property
    def actual(self) -> int:
        """Its size in bytes."""
    @property
    def limit(self) -> int:
        """The largest such file that the channel takes, in bytes; 0 when it takes none."""
    @property
    def name_says(self) -> str | None:
        """The type that its name claims, where the content is another (A-11)."""
    @property
    def untold(self) -> list[Untold]:
        """What matters to the channel and could not be told. It is no reason to refuse: the platform decides."""

class FinishRequirement(StrEnum):
    """Something an account may demand before finishing (A-18)."""
    TAG = "tag"
    """At least one tag."""
    ATTENDANCE_TYPE = "attendance_type"
    """An attendance type."""
    STATUS = "status"
    """A status."""

@final
class Finished(Record):
    """The end of an episode."""
    def __new__(cls, *, mark: Mark, actor: Actor) -> Self: ...
    __match_args__ = ("mark", "actor")
    @property
    def mark(self) -> Mark:
        """When."""
    @property
    def actor(self) -> Actor:
        """Who finished it."""

class Fit(Record):
    """Whether a channel takes a file as a kind (G-37). `Fit.advice` says it to a person."""
    def advice(self, locale: Locale | None = None) -> str:
        """One sentence for a person: what the file is and what to do now."""
    @final
    class Ok(Fit):
        """It goes as it is."""
        def __new__(cls, *, kind: MediaKind, finding: Finding) -> Self: ...
        __match_args__ = ("kind", "finding")
        @property
        def kind(self) -> MediaKind:
            """As what it was judged."""
        @property
        def finding(self) -> Finding:
            """What was found."""
    @final
    class NeedsConversion(Fit):
        """It goes once the plan is carried out; whoever carries it out may still find it impossible."""
        def __new__(cls, *, kind: MediaKind, reason: Misfit, plan: ConversionPlan, instead: MediaKind | None = None, finding: Finding) -> Self: ...
        __match_args__ = ("kind", "reason", "plan", "instead", "finding")
        @property
        def kind(self) -> MediaKind:
            """As what it was judged."""
        @property
        def reason(self) -> Misfit:
            """Why it does not go as it is."""
        @property
        def plan(self) -> ConversionPlan:
            """What to make of it."""
        @property
        def instead(self) -> MediaKind | None:
            """As what else it goes as it is."""
        @property
        def finding(self) -> Finding:
            """What was found."""
    @final
    class Impossible(Fit):
        """It does not go, and no plan of ours helps."""
        def __new__(cls, *, kind: MediaKind, reason: Misfit, instead: MediaKind | None = None, finding: Finding) -> Self: ...
        __match_args__ = ("kind", "reason", "instead", "finding")
        @property
        def kind(self) -> MediaKind:
            """As what it was judged."""
        @property
        def reason(self) -> Misfit:
            """Why."""
        @property
        def instead(self) -> MediaKind | None:
            """As what else it goes as it is."""
        @property
        def finding(self) -> Finding:
            """What was found."""

class FlowName(Record):
    """How a form is known."""
    @final
    class Id(FlowName):
        """By the platform's id."""
        def __new__(cls, value: str) -> Self: ...
        __match_args__ = ("value",)
        @property
        def value(self) -> str: ...
    @final
    class Name(FlowName):
        """By its name."""
        def __new__(cls, value: str) -> Self: ...
        __match_args__ = ("value",)
        @property
        def value(self) -> str: ...

@final
class FlowOffer(Record):
    """A form to open."""
    def __new__(cls, *, text: str, flow: FlowName, token: str | None = None, draft: bool = False, start: FlowStart | None = None) -> Self: ...
    __match_args__ = ("text", "flow", "token", "draft", "start")
    @property
    def text(self) -> str:
        """What the contact reads on the button."""
    @property
    def flow(self) -> FlowName:
        """Which form."""
    @property
    def token(self) -> str | None:
        """What comes back with its answers, to tell one sending from another."""
    @property
    def draft(self) -> bool:
        """Whether the form's draft is opened, for trying it out."""
    @property
    def start(self) -> FlowStart | None:
        """Where it begins; the form's own beginning otherwise."""

class FlowStart(Record):
    """Where a form begins."""
    @final
    class Screen(FlowStart):
        """At a screen."""
        def __new__(cls, *, screen: str, data: str | None = None) -> Self: ...
        __match_args__ = ("screen", "data")
        @property
        def screen(self) -> str:
            """The screen."""
        @property
        def data(self) -> str | None:
            """What it shows, as a JSON object."""
    @final
    class Server(FlowStart):
        """Where the company's own server says."""
        def __new__(cls) -> Self: ...

@final
class FoundAttendance(Record):
    """An attendance that was found."""
    def __new__(cls, *, attendance_id: AttendanceId, contact_id: ContactId, contact_name: str, last_activity_at: datetime, matched: Iterable[MatchedIn]) -> Self: ...
    __match_args__ = ("attendance_id", "contact_id", "contact_name", "last_activity_at", "matched")
    @property
    def attendance_id(self) -> AttendanceId:
        """Which."""
    @property
    def contact_id(self) -> ContactId:
        """With whom."""
    @property
    def contact_name(self) -> str:
        """Their name; empty when none is known."""
    @property
    def last_activity_at(self) -> datetime:
        """When something last happened."""
    @property
    def matched(self) -> frozenset[MatchedIn]:
        """Where it matched."""

@final
class FoundEntry(Record):
    """A message or note that was found."""
    def __new__(cls, *, attendance_id: AttendanceId, entry: EntryRef, at: datetime, excerpt: str) -> Self: ...
    __match_args__ = ("attendance_id", "entry", "at", "excerpt")
    @property
    def attendance_id(self) -> AttendanceId:
        """Where."""
    @property
    def entry(self) -> EntryRef:
        """Which."""
    @property
    def at(self) -> datetime:
        """When it was said or written."""
    @property
    def excerpt(self) -> str:
        """The text around the first word that was found, at most 120 characters."""

@final
class FoundNote(Record):
    """A note that was found."""
    def __new__(cls, *, shown: ShownNote, contact_id: ContactId) -> Self: ...
    __match_args__ = ("shown", "contact_id")
    @property
    def shown(self) -> ShownNote:
        """The note."""
    @property
    def contact_id(self) -> ContactId:
        """With whom its attendance is."""

@final
class GalleryFilter(Record):
    """Which items to list. Everything left out means any."""
    def __new__(cls, *, gallery: GalleryKind | None = None, folder: str | None = None, subfolders: bool = False, scope: GalleryScope | None = None, text: str | None = None, archived: bool = False, cursor: str | None = None, limit: int | None = None) -> Self: ...
    __match_args__ = ("gallery", "folder", "subfolders", "scope", "text", "archived", "cursor", "limit")
    @property
    def gallery(self) -> GalleryKind | None:
        """Only of this gallery."""
    @property
    def folder(self) -> str | None:
        """Only what lies in this folder, whatever its accents and case; empty for the top."""
    @property
    def subfolders(self) -> bool:
        """With `folder`, also what lies in the folders within it."""
    @property
    def scope(self) -> GalleryScope | None:
        """Only of this scope."""
    @property
    def text(self) -> str | None:
        """Only what has all of these words in its name, description or folder; the last is a prefix."""
    @property
    def archived(self) -> bool:
        """What is archived, instead of what is in use."""
    @property
    def cursor(self) -> str | None:
        """Where the page before ended."""
    @property
    def limit(self) -> int | None:
        """At most so many, 1 to 200; 50 by default."""

@final
class GalleryFolder(Record):
    """A folder of a gallery."""
    def __new__(cls, *, path: str, items: int, all_items: int) -> Self: ...
    __match_args__ = ("path", "items", "all_items")
    @property
    def path(self) -> str:
        """Its names, parted by `/`; empty for the top."""
    @property
    def items(self) -> int:
        """How many items lie in it."""
    @property
    def all_items(self) -> int:
        """How many lie in it or in folders within it."""

@final
class GalleryItem(Record):
    """An item of a gallery. `Debug` shows no words."""
    def __new__(cls, *, id: GalleryItemId, version: int, gallery: GalleryKind, scope: GalleryScope, folder: str, name: str, description: str | None = None, caption: str | None = None, versions: Iterable[GalleryVersion], archived: bool, created_at: datetime, created_by: AttendantId | None = None) -> Self: ...
    __match_args__ = ("id", "version", "gallery", "scope", "folder", "name", "description", "caption", "versions", "archived", "created_at", "created_by")
    @property
    def id(self) -> GalleryItemId:
        """Its id."""
    @property
    def version(self) -> int:
        """Grows by one with each change, of whatever sort. Not the number of its file."""
    @property
    def gallery(self) -> GalleryKind:
        """In which gallery."""
    @property
    def scope(self) -> GalleryScope:
        """Whose it is."""
    @property
    def folder(self) -> str:
        """Where it lies: names parted by `/`, such as `Torre B/Plantas`; empty at the top."""
    @property
    def name(self) -> str:
        """Its name."""
    @property
    def description(self) -> str | None:
        """What it is."""
    @property
    def caption(self) -> str | None:
        """The words that go under it unless others are given."""
    @property
    def versions(self) -> list[GalleryVersion]:
        """Its files, oldest first; the last one is sent."""
    @property
    def archived(self) -> bool:
        """Out of use: kept for what was sent, and not sent again."""
    @property
    def created_at(self) -> datetime:
        """When it was made."""
    @property
    def created_by(self) -> AttendantId | None:
        """By whom; None if by the host."""
    @property
    def current(self) -> GalleryVersion | None:
        """The file that the next send delivers."""

class GalleryKind(StrEnum):
    """A gallery."""
    IMAGES = "images"
    """*Galeria de Imagens*: pictures only."""
    FILES = "files"
    """*Galeria de Arquivos*: presentations, catalogues, books; any file."""

class GalleryOutcome(Record):
    """What came of one item."""
    @final
    class Queued(GalleryOutcome):
        """It is a message now, which leaves with the next pump; one that fails or is held goes again with
        `Desk.retry`."""
        def __new__(cls, *, item_id: GalleryItemId, version: int, message_id: MessageId, delivery_id: DeliveryId) -> Self: ...
        __match_args__ = ("item_id", "version", "message_id", "delivery_id")
        @property
        def item_id(self) -> GalleryItemId:
            """The item."""
        @property
        def version(self) -> int:
            """The number of the file that goes."""
        @property
        def message_id(self) -> MessageId:
            """The message."""
        @property
        def delivery_id(self) -> DeliveryId:
            """Its delivery."""
    @final
    class Refused(GalleryOutcome):
        """It does not go; the others do."""
        def __new__(cls, *, item_id: GalleryItemId, code: str, refusal: Refusal | None = None) -> Self: ...
        __match_args__ = ("item_id", "code", "refusal")
        @property
        def item_id(self) -> GalleryItemId:
            """The item, as it was named."""
        @property
        def code(self) -> str:
            """Why: the code of the error that sending it alone answers."""
        @property
        def refusal(self) -> Refusal | None:
            """The rule that says no, with its data, if it is one."""

@final
class GalleryPage(Record):
    """A page of items."""
    def __new__(cls, *, items: Iterable[GalleryItem], next: str | None = None) -> Self: ...
    __match_args__ = ("items", "next")
    @property
    def items(self) -> list[GalleryItem]:
        """The items, by folder, then name, both whatever their accents and case, then id."""
    @property
    def next(self) -> str | None:
        """Where the next page begins; None after the last."""

@final
class GalleryPick(Record):
    """An item to send."""
    def __new__(cls, *, item_id: GalleryItemId, caption: str | None = None) -> Self: ...
    __match_args__ = ("item_id", "caption")
    @property
    def item_id(self) -> GalleryItemId:
        """Which."""
    @property
    def caption(self) -> str | None:
        """The words under it; the item's own if left out, none if blank."""

class GalleryScope(Record):
    """Whose an item is: who lists, opens and sends it."""
    @final
    class Account(GalleryScope):
        """Everybody's."""
        def __new__(cls) -> Self: ...
    @final
    class Department(GalleryScope):
        """Of those who work in a department."""
        def __new__(cls, *, department_id: DepartmentId) -> Self: ...
        __match_args__ = ("department_id",)
        @property
        def department_id(self) -> DepartmentId:
            """Which."""
    @final
    class Development(GalleryScope):
        """Of those who work in a department that serves a development (*empreendimento*)."""
        def __new__(cls, *, key: str) -> Self: ...
        __match_args__ = ("key",)
        @property
        def key(self) -> str:
            """The host's key of it."""

@final
class GallerySend(Record):
    """What came of one press."""
    def __new__(cls, *, items: Iterable[GalleryOutcome], window: ServiceWindow, attendance: Attendance) -> Self: ...
    __match_args__ = ("items", "window", "attendance")
    @property
    def items(self) -> list[GalleryOutcome]:
        """What came of each item, in the order given. At least one was queued."""
    @property
    def window(self) -> ServiceWindow:
        """The window in which they were queued; `Uncertain` says that the platform may refuse them."""
    @property
    def attendance(self) -> Attendance:
        """Where the attendance stands now."""
    @property
    def refused(self) -> list[int]:
        """Where those stand in the list that were not queued: what remains to be sent another way."""

@final
class GalleryUse(Record):
    """Which item and file a message was, as it keeps it."""
    def __new__(cls, *, item_id: GalleryItemId, version: int) -> Self: ...
    __match_args__ = ("item_id", "version")
    @property
    def item_id(self) -> GalleryItemId:
        """The item."""
    @property
    def version(self) -> int:
        """The number of the file that was sent."""

@final
class GalleryVersion(Record):
    """A file that an item had or has."""
    def __new__(cls, *, number: int, file: MediaFile, at: datetime, by: AttendantId | None = None) -> Self: ...
    __match_args__ = ("number", "file", "at", "by")
    @property
    def number(self) -> int:
        """1 for the first."""
    @property
    def file(self) -> MediaFile:
        """The file."""
    @property
    def at(self) -> datetime:
        """Since when."""
    @property
    def by(self) -> AttendantId | None:
        """By whom; None if by the host."""

@final
class Handles(Record):
    """The names a platform has for one of its users. Any may be missing; at least one is there."""
    def __new__(cls, *, wa_id: str | None = None, user_id: str | None = None, parent_user_id: str | None = None, username: str | None = None, profile_name: str | None = None) -> Self: ...
    __match_args__ = ("wa_id", "user_id", "parent_user_id", "username", "profile_name")
    @property
    def wa_id(self) -> str | None:
        """The platform's routing key that looks like a phone number (`wa_id`), verbatim; an address elsewhere."""
    @property
    def user_id(self) -> str | None:
        """The user id within the business's scope (BSUID), verbatim."""
    @property
    def parent_user_id(self) -> str | None:
        """The user id within linked portfolios."""
    @property
    def username(self) -> str | None:
        """The public name the user chose; may change at any time, never a key."""
    @property
    def profile_name(self) -> str | None:
        """The name on the user's profile."""
    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to know the user by."""

class HashCheck(StrEnum):
    """What came of comparing a file's bytes with the hash that the platform gave.

    A difference is to be noted, not refused: whether the platform hashes the very bytes that it serves is not documented
    (WHATSAPP 4.2)."""
    AGREES = "agrees"
    """They agree."""
    DIFFERS = "differs"
    """They differ."""
    NOT_GIVEN = "not_given"
    """The platform gave none that can be read."""

class HeaderParameter(Record):
    """What a header takes."""
    @final
    class Text(HeaderParameter):
        """Its text field."""
        def __new__(cls, value: TextParameter) -> Self: ...
        __match_args__ = ("value",)
        @property
        def value(self) -> TextParameter: ...
    @final
    class Media(HeaderParameter):
        """Its file."""
        def __new__(cls, *, media: MediaContent) -> Self: ...
        __match_args__ = ("media",)
        @property
        def media(self) -> MediaContent:
            """The file."""
    @final
    class Location(HeaderParameter):
        """Its place."""
        def __new__(cls, *, location: Location) -> Self: ...
        __match_args__ = ("location",)
        @property
        def location(self) -> Location:
            """The place."""
    @final
    class Product(HeaderParameter):
        """Its product."""
        def __new__(cls, *, catalog_id: str, product_id: str) -> Self: ...
        __match_args__ = ("catalog_id", "product_id")
        @property
        def catalog_id(self) -> str:
            """The catalogue."""
        @property
        def product_id(self) -> str:
            """The seller's id of the product."""

class HeldReason(StrEnum):
    """Why a delivery is held."""
    WINDOW_CLOSED = "window_closed"
    """The service window closed while it waited (G-07)."""
    ATTENDANCE_FINISHED = "attendance_finished"
    """The attendance was finished while it waited."""
    ATTENDANCE_TRASHED = "attendance_trashed"
    """The attendance went to the trash while it waited."""
    TEMPLATE_NOT_SENDABLE = "template_not_sendable"
    """The template may no longer be sent."""
    NO_ADDRESS = "no_address"
    """The contact can no longer be reached at any address."""
    MEDIA_MISSING = "media_missing"
    """Its file is missing."""
    def explain(self, locale: Locale | None = None) -> str:
        """The sentence for a person, with what to do next."""

@final
class Identity(Record):
    """One user of one platform."""
    def __new__(cls, *, id: IdentityId, version: int, contact_id: ContactId, kind: ChannelKind, scope: str, wa_id: str | None = None, wa_id_confirmed: bool, user_id: str | None = None, parent_user_id: str | None = None, username: str | None = None) -> Self: ...
    __match_args__ = ("id", "version", "contact_id", "kind", "scope", "wa_id", "wa_id_confirmed", "user_id", "parent_user_id", "username")
    @property
    def id(self) -> IdentityId:
        """Its id."""
    @property
    def version(self) -> int:
        """Grows by one with each change."""
    @property
    def contact_id(self) -> ContactId:
        """Whose it is."""
    @property
    def kind(self) -> ChannelKind:
        """The platform."""
    @property
    def scope(self) -> str:
        """The scope of its user id."""
    @property
    def wa_id(self) -> str | None:
        """The routing key that looks like a phone number, verbatim as the platform last gave it; until it did,
        the digits staff typed."""
    @property
    def wa_id_confirmed(self) -> bool:
        """Whether the platform has confirmed `wa_id`."""
    @property
    def user_id(self) -> str | None:
        """The user id (BSUID), verbatim."""
    @property
    def parent_user_id(self) -> str | None:
        """The user id within linked portfolios."""
    @property
    def username(self) -> str | None:
        """The user's public name; not a key."""
    @property
    def address(self) -> Address | None:
        """How to reach it: by phone if there is one, else by user id, never both.

        Source: Meta, business-scoped-user-ids, 2026-09-15."""
    @property
    def shown(self) -> str:
        """The handle to show to people: the number with a plus sign, the public name, or the user id."""

@final
class ImportContacts(Record):
    """Imports contacts."""
    def __new__(cls, *, channel_id: ChannelId, rows: Iterable[ContactRow], rehearsal: bool = False) -> Self: ...
    __match_args__ = ("channel_id", "rows", "rehearsal")
    @property
    def channel_id(self) -> ChannelId:
        """On which channel's platform they are reached, and in whose scope a user id holds."""
    @property
    def rows(self) -> list[ContactRow]:
        """The rows, at most `MOST_ROWS`."""
    @property
    def rehearsal(self) -> bool:
        """Whether to say what would happen, and do nothing."""

class ImportedRow(Record):
    """What came of a row."""
    @final
    class Created(ImportedRow):
        """A contact was made."""
        def __new__(cls, *, contact_id: ContactId | None = None) -> Self: ...
        __match_args__ = ("contact_id",)
        @property
        def contact_id(self) -> ContactId | None:
            """Which; None in a rehearsal."""
    @final
    class Matched(ImportedRow):
        """The contact was there, or came with an earlier row."""
        def __new__(cls, *, contact_id: ContactId | None = None, by: MatchedBy, filled: bool) -> Self: ...
        __match_args__ = ("contact_id", "by", "filled")
        @property
        def contact_id(self) -> ContactId | None:
            """Which; None in a rehearsal, when it would come with an earlier row."""
        @property
        def by(self) -> MatchedBy:
            """By what."""
        @property
        def filled(self) -> bool:
            """Whether the row filled in a name or an e-mail that was missing. What is there is never overwritten."""
    @final
    class Conflict(ImportedRow):
        """The row's number and user id, or the forms of its number, are of several contacts: a person looks at them."""
        def __new__(cls, *, contacts: Iterable[ContactId]) -> Self: ...
        __match_args__ = ("contacts",)
        @property
        def contacts(self) -> list[ContactId]:
            """Which."""
    @final
    class Invalid(ImportedRow):
        """The row cannot be read."""
        def __new__(cls, *, field: str, problem: Problem) -> Self: ...
        __match_args__ = ("field", "problem")
        @property
        def field(self) -> str:
            """Which field."""
        @property
        def problem(self) -> Problem:
            """What is wrong with it."""

@final
class InboundItem(Record):
    """One element of a delivery."""
    def __new__(cls, *, path: str, route: Route, element: Element, raw: str) -> Self: ...
    __match_args__ = ("path", "route", "element", "raw")
    @property
    def path(self) -> str:
        """Where it stood, such as `entry[0].changes[1].value.messages[2]`."""
    @property
    def route(self) -> Route:
        """Which number or account it is for."""
    @property
    def element(self) -> Element:
        """What it says."""
    @property
    def raw(self) -> str:
        """The element's JSON as received, for quarantine and for kinds a later version learns. Decoders may leave
        it empty on the elements they know, and give it when asked (`InboundDecoder.element`)."""

@final
class InboundMessage(Record):
    """A message from a contact."""
    def __new__(cls, *, wamid: str, sender: Handles, timestamp: datetime, activity: Activity, content: Content, reply_to: str | None = None, forwarded: bool, referral: str | None = None, group_id: str | None = None, errors: Iterable[PlatformError]) -> Self: ...
    __match_args__ = ("wamid", "sender", "timestamp", "activity", "content", "reply_to", "forwarded", "referral", "group_id", "errors")
    @property
    def wamid(self) -> str:
        """The platform's id, opaque. It may embed the contact's number: never log it."""
    @property
    def sender(self) -> Handles:
        """Who wrote. May be empty on system notices."""
    @property
    def timestamp(self) -> datetime:
        """When, by the platform's clock."""
    @property
    def activity(self) -> Activity:
        """What it counts as for the service window."""
    @property
    def content(self) -> Content:
        """What it carries."""
    @property
    def reply_to(self) -> str | None:
        """The platform's id of the message it answers."""
    @property
    def forwarded(self) -> bool:
        """Whether it was forwarded."""
    @property
    def referral(self) -> str | None:
        """The advertisement it came from, as the platform's JSON."""
    @property
    def group_id(self) -> str | None:
        """The group it was written in."""
    @property
    def errors(self) -> list[PlatformError]:
        """Errors the platform attached."""

class InboundRule(StrEnum):
    """Which rule found or made the attendance of an inbound message."""
    OPEN = "open"
    """There was an open one."""
    REOPENED = "reopened"
    """The department's policy took the finished one up again."""
    FIRST = "first"
    """A new one: there was none before."""
    AFTER_FINISHED = "after_finished"
    """A new one: the policy did not reach back to the finished one."""
    AFTER_TRASHED = "after_trashed"
    """A new one: the one before lies in the trash and is never taken out by this."""

@final
class InboxChanges(Record):
    """What changed in a list since a cursor.

    Of a list drawn whole, putting each card of `changed` in its place and taking out each of `gone` gives the list as it
    is now. Of a list drawn in part, leave out what falls behind the last card that is shown: a later page has it."""
    def __new__(cls, *, changed: Iterable[Card], gone: Iterable[AttendanceId], stale: bool, next: int, more: bool) -> Self: ...
    __match_args__ = ("changed", "gone", "stale", "next", "more")
    @property
    def changed(self) -> list[Card]:
        """Cards that belong in the list and may read otherwise than before, newest activity first."""
    @property
    def gone(self) -> list[AttendanceId]:
        """Attendances that belong there no longer; some may never have been in it."""
    @property
    def stale(self) -> bool:
        """The set-up changed in a way that may concern any card (sight, zone, rules of a channel, a marker of the filter):
        ask for the page again and go on from its `head`. `changed` and `gone` are then empty."""
    @property
    def next(self) -> int:
        """The cursor to ask from next."""
    @property
    def more(self) -> bool:
        """Whether there is more to ask for at once."""

@final
class InboxFilter(Record):
    """Which attendances to list. Everything left out means any, except the day."""
    def __new__(cls, *, trash: bool = False, phases: Iterable[Phase] | None = None, status_id: StatusId | None = None, type_id: AttendanceTypeId | None = None, department_id: DepartmentId | None = None, assignees: Iterable[AttendantId] | None = None, unassigned: bool = False, channels: Iterable[ChannelId] | None = None, platforms: Iterable[ChannelKind] | None = None, contact_id: ContactId | None = None, tags: Iterable[TagId] | None = None, markers: Iterable[MarkerId] | None = None, unseen: bool = False, snoozed: bool | None = None, days: Days | None = None, zone: str | None = None, text: str | None = None, counts: bool = False, cursor: str | None = None, limit: int | None = None) -> Self: ...
    __match_args__ = ("trash", "phases", "status_id", "type_id", "department_id", "assignees", "unassigned", "channels", "platforms", "contact_id", "tags", "markers", "unseen", "snoozed", "days", "zone", "text", "counts", "cursor", "limit")
    @property
    def trash(self) -> bool:
        """The trash instead of the Central."""
    @property
    def phases(self) -> list[Phase]:
        """Only these phases."""
    @property
    def status_id(self) -> StatusId | None:
        """Only with this status label."""
    @property
    def type_id(self) -> AttendanceTypeId | None:
        """Only of this type."""
    @property
    def department_id(self) -> DepartmentId | None:
        """Only of this department."""
    @property
    def assignees(self) -> list[AttendantId]:
        """Only of these assignees (I-07)."""
    @property
    def unassigned(self) -> bool:
        """Only what nobody has; with `assignees`, what nobody or they have."""
    @property
    def channels(self) -> list[ChannelId]:
        """Only over these channels."""
    @property
    def platforms(self) -> list[ChannelKind]:
        """Only over these platforms (I-06); with `channels`, those of them that are of these platforms."""
    @property
    def contact_id(self) -> ContactId | None:
        """Only with this contact."""
    @property
    def tags(self) -> list[TagId]:
        """Only with all of these tags."""
    @property
    def markers(self) -> list[MarkerId]:
        """Only what all of these markers show (I-02, I-03)."""
    @property
    def unseen(self) -> bool:
        """Only what whoever looks has not seen (I-05). For the host nothing is unseen."""
    @property
    def snoozed(self) -> bool | None:
        """Only what is put off, or only what is not."""
    @property
    def days(self) -> Days | None:
        """Only what was last active on these days (I-07). Left out: today in the Central (I-08), any day in the trash."""
    @property
    def zone(self) -> str | None:
        """On which clock the days are meant: an IANA name or an offset such as `-03:00`; the account's by default."""
    @property
    def text(self) -> str | None:
        """Only with a contact whose names or numbers have these words, or with a tag that has them; at most 200 characters.
        Blind to accents and case, the last word may be a beginning; a number is found in each written form. Of contacts it names
        the 1,000 made last of whom an attendance is seen."""
    @property
    def counts(self) -> bool:
        """Whether the numbers of the side bar are wanted too."""
    @property
    def cursor(self) -> str | None:
        """Where the page before ended. It belongs to its filter; a page of "today" goes on in the day of the first page."""
    @property
    def limit(self) -> int | None:
        """At most so many, 1 to 200; 50 by default."""

@final
class InboxPage(Record):
    """A page of attendances."""
    def __new__(cls, *, cards: Iterable[Card], next: str | None = None, counts: SideBar | None = None, from_: datetime | None = None, until: datetime | None = None, head: int) -> Self: ...
    __match_args__ = ("cards", "next", "counts", "from_", "until", "head")
    @property
    def cards(self) -> list[Card]:
        """The cards, newest activity first, ties by descending id."""
    @property
    def next(self) -> str | None:
        """Where the next page begins; None after the last."""
    @property
    def counts(self) -> SideBar | None:
        """The numbers of the side bar, of the same moment as the cards, when they were asked for."""
    @property
    def from_(self) -> datetime | None:
        """The first instant of the days shown; None for any."""
    @property
    def until(self) -> datetime | None:
        """The first instant after them. A list of "today" has to be asked for again then."""
    @property
    def head(self) -> int:
        """The `seq` of this moment: from where `Desk.inbox_changes` goes on."""

@final
class IngestReport(Record):
    """What became of a delivery's elements, in their order."""
    def __new__(cls, *, items: Iterable[ItemReport]) -> Self: ...
    __match_args__ = ("items",)
    @property
    def items(self) -> list[ItemReport]:
        """One per element."""
    def count(self, outcome: ItemOutcome) -> int:
        """How many elements had this outcome."""

@final
class Interactive(Record):
    """A message that offers something to tap. What the contact taps comes back as an
    `InteractiveReply`, an order, a place or a card."""
    def __new__(cls, *, body: str | None = None, header: str | None = None, header_media: MediaContent | None = None, footer: str | None = None, action: InteractiveAction) -> Self: ...
    __match_args__ = ("body", "header", "header_media", "footer", "action")
    @property
    def body(self) -> str:
        """The text above what may be tapped."""
    @property
    def header(self) -> str | None:
        """Text header."""
    @property
    def header_media(self) -> MediaContent | None:
        """File header; never beside a text header."""
    @property
    def footer(self) -> str | None:
        """Footer."""
    @property
    def action(self) -> InteractiveAction:
        """What may be tapped."""

class InteractiveAction(Record):
    """What may be tapped. The limits of each are in the channel's
    `InteractiveRules`."""
    @property
    def kind(self) -> InteractiveKind:
        """Which of them, without its data."""
    @property
    def labels(self) -> list[str]:
        """What the contact reads on what may be tapped, in order; a card's text stands before its buttons."""
    @final
    class Buttons(InteractiveAction):
        """Buttons that answer."""
        def __new__(cls, *, buttons: Iterable[ReplyButton]) -> Self: ...
        __match_args__ = ("buttons",)
        @property
        def buttons(self) -> list[ReplyButton]:
            """The buttons."""
    @final
    class List(InteractiveAction):
        """A list that opens and answers with one row."""
        def __new__(cls, *, button: str, sections: Iterable[ListSection]) -> Self: ...
        __match_args__ = ("button", "sections")
        @property
        def button(self) -> str:
            """What the contact reads on the button that opens it."""
        @property
        def sections(self) -> list[ListSection]:
            """Its parts."""
    @final
    class Link(InteractiveAction):
        """A button that opens a page."""
        def __new__(cls, *, text: str, url: str) -> Self: ...
        __match_args__ = ("text", "url")
        @property
        def text(self) -> str:
            """What the contact reads on it."""
        @property
        def url(self) -> str:
            """The page."""
    @final
    class RequestLocation(InteractiveAction):
        """Asks for the contact's place."""
        def __new__(cls) -> Self: ...
    @final
    class RequestContact(InteractiveAction):
        """Asks for the contact's telephone number."""
        def __new__(cls) -> Self: ...
    @final
    class Carousel(InteractiveAction):
        """Cards side by side, each with a picture or film and something to tap."""
        def __new__(cls, *, cards: Iterable[OfferCard]) -> Self: ...
        __match_args__ = ("cards",)
        @property
        def cards(self) -> list[OfferCard]:
            """The cards, in the order shown."""
    @final
    class Product(InteractiveAction):
        """One product of the catalogue."""
        def __new__(cls, *, catalog_id: str, product_id: str) -> Self: ...
        __match_args__ = ("catalog_id", "product_id")
        @property
        def catalog_id(self) -> str:
            """The catalogue."""
        @property
        def product_id(self) -> str:
            """The seller's id of the product."""
    @final
    class Products(InteractiveAction):
        """Several products of the catalogue."""
        def __new__(cls, *, catalog_id: str, sections: Iterable[ProductSection]) -> Self: ...
        __match_args__ = ("catalog_id", "sections")
        @property
        def catalog_id(self) -> str:
            """The catalogue."""
        @property
        def sections(self) -> list[ProductSection]:
            """Its parts."""
    @final
    class Catalog(InteractiveAction):
        """The whole catalogue."""
        def __new__(cls, *, thumbnail_product: str | None = None) -> Self: ...
        __match_args__ = ("thumbnail_product",)
        @property
        def thumbnail_product(self) -> str | None:
            """The product whose picture is shown."""
    @final
    class Flow(InteractiveAction):
        """A form of the platform (*flow*)."""
        def __new__(cls, value: FlowOffer) -> Self: ...
        __match_args__ = ("value",)
        @property
        def value(self) -> FlowOffer: ...
    @final
    class Call(InteractiveAction):
        """A button that calls the business over the platform."""
        def __new__(cls, *, text: str | None = None, ttl_minutes: int | None = None, payload: str | None = None) -> Self: ...
        __match_args__ = ("text", "ttl_minutes", "payload")
        @property
        def text(self) -> str | None:
            """What the contact reads on it."""
        @property
        def ttl_minutes(self) -> int | None:
            """How long it works, in minutes."""
        @property
        def payload(self) -> str | None:
            """What comes back with the call."""
    @final
    class RequestCallPermission(InteractiveAction):
        """Asks whether the business may call."""
        def __new__(cls) -> Self: ...

class InteractiveKind(StrEnum):
    """A kind of thing to tap."""
    BUTTONS = "buttons"
    """Buttons that answer."""
    LIST = "list"
    """A list that answers with one row."""
    LINK = "link"
    """A button that opens a page."""
    REQUEST_LOCATION = "request_location"
    """Asks for the contact's place."""
    REQUEST_CONTACT = "request_contact"
    """Asks for the contact's telephone number."""
    CAROUSEL = "carousel"
    """Cards side by side."""
    PRODUCT = "product"
    """One product."""
    PRODUCTS = "products"
    """Several products."""
    CATALOG = "catalog"
    """The whole catalogue."""
    FLOW = "flow"
    """A form."""
    CALL = "call"
    """A button that calls the business."""
    REQUEST_CALL_PERMISSION = "request_call_permission"
    """Asks whether the business may call."""

@final
class InteractiveReply(Record):
    """What a contact tapped or filled in."""
    def __new__(cls, *, word: str, id: str, title: str, details: str | None = None) -> Self: ...
    __match_args__ = ("word", "id", "title", "details")
    @property
    def word(self) -> str:
        """The platform's word: `button_reply`, `list_reply`, `nfm_reply`, `template_button`,
        `call_permission_reply`…"""
    @property
    def id(self) -> str:
        """The id or payload we gave to what was tapped."""
    @property
    def title(self) -> str:
        """What the contact read on it."""
    @property
    def details(self) -> str:
        """Everything else, as the platform's JSON."""

@final
class InteractiveRule(Record):
    """What may stand around something to tap."""
    def __new__(cls, *, kind: InteractiveKind, body_limit: int, body_required: bool, text_header: bool, header_required: bool = False, media_headers: Iterable[MediaKind], footer: bool) -> Self: ...
    __match_args__ = ("kind", "body_limit", "body_required", "text_header", "header_required", "media_headers", "footer")
    @property
    def kind(self) -> InteractiveKind:
        """The kind."""
    @property
    def body_limit(self) -> int:
        """Longest text above it."""
    @property
    def body_required(self) -> bool:
        """Whether there must be a text above it."""
    @property
    def text_header(self) -> bool:
        """Whether a text header may stand above."""
    @property
    def header_required(self) -> bool:
        """Whether a header must stand above."""
    @property
    def media_headers(self) -> list[MediaKind]:
        """Files that may stand above."""
    @property
    def footer(self) -> bool:
        """Whether a footer may stand below."""

@final
class InteractiveRules(Record):
    """What may be offered to tap, and its limits. Lengths are in characters."""
    def __new__(cls, *, kinds: Iterable[InteractiveRule], header_limit: int, footer_limit: int, label_limit: int, button_id_limit: int, buttons_limit: int, sections_limit: int, section_title_limit: int, rows_limit: int, row_id_limit: int, row_title_limit: int, row_description_limit: int, cards_least: int, cards_most: int, card_body_limit: int, card_breaks_limit: int, products_limit: int, url_limit: int, call_ttl_limit: int, call_payload_limit: int) -> Self: ...
    __match_args__ = ("kinds", "header_limit", "footer_limit", "label_limit", "button_id_limit", "buttons_limit", "sections_limit", "section_title_limit", "rows_limit", "row_id_limit", "row_title_limit", "row_description_limit", "cards_least", "cards_most", "card_body_limit", "card_breaks_limit", "products_limit", "url_limit", "call_ttl_limit", "call_payload_limit")
    @property
    def kinds(self) -> list[InteractiveRule]:
        """The kinds that the platform has."""
    @property
    def header_limit(self) -> int:
        """Longest text header."""
    @property
    def footer_limit(self) -> int:
        """Longest footer."""
    @property
    def label_limit(self) -> int:
        """Longest label of a button."""
    @property
    def button_id_limit(self) -> int:
        """Longest id of a button."""
    @property
    def buttons_limit(self) -> int:
        """Most buttons that answer."""
    @property
    def sections_limit(self) -> int:
        """Most parts of a list, also of products."""
    @property
    def section_title_limit(self) -> int:
        """Longest title of a part."""
    @property
    def rows_limit(self) -> int:
        """Most rows of a list, over all its parts."""
    @property
    def row_id_limit(self) -> int:
        """Longest id of a row."""
    @property
    def row_title_limit(self) -> int:
        """Longest title of a row."""
    @property
    def row_description_limit(self) -> int:
        """Longest description of a row."""
    @property
    def cards_least(self) -> int:
        """Fewest cards of a carousel."""
    @property
    def cards_most(self) -> int:
        """Most cards of a carousel."""
    @property
    def card_body_limit(self) -> int:
        """Longest text of a card."""
    @property
    def card_breaks_limit(self) -> int:
        """Most line breaks in a card's text."""
    @property
    def products_limit(self) -> int:
        """Most products, over all parts."""
    @property
    def url_limit(self) -> int:
        """Longest address of a page."""
    @property
    def call_ttl_limit(self) -> int:
        """Longest life of a call button, in minutes."""
    @property
    def call_payload_limit(self) -> int:
        """Longest payload of a call button."""

class ItemOutcome(StrEnum):
    """What became of an element."""
    STORED = "stored"
    """Stored."""
    DUPLICATE = "duplicate"
    """Known already: nothing was written."""
    OPAQUE = "opaque"
    """Kept raw: of a kind this version does not know, or only informative."""
    QUARANTINED = "quarantined"
    """Kept aside: malformed, or for nobody here."""

@final
class ItemReport(Record):
    """What became of one element."""
    def __new__(cls, *, path: str, outcome: ItemOutcome, reason: str | None = None, message_id: MessageId | None = None, attendance_id: AttendanceId | None = None, rule: InboundRule | None = None) -> Self: ...
    __match_args__ = ("path", "outcome", "reason", "message_id", "attendance_id", "rule")
    @property
    def path(self) -> str:
        """Where it stood in the delivery."""
    @property
    def outcome(self) -> ItemOutcome:
        """What became of it."""
    @property
    def reason(self) -> str | None:
        """Why it is opaque or quarantined, as a stable code."""
    @property
    def message_id(self) -> MessageId | None:
        """The message it became or changed."""
    @property
    def attendance_id(self) -> AttendanceId | None:
        """Where that message is."""
    @property
    def rule(self) -> InboundRule | None:
        """Which rule found or made the attendance (G-31)."""

@final
class KeptElement(Record):
    """An element of a delivery that is kept as it came."""
    def __new__(cls, *, id: QuarantineId, key: str, reason: str, quarantined: bool, path: str, raw: str, at: datetime) -> Self: ...
    __match_args__ = ("id", "key", "reason", "quarantined", "path", "raw", "at")
    @property
    def id(self) -> QuarantineId:
        """Its id."""
    @property
    def key(self) -> str:
        """A hash of the element, so that it is kept once."""
    @property
    def reason(self) -> str:
        """Why: `unknown_channel`, `unknown_kind`, `account_notice`, or what is malformed."""
    @property
    def quarantined(self) -> bool:
        """Whether it is malformed or misdirected, and not merely unknown."""
    @property
    def path(self) -> str:
        """Where it stood in its delivery."""
    @property
    def raw(self) -> str:
        """The element as it came."""
    @property
    def at(self) -> datetime:
        """When it came."""

class LegalAction(StrEnum):
    """Something that may be done about the contact."""
    SEND_FREE_FORM = "send_free_form"
    """Send free-form."""
    SEND_TEMPLATE = "send_template"
    """Send a template."""
    WRITE_NOTE = "write_note"
    """Write a note."""
    FINISH = "finish"
    """Finish."""
    RESTORE = "restore"
    """Restore from the trash."""
    CREATE_ATTENDANCE = "create_attendance"
    """Begin a new attendance."""

@final
class LegalHold(Record):
    """That something may not be erased, and why."""
    def __new__(cls, *, id: HoldId, version: int, contact_id: ContactId, attendance_id: AttendanceId | None = None, ground: str, placed_at: datetime, placed_by: AttendantId | None = None, lifted_at: datetime | None = None, lifted_by: AttendantId | None = None) -> Self: ...
    __match_args__ = ("id", "version", "contact_id", "attendance_id", "ground", "placed_at", "placed_by", "lifted_at", "lifted_by")
    @property
    def id(self) -> HoldId:
        """Its id."""
    @property
    def version(self) -> int:
        """Grows by one with each change."""
    @property
    def contact_id(self) -> ContactId:
        """Whose."""
    @property
    def attendance_id(self) -> AttendanceId | None:
        """Only this attendance, and who it was with; everything of the contact when left out."""
    @property
    def ground(self) -> str:
        """Why: the law, the case, the decision. It stays in receipts and must not name the person."""
    @property
    def placed_at(self) -> datetime:
        """Since when."""
    @property
    def placed_by(self) -> AttendantId | None:
        """By whom; None if by the host."""
    @property
    def lifted_at(self) -> datetime | None:
        """When it ended."""
    @property
    def lifted_by(self) -> AttendantId | None:
        """Who ended it; None if it holds, or if the host did."""

@final
class LiftHold(Record):
    """Lifts a hold."""
    def __new__(cls, *, hold_id: HoldId, by: AttendantId | None = None) -> Self: ...
    __match_args__ = ("hold_id", "by")
    @property
    def hold_id(self) -> HoldId:
        """Which."""
    @property
    def by(self) -> AttendantId | None:
        """Who asked for it; left out, the host."""

class LinkKind(Record):
    """What a record in another module is. No kind is tied to a module: each record names its own (S-19)."""
    @property
    def word(self) -> str:
        """Its word."""
    @final
    class Opportunity(LinkKind):
        """A sales opportunity (*OPV*)."""
        def __new__(cls) -> Self: ...
    @final
    class SaleProcess(LinkKind):
        """A sale in progress (*processo*)."""
        def __new__(cls) -> Self: ...
    @final
    class Other(LinkKind):
        """A kind that this version does not know, shown as its text."""
        def __new__(cls, value: str) -> Self: ...
        __match_args__ = ("value",)
        @property
        def value(self) -> str: ...

@final
class LinkRecord(Record):
    """Links a contact to a record. The same record again is the same link."""
    def __new__(cls, *, contact_id: ContactId, attendance_id: AttendanceId | None = None, kind: LinkKind, number: str, module: str, url: str | None = None) -> Self: ...
    __match_args__ = ("contact_id", "attendance_id", "kind", "number", "module", "url")
    @property
    def contact_id(self) -> ContactId:
        """Whose."""
    @property
    def attendance_id(self) -> AttendanceId | None:
        """The attendance it came up in, one of theirs."""
    @property
    def kind(self) -> LinkKind:
        """What the record is; at most 60 characters."""
    @property
    def number(self) -> str:
        """Its number; at most 60 characters."""
    @property
    def module(self) -> str:
        """The module that has it, by the host's own word; at most 60 characters."""
    @property
    def url(self) -> str | None:
        """Its page, a web address; left out, the host's port makes one."""

class LinkSource(Record):
    """Who made a link."""
    @final
    class Attendant(LinkSource):
        """An attendant."""
        def __new__(cls, *, id: AttendantId) -> Self: ...
        __match_args__ = ("id",)
        @property
        def id(self) -> AttendantId:
            """Which."""
    @final
    class Host(LinkSource):
        """The host."""
        def __new__(cls) -> Self: ...

@final
class LinkedRecords(Record):
    """What the modules have of a contact, now."""
    def __new__(cls, *, records: Iterable[ModuleRecord], unavailable: str | None = None) -> Self: ...
    __match_args__ = ("records", "unavailable")
    @property
    def records(self) -> list[ModuleRecord]:
        """The records, as the modules order them; at most 200."""
    @property
    def unavailable(self) -> str | None:
        """Why there is none, when a module did not answer: a snake_case code. Without modules there is none and no reason."""

@final
class ListRow(Record):
    """A row of a list."""
    def __new__(cls, *, id: str, title: str, description: str | None = None) -> Self: ...
    __match_args__ = ("id", "title", "description")
    @property
    def id(self) -> str:
        """What comes back when it is chosen; unique within the message."""
    @property
    def title(self) -> str:
        """What the contact reads."""
    @property
    def description(self) -> str | None:
        """What stands below in small."""

@final
class ListSection(Record):
    """A part of a list."""
    def __new__(cls, *, title: str | None = None, rows: Iterable[ListRow]) -> Self: ...
    __match_args__ = ("title", "rows")
    @property
    def title(self) -> str | None:
        """Its title; needed where there are several parts."""
    @property
    def rows(self) -> list[ListRow]:
        """Its rows."""

@final
class LocalFile(Record):
    """A file that lies in the media store."""
    def __new__(cls, *, file: MediaFile, path: str | None = None) -> Self: ...
    __match_args__ = ("file", "path")
    @property
    def file(self) -> MediaFile:
        """What it is."""
    @property
    def path(self) -> str | None:
        """Where it lies, for programs that open it by themselves; None for stores without files."""

class Locale(StrEnum):
    """A language of texts for people."""
    PT_BR = "pt-BR"
    """Brazilian Portuguese."""
    EN = "en"
    """English."""

@final
class Location(Record):
    """A place."""
    def __new__(cls, *, latitude: float, longitude: float, name: str | None = None, address: str | None = None) -> Self: ...
    __match_args__ = ("latitude", "longitude", "name", "address")
    @property
    def latitude(self) -> float:
        """Degrees north."""
    @property
    def longitude(self) -> float:
        """Degrees east."""
    @property
    def name(self) -> str | None:
        """Its name."""
    @property
    def address(self) -> str | None:
        """Its address."""

@final
class MalformedElement(Record):
    """An element that breaks the platform's own format."""
    def __new__(cls, *, reason: str) -> Self: ...
    __match_args__ = ("reason",)
    @property
    def reason(self) -> str:
        """Why, as a stable snake_case code: `missing_id`, `wrong_type`, `not_an_object`…"""

@final
class Mark(Record):
    """An instant, and the event that it comes from."""
    def __new__(cls, *, seq: int, at: datetime) -> Self: ...
    __match_args__ = ("seq", "at")
    @property
    def seq(self) -> int:
        """The number of the event."""
    @property
    def at(self) -> datetime:
        """When: by the platform's time for messages, by the commit's for everything else."""

@final
class Marker(Record):
    """A named predicate over attendances."""
    def __new__(cls, *, id: MarkerId, name: str, supplied: SuppliedMarker | None = None, owner_id: AttendantId | None = None, filter: MarkerFilter, archived: bool = False) -> Self: ...
    __match_args__ = ("id", "name", "supplied", "owner_id", "filter", "archived")
    @property
    def id(self) -> MarkerId:
        """Its id."""
    @property
    def name(self) -> str:
        """Its name."""
    @property
    def supplied(self) -> SuppliedMarker | None:
        """Which of the product's own it is; None for one that a user made."""
    @property
    def owner_id(self) -> AttendantId | None:
        """Whose it is; None if everybody has it in their side bar."""
    @property
    def filter(self) -> MarkerFilter:
        """What it shows."""
    @property
    def archived(self) -> bool:
        """Out of use."""

@final
class MarkerFilter(Record):
    """What a marker shows: attendances for which all of this holds. Everything left out means any."""
    def __new__(cls, *, phases: Iterable[Phase] | None = None, departments: Iterable[DepartmentId] | None = None, assignees: Iterable[AttendantId] | None = None, unassigned: bool = False, channels: Iterable[ChannelId] | None = None, statuses: Iterable[StatusId] | None = None, types: Iterable[AttendanceTypeId] | None = None, tags: Iterable[TagId] | None = None, unseen: bool = False) -> Self: ...
    __match_args__ = ("phases", "departments", "assignees", "unassigned", "channels", "statuses", "types", "tags", "unseen")
    @property
    def phases(self) -> list[Phase]:
        """In one of these phases."""
    @property
    def departments(self) -> list[DepartmentId]:
        """In one of these departments."""
    @property
    def assignees(self) -> list[AttendantId]:
        """Of one of these assignees."""
    @property
    def unassigned(self) -> bool:
        """Nobody's. With `assignees`: nobody's or theirs."""
    @property
    def channels(self) -> list[ChannelId]:
        """Over one of these channels."""
    @property
    def statuses(self) -> list[StatusId]:
        """With one of these status labels."""
    @property
    def types(self) -> list[AttendanceTypeId]:
        """Of one of these types."""
    @property
    def tags(self) -> frozenset[TagId]:
        """With all of these tags."""
    @property
    def unseen(self) -> bool:
        """Not yet seen by whoever looks."""

@final
class MarketingChoice(Record):
    """What a contact said about marketing."""
    def __new__(cls, *, stopped_at: datetime | None = None, changed_at: datetime | None = None) -> Self: ...
    __match_args__ = ("stopped_at", "changed_at")
    @property
    def stopped_at(self) -> datetime | None:
        """Since when they want none."""
    @property
    def changed_at(self) -> datetime | None:
        """When they last said so or took it back."""

class MatchedBy(StrEnum):
    """By what a row found its contact."""
    USER_ID = "user_id"
    """The platform's user id."""
    PHONE = "phone"
    """The number, digit by digit."""
    OTHER_FORM = "other_form"
    """Another written form of the number, such as with or without the ninth digit."""

class MatchedIn(StrEnum):
    """What of an attendance has the words."""
    NAME = "name"
    """A name of the contact: staff's, the profile's, the public one, or the e-mail."""
    NUMBER = "number"
    """A number of the contact."""
    TAG = "tag"
    """A tag."""

@final
class MediaContent(Record):
    """A file in a message. It is ours (`sha256` names it in the media store), the platform's
    (`provider_id`), or both."""
    def __new__(cls, *, kind: MediaKind, sha256: str | None = None, provider_id: str | None = None, provider_hash: str | None = None, mime_type: str | None = None, size: int | None = None, filename: str | None = None, caption: str | None = None, animated: bool = False, declared_type: str | None = None, gallery: GalleryUse | None = None) -> Self: ...
    __match_args__ = ("kind", "sha256", "provider_id", "provider_hash", "mime_type", "size", "filename", "caption", "animated", "declared_type", "gallery")
    @property
    def kind(self) -> MediaKind:
        """How it is shown."""
    @property
    def sha256(self) -> str | None:
        """SHA-256 of its bytes, in lower-case hexadecimal, once we hold them."""
    @property
    def provider_id(self) -> str | None:
        """The platform's id for it, on inbound files or when sent by id; or the `https` address from which the platform
        may fetch it."""
    @property
    def provider_hash(self) -> str | None:
        """The platform's hash of an inbound file, as given."""
    @property
    def mime_type(self) -> str:
        """MIME type."""
    @property
    def size(self) -> int | None:
        """Size in bytes, when known."""
    @property
    def filename(self) -> str | None:
        """The file name the contact sees. Never a path."""
    @property
    def caption(self) -> str | None:
        """Words under the file."""
    @property
    def animated(self) -> bool:
        """Whether a sticker moves."""
    @property
    def declared_type(self) -> str | None:
        """The MIME type that the platform named, once we hold the bytes and `mime_type` is what these show."""
    @property
    def gallery(self) -> GalleryUse | None:
        """The gallery item that it is, with its version."""

@final
class MediaFile(Record):
    """A file in the media store, and what its first bytes tell. `Debug` leaves out its name."""
    def __new__(cls, *, sha256: str, size: int, mime_type: str, filename: str, width: int | None = None, height: int | None = None, codec: str | None = None, animated: bool = False, transparent: bool = False) -> Self: ...
    __match_args__ = ("sha256", "size", "mime_type", "filename", "width", "height", "codec", "animated", "transparent")
    @property
    def sha256(self) -> str:
        """SHA-256 of its bytes, lower-case hexadecimal: its name in the store."""
    @property
    def size(self) -> int:
        """Its size in bytes."""
    @property
    def mime_type(self) -> str:
        """Its MIME type, by content."""
    @property
    def filename(self) -> str:
        """Its name as people see it. Never a path."""
    @property
    def width(self) -> int | None:
        """Width of a picture or film in pixels, where its first bytes tell it."""
    @property
    def height(self) -> int | None:
        """Height, likewise."""
    @property
    def codec(self) -> str | None:
        """The codec inside, where the type leaves it open and the first bytes tell it: of a film its pictures' (`h264`,
        `h265`…), of sound in Ogg or MP4 `opus`, `vorbis`, `aac`…, of a PNG `png_8_bit` or `png_16_bit`."""
    @property
    def animated(self) -> bool:
        """Whether a picture is known to move."""
    @property
    def transparent(self) -> bool:
        """Whether a picture is known to have parts that can be seen through."""
    def content(self, kind: MediaKind, caption: str | None = None) -> MediaContent:
        """The file as a message's content."""

class MediaKind(StrEnum):
    """A kind of file."""
    IMAGE = "image"
    """A picture."""
    VIDEO = "video"
    """A film."""
    AUDIO = "audio"
    """Sound."""
    VOICE = "voice"
    """A voice note."""
    DOCUMENT = "document"
    """Any other file."""
    STICKER = "sticker"
    """A sticker."""

@final
class MediaLifetimes(Record):
    """How long a platform keeps files. What is past it has to be uploaded or asked for again."""
    def __new__(cls, *, uploaded: timedelta, inbound: timedelta, address: timedelta) -> Self: ...
    __match_args__ = ("uploaded", "inbound", "address")
    @property
    def uploaded(self) -> timedelta:
        """A file that we uploaded, from the upload on."""
    @property
    def inbound(self) -> timedelta:
        """A file that a contact sent, from its message on."""
    @property
    def address(self) -> timedelta:
        """The address that an inbound file's id resolves to, from its resolution on."""

@final
class MediaRule(Record):
    """Files of one kind that a platform takes."""
    def __new__(cls, *, kind: MediaKind, mime_types: Iterable[str], max_bytes: int, still_max_bytes: int | None = None, caption: bool = False, codecs: Iterable[str] | None = None, side: int | None = None) -> Self: ...
    __match_args__ = ("kind", "mime_types", "max_bytes", "still_max_bytes", "caption", "codecs", "side")
    @property
    def kind(self) -> MediaKind:
        """The kind."""
    @property
    def mime_types(self) -> list[str]:
        """MIME types accepted; empty means any."""
    @property
    def max_bytes(self) -> int:
        """Largest file, in bytes."""
    @property
    def still_max_bytes(self) -> int | None:
        """Largest file that does not move, in bytes, where that is less (stickers)."""
    @property
    def caption(self) -> bool:
        """Whether words may stand under it."""
    @property
    def codecs(self) -> list[str]:
        """Codecs accepted, as `MediaFile.codec` names them; empty means any. A file whose codec is
        not told passes."""
    @property
    def side(self) -> int | None:
        """Both sides that a picture must have, in pixels."""

@final
class Membership(Record):
    """Work in a department."""
    def __new__(cls, *, department_id: DepartmentId, supervises: bool = False) -> Self: ...
    __match_args__ = ("department_id", "supervises")
    @property
    def department_id(self) -> DepartmentId:
        """Which."""
    @property
    def supervises(self) -> bool:
        """As its supervisor (*gestor*)."""

@final
class Mention(Record):
    """Somebody called on the reader."""
    def __new__(cls, *, seq: int, at: datetime, by: Actor, attendance_id: AttendanceId, note_id: NoteId) -> Self: ...
    __match_args__ = ("seq", "at", "by", "attendance_id", "note_id")
    @property
    def seq(self) -> int:
        """When, in the feed."""
    @property
    def at(self) -> datetime:
        """When."""
    @property
    def by(self) -> Actor:
        """Who called."""
    @property
    def attendance_id(self) -> AttendanceId:
        """Where."""
    @property
    def note_id(self) -> NoteId:
        """In which note."""

@final
class MentionPage(Record):
    """A stretch of mentions."""
    def __new__(cls, *, mentions: Iterable[Mention], next: int, more: bool) -> Self: ...
    __match_args__ = ("mentions", "next", "more")
    @property
    def mentions(self) -> list[Mention]:
        """In the order in which they were written."""
    @property
    def next(self) -> int:
        """The cursor to ask from next. One call looks at 5,000 events at most, so that a page may be empty though more
        follow."""
    @property
    def more(self) -> bool:
        """Whether there is more now."""

@final
class Merge(Record):
    """Two contacts that were made one."""
    def __new__(cls, *, id: MergeId, version: int, kept_id: ContactId, absorbed_id: ContactId, at: datetime, by: AttendantId | None = None, identities: Iterable[IdentityId], attendances: Iterable[AttendanceId], marketing_before: MarketingChoice | None = None, undone_at: datetime | None = None) -> Self: ...
    __match_args__ = ("id", "version", "kept_id", "absorbed_id", "at", "by", "identities", "attendances", "marketing_before", "undone_at")
    @property
    def id(self) -> MergeId:
        """Its id."""
    @property
    def version(self) -> int:
        """Grows by one with each change."""
    @property
    def kept_id(self) -> ContactId:
        """The contact that stayed."""
    @property
    def absorbed_id(self) -> ContactId:
        """The contact that is now shown as the other."""
    @property
    def at(self) -> datetime:
        """When."""
    @property
    def by(self) -> AttendantId | None:
        """By whom; None if by the host."""
    @property
    def identities(self) -> frozenset[IdentityId]:
        """The platform users that went over."""
    @property
    def attendances(self) -> frozenset[AttendanceId]:
        """The attendances that went over."""
    @property
    def marketing_before(self) -> MarketingChoice | None:
        """What the kept contact had said about marketing, when the merge stopped it."""
    @property
    def undone_at(self) -> datetime | None:
        """When it was undone."""

@final
class MergePreview(Record):
    """What a merge would do; nothing is done by looking."""
    def __new__(cls, *, kept: ContactEntry, absorbed: ContactEntry, attendances: int, same_number: bool, marketing_stopped: bool, blocked_by: Iterable[OpenOnBoth]) -> Self: ...
    __match_args__ = ("kept", "absorbed", "attendances", "same_number", "marketing_stopped", "blocked_by")
    @property
    def kept(self) -> ContactEntry:
        """The contact that would stay, with its name."""
    @property
    def absorbed(self) -> ContactEntry:
        """The contact that would be shown as the other."""
    @property
    def attendances(self) -> int:
        """How many attendances would go over."""
    @property
    def same_number(self) -> bool:
        """Whether their numbers are two written forms of one (G-24)."""
    @property
    def marketing_stopped(self) -> bool:
        """Whether marketing would be stopped for both because one of them stopped it."""
    @property
    def blocked_by(self) -> list[OpenOnBoth]:
        """Both have an open attendance there: finish one of each first (DESIGN 18.16)."""

@final
class Message(Record):
    """One message of a conversation."""
    def __new__(cls, *, id: MessageId, attendance_id: AttendanceId, position: int, channel_id: ChannelId, at: datetime, recorded_at: datetime, author: Author, content: Content, wamid: str | None = None, reply_to: str | None = None, forwarded: bool, late: bool, referral: str | None = None, reactions: Iterable[Reaction], edited_at: datetime | None = None, revoked_at: datetime | None = None, delivery_id: DeliveryId | None = None) -> Self: ...
    __match_args__ = ("id", "attendance_id", "position", "channel_id", "at", "recorded_at", "author", "content", "wamid", "reply_to", "forwarded", "late", "referral", "reactions", "edited_at", "revoked_at", "delivery_id")
    @property
    def id(self) -> MessageId:
        """Its id."""
    @property
    def attendance_id(self) -> AttendanceId:
        """Where it was said."""
    @property
    def position(self) -> int:
        """Its place in the timeline, in order of commit. Not the order of display."""
    @property
    def channel_id(self) -> ChannelId:
        """The business number."""
    @property
    def at(self) -> datetime:
        """When it was said, by the platform's time as far as known. Display order is this, then the id on the platform
        or, without one, the message's own (DESIGN 18.3)."""
    @property
    def recorded_at(self) -> datetime:
        """When it was stored."""
    @property
    def author(self) -> Author:
        """Who said it."""
    @property
    def content(self) -> Content:
        """What it carries."""
    @property
    def wamid(self) -> str | None:
        """The platform's id, on messages that came from it. One of ours has its id on the delivery."""
    @property
    def reply_to(self) -> str | None:
        """The platform's id of the message it answers."""
    @property
    def forwarded(self) -> bool:
        """Whether it was forwarded."""
    @property
    def late(self) -> bool:
        """Whether it was stored after a message said later (G-18)."""
    @property
    def referral(self) -> str | None:
        """The advertisement it came from, as the platform's JSON."""
    @property
    def reactions(self) -> list[Reaction]:
        """Reactions to it, the latest of each author."""
    @property
    def edited_at(self) -> datetime | None:
        """When its sender last changed it; `content` is what it says now."""
    @property
    def revoked_at(self) -> datetime | None:
        """When its sender took it back."""
    @property
    def delivery_id(self) -> DeliveryId | None:
        """The delivery that is carrying it, on messages of ours."""
    @property
    def tie(self) -> str:
        """The key of display order within an instant."""

@final
class MessagePage(Record):
    """A page of messages."""
    def __new__(cls, *, rows: Iterable[MessageRow], next: str | None = None) -> Self: ...
    __match_args__ = ("rows", "next")
    @property
    def rows(self) -> list[MessageRow]:
        """The rows, by attendance and in display order."""
    @property
    def next(self) -> str | None:
        """Where the next page begins; None after the last."""

@final
class MessagePlace(Record):
    """A place in display order."""
    def __new__(cls, *, at: datetime, tie: str) -> Self: ...
    __match_args__ = ("at", "tie")
    @property
    def at(self) -> datetime:
        """When it was said."""
    @property
    def tie(self) -> str:
        """The key within the instant: `Message.tie`."""

@final
class MessageRow(Record):
    """A message in an export. A column that its variant leaves out is None, as is one that has nothing to say. The
    platform's own ids are in none: they embed phone numbers."""
    def __new__(cls, *, id: MessageId, attendance_id: AttendanceId, at: datetime, author: str, author_id: AttendantId | None = None, direction: Direction, kind: str, text: str | None = None, file_name: str | None = None, file_type: str | None = None, file_size: int | None = None, file_sha256: str | None = None, late: bool, edited_at: datetime | None = None, revoked_at: datetime | None = None, delivery_id: DeliveryId | None = None, delivery_state: str | None = None, failure_code: int | None = None) -> Self: ...
    __match_args__ = ("id", "attendance_id", "at", "author", "author_id", "direction", "kind", "text", "file_name", "file_type", "file_size", "file_sha256", "late", "edited_at", "revoked_at", "delivery_id", "delivery_state", "failure_code")
    @property
    def id(self) -> MessageId:
        """Its id."""
    @property
    def attendance_id(self) -> AttendanceId:
        """Where it was said."""
    @property
    def at(self) -> datetime:
        """When, by the platform's time."""
    @property
    def author(self) -> str:
        """Who said it: `contact`, `attendant`, `host`, `device` or `platform`."""
    @property
    def author_id(self) -> AttendantId | None:
        """Which attendant."""
    @property
    def direction(self) -> Direction:
        """Which way it went."""
    @property
    def kind(self) -> str:
        """The kind of its content."""
    @property
    def text(self) -> str | None:
        """Everything one reads in it; of a template, as it was sent (G-10)."""
    @property
    def file_name(self) -> str | None:
        """The name of its file."""
    @property
    def file_type(self) -> str | None:
        """The MIME type of its file."""
    @property
    def file_size(self) -> int | None:
        """The size of its file, in bytes."""
    @property
    def file_sha256(self) -> str | None:
        """SHA-256 of its file."""
    @property
    def late(self) -> bool:
        """Whether it was stored after a message said later."""
    @property
    def edited_at(self) -> datetime | None:
        """When its sender last changed it."""
    @property
    def revoked_at(self) -> datetime | None:
        """When its sender took it back."""
    @property
    def delivery_id(self) -> DeliveryId | None:
        """The delivery that carries it, on messages of ours."""
    @property
    def delivery_state(self) -> str | None:
        """Where that stands or how far it came: `queued`, `held`, `delivered`, `read`…"""
    @property
    def failure_code(self) -> int | None:
        """The platform's code of its last error."""

class Misfit(Record):
    """Why a file does not go as it is."""
    @final
    class KindNotTaken(Misfit):
        """The channel takes no files of this kind."""
        def __new__(cls) -> Self: ...
    @final
    class TypeNotTaken(Misfit):
        """It does not take this type as this kind."""
        def __new__(cls, *, accepted: Iterable[str]) -> Self: ...
        __match_args__ = ("accepted",)
        @property
        def accepted(self) -> list[str]:
            """What it takes."""
    @final
    class CodecNotTaken(Misfit):
        """It takes the type, but not with this inside."""
        def __new__(cls, *, codec: str, accepted: Iterable[str]) -> Self: ...
        __match_args__ = ("codec", "accepted")
        @property
        def codec(self) -> str:
            """What is inside."""
        @property
        def accepted(self) -> list[str]:
            """What it takes."""
    @final
    class TooLarge(Misfit):
        """It is larger than the limit."""
        def __new__(cls) -> Self: ...
    @final
    class WrongSides(Misfit):
        """Its sides are not what they must be."""
        def __new__(cls, *, side: int, width: int, height: int) -> Self: ...
        __match_args__ = ("side", "width", "height")
        @property
        def side(self) -> int:
            """What both must be, in pixels."""
        @property
        def width(self) -> int:
            """Its width in pixels."""
        @property
        def height(self) -> int:
            """Its height in pixels."""
    @final
    class TooManyPixels(Misfit):
        """It would have to be converted, and has more pixels than are opened for that."""
        def __new__(cls, *, limit: int, actual: int) -> Self: ...
        __match_args__ = ("limit", "actual")
        @property
        def limit(self) -> int:
            """How many are: `LARGEST_PICTURE`."""
        @property
        def actual(self) -> int:
            """How many it has."""

@final
class ModuleContact(Record):
    """A contact, as another module may know them."""
    def __new__(cls, *, contact_id: ContactId, name: str, phones: Iterable[str], email: str | None = None) -> Self: ...
    __match_args__ = ("contact_id", "name", "phones", "email")
    @property
    def contact_id(self) -> ContactId:
        """Our id of them."""
    @property
    def name(self) -> str:
        """Their name; empty when none is known."""
    @property
    def phones(self) -> list[str]:
        """Their phone numbers, digits with the country code."""
    @property
    def email(self) -> str | None:
        """Their e-mail."""

@final
class ModuleRecord(Record):
    """A record as its module has it now."""
    def __new__(cls, *, record: RecordRef, title: str | None = None, status: str | None = None, url: str | None = None) -> Self: ...
    __match_args__ = ("record", "title", "status", "url")
    @property
    def record(self) -> RecordRef:
        """Which."""
    @property
    def title(self) -> str:
        """What it is called."""
    @property
    def status(self) -> str | None:
        """Where it stands, in the module's own words."""
    @property
    def url(self) -> str | None:
        """Its page, with the contact's details open."""

@final
class ModulesReport(Record):
    """What a pump did, in numbers."""
    def __new__(cls, *, opened: int, delayed: int, failed: int) -> Self: ...
    __match_args__ = ("opened", "delayed", "failed")
    @property
    def opened(self) -> int:
        """Tickets that are open now."""
    @property
    def delayed(self) -> int:
        """To be tried again later."""
    @property
    def failed(self) -> int:
        """Not opened: refused, or tried often enough. Their buttons stay enabled."""

@final
class Note(Record):
    """An internal note (S-14). Another type than a message, not a flag on one: nothing that renders for the
    contact takes it (G-40)."""
    def __new__(cls, *, id: NoteId, attendance_id: AttendanceId, position: int, at: datetime, author_id: AttendantId | None = None, text: str, mentions: Iterable[AttendantId], links: Iterable[AttendanceId], edits: Iterable[NoteEdit]) -> Self: ...
    __match_args__ = ("id", "attendance_id", "position", "at", "author_id", "text", "mentions", "links", "edits")
    @property
    def id(self) -> NoteId:
        """Its id."""
    @property
    def attendance_id(self) -> AttendanceId:
        """Where it was written."""
    @property
    def position(self) -> int:
        """Its place in the timeline."""
    @property
    def at(self) -> datetime:
        """When."""
    @property
    def author_id(self) -> AttendantId | None:
        """By whom; None if by the host."""
    @property
    def text(self) -> str:
        """What it says."""
    @property
    def mentions(self) -> list[AttendantId]:
        """Colleagues it calls on."""
    @property
    def links(self) -> list[AttendanceId]:
        """Other attendances it points at."""
    @property
    def edits(self) -> list[NoteEdit]:
        """What it said before, oldest first."""

@final
class NoteEdit(Record):
    """What a note said before it was changed."""
    def __new__(cls, *, at: datetime, by: AttendantId | None = None, text: str) -> Self: ...
    __match_args__ = ("at", "by", "text")
    @property
    def at(self) -> datetime:
        """When it was changed."""
    @property
    def by(self) -> AttendantId | None:
        """By whom; None if by the host."""
    @property
    def text(self) -> str:
        """What it said until then."""

@final
class NotePage(Record):
    """A page of notes."""
    def __new__(cls, *, notes: Iterable[FoundNote], next: str | None = None) -> Self: ...
    __match_args__ = ("notes", "next")
    @property
    def notes(self) -> list[FoundNote]:
        """The notes, newest written first."""
    @property
    def next(self) -> str | None:
        """Where the next page begins; None when there is no more. One call looks at 2,000 notes with the words at most,
        so that a page may be short, or empty, though more follow."""

@final
class OfferCard(Record):
    """A card of a carousel."""
    def __new__(cls, *, media: MediaContent, body: str | None = None, action: CardAction) -> Self: ...
    __match_args__ = ("media", "body", "action")
    @property
    def media(self) -> MediaContent:
        """Its picture or film; of one kind on all cards."""
    @property
    def body(self) -> str | None:
        """Its text."""
    @property
    def action(self) -> CardAction:
        """What may be tapped on it; of one kind and number on all cards."""

@final
class OpenOnBoth(Record):
    """A channel on which two contacts both have an open attendance."""
    def __new__(cls, *, channel_id: ChannelId, kept_id: AttendanceId | None = None, absorbed_id: AttendanceId | None = None) -> Self: ...
    __match_args__ = ("channel_id", "kept_id", "absorbed_id")
    @property
    def channel_id(self) -> ChannelId:
        """Which channel."""
    @property
    def kept_id(self) -> AttendanceId | None:
        """The one of the contact that would stay, if the caller sees it."""
    @property
    def absorbed_id(self) -> AttendanceId | None:
        """The other's, if the caller sees it."""

@final
class OpenedTicket(Record):
    """A ticket that a module opened."""
    def __new__(cls, *, protocol: str, url: str | None = None) -> Self: ...
    __match_args__ = ("protocol", "url")
    @property
    def protocol(self) -> str:
        """The number by which people know it (*protocolo*)."""
    @property
    def url(self) -> str | None:
        """Its page."""

@final
class Order(Record):
    """An order from the catalogue."""
    def __new__(cls, *, catalog_id: str, text: str | None = None, items: str) -> Self: ...
    __match_args__ = ("catalog_id", "text", "items")
    @property
    def catalog_id(self) -> str:
        """The catalogue."""
    @property
    def text(self) -> str | None:
        """The contact's note."""
    @property
    def items(self) -> str:
        """The items, as the platform's JSON array."""

@final
class OutboxSettings(Record):
    """Rules of the outbox."""
    def __new__(cls, *, lease: timedelta | None = None, doubt_grace: timedelta | None = None, doubt_policy: DoubtPolicy | None = None, max_attempts: int = 6, backoff_base: timedelta | None = None, backoff_cap: timedelta | None = None, probe_base: timedelta | None = None, probe_cap: timedelta | None = None, parked_for: timedelta | None = None) -> Self: ...
    __match_args__ = ("lease", "doubt_grace", "doubt_policy", "max_attempts", "backoff_base", "backoff_cap", "probe_base", "probe_cap", "parked_for")
    @property
    def lease(self) -> timedelta:
        """How long a claimed delivery belongs to the one who claimed it."""
    @property
    def doubt_grace(self) -> timedelta:
        """How long an in-doubt delivery blocks those behind it and waits for a status notice."""
    @property
    def doubt_policy(self) -> DoubtPolicy:
        """What happens when that time is over."""
    @property
    def max_attempts(self) -> int:
        """How many times a retriable failure is tried in all."""
    @property
    def backoff_base(self) -> timedelta:
        """The first wait of the exponential back-off."""
    @property
    def backoff_cap(self) -> timedelta:
        """Its longest wait."""
    @property
    def probe_base(self) -> timedelta:
        """How long after a stop a channel's health is asked after first; the first wait of its exponential back-off."""
    @property
    def probe_cap(self) -> timedelta:
        """The longest wait between two askings."""
    @property
    def parked_for(self) -> timedelta:
        """How long a fact about an unknown message is kept for it to come."""

@final
class Overview(Record):
    """What is known around an attendance."""
    def __new__(cls, *, attendance: Attendance, contact: Contact, identities: Iterable[ShownIdentity], channel: ShownChannel, window: WindowView, history: Iterable[AttendanceSummary], more_history: bool, tasks: TaskList, participants: Iterable[Participant], links: Iterable[ShownLink], tickets: Iterable[ServiceTicket]) -> Self: ...
    __match_args__ = ("attendance", "contact", "identities", "channel", "window", "history", "more_history", "tasks", "participants", "links", "tickets")
    @property
    def attendance(self) -> Attendance:
        """The attendance."""
    @property
    def contact(self) -> Contact:
        """With whom: name and e-mail (S-15)."""
    @property
    def identities(self) -> list[ShownIdentity]:
        """How they are known: telephone and the like, by id (S-15)."""
    @property
    def channel(self) -> ShownChannel:
        """Over which of the company's numbers or addresses (S-15)."""
    @property
    def window(self) -> WindowView:
        """The window and what it allows."""
    @property
    def history(self) -> list[AttendanceSummary]:
        """The contact's other attendances that the reader sees, newest made first; at most 50 (S-16)."""
    @property
    def more_history(self) -> bool:
        """Whether the reader sees more of them, or may: one call looks at 500 attendances of the contact."""
    @property
    def tasks(self) -> TaskList:
        """What is to be done for the contact (S-17)."""
    @property
    def participants(self) -> list[Participant]:
        """Who has acted on this attendance and those of `history`, last first (S-18). Who only acted where the reader has
        no sight is not among them."""
    @property
    def links(self) -> list[ShownLink]:
        """Records in other modules, with their pages (S-19)."""
    @property
    def tickets(self) -> list[ServiceTicket]:
        """The service tickets of this attendance and of those of `history`, this one's first (S-20)."""

class ParameterFault(Record):
    """What is wrong with a field."""
    @final
    class Missing(ParameterFault):
        """Nothing was given."""
        def __new__(cls) -> Self: ...
    @final
    class Blank(ParameterFault):
        """Only blanks were given."""
        def __new__(cls) -> Self: ...
    @final
    class Unexpected(ParameterFault):
        """The template has no such field."""
        def __new__(cls) -> Self: ...
    @final
    class Whitespace(ParameterFault):
        """A line break, a tab or more than four blanks in a row."""
        def __new__(cls) -> Self: ...
    @final
    class TooLong(ParameterFault):
        """Longer than the platform takes."""
        def __new__(cls, *, limit: int, actual: int) -> Self: ...
        __match_args__ = ("limit", "actual")
        @property
        def limit(self) -> int:
            """The limit, in characters."""
        @property
        def actual(self) -> int:
            """The length given."""
    @final
    class TooMany(ParameterFault):
        """More than the platform takes."""
        def __new__(cls, *, limit: int, actual: int) -> Self: ...
        __match_args__ = ("limit", "actual")
        @property
        def limit(self) -> int:
            """The limit."""
        @property
        def actual(self) -> int:
            """How many were given."""
    @final
    class OutOfRange(ParameterFault):
        """A number outside its range."""
        def __new__(cls, *, least: int, most: int, actual: int) -> Self: ...
        __match_args__ = ("least", "most", "actual")
        @property
        def least(self) -> int:
            """The least."""
        @property
        def most(self) -> int:
            """The most."""
        @property
        def actual(self) -> int:
            """What was given."""
    @final
    class Different(ParameterFault):
        """It must be the same as another field: a one-time password stands in the text and on the button."""
        def __new__(cls, *, from_: str) -> Self: ...
        __match_args__ = ("from_",)
        @property
        def from_(self) -> str:
            """The other field."""
    @final
    class WrongKind(ParameterFault):
        """Something of another kind is needed, such as a picture."""
        def __new__(cls, *, expected: str) -> Self: ...
        __match_args__ = ("expected",)
        @property
        def expected(self) -> str:
            """What is needed: `image`, `video`, `document`, `location`, `text`…"""

class ParameterFormat(StrEnum):
    """How a template's fields are named."""
    POSITIONAL = "positional"
    """`{{1}}`, `{{2}}`…"""
    NAMED = "named"
    """`{{first_name}}`…"""

@final
class ParameterProblem(Record):
    """One field that cannot be sent as it is."""
    def __new__(cls, *, field: str, fault: ParameterFault) -> Self: ...
    __match_args__ = ("field", "fault")
    @property
    def field(self) -> str:
        """Which: `header`, `body.first_name`, `body.2`, `button.0`, `cards`, `card.1.body.name`, `offer_ends`…"""
    @property
    def fault(self) -> ParameterFault:
        """What is wrong with it."""

class ParameterValue(Record):
    """What stands in a field."""
    @property
    def shown(self) -> str:
        """What is shown."""
    @final
    class Currency(ParameterValue):
        """An amount of money, which the contact's device formats."""
        def __new__(cls, *, fallback: str, currency: str, amount_1000: int) -> Self: ...
        __match_args__ = ("fallback", "currency", "amount_1000")
        @property
        def fallback(self) -> str:
            """What is shown where it cannot format."""
        @property
        def currency(self) -> str:
            """ISO 4217."""
        @property
        def amount_1000(self) -> int:
            """Thousandths of the unit."""
    @final
    class DateTime(ParameterValue):
        """A moment, as words."""
        def __new__(cls, *, date_time: str) -> Self: ...
        __match_args__ = ("date_time",)
        @property
        def date_time(self) -> str:
            """What is shown."""
    @final
    class Text(ParameterValue):
        """Words."""
        def __new__(cls, *, text: str) -> Self: ...
        __match_args__ = ("text",)
        @property
        def text(self) -> str:
            """The words."""

@final
class Parked(Record):
    """A fact that came before its message, or before there was an attendance to show it in."""
    def __new__(cls, *, key: ParkedKey, fact: ParkedFact, parked_at: datetime, expires_at: datetime | None = None) -> Self: ...
    __match_args__ = ("key", "fact", "parked_at", "expires_at")
    @property
    def key(self) -> ParkedKey:
        """Its key."""
    @property
    def fact(self) -> ParkedFact:
        """What it says."""
    @property
    def parked_at(self) -> datetime:
        """When it came."""
    @property
    def expires_at(self) -> datetime | None:
        """Until when it waits; None once it waits no more and is only kept."""

class ParkedFact(Record):
    """What a parked fact says."""
    @final
    class Status(ParkedFact):
        """What became of a message of ours."""
        def __new__(cls, value: StatusNotice) -> Self: ...
        __match_args__ = ("value",)
        @property
        def value(self) -> StatusNotice: ...
    @final
    class Message(ParkedFact):
        """A reaction, edit or revocation by a contact, or a notice about one."""
        def __new__(cls, value: InboundMessage) -> Self: ...
        __match_args__ = ("value",)
        @property
        def value(self) -> InboundMessage: ...
    @final
    class Echo(ParkedFact):
        """A reaction, edit or revocation from the business phone."""
        def __new__(cls, value: EchoMessage) -> Self: ...
        __match_args__ = ("value",)
        @property
        def value(self) -> EchoMessage: ...

@final
class ParkedKey(Record):
    """The key of a parked fact. `Debug` shows no id of the platform: they embed phone numbers."""
    def __new__(cls, *, channel_id: ChannelId, target: str, fact: str) -> Self: ...
    __match_args__ = ("channel_id", "target", "fact")
    @property
    def channel_id(self) -> ChannelId:
        """The business number."""
    @property
    def target(self) -> str:
        """The platform's id of the message it is about; `identity:` and our id of the user it is about, if it is about none."""
    @property
    def fact(self) -> str:
        """What tells it from other facts about the same message."""

@final
class Participant(Record):
    """Somebody who has acted on a contact's attendances (*envolvido*, S-18)."""
    def __new__(cls, *, attendant_id: AttendantId, name: str, first_at: datetime, last_at: datetime, acts: int) -> Self: ...
    __match_args__ = ("attendant_id", "name", "first_at", "last_at", "acts")
    @property
    def attendant_id(self) -> AttendantId:
        """Who."""
    @property
    def name(self) -> str:
        """Their name."""
    @property
    def first_at(self) -> datetime:
        """When first."""
    @property
    def last_at(self) -> datetime:
        """When last."""
    @property
    def acts(self) -> int:
        """How many entries of the timelines are theirs."""

class Permission(StrEnum):
    """A verb that a role may hold."""
    VIEW_ALL = "view_all"
    """See and act on every attendance of the account."""
    CREATE = "create"
    """Begin an attendance."""
    SEND = "send"
    """Send anything to a contact, retry, discard."""
    CLAIM = "claim"
    """Take an unassigned attendance."""
    ASSIGN = "assign"
    """Give an attendance to another attendant."""
    TRANSFER = "transfer"
    """Move it to another department."""
    RENAME = "rename"
    """Change the recipient's name."""
    CLASSIFY = "classify"
    """Put and remove tags, set type and status."""
    NOTE = "note"
    """Write notes."""
    READ_NOTES = "read_notes"
    """Read notes."""
    FINISH = "finish"
    """Finish."""
    TRASH = "trash"
    """Send to the trash."""
    VIEW_TRASH = "view_trash"
    """See the trash."""
    RESTORE = "restore"
    """Bring back from the trash."""
    MANAGE_CONTACTS = "manage_contacts"
    """Create and change contacts."""
    MANAGE_TEMPLATES = "manage_templates"
    """Sync templates."""
    MANAGE_GALLERIES = "manage_galleries"
    """Change galleries."""
    OPEN_TICKETS = "open_tickets"
    """Open service tickets."""
    EXPORT = "export"
    """Take data out."""
    MANAGE_MARKERS = "manage_markers"
    """Make and change the markers that everybody has."""
    MANAGE_REPLIES = "manage_replies"
    """Make and change canned replies of departments and of the account."""
    MANAGE_TASKS = "manage_tasks"
    """Make and change tasks of contacts."""
    MERGE_CONTACTS = "merge_contacts"
    """Make two contacts one, and part them again."""

class Phase(StrEnum):
    """How far the talk is."""
    CREATED = "created"
    """Made; nothing sent yet."""
    AWAITING_CONTACT = "awaiting_contact"
    """A template was sent; the contact has not answered (S-04)."""
    IN_CONVERSATION = "in_conversation"
    """The contact has written."""
    FINISHED = "finished"
    """Finished (S-27)."""

class PictureFormat(StrEnum):
    """A format that pictures are converted into."""
    JPEG = "jpeg"
    """JPEG: the smallest for photos; nothing can be seen through."""
    PNG = "png"
    """PNG."""
    WEBP = "webp"
    """WebP."""
    @property
    def mime_type(self) -> str:
        """Its MIME type."""
    @property
    def extension(self) -> str:
        """The ending of its files' names, without the dot."""

@final
class PlaceHold(Record):
    """Places a hold."""
    def __new__(cls, *, contact_id: ContactId, attendance_id: AttendanceId | None = None, ground: str, by: AttendantId | None = None) -> Self: ...
    __match_args__ = ("contact_id", "attendance_id", "ground", "by")
    @property
    def contact_id(self) -> ContactId:
        """On whom."""
    @property
    def attendance_id(self) -> AttendanceId | None:
        """Only on this attendance of theirs."""
    @property
    def ground(self) -> str:
        """Why: at most 500 characters on one line, without names and numbers of the person."""
    @property
    def by(self) -> AttendantId | None:
        """Who asked for it; left out, the host."""

class Placeholder(StrEnum):
    """What a canned reply's `{{…}}` stands for."""
    CONTACT_NAME = "contact.name"
    """The contact's name."""
    CONTACT_FIRST_NAME = "contact.first_name"
    """The first word of it."""
    ATTENDANT_NAME = "attendant.name"
    """The attendant's name."""
    ATTENDANT_FIRST_NAME = "attendant.first_name"
    """The first word of it."""
    DEPARTMENT_NAME = "department.name"
    """The department's name."""
    ACCOUNT_NAME = "account.name"
    """The company's name."""

class Placement(Record):
    """Where an attendance lies."""
    @property
    def is_trash(self) -> bool:
        """Whether it lies in the trash."""
    @final
    class Central(Placement):
        """In the Central."""
        def __new__(cls) -> Self: ...
    @final
    class Trash(Placement):
        """In the trash (*Lixeira*, *Arquivados*)."""
        def __new__(cls, *, door: TrashDoor, by: AttendantId | None = None, at: datetime) -> Self: ...
        __match_args__ = ("door", "by", "at")
        @property
        def door(self) -> TrashDoor:
            """By which door."""
        @property
        def by(self) -> AttendantId | None:
            """By whom; None if by the host."""
        @property
        def at(self) -> datetime:
            """When."""

@final
class PlatformError(Record):
    """An error as a platform reports it. `Debug` and the engine's errors show the code only."""
    def __new__(cls, *, code: int, class_: ErrorClass, title: str | None = None, details: str | None = None, http_status: int, trace_id: str | None = None, wait_ms: int | None = None) -> Self: ...
    __match_args__ = ("code", "class_", "title", "details", "http_status", "trace_id", "wait_ms")
    @property
    def code(self) -> int:
        """The platform's code."""
    @property
    def class_(self) -> ErrorClass:
        """What the engine does about it."""
    @property
    def title(self) -> str:
        """The platform's title. Not stable: never decide by it."""
    @property
    def details(self) -> str:
        """The platform's details."""
    @property
    def http_status(self) -> int:
        """HTTP status of the answer; 0 when it came by webhook."""
    @property
    def trace_id(self) -> str | None:
        """The platform's trace id, for its support."""
    @property
    def wait_ms(self) -> int | None:
        """How long to wait before another try, when the platform or its table says."""
    def advice(self, locale: Locale | None = None) -> str:
        """What to tell the attendant about it where nothing is tried again by itself. Of a message, `Delivery.advice` knows
        whether it is."""

@final
class PreferenceNotice(Record):
    """The contact allowed or stopped marketing."""
    def __new__(cls, *, contact: Handles, category: str, stopped: bool, timestamp: datetime) -> Self: ...
    __match_args__ = ("contact", "category", "stopped", "timestamp")
    @property
    def contact(self) -> Handles:
        """Who."""
    @property
    def category(self) -> str:
        """About what: `marketing_messages`."""
    @property
    def stopped(self) -> bool:
        """Whether they want it no more."""
    @property
    def timestamp(self) -> datetime:
        """When, by the platform's clock."""

@final
class Preview(Record):
    """The last message of an attendance, as a list shows it. `Debug` shows no words."""
    def __new__(cls, *, kind: str, text: str, from_contact: bool) -> Self: ...
    __match_args__ = ("kind", "text", "from_contact")
    @property
    def kind(self) -> str:
        """Its kind, or empty when there is none."""
    @property
    def text(self) -> str:
        """Its first words."""
    @property
    def from_contact(self) -> bool:
        """Whether the contact wrote it."""

class ProbeFinding(Record):
    """Why a channel stays stopped after its health was asked after."""
    @final
    class Blocked(ProbeFinding):
        """The platform says that it cannot send."""
        def __new__(cls, *, code: int | None = None) -> Self: ...
        __match_args__ = ("code",)
        @property
        def code(self) -> int | None:
            """Its code for why, when it gives one."""
    @final
    class Refused(ProbeFinding):
        """The platform refuses to say: the token, for one."""
        def __new__(cls, *, code: int) -> Self: ...
        __match_args__ = ("code",)
        @property
        def code(self) -> int:
            """Its code."""
    @final
    class Unanswered(ProbeFinding):
        """Nobody answered, or with nothing that can be read."""
        def __new__(cls) -> Self: ...

@final
class Probed(Record):
    """What asking after a stopped channel's health came to."""
    def __new__(cls, *, at: datetime, finding: ProbeFinding) -> Self: ...
    __match_args__ = ("at", "finding")
    @property
    def at(self) -> datetime:
        """When."""
    @property
    def finding(self) -> ProbeFinding:
        """What was found."""

class Problem(Record):
    """What is wrong with a field."""
    @property
    def code(self) -> str:
        """The stable code."""
    @final
    class Blank(Problem):
        """Nothing, or only blanks."""
        def __new__(cls) -> Self: ...
    @final
    class TooLong(Problem):
        """Longer than allowed."""
        def __new__(cls, *, limit: int, actual: int) -> Self: ...
        __match_args__ = ("limit", "actual")
        @property
        def limit(self) -> int:
            """The limit, in characters."""
        @property
        def actual(self) -> int:
            """The length given."""
    @final
    class TooMany(Problem):
        """More than allowed."""
        def __new__(cls, *, limit: int, actual: int) -> Self: ...
        __match_args__ = ("limit", "actual")
        @property
        def limit(self) -> int:
            """The limit."""
        @property
        def actual(self) -> int:
            """How many were given."""
    @final
    class TooFew(Problem):
        """Fewer than needed."""
        def __new__(cls, *, least: int, actual: int) -> Self: ...
        __match_args__ = ("least", "actual")
        @property
        def least(self) -> int:
            """The least."""
        @property
        def actual(self) -> int:
            """How many were given."""
    @final
    class OutOfRange(Problem):
        """A number outside its range."""
        def __new__(cls, *, least: int, most: int, actual: int) -> Self: ...
        __match_args__ = ("least", "most", "actual")
        @property
        def least(self) -> int:
            """The least."""
        @property
        def most(self) -> int:
            """The most."""
        @property
        def actual(self) -> int:
            """What was given."""
    @final
    class Repeated(Problem):
        """The same as another one beside it, where each must differ."""
        def __new__(cls) -> Self: ...
    @final
    class NotAllowed(Problem):
        """It may not be given here."""
        def __new__(cls) -> Self: ...
    @final
    class WrongKind(Problem):
        """Something of another kind is needed."""
        def __new__(cls, *, expected: str) -> Self: ...
        __match_args__ = ("expected",)
        @property
        def expected(self) -> str:
            """What is needed."""
    @final
    class NotAPhoneNumber(Problem):
        """Not a phone number."""
        def __new__(cls) -> Self: ...
    @final
    class Malformed(Problem):
        """Not in the form that this field has."""
        def __new__(cls) -> Self: ...
    @final
    class NoHandle(Problem):
        """No way to reach the contact was given."""
        def __new__(cls) -> Self: ...
    @final
    class Archived(Problem):
        """Out of use."""
        def __new__(cls) -> Self: ...
    @final
    class UnknownZone(Problem):
        """Neither the name of a time zone nor an offset such as `-03:00`."""
        def __new__(cls) -> Self: ...
    @final
    class InThePast(Problem):
        """An instant that is past already."""
        def __new__(cls) -> Self: ...

@final
class ProductSection(Record):
    """A part of a list of products."""
    def __new__(cls, *, title: str | None = None, products: Iterable[str]) -> Self: ...
    __match_args__ = ("title", "products")
    @property
    def title(self) -> str | None:
        """Its title; needed where there are several parts."""
    @property
    def products(self) -> list[str]:
        """The seller's ids of its products."""

class Progress(StrEnum):
    """How far a handed-over message came. The order is the order of the maximum (G-19): a failure beats
    everything up to `Sent`, but never a proven delivery.

    Source: DESIGN 8; a late `sent` after `failed` and after `delivered` were both observed."""
    ACCEPTED = "accepted"
    """The platform took it."""
    PACED = "paced"
    """The platform holds it back for quality or pacing."""
    SENT = "sent"
    """Left the platform."""
    FAILED = "failed"
    """Will not arrive."""
    DELIVERED = "delivered"
    """On the contact's device."""
    READ = "read"
    """Read."""
    PLAYED = "played"
    """The voice note was played."""

@final
class PumpReport(Record):
    """What a pump did, in numbers."""
    def __new__(cls, *, accepted: int, failed: int, delayed: int, in_doubt: int, held: int) -> Self: ...
    __match_args__ = ("accepted", "failed", "delayed", "in_doubt", "held")
    @property
    def accepted(self) -> int:
        """Handed over and taken by the platform."""
    @property
    def failed(self) -> int:
        """Refused by the platform for good."""
    @property
    def delayed(self) -> int:
        """To be tried again later."""
    @property
    def in_doubt(self) -> int:
        """Possibly sent: the answer was lost."""
    @property
    def held(self) -> int:
        """No longer allowed by the rules."""

@final
class PutCannedReply(Record):
    """Makes a canned reply, or changes one."""
    def __new__(cls, *, id: CannedReplyId | None = None, scope: ReplyScope, shortcut: str, body: str, gallery_item_id: GalleryItemId | None = None, archived: bool = False) -> Self: ...
    __match_args__ = ("id", "scope", "shortcut", "body", "gallery_item_id", "archived")
    @property
    def id(self) -> CannedReplyId | None:
        """The one to change; None makes one."""
    @property
    def scope(self) -> ReplyScope:
        """Whose it is."""
    @property
    def shortcut(self) -> str:
        """What is typed to find it, 1 to 40 letters, digits, `-` or `_`."""
    @property
    def body(self) -> str:
        """What it says, at most 4,096 characters."""
    @property
    def gallery_item_id(self) -> GalleryItemId | None:
        """The gallery item that goes with it."""
    @property
    def archived(self) -> bool:
        """Out of use."""

@final
class Queued(Record):
    """A message that was queued. It leaves with the next pump."""
    def __new__(cls, *, message: Message, delivery_id: DeliveryId, window: ServiceWindow, attendance: Attendance) -> Self: ...
    __match_args__ = ("message", "delivery_id", "window", "attendance")
    @property
    def message(self) -> Message:
        """The message."""
    @property
    def delivery_id(self) -> DeliveryId:
        """Its delivery."""
    @property
    def window(self) -> ServiceWindow:
        """The window in which it was queued; `Uncertain` says that the platform may refuse it."""
    @property
    def attendance(self) -> Attendance:
        """Where the attendance stands now."""

@final
class Reaction(Record):
    """A reaction to a message."""
    def __new__(cls, *, by: Author, emoji: str, at: datetime) -> Self: ...
    __match_args__ = ("by", "emoji", "at")
    @property
    def by(self) -> Author:
        """Whose."""
    @property
    def emoji(self) -> str:
        """The emoji; empty when it was taken back (kept, so that an older one does not come back)."""
    @property
    def at(self) -> datetime:
        """When, by the platform's time."""

class ReceiptStatus(Record):
    """The platform's word on a message of ours."""
    @final
    class Sent(ReceiptStatus):
        """Left the platform."""
        def __new__(cls) -> Self: ...
    @final
    class Delivered(ReceiptStatus):
        """On the contact's device."""
        def __new__(cls) -> Self: ...
    @final
    class Read(ReceiptStatus):
        """Read."""
        def __new__(cls) -> Self: ...
    @final
    class Played(ReceiptStatus):
        """A voice note was played."""
        def __new__(cls) -> Self: ...
    @final
    class Failed(ReceiptStatus):
        """Will not arrive."""
        def __new__(cls) -> Self: ...
    @final
    class Other(ReceiptStatus):
        """A word this version does not know."""
        def __new__(cls, value: str) -> Self: ...
        __match_args__ = ("value",)
        @property
        def value(self) -> str: ...

@final
class Receipts(Record):
    """The facts the platform told about a message of ours, each with the platform's time."""
    def __new__(cls, *, accepted_at: datetime | None = None, paced_at: datetime | None = None, sent_at: datetime | None = None, delivered_at: datetime | None = None, read_at: datetime | None = None, played_at: datetime | None = None, failed_at: datetime | None = None, pricing: str | None = None, free_entry_until: datetime | None = None) -> Self: ...
    __match_args__ = ("accepted_at", "paced_at", "sent_at", "delivered_at", "read_at", "played_at", "failed_at", "pricing", "free_entry_until")
    @property
    def accepted_at(self) -> datetime | None:
        """When the platform took it, by our clock."""
    @property
    def paced_at(self) -> datetime | None:
        """When it said that it holds it back."""
    @property
    def sent_at(self) -> datetime | None:
        """Left the platform."""
    @property
    def delivered_at(self) -> datetime | None:
        """On the contact's device."""
    @property
    def read_at(self) -> datetime | None:
        """Read."""
    @property
    def played_at(self) -> datetime | None:
        """Played."""
    @property
    def failed_at(self) -> datetime | None:
        """Will not arrive."""
    @property
    def pricing(self) -> str | None:
        """What it costs, as the platform's JSON; the first that came."""
    @property
    def free_entry_until(self) -> datetime | None:
        """When the free entry point ends, if the platform said so."""
    @property
    def progress(self) -> Progress:
        """The maximum of the facts."""

@final
class RecordQuery(Record):
    """Whose records are looked for."""
    def __new__(cls, *, contact: ModuleContact, known: Iterable[RecordRef]) -> Self: ...
    __match_args__ = ("contact", "known")
    @property
    def contact(self) -> ModuleContact:
        """The contact."""
    @property
    def known(self) -> list[RecordRef]:
        """Records that are known to be theirs."""

@final
class RecordRef(Record):
    """Which record of which module."""
    def __new__(cls, *, kind: LinkKind, number: str, module: str) -> Self: ...
    __match_args__ = ("kind", "number", "module")
    @property
    def kind(self) -> LinkKind:
        """What it is."""
    @property
    def number(self) -> str:
        """The number by which people know it."""
    @property
    def module(self) -> str:
        """The module that has it, by the host's own word."""

class Refusal(Record):
    """A rule that says no."""
    @property
    def code(self) -> str:
        """The stable code."""
    @property
    def retry(self) -> Retry:
        """Whether trying again helps."""
    @final
    class WindowClosed(Refusal):
        """Free-form messages need an open window; this one has closed. A template may be sent."""
        def __new__(cls, *, since: datetime, sendable_templates: int) -> Self: ...
        __match_args__ = ("since", "sendable_templates")
        @property
        def since(self) -> datetime:
            """Since when."""
        @property
        def sendable_templates(self) -> int:
            """How many templates may be sent now."""
    @final
    class WindowNeverOpened(Refusal):
        """Free-form messages need an open window; the contact has never opened it. A template may be sent."""
        def __new__(cls, *, sendable_templates: int) -> Self: ...
        __match_args__ = ("sendable_templates",)
        @property
        def sendable_templates(self) -> int:
            """How many templates may be sent now."""
    @final
    class AttendanceFinished(Refusal):
        """It is finished."""
        def __new__(cls) -> Self: ...
    @final
    class AttendanceTrashed(Refusal):
        """It lies in the trash."""
        def __new__(cls) -> Self: ...
    @final
    class NothingToDo(Refusal):
        """It is so already."""
        def __new__(cls) -> Self: ...
    @final
    class NotPermitted(Refusal):
        """The role does not hold the permission."""
        def __new__(cls, *, permission: Permission) -> Self: ...
        __match_args__ = ("permission",)
        @property
        def permission(self) -> Permission:
            """Which."""
    @final
    class NotAssigned(Refusal):
        """It is not theirs: take it first, or ask who has it."""
        def __new__(cls, *, assignee_id: AttendantId | None = None) -> Self: ...
        __match_args__ = ("assignee_id",)
        @property
        def assignee_id(self) -> AttendantId | None:
            """Who has it, if anybody."""
    @final
    class AlreadyClaimed(Refusal):
        """Somebody was faster (A-15)."""
        def __new__(cls, *, by: AttendantId, at: datetime) -> Self: ...
        __match_args__ = ("by", "at")
        @property
        def by(self) -> AttendantId:
            """Who."""
        @property
        def at(self) -> datetime:
            """When."""
    @final
    class NotInDepartment(Refusal):
        """The attendant does not work in that department."""
        def __new__(cls, *, attendant_id: AttendantId, department_id: DepartmentId) -> Self: ...
        __match_args__ = ("attendant_id", "department_id")
        @property
        def attendant_id(self) -> AttendantId:
            """Who."""
        @property
        def department_id(self) -> DepartmentId:
            """Where."""
    @final
    class TemplateNotSendable(Refusal):
        """The template may not be sent."""
        def __new__(cls, *, status: TemplateStatus, reason: str | None = None) -> Self: ...
        __match_args__ = ("status", "reason")
        @property
        def status(self) -> TemplateStatus:
            """Its status."""
        @property
        def reason(self) -> str | None:
            """Why, as the platform's word."""
    @final
    class TemplateChanged(Refusal):
        """The template changed since the message was filled in: it would read otherwise than what is shown."""
        def __new__(cls, *, sent: int, now: int) -> Self: ...
        __match_args__ = ("sent", "now")
        @property
        def sent(self) -> int:
            """The version that was filled in."""
        @property
        def now(self) -> int:
            """The version in force."""
    @final
    class TemplateOfOtherAccount(Refusal):
        """The template belongs to another number's account."""
        def __new__(cls) -> Self: ...
    @final
    class TemplateParameters(Refusal):
        """Fields of the template are missing or wrong."""
        def __new__(cls, *, problems: Iterable[ParameterProblem]) -> Self: ...
        __match_args__ = ("problems",)
        @property
        def problems(self) -> list[ParameterProblem]:
            """Each."""
    @final
    class MarketingStopped(Refusal):
        """The contact stopped marketing messages (G-48)."""
        def __new__(cls, *, since: datetime) -> Self: ...
        __match_args__ = ("since",)
        @property
        def since(self) -> datetime:
            """Since when."""
    @final
    class ChannelHasNoTemplates(Refusal):
        """The platform has no templates."""
        def __new__(cls) -> Self: ...
    @final
    class MediaTooLarge(Refusal):
        """The file is larger than the platform takes."""
        def __new__(cls, *, kind: MediaKind, limit: int, actual: int) -> Self: ...
        __match_args__ = ("kind", "limit", "actual")
        @property
        def kind(self) -> MediaKind:
            """As what it would go."""
        @property
        def limit(self) -> int:
            """The limit, in bytes."""
        @property
        def actual(self) -> int:
            """Its size, in bytes."""
    @final
    class MediaTypeNotAccepted(Refusal):
        """The platform does not take files of this type."""
        def __new__(cls, *, kind: MediaKind, found: str, accepted: Iterable[str]) -> Self: ...
        __match_args__ = ("kind", "found", "accepted")
        @property
        def kind(self) -> MediaKind:
            """As what it would go."""
        @property
        def found(self) -> str:
            """What it is, by its content."""
        @property
        def accepted(self) -> list[str]:
            """What is taken."""
    @final
    class TextTooLong(Refusal):
        """The text is longer than the platform takes."""
        def __new__(cls, *, limit: int, actual: int) -> Self: ...
        __match_args__ = ("limit", "actual")
        @property
        def limit(self) -> int:
            """The limit, in characters."""
        @property
        def actual(self) -> int:
            """Its length."""
    @final
    class ContentNotSupported(Refusal):
        """The platform cannot carry this."""
        def __new__(cls, *, kind: str) -> Self: ...
        __match_args__ = ("kind",)
        @property
        def kind(self) -> str:
            """What."""
    @final
    class NoAddress(Refusal):
        """The contact has no address on this platform."""
        def __new__(cls) -> Self: ...
    @final
    class NeedsPhone(Refusal):
        """A one-time password goes only to a telephone number, and the contact's is not known."""
        def __new__(cls) -> Self: ...
    @final
    class MissingToFinish(Refusal):
        """Something must be set before finishing (A-18)."""
        def __new__(cls, *, missing: Iterable[FinishRequirement]) -> Self: ...
        __match_args__ = ("missing",)
        @property
        def missing(self) -> list[FinishRequirement]:
            """What."""
    @final
    class SameContact(Refusal):
        """A contact cannot be merged with itself (G-27)."""
        def __new__(cls) -> Self: ...
    @final
    class ContactMerged(Refusal):
        """The contact was merged into another: go on with that one."""
        def __new__(cls, *, into: ContactId) -> Self: ...
        __match_args__ = ("into",)
        @property
        def into(self) -> ContactId:
            """Which."""
    @final
    class OpenOnBoth(Refusal):
        """Both contacts have an open attendance there: finish one of each before merging."""
        def __new__(cls, *, channels: Iterable[ChannelId]) -> Self: ...
        __match_args__ = ("channels",)
        @property
        def channels(self) -> list[ChannelId]:
            """Over these channels."""
    @final
    class WrongDeliveryState(Refusal):
        """The delivery is not in a state in which this can be done."""
        def __new__(cls, *, state: str) -> Self: ...
        __match_args__ = ("state",)
        @property
        def state(self) -> str:
            """Its state."""
    @final
    class NoEyes(Refusal):
        """Seen and unseen are an attendant's; the host's own desk has no eyes."""
        def __new__(cls) -> Self: ...
    @final
    class SuppliedMarker(Refusal):
        """The product supplies this marker: it is renamed, and nothing else."""
        def __new__(cls) -> Self: ...
    @final
    class NotTheAuthor(Refusal):
        """Only who wrote the note, or a supervisor, changes it."""
        def __new__(cls, *, author_id: AttendantId | None = None) -> Self: ...
        __match_args__ = ("author_id",)
        @property
        def author_id(self) -> AttendantId | None:
            """Who wrote it; None if the host did."""
    @final
    class TicketNotEnabled(Refusal):
        """The ticket's button was not enabled (S-20)."""
        def __new__(cls) -> Self: ...
    @final
    class ModulesMissing(Refusal):
        """The host plugged in no neighbour modules: nobody could open the ticket."""
        def __new__(cls) -> Self: ...
    @final
    class ContactErased(Refusal):
        """The contact was erased: what is left of them is a number (P-06)."""
        def __new__(cls) -> Self: ...
    @final
    class UnderWay(Refusal):
        """Something of the contact is being sent, fetched or opened: it has to come to its end first."""
        def __new__(cls, *, until: datetime) -> Self: ...
        __match_args__ = ("until",)
        @property
        def until(self) -> datetime:
            """When it comes to its end at the latest; if whoever is at it died, with the next pump, fetch or advance after that."""

@final
class ReinterpretReport(Record):
    """What a stretch of reading again came to."""
    def __new__(cls, *, next: int, done: bool, messages: int, elements: int, left: int) -> Self: ...
    __match_args__ = ("next", "done", "messages", "elements", "left")
    @property
    def next(self) -> int:
        """Where to go on: the `after` of the next call."""
    @property
    def done(self) -> bool:
        """Whether the end of the log was reached."""
    @property
    def messages(self) -> int:
        """Messages of unknown kinds that are known now."""
    @property
    def elements(self) -> int:
        """Kept elements that took their place."""
    @property
    def left(self) -> int:
        """What is still not understood, or still finds no place; nothing was changed about it."""

@final
class Related(Record):
    """An attendance that has to do with another one."""
    def __new__(cls, *, attendance: AttendanceSummary, relationship: Relationship) -> Self: ...
    __match_args__ = ("attendance", "relationship")
    @property
    def attendance(self) -> AttendanceSummary:
        """It."""
    @property
    def relationship(self) -> Relationship:
        """Why it is shown."""

@final
class RelatedPage(Record):
    """Attendances that have to do with one."""
    def __new__(cls, *, attendances: Iterable[Related], more: bool) -> Self: ...
    __match_args__ = ("attendances", "more")
    @property
    def attendances(self) -> list[Related]:
        """Newest made first."""
    @property
    def more(self) -> bool:
        """Whether there are more, or may be: one call looks at 20 contacts and at 200 attendances at most."""

class Relationship(StrEnum):
    """How an attendance has to do with another one."""
    SAME_CONTACT = "same_contact"
    """It is the same contact's, or of one who was merged into them."""
    SUSPECTED_DUPLICATE = "suspected_duplicate"
    """Its contact may be the same person: their numbers are two written forms of one (G-24)."""

@final
class RenderedCard(Record):
    """What the contact reads on a card."""
    def __new__(cls, *, body: str | None = None, buttons: Iterable[str] | None = None) -> Self: ...
    __match_args__ = ("body", "buttons")
    @property
    def body(self) -> str:
        """Its text, or empty."""
    @property
    def buttons(self) -> list[str]:
        """Its buttons' labels."""

@final
class RenderedTemplate(Record):
    """What the contact reads."""
    def __new__(cls, *, header: str | None = None, body: str, footer: str | None = None, offer: str | None = None, buttons: Iterable[str] | None = None, cards: Iterable[RenderedCard] | None = None) -> Self: ...
    __match_args__ = ("header", "body", "footer", "offer", "buttons", "cards")
    @property
    def header(self) -> str:
        """The header's text, or empty."""
    @property
    def body(self) -> str:
        """The body."""
    @property
    def footer(self) -> str:
        """The footer, or empty."""
    @property
    def offer(self) -> str:
        """A limited-time offer's words, or empty."""
    @property
    def buttons(self) -> list[str]:
        """The buttons' labels."""
    @property
    def cards(self) -> list[RenderedCard]:
        """The cards."""

class ReopenPolicy(Record):
    """What happens when a contact writes to a finished attendance (`PRODUCT` 6.1). One in the trash is
    never reopened by this."""
    @final
    class Never(ReopenPolicy):
        """A new attendance, linked to the one before."""
        def __new__(cls) -> Self: ...
    @final
    class Within(ReopenPolicy):
        """The same one, when it was finished no longer ago than this; else a new one."""
        def __new__(cls, *, time: timedelta) -> Self: ...
        __match_args__ = ("time",)
        @property
        def time(self) -> timedelta:
            """How long, counted from finishing to the contact's message, by the platform's time."""
    @final
    class Always(ReopenPolicy):
        """The same one, always."""
        def __new__(cls) -> Self: ...

@final
class ReplyButton(Record):
    """A button that answers."""
    def __new__(cls, *, id: str, title: str) -> Self: ...
    __match_args__ = ("id", "title")
    @property
    def id(self) -> str:
        """What comes back when it is tapped; unique within the message."""
    @property
    def title(self) -> str:
        """What the contact reads on it; unique within the message."""

class ReplyScope(Record):
    """Whose a canned reply is: who finds it."""
    @final
    class Personal(ReplyScope):
        """One attendant's own."""
        def __new__(cls, *, attendant_id: AttendantId) -> Self: ...
        __match_args__ = ("attendant_id",)
        @property
        def attendant_id(self) -> AttendantId:
            """Whose."""
    @final
    class Department(ReplyScope):
        """Of all who work in a department."""
        def __new__(cls, *, department_id: DepartmentId) -> Self: ...
        __match_args__ = ("department_id",)
        @property
        def department_id(self) -> DepartmentId:
            """Which."""
    @final
    class Account(ReplyScope):
        """Everybody's."""
        def __new__(cls) -> Self: ...

@final
class Response(Record):
    """An answer to a contact who waited."""
    def __new__(cls, *, by: Author, department_id: DepartmentId | None = None, asked: Mark, answered: Mark, message_id: MessageId) -> Self: ...
    __match_args__ = ("by", "department_id", "asked", "answered", "message_id")
    @property
    def by(self) -> Author:
        """Who answered: an attendant, the business phone, or the host by itself."""
    @property
    def department_id(self) -> DepartmentId | None:
        """In which department."""
    @property
    def asked(self) -> Mark:
        """The oldest message that waited for an answer of this sort."""
    @property
    def answered(self) -> Mark:
        """The answer."""
    @property
    def message_id(self) -> MessageId:
        """The answer's message."""
    @property
    def waited(self) -> timedelta:
        """How long the contact waited, in running time."""
    @property
    def is_by_person(self) -> bool:
        """Whether a person answered."""

class RestoreAs(StrEnum):
    """How to bring an attendance back from the trash."""
    IT_WAS = "it_was"
    """Exactly as it was."""
    FINISHED = "finished"
    """Finished, when another of the same pair is open meanwhile."""

class Retry(StrEnum):
    """Whether trying again helps."""
    NEVER = "never"
    """The same call will never do."""
    LATER = "later"
    """The same call may do later."""
    AFTER_FIX = "after_fix"
    """Another call, corrected, will do."""

@final
class Role(Record):
    """A named set of permissions."""
    def __new__(cls, *, name: str, permissions: Iterable[Permission]) -> Self: ...
    __match_args__ = ("name", "permissions")
    @property
    def name(self) -> str:
        """Its name."""
    @property
    def permissions(self) -> frozenset[Permission]:
        """What it may do."""

@final
class Route(Record):
    """Which of the company's numbers or messaging accounts an element is for. Platforms give one or the other."""
    def __new__(cls, *, kind: ChannelKind | None = None, number_id: str | None = None, waba_id: str | None = None, display_number: str | None = None) -> Self: ...
    __match_args__ = ("kind", "number_id", "waba_id", "display_number")
    @property
    def kind(self) -> ChannelKind | None:
        """The platform."""
    @property
    def number_id(self) -> str | None:
        """The platform's id of the business number (`phone_number_id`)."""
    @property
    def waba_id(self) -> str | None:
        """The platform's messaging account (`waba_id`)."""
    @property
    def display_number(self) -> str | None:
        """The business number as shown, digits only."""

@final
class RowRef(Record):
    """A row that was written: its entity's word and its key."""
    def __new__(cls, *, entity: str, key: str) -> Self: ...
    __match_args__ = ("entity", "key")
    @property
    def entity(self) -> str:
        """The entity's word."""
    @property
    def key(self) -> str:
        """Its key."""

@final
class SaveDraft(Record):
    """Keeps a draft over the one before; an empty one drops it."""
    def __new__(cls, *, attendance_id: AttendanceId, text: str | None = None, reply_to: MessageId | None = None, gallery_items: Iterable[GalleryItemId] | None = None) -> Self: ...
    __match_args__ = ("attendance_id", "text", "reply_to", "gallery_items")
    @property
    def attendance_id(self) -> AttendanceId:
        """Where."""
    @property
    def text(self) -> str:
        """The text so far, at most 65,536 characters."""
    @property
    def reply_to(self) -> MessageId | None:
        """The message it will answer."""
    @property
    def gallery_items(self) -> list[GalleryItemId]:
        """Items of galleries to go with it, at most 30."""

@final
class SearchFilter(Record):
    """What to search."""
    def __new__(cls, *, text: str | None = None, attendance_id: AttendanceId | None = None, trash: bool = False, cursor: str | None = None, limit: int | None = None) -> Self: ...
    __match_args__ = ("text", "attendance_id", "trash", "cursor", "limit")
    @property
    def text(self) -> str:
        """The text, at most 200 characters: all of its words must be there, accents and case aside; the last may be the
        beginning of one."""
    @property
    def attendance_id(self) -> AttendanceId | None:
        """Only in this attendance."""
    @property
    def trash(self) -> bool:
        """In the trash instead of the Central (A-19)."""
    @property
    def cursor(self) -> str | None:
        """Where the page before ended."""
    @property
    def limit(self) -> int | None:
        """At most so many messages and notes, 1 to 100; 30 by default."""

@final
class SearchPage(Record):
    """What was found."""
    def __new__(cls, *, attendances: Iterable[FoundAttendance], more_attendances: bool, entries: Iterable[FoundEntry], next: str | None = None) -> Self: ...
    __match_args__ = ("attendances", "more_attendances", "entries", "next")
    @property
    def attendances(self) -> list[FoundAttendance]:
        """Attendances by the contact's names and numbers and by tags, newest activity first; only on the first page."""
    @property
    def more_attendances(self) -> bool:
        """Whether there are more attendances than these: the Central lists them by the same text, of at most the 1,000 contacts made
        last that it names and that are seen."""
    @property
    def entries(self) -> list[FoundEntry]:
        """Messages and, for those who may read them, notes; newest stored first."""
    @property
    def next(self) -> str | None:
        """Where the next page begins. It may be given with a page that is not full: a call looks at a bounded number of
        entries, and goes on from there."""

@final
class SeenMark(Record):
    """What an attendant has seen of an attendance (I-05)."""
    def __new__(cls, *, attendance_id: AttendanceId, attendant_id: AttendantId, inbound: int, unseen: bool) -> Self: ...
    __match_args__ = ("attendance_id", "attendant_id", "inbound", "unseen")
    @property
    def attendance_id(self) -> AttendanceId:
        """Of which attendance."""
    @property
    def attendant_id(self) -> AttendantId:
        """Who."""
    @property
    def inbound(self) -> int:
        """How many of the contact's messages and acts were there when they last opened it."""
    @property
    def unseen(self) -> bool:
        """Whether they marked it as unseen since."""

class SendAnswer(Record):
    """The answer to handing a message over."""
    @final
    class Accepted(SendAnswer):
        """The platform took it. That is not delivery."""
        def __new__(cls, *, wamid: str, paced: bool, wa_id: str | None = None, user_id: str | None = None) -> Self: ...
        __match_args__ = ("wamid", "paced", "wa_id", "user_id")
        @property
        def wamid(self) -> str:
            """Its id for the message."""
        @property
        def paced(self) -> bool:
            """Whether it holds it back for quality or pacing."""
        @property
        def wa_id(self) -> str | None:
            """The routing key it resolved, when it says."""
        @property
        def user_id(self) -> str | None:
            """The user id it resolved, when it says."""
    @final
    class Rejected(SendAnswer):
        """The platform refused it."""
        def __new__(cls, value: PlatformError) -> Self: ...
        __match_args__ = ("value",)
        @property
        def value(self) -> PlatformError: ...
    @final
    class NotSent(SendAnswer):
        """It certainly never left: no connection, a missing file. Trying again is safe."""
        def __new__(cls, *, reason: str) -> Self: ...
        __match_args__ = ("reason",)
        @property
        def reason(self) -> str:
            """Why, as a stable snake_case code."""
    @final
    class Unknown(SendAnswer):
        """It may have left: the answer was lost. Trying again could double it."""
        def __new__(cls, *, reason: str) -> Self: ...
        __match_args__ = ("reason",)
        @property
        def reason(self) -> str:
            """Why, as a stable snake_case code."""

@final
class SendJob(Record):
    """One message to hand over. `Debug` shows no id of the platform: they embed phone numbers."""
    def __new__(cls, *, delivery_id: DeliveryId, channel: Channel, to: Address, content: Content, reply_to: str | None = None, attempt: int) -> Self: ...
    __match_args__ = ("delivery_id", "channel", "to", "content", "reply_to", "attempt")
    @property
    def delivery_id(self) -> DeliveryId:
        """The delivery's id. The platform must echo it in its status notices."""
    @property
    def channel(self) -> Channel:
        """From which of the company's numbers."""
    @property
    def to(self) -> Address:
        """To whom."""
    @property
    def content(self) -> Content:
        """What. Each of its files has the platform's id for it on this channel in its `provider_id`
        (`Content.files`); one without has not been uploaded."""
    @property
    def reply_to(self) -> str | None:
        """The platform's id of the message it answers."""
    @property
    def attempt(self) -> int:
        """1 on the first try."""

@final
class SendReport(Record):
    """What came of handing over."""
    def __new__(cls, *, answer: SendAnswer, server_time: datetime | None = None) -> Self: ...
    __match_args__ = ("answer", "server_time")
    @property
    def answer(self) -> SendAnswer:
        """The answer."""
    @property
    def server_time(self) -> datetime | None:
        """The platform's clock, from its `Date` header."""

@final
class ServiceTicket(Record):
    """A service ticket of an attendance, from the moment its button is enabled."""
    def __new__(cls, *, id: ServiceTicketId, version: int, attendance_id: AttendanceId, contact_id: ContactId, state: TicketState, request: TicketRequest | None = None, key: str, attempts: int, attempts_before: int, in_doubt: bool, enabled_at: datetime, enabled_by: AttendantId | None = None, pressed_at: datetime | None = None, pressed_by: AttendantId | None = None) -> Self: ...
    __match_args__ = ("id", "version", "attendance_id", "contact_id", "state", "request", "key", "attempts", "attempts_before", "in_doubt", "enabled_at", "enabled_by", "pressed_at", "pressed_by")
    @property
    def id(self) -> ServiceTicketId:
        """Its id."""
    @property
    def version(self) -> int:
        """Grows by one with each change."""
    @property
    def attendance_id(self) -> AttendanceId:
        """Its attendance."""
    @property
    def contact_id(self) -> ContactId:
        """For whom."""
    @property
    def state(self) -> TicketState:
        """Where it stands."""
    @property
    def request(self) -> TicketRequest | None:
        """What was asked for at the last press."""
    @property
    def key(self) -> str:
        """Stands for the ticket in everything that is said to the module."""
    @property
    def attempts(self) -> int:
        """How often the module was asked to open it."""
    @property
    def attempts_before(self) -> int:
        """How many of those came before the last press."""
    @property
    def in_doubt(self) -> bool:
        """Whether a request of before may have arrived: the module is asked for the ticket before it is asked to open one."""
    @property
    def enabled_at(self) -> datetime:
        """When the button was enabled."""
    @property
    def enabled_by(self) -> AttendantId | None:
        """By whom; None if by the host."""
    @property
    def pressed_at(self) -> datetime | None:
        """When the button was last pressed."""
    @property
    def pressed_by(self) -> AttendantId | None:
        """By whom; None if by the host, or by nobody yet."""

class ServiceWindow(Record):
    """Whether free conversation is allowed."""
    @property
    def allows_free_form(self) -> bool:
        """Whether free-form messages may go."""
    @property
    def until(self) -> datetime | None:
        """When it ends, if it is not closed and has an end."""
    @property
    def word(self) -> str:
        """One stable word: `open`, `uncertain`, `closed`, `never_opened`."""
    @final
    class Open(ServiceWindow):
        """It is."""
        def __new__(cls, *, until: datetime | None = None, by: Activity | None = None) -> Self: ...
        __match_args__ = ("until", "by")
        @property
        def until(self) -> datetime | None:
            """Until then, strictly before; None on platforms without a window."""
        @property
        def by(self) -> Activity | None:
            """What opened it."""
    @final
    class Uncertain(ServiceWindow):
        """It may be: sending is tried, and the outcome says that it is uncertain."""
        def __new__(cls, *, until: datetime, why: Uncertainty) -> Self: ...
        __match_args__ = ("until", "why")
        @property
        def until(self) -> datetime:
            """Until then, strictly before."""
        @property
        def why(self) -> Uncertainty:
            """Why it is not certain."""
    @final
    class Closed(ServiceWindow):
        """It is not: templates only, never nothing (G-04)."""
        def __new__(cls, *, since: datetime | None = None) -> Self: ...
        __match_args__ = ("since",)
        @property
        def since(self) -> datetime | None:
            """Since then; None if it was never open."""

@final
class Setup(Record):
    """The whole set-up, by id."""
    def __new__(cls, *, account: Account, channels: Mapping[ChannelId, Channel], departments: Mapping[DepartmentId, Department], attendants: Mapping[AttendantId, Attendant], roles: Mapping[str, Role], statuses: Mapping[StatusId, Status], attendance_types: Mapping[AttendanceTypeId, AttendanceType], tags: Mapping[TagId, Tag], markers: Mapping[MarkerId, Marker]) -> Self: ...
    __match_args__ = ("account", "channels", "departments", "attendants", "roles", "statuses", "attendance_types", "tags", "markers")
    @property
    def account(self) -> Account:
        """The company."""
    @property
    def channels(self) -> dict[ChannelId, Channel]:
        """Its numbers and addresses."""
    @property
    def departments(self) -> dict[DepartmentId, Department]:
        """Its departments."""
    @property
    def attendants(self) -> dict[AttendantId, Attendant]:
        """Those who attend."""
    @property
    def roles(self) -> dict[str, Role]:
        """Roles by name."""
    @property
    def statuses(self) -> dict[StatusId, Status]:
        """Status labels."""
    @property
    def attendance_types(self) -> dict[AttendanceTypeId, AttendanceType]:
        """Attendance types."""
    @property
    def tags(self) -> dict[TagId, Tag]:
        """Tags."""
    @property
    def markers(self) -> dict[MarkerId, Marker]:
        """Markers of the side bar."""
    def attendant_by_login(self, login: str) -> Attendant | None:
        """The attendant with this login."""

class SetupRow(Record):
    """One row of the set-up, as a change set writes it."""
    @final
    class Account(SetupRow):
        """The company."""
        def __new__(cls, value: Account) -> Self: ...
        __match_args__ = ("value",)
        @property
        def value(self) -> Account: ...
    @final
    class Channel(SetupRow):
        """A number or address."""
        def __new__(cls, value: Channel) -> Self: ...
        __match_args__ = ("value",)
        @property
        def value(self) -> Channel: ...
    @final
    class Department(SetupRow):
        """A department."""
        def __new__(cls, value: Department) -> Self: ...
        __match_args__ = ("value",)
        @property
        def value(self) -> Department: ...
    @final
    class Attendant(SetupRow):
        """Someone who attends."""
        def __new__(cls, value: Attendant) -> Self: ...
        __match_args__ = ("value",)
        @property
        def value(self) -> Attendant: ...
    @final
    class Role(SetupRow):
        """A role."""
        def __new__(cls, value: Role) -> Self: ...
        __match_args__ = ("value",)
        @property
        def value(self) -> Role: ...
    @final
    class Status(SetupRow):
        """A status label."""
        def __new__(cls, value: Status) -> Self: ...
        __match_args__ = ("value",)
        @property
        def value(self) -> Status: ...
    @final
    class AttendanceType(SetupRow):
        """An attendance type."""
        def __new__(cls, value: AttendanceType) -> Self: ...
        __match_args__ = ("value",)
        @property
        def value(self) -> AttendanceType: ...
    @final
    class Tag(SetupRow):
        """A tag."""
        def __new__(cls, value: Tag) -> Self: ...
        __match_args__ = ("value",)
        @property
        def value(self) -> Tag: ...
    @final
    class Marker(SetupRow):
        """A marker."""
        def __new__(cls, value: Marker) -> Self: ...
        __match_args__ = ("value",)
        @property
        def value(self) -> Marker: ...

@final
class ShownChannel(Record):
    """The channel of an attendance, as the menu shows it."""
    def __new__(cls, *, id: ChannelId, kind: ChannelKind, name: str, display_number: str) -> Self: ...
    __match_args__ = ("id", "kind", "name", "display_number")
    @property
    def id(self) -> ChannelId:
        """Which."""
    @property
    def kind(self) -> ChannelKind:
        """The platform."""
    @property
    def name(self) -> str:
        """Its name."""
    @property
    def display_number(self) -> str:
        """The company's number or address, as shown."""

@final
class ShownIdentity(Record):
    """One way in which a contact is known, as people read it."""
    def __new__(cls, *, identity_id: IdentityId, kind: ChannelKind, shown: str, username: str | None = None, replies: bool) -> Self: ...
    __match_args__ = ("identity_id", "kind", "shown", "username", "replies")
    @property
    def identity_id(self) -> IdentityId:
        """Which."""
    @property
    def kind(self) -> ChannelKind:
        """On which platform."""
    @property
    def shown(self) -> str:
        """The number with a plus sign, the address, the public name, or the user id."""
    @property
    def username(self) -> str | None:
        """The name on the platform that the user chose for others to find them by."""
    @property
    def replies(self) -> bool:
        """Whether a reply in this attendance goes there."""

@final
class ShownLink(Record):
    """A link as a screen shows it."""
    def __new__(cls, *, link: ExternalLink, url: str | None = None) -> Self: ...
    __match_args__ = ("link", "url")
    @property
    def link(self) -> ExternalLink:
        """The link."""
    @property
    def url(self) -> str | None:
        """Where a click goes; None for a record that is only shown as text."""

@final
class ShownMessage(Record):
    """A message with what became of it."""
    def __new__(cls, *, message: Message, delivery: Delivery | None = None, file: FileState | None = None) -> Self: ...
    __match_args__ = ("message", "delivery", "file")
    @property
    def message(self) -> Message:
        """The message."""
    @property
    def delivery(self) -> Delivery | None:
        """Its delivery, on messages of ours."""
    @property
    def file(self) -> FileState | None:
        """Why its file is not here, on messages with a file that is not (G-38)."""

@final
class ShownNote(Record):
    """A note as somebody sees it: the attendances it points at are named as far as they see them."""
    def __new__(cls, *, note: Note, hidden_links: int) -> Self: ...
    __match_args__ = ("note", "hidden_links")
    @property
    def note(self) -> Note:
        """The note; its `links` are those that the reader sees."""
    @property
    def hidden_links(self) -> int:
        """How many more attendances it points at."""

@final
class SideBar(Record):
    """The numbers beside the entries of the side bar: each is how many cards all pages have when that entry alone is chosen,
    on the filter's days. The rest of the filter does not narrow them.

    | number | the filter, beside `days` and `zone` |
    |---|---|
    | `central.total` | none |
    | `central.unseen` | `unseen: true` |
    | `central.mine` | `assignees: [me]`; 0 for the host |
    | `central.unassigned` | `unassigned: true` |
    | `central.snoozed` | `snoozed: true` |
    | `central.phases[p]` | `phases: [p]` |
    | `central.statuses[s]` | `status_id: s` |
    | `central.types[t]` | `type_id: t` |
    | `central.departments[d]` | `department_id: d` |
    | `central.channels[c]` | `channels: [c]`; a platform's is the sum of its channels' |
    | `central.tags[t]` | `tags: [t]` |
    | `central.markers[m]` | `markers: [m]`, for each marker that whoever looks has |
    | `trash` | `trash: true`, so that without `days` it is all of the trash |"""
    def __new__(cls, *, central: Counts, trash: int) -> Self: ...
    __match_args__ = ("central", "trash")
    @property
    def central(self) -> Counts:
        """Of the Central."""
    @property
    def trash(self) -> int:
        """How much lies in the trash."""

class SignatureError(StrEnum):
    """A signature that does not prove the sender."""
    MISSING = "missing"
    """There is none."""
    MALFORMED = "malformed"
    """It is not in the platform's form."""
    WRONG = "wrong"
    """It is of other bytes or another secret."""

@final
class Snooze(Record):
    """An attendance put off."""
    def __new__(cls, *, until: datetime | None = None, by: AttendantId | None = None, at: datetime) -> Self: ...
    __match_args__ = ("until", "by", "at")
    @property
    def until(self) -> datetime | None:
        """Until then; None until the contact writes, which ends every snooze."""
    @property
    def by(self) -> AttendantId | None:
        """By whom; None if by the host."""
    @property
    def at(self) -> datetime:
        """When."""

class SnoozeEnd(StrEnum):
    """Why a snooze ended."""
    TIME = "time"
    """Its instant came."""
    CONTACT_WROTE = "contact_wrote"
    """The contact wrote or did something."""
    FINISHED = "finished"
    """It was finished."""
    TRANSFERRED = "transferred"
    """It went to another department."""
    PERSON = "person"
    """Somebody ended it."""

class Speaker(Record):
    """A side of the conversation."""
    @final
    class Contact(Speaker):
        """The contact."""
        def __new__(cls) -> Self: ...
    @final
    class Company(Speaker):
        """The company."""
        def __new__(cls, *, first_name: str | None = None) -> Self: ...
        __match_args__ = ("first_name",)
        @property
        def first_name(self) -> str | None:
            """The first name of who wrote, if names were asked for."""

@final
class Status(Record):
    """A label of the account over a phase. Changing an attendance's status changes nothing else (S-23)."""
    def __new__(cls, *, id: StatusId, name: str, phase: Phase, archived: bool = False) -> Self: ...
    __match_args__ = ("id", "name", "phase", "archived")
    @property
    def id(self) -> StatusId:
        """Its id."""
    @property
    def name(self) -> str:
        """Its name."""
    @property
    def phase(self) -> Phase:
        """The phase it counts under in reports."""
    @property
    def archived(self) -> bool:
        """Out of use."""

@final
class StatusNotice(Record):
    """What became of a message of ours."""
    def __new__(cls, *, wamid: str, status: ReceiptStatus, timestamp: datetime, recipient: Handles, delivery_id: DeliveryId | None = None, errors: Iterable[PlatformError], pricing: str | None = None, free_entry_until: datetime | None = None) -> Self: ...
    __match_args__ = ("wamid", "status", "timestamp", "recipient", "delivery_id", "errors", "pricing", "free_entry_until")
    @property
    def wamid(self) -> str:
        """The platform's id of the message."""
    @property
    def status(self) -> ReceiptStatus:
        """How far it came."""
    @property
    def timestamp(self) -> datetime:
        """When, by the platform's clock."""
    @property
    def recipient(self) -> Handles:
        """The recipient, as far as named."""
    @property
    def delivery_id(self) -> DeliveryId | None:
        """The delivery's id that we sent along, if it is one."""
    @property
    def errors(self) -> list[PlatformError]:
        """Errors, with `Failed`."""
    @property
    def pricing(self) -> str | None:
        """What it costs, as the platform's JSON."""
    @property
    def free_entry_until(self) -> datetime | None:
        """When the free entry point ends, if the platform says so."""

@final
class StoredMedia(Record):
    """A stored file."""
    def __new__(cls, *, sha256: str, size: int, head: bytes) -> Self: ...
    __match_args__ = ("sha256", "size", "head")
    @property
    def sha256(self) -> str:
        """SHA-256 of its bytes, lower-case hexadecimal."""
    @property
    def size(self) -> int:
        """Its size in bytes."""
    @property
    def head(self) -> bytes:
        """Its first bytes, at most 8192, by which its type is told."""

@final
class Subject(Record):
    """A person, with what is stored about them."""
    def __new__(cls, *, contact: Contact, merged: Iterable[Contact], identities: Iterable[Identity], stored: ErasureCounts, holds: Iterable[LegalHold], erasures: Iterable[ErasureReceipt]) -> Self: ...
    __match_args__ = ("contact", "merged", "identities", "stored", "holds", "erasures")
    @property
    def contact(self) -> Contact:
        """The contact."""
    @property
    def merged(self) -> list[Contact]:
        """Contacts that were merged into it."""
    @property
    def identities(self) -> list[Identity]:
        """The users of platforms that they are."""
    @property
    def stored(self) -> ErasureCounts:
        """How much is stored about them, held or not."""
    @property
    def holds(self) -> list[LegalHold]:
        """The holds that are in force."""
    @property
    def erasures(self) -> list[ErasureReceipt]:
        """What was erased of them, oldest first."""

@final
class SubjectQuery(Record):
    """Who is looked for: by any of these that is given."""
    def __new__(cls, *, phone: str | None = None, user_id: str | None = None, email: str | None = None, contact_id: ContactId | None = None) -> Self: ...
    __match_args__ = ("phone", "user_id", "email", "contact_id")
    @property
    def phone(self) -> str | None:
        """A number in any written form: with or without country code, ninth digit and what people write in between."""
    @property
    def user_id(self) -> str | None:
        """A user id of a platform, verbatim."""
    @property
    def email(self) -> str | None:
        """An e-mail address, whatever its case."""
    @property
    def contact_id(self) -> ContactId | None:
        """A contact, also one that was merged into another."""

@final
class SubjectReport(Record):
    """Who was found."""
    def __new__(cls, *, subjects: Iterable[Subject], loose: int) -> Self: ...
    __match_args__ = ("subjects", "loose")
    @property
    def subjects(self) -> list[Subject]:
        """Each person, by contact id."""
    @property
    def loose(self) -> int:
        """Facts and elements that name the number or user id asked for and belong to no contact: they go with
        `ErasePerson` without a contact."""

class SuppliedMarker(StrEnum):
    """The markers that the product supplies (I-02)."""
    BROADCAST = "broadcast"
    """*Disparos em Massa*."""
    LATE_PAYMENT = "late_payment"
    """*Pagamentos Atrasados*."""
    LEAD = "lead"
    """*Leads*."""
    DISQUALIFIED = "disqualified"
    """*Contatos Desqualificados*."""
    def name_in(self, locale: Locale | None = None) -> str:
        """Its name, and its tag's, until somebody renames them."""

@final
class SyncPage(Record):
    """How far a listing of templates is."""
    def __new__(cls, *, pages: int, templates: int, unread: int, is_last: bool) -> Self: ...
    __match_args__ = ("pages", "templates", "unread", "is_last")
    @property
    def pages(self) -> int:
        """Pages read. It begins anew when the platform forgot where the listing was."""
    @property
    def templates(self) -> int:
        """Templates on them."""
    @property
    def unread(self) -> int:
        """How many more could not be read."""
    @property
    def is_last(self) -> bool:
        """Whether this was the last page."""

@final
class SystemNotice(Record):
    """A notice about the contact, such as a changed number."""
    def __new__(cls, *, word: str, body: str, new_wa_id: str | None = None, new_user_id: str | None = None, previous_user_id: str | None = None) -> Self: ...
    __match_args__ = ("word", "body", "new_wa_id", "new_user_id", "previous_user_id")
    @property
    def word(self) -> str:
        """The platform's word: `user_changed_number`, `user_changed_user_id`, `customer_identity_changed`…"""
    @property
    def body(self) -> str:
        """The platform's sentence."""
    @property
    def new_wa_id(self) -> str | None:
        """The new number's `wa_id`."""
    @property
    def new_user_id(self) -> str | None:
        """The new user id."""
    @property
    def previous_user_id(self) -> str | None:
        """The user id before."""

@final
class Tag(Record):
    """A tag (S-25)."""
    def __new__(cls, *, id: TagId, name: str, archived: bool = False) -> Self: ...
    __match_args__ = ("id", "name", "archived")
    @property
    def id(self) -> TagId:
        """Its id."""
    @property
    def name(self) -> str:
        """Its name, unique whatever its case."""
    @property
    def archived(self) -> bool:
        """Out of use."""

@final
class Task(Record):
    """Something to do for a contact."""
    def __new__(cls, *, id: TaskId, version: int, contact_id: ContactId, title: str, due: datetime | None = None, owner_id: AttendantId | None = None, done_at: datetime | None = None, done_by: AttendantId | None = None, external_key: str | None = None, created_at: datetime, created_by: AttendantId | None = None) -> Self: ...
    __match_args__ = ("id", "version", "contact_id", "title", "due", "owner_id", "done_at", "done_by", "external_key", "created_at", "created_by")
    @property
    def id(self) -> TaskId:
        """Its id. One that came in by an `external_key` has it from the key, so that there is one task per key."""
    @property
    def version(self) -> int:
        """Grows by one with each change."""
    @property
    def contact_id(self) -> ContactId:
        """For whom."""
    @property
    def title(self) -> str:
        """What is to be done, one line of at most 200 characters."""
    @property
    def due(self) -> datetime | None:
        """Until when. An instant: what is due "on a day" is due at that day's end in the zone of whoever says so, which
        their screen knows and a rule does not."""
    @property
    def owner_id(self) -> AttendantId | None:
        """Who has to do it; None if nobody in particular."""
    @property
    def done_at(self) -> datetime | None:
        """Since when it is done."""
    @property
    def done_by(self) -> AttendantId | None:
        """Who did it; None if it is not done, or if the host said so."""
    @property
    def external_key(self) -> str | None:
        """The host's own key for it, unique in the account; at most 200 characters."""
    @property
    def created_at(self) -> datetime:
        """When it was made."""
    @property
    def created_by(self) -> AttendantId | None:
        """By whom; None if by the host."""
    @property
    def is_done(self) -> bool:
        """Whether it is done."""
    def is_overdue(self, now: datetime | None = None) -> bool:
        """Whether its time is over and it is not done."""

@final
class TaskEntry(Record):
    """A task that was made, or that was there."""
    def __new__(cls, *, task: Task, existed: bool) -> Self: ...
    __match_args__ = ("task", "existed")
    @property
    def task(self) -> Task:
        """The task."""
    @property
    def existed(self) -> bool:
        """Whether it was there before."""

@final
class TaskList(Record):
    """The tasks of a contact."""
    def __new__(cls, *, tasks: Iterable[Task], more: bool) -> Self: ...
    __match_args__ = ("tasks", "more")
    @property
    def tasks(self) -> list[Task]:
        """What is to be done, first due first, what has no time last; then what is done, last done first."""
    @property
    def more(self) -> bool:
        """Whether the contact has more than the 500 that one call looks at."""

@final
class Template(Record):
    """Our row of a template. Keyed by (messaging account, name, language)."""
    def __new__(cls, *, id: TemplateId, waba_id: str, definition: TemplateDefinition, version: int, reason: str | None = None, synced_at: datetime, previous: TemplateDefinition | None = None, noticed: TemplateTimes | None = None) -> Self: ...
    __match_args__ = ("id", "waba_id", "definition", "version", "reason", "synced_at", "previous", "noticed")
    @property
    def id(self) -> TemplateId:
        """Its id."""
    @property
    def waba_id(self) -> str:
        """The messaging account that owns it."""
    @property
    def definition(self) -> TemplateDefinition:
        """What the platform says."""
    @property
    def version(self) -> int:
        """Grows by one when `definition.form` or its format changes."""
    @property
    def reason(self) -> str | None:
        """Why it is paused or disabled, as the platform's word."""
    @property
    def synced_at(self) -> datetime:
        """When the platform last confirmed it."""
    @property
    def previous(self) -> TemplateDefinition | None:
        """What the platform said before the form last changed, so that the difference can be shown."""
    @property
    def noticed(self) -> TemplateTimes:
        """How new what the platform's notices said is."""
    @property
    def fields(self) -> list[TemplateField]:
        """The fields that a form asks for, in the order in which they are read."""
    @property
    def is_sendable(self) -> bool:
        """Whether it may be sent: approved, and every part of it understood. Archived, paused and
        auto-generated ones may not."""

@final
class TemplateButton(Record):
    """A button of a template."""
    def __new__(cls, *, action: TemplateButtonAction, text: str | None = None) -> Self: ...
    __match_args__ = ("action", "text")
    @property
    def action(self) -> TemplateButtonAction:
        """What it does."""
    @property
    def text(self) -> str:
        """What the contact reads on it."""

class TemplateButtonAction(Record):
    """What a template's button does."""
    @final
    class QuickReply(TemplateButtonAction):
        """Answers; a payload may be given."""
        def __new__(cls) -> Self: ...
    @final
    class Url(TemplateButtonAction):
        """Opens a page; the URL may end in one field."""
        def __new__(cls, *, url: str) -> Self: ...
        __match_args__ = ("url",)
        @property
        def url(self) -> str:
            """The URL."""
    @final
    class PhoneNumber(TemplateButtonAction):
        """Calls a number."""
        def __new__(cls, *, number: str) -> Self: ...
        __match_args__ = ("number",)
        @property
        def number(self) -> str:
            """The number."""
    @final
    class CopyCode(TemplateButtonAction):
        """Copies a code, given at each send."""
        def __new__(cls) -> Self: ...
    @final
    class OneTimePassword(TemplateButtonAction):
        """Gives the one-time password of an authentication template."""
        def __new__(cls) -> Self: ...
    @final
    class VoiceCall(TemplateButtonAction):
        """Calls the business over the platform."""
        def __new__(cls) -> Self: ...
    @final
    class Flow(TemplateButtonAction):
        """Opens a form."""
        def __new__(cls) -> Self: ...
    @final
    class Catalog(TemplateButtonAction):
        """Opens the catalogue."""
        def __new__(cls) -> Self: ...
    @final
    class Products(TemplateButtonAction):
        """Shows several products."""
        def __new__(cls) -> Self: ...
    @final
    class Product(TemplateButtonAction):
        """Shows the header's product."""
        def __new__(cls) -> Self: ...
    @final
    class OrderDetails(TemplateButtonAction):
        """Shows an order to review and pay."""
        def __new__(cls) -> Self: ...
    @final
    class RequestCallPermission(TemplateButtonAction):
        """Asks whether the business may call."""
        def __new__(cls) -> Self: ...
    @final
    class RequestContact(TemplateButtonAction):
        """Asks for the contact's telephone number."""
        def __new__(cls) -> Self: ...
    @final
    class Other(TemplateButtonAction):
        """A kind this version does not know; it takes no parameter."""
        def __new__(cls, *, word: str) -> Self: ...
        __match_args__ = ("word",)
        @property
        def word(self) -> str:
            """The platform's word."""

@final
class TemplateCard(Record):
    """A card of a carousel."""
    def __new__(cls, *, header: TemplateHeader | None = None, body: str | None = None, buttons: Iterable[TemplateButton] | None = None) -> Self: ...
    __match_args__ = ("header", "body", "buttons")
    @property
    def header(self) -> TemplateHeader | None:
        """Its picture or film."""
    @property
    def body(self) -> str | None:
        """Its text."""
    @property
    def buttons(self) -> list[TemplateButton]:
        """Its buttons."""

class TemplateChange(Record):
    """What happened to a template."""
    @final
    class Status(TemplateChange):
        """An event of the status field. The event is not the status: `FLAGGED` is still sendable, `LOCKED` only
        forbids edits."""
        def __new__(cls, *, event: str, reason: str | None = None, title: str | None = None) -> Self: ...
        __match_args__ = ("event", "reason", "title")
        @property
        def event(self) -> str:
            """The platform's event word, upper case."""
        @property
        def reason(self) -> str | None:
            """Its reason."""
        @property
        def title(self) -> str | None:
            """The title of its further information, such as `FIRST_PAUSE`."""
    @final
    class Quality(TemplateChange):
        """The quality score changed."""
        def __new__(cls, *, score: str) -> Self: ...
        __match_args__ = ("score",)
        @property
        def score(self) -> str:
            """The score now."""
    @final
    class Components(TemplateChange):
        """The definition changed: fetch it again."""
        def __new__(cls) -> Self: ...
    @final
    class Category(TemplateChange):
        """The category changed, or will."""
        def __new__(cls, *, current: str, upcoming: str | None = None) -> Self: ...
        __match_args__ = ("current", "upcoming")
        @property
        def current(self) -> str:
            """The category now in force."""
        @property
        def upcoming(self) -> str | None:
            """The category that it will have, on an announcement."""

@final
class TemplateContent(Record):
    """A template as sent: which, with what, and what the contact reads. What is shown later is this, not
    the template's present text (G-10)."""
    def __new__(cls, *, template_id: TemplateId, name: str, language: str, version: int, parameters: TemplateParameters, rendered: RenderedTemplate) -> Self: ...
    __match_args__ = ("template_id", "name", "language", "version", "parameters", "rendered")
    @property
    def template_id(self) -> TemplateId:
        """The template."""
    @property
    def name(self) -> str:
        """Its name on the platform."""
    @property
    def language(self) -> str:
        """Its language on the platform."""
    @property
    def version(self) -> int:
        """The version of its definition that was rendered."""
    @property
    def parameters(self) -> TemplateParameters:
        """What was filled in."""
    @property
    def rendered(self) -> RenderedTemplate:
        """What the contact reads."""

@final
class TemplateDefinition(Record):
    """A template as the platform lists it."""
    def __new__(cls, *, platform_id: str, name: str, language: str, status: TemplateStatus, category: str, format: ParameterFormat, form: TemplateForm, quality: str | None = None, rejected_reason: str | None = None, auto_generated: bool = False) -> Self: ...
    __match_args__ = ("platform_id", "name", "language", "status", "category", "format", "form", "quality", "rejected_reason", "auto_generated")
    @property
    def platform_id(self) -> str:
        """The platform's id, as text even when its JSON gives a number."""
    @property
    def name(self) -> str:
        """Its name."""
    @property
    def language(self) -> str:
        """Its language, with an underscore (`pt_BR`)."""
    @property
    def status(self) -> TemplateStatus:
        """Whether it may be sent."""
    @property
    def category(self) -> str:
        """`MARKETING`, `UTILITY`, `AUTHENTICATION` or a later word."""
    @property
    def format(self) -> ParameterFormat:
        """How its fields are named."""
    @property
    def form(self) -> TemplateForm:
        """What it consists of."""
    @property
    def quality(self) -> str | None:
        """Quality score (`GREEN`, `YELLOW`, `RED`, `UNKNOWN` or a later word)."""
    @property
    def rejected_reason(self) -> str | None:
        """Why it was rejected."""
    @property
    def auto_generated(self) -> bool:
        """Whether the platform made it by itself (Direct Send): hidden from people."""

@final
class TemplateDiff(Record):
    """What a sync would change."""
    def __new__(cls, *, waba_id: str, added: Iterable[TemplateDefinition], changed: Iterable[TemplateDifference], vanished: Iterable[TemplateKey], unchanged: int) -> Self: ...
    __match_args__ = ("waba_id", "added", "changed", "vanished", "unchanged")
    @property
    def waba_id(self) -> str:
        """The messaging account."""
    @property
    def added(self) -> list[TemplateDefinition]:
        """Templates that are new here."""
    @property
    def changed(self) -> list[TemplateDifference]:
        """Templates that differ."""
    @property
    def vanished(self) -> list[TemplateKey]:
        """Templates that are no longer listed."""
    @property
    def unchanged(self) -> int:
        """How many are the same."""
    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to apply."""

@final
class TemplateDifference(Record):
    """A template that differs."""
    def __new__(cls, *, before: TemplateDefinition, after: TemplateDefinition, status_changed: bool, form_changed: bool) -> Self: ...
    __match_args__ = ("before", "after", "status_changed", "form_changed")
    @property
    def before(self) -> TemplateDefinition:
        """As it is here."""
    @property
    def after(self) -> TemplateDefinition:
        """As the platform lists it."""
    @property
    def status_changed(self) -> bool:
        """Whether its status is other."""
    @property
    def form_changed(self) -> bool:
        """Whether its text or its fields are other."""

@final
class TemplateField(Record):
    """One field that a form asks for."""
    def __new__(cls, *, field: str, takes: str, optional: bool) -> Self: ...
    __match_args__ = ("field", "takes", "optional")
    @property
    def field(self) -> str:
        """Its name, as problems name it."""
    @property
    def takes(self) -> str:
        """What it takes: `text`, `image`, `video`, `document`, `location`, `code`, `instant`…"""
    @property
    def optional(self) -> bool:
        """Whether it may be left out."""

@final
class TemplateForm(Record):
    """What a template consists of."""
    def __new__(cls, *, header: TemplateHeader | None = None, body: str, footer: str | None = None, buttons: Iterable[TemplateButton] | None = None, cards: Iterable[TemplateCard] | None = None, offer: TemplateOffer | None = None, unknown: Iterable[str] | None = None) -> Self: ...
    __match_args__ = ("header", "body", "footer", "buttons", "cards", "offer", "unknown")
    @property
    def header(self) -> TemplateHeader | None:
        """Above the body."""
    @property
    def body(self) -> str:
        """The text, with its fields in double braces."""
    @property
    def footer(self) -> str | None:
        """Below the body; no fields."""
    @property
    def buttons(self) -> list[TemplateButton]:
        """Buttons, in the order that their index counts."""
    @property
    def cards(self) -> list[TemplateCard]:
        """Cards of a carousel."""
    @property
    def offer(self) -> TemplateOffer | None:
        """A limited-time offer."""
    @property
    def unknown(self) -> list[str]:
        """Components of kinds this version does not know, as the platform's JSON. A template that has one is
        listed but not sendable, because it cannot be filled in completely."""

class TemplateHeader(Record):
    """A template's header."""
    @final
    class Text(TemplateHeader):
        """Text with at most one field."""
        def __new__(cls, *, text: str) -> Self: ...
        __match_args__ = ("text",)
        @property
        def text(self) -> str:
            """The text."""
    @final
    class Image(TemplateHeader):
        """A picture, given at each send."""
        def __new__(cls) -> Self: ...
    @final
    class Video(TemplateHeader):
        """A film, given at each send."""
        def __new__(cls) -> Self: ...
    @final
    class Document(TemplateHeader):
        """A file, given at each send."""
        def __new__(cls) -> Self: ...
    @final
    class Gif(TemplateHeader):
        """A short film that repeats."""
        def __new__(cls) -> Self: ...
    @final
    class Location(TemplateHeader):
        """A place."""
        def __new__(cls) -> Self: ...
    @final
    class Product(TemplateHeader):
        """A product of the catalogue."""
        def __new__(cls) -> Self: ...
    @final
    class Other(TemplateHeader):
        """A kind this version does not know."""
        def __new__(cls, *, word: str) -> Self: ...
        __match_args__ = ("word",)
        @property
        def word(self) -> str:
            """The platform's word."""

@final
class TemplateKey(Record):
    """The platform's key of a template within its account."""
    def __new__(cls, *, name: str, language: str) -> Self: ...
    __match_args__ = ("name", "language")
    @property
    def name(self) -> str:
        """Its name."""
    @property
    def language(self) -> str:
        """Its language."""

@final
class TemplateNotice(Record):
    """Something about a template, keyed as the platform keys it."""
    def __new__(cls, *, platform_id: str, name: str, language: str, change: TemplateChange, at: datetime | None = None) -> Self: ...
    __match_args__ = ("platform_id", "name", "language", "change", "at")
    @property
    def platform_id(self) -> str:
        """The platform's id of the template."""
    @property
    def name(self) -> str:
        """Its name."""
    @property
    def language(self) -> str:
        """Its language, normalised to an underscore (`pt_BR`)."""
    @property
    def change(self) -> TemplateChange:
        """What happened."""
    @property
    def at(self) -> datetime | None:
        """When, by the platform's clock, if it says."""

@final
class TemplateOffer(Record):
    """A limited-time offer."""
    def __new__(cls, *, text: str, has_expiration: bool) -> Self: ...
    __match_args__ = ("text", "has_expiration")
    @property
    def text(self) -> str:
        """What the contact reads."""
    @property
    def has_expiration(self) -> bool:
        """Whether an end must be given at each send."""

@final
class TemplatePage(Record):
    """One page of templates."""
    def __new__(cls, *, templates: Iterable[TemplateDefinition], unread: int, next: str | None = None) -> Self: ...
    __match_args__ = ("templates", "unread", "next")
    @property
    def templates(self) -> list[TemplateDefinition]:
        """The definitions."""
    @property
    def unread(self) -> int:
        """How many of this page's templates could not be read. A listing with such does not show what is gone."""
    @property
    def next(self) -> str | None:
        """Where the next page begins; None after the last."""

@final
class TemplateParameters(Record):
    """What is filled into a template's fields."""
    def __new__(cls, *, header: HeaderParameter | None = None, body: Iterable[TextParameter] | None = None, buttons: Iterable[ButtonParameter] | None = None, cards: Iterable[CardParameters] | None = None, offer_ends: datetime | None = None) -> Self: ...
    __match_args__ = ("header", "body", "buttons", "cards", "offer_ends")
    @property
    def header(self) -> HeaderParameter | None:
        """The header's field, file or place."""
    @property
    def body(self) -> list[TextParameter]:
        """The body's fields: in order (positional) or by name."""
    @property
    def buttons(self) -> list[ButtonParameter]:
        """The buttons that take something."""
    @property
    def cards(self) -> list[CardParameters]:
        """One per card of a carousel, in order."""
    @property
    def offer_ends(self) -> datetime | None:
        """When a limited-time offer ends."""
    @property
    def header_media(self) -> MediaContent | None:
        """The header's file, if it has one."""
    @property
    def files(self) -> list[MediaContent]:
        """Every file: the header's, then the cards', in order."""

class TemplateStatus(Record):
    """A template's status in the platform's list. The status webhook's event is *not* one of these.

    Source: Meta, message template reference via OpenAPI v23."""
    @property
    def word(self) -> str:
        """One stable word, as stored and shown."""
    @final
    class Approved(TemplateStatus):
        """May be sent."""
        def __new__(cls) -> Self: ...
    @final
    class Pending(TemplateStatus):
        """Under review."""
        def __new__(cls) -> Self: ...
    @final
    class Rejected(TemplateStatus):
        """Rejected."""
        def __new__(cls) -> Self: ...
    @final
    class Paused(TemplateStatus):
        """Paused for low quality."""
        def __new__(cls) -> Self: ...
    @final
    class Disabled(TemplateStatus):
        """Disabled for low quality."""
        def __new__(cls) -> Self: ...
    @final
    class InAppeal(TemplateStatus):
        """Under appeal."""
        def __new__(cls) -> Self: ...
    @final
    class LimitExceeded(TemplateStatus):
        """The account is at its template limit."""
        def __new__(cls) -> Self: ...
    @final
    class Archived(TemplateStatus):
        """Archived for inactivity."""
        def __new__(cls) -> Self: ...
    @final
    class Deleted(TemplateStatus):
        """Deleted on the platform."""
        def __new__(cls) -> Self: ...
    @final
    class PendingDeletion(TemplateStatus):
        """Deletion asked while messages are in flight."""
        def __new__(cls) -> Self: ...
    @final
    class Vanished(TemplateStatus):
        """Not in the last complete listing."""
        def __new__(cls) -> Self: ...
    @final
    class Other(TemplateStatus):
        """A word this version does not know, verbatim."""
        def __new__(cls, value: str) -> Self: ...
        __match_args__ = ("value",)
        @property
        def value(self) -> str: ...

@final
class TemplateTimes(Record):
    """When, by the platform's clock, the newest notice of each sort about a template was made. An older one that comes late
    says nothing any more."""
    def __new__(cls, *, status: datetime | None = None, quality: datetime | None = None, category: datetime | None = None) -> Self: ...
    __match_args__ = ("status", "quality", "category")
    @property
    def status(self) -> datetime | None:
        """Of its status."""
    @property
    def quality(self) -> datetime | None:
        """Of its quality."""
    @property
    def category(self) -> datetime | None:
        """Of its category."""

@final
class TextParameter(Record):
    """One field of text."""
    def __new__(cls, *, name: str | None = None, value: ParameterValue) -> Self: ...
    __match_args__ = ("name", "value")
    @property
    def name(self) -> str | None:
        """The field's name, on templates whose fields have names."""
    @property
    def value(self) -> ParameterValue:
        """What stands in it."""

@final
class TicketFailure(Record):
    """Why a press of the button did not open the ticket. Pressing again is always allowed."""
    def __new__(cls, *, code: str, words: str | None = None, at: datetime) -> Self: ...
    __match_args__ = ("code", "words", "at")
    @property
    def code(self) -> str:
        """The reason as a snake_case code: ours, or the module's."""
    @property
    def words(self) -> str | None:
        """The module's words for people, at most 500 characters."""
    @property
    def at(self) -> datetime:
        """When."""

@final
class TicketOrder(Record):
    """A service ticket to open."""
    def __new__(cls, *, key: str, attendance_id: AttendanceId, contact: ModuleContact, opened_by: str, request: TicketRequest) -> Self: ...
    __match_args__ = ("key", "attendance_id", "contact", "opened_by", "request")
    @property
    def key(self) -> str:
        """Stands for the wish: the same key is the same ticket, whatever else the order says."""
    @property
    def attendance_id(self) -> AttendanceId:
        """The attendance it comes from."""
    @property
    def contact(self) -> ModuleContact:
        """For whom."""
    @property
    def opened_by(self) -> str:
        """Who asks, by name; empty when it is the host."""
    @property
    def request(self) -> TicketRequest:
        """What is asked."""

class TicketOrigin(Record):
    """What a ticket is about (*origem*). Source: Atende 1.1, as in `PRODUCT` 3."""
    @property
    def word(self) -> str:
        """One stable word."""
    @final
    class Unit(TicketOrigin):
        """A unit (*Unidade*) of a sale: its process, or development and unit."""
        def __new__(cls, *, process: str | None = None, development: str | None = None, block: str | None = None, unit: str | None = None) -> Self: ...
        __match_args__ = ("process", "development", "block", "unit")
        @property
        def process(self) -> str | None:
            """The code of the sale process."""
        @property
        def development(self) -> str | None:
            """The development (*empreendimento*)."""
        @property
        def block(self) -> str | None:
            """The block."""
        @property
        def unit(self) -> str | None:
            """The unit."""
    @final
    class CommonArea(TicketOrigin):
        """A common area (*Área Comum*)."""
        def __new__(cls, *, development: str, condominium: str) -> Self: ...
        __match_args__ = ("development", "condominium")
        @property
        def development(self) -> str:
            """The development."""
        @property
        def condominium(self) -> str:
            """The condominium."""
    @final
    class Group(TicketOrigin):
        """One request for many (*Grupo*), 1 to 200."""
        def __new__(cls, *, members: Iterable[str]) -> Self: ...
        __match_args__ = ("members",)
        @property
        def members(self) -> list[str]:
            """Users, sectors or units, by the names that the module knows."""
    @final
    class NoReference(TicketOrigin):
        """Without a process (*Sem Referência*)."""
        def __new__(cls, *, name: str, cpf: str) -> Self: ...
        __match_args__ = ("name", "cpf")
        @property
        def name(self) -> str:
            """Who asks."""
        @property
        def cpf(self) -> str:
            """Their CPF, as written."""

class TicketPriority(StrEnum):
    """How urgent a ticket is (*Baixa, Média, Alta, Crítica*)."""
    LOW = "low"
    """*Baixa*."""
    MEDIUM = "medium"
    """*Média*."""
    HIGH = "high"
    """*Alta*."""
    CRITICAL = "critical"
    """*Crítica*."""

@final
class TicketRequest(Record):
    """What a ticket asks for."""
    def __new__(cls, *, origin: TicketOrigin, reason: str, subject: str, category: str | None = None, priority: TicketPriority | None = None, description: str | None = None) -> Self: ...
    __match_args__ = ("origin", "reason", "subject", "category", "priority", "description")
    @property
    def origin(self) -> TicketOrigin:
        """What it is about (*origem*)."""
    @property
    def reason(self) -> str:
        """Why it is opened (*motivo*), one line of at most 120 characters."""
    @property
    def subject(self) -> str:
        """Its subject (*assunto*), one line of at most 200 characters."""
    @property
    def category(self) -> str | None:
        """Its category (*categoria*), at most 120 characters; left out, the module takes the reason's."""
    @property
    def priority(self) -> TicketPriority | None:
        """How urgent it is (*prioridade*); left out, the module takes the reason's."""
    @property
    def description(self) -> str | None:
        """What happened, at most 10,000 characters. Only what is written here goes: no note goes by itself."""

class TicketState(Record):
    """Where a ticket stands."""
    @property
    def word(self) -> str:
        """One stable word."""
    @final
    class Enabled(TicketState):
        """Its button can be pressed; the ticket is not opened."""
        def __new__(cls, *, failure: TicketFailure | None = None) -> Self: ...
        __match_args__ = ("failure",)
        @property
        def failure(self) -> TicketFailure | None:
            """Why the last press did not open it."""
    @final
    class Queued(TicketState):
        """The button was pressed; the module will be asked."""
        def __new__(cls, *, due_at: datetime) -> Self: ...
        __match_args__ = ("due_at",)
        @property
        def due_at(self) -> datetime:
            """Not before then."""
    @final
    class Opening(TicketState):
        """The module is being asked; whoever claimed it has until then to say what came of it."""
        def __new__(cls, *, lease_until: datetime) -> Self: ...
        __match_args__ = ("lease_until",)
        @property
        def lease_until(self) -> datetime:
            """The end of the lease."""
    @final
    class Opened(TicketState):
        """It is open in its module."""
        def __new__(cls, *, protocol: str, url: str | None = None, at: datetime) -> Self: ...
        __match_args__ = ("protocol", "url", "at")
        @property
        def protocol(self) -> str:
            """Its number there (*protocolo*)."""
        @property
        def url(self) -> str | None:
            """Its page."""
        @property
        def at(self) -> datetime:
            """Since when it is known here."""

@final
class Transcript(Record):
    """The conversation of an attendance for the contact's eyes. `Debug` shows no words."""
    def __new__(cls, *, locale: Locale, zone: str, company: str, contact: str, lines: Iterable[TranscriptLine]) -> Self: ...
    __match_args__ = ("locale", "zone", "company", "contact", "lines")
    @property
    def locale(self) -> Locale:
        """Its language."""
    @property
    def zone(self) -> str:
        """The zone in which local times are written."""
    @property
    def company(self) -> str:
        """The company's name."""
    @property
    def contact(self) -> str:
        """The contact's name on their own profile; empty when there is none."""
    @property
    def lines(self) -> list[TranscriptLine]:
        """What was said, in the order in which it is shown."""
    @property
    def plain(self) -> str:
        """The transcript as plain text: a heading, a line for each day, a line for each message. Whatever a message says
        beyond its first line is indented, so that no text can pass for another speaker."""

@final
class TranscriptFile(Record):
    """A file in a transcript."""
    def __new__(cls, *, kind: MediaKind, name: str | None = None) -> Self: ...
    __match_args__ = ("kind", "name")
    @property
    def kind(self) -> MediaKind:
        """How it is shown."""
    @property
    def name(self) -> str | None:
        """Its name, if it has one."""

@final
class TranscriptLine(Record):
    """Something that was said."""
    def __new__(cls, *, message_id: MessageId, at: datetime, local: str, speaker: Speaker, text: str, file: TranscriptFile | None = None, reactions: Iterable[TranscriptReaction], edited: bool, revoked: bool) -> Self: ...
    __match_args__ = ("message_id", "at", "local", "speaker", "text", "file", "reactions", "edited", "revoked")
    @property
    def message_id(self) -> MessageId:
        """The message."""
    @property
    def at(self) -> datetime:
        """When, by the platform's time."""
    @property
    def local(self) -> str:
        """The same on a clock of the zone: `2026-11-23 09:30:00`."""
    @property
    def speaker(self) -> Speaker:
        """Who said it."""
    @property
    def text(self) -> str:
        """What, as the contact reads it; empty for a bare file and for what was taken back."""
    @property
    def file(self) -> TranscriptFile | None:
        """The file that came with it."""
    @property
    def reactions(self) -> list[TranscriptReaction]:
        """Reactions to it."""
    @property
    def edited(self) -> bool:
        """Whether its author changed it later; `text` is the last word."""
    @property
    def revoked(self) -> bool:
        """Whether its author took it back. Then neither text nor file is here."""

@final
class TranscriptOptions(Record):
    """How a transcript is made. Everything left out is as the account has it."""
    def __new__(cls, *, locale: Locale | None = None, zone: str | None = None, attendant_names: bool = False) -> Self: ...
    __match_args__ = ("locale", "zone", "attendant_names")
    @property
    def locale(self) -> Locale | None:
        """Its language."""
    @property
    def zone(self) -> str | None:
        """In which zone times are written: an IANA name (`America/Sao_Paulo`) or an offset from UTC (`-03:00`, `Z`)."""
    @property
    def attendant_names(self) -> bool:
        """Whether attendants stand there with their first name; without it there is only the company."""

@final
class TranscriptReaction(Record):
    """A reaction in a transcript."""
    def __new__(cls, *, speaker: Speaker, emoji: str) -> Self: ...
    __match_args__ = ("speaker", "emoji")
    @property
    def speaker(self) -> Speaker:
        """Whose."""
    @property
    def emoji(self) -> str:
        """The emoji."""

@final
class Transfer(Record):
    """Moves an attendance to another department (S-21). The assignee does not stay unless named here
    (`PRODUCT` 6.9); window and history are untouched and the contact is told nothing."""
    def __new__(cls, *, attendance_id: AttendanceId, department_id: DepartmentId, assignee_id: AttendantId | None = None, note: str | None = None, version: int | None = None) -> Self: ...
    __match_args__ = ("attendance_id", "department_id", "assignee_id", "note", "version")
    @property
    def attendance_id(self) -> AttendanceId:
        """Which."""
    @property
    def department_id(self) -> DepartmentId:
        """Where to."""
    @property
    def assignee_id(self) -> AttendantId | None:
        """Who becomes responsible there."""
    @property
    def note(self) -> str | None:
        """A note for those who get it."""
    @property
    def version(self) -> int | None:
        """The version the caller saw; None to move it whatever happened since."""

class TrashDoor(StrEnum):
    """The two doors to the trash (S-31)."""
    FINISH_ARCHIVE = "finish_archive"
    """Finished with *Arquivar* (S-28)."""
    TRASH = "trash"
    """Sent there directly (S-30)."""

@final
class TrashedRow(Record):
    """How an attendance went to the trash."""
    def __new__(cls, *, door: TrashDoor, by: AttendantId | None = None, at: datetime) -> Self: ...
    __match_args__ = ("door", "by", "at")
    @property
    def door(self) -> TrashDoor:
        """By which door."""
    @property
    def by(self) -> AttendantId | None:
        """By whom; None if by the host."""
    @property
    def at(self) -> datetime:
        """When."""

class Uncertainty(Record):
    """Why a window is uncertain."""
    @final
    class Activity(Uncertainty):
        """The platform does not say whether this activity opens it."""
        def __new__(cls, *, activity: Activity) -> Self: ...
        __match_args__ = ("activity",)
        @property
        def activity(self) -> Activity:
            """The activity."""
    @final
    class ClockUnknown(Uncertainty):
        """The end is near and the platform's clock has not been seen (A-08)."""
        def __new__(cls) -> Self: ...

@final
class UnknownElement(Record):
    """A well-formed element of a kind this version does not know."""
    def __new__(cls, *, word: str) -> Self: ...
    __match_args__ = ("word",)
    @property
    def word(self) -> str:
        """The platform's word for it."""

class Untold(StrEnum):
    """Something that the first bytes of a file did not tell."""
    CODEC = "codec"
    """The codec inside."""
    SIDES = "sides"
    """Width and height."""

@final
class UpdateGalleryItem(Record):
    """Changes what is said of an item, where it lies or whose it is. What is left out stays."""
    def __new__(cls, *, item_id: GalleryItemId, scope: GalleryScope | None = None, folder: str | None = None, name: str | None = None, description: str | None = None, caption: str | None = None, version: int | None = None) -> Self: ...
    __match_args__ = ("item_id", "scope", "folder", "name", "description", "caption", "version")
    @property
    def item_id(self) -> GalleryItemId:
        """Which item."""
    @property
    def scope(self) -> GalleryScope | None:
        """For whom."""
    @property
    def folder(self) -> str | None:
        """Into which folder; empty for the top."""
    @property
    def name(self) -> str | None:
        """Its name."""
    @property
    def description(self) -> str | None:
        """What it is; blank takes it away."""
    @property
    def caption(self) -> str | None:
        """The words that go under it; blank takes them away."""
    @property
    def version(self) -> int | None:
        """The item's version as the caller saw it; None to change it whatever happened since."""

@final
class UpdateMarker(Record):
    """Renames a marker or changes what it shows: one's own, or with `Permission.ManageMarkers` everybody's."""
    def __new__(cls, *, marker_id: MarkerId, name: str | None = None, filter: MarkerFilter | None = None) -> Self: ...
    __match_args__ = ("marker_id", "name", "filter")
    @property
    def marker_id(self) -> MarkerId:
        """Which."""
    @property
    def name(self) -> str | None:
        """Its new name, at most 80 characters; as it was when left out."""
    @property
    def filter(self) -> MarkerFilter | None:
        """What it shows from now on; as it was when left out."""

@final
class UpdateTask(Record):
    """Changes a task: what it shall be from now on, whole."""
    def __new__(cls, *, task_id: TaskId, title: str, due: datetime | None = None, owner_id: AttendantId | None = None, version: int | None = None) -> Self: ...
    __match_args__ = ("task_id", "title", "due", "owner_id", "version")
    @property
    def task_id(self) -> TaskId:
        """Which."""
    @property
    def title(self) -> str:
        """What is to be done."""
    @property
    def due(self) -> datetime | None:
        """Until when."""
    @property
    def owner_id(self) -> AttendantId | None:
        """Who has to do it."""
    @property
    def version(self) -> int | None:
        """The version the caller saw; None to change it whatever happened since."""

@final
class UploadedMedia(Record):
    """A file that a platform holds for us."""
    def __new__(cls, *, media_id: str, lifetime: timedelta) -> Self: ...
    __match_args__ = ("media_id", "lifetime")
    @property
    def media_id(self) -> str:
        """The platform's id."""
    @property
    def lifetime(self) -> timedelta:
        """How long the platform keeps it."""

class WindowEffect(StrEnum):
    """What an activity does to the window."""
    OPENS = "opens"
    """Opens or refreshes it."""
    UNCERTAIN = "uncertain"
    """The platform does not say: sending is tried, and said to be uncertain."""
    IGNORED = "ignored"
    """Nothing."""

@final
class WindowRules(Record):
    """The service window of a platform."""
    def __new__(cls, *, length: timedelta, margin: timedelta, uncertain_edge: timedelta, effects: Iterable[ActivityRule]) -> Self: ...
    __match_args__ = ("length", "margin", "uncertain_edge", "effects")
    @property
    def length(self) -> timedelta:
        """How long it stays open after the contact's last qualifying activity."""
    @property
    def margin(self) -> timedelta:
        """Taken off its end, because the platform's clock decides and ours may differ."""
    @property
    def uncertain_edge(self) -> timedelta:
        """How near the end the clock must be known (by a server time seen) for the window to count as open."""
    @property
    def effects(self) -> list[ActivityRule]:
        """What each kind of inbound activity does."""

@final
class WindowView(Record):
    """The service window of an attendance with what it allows now (G-04)."""
    def __new__(cls, *, window: ServiceWindow, actions: Iterable[LegalAction], sendable_templates: int) -> Self: ...
    __match_args__ = ("window", "actions", "sendable_templates")
    @property
    def window(self) -> ServiceWindow:
        """The window."""
    @property
    def actions(self) -> list[LegalAction]:
        """What may be done about the contact now."""
    @property
    def sendable_templates(self) -> int:
        """How many templates may be sent now."""

@final
class WriteNote(Record):
    """Writes an internal note (S-14)."""
    def __new__(cls, *, attendance_id: AttendanceId, text: str, mentions: Iterable[AttendantId] | None = None, links: Iterable[AttendanceId] | None = None) -> Self: ...
    __match_args__ = ("attendance_id", "text", "mentions", "links")
    @property
    def attendance_id(self) -> AttendanceId:
        """Where."""
    @property
    def text(self) -> str:
        """What it says, at most 10,000 characters."""
    @property
    def mentions(self) -> list[AttendantId]:
        """Colleagues it calls on, at most 50. Those who see the attendance hear of it in their feed and in
        `Desk.mentions`; for the others it stays hidden as everything else there."""
    @property
    def links(self) -> list[AttendanceId]:
        """Other attendances it points at, at most 50. The writer has to see them."""

