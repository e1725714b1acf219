"""What travelled: outgoing texts, what came in, and the threads on the simulated phones for the last days."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from app.cases.wording import catalogue as case_catalogue
from app.demo.company import Worker
from app.demo.ledger import Ledger
from app.demo.people import ZONE, Person
from app.extensions import Blind, blind, settings
from notifications.gsm import segments
from notifications.models import InboundMessage, Message, Purpose, State
from notifications.outbox import PRIORITY
from notifications.receipts import RANK
from notifications.texts import Catalogue
from surveys.invitations.tokens import LENGTH as TOKEN_LENGTH
from surveys.responses.catalogue import catalogue as survey_catalogue
from surveys.responses.holder import said_of
from surveys.responses.models import Dialogue
from surveys.responses.texts import day_words, when_words

PROVIDER = "simulator"
ON_SCREEN = timedelta(days=3)
CLEARED = timedelta(days=7)


@dataclass(frozen=True)
class Arrived:
    """Something the simulator carried, as its row; `link` is what {link} in its body still stands for."""

    at: datetime
    row: dict[str, Any]
    link: str | None = None


@dataclass
class Letters:
    """Writes messages into the ledger; `threads` is what the simulated phones show of the last days."""

    ledger: Ledger
    rng: Random
    now: datetime
    _bodies: dict[tuple[Any, ...], tuple[str, int]] = field(default_factory=dict)
    _talks: dict[Blind, dict[str, Any]] = field(default_factory=dict)
    threads: list[Arrived] = field(default_factory=list)

    def to_customer(
        self,
        person: Person,
        key: str,
        *,
        at: datetime,
        dedupe: str,
        subject: tuple[str, int],
        purpose: Purpose = Purpose.CONVERSATION,
        link: str | None = None,
        delivered: bool = True,
        book: Catalogue | None = None,
        **values: str,
    ) -> dict[str, Any]:
        """One text to a customer, sent at that moment."""
        language = person.language
        organisation = settings().organisation
        known = {
            "org": organisation.name(language),
            "branch": (branch := person.place.names[language]),
            **said_of("branch", branch, language),
            "phone": organisation.phone,
            "days": str(settings().policy.cap_days),
            **values,
        }
        body, count = self._body(book or survey_catalogue(), key, language, known)
        assert person.phone is not None
        assert person.index is not None
        return self._keep(person.phone, person.index, body, count, at, dedupe, subject, purpose, key, link, delivered)

    def to_staff(
        self, worker: Worker, key: str, *, at: datetime, dedupe: str, case_id: int, **values: str
    ) -> dict[str, Any]:
        """One text about a case to a colleague, in their language."""
        known = {"org": settings().organisation.name(worker.language), **values}
        body, count = self._body(case_catalogue(), key, worker.language, known)
        index = blind(worker.phone)
        return self._keep(
            worker.phone,
            index,
            body,
            count,
            at,
            dedupe,
            ("case", case_id),
            Purpose.ESCALATION,
            f"case_{key}",
            None,
            True,
        )

    def from_phone(
        self, phone: str, index: Blind, text: str, *, at: datetime, outcome: str | None, reserved: str | None = None
    ) -> dict[str, Any]:
        """One text that came in. Its words are gone a week after it was handled."""
        sid = self._sid()
        row = self.ledger.add(
            InboundMessage,
            provider=PROVIDER,
            provider_message_id=sid,
            from_address=phone,
            from_index=index,
            to_address=settings().sms_from,
            body=text if self.now - at < CLEARED else None,
            reserved=reserved,
            received_at=at,
            handled_at=at + timedelta(seconds=1),
            outcome=outcome,
        )
        if self.now - at < ON_SCREEN:
            self._on_screen(sid, "inbound", phone, index, text, segments(text).count, at, "received", None)
        return row

    def converse(
        self, person: Person, invitation_id: int, *, asking: str | None, turn: int, at: datetime, last: datetime
    ) -> None:
        """The conversation that is open on this phone; one that was open before gives way."""
        assert person.index is not None
        before = self._talks.get(person.index)
        if before is not None:
            before.update(closed_at=at, asking=None)
        self._talks[person.index] = self.ledger.add(
            Dialogue,
            our_number=settings().sms_from,
            phone_index=person.index,
            invitation_id=invitation_id,
            asking=asking,
            turn=turn,
            opened_at=at,
            last_turn_at=last,
        )

    def _body(self, book: Catalogue, key: str, language: str, values: dict[str, str]) -> tuple[str, int]:
        used = book.entries[key].placeholders(language)
        place = (id(book), key, language, *(values.get(name) for name in used))
        if place not in self._bodies:
            body = book.render(key, language, **values)
            self._bodies[place] = body, segments(body.replace("{link}", self._sample_link)).count
        return self._bodies[place]

    def _keep(
        self,
        phone: str,
        index: Blind,
        body: str,
        count: int,
        at: datetime,
        dedupe: str,
        subject: tuple[str, int],
        purpose: Purpose,
        template: str,
        link: str | None,
        delivered: bool,
    ) -> dict[str, Any]:
        sid = self._sid()
        row = self.ledger.add(
            Message,
            dedupe_key=dedupe,
            purpose=purpose.value,
            priority=PRIORITY[purpose],
            channel="sms",
            to_address=phone,
            to_index=index,
            from_address=settings().sms_from,
            subject_kind=subject[0],
            subject_id=subject[1],
            template=template,
            body=body,
            link_ref=link,
            state=(State.DELIVERED if delivered else State.UNDELIVERED).value,
            attempts=1,
            next_attempt_at=at,
            provider=PROVIDER,
            provider_message_id=sid,
            receipt_rank=RANK["delivered" if delivered else "undelivered"],
            error_code=None if delivered else "30005",
            segments=count,
            created_at=at,
            sent_at=at,
            delivered_at=at + timedelta(seconds=2) if delivered else None,
        )
        if self.now - at < ON_SCREEN:
            status = "delivered" if delivered else "undelivered"
            self._on_screen(sid, "outbound-api", phone, index, body, count, at, status, link)
        return row

    def _on_screen(
        self,
        sid: str,
        direction: str,
        phone: str,
        index: Blind,
        body: str,
        count: int,
        at: datetime,
        status: str,
        link: str | None,
    ) -> None:
        ours, inbound = settings().sms_from, direction == "inbound"
        row = {
            "sid": sid,
            "direction": direction,
            "phone_index": index,
            "from_address": phone if inbound else ours,
            "to_address": ours if inbound else phone,
            "body": body,
            "status": status,
            "segments": count,
            "created_at": at,
        }
        self.threads.append(Arrived(at, row, link))

    @cached_property
    def _sample_link(self) -> str:
        return f"{settings().public_url}/s/{'x' * TOKEN_LENGTH}"

    def _sid(self) -> str:
        return f"SM{self.rng.getrandbits(128):032x}"


def day_text(at: datetime, language: str) -> str:
    """The day of a moment as a text says it."""
    return day_words(at.astimezone(ZoneInfo(ZONE)).date(), language)


def when_text(at: datetime, told: datetime, language: str) -> str:
    """The day of a moment as a text sent at `told` says it: "today", "yesterday"."""
    zone = ZoneInfo(ZONE)
    return when_words(at.astimezone(zone).date(), told.astimezone(zone).date(), language)


def moment_text(at: datetime, language: str) -> str:
    """A day and an hour as a text says them: "17:00 on 21 Nov", "11月21日17:00"."""
    local = at.astimezone(ZoneInfo(ZONE))
    said = day_text(at, language)
    return f"{said}{local:%H:%M}" if language == "zh-Hans" else f"{local:%H:%M} on {said}"
