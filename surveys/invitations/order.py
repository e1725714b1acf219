"""The order in which the programmes of one moment are tried: kept as numbers ten apart, moved one place at a time."""

from collections.abc import Collection, Iterable

from sqlalchemy import select

from app.extensions import db, lock
from surveys.invitations.models import Programme
from surveys.invitations.overlap import Lost, Reach, lost_to, place_for
from surveys.people.models import Branch
from surveys.people.queries import chain
from surveys.questionnaires.models import SurveyVersion

STEP = 10


def in_order(touchpoint_id: int) -> list[Programme]:
    """Every programme of a moment, the first that is tried first."""
    query = select(Programme).where(Programme.touchpoint_id == touchpoint_id)
    return list(db.session.scalars(query.order_by(Programme.priority, Programme.id)))


def move(programme: Programme, *, up: bool, past: Collection[int]) -> bool:
    """Before the programme that comes next before it, or behind the one next behind; only these ids are stepped past,
    so that whoever sees a part of the order moves what they see. False where there is nothing to pass."""
    lock(f"order:{programme.touchpoint_id}")
    order = in_order(programme.touchpoint_id)
    here = order.index(programme)
    way = range(here - 1, -1, -1) if up else range(here + 1, len(order))
    there = next((number for number in way if order[number].id in past), None)
    if there is None:
        return False
    order.insert(there, order.pop(here))
    _number(order)
    return True


def settle(programme: Programme) -> None:
    """Give a programme that is new to its moment a place in the order: before a wider one, else last."""
    lock(f"order:{programme.touchpoint_id}")
    others = [one for one in in_order(programme.touchpoint_id) if one is not programme]
    asking = _asking()
    others.insert(place_for([_reach(one, asking) for one in others], _reach(programme, asking)), programme)
    _number(others)


def losses(programmes: Iterable[Programme]) -> dict[int, tuple[Lost, ...]]:
    """By programme, what those before it in the order of its moment take."""
    asking = _asking()
    found: dict[int, tuple[Lost, ...]] = {}
    for touchpoint_id in {one.touchpoint_id for one in programmes}:
        order = [_reach(one, asking) for one in in_order(touchpoint_id)]
        found |= {one.programme_id: lost_to(order[:number], one) for number, one in enumerate(order)}
    return found


def _number(order: list[Programme]) -> None:
    for number, one in enumerate(order, start=1):
        one.priority = number * STEP
    db.session.flush()


def _asking() -> set[int]:
    return set(db.session.scalars(select(SurveyVersion.survey_id).distinct()))


def _reach(programme: Programme, asking: set[int]) -> Reach:
    place = db.session.get_one(Branch, programme.branch_id) if programme.branch_id is not None else None
    return Reach(
        programme_id=programme.id,
        place=programme.branch_id,
        within=frozenset(one.id for one in chain(place)) if place else frozenset(),
        segment=programme.segment,
        asks=programme.live and programme.survey_id in asking,
    )
