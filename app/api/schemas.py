"""The shapes other systems send, checked by pydantic; the OpenAPI document is made from the same classes."""

import re
from datetime import date, datetime, timedelta
from typing import Annotated, Any
from zoneinfo import available_timezones

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from app.api.reading import WrongValueError
from app.complaints import NewComplaint
from config import Config
from notifications import EmailAddress, PhoneNumber, parse_email, parse_phone
from surveys.invitations.events import NewEvent
from surveys.people.import_rows import language_of
from surveys.people.service import ConsentGiven, Person

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Source = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
Code = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]


def _zone(name: str | None) -> str | None:
    if name is not None and name not in available_timezones():
        raise ValueError(f"{name!r} is not a time zone; use a name like Asia/Shanghai")
    return name


def _language(tag: str | None) -> str | None:
    return language_of(tag)


def _written(moment: Any) -> Any:
    if not isinstance(moment, str | datetime):
        raise ValueError("write the time like 2026-11-20T14:05:00+08:00")
    return moment


def _day(day: Any) -> Any:
    if day is not None and not (isinstance(day, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", day, re.ASCII)):
        raise ValueError("write the day like 1980-05-17")
    return day


Moment = Annotated[AwareDatetime, BeforeValidator(_written)]
OWN_SOURCE = "heed"
OLDEST = timedelta(days=3650)
EARLIEST_BIRTH = date(1890, 1, 1)
# Fields that came later, with what they hold when they are not said.
LATER_IN_CUSTOMER = {"birth_date": None}
LATER_IN_CONSENT = {"email": None, "wording_version": "", "proof": "", "only_this_address": False}


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ConsentBody(_Shape):
    """What the customer agreed to, where, and the wording they saw."""

    sms: bool
    email: bool | None = None
    source: str = Field("", max_length=40)
    wording: str = Field("", max_length=2000)
    wording_version: str = Field("", max_length=40, examples=["2026-03"])
    proof: str = Field("", max_length=200, examples=["form 4711"])
    only_this_address: bool = False


class CustomerBody(_Shape):
    """Who was served. Give at least a reference, a phone or an e-mail."""

    external_ref: Name | None = None
    name: str | None = Field(None, max_length=120)
    birth_date: Annotated[date | None, BeforeValidator(_day)] = Field(None, examples=["1980-05-17"])
    phone: str | None = Field(None, max_length=40, examples=["+8613800138000"])
    email: str | None = Field(None, max_length=254)
    language: Annotated[str | None, AfterValidator(_language)] = Field(None, max_length=16, examples=["zh-Hans"])
    time_zone: Annotated[str | None, AfterValidator(_zone)] = Field(None, examples=["Asia/Shanghai"])
    region: str | None = Field(None, max_length=8)
    branch: Code | None = None
    owner: Code | None = None
    consent: ConsentBody | None = None


class ServiceEventBody(_Shape):
    """A moment at which a customer was served."""

    source: Source = Field(examples=["core"])
    external_ref: Name = Field(examples=["T-1001"])
    touchpoint: Code = Field(examples=["branch_visit"])
    occurred_at: Moment
    branch: Code = Field(examples=["BJ-01"])
    staff: Code | None = None
    customer: CustomerBody
    reopens: Name | None = None
    attributes: dict[str, Any] = Field(default_factory=dict, max_length=50)


class ComplaintBody(_Shape):
    """A complaint that reached another system: by letter, at the counter, by telephone."""

    source: Source = Field(examples=["desk"])
    external_ref: Name = Field(examples=["L-77"])
    branch: Code = Field(examples=["BJ-01"])
    customer: CustomerBody
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=8000)]
    occurred_at: Moment


def new_event(body: ServiceEventBody, *, config: Config, now: datetime) -> NewEvent:
    """The event as the service takes it. Raises WrongValueError naming the part that cannot be used."""
    person = _person(body, config=config, now=now)
    complaint = body.attributes.get("complaint", False)
    if not isinstance(complaint, bool):
        raise WrongValueError("/attributes/complaint", "not_a_boolean", "attributes.complaint must be true or false.")
    return NewEvent(
        source=body.source,
        external_ref=body.external_ref,
        touchpoint=body.touchpoint,
        branch=body.branch,
        staff=body.staff,
        home=body.customer.branch,
        owner=body.customer.owner,
        occurred_at=body.occurred_at,
        reopens=body.reopens,
        complaint=complaint,
        attributes=body.attributes,
        body=_as_sent(body),
        person=person,
    )


def new_complaint(body: ComplaintBody, *, config: Config, now: datetime) -> NewComplaint:
    """The complaint as the service takes it. Raises WrongValueError naming the part that cannot be used."""
    return NewComplaint(
        source=body.source,
        external_ref=body.external_ref,
        branch=body.branch,
        home=body.customer.branch,
        owner=body.customer.owner,
        text=body.text,
        occurred_at=body.occurred_at,
        body=_as_sent(body),
        person=_person(body, config=config, now=now),
    )


def _as_sent(body: ServiceEventBody | ComplaintBody) -> dict[str, Any]:
    """The body an event is known again by. A field that came later and is not said leaves it as it was."""
    sent = body.model_dump(mode="json")
    customer = sent["customer"]
    for said, later in ((customer, LATER_IN_CUSTOMER), (customer["consent"] or {}, LATER_IN_CONSENT)):
        for name, unsaid in later.items():
            if said.get(name, unsaid) == unsaid:
                said.pop(name, None)
    return sent


def _person(body: ServiceEventBody | ComplaintBody, *, config: Config, now: datetime) -> Person:
    if body.source == OWN_SOURCE:
        raise WrongValueError("/source", "reserved", f"{OWN_SOURCE!r} is Heed's own; name the system that sends this.")
    if not now - OLDEST <= body.occurred_at <= now + timedelta(minutes=5):
        code = "in_the_future" if body.occurred_at > now else "too_long_ago"
        detail = "occurred_at lies in the future." if body.occurred_at > now else "occurred_at lies ten years back."
        raise WrongValueError("/occurred_at", code, detail)
    customer = body.customer
    phone, email = _phone(customer, config), _email(customer)
    if not (customer.external_ref or phone or email):
        raise WrongValueError("/customer", "nobody", "Give the customer's external_ref, phone or email.")
    born, consent = customer.birth_date, customer.consent
    if born and not EARLIEST_BIRTH <= born <= now.date() + timedelta(days=1):
        detail = "birth_date is no day on which a customer was born."
        raise WrongValueError("/customer/birth_date", "impossible", detail)
    return Person(
        external_ref=customer.external_ref,
        name=customer.name,
        birth_date=born,
        phone=phone,
        email=email,
        language=customer.language,
        time_zone=customer.time_zone,
        region=customer.region,
        consent=ConsentGiven(**consent.model_dump()) if consent else None,
    )


def _phone(customer: CustomerBody, config: Config) -> PhoneNumber | None:
    if not customer.phone:
        return None
    try:
        return parse_phone(customer.phone, default_country=config.default_country)
    except ValueError as error:
        raise WrongValueError("/customer/phone", getattr(error, "code", "bad_phone"), str(error)) from None


def _email(customer: CustomerBody) -> EmailAddress | None:
    if not customer.email:
        return None
    try:
        return parse_email(customer.email)
    except ValueError as error:
        raise WrongValueError("/customer/email", getattr(error, "code", "bad_email"), str(error)) from None
