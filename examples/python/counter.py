"""A made-up counter for the examples: two departments, a month of talks, a platform that answers by a script."""

from __future__ import annotations

import hashlib
import hmac
import json
import random
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

import guiche
from guiche import ChannelKind

SECRET = "app-secret"
START = datetime(2026, 11, 2, 11, tzinfo=timezone.utc)


@dataclass
class Counter:
    engine: guiche.Engine
    port: guiche.ScriptedPort
    clock: guiche.ManualClock
    channel: guiche.Channel
    departments: list[guiche.Department]
    ana: guiche.Attendant


def open_counter(store: guiche.Store | None = None) -> Counter:
    """An engine with a channel, on a clock that is set."""
    port, clock = guiche.ScriptedPort(), guiche.ManualClock(START)
    engine = guiche.Engine.open(
        store or guiche.Store.memory(),
        platforms={ChannelKind.WHATS_APP: guiche.Platform.scripted(port, SECRET)},
        clock=clock,
        ids=guiche.SequenceIds(1001),
        jitter=guiche.SeededJitter(7),
    )
    admin = engine.admin()
    admin.set_account(guiche.Account(name="Loja do Zé"))
    departments = [admin.create_department(name=name).outcome for name in ("Vendas", "Manutenção")]
    channel = admin.create_channel(
        kind=ChannelKind.WHATS_APP,
        name="Loja",
        number_id="number-1",
        waba_id="waba-1",
        display_number="+55 11 4000-0000",
        default_department=departments[0].id,
    ).outcome
    everywhere = [guiche.Membership(department_id=department.id) for department in departments]
    ana = admin.create_attendant(name="Ana", role="attendant", departments=everywhere).outcome
    port.tell({"list": {"waba-1": [template(f"aviso_{n:02}", "Olá! Temos novidades.") for n in range(60)]}})
    return Counter(engine, port, clock, channel, departments, ana)


def template(name: str, body: str) -> dict[str, object]:
    """A template as the platform lists it."""
    definition = guiche.TemplateDefinition(
        platform_id=f"id.{name}",
        name=name,
        language="pt_BR",
        status=guiche.TemplateStatus.Approved(),
        category="utility",
        format=guiche.ParameterFormat.POSITIONAL,
        form=guiche.TemplateForm(body=body),
    )
    told: dict[str, object] = json.loads(definition.to_json())
    return told


def client_writes(counter: Counter, wa_id: str, number: int) -> None:
    """A client sends a text."""
    message = {
        "from": wa_id,
        "id": f"wamid.in.{number}",
        "timestamp": str(int(counter.clock.now().timestamp())),
        "type": "text",
        "text": {"body": "Bom dia, podem me ajudar?"},
    }
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "551140000000", "phone_number_id": "number-1"},
        "contacts": [{"profile": {"name": f"Cliente {number}"}, "wa_id": wa_id}],
        "messages": [message],
    }
    change = {"field": "messages", "value": value}
    whole = {"object": "whatsapp_business_account", "entry": [{"id": "waba-1", "changes": [change]}]}
    body = json.dumps(whole).encode()
    signature = "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    counter.engine.ingest(ChannelKind.WHATS_APP, body, signature)


def play_a_month(counter: Counter, talks: int = 120) -> None:
    """Clients write, somebody answers after a while, most talks are finished; some messages fail."""
    chance = random.Random(7)
    engine, desk = counter.engine, counter.engine.back_office()
    engine.sync_templates(counter.channel.id)
    templates = engine.templates(counter.channel.id)
    ana = engine.desk(counter.ana.id)
    for number in range(talks):
        counter.clock.set(START + timedelta(hours=5 * number))
        client_writes(counter, f"55119{number:08}", number)
        card = desk.inbox(days=guiche.Days.Any(), limit=1).cards[0]
        if chance.random() < 0.4:
            desk.transfer(attendance_id=card.id, department_id=counter.departments[1].id)
        counter.clock.advance(timedelta(minutes=chance.randint(1, 90)))
        ana.claim(card.id)
        if chance.random() < 0.1:
            counter.port.tell({"send": {"answer": "rejected", "code": chance.choice([131026, 131047]), "class": "permanent"}})
        if chance.random() < 0.3:
            ana.send_template(card.id, chance.choice(templates[:5]).id)
        else:
            ana.send_text(card.id, "Bom dia! Claro que sim.")
        engine.pump(10)
        if chance.random() < 0.8:
            counter.clock.advance(timedelta(minutes=chance.randint(5, 600)))
            ana.finish(card.id, guiche.Disposition.KEEP)
