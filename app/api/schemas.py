"""The shapes other systems send, checked by pydantic; the OpenAPI document is made from the same classes."""

from datetime import datetime
from typing import Annotated, Any
from zoneinfo import available_timezones

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from config import Config
from notifications import EmailAddress, PhoneNumber, parse_email, parse_phone
from surveys.invitations.events import NewEvent
from surveys.people.service import ConsentGiven, Person

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Source = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
Code = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]


def _zone(name: str | None) -> str | None:
    if name is not None and name not in available_timezones():
        raise ValueError(f"{name!r} is not a time zone; use a name like Asia/Shanghai")
    return name


def _language(tag: str | None) -> str | None:
    if tag is None:
        return None
    return "zh-Hans" if tag.lower().startswith("zh") else "en"


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ConsentBody(_Shape):
    """What the customer agreed to, where, and the wording they saw."""

    sms: bool
    source: str = Field("", max_length=40)
    wording: str = Field("", max_length=2000)


class CustomerBody(_Shape):
    """Who was served. Give at least a reference, a phone or an e-mail."""

    external_ref: Name | None = None
    name: str | None = Field(None, max_length=120)
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
    occurred_at: AwareDatetime
    branch: Code = Field(examples=["BJ-01"])
    staff: Code | None = None
    customer: CustomerBody
    reopens: Name | None = None
    attributes: dict[str, Any] = Field(default_factory=dict, max_length=50)


class WrongValueError(ValueError):
    """A value that has the right shape but cannot be used."""

    def __init__(self, pointer: str, code: str, detail: str) -> None:
        super().__init__(detail)
        self.pointer, self.code, self.detail = pointer, code, detail


def refuse_unstorable(value: Any, pointer: str = "") -> None:
    """Raises WrongValueError naming the first text with signs no database keeps (NUL, half a surrogate pair)."""
    if isinstance(value, str):
        if "\0" in value or any("\ud800" <= sign <= "\udfff" for sign in value):
            raise WrongValueError(pointer or "/", "unstorable_text", "The text holds a NUL or half a surrogate pair.")
    elif isinstance(value, dict):
        for key, item in value.items():
            refuse_unstorable(key, pointer)
            refuse_unstorable(item, f"{pointer}/{key}")
    elif isinstance(value, list):
        for number, item in enumerate(value):
            refuse_unstorable(item, f"{pointer}/{number}")


def new_event(body: ServiceEventBody, *, config: Config, now: datetime) -> NewEvent:
    """The event as the service takes it. Raises WrongValueError naming the part that cannot be used."""
    customer = body.customer
    phone, email = _phone(customer, config), _email(customer)
    if not (customer.external_ref or phone or email):
        raise WrongValueError("/customer", "nobody", "Give the customer's external_ref, phone or email.")
    if (body.occurred_at - now).total_seconds() > 300:
        raise WrongValueError("/occurred_at", "in_the_future", "occurred_at lies in the future.")
    complaint = body.attributes.get("complaint", False)
    if not isinstance(complaint, bool):
        raise WrongValueError("/attributes/complaint", "not_a_boolean", "attributes.complaint must be true or false.")
    consent = customer.consent
    return NewEvent(
        source=body.source,
        external_ref=body.external_ref,
        touchpoint=body.touchpoint,
        branch=body.branch,
        staff=body.staff,
        home=customer.branch,
        owner=customer.owner,
        occurred_at=body.occurred_at,
        reopens=body.reopens,
        complaint=complaint,
        attributes=body.attributes,
        body=body.model_dump(mode="json"),
        person=Person(
            external_ref=customer.external_ref,
            name=customer.name,
            phone=phone,
            email=email,
            language=customer.language,
            time_zone=customer.time_zone,
            region=customer.region,
            consent=ConsentGiven(sms=consent.sms, source=consent.source, wording=consent.wording) if consent else None,
        ),
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
