"""Real comments (200; 2,000 with HEED_REPLAY=full) as replies by SMS: each kept, scored, and answered once."""

import gzip
import os
from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.extensions import commit, db
from app.tasks import run_due
from config import ROOT
from notifications.models import InboundMessage, Message, SimulatedMessage
from surveys.responses.models import Answer, FreeText
from tests import world
from tests.conftest import ManualClock
from tests.phones import text_in

DATA = ROOT.parent / "shared" / "data" / "sentiment" / "dev"
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
        inbound = db.session.scalars(select(InboundMessage)).all()
        assert len(inbound) == 2 * len(texts)
        assert all(message.handled_at is not None for message in inbound)
        reserved = sum(message.reserved is not None for message in inbound)
        words = db.session.scalar(select(func.count()).select_from(Answer).where(Answer.kind == "text"))
        unscored = db.session.scalar(
            select(func.count()).select_from(Answer).where(Answer.text.is_not(None), Answer.score_version.is_(None))
        )
        free = db.session.scalar(select(func.count()).select_from(FreeText))
        assert (words or 0) + (free or 0) + reserved >= len(texts) - 5
        assert unscored == 0
        turns = Counter(db.session.scalars(select(Message.dedupe_key).where(Message.dedupe_key.like("turn:%"))).all())
        assert set(turns.values()) == {1}
        assert len(turns) == 2 * len(texts)
        per_phone = (
            select(func.count())
            .select_from(SimulatedMessage)
            .where(SimulatedMessage.direction != "inbound", SimulatedMessage.phone_index.in_(phones))
        )
        assert db.session.scalar(per_phone.group_by(SimulatedMessage.phone_index).order_by(func.count().desc())) == 3
