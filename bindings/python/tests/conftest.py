"""A small counter: a department, a channel, two attendants, Maria who writes."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

import guiche
from guiche import ChannelKind

NOON = datetime(2026, 11, 23, 12, tzinfo=timezone.utc)
SECRET = "app-secret"


@dataclass
class Counter:
    """An engine with what stands around it."""

    engine: guiche.Engine
    port: guiche.ScriptedPort
    clock: guiche.ManualClock
    sales: guiche.Department
    channel: guiche.Channel
    ana: guiche.Attendant
    bia: guiche.Attendant
    written: int = field(default=0)

    @property
    def desk(self) -> guiche.Desk:
        return self.engine.back_office()

    def message(self, text: str, wa_id: str = "5511987654321") -> tuple[bytes, str]:
        """A delivery with one text, and its signature."""
        self.written += 1
        value = {
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": "551140000000", "phone_number_id": "number-1"},
            "contacts": [{"profile": {"name": "Maria"}, "wa_id": wa_id}],
            "messages": [
                {
                    "from": wa_id,
                    "id": f"wamid.in.{self.written}",
                    "timestamp": str(int(self.clock.now().timestamp())),
                    "type": "text",
                    "text": {"body": text},
                }
            ],
        }
        change = {"field": "messages", "value": value}
        whole = {"object": "whatsapp_business_account", "entry": [{"id": "waba-1", "changes": [change]}]}
        body = json.dumps(whole).encode()
        return body, "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()

    def writes(self, text: str, wa_id: str = "5511987654321") -> guiche.IngestReport:
        """Maria writes."""
        return self.engine.ingest(ChannelKind.WHATS_APP, *self.message(text, wa_id))

    def talk(self, text: str = "Bom dia") -> guiche.AttendanceId:
        """Maria writes, and there is an attendance."""
        self.writes(text)
        return self.desk.inbox(days=guiche.Days.Any()).cards[0].id


def furnish(engine: guiche.Engine, port: guiche.ScriptedPort, clock: guiche.ManualClock) -> Counter:
    admin = engine.admin()
    admin.set_account(guiche.Account(name="Loja do Zé"))
    sales = admin.create_department(name="Vendas").outcome
    channel = admin.create_channel(
        kind=ChannelKind.WHATS_APP,
        name="Loja",
        number_id="number-1",
        waba_id="waba-1",
        display_number="+55 11 4000-0000",
        default_department=sales.id,
    ).outcome
    place = guiche.Membership(department_id=sales.id)
    ana = admin.create_attendant(name="Ana", role="attendant", departments=[place]).outcome
    bia = admin.create_attendant(name="Bia", role="attendant", departments=[place]).outcome
    return Counter(engine, port, clock, sales, channel, ana, bia)


def opened(store: guiche.Store, **ports: Any) -> Counter:
    port, clock = guiche.ScriptedPort(), guiche.ManualClock(NOON)
    given: dict[str, Any] = {
        "platforms": {ChannelKind.WHATS_APP: guiche.Platform.scripted(port, SECRET)},
        "clock": clock,
        "ids": guiche.SequenceIds(1001),
        "jitter": guiche.SeededJitter(7),
    }
    return furnish(guiche.Engine.open(store, **(given | ports)), port, clock)


@pytest.fixture
def counter() -> Iterator[Counter]:
    made = opened(guiche.Store.memory())
    yield made
    made.engine.close()


@pytest.fixture
def on_disk(tmp_path: Path) -> Iterator[Counter]:
    made = opened(guiche.Store.sqlite(tmp_path / "counter.db", durability="normal"))
    yield made
    made.engine.close()


@pytest.fixture
def unraised(monkeypatch: pytest.MonkeyPatch) -> list[BaseException]:
    """What nobody could be raised at."""
    told: list[BaseException] = []
    monkeypatch.setattr("sys.unraisablehook", lambda what: told.append(what.exc_value))
    return told


MINUTE = timedelta(minutes=1)
