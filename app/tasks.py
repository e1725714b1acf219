"""Tasks that touch more than one package, and `run_due`: all that is due, as the sweepers do it in production."""

import logging
from collections.abc import Callable
from datetime import datetime
from importlib import import_module

from celery import shared_task
from celery.signals import worker_init
from flask import Flask
from sqlalchemy import select

from app.extensions import Heartbeat, clock, commit, db, one_by_one, reading, real_now, settings
from surveys.people.models import Customer
from surveys.responses.models import FreeText, Response

log = logging.getLogger("heed")

BATCH = 200
BATCHES = 100  # of old rows, at most, a class and tick
RESCORED_AT_ONCE, RESCORED_A_TICK = 50, 10  # responses a commit, commits a tick


def register(app: Flask) -> None:
    """Importing the modules registers their tasks; every beat entry must name one of them (a guard test says so)."""
    for package in ("notifications", "surveys"):
        import_module(f"{package}.tasks")
    worker_init.connect(_before_the_workers_fork)


def _before_the_workers_fork(**_: object) -> None:
    # Once and shared by all of them, and not while the first unhappy customer of the day waits.
    from surveys.responses.review import load_scorer

    load_scorer()


# ---- doors: each commits one small unit of work at a time ----------------------------------------------------------


def sweep_inbound(now: datetime) -> int:
    """Read every inbound message that nobody has read, each phone in order of receipt."""
    from app import inbox

    def read(inbound_id: int) -> int:
        moved = inbox.handle(inbound_id, now=now)
        commit()
        return moved

    with reading():
        found = inbox.waiting(BATCH)
    return one_by_one("inbound", found, read)


def sweep_review(now: datetime) -> int:
    """Score and triage every response with something new in it."""
    responses = select(Response.id).where(Response.review_due.is_(True)).order_by(Response.changed_at).limit(BATCH)
    texts = select(FreeText.id).where(FreeText.score_version.is_(None)).order_by(FreeText.id).limit(BATCH)
    with reading():
        due, unscored = db.session.scalars(responses).all(), db.session.scalars(texts).all()
    moved = one_by_one("review", due, lambda response_id: review(response_id, now))
    return moved + one_by_one("free text", unscored, lambda free_text_id: review_free_text(free_text_id, now))


def review_free_text(free_text_id: int, now: datetime) -> bool:
    """Score words that came without a question, and open a case when they call for one."""
    from app.cases.service import free_text_outcome
    from app.insights.signs import leaving_risk
    from surveys.responses.review import claim_free_text, load_scorer, score_free_text

    load_scorer()
    free = claim_free_text(free_text_id)
    if free is None:
        db.session.rollback()
        return False
    score_free_text(free)
    customer = db.session.get(Customer, free.customer_id) if free.customer_id else None
    if customer is not None:
        free_text_outcome(free, risk=leaving_risk(customer, None, now=now), now=now)
    commit()
    return True


def review(response_id: int, now: datetime) -> bool:
    """Score one response, open or join a case, and mark it reviewed. False when another worker was first."""
    from app.auth.service import is_staff_device
    from app.cases.service import review_outcome
    from app.insights.signs import leaving_risk
    from surveys.responses.review import claim_for_review, load_scorer, look_over

    load_scorer()
    held = claim_for_review(response_id)
    if held is None:
        db.session.rollback()
        return False
    response = held.response
    look_over(held, staff_device=is_staff_device(response.device), now=now)
    review_outcome(
        response,
        risk=lambda: leaving_risk(response.invitation.customer, response, now=now),
        now=now,
        first=held.first,
    )
    commit()
    return True


def sweep_rescoring(now: datetime) -> int:
    """Read old words again where somebody asked for it, one commit a batch. How many batches moved."""
    from surveys.responses import rescoring
    from surveys.responses.review import load_scorer

    def work(run_id: int) -> int:
        load_scorer()
        if not rescoring.claim(run_id, real=real_now()):
            db.session.rollback()
            return 0
        commit()
        for _ in range(RESCORED_A_TICK):  # few and small: a reply that comes in meanwhile does not wait long
            more = rescoring.work(run_id, most=RESCORED_AT_ONCE, now=now, real=real_now())
            commit()
            if not more:
                return 1
        rescoring.let_go(run_id)
        commit()
        return 1

    with reading():
        asked = rescoring.waiting(real=real_now())
    return one_by_one("rescoring", asked, work)


def sweep_emerging(now: datetime) -> int:
    """Look the week that has ended through for new words, once. How many weeks."""
    from app.reports.emerging import find_emerging, week_to_look_through

    with reading():
        week = week_to_look_through(now)
    if week is None:
        return 0
    find_emerging(week, now=now)
    commit()
    return 1


def sweep_learning(now: datetime) -> int:
    """Learn from what managers corrected since; the work is done while no transaction is open that others wait for."""
    from surveys.responses import learning
    from surveys.responses.review import load_scorer

    with reading():
        found = learning.material()
    if found is None:
        return 0
    load_scorer()
    kept = learning.keep(learning.taught(found), now=now) is not None
    commit()
    learning.look_again()
    log.info("learnt" if kept else "learnt elsewhere", extra={"version": found.version, "rows": len(found.rows)})
    return int(kept)


