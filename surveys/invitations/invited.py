"""An invitation as far as whoever answers it needs it, read as a value in one statement: an instance costs thrice that.

Pages and answers are asked for more often than anything else; what they call `Invited` is either.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, TypeAlias

from sqlalchemy import Select, bindparam, select

from app.extensions import db, read_rows
from surveys.invitations.models import Invitation, ServiceEvent, Touchpoint
from surveys.people.models import Branch, Customer, Staff, name_in
from surveys.questionnaires.models import SurveyVersion
from surveys.questionnaires.service import Published


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody was served."""

    code: str
    names: Mapping[str, str]
    phone: str | None
    time_zone: str
    manager_id: int | None

    def name(self, language: str) -> str:
        """The name people know, in their language or the nearest one there is."""
        return name_in(self.names, language) or self.code


@dataclass(frozen=True, slots=True)
class Moment:
    """A kind of moment at which somebody is served."""

    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Occasion:
    """What somebody was served with."""

    source: str
    external_ref: str
    touchpoint_id: int
    occurred_at: datetime
    attributes: Mapping[str, Any]
    touchpoint: Moment


@dataclass(slots=True)
class InvitedRow:
    """The row behind a link, with what goes with it; `change` writes it and keeps it true."""

    row_of: ClassVar = Invitation

    version: Published
    branch: Place
    event: Occasion
    id: int
    service_event_id: int
    customer_id: int
    branch_id: int
    staff_id: int | None
    owner_id: int | None
    channel: str
    phone_index: str | None
    email_index: str | None
    language: str
    state: str
    sent_at: datetime | None
    remind_at: datetime | None
    expires_at: datetime | None
    closed_at: datetime | None

    @property
    def customer(self) -> Customer:
        return db.session.get_one(Customer, self.customer_id)

    @property
    def staff(self) -> Staff | None:
        return db.session.get(Staff, self.staff_id) if self.staff_id is not None else None


Invited: TypeAlias = Invitation | InvitedRow

# What `invited` makes somebody of, in this order; `surrounded` joins what it is read from.
READ = (
    Invitation.version_id,
    SurveyVersion.published_at,
    Branch.code,
    Branch.names,
    Branch.phone,
    Branch.time_zone,
    Branch.manager_id,
    ServiceEvent.source,
    ServiceEvent.external_ref,
    ServiceEvent.touchpoint_id,
    ServiceEvent.occurred_at,
    ServiceEvent.attributes,
    Touchpoint.names,
    Invitation.id,
    Invitation.service_event_id,
    Invitation.customer_id,
    Invitation.branch_id,
    Invitation.staff_id,
    Invitation.owner_id,
    Invitation.channel,
    Invitation.phone_index,
    Invitation.email_index,
    Invitation.language,
    Invitation.state,
    Invitation.sent_at,
    Invitation.remind_at,
    Invitation.expires_at,
    Invitation.closed_at,
)


def surrounded(query: Select[Any]) -> Select[Any]:
    """A query of invitations, with what was asked, where, and about what."""
    return (
        query.join(SurveyVersion, SurveyVersion.id == Invitation.version_id)
        .join(Branch, Branch.id == Invitation.branch_id)
        .join(ServiceEvent, ServiceEvent.id == Invitation.service_event_id)
        .join(Touchpoint, Touchpoint.id == ServiceEvent.touchpoint_id)
    )


def invited(read: Sequence[Any]) -> InvitedRow:
    """Who was invited, of the columns in READ."""
    version, published_at, code, names, phone, zone, manager, source, ref, touchpoint, at, attributes, moment, *own = (
        read
    )
    place = Place(code, names, phone, zone, manager)
    return InvitedRow(
        Published(version, published_at), place, Occasion(source, ref, touchpoint, at, attributes, Moment(moment)), *own
    )


_BEHIND = surrounded(select(*READ).select_from(Invitation)).where(Invitation.token_hash == bindparam("token_hash"))
_BEHIND_HELD = _BEHIND.with_for_update(of=Invitation)


def invited_by(token_hash: str, *, held: bool = False) -> InvitedRow | None:
    """Who was invited by the link with this hash; `held`: nobody else changes the invitation until the commit."""
    row = read_rows(_BEHIND_HELD if held else _BEHIND, token_hash=token_hash).first()
    return invited(row) if row is not None else None
