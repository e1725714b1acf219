"""The why-ledger: every rule in order, in plain words of both languages."""

import re
from datetime import timedelta

import pytest
from flask import Flask

from app.console.ledger import RULES, VERDICTS, detail_words, rule_name, verdict_word
from app.extensions import commit
from surveys.invitations.eligibility import Facts, Policy, Rule, Verdict, eligibility
from surveys.people.service import record_consent
from tests import world
from tests.app.console.office import sign_in
from tests.app.console.weeks import answered
from tests.conftest import FRIDAY, ManualClock


@pytest.fixture
def skipped(house: Flask, clock: ManualClock) -> Flask:
    with house.app_context():
        answered(clock.now(), 1, 9)
        clock.advance(hours=1)
        world.served(clock.now(), ref="T-again", phone="+15005560001", customer_ref="C-BJ-01-1")
        commit()
    return house


def test_every_rule_stands_in_its_order_with_its_verdict(skipped: Flask) -> None:
    page = sign_in(skipped, "manager").get("/console/events/2").text
    names = re.findall(r"<h3>(.*?)</h3>", page)
    assert names == [RULES[rule]["en"] for rule in Rule]
    assert "Not asked: had been asked in the last 90 days" in page
    assert "asked 60 minutes ago; the limit is 90 days" in page
    assert "do not ask" in page


def test_the_same_in_chinese(skipped: Flask) -> None:
    page = sign_in(skipped, "manager").get("/console/events/2?lang=zh-Hans").text
    assert "未询问：90天内已经问过" in page
    assert "60分钟前问过，间隔至少90天" in page
    main = re.sub(r"(?s)^.*<main|<[^>]+>|[A-Z]{1,2}-\S+", " ", page)
    assert set(re.findall(r"[A-Za-z]{3,}", main)) <= {"Customer", "Clara", "Wong", "core", "class", "page", "main"}


def test_one_asked_links_to_the_customer_and_the_answer(skipped: Flask) -> None:
    page = sign_in(skipped, "manager").get("/console/events/1").text
    assert 'href="/console/customers/1"' in page
    assert 'href="/console/answers/1"' in page
    assert "9 of 10, satisfied" in page


def test_an_auditor_reads_the_ledger_and_nobody_s_name(skipped: Flask) -> None:
    page = sign_in(skipped, "auditor").get("/console/events/1").text
    assert "Every rule and its verdict" in page
    assert "/console/customers/" not in page and "/console/answers/" not in page


@pytest.mark.parametrize(("who", "status"), [("neighbour", 404), ("agent", 404), ("account", 404), ("regional", 200)])
def test_only_who_may_see_decisions_there(skipped: Flask, who: str, status: int) -> None:
    assert sign_in(skipped, who).get("/console/events/2").status_code == status


def test_a_withdrawn_consent_is_the_reason_given(house: Flask, clock: ManualClock) -> None:
    with house.app_context():
        answered(clock.now(), 1, 9)
        record_consent(1, granted=False, source="customer", wording="", now=clock.now())
        clock.advance(days=100)
        world.served(clock.now(), ref="T-2", phone="+15005560001", customer_ref="C-BJ-01-1")
        commit()
    assert "Not asked: had not agreed to be asked" in sign_in(house, "manager").get("/console/events/2").text


def test_every_rule_and_verdict_has_its_word_in_both_languages() -> None:
    assert set(RULES) == {str(rule) for rule in Rule} | {"reminder"}
    assert set(VERDICTS) == {str(verdict) for verdict in Verdict}
    assert rule_name("our_own_rule", "zh-Hans") == "our own rule"
    assert verdict_word("maybe", "en") == "maybe"


SITUATIONS = [
    (Facts(programme=None, time_zone="Asia/Shanghai", opted_out=True, consent=False, has_channel=False), Policy()),
    (Facts(programme="visit", time_zone="Asia/Shanghai", exempt_from_caps=True), Policy()),
    (Facts(programme="visit", time_zone="Asia/Shanghai", complaint=True, hold="open_case", open_case=True), Policy()),
    (
        Facts(
            programme="visit",
            time_zone="Asia/Shanghai",
            open_conversation=True,
            last_invited_at=FRIDAY - timedelta(days=100),
            last_answered_at=FRIDAY - timedelta(hours=30),
            occurred_at=FRIDAY - timedelta(hours=100),
            sent_today=3,
        ),
        Policy(quota=3, sampling_rate=0.0),
    ),
    (
        Facts(
            programme="visit",
            time_zone="Asia/Shanghai",
            open_conversation=True,
            exempt_from_caps=True,
            occurred_at=FRIDAY,
        ),
        Policy(weekdays=()),
    ),
    (
        Facts(
            programme="visit",
            time_zone="Asia/Shanghai",
            last_invited_at=FRIDAY + timedelta(days=2),
            occurred_at=FRIDAY + timedelta(hours=1),
            taken=(FRIDAY + timedelta(hours=1),),
        ),
        Policy(drip_per_day=5, sampling_rate=0.25),
    ),
    (
        Facts(
            programme="visit",
            time_zone="Asia/Shanghai",
            occurred_at=FRIDAY,
            not_before=FRIDAY + timedelta(hours=90),
            taken=(FRIDAY + timedelta(hours=90),),
        ),
        Policy(drip_per_day=5),
    ),
    (
        Facts(
            programme="visit",
            time_zone="Asia/Shanghai",
            occurred_at=FRIDAY - timedelta(hours=71),
            taken=(FRIDAY,),
        ),
        Policy(drip_per_day=5),
    ),
    (Facts(programme="visit", time_zone="Asia/Shanghai", occurred_at=FRIDAY - timedelta(hours=71)), Policy()),
]


@pytest.mark.parametrize(("facts", "policy"), SITUATIONS)
@pytest.mark.parametrize("hours", [0, 9])
def test_every_fact_behind_a_verdict_is_said_in_chinese_too(facts: Facts, policy: Policy, hours: int) -> None:
    for result in eligibility(facts, policy, now=FRIDAY + timedelta(hours=hours)).rules:
        said = detail_words(result.detail, "zh-Hans")
        left = re.findall(r"[A-Za-z]{2,}", said.replace("visit", ""))
        assert left == [], (result.rule, result.detail, said)
        assert detail_words(result.detail, "en") == result.detail
