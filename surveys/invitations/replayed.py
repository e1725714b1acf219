"""What a replay needs of the past: every event of a touchpoint in one pass, and who was asked or answered when.

A few queries in all, whatever the number of events; what holds of a customer now (address, consent, opt-out) is taken
to have held then.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select, tuple_

from app.extensions import db
from notifications.models import OptOut
from surveys.invitations.eligibility import Channel, Facts, Policy, Route
from surveys.invitations.facts import ASKED, OURS, holidays_at, place_of
from surveys.invitations.models import Hold, Invitation, Programme, ServiceEvent
from surveys.invitations.preflight import Contact, Moment
from surveys.people.models import Branch, Consent, ContactPoint, Customer
from surveys.people.queries import chain
from surveys.people.service import SURVEYS
from surveys.questionnaires.models import SurveyVersion
from surveys.responses.models import Response

STREAM = 2000


def moments(
    programme: Programme, *, since: datetime, until: datetime, seen: Callable[[int], None] | None = None
) -> Iterator[Moment]:
    """Every event this programme would have decided about, in the order in which they happened.

    `seen` is told after each stream of rows how many were read.
    """
    past = _Past(programme, since, until)
    rows = db.session.execute(_events(programme, since, until).execution_options(yield_per=STREAM))
    for number, row in enumerate(rows):
        if seen is not None and number % STREAM == 0:
            seen(number)
        moment = past.moment(row)
        if moment is not None:
            yield moment


def moments_of(programme: Programme, *, since: datetime, until: datetime) -> Select[int]:
    """The ids of the events of its touchpoint in this time."""
    return select(ServiceEvent.id).where(*_of(programme, since, until))


def contacts_before(programme: Programme, *, since: datetime, until: datetime, policy: Policy) -> list[Contact]:
    """Whom other programmes asked and who answered, as far back as the caps reach, in the order of their time.

    What this programme itself asked in the replayed days is left out: the replay asks it again.
    """
    reach = max(policy.cap_days, policy.answer_cap_days, policy.relationship_cap_days)
    begins = since - timedelta(days=reach)
    asked = (
        select(Invitation.sent_at, Invitation.reminded_at, Invitation.customer_id, Invitation.phone_index)
        .join(ServiceEvent, ServiceEvent.id == Invitation.service_event_id)
        .where(
            Invitation.sent_at.between(begins, until),
            Invitation.state.in_(ASKED),
            ServiceEvent.source != OURS,
            or_(Invitation.programme_id != programme.id, Invitation.sent_at < since),
        )
    )
    answered = (
        select(Response.answered_at, Response.customer_id, Invitation.phone_index)
        .join(Invitation, Invitation.id == Response.invitation_id)
        .join(ServiceEvent, ServiceEvent.id == Invitation.service_event_id)
        .where(
            Response.answered_at.between(begins, until),
            ServiceEvent.source != OURS,
            or_(Invitation.programme_id != programme.id, Invitation.sent_at < since),
        )
    )
    rows = db.session.execute(asked)
    found = [Contact(max(sent, again or sent), who, phone) for sent, again, who, phone in rows if sent is not None]
    found += [Contact(at, who, phone, answered=True) for at, who, phone in db.session.execute(answered)]
    return sorted(found, key=attrgetter("at"))


def _events(programme: Programme, since: datetime, until: datetime) -> Select[*tuple[Any, ...]]:
    query: Select[*tuple[Any, ...]] = select(
        ServiceEvent.source,
        ServiceEvent.external_ref,
        ServiceEvent.branch_id,
        ServiceEvent.customer_id,
        ServiceEvent.complaint,
        ServiceEvent.occurred_at,
        Customer.time_zone,
        Customer.region,
        Customer.language,
        Customer.tier,
    )
    return (
        query.join(Customer, Customer.id == ServiceEvent.customer_id)
        .where(*_of(programme, since, until))
        .order_by(ServiceEvent.occurred_at, ServiceEvent.id)
    )


def _of(programme: Programme, since: datetime, until: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        ServiceEvent.touchpoint_id == programme.touchpoint_id,
        ServiceEvent.source != OURS,
        ServiceEvent.occurred_at >= since,
        ServiceEvent.occurred_at < until,
    )


@dataclass(frozen=True)
class _Reach:
    phone: str | None = None
    mailbox: str | None = None


class _Past:
    """Everything known about the people and places of the replayed events."""

    def __init__(self, programme: Programme, since: datetime, until: datetime) -> None:
        self.programme = programme
        who = select(ServiceEvent.customer_id).where(*_of(programme, since, until))
        self._reach = _addresses(who)
        self._consents = _consents(who)
        self._stopped = set(db.session.scalars(select(OptOut.address_index).where(OptOut.until.is_(None))))
        self._holds = _holds(since)
        self._branches = {branch.id: branch for branch in db.session.scalars(select(Branch))}
        self._chain = cache(lambda branch_id: frozenset(place.id for place in chain(self._branches[branch_id])))
        self._holidays = cache(self._days_off)
        self._rivals = _rivals(programme)
        self._delay = timedelta(minutes=programme.delay_minutes)
        self._owed = bool(programme.policy.get("exempt_from_caps"))

    def moment(self, row: Any) -> Moment | None:
        """One event; None when it is not this programme's to decide about."""
        source, ref, branch_id, customer, complaint, at, zone, region, language, tier = row
        places = self._chain(branch_id)
        if not _covers(self.programme, places, tier) or any(_covers(one, places, tier) for one in self._rivals):
            return None
        branch, reach = self._branches[branch_id], self._reach.get(customer, _Reach())
        facts = Facts(
            programme=self.programme.key,
            time_zone=zone,
            place=place_of(region, branch),
            complaint=complaint,
            routes=tuple(self._route(customer, reach, channel) for channel in self.programme.channels),
            open_case=self._held(("customer", customer), at, open_case=True) is not None,
            hold=self._hold(customer, places, at),
            occurred_at=at,
            not_before=at + self._delay,
            sample_key=f"{source}:{ref}",
            holidays=self._holidays(region, branch_id, at.year),
            exempt_from_caps=self._owed,
        )
        return Moment(at, branch_id, branch.time_zone, customer, reach.phone, language, facts)

    def _route(self, customer: int, reach: _Reach, channel: str) -> Route:
        mails = channel == Channel.EMAIL
        address = reach.mailbox if mails else reach.phone
        said = self._consents.get((customer, "email")) if mails else None
        by_phone = self._consents.get((customer, "sms"), False) and not (mails and reach.phone in self._stopped)
        consent = by_phone if said is None else said
        return Route(channel, address is not None, address in self._stopped, consent)

    def _days_off(self, region: str | None, branch_id: int, year: int) -> frozenset[date]:
        return holidays_at(region, self._branches[branch_id], datetime(year, 1, 1, tzinfo=UTC))

    def _hold(self, customer: int, places: frozenset[int], at: datetime) -> str | None:
        return self._held(("customer", customer), at) or next(
            (held for place in places if (held := self._held(("branch", place), at))), None
        )

    def _held(self, key: tuple[str, int], at: datetime, *, open_case: bool = False) -> str | None:
        for hold in self._holds.get(key, ()):
            during = hold.since <= at and (hold.until is None or at < hold.until)
            if during and (hold.reason == "open_case") == open_case:
                return hold.reason
        return None


