"""Programmes are written, started and paused here. Refusing is a value: what is wrong, by name."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from app.extensions import db, lock
from surveys.invitations.eligibility import Channel
from surveys.invitations.models import Programme, Touchpoint
from surveys.invitations.order import settle
from surveys.invitations.overrides import WrongNumber, wrong_numbers
from surveys.questionnaires.service import latest_version

LONGEST_KEY = 40


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a programme is to be; `policy` holds its own numbers, by the names of the contact policy."""

    names: Mapping[str, str]
    touchpoint_id: int
    survey_id: int
    branch_id: int | None = None
    segment: str | None = None
    channels: tuple[str, ...] = (Channel.SMS,)
    delay_minutes: int = 0
    sampling_rate: float = 1.0
    reminder: bool = True
    reminder_channel: str | None = None
    policy: Mapping[str, Any] = field(default_factory=dict)


def wrong_in(plan: Plan) -> tuple[WrongNumber, ...]:
    """Everything in a plan that must not be kept; empty when all of it may be."""
    found = list(wrong_numbers({**plan.policy, "sampling_rate": plan.sampling_rate}))
    known, order = set(Channel), plan.channels
    if not order or len(set(order)) != len(order) or not known.issuperset(order):
        found.append(WrongNumber("channels", "wrong", f"channels takes each of {', '.join(Channel)} at most once"))
    if plan.reminder_channel is not None and plan.reminder_channel not in known:
        found.append(WrongNumber("reminder_channel", "wrong", f"reminder_channel takes {', '.join(Channel)}"))
    if plan.delay_minutes < 0:
        found.append(WrongNumber("delay_minutes", "wrong", "delay_minutes takes 0 or more"))
    if not plan.names.get("en", "").strip():
        found.append(WrongNumber("names", "missing", "a programme has a name in English at least"))
    return tuple(found)


def create(plan: Plan) -> Programme | tuple[WrongNumber, ...]:
    """A new programme, not live yet; or what is wrong with the plan."""
    if wrong := wrong_in(plan):
        return wrong
    programme = Programme(key=_free_key(plan.names["en"], Programme), live=False)
    _take(programme, plan)
    db.session.add(programme)
    db.session.flush()
    settle(programme)
    return programme


def change(programme: Programme, plan: Plan) -> tuple[WrongNumber, ...]:
    """Make a programme as planned, for whoever is served from now on; or say what is wrong and change nothing."""
    wrong = wrong_in(plan)
    if not wrong:
        moment = programme.touchpoint_id
        _take(programme, plan)
        db.session.flush()
        if programme.touchpoint_id != moment:
            settle(programme)
    return wrong


def go_live(programme: Programme) -> bool:
    """Ask from now on. False while its questionnaire was never published: it would have nothing to ask."""
    if latest_version(programme.survey_id) is None:
        return False
    programme.live = True
    db.session.flush()
    return True


def pause(programme: Programme) -> None:
    """Ask and remind nobody more; what waits is stopped by the rules when its time comes."""
    programme.live = False
    db.session.flush()


def add_touchpoint(names: Mapping[str, str]) -> Touchpoint:
    """A new kind of moment; other systems report it by the key made of its English name."""
    touchpoint = Touchpoint(key=_free_key(names["en"], Touchpoint), names=dict(names))
    db.session.add(touchpoint)
    db.session.flush()
    return touchpoint


def _take(programme: Programme, plan: Plan) -> None:
    programme.names, programme.policy = dict(plan.names), dict(plan.policy)
    programme.touchpoint_id, programme.survey_id = plan.touchpoint_id, plan.survey_id
    programme.branch_id, programme.segment = plan.branch_id, plan.segment
    programme.channels, programme.delay_minutes = list(plan.channels), plan.delay_minutes
    programme.sampling_rate = plan.sampling_rate
    programme.reminder, programme.reminder_channel = plan.reminder, plan.reminder_channel


def _free_key(name: str, kind: type[Programme] | type[Touchpoint]) -> str:
    lock(f"key:{kind.__tablename__}")
    letters = "".join(sign if sign.isascii() and sign.isalnum() else "_" for sign in name.lower())
    stem = "_".join(filter(None, letters.split("_")))[: LONGEST_KEY - 4].strip("_") or kind.__tablename__[:-1]
    taken = set(db.session.scalars(select(kind.key).where(kind.key.startswith(stem))))
    number = next(n for n in range(1, len(taken) + 2) if (stem if n == 1 else f"{stem}_{n}") not in taken)
    return stem if number == 1 else f"{stem}_{number}"
