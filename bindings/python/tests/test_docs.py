"""What the documentation shows runs."""

from __future__ import annotations

import doctest
import importlib
from pathlib import Path

import pytest

import guiche
from guiche import _guiche

HERE = Path(__file__).parent


@pytest.mark.parametrize("name", ["guiche", "guiche._errors", "guiche._ports", "guiche._done", "guiche._pages", "guiche._imports"])
def test_examples_of_modules(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_examples_of_classes() -> None:
    runner, finder = doctest.DocTestRunner(), doctest.DocTestFinder()
    for name in _guiche.__all__:
        kind = getattr(guiche, name)
        for test in finder.find(kind, name, globs=vars(guiche).copy(), module=False):
            runner.run(test)
    results = runner.summarize(verbose=False)
    assert results.failed == 0 and results.attempted >= 4


def test_examples_of_the_readme() -> None:
    results = doctest.testfile(str(HERE.parent / "README.md"), module_relative=False)
    assert results.failed == 0 and results.attempted > 5


def test_everything_is_documented() -> None:
    for name in guiche._guiche.__all__:
        kind = getattr(guiche, name)
        if isinstance(kind, type):
            assert kind.__doc__, name
