"""What the survey page shows now, decided from the answers, the time and how the case stands."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from app.cases.queries import CustomerStatus, status_for_invitation
from app.extensions import settings
from app.public.words import say
from surveys.invitations.invited import Invited
from surveys.invitations.models import InvitationState
from surveys.questionnaires.asking import thanks_key
from surveys.questionnaires.flow import Definition, Given, Kind, Question, in_language, said
from surveys.questionnaires.piping import ANSWER, answers_in_words, fill, placeholders
from surveys.questionnaires.service import definition_of
from surveys.responses.service import is_closed, progress
from surveys.responses.texts import day_words, known_values


@dataclass(frozen=True, kw_only=True)
class Page:
    """Everything a template needs; nothing is decided there."""

    template: str
    title: str = ""
    occasion: str = ""
    step: str = ""
    question: Question | None = None
    heading: str = ""
    hint: str = ""
    about: str = ""
    numbers: tuple[int, ...] = ()
    low: str = ""
    high: str = ""
    current: int | None = None
    chosen: str | None = None
    ticked: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    gave: tuple[int, int, str] | None = None  # value, top of the scale, question key
    words: str = ""
    until: str = ""
    stopped: bool = False  # they wanted no more surveys
    late: bool = False
    posted: bool = False
    status: CustomerStatus | None = None
    thanks: str = ""
    days: int = 0
    can_skip: bool = False


def page_for(
    invitation: Invited,
    answers: Mapping[str, Given],
    *,
    language: str,
    now: datetime,
    change: str | None,
    carried: str | None,
    posted: bool,
    reviewed: bool = True,
) -> Page:
    """The page for this invitation at this moment. `reviewed`: as for `status_for_invitation`."""
    definition = definition_of(invitation.version)
    closed = is_closed(invitation, now)
    wanted = definition.question(change) if change and not closed else None
    if wanted is not None and not definition.asked(wanted, answers):
        wanted = None
    following = wanted or definition.next(answers)
    if following is None:
        return _finished(invitation, answers, language=language, now=now, reviewed=reviewed)
    if closed:
        # Whoever left questions open and has a case is told how it stands, too.
        status = status_for_invitation(invitation, now=now, language=language) if answers else None
        if status is not None:
            return replace(
                _finished(invitation, answers, language=language, now=now, status=status),
                question=_to_write(definition, answers),
            )
        return _closed(invitation, answers, language=language, now=now, posted=posted)
    piped = _Piped(invitation, definition, answers, language)
    return question_page(
        definition,
        following,
        answers,
        language=language,
        fill=piped.filled,
        occasion=_occasion(invitation, language),
        hinted=piped.may_hint(following),
        chosen=_carried(following, carried) if wanted is None else None,
        posted=posted,
    )


def question_page(
    definition: Definition,
    question: Question,
    answers: Mapping[str, Given],
    *,
    language: str,
    fill: Callable[[str], str],
    occasion: str,
    hinted: bool = True,
    chosen: int | None = None,
    posted: bool = False,
) -> Page:
    """The page of one question; `fill` puts in what stands in braces. The preview shows questions by it, too."""
    at, of = progress(definition, question, answers)
    scale = question.scale
    given = answers.get(question.key)
    about = definition.band_for(question, answers)
    step = say(language, "step_last" if at == of and of > 1 else "step", at=at, of=of)
    heading = fill(said(question.text, about, language))
    return Page(
        template="public/question.html",
        title=f"{heading.replace('|', '')} {step}",
        occasion=occasion,
        step=step,
        question=question,
        heading=heading,
        hint=fill(in_language(question.hint, language)) if hinted else "",
        about=about,
        numbers=tuple(range(scale[0], scale[1] + 1)) if scale else (),
        low=fill(in_language(question.low, language)),
        high=fill(in_language(question.high, language)),
        current=chosen if chosen is not None else given.value if given else None,
        chosen="carried" if chosen is not None else given.choice if given else None,
        ticked=given.choices if given else (),
        labels={c.key: fill(in_language(c.label, language)) for c in question.choices},
        gave=None if question.choices else score_given(definition.questions, answers),
        words=(given.text or "") if given else "",
        can_skip=question.kind is Kind.TEXT or question.optional,
        posted=posted,
    )


def _occasion(invitation: Invited, language: str) -> str:
    event = invitation.event
    day = day_words(event.occurred_at.astimezone(ZoneInfo(invitation.branch.time_zone)).date(), language)
    what = in_language(event.touchpoint.names, language)
    where = invitation.branch.name(language)
    return f"{day}，{where}，{what}" if language.startswith("zh") else f"{what}, {where}, {day}"


def on_scale(written: str, scale: tuple[int, int]) -> int | None:
    """The number of the scale that stands there, and nothing else."""
    value = int(written) if re.fullmatch(r"[0-9]{1,2}", written) else -1
    return value if scale[0] <= value <= scale[1] else None


def _carried(question: Question, carried: str | None) -> int | None:
    return on_scale(carried, question.scale) if question.scale and carried else None


def score_given(questions: tuple[Question, ...], answers: Mapping[str, Given]) -> tuple[int, int, str] | None:
    """The first score given, the top of its scale, and the question's key."""
    for question in questions:
        given = answers.get(question.key)
        if question.scale and given is not None and given.value is not None:
            return given.value, question.scale[1], question.key
    return None


