"""A manager answers by text, in either language: what is now true, and what comes next."""

from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import select

from app.auth.models import AuditEntry
from app.cases.deeds import acknowledge
from app.cases.models import Case
from app.cases.results import Done, Refused
from app.extensions import commit, db
from surveys.people.models import Branch
from tests import world
from tests.app.cases.unhappy import ANGRY, kinds, says, served, staff_of, the_case
from tests.conftest import ManualClock
from tests.phones import mails, received
from tests.world import CUSTOMER_PHONE, DEPUTY_PHONE, MANAGER_PHONE, OWNER_PHONE, REGION_PHONE


@pytest.fixture
def code(app: Flask, clock: ManualClock) -> str:
    """Clara gave a 2 and said why; the number of her case."""
    served(app, clock)
    says(app, clock, "2", ANGRY)
    return the_case(app).code


@pytest.fixture
def code_zh(app: Flask, clock: ManualClock) -> str:
    """Chen Jing gave a 2 and said why; the number of her case, which her account manager has."""
    served(app, clock, owner="S-17", language="zh-Hans", name="陈静")
    says(app, clock, "2 等了五十分钟")
    return the_case(app).code


def answer(app: Flask, clock: ManualClock, text: str, phone: str = MANAGER_PHONE) -> str:
    before = len(received(app, phone))
    says(app, clock, text, phone=phone)
    assert len(received(app, phone)) == before + 1, "one text is answered by one text"
    return received(app, phone)[-1]


def test_from_ok_to_done_every_answer_says_what_comes_next(app: Flask, clock: ManualClock, code: str) -> None:
    assert answer(app, clock, f"OK {code}") == (
        f"{code} is yours. C. W. sees that you have read it. Call +15005551001 before Mon 14:00, "
        f"then text CALLED {code} and a note."
    )
    assert answer(app, clock, f"CALLED {code} she comes on Monday") == (
        f"{code}: call noted 14:00. When it is put right: DONE {code} and the cause: "
        "1 waiting 2 staff 3 fees 4 system 5 other."
    )
    assert answer(app, clock, f"DONE {code} 1") == (
        f"{code} closed, cause waiting. C. W. is told now and asked in 2 days whether it is right."
    )
    assert received(app, CUSTOMER_PHONE)[-1] == (
        "Harbour Bank: we have put right what kept you waiting. "
        "If it is not right after all, reply to this text: it reaches the manager."
    )
    case = the_case(app)
    assert (case.state, case.root_cause, case.outcome) == ("resolved", "waiting", "saved")
    assert kinds(case)[-3:] == ["acknowledged", "contacted", "resolved"]


def test_the_same_in_chinese(app: Flask, clock: ManualClock, code_zh: str) -> None:
    said = answer(app, clock, f"收到{code_zh}", OWNER_PHONE)
    assert said == (
        f"【海港银行】{code_zh} 归您了，陈姓客户知道您已看过。请在周一14:00前打+15005551001，之后回复 已联系 {code_zh}"
    )
    assert "您的客户经理已看过您的话，会在11月23日14:00前打电话给您" in received(app, CUSTOMER_PHONE)[-1]
    assert f"办好后回复 完成 {code_zh} 加原因" in answer(app, clock, f"已联系 {code_zh} 周一来办", OWNER_PHONE)
    assert "已办结，原因等候" in answer(app, clock, f"完成 {code_zh} 1", OWNER_PHONE)
    assert received(app, CUSTOMER_PHONE)[-1].startswith("【海港银行】让您久等的问题，我们已经处理。")


def test_ok_twice_is_ok_and_the_customer_is_told_once(app: Flask, clock: ManualClock, code: str) -> None:
    answer(app, clock, f"OK {code}")
    assert answer(app, clock, f"ok {code}.").startswith(f"{code} is yours.")
    assert len([t for t in received(app, CUSTOMER_PHONE) if "has read your words" in t]) == 1


def test_of_two_managers_one_gets_the_case_and_the_other_is_told_who_has_it(
    app: Flask, clock: ManualClock, code: str
) -> None:
    answer(app, clock, f"OK {code}")
    assert answer(app, clock, f"OK {code}", DEPUTY_PHONE) == (
        f"{code} is already with Anna Reed since 14:00. You need do nothing."
    )


