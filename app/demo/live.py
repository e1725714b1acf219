"""The branch of the first visitor, this very day: one case in every state, with the clocks running."""

import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from app.cases.hours import Place as Hours
from app.cases.policy import ClockPolicy, contact_deadline
from app.demo.answers import Given, Reply
from app.demo.cases_now import Plan, Young
from app.demo.company import Company
from app.demo.moods import SCRIPTED
from app.demo.people import ZONE, Crowd, Person
from app.demo.visits import Visit
from app.demo.weeks import Weeks
from surveys.questionnaires.flow import Band

SPANS = ("acknowledge", "contact", "promise", "resolve", "dismiss", "recovery_after")
CRITICAL_HOURS = ClockPolicy().critical_contact_hours
OWNERS = {"zh-Hans": "S-17", "en": "S-12"}


@dataclass(frozen=True)
class Scene:
    """Somebody unhappy: who they are, what they said, how long ago, and what was done about it."""

    tier: str
    language: str
    reply: Reply
    ago: timedelta
    overdue: bool
    plan: Plan


@cache
def written() -> tuple[Scene, ...]:
    """The scenes of scenes.toml."""
    raw = tomllib.loads((Path(__file__).parent / "scenes.toml").read_text("utf-8"))
    return tuple(_scene(one) for one in raw["scene"])


def _scene(raw: dict[str, Any]) -> Scene:
    deeds: dict[str, Any] = {name: timedelta(hours=raw[name]) for name in SPANS if name in raw}
    deeds |= {name: raw[name] for name in ("outcome", "recovery") if name in raw}
    reply = Reply(raw["score"], Band.LOW, raw["theme"], raw["words"], raw.get("call"))
    return Scene(
        raw["tier"], raw["language"], reply, timedelta(hours=raw["ago"]), raw.get("overdue", False), Plan(**deeds)
    )


def cast(crowd: Crowd, rng: Random) -> list[tuple[Scene, Person]]:
    """Who plays which scene; nobody else will ask them. Choose before the weeks pass."""
    return [(scene, _somebody(crowd, rng, scene)) for scene in written()]


def scenes(
    company: Company, weeks: Weeks, players: list[tuple[Scene, Person]], hours: Hours, *, now: datetime
) -> list[Young]:
    """The answers behind these cases, in the ledger, with what is going to be done about each."""
    moment = daytime(now)
    found = []
    for scene, person in players:
        at = _by_day(moment - scene.ago)
        while scene.overdue and not _overdue(at, hours, moment):
            at = _by_day(at - timedelta(hours=1))
        visit, given = _answered(company, weeks, person, at, scene.reply)
        if given is not None:
            found.append(Young(visit, given, scene.plan))
    return found


def strays(crowd: Crowd, weeks: Weeks, rng: Random, *, now: datetime) -> None:
    """Words that came without a question these days, and wait for somebody to read them."""
    moment = daytime(now)
    quiet = [
        person
        for person in crowd.asked[SCRIPTED]
        if person.answered_at is not None
        and not person.opted_out
        and timedelta(days=20) < now - person.answered_at < timedelta(days=80)
    ]
    for person, hours in zip(rng.sample(quiet, min(3, len(quiet))), (2, 9, 27), strict=False):
        weeks.write_in(person, weeks.comments.stray(person.language), _by_day(moment - timedelta(hours=hours)))


def _overdue(at: datetime, hours: Hours, moment: datetime) -> bool:
    due = contact_deadline(at, hours=CRITICAL_HOURS, time_zone=hours.time_zone, calendar=hours.calendar)
    return due <= moment - timedelta(hours=1)


def daytime(now: datetime) -> datetime:
    """Now, or the evening before when people sleep: a night's answers would look odd."""
    local = now.astimezone(ZoneInfo(ZONE))
    if local.hour < 8:
        evening = datetime.combine(local.date() - timedelta(days=1), time(21, 40), ZoneInfo(ZONE))
        return evening.astimezone(UTC)
    if local.hour >= 22:
        return datetime.combine(local.date(), time(21, 40), ZoneInfo(ZONE)).astimezone(UTC)
    return now


def _by_day(at: datetime) -> datetime:
    """The moment itself, or the evening before when people sleep."""
    local = at.astimezone(ZoneInfo(ZONE))
    if local.hour >= 8:
        return at
    return datetime.combine(local.date() - timedelta(days=1), time(20, 50), ZoneInfo(ZONE)).astimezone(UTC)


def _somebody(crowd: Crowd, rng: Random, scene: Scene) -> Person:
    fresh = crowd.fresh[SCRIPTED]
    chinese = scene.language == "zh-Hans"
    suits = [
        p
        for p in fresh
        if p.tier == scene.tier
        and p.language == scene.language
        and any(sign >= "\u4e00" for sign in p.name) == chinese
        and (p.owner is None or p.owner.code == OWNERS[scene.language])
    ]
    person = rng.choice(suits or [p for p in fresh if p.language == scene.language])
    fresh.remove(person)
    return person


def _answered(company: Company, weeks: Weeks, person: Person, at: datetime, reply: Reply) -> tuple[Visit, Given | None]:
    served = at - timedelta(minutes=21)
    local = served.astimezone(ZoneInfo(ZONE))
    if not time(10) <= local.time() < time(17):
        day = local.date() - timedelta(days=local.time() < time(10))
        served = datetime.combine(day, time(16, 40), ZoneInfo(ZONE)).astimezone(UTC)
    place = person.place
    visit = weeks.reception.receive(person, company.asked["branch_visit"], at=served, staff=place.counter[0])
    weeks.send(visit, surely=True)
    # Two texts and the words take them some minutes: the answer that opened the case is the first of these.
    given = weeks.answering.give(visit, reply, at=at, web=person.language == "en")
    if given is not None and visit.invitation["state"] == "started":
        weeks.converse(visit, given)
    return visit, given
