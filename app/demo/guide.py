"""What a first visitor is told: who can sign in, and what to try first. `make run` prints it; the console shows it."""

from dataclasses import dataclass

PASSWORD = "harbour-demo"


@dataclass(frozen=True, kw_only=True)
class SignIn:
    """One account of the demo company. `what` says what this person sees, per language."""

    email: str
    name: str
    role: str
    branch: str
    language: str
    what: dict[str, str]
    staff: str | None = None


@dataclass(frozen=True)
class Step:
    """One thing to try: where it is and what to do there, per language. The path stands after the public address."""

    path: str
    title: dict[str, str]
    text: dict[str, str]


SIGN_INS = (
    SignIn(
        email="manager@harbour.example",
        name="陈丽华",
        role="branch_manager",
        branch="BJ-01",
        staff="S-10",
        language="zh-Hans",
        what={"en": "branch manager at Central, in Chinese", "zh-Hans": "中心支行行长，中文界面"},
    ),
    SignIn(
        email="anna@harbour.example",
        name="Anna Reed",
        role="branch_manager",
        branch="BJ-01",
        staff="S-11",
        language="en",
        what={"en": "her deputy, in English", "zh-Hans": "她的副手，英文界面"},
    ),
    SignIn(
        email="account@harbour.example",
        name="周敏",
        role="account_manager",
        branch="BJ-01",
        staff="S-17",
        language="zh-Hans",
        what={"en": "account manager: sees own customers only", "zh-Hans": "客户经理，只看自己的客户"},
    ),
    SignIn(
        email="region@harbour.example",
        name="林悦",
        role="regional_manager",
        branch="NORTH",
        staff="S-01",
        language="zh-Hans",
        what={
            "en": "regional manager: three branches, and what was handed up",
            "zh-Hans": "区域经理：三家支行，以及上交的事",
        },
    ),
    SignIn(
        email="analyst@harbour.example",
        name="Iris Quinn",
        role="analyst",
        branch="HB",
        language="en",
        what={"en": "analyst: the figures of the whole bank", "zh-Hans": "分析员：全行数据"},
    ),
    SignIn(
        email="admin@harbour.example",
        name="Sam Foster",
        role="administrator",
        branch="HB",
        language="en",
        what={"en": "administrator: everything", "zh-Hans": "管理员：全部功能"},
    ),
)

STEPS = (
    Step(
        "/console/",
        {"en": "See who to call next", "zh-Hans": "看看先给谁打电话"},
        {
            "en": "Sign in as anna@harbour.example. The first row is the customer to call, why, and how long you have.",
            "zh-Hans": "用 manager@harbour.example 登录。第一行就是先要联系的客户、原因和剩余时间。",
        },
    ),
    Step(
        "/simulator/",
        {"en": "Answer as the customer", "zh-Hans": "当一回客户"},
        {
            "en": "Open a customer's phone, reply 2, then write what went wrong. Then open the manager's phone.",
            "zh-Hans": "打开一位客户的手机，回复2，再写写哪里不好。然后打开经理的手机看看。",
        },
    ),
    Step(
        "/simulator/",
        {"en": "Answer as the manager", "zh-Hans": "当一回经理"},
        {
            "en": "On the manager's phone reply OK and the number of the case, then CALLED, then DONE and a cause.",
            "zh-Hans": "在经理的手机上回复“收到”加编号，再回复“已联系”，最后回复“完成”加原因。",
        },
    ),
    Step(
        "/simulator/",
        {"en": "Say stop", "zh-Hans": "退订试试"},
        {
            "en": "Reply STOP, 退订 or T from any phone: it is the last survey that customer gets.",
            "zh-Hans": "任意一部手机回复“退订”、T 或 STOP，这位客户就不会再收到调查。",
        },
    ),
    Step(
        "/console/report",
        {"en": "Read last week's report", "zh-Hans": "读上周的周报"},
        {
            "en": "As analyst@harbour.example: one branch gets worse, one better. See how sure the report is.",
            "zh-Hans": "用 analyst@harbour.example 登录：一家支行在变差，一家在变好。看看周报有多大把握。",
        },
    ),
    Step(
        "",
        {"en": "Let a day pass", "zh-Hans": "让银行忙起来"},
        {
            "en": "In another terminal: .venv/bin/flask --app wsgi simulate --events 20 --answers",
            "zh-Hans": "另开一个终端：.venv/bin/flask --app wsgi simulate --events 20 --answers",
        },
    ),
)


def guide_text(public_url: str, *, seeded: bool) -> str:
    """What `make run` prints: the address, and for the demo company the sign-ins and what to try, in both languages."""
    lines = ["", f"  Heed listens on {public_url}", ""]
    if not seeded:
        lines += ["  Make the first account: flask --app wsgi create-user EMAIL --role administrator", ""]
        return "\n".join(lines)
    lines += [f"  Sign in with the password {PASSWORD}  登录密码 {PASSWORD}"]
    width = max(len(sign_in.email) for sign_in in SIGN_INS)
    lines += [f"    {s.email:{width}}  {s.what['en']} / {s.what['zh-Hans']}" for s in SIGN_INS]
    lines += ["", "  What to try first  先试什么"]
    for number, step in enumerate(STEPS, start=1):
        where = f"  {public_url}{step.path}" if step.path else ""
        lines += [f"    {number}. {step.title['en']} / {step.title['zh-Hans']}{where}"]
        lines += [f"       {step.text['en']}", f"       {step.text['zh-Hans']}"]
    return "\n".join([*lines, ""])


def print_guide() -> None:
    """Tell whoever started Heed where it is and what to try."""
    import click
    from sqlalchemy import select

    from app.auth.models import User
    from app.extensions import db, reading, settings

    with reading():
        seeded = db.session.scalar(select(User.id).where(User.email == SIGN_INS[0].email)) is not None
    click.echo(guide_text(settings().public_url, seeded=seeded))