def sweep_old(now: datetime) -> int:
    """Forget what was kept long enough, class by class, one commit a batch; what is left waits for the next tick."""
    from app.privacy.retention import kept_classes

    total = 0
    for kept in kept_classes(settings().policy, now=now):
        forgotten = 0
        for _ in range(BATCHES):
            moved = kept.forget()
            commit()
            forgotten += moved
            if not moved:
                break
        if forgotten:
            log.info("forgotten", extra={"kind": kept.name, "rows": forgotten})
        total += forgotten
    if total:
        sweep_learning(now)  # nothing is known any more of words that were forgotten
    return total


def sweep_redaction(now: datetime) -> int:
    """Read what was kept under older rules of redaction again, one commit a batch; what is left waits for a tick."""
    from app.privacy.redacting import is_due, read_on
    from surveys.responses.review import load_scorer

    policy = settings().policy
    with reading():
        if not is_due(policy):
            return 0
    load_scorer()
    for _ in range(BATCHES):
        run = read_on(policy, most=BATCH, now=now)
        commit()
        if run.finished_at is not None:
            return 1
    return 0


def sweep_operators(now: datetime) -> int:
    """Tell whoever administers what began to hold messages back."""
    from app.operators import tell_operators

    told = tell_operators(now)
    commit()
    return told


def sweepers() -> list[Callable[[datetime], int]]:
    """Every sweeper, in the order in which work flows."""
    from app.cases.service import sweep_chase, sweep_recovery
    from app.import_worker import sweep_import_files, sweep_imports
    from app.leavers import sweep_days
    from app.reports.service import sweep_weekly_reports
    from notifications.tasks import sweep_deliver, sweep_simulator
    from surveys.tasks import sweep_preflights, sweep_remind_and_expire, sweep_send_due_invitations

    return [
        sweep_days,
        sweep_send_due_invitations,
        sweep_remind_and_expire,
        sweep_inbound,
        sweep_review,
        sweep_learning,
        sweep_chase,
        sweep_recovery,
        sweep_emerging,
        sweep_weekly_reports,
        sweep_operators,
        sweep_deliver,
        sweep_simulator,
        sweep_imports,
        sweep_import_files,
        sweep_preflights,
        sweep_rescoring,
        sweep_redaction,
    ]


def run_due(now: datetime) -> int:
    """Do all that is due at `now`, until nothing moves any more. How many rows moved."""
    total = 0
    for _ in range(50):
        moved = sum(sweep(now) for sweep in sweepers())
        total += moved
        if not moved:
            break
    return total


# ---- tasks ---------------------------------------------------------------------------------------------------------


@shared_task(name="app.handle_inbound")  # type: ignore[untyped-decorator]  # celery has no types
def handle_inbound(inbound_id: int) -> None:
    from app import inbox

    inbox.handle(inbound_id, now=clock().now())
    commit()


@shared_task(name="app.handle_inbound_due")  # type: ignore[untyped-decorator]
def handle_inbound_due() -> None:
    sweep_inbound(clock().now())


@shared_task(name="app.review_response")  # type: ignore[untyped-decorator]
def review_response(response_id: int) -> None:
    review(response_id, clock().now())


@shared_task(name="app.review_due")  # type: ignore[untyped-decorator]
def review_due() -> None:
    sweep_review(clock().now())
    sweep_learning(clock().now())


@shared_task(name="app.learn")  # type: ignore[untyped-decorator]
def learn() -> None:
    sweep_learning(clock().now())


@shared_task(name="app.chase_deadlines")  # type: ignore[untyped-decorator]
def chase_deadlines() -> None:
    from app.cases.service import sweep_chase

    sweep_chase(clock().now())


@shared_task(name="app.ask_recovery")  # type: ignore[untyped-decorator]
def ask_recovery() -> None:
    from app.cases.service import sweep_recovery

    sweep_recovery(clock().now())


@shared_task(name="app.issue_weekly_reports")  # type: ignore[untyped-decorator]
def issue_weekly_reports() -> None:
    from app.reports.service import sweep_weekly_reports

    sweep_weekly_reports(clock().now())


@shared_task(name="app.begin_days")  # type: ignore[untyped-decorator]
def begin_days() -> None:
    from app.leavers import sweep_days

    sweep_days(clock().now())


@shared_task(name="app.tell_operators")  # type: ignore[untyped-decorator]
def tell_operators_due() -> None:
    sweep_operators(clock().now())


@shared_task(name="app.forget_old")  # type: ignore[untyped-decorator]
def forget_old() -> None:
    sweep_old(clock().now())


@shared_task(name="app.heartbeat")  # type: ignore[untyped-decorator]
def heartbeat() -> None:
    db.session.merge(Heartbeat(name="scheduler", at=real_now()))
    commit()


@shared_task(name="app.work_imports")  # type: ignore[untyped-decorator]
def work_imports() -> None:
    from app.import_worker import sweep_imports

    sweep_imports(clock().now())


@shared_task(name="app.work_rescoring")  # type: ignore[untyped-decorator]
def work_rescoring() -> None:
    sweep_rescoring(clock().now())


@shared_task(name="app.redact_again")  # type: ignore[untyped-decorator]
def redact_again_due() -> None:
    sweep_redaction(clock().now())


@shared_task(name="app.find_emerging")  # type: ignore[untyped-decorator]
def find_emerging_due() -> None:
    sweep_emerging(clock().now())


@shared_task(name="app.clear_import_files")  # type: ignore[untyped-decorator]
def clear_import_files() -> None:
    from app.import_worker import sweep_import_files

    sweep_import_files(clock().now())
