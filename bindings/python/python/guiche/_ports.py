"""What an application may plug into an engine: any object of one of these shapes.

Ports are called on the thread that called the engine, which holds no lock meanwhile; calling back into the engine is
allowed. What a port raises and does not declare comes out of the call that asked it, where the call can fail by it;
otherwise it goes to `sys.unraisablehook`, and the engine goes on with the answer that is safe.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from guiche._guiche import (
        Channel,
        ChannelHealth,
        Content,
        FetchedMedia,
        InboundItem,
        ModuleRecord,
        OpenedTicket,
        RecordQuery,
        RecordRef,
        SendJob,
        SendReport,
        SignatureError,
        StoredMedia,
        TemplatePage,
        TicketOrder,
        UploadedMedia,
    )

__all__ = [
    "Clock",
    "FileUpload",
    "HealthProbe",
    "IdSource",
    "InboundDecoder",
    "Jitter",
    "Listener",
    "MediaStore",
    "MediaTransfer",
    "MessagingPort",
    "ModulesPort",
    "TemplateSource",
]


@runtime_checkable
class Clock(Protocol):
    """The time. One that raises is answered for with the time it last gave."""

    def now(self) -> datetime:
        """Now, with a time zone."""
        ...


@runtime_checkable
class IdSource(Protocol):
    """Where ids come from: unique over all processes and devices of an account, growing with time."""

    def next_id(self, now: datetime, /) -> int:
        """The next id, made at `now`."""
        ...


@runtime_checkable
class Jitter(Protocol):
    """Randomness for back-off."""

    def fraction(self) -> float:
        """A number from 0 up to, and not including, 1."""
        ...


@runtime_checkable
class Listener(Protocol):
    """Is told that something was committed. It gets no data: ask from the cursor."""

    def committed(self, seq: int, /) -> None:
        """Events up to `seq` exist. What it raises goes to `sys.unraisablehook`: what was committed stands."""
        ...


@runtime_checkable
class MessagingPort(Protocol):
    """Hands messages to a platform."""

    def send(self, job: "SendJob", /) -> "SendReport":
        """Sends one message, once.

        It must not retry by itself: when the request may have left and no answer came, the answer is
        `SendAnswer.Unknown`, and the engine decides. What it raises counts as that.
        """
        ...

    def mark_read(self, channel: "Channel", wamid: str, typing: bool, /) -> None:
        """Marks a received message, and those before it, as read; with `typing`, also shows that an answer is written.

        Raises:
            MessagingFailed: Trying again is safe.
        """
        ...


@runtime_checkable
class InboundDecoder(Protocol):
    """Checks and decodes what a platform delivers."""

    def verify(self, body: bytes, signature: str | None, /) -> "SignatureError | None":
        """Checks the signature over the raw bytes, in constant time. None when it proves the sender.

        What it raises counts as a wrong signature.
        """
        ...

    def decode(self, body: bytes, /) -> "list[InboundItem]":
        """Decodes every element on its own, in order, each with its `raw`.

        When it raises, the whole delivery is kept aside as one malformed element.
        """
        ...

    def content(self, raw: str, /) -> "Content | None":
        """The content of a message that was kept as opaque, if it is known now."""
        ...


@runtime_checkable
class TemplateSource(Protocol):
    """Lists a messaging account's templates."""

    def page(self, channel: "Channel", cursor: str | None, /) -> "TemplatePage":
        """One page. `cursor` is what the page before gave.

        Raises:
            MessagingFailed: `CursorExpired` means beginning again without one.
        """
        ...


@dataclass(frozen=True, slots=True)
class FileUpload:
    """A file to upload."""

    #: Where it lies until the call returns.
    path: Path
    #: Its size, in bytes.
    size: int
    #: MIME type, by content.
    mime_type: str
    #: A file name whose extension matches the bytes.
    filename: str


@runtime_checkable
class MediaTransfer(Protocol):
    """Moves files to and from a platform."""

    def upload(self, channel: "Channel", file: FileUpload, /) -> "UploadedMedia":
        """Uploads a file and returns the platform's id for it. Trying again is always safe.

        Raises:
            MessagingFailed
        """
        ...

    def fetch(self, channel: "Channel", media_id: str, limit: int, path: Path, /) -> "FetchedMedia":
        """Fetches a contact's file into the file at `path`, which exists and is empty; no more than `limit` bytes.

        Raises:
            MessagingFailed: `FileTooLarge` beyond the limit.
        """
        ...


@runtime_checkable
class HealthProbe(Protocol):
    """Asks after the health of a channel that a configuration error stopped. Without one a person resumes it."""

    def probe(self, channel: "Channel", /) -> "ChannelHealth":
        """Whether the channel can send now, as the platform says. Nothing reaches a contact.

        Raises:
            MessagingFailed: The channel stays stopped and is asked after again later.
        """
        ...


@runtime_checkable
class MediaStore(Protocol):
    """Keeps files by content: the name of a file is the SHA-256 of its bytes."""

    def put(self, path: Path, limit: int, /) -> "StoredMedia":
        """Stores the file at `path` durably, and says what it was.

        Raises:
            FileTooLarge: Above `limit` bytes.
        """
        ...

    def path(self, sha256: str, /) -> Path | None:
        """Where a stored file can be read; None when there is no such file."""
        ...


@runtime_checkable
class ModulesPort(Protocol):
    """Reaches the neighbour modules of the company: sales, prospecting, tickets. It raises one of `ModuleFailed`."""

    def records(self, query: "RecordQuery", /) -> "list[ModuleRecord]":
        """The records that the modules have of a contact, now."""
        ...

    def deep_link(self, record: "RecordRef", /) -> str | None:
        """The web address of a record's page, without waiting for a network; None for what the port does not know."""
        ...

    def open_ticket(self, order: "TicketOrder", /) -> "OpenedTicket":
        """Opens a ticket, once per key. It must not try again by itself."""
        ...

    def find_ticket(self, key: str, /) -> "OpenedTicket | None":
        """The ticket of a key; None only when the module itself says that there is none."""
        ...
