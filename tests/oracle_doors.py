"""Reference cases of the rules at the doors: whom we may contact and when, wishes to stop, deadlines, replies."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from importlib import import_module
from typing import Any
from zoneinfo import ZoneInfo

from tests.oracles import Bench, Check, NotBuiltError, check


def _rule(module: str, name: str) -> Callable[..., Any]:
    """A pure rule of another room, or the news that it is not there yet."""
    try:
        room = import_module(module)
    except ModuleNotFoundError as missing:
        if missing.name and module.startswith(missing.name):
            raise NotBuiltError(f"{module}.{name}") from missing
        raise
    if not hasattr(room, name):
        raise NotBuiltError(f"{module}.{name}")
    return getattr(room, name)  # type: ignore[no-any-return]


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def contact_policy(group: dict[str, Any], bench: Bench) -> Iterator[Check]:
    """May we ask now, later or not at all; windows by jurisdiction come with the group."""
    for case in group["cases"]:
        want = {key: case[key] for key in ("decision", "reason", "at_local")}

        def decided(case: dict[str, Any] = case) -> dict[str, Any]:
            found = _rule("surveys.invitations.eligibility", "contact_decision")(
                now=_moment(case["now_utc"]),
                time_zone=case["tz"],
                jurisdiction=case["jurisdiction"],
                consent=case["consent"],
                opted_out=case["opted_out"],
                last_survey=_moment(case["last_survey_utc"]),
                event=_moment(case["event_utc"]),
                windows=group["windows"],
                company_window=tuple(group["company_window"]),
            )
            at = found.at_local.isoformat() if found.at_local else None
            return {"decision": str(found.decision), "reason": str(found.reason), "at_local": at}

        yield check(f"{case['jurisdiction']} {case['now_utc']} {case['reason']}", decided, want)


def opt_out_keywords(group: dict[str, Any], bench: Bench) -> Iterator[Check]:
    """Words that stop, and words that only look like it."""
    for want, key in ((True, "stop"), (False, "not_stop")):
        for text in group[key]:
            yield check(
                f"{key} {text!r}", lambda text=text: bool(_rule("notifications.optout_words", "is_stop")(text)), want
            )


def sla(group: dict[str, Any], bench: Bench) -> Iterator[Check]:
    """When the first contact is due."""
    for case in group["cases"]:

        def due(case: dict[str, Any] = case) -> str:
            moment = _rule("app.cases.policy", "contact_deadline")(
                datetime.fromisoformat(case["created"]), hours=case["hours"], time_zone=case["tz"]
            )
            return datetime.isoformat(moment.astimezone(ZoneInfo(case["tz"])))

        yield check(f"{case['created']} {case['hours']}h {case['tz']}", due, case["due"])


def replies(group: dict[str, Any] | list[dict[str, Any]], bench: Bench) -> Iterator[Check]:
    """What a text means as the answer to one question."""
    cases = group if isinstance(group, list) else group.get("cases", group.get("expected", []))
    for case in cases:
        asked = {**case.get("input", {}), **case}
        want = {key: asked[key] for key in ("value", "comment", "action") if key in asked}
        want.update({key: asked["expected"][key] for key in asked.get("expected", {})})

        def read(asked: dict[str, Any] = asked) -> dict[str, Any]:
            reader = _rule("surveys.responses.parsing", "read_reply")
            more = {"choices": asked["choices"]} if "choices" in asked else {}
            found = reader(asked["text"], kind=asked["kind"], language=asked["language"], **more)
            return {"value": found.value, "comment": found.comment, "action": str(found.action)}

        yield check(f"{asked['kind']} {asked['text']!r}", read, want)
