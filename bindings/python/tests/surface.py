"""The surface as the stubs tell it, and arbitrary values of every type in it."""

from __future__ import annotations

import ast
import random
from datetime import date, datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any, NewType

import guiche

TEXTS = ["", " ", "a", "Olá, Maria! 👋🏽", "日本語", "\0", "x\0y", "\u202eabc", "a" * 5_000, "'; DROP TABLE message; --", "+55 11 98765-4321"]
NUMBERS = [0, 1, 2, 50, 1001, 1002, 1003, 1004, 1005, 2**31, 2**63 - 1, -1, -(2**63), 2**64, 10**30]


@cache
def stubs() -> dict[str, ast.ClassDef]:
    """The classes of the stubs, variants by `Choice.Variant`."""
    path = Path(guiche.__file__).with_name("_guiche.pyi")
    found: dict[str, ast.ClassDef] = {}
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef):
            found[node.name] = node
            found |= {f"{node.name}.{inner.name}": inner for inner in node.body if isinstance(inner, ast.ClassDef)}
    return found


def functions(name: str) -> list[ast.FunctionDef]:
    return [node for node in stubs()[name].body if isinstance(node, ast.FunctionDef)]


def variants(choice: str) -> list[str]:
    return [name for name in stubs() if name.startswith(f"{choice}.")]


def resolved(name: str) -> Any:
    found: Any = guiche
    for part in name.split("."):
        found = getattr(found, part)
    return found


class Maker:
    """Makes arbitrary values; the same seed makes the same ones."""

    def __init__(self, seed: int, wild: bool = False) -> None:
        self.random = random.Random(seed)
        #: Whether values may also be wrong.
        self.wild = wild

    def of(self, hint: ast.expr | None, depth: int = 0) -> Any:
        pick = self.random
        if hint is None:
            return None
        if isinstance(hint, ast.BinOp):
            return None if depth > 3 or pick.random() < 0.5 else self.of(hint.left, depth)
        if isinstance(hint, ast.Subscript):
            count = 0 if depth > 2 else pick.randrange(3)
            if ast.unparse(hint.value) == "Callable":
                return lambda *_: None
            match hint.slice:
                case ast.Tuple(elts=[key, held]):
                    return {self.of(key, depth + 1): self.of(held, depth + 1) for _ in range(count)}
            return [self.of(hint.slice, depth + 1) for _ in range(count)]
        if self.wild and pick.random() < 0.05:
            return pick.choice([None, "?", -1, 2**70, b"", object(), [], datetime(2026, 1, 1)])
        name = ast.unparse(hint)
        match name:
            case "int":
                return pick.choice(NUMBERS if self.wild else NUMBERS[:9])
            case "str":
                return pick.choice(TEXTS)
            case "bool":
                return pick.random() < 0.5
            case "float":
                return pick.choice([0.0, -1.5, 1e300, float("inf"), float("nan")] if self.wild else [0.0, -1.5])
            case "bytes":
                return pick.choice([b"", b"\0", b"\x89PNG" + b"x" * 100])
            case "datetime":
                return datetime(2026, 11, pick.randint(1, 30), 12, tzinfo=timezone(timedelta(hours=pick.randint(-12, 12))))
            case "timedelta":
                return timedelta(seconds=pick.choice([0, 1, 86_400]))
            case "date":
                return date(2026, 11, pick.randint(1, 30))
        kind = resolved(name)
        if isinstance(kind, NewType):
            return pick.choice(NUMBERS if self.wild else NUMBERS[4:9])
        if name in stubs() and not issubclass(kind, guiche.Record):
            return pick.choice(list(kind))
        return self.record(pick.choice(variants(name) or [name]), depth)

    def record(self, name: str, depth: int = 0) -> Any:
        """A record or variant."""
        new = next(node for node in functions(name) if node.name == "__new__")
        named = {at.arg: self.of(at.annotation, depth + 1) for at in new.args.kwonlyargs}
        return resolved(name)(*(self.of(at.annotation, depth + 1) for at in new.args.args[1:]), **named)

    def call(self, door: Any, method: ast.FunctionDef) -> Any:
        """Calls a method with arbitrary arguments."""
        positional = [self.of(at.annotation) for at in method.args.args[1:]]
        named = {at.arg: self.of(at.annotation) for at in method.args.kwonlyargs}
        return getattr(door, method.name)(*positional, **named)


def records() -> list[str]:
    """Every record, and every variant of a choice."""
    found = []
    for name, node in stubs().items():
        has_new = any(function.name == "__new__" for function in functions(name))
        is_record = [ast.unparse(base) for base in node.bases] == ["Record"] or "." in name
        if has_new and is_record:
            found.append(name)
    return found
