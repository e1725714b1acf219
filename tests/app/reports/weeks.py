"""A believable week of a bilingual bank, for the report's tests: a region with six branches and its people's words."""

from datetime import UTC, date, datetime

from app.insights.metrics import NpsCounts
from app.reports.figures import (
    Awaited,
    BranchFigures,
    CaseFigures,
    Funnel,
    Kin,
    Level,
    Overdue,
    Recovery,
    Verbatim,
    WeekFigures,
)
from app.reports.verbatims import tally
from app.reports.withholding import Withheld, withheld

MONDAY = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)

AIRPORT = {"en": "Airport", "zh-Hans": "机场支行"}
CENTRAL = {"en": "Central", "zh-Hans": "中心支行"}
RIVERSIDE = {"en": "Riverside", "zh-Hans": "滨江支行"}
NORTH_QUAY = {"en": "North Quay", "zh-Hans": "北码头支行"}
EAST_GATE = {"en": "East Gate", "zh-Hans": "东门支行"}
OLD_TOWN = {"en": "Old Town", "zh-Hans": "老城支行"}

BRANCHES = (
    BranchFigures(
        "BJ-01", CENTRAL, NpsCounts(31, 18, 14), NpsCounts(35, 15, 12), {5: 20, 4: 25, 3: 9, 2: 6, 1: 3}, {}, 7, 1
    ),
    BranchFigures(
        "BJ-02", AIRPORT, NpsCounts(47, 19, 6), NpsCounts(27, 23, 18), {5: 40, 4: 20, 3: 8, 2: 3, 1: 1}, {}, 2, 0
    ),
    BranchFigures(
        "BJ-03", RIVERSIDE, NpsCounts(10, 6, 12), NpsCounts(24, 12, 12), {5: 8, 4: 9, 3: 4, 2: 4, 1: 3}, {}, 4, 1
    ),
    BranchFigures("BJ-04", NORTH_QUAY, NpsCounts(3, 2, 2), NpsCounts(4, 4, 3), {5: 3, 4: 2}, {}, 1, 0),
    BranchFigures("BJ-05", EAST_GATE, NpsCounts(2, 2, 1), NpsCounts(5, 3, 2), {5: 2, 4: 1, 3: 1}, {}, 0, 0),
    BranchFigures(
        "BJ-06", OLD_TOWN, NpsCounts(28, 14, 13), NpsCounts(26, 15, 12), {5: 20, 4: 20, 3: 8, 2: 5, 1: 2}, {}, 3, 0
    ),
)

WORDS = (
    Verbatim(
        "She came out from behind the counter and filled in the form with my mother. Nobody has ever done that.",
        "en",
        10,
        "nps",
        AIRPORT,
        "BJ-02",
        0.9,
        ("staff_attitude",),
    ),
    Verbatim(
        "Waited fifty minutes, then the counter closed in front of me.",
        "en",
        1,
        "nps",
        CENTRAL,
        "BJ-01",
        -0.8,
        ("waiting",),
    ),
    Verbatim(
        "取款机吞了卡，打了三个电话才有人管，还好最后态度不错。",
        "zh",
        5,
        "nps",
        RIVERSIDE,
        "BJ-03",
        -0.2,
        ("atm_branch",),
    ),
    Verbatim(
        "排队一个多小时，叫到号的时候说下班了，明天再来。", "zh", 2, "nps", RIVERSIDE, "BJ-03", -0.7, ("waiting",)
    ),
    Verbatim("Quick and friendly, thank you.", "en", 9, "nps", AIRPORT, "BJ-02", 0.7, ("staff_attitude", "waiting")),
    Verbatim(
        "柜员很耐心，把利率讲得清清楚楚。", "zh", 9, "nps", OLD_TOWN, "BJ-06", 0.8, ("staff_attitude", "communication")
    ),
    Verbatim("Fine, but the queue was long again on Friday.", "en", 7, "nps", CENTRAL, "BJ-01", -0.1, ("waiting",)),
    Verbatim("还可以，就是等得有点久。", "zh", 7, "nps", OLD_TOWN, "BJ-06", 0.0, ("waiting",)),
    Verbatim("The fee was never explained to me.", "en", 4, "nps", OLD_TOWN, "BJ-06", -0.5, ("fees", "communication")),
    Verbatim(
        "The app logged me out twice while I was paying.", "en", 6, "nps", CENTRAL, "BJ-01", -0.4, ("app_website",)
    ),
    Verbatim(
        "Good advice about the mortgage, no pressure.", "en", 9, "nps", AIRPORT, "BJ-02", 0.6, ("product", "competence")
    ),
    Verbatim("一切顺利。", "zh", 8, "nps", AIRPORT, "BJ-02", 0.4, ()),
    Verbatim(
        "Only five of us live near here and you will know who said this.",
        "en",
        0,
        "nps",
        EAST_GATE,
        "BJ-05",
        -1.0,
        ("other",),
    ),
)


