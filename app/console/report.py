"""The weekly report as a page, each number with the answers under it, and as files to take along."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Response, abort, g, render_template
from flask_babel import gettext as _

from app.auth.roles import Permission, Scope
from app.console import blueprint, labels
from app.console.needs import needs
from app.console.queries_answers import newest_week
from app.console.weeks import Choice, choice_of
from app.extensions import clock, settings
from app.i18n import language
from app.reports import render
from app.reports.iso_weeks import Week, iso_week_at, week_of
from app.reports.service import report_for
from app.reports.telling import Told, tell
from app.reports.weekly import Report
from app.reports.wording import theme_name
from surveys.people.models import Branch
from surveys.people.queries import subtree

FILES: dict[str, tuple[str, Callable[[Report, str], bytes]]] = {
    "pdf": ("application/pdf", lambda r, lang: render.pdf(r, language=lang, brand=settings().organisation.brand)),
    "xlsx": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        lambda r, lang: render.xlsx(r, language=lang),
    ),
    "csv": ("text/csv; charset=utf-8", lambda r, lang: render.csv(r, language=lang).encode("utf-8-sig")),
}


@dataclass(frozen=True)
class Step:
    """One step of the way from a visit to an answer, its share drawn; `state` opens the answers under it."""

    name: str
    n: int
    share: float | None
    state: str | None


@blueprint.get("/report")
@needs(Permission.SEE_REPORT)
def report() -> str:
    """The week of ?week= at ?branch=; without them the last whole week of the widest place."""
    now = clock().now()
    chosen = choice_of(g.scope, now=now)
    branch, week = _chosen(g.scope, chosen)
    made = report_for(branch, week.iso, now=now)
    within = frozenset(subtree([branch.id]) & g.scope.branch_ids)
    newest = newest_week(g.scope, within, branch.time_zone)
    told = tell(made, language=language())
    return render_template(
        "console/report.html",
        report=made,
        told=told,
        chosen=chosen,
        branch=branch,
        week=week,
        running=now < week.ends,
        newest=newest if newest and newest != week.iso else None,
        measures=["nps", *(kind for kind, one in (("csat", made.csat), ("ces", made.ces)) if one.n), None],
        steps=_steps(made, told),
        themes=_themes(made, told),
        empty=_is_empty(made),
        may_read=g.scope.may(Permission.SEE_ANSWERS),
        may_open=g.scope.may(Permission.SEE_CASES) or g.scope.may(Permission.HANDLE_CASES),
        labels=labels,
        now=now,
    )


def _is_empty(report: Report) -> bool:
    """Whether nobody was served, nobody answered, and no customer waits for anything."""
    cases, recovery = report.cases, report.recovery
    answers = report.funnel.service_events or report.funnel.answers or report.funnel.late
    matters = cases.opened or cases.resolved or cases.reopened or recovery.yes or recovery.partly or recovery.no
    return not (answers or matters or report.overdue)


def _chosen(scope: Scope, chosen: Choice) -> tuple[Branch, Week]:
    branch = chosen.branch or chosen.places[0]
    last = week_of(iso_week_at(chosen.weeks[0].begins, branch.time_zone), branch.time_zone)
    return branch, chosen.week or (chosen.weeks[1] if len(chosen.weeks) > 1 else last)


def _steps(report: Report, told: Told) -> list[Step]:
    funnel, names = report.funnel, told.words.funnel
    top = max(funnel.service_events, funnel.invited, 1)
    steps = ("service_events", "eligible", "invited", "delivered", "started", "completed")
    # The list of answers goes by the week they were given in, so only their own number opens it.
    return [
        *(Step(names[key], getattr(funnel, key), 100 * getattr(funnel, key) / top, None) for key in steps),
        Step(names["answers"], funnel.answers, None, "all"),
    ]


def _themes(report: Report, told: Told) -> list[tuple[str, str, str]]:
    keys = {theme_name(t.theme, language(), report.theme_names.get(t.theme)): t.theme for t in report.themes}
    return [(keys.get(name, ""), name, share) for name, share in told.themes]


@blueprint.get("/report.<ending>")
@needs(Permission.SEE_REPORT)
def report_file(ending: str) -> Response:
    """The same week as a file: pdf, xlsx or csv."""
    if ending not in FILES:
        abort(404)
    now = clock().now()
    branch, week = _chosen(g.scope, choice_of(g.scope, now=now))
    kind, made = FILES[ending]
    try:
        content = made(report_for(branch, week.iso, now=now), language())
    except (ImportError, OSError):
        abort(404, _("This installation cannot make PDF files; the spreadsheet holds the same numbers."))
    name = f"{week.iso}-{branch.code}.{ending}"
    return Response(
        content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{_safe(name)}"'}
    )


def _safe(name: str) -> str:
    return "".join(sign if sign.isascii() and (sign.isalnum() or sign in "-_.") else "-" for sign in name)
