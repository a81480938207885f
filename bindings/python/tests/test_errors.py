"""Every error, with its code, its advice, its fields and its sentence in two languages."""

from __future__ import annotations

import pickle
from datetime import timedelta

import pytest

import guiche
from guiche import Closed, GuicheError, InConflict, Invalid, Locale, NotFound, Refused, Retry
from conftest import Counter
from surface import Maker, resolved, variants


def judged(error: GuicheError) -> None:
    assert error.code and error.code == error.code.lower()
    assert error.retry in Retry
    portuguese, english = error.explain(), error.explain(Locale.EN, -180)
    assert portuguese and english and portuguese != english
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error) and again.args == error.args and again.code == error.code


@pytest.mark.parametrize("name", variants("Refusal"))
def test_every_refusal(name: str) -> None:
    refusal = Maker(1).record(name)
    error = Refused(refusal)
    judged(error)
    assert error.refusal == refusal and error.code == refusal.code and error.retry == refusal.retry
    for field in getattr(resolved(name), "__match_args__", ()):
        getattr(error.refusal, field)


@pytest.mark.parametrize("name", variants("Problem"))
def test_every_problem(name: str) -> None:
    error = Invalid("field", Maker(1).record(name))
    judged(error)
    assert isinstance(error, ValueError) and error.field == "field" and error.code == error.problem.code


@pytest.mark.parametrize("name", variants("Conflict"))
def test_every_conflict(name: str) -> None:
    judged(InConflict(Maker(1).record(name)))


@pytest.mark.parametrize("entity", list(guiche.Entity))
def test_nothing_found(entity: guiche.Entity) -> None:
    error = NotFound(entity, "5")
    judged(error)
    assert isinstance(error, LookupError) and error.entity is entity and error.id == "5"


def test_every_other_error() -> None:
    refused = Maker(1).record("PlatformError")
    others = [
        guiche.Busy(),
        Closed(),
        guiche.StoreFailed("newer_schema"),
        guiche.StoreFailed("disk_full"),
        guiche.PlatformRefused(refused),
        guiche.NetworkFailed("timed_out"),
        guiche.CursorExpired(),
        guiche.Cancelled(),
        guiche.AnswerUnreadable("no_json"),
        guiche.HostNotAllowed(),
        guiche.FileTooLarge(5),
        guiche.MediaFailed("missing"),
    ]
    for error in others:
        judged(error)
    # No other class is left out here.
    leaves = {kind for kind in vars(guiche).values() if isinstance(kind, type) and issubclass(kind, GuicheError)}
    tested = {type(error) for error in others} | {Refused, Invalid, InConflict, NotFound}
    assert leaves - tested == {GuicheError, guiche.MessagingFailed}


def test_errors_are_raised_with_their_data(counter: Counter) -> None:
    with pytest.raises(Invalid) as invalid:
        counter.engine.admin().create_tag(" ")
    assert (invalid.value.field, invalid.value.code, str(invalid.value)) == ("name", "blank", "name: blank")
    with pytest.raises(NotFound) as missing:
        counter.desk.contact(guiche.ContactId(7))
    assert (missing.value.entity, missing.value.id) == (guiche.Entity.CONTACT, "7")
    talk = counter.talk()
    counter.clock.advance(timedelta(days=2))
    with pytest.raises(Refused) as refused:
        counter.desk.send_text(talk, "Olá")
    match refused.value.refusal:
        case guiche.Refusal.WindowClosed(since=since, sendable_templates=templates):
            assert since > counter.clock.now().replace(year=2025) and templates == 0
        case other:
            pytest.fail(repr(other))
    with pytest.raises(Refused) as again:
        counter.desk.change_tags(talk)
    assert again.value.code == "nothing_to_do"


def test_a_store_that_cannot_be_opened_says_why(tmp_path: object) -> None:
    path = f"{tmp_path}/not.db"
    with open(path, "wb") as file:
        file.write(b"this is no database at all, and long enough to be looked at" * 100)
    with pytest.raises(guiche.StoreFailed) as failed:
        guiche.Store.sqlite(path)
    assert failed.value.code == failed.value.reason
    assert failed.value.explain(Locale.EN)