def test_two_managers_at_the_same_moment(any_app: Flask, clock: ManualClock) -> None:
    built = served(any_app, clock)
    says(any_app, clock, "1")
    together = Barrier(2)
    results: list[object] = []

    def take(staff_id: int) -> None:
        with any_app.app_context():
            together.wait()
            case = db.session.scalars(select(Case)).one()
            result = acknowledge(case, by=staff_of(staff_id), now=clock.now())
            results.append(result.code if isinstance(result, Refused) else type(result))
            commit()

    threads = [Thread(target=take, args=(staff_id,)) for staff_id in (built.manager, built.deputy)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, results)) == sorted(map(str, ["taken", Done]))
    assert kinds(the_case(any_app)).count("acknowledged") == 1


@pytest.mark.parametrize(
    ("text", "says_back"),
    [
        ("OK 1", "Not understood. OK, CALLED, TO, DONE or ? and the number"),
        ("hello there", "Not understood."),
        ("OK 0007", "No open case 0007 of yours. Text ? alone to see your list."),
    ],
)
def test_a_wrong_text_is_answered_with_the_right_one(
    app: Flask, clock: ManualClock, code: str, text: str, says_back: str
) -> None:
    assert answer(app, clock, text).startswith(says_back)


def test_a_case_of_another_branch_does_not_exist_for_them(app: Flask, clock: ManualClock, code: str) -> None:
    with app.app_context():
        riverside = db.session.scalars(select(Branch).where(Branch.code == "BJ-02")).one()
        world.staff("S-40", "Mia Stone", "account_manager", riverside, "+15005552040", clock.now())
        commit()
    assert answer(app, clock, f"OK {code}", "+15005552040") == (
        f"No open case {code} of yours. Text ? alone to see your list."
    )
    assert the_case(app).state == "open"


def test_done_without_a_cause_keeps_it_open_and_asks(app: Flask, clock: ManualClock, code: str) -> None:
    assert answer(app, clock, f"DONE {code}") == (
        f"{code} stays open: which cause? DONE {code} and 1 waiting 2 staff 3 fees 4 system 5 other."
    )
    assert the_case(app).state == "open"


@pytest.mark.parametrize(
    ("rest", "cause", "outcome"),
    [
        ("3", "fees", "saved"),
        ("2 lost", "staff", "lost"),
        ("5 联系不上", "other", "unreachable"),
        ("fees", "fees", "saved"),
    ],
)
def test_done_takes_a_cause_and_perhaps_an_outcome(
    app: Flask, clock: ManualClock, code: str, rest: str, cause: str, outcome: str
) -> None:
    answer(app, clock, f"DONE {code} {rest}")
    case = the_case(app)
    assert (case.root_cause, case.outcome) == (cause, outcome)


def test_too_late_is_said_with_time_and_cause(app: Flask, clock: ManualClock, code: str) -> None:
    answer(app, clock, f"DONE {code} 3")
    assert answer(app, clock, f"OK {code}") == f"{code} was closed at 14:00, cause fees. Text ? {code} to see it."


def test_nobody_answered_asks_the_customer_when(app: Flask, clock: ManualClock, code: str) -> None:
    assert f"{code}: no answer at 14:00 noted" in answer(app, clock, f"CALLED {code} no answer")
    assert received(app, CUSTOMER_PHONE)[-1] == (
        "Harbour Bank: we tried to call you at 14:00. When may we try again? "
        "Reply 1 this afternoon, 2 tomorrow morning, 3 please do not call."
    )
    assert the_case(app).state == "acknowledged"


def test_a_case_is_passed_to_a_colleague_with_the_words(app: Flask, clock: ManualClock, code: str) -> None:
    assert answer(app, clock, f"TO {code} Ben") == (
        f"{code} is with Ben Shaw, who has the words by text. The clock still says Mon 14:00. "
        "You get it back if nobody answers."
    )
    assert "Anna Reed hands you C. W." in received(app, DEPUTY_PHONE)[-1]
    assert "Waited" in received(app, DEPUTY_PHONE)[-1]
    assert answer(app, clock, f"OK {code}", DEPUTY_PHONE).startswith(f"{code} is yours.")


def test_what_nobody_takes_comes_back_to_whoever_passed_it_on(app: Flask, clock: ManualClock, code: str) -> None:
    answer(app, clock, f"TO {code} Ben Shaw")
    clock.at = the_case(app).acknowledge_by
    says(app, clock, "list", phone=REGION_PHONE)  # anything, so that what is due is done
    case = the_case(app)
    assert (case.owner.name, case.level) == ("Anna Reed", 0)
    assert "so it is yours now" in received(app, MANAGER_PHONE)[-1]


def test_an_unknown_name_is_refused_with_what_to_do(app: Flask, clock: ManualClock, code: str) -> None:
    assert answer(app, clock, f"TO {code} Nobody") == (
        f"Nobody called Nobody at Central can take {code}. It stays with you. Try the full name."
    )


