"""What customers said: the list behind every number, and one response whole, with what decided its reading."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, g, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from app.auth.roles import Permission, Scope
from app.cases.lookup import case_of_origin
from app.console import blueprint, labels
from app.console.marking import heard, marked
from app.console.needs import needs
from app.console.originals import ReasonForm
from app.console.queries_answers import (
    MEASURES,
    STATES,
    AnswerPage,
    Filter,
    answer_in_scope,
    answer_page,
    newest_week,
    revisions,
)
from app.console.queries_places import case_seen, customers_seen
from app.console.readings import readings
from app.console.weeks import Choice, choice_of
from app.extensions import clock, db
from app.i18n import language
from app.insights.suppression import SHOWN_FROM
from app.reports.measures import score
from app.reports.telling import wording
from surveys.people.models import Customer
from surveys.people.queries import subtree
from surveys.questionnaires.flow import Band, Given, Question, said
from surveys.questionnaires.piping import answer_in_words, answers_in_words, fill, placeholders
from surveys.questionnaires.service import definition_of
from surveys.responses.kept import given_answers
from surveys.responses.models import Answer, AnswerRevision, Response
from surveys.responses.texts import known_values
from surveys.understanding.books import book_in_use


@blueprint.get("/answers")
@needs(Permission.SEE_ANSWERS)
def answers() -> str:
    """The list, narrowed by ?week= &branch= &band= &theme= &channel= &measure= &state=, and ?page=."""
    now = clock().now()
    chosen = choice_of(g.scope, now=now)
    wanted = _filter(g.scope, chosen)
    found = answer_page(g.scope, wanted, page=request.args.get("page", 1, int))
    return render_template(
        "console/answers.html",
        chosen=chosen,
        wanted=wanted,
        found=found,
        asked={k: v for k, v in request.args.items() if v and k not in ("page", "lang")},
        lede=_lede(wanted, found),
        narrowed=_narrowed(wanted),
        themes=_themes(wanted.theme),
        reads_names=g.scope.may(Permission.SEE_CUSTOMERS),
        weeks_only=not g.scope.may(Permission.SEE_CUSTOMERS),
        shown_from=SHOWN_FROM,
        labels=labels,
        now=now,
        Band=Band,
    )


def _filter(scope: Scope, chosen: Choice) -> Filter:
    within = subtree([chosen.branch.id]) & scope.branch_ids if chosen.branch else scope.branch_ids
    week = chosen.week
    if week is None and not scope.may(Permission.SEE_CUSTOMERS):
        # Who looks after no customers reads week by week, so that a small branch stays hidden in its week.
        iso = newest_week(scope, frozenset(within), chosen.zone)
        week = next((one for one in chosen.weeks if one.iso == iso), chosen.weeks[0])
    return Filter(
        branch_ids=frozenset(within),
        week=week,
        band=_one_of("band", [b.value for b in Band]),
        theme=_one_of("theme", None),
        channel=_one_of("channel", list(labels.CHANNELS)),
        measure=_one_of("measure", MEASURES),
        state=_one_of("state", STATES),
    )


def _one_of(name: str, known: Sequence[str] | None) -> str | None:
    value = request.args.get(name, "")[:40]
    if value and known is not None and value not in known:
        abort(404)
    return value or None


def _lede(wanted: Filter, found: AnswerPage) -> str:
    """What the answers say together, when there are enough of them and nobody chose them by their score."""
    if wanted.band or wanted.state == "late" or not found.sums.nps.n:
        return ""
    told = score(found.sums.nps)
    if told is None:
        return str(_("Scores are shown from %(n)s answers.", n=SHOWN_FROM))
    return wording(language()).score(told) + str(_("."))


def _narrowed(wanted: Filter) -> list[str]:
    """What else the list is narrowed by, in the words of the filters."""
    said = [str(labels.BANDS[Band(wanted.band)])] if wanted.band else []
    said += labels.theme_words([{"theme": wanted.theme}]) if wanted.theme else []
    return [*said, str(labels.CHANNELS[wanted.channel])] if wanted.channel else said


def _themes(chosen: str | None) -> list[tuple[str, str]]:
    book = book_in_use()
    keys = [*book.themes, *([chosen] if chosen and chosen not in book.themes else [])]
    return [(key, labels.theme_words([{"theme": key}])[0]) for key in keys]


@dataclass(frozen=True)
class Told:
    """One question with what was answered, and what stood there before."""

    question: str
    answer: Answer
    choice: str
    words: Markup
    heard: list[tuple[str, str]]
    once_heard: list[str]  # what was heard in words that are gone
    tongue: str
    before: list[str]


@blueprint.get("/answers/<int:response_id>")
@needs(Permission.SEE_ANSWERS)
def answer(response_id: int) -> str:
    """One response whole."""
    response = answer_in_scope(g.scope, response_id)
    if response is None:
        abort(404)
    now = clock().now()
    customer = None
    if g.scope.may(Permission.SEE_CUSTOMERS):
        customer = db.session.scalar(
            db.select(Customer).where(Customer.id == response.customer_id, customers_seen(g.scope))
        )
    case = case_of_origin("response", str(response.id))
    may_open = g.scope.may(Permission.SEE_CASES) or g.scope.may(Permission.HANDLE_CASES)
    return render_template(
        "console/answer.html",
        response=response,
        told=_told(response, now=now),
        readings=readings(response.answers),
        rating=labels.rating_of(response),
        customer=customer,
        case=case if may_open and case_seen(g.scope, case) else None,
        may_see_why=g.scope.may(Permission.SEE_DECISIONS),
        why=ReasonForm(formdata=None) if g.scope.may(Permission.SEE_ORIGINALS) else None,
        labels=labels,
        now=now,
    )


def _told(response: Response, *, now: Any) -> list[Told]:
    definition = definition_of(response.invitation.version)
    given, before = given_answers(response), revisions(response)
    zone = response.invitation.branch.time_zone
    out = []
    for question in definition.questions:
        found = next((a for a in response.answers if a.question_key == question.key), None)
        if found is None:
            continue
        asked = said(question.text, definition.band_for(question, given), language())
        wanted = set(placeholders(asked)) - {"customer", "ends"}  # who they are is not everybody's to read
        known = known_values(wanted, language(), invitation=response.invitation)
        known |= answers_in_words(definition, given, language())
        out.append(
            Told(
                question=fill(asked, known, language()),
                answer=found,
                choice=_choice_words(question, given[question.key]),
                words=marked(found.text or "", found.deciding, found.signals),
                heard=heard(found.text or "", found.signals),
                once_heard=[] if found.text else [labels.signal_words(one["signal"]) for one in found.signals],
                tongue=labels.tongue(found.language, labels.tongue(response.language)),
                before=[_before(question, one, zone, now) for one in before.get(found.id, [])],
            )
        )
    return out


def _choice_words(question: Question, given: Given) -> str:
    """What was chosen; with the time of a call in the customer's words."""
    chosen = answer_in_words(question, given, language()) if question.choices else ""
    return f"{chosen}{_(': ')}{given.text}" if chosen and given.text else chosen


def _before(question: Question, one: AnswerRevision, zone: str, now: Any) -> str:
    chosen = _choice_words(question, Given(choice=one.choice, text=one.text, choices=tuple(one.choices or ())))
    stood = str(one.value) if one.value is not None else chosen or one.text or ""
    at = labels.full_moment(one.at, zone, now=now)
    return at + str(_(": ")) + stood


def answers_link(**wanted: Any) -> str:
    """The address of the list with these filters."""
    return url_for("console.answers", **{key: value for key, value in wanted.items() if value})
