"""What is said about a case, to whom, once: texts to staff and to the customer, and the mail beside an alert."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from app.cases.clocks import call_by
from app.cases.courtesy import told_from
from app.cases.holder import holder_values
from app.cases.mail import alert_mail
from app.cases.models import Case
from app.cases.wording import called, catalogue, customer_time, of_full, saw, staff_time, to_do
from app.extensions import db, settings
from notifications import EmailAddress, PhoneNumber, Purpose, Queued, queue_email, queue_sms, sent_lately
from notifications.models import State as MessageState
from notifications.texts import fallbacks, spoken
from surveys.invitations.tokens import link_ref
from surveys.people.models import Staff
from surveys.people.queries import sms_reach
from surveys.responses.models import Response

TOPS = {"nps": 10, "csat": 5, "ces": 7}
# What answers a customer's words and tells nothing new: a telephone that answers by itself would get it for ever.
ECHOES = frozenset({"case_noted", "case_noted_no_words"})


def staff_values(case: Case, language: str, *, now: datetime) -> dict[str, str]:
    """The placeholders of every text to staff about this case, in their language."""
    zone = case.branch.time_zone
    name = called(case.customer.name, language)
    return {
        "org": settings().organisation.name(spoken(language)),
        "code": case.code,
        "case": name,
        "who": name,
        "tier": tier_word(case.customer.tier, language),
        "score": score_word(case, language),
        "branch": case.branch.name(spoken(language)),
        "words": case.words or "",
        "time": staff_time(call_by(case, now=now), zone, language, now=now),
        **to_do(language, no_call=case.call_choice == "none"),
    }


def score_word(case: Case, language: str) -> str:
    """ "2/10", "2分(满分10)": the rating on its own scale; empty without one."""
    return "" if case.rating is None else rating_word(case.rating, case.rating_kind, language)


def rating_word(rating: int, kind: str | None, language: str) -> str:
    """Any rating of that kind, said the same way."""
    return of_full(rating, TOPS.get(kind or "", 10), language)


def tier_word(tier: str | None, language: str) -> str:
    """A value tier in three letters at most; "new" for somebody not yet rated."""
    short = {"MVC": "MVC", "MGC": "MGC", "STANDARD": "STD", "MIGRATOR": "MIG", "BZ": "BZ"}
    if tier is None:
        return "新" if spoken(language) == "zh-Hans" else "new"
    return short.get(tier, tier[:3])


def tell_staff(
    case: Case,
    staff: Staff,
    kind: str,
    *,
    now: datetime,
    key: str,
    purpose: Purpose = Purpose.ESCALATION,
    values: Mapping[str, Any] | None = None,
) -> Queued | None:
    """One SMS of this kind to a colleague, once per `key`. None when they have no phone we may write to."""
    if staff.phone is None or staff.phone_verified_at is None:
        return None
    if case.call_choice == "none" and f"{kind}_no_call" in catalogue().entries:
        kind = f"{kind}_no_call"
    body = catalogue().render(kind, staff.language, **{**staff_values(case, staff.language, now=now), **(values or {})})
    return queue_sms(
        PhoneNumber.trusted(staff.phone),
        body,
        purpose=purpose,
        dedupe_key=f"case:{case.id}:{key}:{staff.id}",
        now=now,
        template=f"case_{kind}",
        subject_kind="case",
        subject_id=case.id,
    )


def mail_staff(case: Case, staff: Staff, kind: str, *, now: datetime, key: str) -> Queued | None:
    """The same news as a mail with the words in full and a link to the case. None without an address."""
    if not staff.email:
        return None
    subject, text, html = alert_mail(
        case, staff, kind, score=score_word(case, staff.language), by=call_by(case, now=now), now=now
    )
    return queue_email(
        EmailAddress.trusted(staff.email),
        subject=subject,
        text=text,
        html=html,
        purpose=Purpose.ESCALATION,
        dedupe_key=f"case:{case.id}:{key}:{staff.id}:email",
        now=now,
        subject_kind="case",
        subject_id=case.id,
    )


def pass_on(case: Case, kind: str, words: str, *, now: datetime, key: str) -> None:
    """The customer's words to whoever has the case: one SMS, or a mail where no SMS arrives."""
    message = tell_staff(case, case.owner, kind, now=now, key=key, purpose=Purpose.CASE, values={"words": words})
    if message is None or message.state == MessageState.SUPPRESSED:
        mail_staff(case, case.owner, kind, now=now, key=key)


def alert(case: Case, staff: Staff, kind: str, *, now: datetime, key: str, words: str | None, **values: Any) -> None:
    """Tell a colleague by SMS and by mail. `words`: what of the customer's words is news in it, if anything is."""
    chosen = kind
    if case.rating is None and words and f"{kind}_no_score" in catalogue().entries:
        chosen = f"{kind}_no_score"
    elif case.rating is None and not words and f"{kind}_bare" in catalogue().entries:
        chosen = f"{kind}_bare"
    elif not words and f"{kind}_no_words" in catalogue().entries:
        chosen = f"{kind}_no_words"
    tell_staff(case, staff, chosen, now=now, key=key, values={"words": words or "", **values})
    mail_staff(case, staff, kind, now=now, key=key)


def tell_customer(
    case: Case,
    kind: str,
    *,
    now: datetime,
    key: str,
    time: datetime | None = None,
    at_once: bool = False,
    **values: Any,
) -> datetime | None:
    """One SMS to the customer, once per `key`; when it leaves, which is not in their night unless they spoke just now.

    None when they cannot be reached; an opt-out holds here too. `at_once`: the telephone rang a moment ago.
    """
    reach = sms_reach(case.customer_id)
    if reach is None or (f"case_{kind}" in ECHOES and has_had_enough(reach.address, ECHOES, now=now)):
        return None
    language = fallbacks(language_of(case))[0]
    invitation = invitation_of(case)
    ref = link_ref(invitation) if invitation is not None else None
    if kind == "read" and ref is None:
        kind = "read_no_link"
    leaves = now if at_once else told_from(case, reach, now=now)
    known: dict[str, Any] = {
        "org": settings().organisation.name(language),
        **holder_values(case, language),
        "saw": saw(language, words=case.words is not None),
        "time": customer_time(time or call_by(case, now=now), case.branch.time_zone, language, now=leaves),
    }
    message = queue_sms(
        PhoneNumber.trusted(reach.address),
        catalogue().render(kind, language, **{**known, **values}),
        purpose=Purpose.CASE,
        dedupe_key=f"case:{case.id}:customer:{key}",
        now=now,
        charge_to=case.branch.code,
        template=f"case_{kind}",
        link_ref=ref,
        subject_kind="case",
        subject_id=case.id,
        not_before=leaves if leaves > now else None,
    )
    return leaves if message.state != MessageState.SUPPRESSED else None


def has_had_enough(address: str, templates: Collection[str], *, now: datetime) -> bool:
    """Whether this telephone has had as many of these texts in a day as we send; two machines must not go on."""
    said = sent_lately(address, templates=templates, since=now - timedelta(days=1))
    return said >= settings().policy.answers_per_day


def language_of(case: Case) -> str:
    """The language in which this customer answered, else the one they are known by."""
    invitation = invitation_of(case)
    return invitation.language if invitation is not None else case.customer.language


def invitation_of(case: Case) -> Any:
    """The invitation whose answer stands behind the case; None for a complaint."""
    response = db.session.get(Response, case.response_id) if case.response_id else None
    return response.invitation if response is not None else None
