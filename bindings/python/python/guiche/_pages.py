"""Generators over what a door gives page by page."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from guiche import _guiche

if TYPE_CHECKING:
    from guiche._guiche import AttendanceId, Card, Desk, DeskChange, Engine, Event, ShownMessage, ShownNote


def messages(desk: "Desk", id: "AttendanceId", page: int) -> "Iterator[ShownMessage]":
    """All messages, newest first."""
    before = None
    while shown := desk.messages(id, before, page):
        yield from shown
        last = shown[-1].message
        before = _guiche.MessagePlace(at=last.at, tie=last.tie)


def timeline(desk: "Desk", id: "AttendanceId", page: int) -> "Iterator[Event]":
    """Everything that happened, newest first."""
    before = None
    while events := desk.timeline(id, before, page):
        yield from events
        before = events[-1].position


def notes(desk: "Desk", id: "AttendanceId", page: int) -> "Iterator[ShownNote]":
    """All notes, newest first."""
    before = None
    while shown := desk.notes(id, before, page):
        yield from shown
        before = shown[-1].note.position


def inbox(desk: "Desk", /, **filter: Any) -> "Iterator[Card]":
    """All cards that the filter lets through."""
    while True:
        page = desk.inbox(**filter)
        yield from page.cards
        if page.next is None:
            return
        filter["cursor"] = page.next


def engine_changes(engine: "Engine", cursor: int, page: int) -> "Iterator[Event]":
    """All events after the cursor."""
    while events := engine.changes_since(cursor, page):
        yield from events
        cursor = events[-1].seq


def desk_changes(desk: "Desk", cursor: int, page: int) -> "Iterator[tuple[DeskChange, int]]":
    """All that a desk sees change after the cursor, each with the cursor after its page."""
    while True:
        feed = desk.changes_since(cursor, page)
        for change in feed.changes:
            yield change, feed.next
        if feed.next == cursor:
            return
        cursor = feed.next


def attendance_rows(door: "Desk | Engine", /, **filter: Any) -> Iterator[dict[str, Any]]:
    """The attendances as dicts."""
    cursor = None
    while True:
        page = door.export_attendances(cursor, 500, **filter)
        yield from (row.to_dict() for row in page.rows)
        cursor = page.next
        if cursor is None:
            return


def message_rows(door: "Desk | Engine", /, **filter: Any) -> Iterator[dict[str, Any]]:
    """The messages as dicts."""
    cursor = None
    while True:
        page = door.export_messages(cursor, 500, **filter)
        yield from (row.to_dict() for row in page.rows)
        cursor = page.next
        if cursor is None:
            return
