"""Everything that calls raise.

>>> from guiche import Engine, Invalid, Locale, Store
>>> with Engine.open(Store.memory()) as engine:
...     try:
...         engine.admin().create_tag("")
...     except Invalid as error:
...         print(error.code, error.field, error.retry)
...         print(error.explain(Locale.EN))
blank name after_fix
Fill in the field name.
"""

from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from guiche import _guiche

if TYPE_CHECKING:
    from datetime import tzinfo

    from guiche._guiche import Conflict, Entity, Locale, PlatformError, Problem, Refusal, Retry

__all__ = [
    "AnswerUnreadable",
    "Busy",
    "Cancelled",
    "Closed",
    "CursorExpired",
    "FileTooLarge",
    "GuicheError",
    "HostNotAllowed",
    "InConflict",
    "Invalid",
    "MediaFailed",
    "MessagingFailed",
    "ModuleFailed",
    "ModuleRefused",
    "ModuleUncertain",
    "ModuleUnreached",
    "NetworkFailed",
    "NotFound",
    "PlatformRefused",
    "Refused",
    "StoreFailed",
]


class GuicheError(Exception):
    """Why a call did not do what was asked. It left no trace but this.

    Programs read `code` and the fields; people read `explain`. No error holds message text, a phone number or a token.
    """

    _kind: ClassVar[str] = ""

    @property
    def code(self) -> str:
        """The stable code, in snake_case."""
        return _guiche._code(self)

    @property
    def retry(self) -> "Retry":
        """Whether trying again helps."""
        return _guiche._retry(self)

    def explain(
        self, locale: "Locale | None" = None, offset_minutes: int = 0, *, zone: "tzinfo | None" = None
    ) -> str:
        """The sentence for a person, with the next step; in Portuguese unless told otherwise.

        An hour in it is on the person's clock, that of `zone`; or `offset_minutes` ahead of UTC (-180 in São Paulo); or in
        UTC, which it then says.
        """
        if zone is not None:
            at = _guiche._instant(self)
            ahead = None if at is None else at.astimezone(zone).utcoffset()
            offset_minutes = 0 if ahead is None else ahead // timedelta(minutes=1)
        return _guiche._explain(self, _guiche.Locale.PT_BR if locale is None else locale, offset_minutes)

    def __str__(self) -> str:
        return self.code


class Refused(GuicheError):
    """A rule says no."""

    _kind = "refused"

    def __init__(self, refusal: "Refusal") -> None:
        super().__init__(refusal)
        #: Which rule, with its data.
        self.refusal = refusal


class Invalid(GuicheError, ValueError):
    """What was given is not what is taken."""

    _kind = "invalid"

    def __init__(self, field: str, problem: "Problem") -> None:
        super().__init__(field, problem)
        #: Which field, as the API names it.
        self.field = field
        #: What is wrong with it.
        self.problem = problem

    def __str__(self) -> str:
        return f"{self.field}: {self.code}"


class NotFound(GuicheError, LookupError):
    """There is no such thing, or the caller may not know of it."""

    _kind = "not_found"

    def __init__(self, entity: "Entity", id: str) -> None:
        super().__init__(entity, id)
        #: What was looked for.
        self.entity = entity
        #: The id or key given.
        self.id = id

    def __str__(self) -> str:
        return f"{self.code}: {self.entity}"


class InConflict(GuicheError):
    """Something else stands in the way."""

    _kind = "conflict"

    def __init__(self, conflict: "Conflict") -> None:
        super().__init__(conflict)
        #: What.
        self.conflict = conflict


class Busy(GuicheError):
    """The store is in use for longer than the caller waits."""

    _kind = "busy"


class Closed(GuicheError):
    """The engine was closed."""

    _kind = "closed"


class StoreFailed(GuicheError):
    """The store failed. Its own words are the `__cause__`."""

    _kind = "store"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        #: What happened; the same as `code`.
        self.reason = reason


class MessagingFailed(GuicheError):
    """The platform, a port or the network failed. Ports raise one of its classes, and so do calls that ask a port."""


class PlatformRefused(MessagingFailed):
    """The platform refused."""

    _kind = "platform"

    def __init__(self, error: "PlatformError") -> None:
        super().__init__(error)
        #: What it said.
        self.error = error


class NetworkFailed(MessagingFailed):
    """The network did not answer; later it may."""

    _kind = "network"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        #: A stable snake_case code.
        self.reason = reason


class CursorExpired(MessagingFailed):
    """The page cursor is no longer valid."""

    _kind = "cursor"


class Cancelled(MessagingFailed):
    """The caller ended it before it was done."""

    _kind = "cancelled"


class AnswerUnreadable(MessagingFailed):
    """The answer was not what the platform documents."""

    _kind = "unreadable"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        #: A stable snake_case code.
        self.reason = reason


class HostNotAllowed(MessagingFailed):
    """The platform sent us to a host that is not its own."""

    _kind = "host"


class FileTooLarge(MessagingFailed):
    """More bytes than allowed."""

    _kind = "too_large"

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        #: The limit, in bytes.
        self.limit = limit


class MediaFailed(MessagingFailed):
    """The media store failed."""

    _kind = "media"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        #: A stable snake_case code; `missing` for a file that is not there.
        self.reason = reason


class ModuleFailed(Exception):
    """Why a module did not do it: what a `ModulesPort` raises. The engine keeps it; no call raises it."""

    _module_kind: ClassVar[str] = ""


class ModuleUnreached(ModuleFailed):
    """Not reached; asking again later is safe."""

    _module_kind = "unreached"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        #: A stable snake_case code.
        self.reason = reason


class ModuleRefused(ModuleFailed):
    """The module refused."""

    _module_kind = "refused"

    def __init__(self, code: str, words: str | None = None) -> None:
        super().__init__(code, words)
        #: Its code.
        self.code = code
        #: What it says to a person.
        self.words = words


class ModuleUncertain(ModuleFailed):
    """The order may have arrived: the answer was lost."""

    _module_kind = "uncertain"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        #: A stable snake_case code.
        self.reason = reason
