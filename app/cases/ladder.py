"""Who has a case, who is next when nobody acts, and who may act on it."""

from collections.abc import Iterator
from datetime import datetime
from enum import IntEnum
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.cases.models import Case, CaseEvent
from app.cases.places import place_of
from app.extensions import db
from surveys.people.models import Branch, Staff
from surveys.people.queries import chain, load_ladder, subtree


class Level(IntEnum):
    """How far up a case stands."""

    OWNER = 0
    DEPUTY = 1
    BRANCH_MANAGER = 2
    REGION = 3


def first_holder(owner: Staff | None, branch: Branch, *, priority: int, now: datetime) -> tuple[Staff, Level] | None:
    """Who a new case goes to: its owner, or whoever stands in while they are away. None where nobody is in charge.

    What cannot wait goes to whoever is on call while the branch is closed, or its manager and their deputy are away.
    """
    load_ladder(branch)
    rungs = list(_rungs(owner or _manager(branch), branch))
    present = [rung for rung in rungs if not away(rung[0], branch, now=now)]
    return _on_call_now(branch, priority=priority, now=now) or next(iter(present or rungs), None)


def on_call_for(case: Case, *, now: datetime) -> Staff | None:
    """Who is on call for a case that became one that cannot wait; None when its holder is the right one."""
    found = _on_call_now(case.branch, priority=case.priority, now=now)
    return found[0] if found is not None and found[0].id != case.owner_id else None


def _on_call_now(branch: Branch, *, priority: int, now: datetime) -> tuple[Staff, Level] | None:
    person = _on_call(branch) if priority == 1 else None
    if person is None or away(person, branch, now=now):
        return None
    manager = _manager(branch)
    in_charge = [one for one in (manager, manager.deputy if manager else None) if one is not None]
    nobody = all(away(one, branch, now=now) for one in in_charge)
    return (person, Level.OWNER) if nobody or not place_of(branch, now=now).is_open(now) else None


def next_holder(case: Case, *, now: datetime) -> tuple[Staff, Level] | None:
    """The next one up who is at work and does not have it already; None at the top."""
    return next((rung for rung in _above(case) if not away(rung[0], case.branch, now=now)), None)


def higher_holder(case: Case, *, now: datetime) -> tuple[Staff, Level]:
    """Who gets a case that comes back: one level higher than it stood; at the top it stays. A deputy is not higher."""
    above = [rung for rung in _above(case) if rung[1] > Level.DEPUTY]
    present = [rung for rung in above if not away(rung[0], case.branch, now=now)]
    return (present or above or [(case.owner, Level(case.level))])[0]


def away(person: Staff, branch: Branch, *, now: datetime) -> bool:
    """Whether they are absent today, by the branch's calendar."""
    return person.absent_on(now.astimezone(ZoneInfo(branch.time_zone)).date())


def may_act(person: Staff, case: Case) -> bool:
    """Whether the case is theirs: they have or had it, stand in for its owner, or manage the place or one above it."""
    if person.id in held_by(case):
        return True
    if person.id in {case.owner.deputy_id, *(s.deputy_id for s in _holders(case))}:
        return True
    return any(
        place.manager_id == person.id or (place.manager and place.manager.deputy_id == person.id)
        for place in chain(case.branch)
    )


def held_by(case: Case) -> set[int]:
    """Ids of everybody who has or had the case."""
    return {case.owner_id, *(person.id for person in _holders(case))}


def places_of(person: Staff) -> set[int]:
    """Ids of the places whose cases are theirs to see as manager or as the manager's deputy, with all below."""
    chief = select(Staff.id).where(Staff.deputy_id == person.id)
    led = select(Branch.id).where((Branch.manager_id == person.id) | Branch.manager_id.in_(chief))
    return subtree(list(db.session.scalars(led)))


def primary_of(case: Case) -> Staff:
    """Whose case it is by rights: the customer's owner or the branch's manager, whoever stands in for them now."""
    return next(iter(_holders(case)), case.owner)


def _holders(case: Case) -> list[Staff]:
    # "primary" at opening, then everybody it was given to.
    ids = [
        event.detail["to"]
        for event in case.history
        if event.detail and event.detail.get("to") and event.kind in ("opened", "handed_over", "handed_up", "reopened")
    ]
    primary = [e.detail["primary"] for e in case.history if e.kind == "opened" and e.detail.get("primary")]
    found = (db.session.get(Staff, staff_id) for staff_id in dict.fromkeys([*primary, *ids]))
    return [person for person in found if person is not None]


def _above(case: Case) -> Iterator[tuple[Staff, Level]]:
    on_call = _on_call(case.branch)
    # Whoever is on call only stood in: the next breach takes it to those they stood in for.
    level = case.level - 1 if on_call is not None and on_call.id == case.owner_id else case.level
    rungs = _rungs(primary_of(case), case.branch)
    return (rung for rung in rungs if rung[1] > level and rung[0].id != case.owner_id)


def _rungs(primary: Staff | None, branch: Branch) -> Iterator[tuple[Staff, Level]]:
    """Owner, deputy, branch manager, then the managers above: each person once, on the first rung they stand on."""
    seen: set[int] = set()
    manager = _manager(branch)
    deputy = (primary.deputy if primary else None) or (manager.deputy if manager else None)
    rungs: list[tuple[Staff | None, Level]] = [
        (primary, Level.OWNER),
        (deputy, Level.DEPUTY),
        (manager, Level.BRANCH_MANAGER),
        *((place.manager, Level.REGION) for place in chain(branch)[1:]),
    ]
    for person, level in rungs:
        if person is not None and person.id not in seen:
            seen.add(person.id)
            yield person, level


def _manager(branch: Branch) -> Staff | None:
    return next((place.manager for place in chain(branch) if place.manager is not None), None)


def _on_call(branch: Branch) -> Staff | None:
    return next((place.on_call for place in chain(branch) if place.on_call is not None), None)


def last_hand_over(case: Case) -> CaseEvent | None:
    """The hand-over a colleague made, if nothing moved the case since."""
    moves = [e for e in case.history if e.kind in ("opened", "handed_over", "handed_up", "handed_back", "reopened")]
    return moves[-1] if moves and moves[-1].kind == "handed_over" else None
