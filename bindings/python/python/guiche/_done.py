"""What came of a command."""

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Done(Generic[T]):
    """What came of a command."""

    #: Its outcome.
    outcome: T
    #: Whether the same request had been carried out before: nothing was done this time.
    repeated: bool
