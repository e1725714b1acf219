"""The key to a customer's page: nobody guesses one, and none tells of another."""

import random
from itertools import islice, zip_longest

from flask import Flask
from sqlalchemy import func, select

from app.extensions import commit, db
from surveys.invitations.models import Invitation
from surveys.invitations.tokens import ALPHABET, LENGTH, lookup_hash, token_of
from tests import world
from tests.conftest import ManualClock

GUESSES, AT_ONCE = 100_000, 500


def asked(clock: ManualClock, customers: int) -> list[Invitation]:
    world.build(clock.now())
    for number in range(customers):
        world.served(clock.now(), ref=f"T-{number}", customer_ref=f"C-{number}", phone=f"+1500556{number:04d}")
    commit()
    return list(db.session.scalars(select(Invitation)))


def test_a_hundred_thousand_guesses_open_nobodys_page(app: Flask, clock: ManualClock) -> None:
    with app.app_context():
        invitations = asked(clock, 50)
        real = {token_of(one) for one in invitations}
        assert len(real) == 50
        chance = random.Random(77)
        guesses = ("".join(chance.choices(ALPHABET, k=LENGTH)) for _ in range(GUESSES))
        hits = 0
        while batch := list(islice(guesses, AT_ONCE)):
            found = select(func.count()).where(Invitation.token_hash.in_([lookup_hash(guess) for guess in batch]))
            hits += db.session.scalar(found) or 0
        assert hits == 0
        found = select(func.count()).where(Invitation.token_hash.in_([lookup_hash(one) for one in real]))
        assert db.session.scalar(found) == 50, "the same look finds the real ones"


def test_tokens_of_neighbours_have_nothing_in_common(app: Flask, clock: ManualClock) -> None:
    with app.app_context():
        tokens = [token_of(one) for one in asked(clock, 40)]
        assert all(len(token) == LENGTH and set(token) <= set(ALPHABET) for token in tokens)
        for place in zip_longest(*tokens):
            assert len(set(place)) > 10, "no place in the token is the same for everybody"
