"""Carries out every scenario through the public API of the Python package: the driver of `ffi-tests/DRIVERS.md`.

What a method takes and gives it reads from the package's own stubs, so that they are tried with it.
"""

from __future__ import annotations

import ast
import base64
import contextlib
import json
import sys
import tempfile
import threading
import typing
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import guiche

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
MILLISECOND = timedelta(milliseconds=1)
# A file of a scenario that is larger than this is stored by its path.
IN_MEMORY = 1 << 20

# A panic of the engine, as PyO3 raises it: no Exception, so that nobody swallows it by accident.
DIED = "PanicException"


class Trouble(Exception):
    """What the driver itself does not know."""


def instant(ms: int) -> datetime:
    return EPOCH + timedelta(milliseconds=ms)


class Signatures:
    """What methods take and give, from the stubs."""

    def __init__(self) -> None:
        stubs = Path(guiche.__file__).with_name("_guiche.pyi")
        tree = ast.parse(stubs.read_text(encoding="utf-8"))
        classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
        self.methods = {
            (door.lower(), node.name): node
            for door in ("Engine", "Desk", "Admin")
            for node in classes[door].body
            if isinstance(node, ast.FunctionDef)
        }

    def of(self, door: str, name: str) -> ast.FunctionDef:
        try:
            return self.methods[door, name]
        except KeyError:
            raise Trouble(f"{door} has no {name}") from None


def words(hint: ast.expr | None) -> str:
    return ast.unparse(hint) if hint is not None else "None"


def argument_of(value: Any, hint: ast.expr | None) -> Any:
    """JSON of the API as the argument that the hint asks for."""
    if value is None:
        return None
    if isinstance(hint, ast.BinOp):
        return argument_of(value, hint.left)
    if isinstance(hint, ast.Subscript):
        match words(hint.value), hint.slice:
            case "Iterable", inner:
                return [argument_of(one, inner) for one in value]
            case "Mapping", ast.Tuple(elts=[key, held]):
                return {argument_of(at, key): argument_of(one, held) for at, one in value.items()}
    name = words(hint)
    kind = getattr(guiche, name, None)
    if isinstance(kind, type) and issubclass(kind, guiche.Record):
        return kind.from_json(json.dumps(value))
    if isinstance(kind, typing.NewType):
        return int(value)
    match name:
        case "datetime":
            return instant(value)
        case "timedelta":
            return timedelta(milliseconds=value)
        case "date":
            return date.fromisoformat(value)
    return value


def outcome_of(value: Any, hint: ast.expr | None = None) -> Any:
    """What a call gave, as JSON of the API."""
    if value is None:
        return None
    if isinstance(value, guiche.Record):
        return json.loads(value.to_json())
    if isinstance(hint, ast.BinOp):
        return outcome_of(value, hint.left)
    inner = hint.slice if isinstance(hint, ast.Subscript) else None
    match value:
        case list() | frozenset():
            return [outcome_of(one, inner) for one in value]
        case dict():
            key, held = inner.elts if isinstance(inner, ast.Tuple) else (None, None)
            return {str(outcome_of(at, key)): outcome_of(one, held) for at, one in value.items()}
        case datetime():
            return (value - EPOCH) // MILLISECOND
        case timedelta():
            return value // MILLISECOND
        case date():
            return value.isoformat()
        case bool():
            return value
        case int() if isinstance(getattr(guiche, words(hint), None), typing.NewType):
            return str(value)
    return value


def fields_of(record: guiche.Record, tag: str) -> dict[str, Any]:
    """The fields that an error holds, beside the word that says which it is."""
    fields = json.loads(record.to_json())
    if isinstance(fields, str):
        return {tag: fields}
    return typing.cast(dict[str, Any], fields)