def total(branches: tuple[BranchFigures, ...], *, last: bool = False) -> NpsCounts:
    """The region's answers as the sum of its branches'."""
    return sum(((b.nps_last if last else b.nps) for b in branches), start=NpsCounts())


def hidden_by(sizes: dict[str, int]) -> tuple[str, ...]:
    """What a region of these branches may not show."""
    return withheld({"NORTH": None, **dict.fromkeys(sizes, "NORTH")}, sizes)


def hidden(branches: tuple[BranchFigures, ...]) -> Withheld:
    """The same for every measure of the week."""
    return Withheld(
        nps=hidden_by({b.code: b.nps.n for b in branches}),
        csat=hidden_by({b.code: sum(b.csat.values()) for b in branches}),
        ces=hidden_by({b.code: sum(b.ces.values()) for b in branches}),
    )


def region(**changes: object) -> WeekFigures:
    """Region North, week 47."""
    branches, words = changes.pop("branches", BRANCHES), changes.pop("verbatims", WORDS)
    assert isinstance(branches, tuple) and isinstance(words, tuple)
    base: dict[str, object] = {
        "organisation": {"en": "Harbour Bank", "zh-Hans": "海港银行"},
        "scope": "NORTH",
        "names": {"en": "Region North", "zh-Hans": "北区"},
        "level": Level.REGION,
        "iso_week": "2026-W47",
        "starts": date(2026, 11, 16),
        "ends": date(2026, 11, 22),
        "time_zone": "Asia/Shanghai",
        "nps": total(branches),
        "nps_last": total(branches, last=True),
        "csat": {5: 93, 4: 77, 3: 30, 2: 18, 1: 9},
        "csat_last": {5: 90, 4: 80, 3: 28, 2: 15, 1: 10},
        "ces": {7: 22, 6: 18, 5: 9, 4: 6, 3: 4, 2: 2, 1: 1},
        "ces_last": {7: 18, 6: 20, 5: 11, 4: 5, 3: 4, 2: 3, 1: 2},
        "funnel": Funnel(
            service_events=1240, eligible=610, invited=512, delivered=498, started=230, completed=214, partial=16,
            opted_out=3, late=4, answers=246,
            skipped={"frequency_cap": 98, "opted_out": 61, "no_consent": 402, "no_channel": 167},
        ),
        "cases": CaseFigures(
            opened=17, acknowledge_due=17, acknowledged_in_time=17, contact_due=14, contacted_in_time=12, resolved=11,
            reopened=2, reopened_higher=2, saved=5, lost=1,
        ),
        "overdue": (
            Overdue("5102", "D. S.", RIVERSIDE, Awaited.PROMISE, 310, "fees"),
            Overdue("4821", "L. M.", CENTRAL, Awaited.CONTACT, 4400, "atm_branch"),
        ),
        "recovery": Recovery(9, 1, 1),
        "root_causes": {"waiting": 6, "system": 3, "staff": 1, "other": 1},
        "comments": tally(words),
        "verbatims": words,
        "branches": branches,
        "withheld": hidden(branches),
        "withheld_last": Withheld(nps=hidden_by({b.code: b.nps_last.n for b in branches})),
        "above": Kin("HB", {"en": "Harbour Bank", "zh-Hans": "海港银行"}, NpsCounts(612, 300, 288)),
    }  # fmt: skip
    return WeekFigures(**{**base, **changes})  # type: ignore[arg-type]


def branch(**changes: object) -> WeekFigures:
    """One branch by itself, with about twenty answers."""
    base: dict[str, object] = {
        "scope": "BJ-01",
        "names": CENTRAL,
        "level": Level.BRANCH,
        "branches": (),
        "nps": NpsCounts(9, 6, 5),
        "nps_last": NpsCounts(11, 6, 4),
        "csat": {},
        "csat_last": {},
        "ces": {},
        "ces_last": {},
        "funnel": Funnel(
            service_events=96, eligible=60, invited=48, delivered=47, started=20, completed=18, partial=2, answers=22,
            skipped={"frequency_cap": 12},
        ),
        "cases": CaseFigures(opened=2, acknowledge_due=2, acknowledged_in_time=2, resolved=1),
        "overdue": (),
        "recovery": Recovery(),
        "root_causes": {},
        "verbatims": tuple(v for v in WORDS if v.branch_code == "BJ-01"),
        "above": Kin("NORTH", {"en": "Region North", "zh-Hans": "北区"}, total(BRANCHES)),
    }  # fmt: skip
    return region(**{**base, **changes})