def _covers(programme: Programme, places: frozenset[int], tier: str | None) -> bool:
    here = programme.branch_id is None or programme.branch_id in places
    return here and (programme.segment is None or programme.segment == tier)


def _rivals(programme: Programme) -> list[Programme]:
    """Live programmes for the same moments that are asked first."""
    query = select(Programme).where(
        Programme.touchpoint_id == programme.touchpoint_id,
        Programme.live.is_(True),
        Programme.id != programme.id,
        tuple_(Programme.priority, Programme.id) < tuple_(programme.priority, programme.id),
        Programme.survey_id.in_(select(SurveyVersion.survey_id)),
    )
    return list(db.session.scalars(query))


def _addresses(who: Select[int]) -> Mapping[int, _Reach]:
    query = (
        select(ContactPoint.customer_id, ContactPoint.kind, ContactPoint.address_index)
        .where(ContactPoint.customer_id.in_(who), ContactPoint.deliverable.is_(True))
        .order_by(ContactPoint.id)
    )
    latest: dict[int, dict[str, str]] = defaultdict(dict)
    for customer, kind, index in db.session.execute(query.execution_options(yield_per=STREAM)):
        latest[customer][kind] = index
    return {customer: _Reach(at.get("phone"), at.get("email")) for customer, at in latest.items()}


def _consents(who: Select[int]) -> Mapping[tuple[int, str], bool]:
    """Whether each may be asked by each channel: a withdrawal on any record of a person holds, as in life."""
    living = Customer.merged_into_id
    query = (
        select(Consent.customer_id, living, Consent.channel, Consent.granted, Consent.source)
        .join(Customer, Customer.id == Consent.customer_id)
        .where(Consent.purpose == SURVEYS, or_(Consent.customer_id.in_(who), living.in_(who)))
        .order_by(Consent.id)
    )
    lines: dict[tuple[int, str], dict[int, bool]] = defaultdict(dict)
    for record, merged, channel, granted, source in db.session.execute(query.execution_options(yield_per=STREAM)):
        known = lines[merged or record, channel]
        if granted and source == "customer":
            known.clear()
        known[record] = granted
    return {key: all(known.values()) for key, known in lines.items()}


def _holds(since: datetime) -> Mapping[tuple[str, int], list[Hold]]:
    found: dict[tuple[str, int], list[Hold]] = defaultdict(list)
    for hold in db.session.scalars(select(Hold).where(or_(Hold.until.is_(None), Hold.until > since))):
        if hold.branch_id is not None:
            found["branch", hold.branch_id].append(hold)
        if hold.customer_id is not None:
            found["customer", hold.customer_id].append(hold)
    return found