class _Piped:
    """The words of a question with what is known filled in."""

    def __init__(
        self, invitation: Invited, definition: Definition, answers: Mapping[str, Given], language: str
    ) -> None:
        self._invitation, self._definition = invitation, definition
        self._answers, self._language = answers, language
        self._looked_up: dict[str, str | None] = {}

    def filled(self, text: str) -> str:
        wanted = placeholders(text)
        return fill(text, self._known(wanted), self._language) if wanted else text

    def may_hint(self, question: Question) -> bool:
        """A hint that speaks of a phone we do not have is left out."""
        return "{ends}" not in in_language(question.hint, self._language) or "ends" in self._known(("ends",))

    def _known(self, wanted: Collection[str]) -> Mapping[str, str]:
        for name in set(wanted) - self._looked_up.keys():
            self._looked_up[name] = known_values((name,), self._language, invitation=self._invitation).get(name)
        known = {name: value for name in wanted if (value := self._looked_up[name])}
        if not any(name.startswith(ANSWER) for name in wanted):
            return known
        return {**known, **answers_in_words(self._definition, self._answers, self._language)}


def _finished(
    invitation: Invited,
    answers: Mapping[str, Given],
    *,
    language: str,
    now: datetime,
    status: CustomerStatus | None = None,
    reviewed: bool = True,
) -> Page:
    definition = definition_of(invitation.version)
    gave = score_given(definition.questions, answers)
    until = invitation.expires_at
    zone = ZoneInfo(invitation.branch.time_zone)
    thanks = thanks_for(definition, answers)
    written = [q for q in definition.questions if q.kind is Kind.TEXT]
    words = next((answers[q.key].text for q in written if q.key in answers and answers[q.key].text), "") or ""
    if status is None and (words or thanks in ("low", "recovery_no")):  # a high score with words may have opened one
        status = status_for_invitation(invitation, now=now, language=language, reviewed=reviewed)
    return Page(
        template="public/finished.html",
        thanks=thanks,
        gave=gave,
        until=day_words(until.astimezone(zone).date(), language) if until and now < until else "",
        words=words,
        status=status,
        days=settings().policy.cap_days,
    )


def thanks_for(definition: Definition, answers: Mapping[str, Given]) -> str:
    """Which words of thanks fit the answers; they go with the last text by SMS."""
    key = thanks_key(definition, answers)
    return {"thanks_call": "low", "thanks_no_call": "low"}.get(key, key.removeprefix("thanks_"))


def _to_write(definition: Definition, answers: Mapping[str, Given]) -> Question | None:
    """Where words still go that come after the end: the first question in words, once."""
    text = next((q for q in definition.questions if q.kind is Kind.TEXT), None)
    return None if text is None or text.key in answers else text


def _closed(invitation: Invited, answers: Mapping[str, Given], *, language: str, now: datetime, posted: bool) -> Page:
    definition = definition_of(invitation.version)
    zone = ZoneInfo(invitation.branch.time_zone)
    # One that was stopped or replaced closed before its time.
    moment = min((at for at in (invitation.expires_at, invitation.closed_at) if at is not None), default=now)
    text = _to_write(definition, answers)
    said_something = text is None and any(q.kind is Kind.TEXT for q in definition.questions)
    return Page(
        template="public/closed.html",
        question=text,
        until=day_words(moment.astimezone(zone).date(), language),
        stopped=invitation.state == InvitationState.REFUSED,
        late=said_something,
        posted=posted,
    )
