"""Real comments (200; 2,000 with HEED_REPLAY=full) as replies by SMS: each kept, scored, and answered once."""

import gzip
import os
import re

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.extensions import commit, db
from app.tasks import run_due
from config import ROOT
from notifications.models import InboundMessage, Message, SimulatedMessage
from surveys.invitations.models import Invitation
from surveys.responses.models import Answer, AnswerRevision, FreeText, Response
from surveys.scoring.redaction import redact
from tests import world
from tests.conftest import ManualClock
from tests.phones import text_in

DATA = ROOT.parent / "shared" / "data" / "sentiment" / "dev"
NUMBERS = re.compile(r"\d+")
EACH = 1000 if os.environ.get("HEED_REPLAY") == "full" else 100


def comments(prefix: str) -> list[str]:
    """The first comments of every file of a language, in turn."""
    files = sorted(DATA.glob(f"{prefix}_*.tsv.gz"))
    lines = [gzip.decompress(f.read_bytes()).decode("utf-8").splitlines() for f in files]
    found: list[str] = []
    for row in range(max(len(f) for f in lines)):
        found += [f[row].partition("\t")[2] for f in lines if row < len(f)]
        if len(found) >= EACH:
            break
    return found[:EACH]


@pytest.mark.slow
@pytest.mark.skipif(not DATA.is_dir(), reason="the labelled comments are not beside this checkout")
def test_every_real_comment_is_kept_scored_and_answered_once(app: Flask, clock: ManualClock) -> None:
    texts = [("en", t) for t in comments("en")] + [("zh-Hans", t) for t in comments("zh")]
    phones = [f"+1500555{number:04d}" for number in range(len(texts))]
    with app.app_context():
        world.build(clock.now())
        for number, (language, _) in enumerate(texts):
            world.served(
                clock.now(), ref=f"T-{number}", customer_ref=f"C-{number}", phone=phones[number], language=language
            )
        commit()
        run_due(clock.now())
    for phone, number in zip(phones, range(len(texts)), strict=True):
        text_in(app, phone, "2", clock.now(), sid=f"SM{number:032d}")
    with app.app_context():
        run_due(clock.now())
    for number, (phone, (_, text)) in enumerate(zip(phones, texts, strict=True)):
        text_in(app, phone, text, clock.now(), sid=f"SMb{number:031d}")
    with app.app_context():
        run_due(clock.now())
        inbound = db.session.scalars(select(InboundMessage).order_by(InboundMessage.id)).all()
        assert [message.body for message in inbound] == ["2"] * len(texts) + [text for _, text in texts]
        for phone, message in zip(phones, inbound[len(texts) :], strict=True):
            assert message.from_address == phone
            kept, score = what_was_kept(message)
            if kept is None:
                # Nothing but a number, "My rating: just 3 out of 10.", is the score once more.
                assert the_score_given_again(message) in NUMBERS.findall(str(message.body)), message.outcome
                continue
            assert kept == redact(str(message.body).strip()).text, message.outcome
            assert score is not None, message.outcome
        # Each of the two texts of each phone was answered by one of its own, and by nothing else.
        turns = db.session.scalars(select(Message.dedupe_key).where(Message.dedupe_key.like("turn:%"))).all()
        assert sorted(turns) == sorted(f"turn:{message.id}" for message in inbound)
        reached = (
            select(SimulatedMessage.phone_index, func.count())
            .where(SimulatedMessage.direction != "inbound", SimulatedMessage.phone_index.in_(phones))
            .group_by(SimulatedMessage.phone_index)
        )
        assert [many for _, many in db.session.execute(reached)] == [3] * len(phones)


def what_was_kept(message: InboundMessage) -> tuple[str | None, str | None]:
    """The words that were kept of the second text of a phone, and the version of the scorer that read them."""
    if message.outcome in ("free_text", "maybe_stop"):
        free = db.session.scalars(select(FreeText).where(FreeText.inbound_id == message.id)).one()
        return free.text, free.score_version
    asked = select(Answer).join(Answer.response).join(Response.invitation)
    words = asked.where(Invitation.phone_index == message.from_index, Answer.kind == "text")
    answer = db.session.scalars(words).one_or_none()
    return (answer.text, answer.score_version) if answer else (None, None)


def the_score_given_again(message: InboundMessage) -> str:
    """The score that stands, where the one given first is kept beside it."""
    asked = select(Answer).join(Answer.response).join(Response.invitation)
    answer = db.session.scalars(asked.where(Invitation.phone_index == message.from_index)).one()
    first = db.session.scalars(select(AnswerRevision.value).where(AnswerRevision.answer_id == answer.id)).all()
    assert first == [2]
    return str(answer.value)