def error_of(error: guiche.GuicheError) -> dict[str, Any]:
    told: dict[str, Any] = {}
    match error:
        case guiche.Refused():
            told = {"class": "refused"} | fields_of(error.refusal, "refusal")
        case guiche.Invalid():
            told = {"class": "invalid", "field": error.field} | fields_of(error.problem, "problem")
        case guiche.NotFound():
            told = {"class": "not_found", "entity": error.entity, "id": error.id}
        case guiche.InConflict():
            told = {"class": "conflict"} | fields_of(error.conflict, "conflict")
        case guiche.Busy():
            told = {"class": "busy"}
        case guiche.Closed():
            told = {"class": "closed"}
        case guiche.StoreFailed():
            told = {"class": "store"}
        case _:
            told = {"class": "messaging"}
    told |= {"code": error.code, "retry": error.retry}
    explain = {locale: error.explain(guiche.Locale(locale)) for locale in ("pt-BR", "en")}
    return {"error": told, "explain": explain}


class Pump:
    """A pump on a thread of its own, which its port may keep waiting."""

    def __init__(self, engine: guiche.Engine, limit: int) -> None:
        self.report: guiche.PumpReport | None = None
        self.error: BaseException | None = None
        self.thread = threading.Thread(target=self._run, args=(engine, limit))
        self.thread.start()

    def _run(self, engine: guiche.Engine, limit: int) -> None:
        try:
            self.report = engine.pump(limit)
        except BaseException as error:
            self.error = error


