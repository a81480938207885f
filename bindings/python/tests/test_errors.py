"""Every error, with its code, its advice, its fields and its sentence in two languages."""

from __future__ import annotations

import pickle
from datetime import datetime, timedelta, timezone, tzinfo

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


class ClocksChangeInNovember(tzinfo):
    """Three hours behind UTC until November 2026 begins, and two from then on."""

    def utcoffset(self, at: datetime | None) -> timedelta:
        return timedelta(hours=-2 if at is not None and at.replace(tzinfo=None) >= datetime(2026, 11, 1) else -3)

    def dst(self, at: datetime | None) -> timedelta:
        return self.utcoffset(at) + timedelta(hours=3)

    def tzname(self, at: datetime | None) -> str:
        return "made up"


def test_an_hour_in_a_sentence_is_that_of_the_clock_as_it_stood_then() -> None:
    zone = ClocksChangeInNovember()
    for month, hour in [(10, "14:32"), (11, "15:32")]:
        since = datetime(2026, month, 24, 17, 32, tzinfo=timezone.utc)
        error = Refused(guiche.Refusal.WindowClosed(since=since, sendable_templates=3))
        assert hour in error.explain(zone=zone)
        assert "17:32 UTC" in error.explain() and "14:32" in error.explain(Locale.EN, -180)
        assert "17:02" in error.explain(zone=timezone(timedelta(minutes=-30)))
    assert guiche.Busy().explain(zone=zone) == guiche.Busy().explain()


def test_why_a_message_failed_is_told_as_it_stands(counter: Counter) -> None:
    talk = counter.talk()
    counter.clock.advance(timedelta(minutes=1))
    message = counter.desk.send_text(talk, "Olá").outcome.message.id

    def told(locale: Locale | None = None) -> str | None:
        delivery = counter.desk.messages(talk, limit=1)[0].delivery
        assert delivery is not None
        return delivery.advice() if locale is None else delivery.advice(locale)

    assert told() is None
    counter.port.tell([{"send": {"answer": "rejected", "code": 2, "class": "retry"}}] * 50)
    assert counter.engine.pump().delayed == 1
    assert told() == "O WhatsApp está indisponível. Tentando de novo."
    assert told(Locale.EN) == "WhatsApp is unavailable. Retrying."
    for _ in range(50):
        counter.clock.advance(timedelta(minutes=15))
        if counter.engine.pump().failed:
            break
    delivery = counter.desk.messages(talk, limit=1)[0].delivery
    assert delivery is not None and delivery.last_error is not None
    assert told() == "O WhatsApp estava indisponível e não foi possível enviar. Envie de novo."
    assert told(Locale.EN) == delivery.last_error.advice(Locale.EN) == guiche.platform_advice(2, Locale.EN)
    assert counter.desk.retry(message).outcome.advice() is None


def test_a_held_message_and_a_code_have_their_sentences(counter: Counter) -> None:
    talk = counter.talk()
    counter.clock.advance(timedelta(minutes=1))
    counter.desk.send_text(talk, "Olá")
    counter.clock.advance(timedelta(days=2))
    assert counter.engine.pump().held == 1
    delivery = counter.desk.messages(talk, limit=1)[0].delivery
    assert delivery is not None and isinstance(delivery.state, guiche.DeliveryState.Held)
    assert delivery.advice(Locale.EN) == delivery.state.reason.explain(Locale.EN)
    sentences = {reason.explain(locale) for reason in guiche.HeldReason for locale in Locale}
    assert len(sentences) == 2 * len(guiche.HeldReason)
    assert guiche.platform_advice(190) == "A conexão com o WhatsApp expirou. O administrador precisa reconectar."
    assert guiche.platform_advice(77_777, Locale.EN) == "Could not send."
    with pytest.raises(ValueError):
        guiche.platform_advice(190, "fr")  # type: ignore[arg-type]


def test_a_parameter_of_a_template_is_flattened_on_request() -> None:
    assert guiche.flatten_whitespace("Rua A,\n\t10      fundos ") == "Rua A, 10 fundos"
