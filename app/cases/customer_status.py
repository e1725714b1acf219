"""What a customer sees of their case: what is done, what happens now, what comes next, and by when."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.cases import journal
from app.cases.clocks import call_by, due_by
from app.cases.holder import holder_values
from app.cases.lookup import case_of_answer
from app.cases.models import Case
from app.cases.policy import LIVE, State
from app.cases.recovery import case_asked_about
from app.cases.wording import customer_time
from app.extensions import settings
from notifications.texts import fallbacks
from surveys.invitations.invited import Invited

SAYS = {
    "en": {
        "head_call": "Thank you. {Holder} will call you before {time}.",
        "head_no_call": "Thank you. We will not call. {Holder} looks into it and texts you by {time}.",
        "head_contacted": "We spoke. {Keeper} puts it right by {time}.",
        "head_late": "We are late, and we are sorry. {Keeper} calls you as soon as possible.",
        "head_late_answer": "We are late, and we are sorry. You hear from {keeper} as soon as there is more to tell.",
        "head_resolved": "It has been put right",
        "head_over": "We have closed this",
        "head_again": "It is open again. We call you before {time}.",
        "head_again_no_call": "It is open again. We will not call, and text you by {time}.",
        "heard": "You told us",
        "read": "Read by {reader}",
        "to_read": "{Holder} reads it",
        "called": "We spoke with you",
        "to_call": "We call you",
        "looked": "We looked into it",
        "to_look": "We look into it",
        "right": "Put right, and you were told by text",
        "right_untold": "Put right",
        "over": "Closed, and you were told by text",
        "over_untold": "Closed",
        "to_right": "It is put right, and you are told by text",
        "asked": "You told us whether it is right",
        "to_ask": "We ask you whether it is right",
        "by": "before {time}",
        "no_answer": "tried at {time}, no answer",
    },
    "zh-Hans": {
        "head_call": "谢谢您。|{holder}|会在{time}前|给您打电话。",
        "head_no_call": "谢谢您，|我们不打电话。|{holder}会去查，|{time}前短信告诉您结果。",
        "head_contacted": "已经联系过您，|{keeper}会在|{time}前|办好。",
        "head_late": "我们晚了，|很抱歉。|{keeper}会尽快|给您打电话。",
        "head_late_answer": "我们晚了，|很抱歉。|{keeper}一有结果|就告诉您。",
        "head_resolved": "您的问题|已经办好",
        "head_over": "您反映的事|已经办结",
        "head_again": "这件事|已重新打开，|{time}前打给您。",
        "head_again_no_call": "这件事|已重新打开，|我们不打电话，|{time}前短信告诉您结果。",
        "heard": "您告诉了我们",
        "read": "{reader}已看过",
        "to_read": "{holder}会看",
        "called": "已经和您通话",
        "to_call": "给您打电话",
        "looked": "已经查过",
        "to_look": "我们去查",
        "right": "已经办好，并短信告知您",
        "right_untold": "已经办好",
        "over": "已经办结，并短信告知您",
        "over_untold": "已经办结",
        "to_right": "办好后短信告知您",
        "asked": "您告诉我们是否解决",
        "to_ask": "问您是否真的解决了",
        "by": "{time}前",
        "no_answer": "{time}打过，没有接通",
    },
    "zh-Hant": {
        "head_call": "謝謝您。|{holder}|會在{time}前|打電話給您。",
        "head_no_call": "謝謝您，|我們不打電話。|{holder}會去查，|{time}前簡訊告訴您結果。",
        "head_contacted": "已經聯繫過您，|{keeper}會在|{time}前|辦好。",
        "head_late": "我們晚了，|很抱歉。|{keeper}會儘快|打電話給您。",
        "head_late_answer": "我們晚了，|很抱歉。|{keeper}一有結果|就告訴您。",
        "head_resolved": "您的問題|已經辦好",
        "head_over": "您反映的事|已經結案",
        "head_again": "這件事|已重新開啟，|{time}前打給您。",
        "head_again_no_call": "這件事|已重新開啟，|我們不打電話，|{time}前簡訊告訴您結果。",
        "heard": "您告訴了我們",
        "read": "{reader}已看過",
        "to_read": "{holder}會看",
        "called": "已經和您通話",
        "to_call": "打電話給您",
        "looked": "已經查過",
        "to_look": "我們去查",
        "right": "已經辦好，並以簡訊告知您",
        "right_untold": "已經辦好",
        "over": "已經結案，並以簡訊告知您",
        "over_untold": "已經結案",
        "to_right": "辦好後以簡訊告知您",
        "asked": "您告訴我們是否解決",
        "to_ask": "問您是否真的解決了",
        "by": "{time}前",
        "no_answer": "{time}打過，沒有接通",
    },
}


@dataclass(frozen=True)
class Step:
    """One step on the way; `state` is done, now, or empty for what comes later."""

    label: str
    when: str
    state: str


@dataclass(frozen=True)
class CustomerStatus:
    """Heading ("|" is where a Chinese line may break), the steps, and the time that was promised."""

    heading: str
    steps: tuple[Step, ...]
    promised: datetime | None


def closed_for_good(invitation: Invited, *, now: datetime) -> datetime | None:
    """When the case of this answer was closed, if that is so long ago that the link shows nothing of it any more."""
    case = case_asked_about(invitation) or case_of_answer(invitation.id)
    if case is None or case.state not in (State.CLOSED, State.DISMISSED) or case.closed_at is None:
        return None
    return case.closed_at if now >= case.closed_at + timedelta(days=settings().policy.link_days) else None


def status_for_invitation(
    invitation: Invited, *, now: datetime, language: str | None = None, reviewed: bool = True
) -> CustomerStatus | None:
    """How it stands with the case this answer opened; None while there is none, and for a false alarm.

    `reviewed`: False where nobody can have looked at the answer yet, so that no case is of it.
    """
    case = case_asked_about(invitation) or (case_of_answer(invitation.id) if reviewed else None)
    if case is None or case.state == State.DISMISSED:
        return None
    return _status(case, language or invitation.language, now)


def _status(case: Case, language: str, now: datetime) -> CustomerStatus:
    language = next(name for name in fallbacks(language) if name in SAYS)
    says, who = SAYS[language], {**holder_values(case, language), "reader": _reader(case, language)}
    due = due_by(case, now=now) if case.state in LIVE else None
    # A time that is over is no promise; one that holds is told as in the texts.
    due = call_by(case, now=now) if due is not None and due > now else None

    def at(moment: datetime | None) -> str:
        return customer_time(moment, case.branch.time_zone, language, now=now) if moment else ""

    heading = says[_heading(case, late=due is None)].format(**who, time=at(due))
    promised = says["by"].format(time=at(due)) if due else ""
    no_call = case.call_choice == "none"
    tried = next((e.at for e in reversed(case.history) if e.kind in ("tried", "contacted")), None)
    waiting = says["no_answer"].format(time=at(tried)) if tried and case.contacted_at is None else promised
    over = case.state in (State.RESOLVED, State.CLOSED)
    marks = [
        (True, "heard", "heard", at(case.opened_at), ""),
        (case.acknowledged_at is not None, "read", "to_read", at(case.acknowledged_at), ""),
        (
            case.contacted_at is not None,
            "looked" if no_call else "called",
            "to_look" if no_call else "to_call",
            at(case.contacted_at),
            "" if no_call else waiting,
        ),
        (over, _ending(case), "to_right", at(case.resolved_at), promised if no_call or case.contacted_at else ""),
        (case.recovery is not None, "asked", "to_ask", "", ""),
    ]
    return CustomerStatus(heading, _steps(marks, says, who), due)


def _reader(case: Case, language: str) -> str:
    """Who read it, which need not be who has it now."""
    line = journal.last(case, "acknowledged", "contacted", "resolved")
    return holder_values(case, language, person=line.staff if line else None)["holder"]


def _ending(case: Case) -> str:
    line = journal.last(case, "resolved")
    told = line is None or line.detail.get("told", True)
    return ("right" if case.outcome in (None, "saved") else "over") + ("" if told else "_untold")


def _heading(case: Case, *, late: bool) -> str:
    if case.state not in LIVE:
        return "head_resolved" if case.outcome in (None, "saved") else "head_over"
    if late:
        answer = case.state == State.CONTACTED or case.call_choice == "none"
        return "head_late_answer" if answer else "head_late"
    if case.state == State.CONTACTED:
        return "head_contacted"
    if case.state == State.REOPENED:
        return "head_again_no_call" if case.call_choice == "none" else "head_again"
    return "head_no_call" if case.call_choice == "none" else "head_call"


def _steps(marks: list[tuple[bool, str, str, str, str]], says: dict[str, str], who: dict[str, str]) -> tuple[Step, ...]:
    steps, now_given = [], False
    for done, label, to_do, when, expected in marks:
        state = "done" if done else "" if now_given else "now"
        now_given = now_given or not done
        said = says[label if done else to_do].format(**who)
        steps.append(Step(said, when if done else expected, state))
    return tuple(steps)