class Driver:
    def __init__(self) -> None:
        self.signatures = Signatures()
        self.pump: Pump | None = None
        self.engines: dict[str, guiche.Engine] = {}
        self.port = guiche.ScriptedPort()

    # What a driver holds.

    def world(self, ask: dict[str, Any]) -> None:
        self._bury_pump()
        for engine in self.engines.values():
            engine.close()
        self.engines = {}
        self.clocks: dict[str, guiche.ManualClock] = {}
        self.folder: str | None = ask["folder"] if ask["store"] == "sqlite" else None
        self.store = self._store()
        self.ids = guiche.SequenceIds(ask["first_id"])
        self.seed: int = ask["jitter_seed"]
        self.secret: str = ask["app_secret"]
        self.port = guiche.ScriptedPort()
        self.modules = guiche.ScriptedModules()
        self.has_modules: bool = ask["modules"]
        self.heard: list[int] = []
        self.subscriptions: dict[int, guiche.Subscription] = {}

    def _store(self) -> guiche.Store:
        if self.folder is None:
            return guiche.Store.memory()
        return guiche.Store.sqlite(Path(self.folder) / "guiche.db", durability="normal")

    def start(self, name: str, clock: int) -> None:
        self.clocks[name] = guiche.ManualClock(instant(clock))
        self.engines[name] = guiche.Engine.open(
            self.store,
            platforms={guiche.ChannelKind.WHATS_APP: guiche.Platform.scripted(self.port, self.secret)},
            modules=self.modules if self.has_modules else None,
            clock=self.clocks[name],
            ids=self.ids,
            jitter=guiche.SeededJitter(self.seed),
        )

    def restart(self, name: str, clock: int) -> None:
        self._bury_pump()
        # The process dies: nobody closes anything.
        del self.engines[name]
        if self.folder is not None:
            self.store = self._store()
        self.start(name, clock)

    def _bury_pump(self) -> None:
        if self.pump is not None:
            self.port.abandon()
            self.pump.thread.join()
            self.pump = None

    # What a driver is asked.

    def answer(self, ask: dict[str, Any]) -> dict[str, Any]:
        try:
            return self._answer(ask)
        except guiche.GuicheError as error:
            return error_of(error)

    def _answer(self, ask: dict[str, Any]) -> dict[str, Any]:
        match ask["ask"]:
            case "hello":
                return {"ok": {"protocol": 1, "language": "python"}}
            case "world":
                self.world(ask)
            case "start":
                self.start(ask["engine"], ask["clock"])
            case "restart":
                self.restart(ask["engine"], ask["clock"])
            case "clocks":
                for name, at in ask["clocks"].items():
                    self.clocks[name].set(instant(at))
            case "operate":
                return self.operate(ask)
            case "release":
                if self.pump is None:
                    raise Trouble("no pump waits for its port")
                self.port.release()
                return self._follow()
            case "ingest":
                body = base64.b64decode(ask["body"])
                kind = guiche.ChannelKind(ask["platform"])
                return {"ok": outcome_of(self._engine(ask).ingest(kind, body, ask["signature"]))}
            case "tell":
                (self.port if ask["whom"] == "port" else self.modules).tell(ask["script"])
            case "take":
                return {"ok": self.take(ask["what"])}
            case other:
                raise Trouble(f"what is {other}?")
        return {"ok": None}

    def take(self, what: str) -> list[Any]:
        match what:
            case "sent":
                return self.port.take_sent()
            case "uploads":
                return self.port.take_uploads()
            case "fetched":
                return self.port.take_fetched()
            case "marked_read":
                return self.port.take_marked()
            case "probed":
                return self.port.take_probed()
            case "modules":
                return self.modules.take_asked()
            case "heard":
                taken, self.heard[:] = list(self.heard), []
                return taken
            case other:
                raise Trouble(f"nobody keeps {other}")

    def _engine(self, ask: dict[str, Any]) -> guiche.Engine:
        try:
            return self.engines[ask["engine"]]
        except KeyError:
            raise Trouble(f"no engine {ask['engine']!r} runs") from None

    def _follow(self) -> dict[str, Any]:
        """Looks until the pump has ended, or its port keeps it waiting."""
        assert self.pump is not None
        while self.pump.thread.is_alive():
            if self.port.wait_held(timedelta(milliseconds=5)):
                return {"ok": {"waits": True}}
        ended, self.pump = self.pump, None
        ended.thread.join()
        if ended.error is not None:
            raise ended.error
        return {"ok": outcome_of(ended.report)}

    def operate(self, ask: dict[str, Any]) -> dict[str, Any]:
        engine = self._engine(ask)
        name, args = ask["name"], ask["args"]
        match ask["door"]:
            case "desk":
                attendant = ask["attendant"]
                door: Any = engine.back_office() if attendant is None else engine.desk(guiche.AttendantId(int(attendant)))
            case "admin":
                door = engine.admin()
            case _:
                door = engine
        match ask["door"], name:
            case "engine", "desk":
                desk = engine.desk(guiche.AttendantId(int(args[0])))
                attendant_id = desk.attendant_id()
                return {"ok": None if attendant_id is None else str(attendant_id)}
            case "engine", "pump":
                if self.pump is None and self.port.will_hold():
                    self.pump = Pump(engine, args[0])
                    return self._follow()
            case "engine", "pump_modules":
                try:
                    return {"ok": outcome_of(engine.pump_modules(args[0]))}
                except BaseException as error:
                    if type(error).__name__ != DIED:
                        raise
                    return {"ok": {"died": True}}
            case "engine", "store_media":
                return {"ok": outcome_of(self._store_media(engine, args[0], args[1]))}
            case "engine", "subscribe":
                number = len(self.subscriptions) + 1
                self.subscriptions[number] = engine.subscribe(self.heard.append)
                return {"ok": number}
            case "engine", "unsubscribe":
                if subscription := self.subscriptions.get(int(args[0])):
                    subscription.close()
                return {"ok": None}
            case "engine", "close":
                engine.close()
                return {"ok": None}
            case "engine", "diff_templates_with" | "sync_templates_with":
                return {"ok": self._watched(getattr(engine, name), args)}
            case "desk", "open_message_file":
                return {"ok": self._read(door.read_message_file(guiche.MessageId(int(args[0]))))}
        return self._call(door, ask)

    def _call(self, door: Any, ask: dict[str, Any]) -> dict[str, Any]:
        signature = self.signatures.of(ask["door"], ask["name"])
        given = list(ask["args"])
        head = signature.args.args[1:]
        keywords = {keyword.arg: keyword.annotation for keyword in signature.args.kwonlyargs}
        takes_request = keywords.pop("request_id", None) is not None
        # A record is among the arguments as a whole, and its fields are keywords in Python.
        positional: list[Any] = []
        named: dict[str, Any] = {}
        whole = getattr(guiche, ask["name"].title().replace("_", ""), None)
        whole = whole if set(getattr(whole, "__match_args__", ())) == set(keywords) else None
        record = next((at for at, value in enumerate(given) if keywords and self._is_fields(value, keywords)), None)
        if keywords and isinstance(whole, type) and issubclass(whole, guiche.Record):
            # JSON may write the fields of a field beside the others: the record itself knows.
            command = whole.from_json(json.dumps(given.pop(0)))
            named = {key: getattr(command, key) for key in keywords}
        elif record is not None:
            for key, value in given.pop(record).items():
                named_key = f"{key}_" if f"{key}_" in keywords else key
                named[named_key] = argument_of(value, keywords[named_key])
        if len(given) != len(head):
            raise Trouble(f"{ask['name']} takes {len(head)} arguments, and {len(given)} are given")
        for parameter, value in zip(head, given, strict=True):
            positional.append(argument_of(value, parameter.annotation))
        if takes_request and ask["request"] is not None:
            named["request_id"] = ask["request"]
        came = getattr(door, ask["name"])(*positional, **named)
        hint = signature.returns
        if isinstance(came, guiche.Done):
            assert isinstance(hint, ast.Subscript)
            return {"ok": outcome_of(came.outcome, hint.slice), "repeated": came.repeated}
        return {"ok": self._shown(ask["name"], came, hint)}

    @staticmethod
    def _is_fields(value: Any, keywords: dict[str, Any]) -> bool:
        return isinstance(value, dict) and all(key in keywords or f"{key}_" in keywords for key in value)

    @staticmethod
    def _shown(name: str, came: Any, hint: ast.expr | None) -> Any:
        match name:
            case "fit":
                advice = {locale: came.advice(guiche.Locale(locale)) for locale in ("pt-BR", "en")}
                return outcome_of(came) | {"advice": advice}
            case "gallery_file" | "message_file":
                return outcome_of(came.file)
            case "kept":
                keys = ("reason", "quarantined", "path", "raw")
                rows = []
                for row in came:
                    told = {key: outcome_of(getattr(row, key)) for key in keys}
                    rows.append({"id": str(row.id), "at": outcome_of(row.at)} | told)
                return rows
            case "unresolved":
                return [
                    {
                        "channel_id": str(row.key.channel_id),
                        "target": row.key.target,
                        "fact": outcome_of(row.fact),
                        "parked_at": outcome_of(row.parked_at),
                        "expires_at": outcome_of(row.expires_at),
                    }
                    for row in came
                ]
        return outcome_of(came, hint)

    @staticmethod
    def _watched(sync: Callable[..., guiche.TemplateDiff], args: list[Any]) -> dict[str, Any]:
        """A listing whose progress says stop after so many pages, or never."""
        told: list[guiche.SyncPage] = []

        def progress(page: guiche.SyncPage) -> bool:
            told.append(page)
            return bool(len(told) != args[1])

        diff = sync(guiche.ChannelId(int(args[0])), progress)
        return {"diff": outcome_of(diff), "progress": [outcome_of(page) for page in told]}

    @staticmethod
    def _read(content: bytes) -> dict[str, Any]:
        text: str | None
        try:
            text = content.decode()
        except UnicodeDecodeError:
            text = None
        return {"size": len(content), "text": text}

    @staticmethod
    def _store_media(engine: guiche.Engine, file: dict[str, Any], filename: str) -> guiche.MediaFile:
        content = base64.b64decode(file["base64"])
        size = file["size"]
        if size <= IN_MEMORY:
            return engine.store_media(content.ljust(size, b"\0"), filename)
        with tempfile.NamedTemporaryFile() as stored:
            stored.write(content)
            stored.truncate(size)
            stored.flush()
            return engine.store_media(stored.name, filename)


def serve(answer: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    for line in sys.stdin:
        try:
            told = answer(json.loads(line))
        except Trouble as trouble:
            told = {"trouble": str(trouble)}
        except Exception as error:
            told = {"trouble": f"{type(error).__name__}: {error}"}
        sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    driver = Driver()
    with contextlib.suppress(KeyboardInterrupt):
        serve(driver.answer)
