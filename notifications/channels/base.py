"""What every channel is: values in, values out. It knows no customer, no message row and no transaction of ours."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class Capabilities:
    """What a channel can do; the engine asks these, never the channel's name."""

    two_way: bool  # people can answer
    links: bool  # a link that differs for each person is let through
    template_required: bool = False  # only wordings the carrier has approved are let through
    signature: str = ""  # how a text is signed, "{org}" for the name; counted into its length
    opt_out_marker: str = ""  # what a text that asks must say about getting no more; counted into its length
    quiet_hours: tuple[int, int] | None = None  # from and to which hour of the recipient's day nothing may arrive
    carrier_answers: frozenset[str] = frozenset()  # the words, small and alone, that the carrier itself answers
    settle_seconds: int  # how long after an attempt the carrier's list is sure to show it
    can_list: bool = True  # it can be asked what it accepted
    list_is_complete: bool  # after that time, what is not on the list was certainly never accepted
    timeout_seconds: float  # the longest one send may take
    batch: int = 1  # how many messages one claim takes
    parallel: int = 1  # how many of them may be on the network at once


@dataclass(frozen=True, kw_only=True, repr=False)
class Outgoing:
    """One message as it leaves, its link filled in. Never printed."""

    reference: str  # stable for the row: the Message-ID of a mail
    to: str
    sender: str
    body: str
    subject: str | None = None
    html: str | None = None
    unsubscribe: str | None = None  # where a mail program may stop further mails for its owner (RFC 8058)
    valid_seconds: int | None = None
    report_ref: str | None = None  # what its delivery reports bring back: so one settles a send that was never answered


@dataclass(frozen=True)
class Accepted:
    """The carrier has it and gave it a number."""

    provider_message_id: str


@dataclass(frozen=True)
class Refused:
    """The carrier certainly does not have it; `code` is a key of carrier_errors, `retry_after` seconds it asked for."""

    code: str
    retry_after: float | None = None


@dataclass(frozen=True)
class Unknown:
    """Whether the carrier has it is not known: the request left, no answer came. `why` is one word."""

    why: str


SendResult = Accepted | Refused | Unknown


@dataclass(frozen=True, repr=False)
class Carried:
    """One message the carrier says it accepted."""

    provider_message_id: str
    body: str


class ListingError(Exception):
    """The carrier could not be asked now; ask again later."""

    code = "listing_failed"


class Channel(Protocol):
    """A way out. `send` never raises for trouble of the world: it is one of the three results."""

    @property
    def name(self) -> str:
        """The provider, as it stands on messages and receipts."""
        ...

    @property
    def capabilities(self) -> Capabilities: ...

    def send(self, message: Outgoing) -> SendResult:
        """Hand one message to the carrier. Called with no transaction open."""
        ...

    def list_to(self, message: Outgoing, *, since: datetime) -> list[Carried]:
        """What the carrier accepted for this recipient since then (real time), newest first. Raises ListingError."""
        ...
