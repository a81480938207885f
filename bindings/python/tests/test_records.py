"""Records: frozen, comparable, hashable, matched, copied, pickled; words; instants."""

from __future__ import annotations

import copy
import gc
import pickle
from datetime import date, datetime, timedelta, timezone
from enum import StrEnum
from zoneinfo import ZoneInfo

import pytest

import guiche
from guiche import AttendanceId, Content, Content as C, Days, Done, ExportFilter, Phase, Tag, TagId
from conftest import Counter
from surface import Maker, records, resolved

TAG = Tag(id=TagId(5), name="Urgente", archived=False)
NOON = datetime(2026, 11, 23, 12, tzinfo=timezone.utc)


@pytest.mark.parametrize("name", records())
def test_every_record_is_made_read_compared_and_written(name: str) -> None:
    one, same = Maker(3).record(name), Maker(3).record(name)
    kind = resolved(name)
    assert isinstance(one, kind)
    for attribute in getattr(kind, "__match_args__", ()):
        getattr(one, attribute)
    assert repr(one).startswith(name)
    assert one.replace() is not one
    assert isinstance(one.to_dict(), dict)
    again = pickle.loads(pickle.dumps(one))
    assert type(again) is kind
    try:
        text = one.to_json()
    except TypeError:
        return  # What only ports are given.
    assert one == same == again and hash(one) == hash(same)
    assert kind.from_json(text).to_json() == text


def test_records_are_frozen() -> None:
    with pytest.raises(AttributeError, match="frozen"):
        TAG.name = "other"  # type: ignore[misc]
    with pytest.raises(AttributeError):
        TAG.other = 1  # type: ignore[attr-defined]
    assert TAG.replace(name="Calmo") == Tag(id=TagId(5), name="Calmo", archived=False)
    assert copy.copy(TAG) is TAG and copy.deepcopy(TAG) is TAG
    assert len({TAG, TAG.replace(), TAG.replace(name="x")}) == 2
    assert TAG != 5


def test_a_record_in_a_record_outlives_the_name_of_the_other(counter: Counter) -> None:
    counter.writes("Bom dia")
    page = counter.desk.inbox(days=Days.Any())
    assert page.cards == page.cards and page.cards[0] is not page.cards[0]
    preview, window = page.cards[0].preview, page.cards[0].window
    told, again = preview.to_json(), pickle.loads(pickle.dumps(preview))
    del page
    gc.collect()
    assert preview.text == "Bom dia" and preview.to_json() == told and preview == again
    assert hash(preview) == hash(again) and repr(preview) == repr(again)
    assert preview.replace(text="Boa tarde").text == "Boa tarde" and window.until is not None


def test_constructors_say_what_is_wrong() -> None:
    with pytest.raises(TypeError, match="Tag needs id, name"):
        Tag()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="Tag has no 'colour'"):
        Tag(id=TagId(1), name="x", colour="red")  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="by keyword"):
        Tag(TagId(1))  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="name: expected a str, not int"):
        Tag(id=TagId(1), name=5)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"Content.Text"):
        Content()
    with pytest.raises(OverflowError, match="id: "):
        Tag(id=TagId(2**63), name="x")
    with pytest.raises(TypeError):
        Tag(id=True, name="x")  # type: ignore[arg-type]


def test_variants_are_matched() -> None:
    def said(content: Content) -> str:
        match content:
            case C.Text(body=body):
                return body
            case _:
                return content.kind

    assert said(Content.Text(body="oi")) == "oi"
    assert isinstance(Content.Text(body="oi"), Content)
    assert Content.Text(body="oi").text == "oi"


def test_words_are_str_enums_and_taken_as_words() -> None:
    assert issubclass(Phase, StrEnum)
    assert str(Phase.FINISHED) == "finished" and Phase("finished") is Phase.FINISHED
    assert ExportFilter(variant="masked").variant is guiche.ExportVariant.MASKED  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="full, masked, ids_only"):
        ExportFilter(variant="all")  # type: ignore[arg-type]


def test_instants_take_any_zone_and_come_back_in_utc() -> None:
    local = datetime(2026, 11, 23, 9, 0, 0, 123_456, tzinfo=ZoneInfo("America/Sao_Paulo"))
    given = ExportFilter(created_from=local)
    assert given.created_from == NOON + timedelta(milliseconds=123)
    assert given.created_from is not None and given.created_from.tzinfo is timezone.utc
    early = datetime(1, 1, 1, tzinfo=timezone.utc)
    assert ExportFilter(created_from=early).created_from == early
    late = datetime(9999, 12, 31, 23, 59, 59, 999_000, tzinfo=timezone.utc)
    assert ExportFilter(created_from=late).created_from == late


@pytest.mark.parametrize(
    "instant",
    [
        datetime(1, 1, 1, 0, 0, 0, 1_000),
        datetime(1582, 10, 15, 23, 59, 59, 999_000),
        datetime(1969, 12, 31, 23, 59, 59, 999_000),
        datetime(1970, 1, 1, 0, 0, 0, 1_000),
        datetime(2000, 2, 29, 12, 34, 56, 789_000),
        datetime(9999, 12, 31, 23, 59, 59, 999_000),
    ],
)
def test_instants_are_exact_to_the_millisecond(instant: datetime) -> None:
    instant = instant.replace(tzinfo=timezone.utc)
    shown = ExportFilter(created_from=instant).created_from
    assert shown is not None and shown == instant and shown.tzinfo is timezone.utc and shown.fold == 0
    assert repr(shown) == repr(instant) and pickle.loads(pickle.dumps(shown)) == instant


def test_naive_datetimes_are_refused_with_advice() -> None:
    with pytest.raises(ValueError, match="created_from: a naive datetime.*ZoneInfo"):
        ExportFilter(created_from=datetime(2026, 11, 23))
    with pytest.raises(TypeError, match="with a time zone"):
        ExportFilter(created_from=date(2026, 11, 23))  # type: ignore[arg-type]


def test_lists_say_where_something_is_wrong() -> None:
    with pytest.raises(TypeError, match=r"departments: \[1\]: expected an int, not str"):
        ExportFilter(departments=[guiche.DepartmentId(1), "x"])  # type: ignore[list-item]
    with pytest.raises(TypeError, match="departments: expected a list, not str"):
        ExportFilter(departments="12")  # type: ignore[arg-type]


def test_json_is_the_engines_own() -> None:
    assert TAG.to_json() == '{"id":"5","name":"Urgente","archived":false}'
    with pytest.raises(ValueError, match="no Tag, at line 1"):
        Tag.from_json("{}")
    with pytest.raises(ValueError, match="another variant"):
        Days.Today.from_json(Days.Any().to_json())


def test_dicts_hold_plain_values() -> None:
    given = ExportFilter(created_from=NOON, departments=[guiche.DepartmentId(1)])
    told = given.to_dict()
    assert told["created_from"] == NOON and told["departments"] == [1]
    assert type(told["variant"]) is str and told["variant"] == "full"
    assert Content.Text(body="oi").to_dict()["variant"] == "text"


def test_what_people_wrote_is_not_in_repr() -> None:
    assert "segredo" not in repr(Content.Text(body="segredo"))
    row = guiche.ContactRow(name="Maria", phone="+55 11 98765-4321")
    assert "Maria" not in repr(row) and "98765" not in repr(row)


def test_done_is_a_value() -> None:
    assert Done(1, False) == Done(1, False)
    assert AttendanceId(5) == 5
