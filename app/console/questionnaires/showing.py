"""The preview: the page a customer sees and the texts on a phone, for every way through. Nothing is recorded."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from zoneinfo import ZoneInfo

from flask import Response, abort, g, make_response, render_template, request
from sqlalchemy import select

from app.auth.roles import Permission
from app.console import blueprint
from app.console.needs import needs
from app.console.queries_questionnaires import versions_of
from app.console.questionnaires import words
from app.console.questionnaires.room import Data, Work, work_on
from app.extensions import clock, db, settings
from app.i18n import gettext as _
from app.i18n import language as reader
from app.public.sample import sample_page
from notifications import sms_dress
from surveys.people.models import Branch
from surveys.questionnaires.flow import Definition, Given, in_language, read_definition
from surveys.questionnaires.paths import Path, paths
from surveys.questionnaires.preview import Text, sms_thread
from surveys.questionnaires.questions import RANGE, Kind, band
from surveys.responses.texts import day_words, when_words

MOST_WAYS = 60
_SERVICE = {"en": "Branch visit", "zh-Hans": "网点业务", "zh-Hant": "分行業務"}
_THING = {"en": "loan application", "zh-Hans": "贷款申请", "zh-Hant": "貸款申請"}
FRAMED = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; "
    "base-uri 'none'; frame-ancestors 'self'",
    "X-Frame-Options": "SAMEORIGIN",
}


@dataclass(frozen=True)
class Way:
    """One way through: who goes it, and what it costs by SMS in each language."""

    number: int
    path: Path
    who: str
    segments: dict[str, int]
    texts: int

    def cost(self, language: str) -> str:
        """The price of our texts; "" where no price is set."""
        price = settings().sms_price
        return f"{Decimal(str(price)) * self.segments[language]:.2f} {settings().currency}" if price else ""


@dataclass(frozen=True)
class Shown:
    """What is previewed: the draft, or a frozen version (`number`, 0 for the draft)."""

    work: Work
    data: Data
    number: int

    @cached_property
    def definition(self) -> Definition:
        return read_definition(self.data)

    @property
    def languages(self) -> tuple[str, ...]:
        return words.languages_of(self.data)

    @cached_property
    def ways(self) -> list[Way]:
        """Every way through, as far as they are told apart by what is asked."""
        found = paths(self.definition, limit=MOST_WAYS, tongue=reader())
        return [self._way(at, path) for at, path in enumerate(found)]

    def _way(self, at: int, path: Path) -> Way:
        threads = {tongue: self.thread(path, tongue) for tongue in self.languages}
        segments = {
            tongue: sum(text.segments for text in thread if text.direction == "out")
            for tongue, thread in threads.items()
        }
        return Way(
            at,
            path,
            _who(self.data, path),
            segments,
            sum(text.direction == "out" for text in threads[self.languages[0]]),
        )

    def thread(self, path: Path, language: str) -> tuple[Text, ...]:
        """The texts of one way."""
        return sms_thread(self.definition, path, language=language, values=sample_values(language), dress=sms_dress())


def _shown(survey_id: int, number: int) -> Shown:
    work = work_on(survey_id)
    if not number:
        return Shown(work, work.data, 0)
    version = next((each for each in versions_of(survey_id) if each.number == number), None)
    if version is None:
        abort(404)
    return Shown(work, dict(version.definition), number)


@blueprint.get("/questionnaires/<int:survey_id>/preview")
@needs(Permission.ADMINISTER)
def preview_questionnaire(survey_id: int) -> str:
    """The page and the texts side by side, for one way and language of those there are."""
    shown = _shown(survey_id, request.args.get("version", 0, type=int))
    ways = shown.ways
    tongue = request.args.get("language", "")
    if tongue not in shown.languages:
        tongue = words.readers_first(shown.languages)[0]
    if not ways:
        return render_template(
            "console/questionnaires/preview.html", work=shown.work, shown=shown, routes=[], words=words
        )
    at = request.args.get("way", 0, type=int)
    way = ways[at] if 0 <= at < len(ways) else ways[0]
    step = min(max(request.args.get("step", 1, type=int), 1), len(way.path.steps) + 1)
    return render_template(
        "console/questionnaires/preview.html",
        work=shown.work,
        shown=shown,
        routes=ways,
        way=way,
        more=len(ways) == MOST_WAYS,
        tongue=tongue,
        step=step,
        steps=len(way.path.steps) + 1,
        thread=shown.thread(way.path, tongue),
        words=words,
    )


@blueprint.get("/questionnaires/<int:survey_id>/phone/<int:number>/<int:way>/<int:step>/<language>")
@needs(Permission.ADMINISTER)
def preview_phone(survey_id: int, number: int, way: int, step: int, language: str) -> Response:
    """One page of the survey as a customer sees it, with sample names. It takes no answer."""
    shown = _shown(survey_id, number)
    if language not in shown.languages or way >= len(shown.ways) or not step:
        abort(404)
    taken = shown.ways[way].path.steps
    before = {each.question.key: _said(each.given, each.words(language)) for each in taken[: step - 1]}
    question = taken[step - 1].question if step <= len(taken) else None
    page = sample_page(
        shown.definition, question, before, language=language, values=sample_values(language), now=clock().now()
    )
    response = make_response(page)
    response.headers.update(FRAMED)
    return response


def _said(given: Given, said: str) -> Given:
    return Given(given.value, given.choice, said or given.text, given.skipped, given.choices, given.feeling)


def sample_values(language: str) -> dict[str, str]:
    """Names and days as a customer of one of our branches would read them today."""
    branch = db.session.scalar(
        select(Branch).where(Branch.id.in_(g.scope.branch_ids), Branch.kind == "branch").order_by(Branch.code).limit(1)
    )
    chinese = language.startswith("zh")
    now, organisation = clock().now(), settings().organisation
    today = now.astimezone(ZoneInfo(branch.time_zone)).date() if branch else now.date()
    spoken = "zh-Hans" if chinese else "en"
    return {
        "org": organisation.name(spoken),
        "branch": branch.name(spoken) if branch else organisation.name(spoken),
        "phone": (branch.phone if branch else None) or organisation.phone,
        "staff": "周敏" if chinese else "Zhou Min",
        "customer": "王女士" if chinese else "Clara Wong",
        "service": in_language(_SERVICE, language),
        "thing": in_language(_THING, language),
        "day": day_words(today, spoken),
        "when": when_words(today, today, spoken),
        "ends": "1001",
        "days": str(settings().policy.cap_days),
        "link": settings().public_url.removeprefix("https://").removeprefix("http://") + "/s/7Gk2mPq9XwTz4",
    }


def _who(data: Data, path: Path) -> str:
    """Who goes this way: the answers that decided it."""
    deciding = {condition["question"] for question in data["questions"] for condition in words.conditions_of(question)}
    deciding |= {question["by"] for question in data["questions"] if question.get("by")}
    found = []
    for step in path.steps:
        if step.question.key in deciding:
            found.append(_answer(step.question.kind, data, step.question.key, step.given))
    return _(", then ").join(found) or _("Everybody")


def _answer(kind: Kind, data: Data, key: str, given: Given) -> str:
    if kind in RANGE and given.value is not None:
        return str(words.BANDS[kind][band(kind, given.value)])
    if kind is Kind.TEXT:
        return str(words.FEELINGS.get(given.feeling or "", ""))
    question = next(each for each in data["questions"] if each["key"] == key)
    chosen = (given.choice, *given.choices)
    return _(" and ").join(label for name, label in words.choices_of(question) if name in chosen)