def test_a_question_mark_alone_lists_and_with_a_number_tells_all(app: Flask, clock: ManualClock, code: str) -> None:
    assert answer(app, clock, f"? {code}") == (
        f'{code} C. W. (new), 2/10 Central 20 Nov 14:00: "{ANGRY}" Why: a very low score. '
        f"+15005551001 until 20:00. OK, CALLED, TO or DONE {code}"
    )
    assert answer(app, clock, "list") == f"Yours: {code} C. W. by Mon 14:00. Text ? and a number for more."
    assert answer(app, clock, "list", DEPUTY_PHONE).startswith("Nobody is waiting for you.")


def test_ok_without_a_number_means_the_only_one_that_waits(app: Flask, clock: ManualClock, code: str) -> None:
    assert answer(app, clock, "OK").startswith(f"{code} is yours.")
    assert answer(app, clock, "OK").startswith("Nobody is waiting")


def test_the_region_sees_the_case_of_its_branches(app: Flask, clock: ManualClock, code: str) -> None:
    assert code in answer(app, clock, f"? {code}", REGION_PHONE)
    assert [m for m in mails(app, "s-01@harbour.example") if code in m.subject] == []


@pytest.mark.parametrize(
    ("note", "outcome", "says_back", "customer_reads"),
    [
        (
            "1 she left happy, fee refunded",
            "saved",
            "closed, cause waiting.",
            "we have put right what kept you waiting.",
        ),
        ("1 will not be lost", "saved", "closed, cause waiting.", "we have put right what kept you waiting."),
        (
            "2 not justified",
            "not_justified",
            "closed as not justified, cause staff.",
            "we looked into it and found nothing that we did wrong.",
        ),
        ("2 lost, they moved", "lost", "closed as lost, cause staff.", "we could not put this right for you"),
        ("5 unreachable", "unreachable", "closed as not reached, cause other.", "we tried to reach you about this"),
    ],
)
def test_the_customer_is_told_what_really_came_of_it(
    app: Flask, clock: ManualClock, code: str, note: str, outcome: str, says_back: str, customer_reads: str
) -> None:
    said = answer(app, clock, f"DONE {code} {note}")
    assert said.startswith(f"{code} {says_back}")
    assert "is told now and asked in 2 days" in said
    assert customer_reads in received(app, CUSTOMER_PHONE)[-1]
    assert the_case(app).outcome == outcome


def test_the_outcome_is_said_back_in_chinese(app: Flask, clock: ManualClock, code_zh: str) -> None:
    assert "已办结，原因收费" in answer(app, clock, f"完成 {code_zh} 3 客户没有流失", OWNER_PHONE)
    assert the_case(app).outcome == "saved"


def test_the_case_of_who_left_is_closed_in_chinese_without_a_fiction(
    app: Flask, clock: ManualClock, code_zh: str
) -> None:
    said = answer(app, clock, f"完成 {code_zh} 2 流失", OWNER_PHONE)
    assert "已办结：流失，原因态度" in said
    assert "很抱歉，您反映的问题我们没能办好" in received(app, CUSTOMER_PHONE)[-1]


def test_busy_but_happy_is_a_call_that_was_answered(app: Flask, clock: ManualClock, code: str) -> None:
    texts = len(received(app, CUSTOMER_PHONE))
    assert answer(app, clock, f"CALLED {code} spoke, she was busy but happy").startswith(f"{code}: call noted 14:00.")
    assert the_case(app).state == "contacted"
    assert len(received(app, CUSTOMER_PHONE)) == texts


def test_every_deed_by_text_stands_in_the_audit_log(app: Flask, clock: ManualClock, code: str) -> None:
    for text in (
        "?",
        f"? {code}",
        f"OK {code}",
        f"CALLED {code} no answer",
        f"TO {code} Ben",
        f"DONE {code}",
        "OK 0007",
    ):
        answer(app, clock, text)
    answer(app, clock, f"DONE {code} 1", DEPUTY_PHONE)
    with app.app_context():
        lines = db.session.scalars(select(AuditEntry).where(AuditEntry.actor_kind == "staff_phone")).all()
        assert [line.action for line in lines] == [
            "case.list",
            "case.details",
            "case.acknowledge",
            "case.contact",
            "case.hand_over",
            "case.close",
        ]
        case = db.session.scalars(select(Case)).one()
        assert {line.subject_id for line in lines[1:]} == {case.id}
        assert len({line.actor_id for line in lines}) == 2
