"""Accounts and keys: made here, checked here; a secret is kept only as its hash."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select

from app.auth.models import ApiKey, Attempt, Grant, User
from app.auth.roles import Role
from app.extensions import blind, db, reading, real_now, settings
from surveys.people.models import Branch, Staff

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST_PASSWORD = 10
LONGEST_NAME = 80
LONGEST_EMAIL = 120
WINDOW = timedelta(minutes=15)
KEPT = timedelta(days=1)
NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$MTIzNDU2Nzg5MDEyMzQ1Ng$r3lQ8h6Yd1t0nV0rY6x2b3R2cWZtc2p0b3F1a2x5bWE"


@dataclass(frozen=True)
class RefusedSignIn:
    """Why nobody was let in: wrong (either part), or too_many tries."""

    code: str


def _hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher

    return PasswordHasher()


def create_user(
    *,
    email: str,
    name: str,
    password: str,
    role: Role,
    branch: Branch,
    now: datetime,
    language: str = "en",
    staff: Staff | None = None,
) -> User:
    """An account with one role at one place. Raises ValueError when a part cannot be used or the e-mail is taken."""
    email = _written(email)
    if "@" not in email or len(email) > LONGEST_EMAIL:
        raise ValueError("Give an e-mail address, like anna@example.com.")
    if not name.strip() or len(name) > LONGEST_NAME:
        raise ValueError(f"A name has 1 to {LONGEST_NAME} characters.")
    if len(password) < SHORTEST_PASSWORD:
        raise ValueError(f"A password has at least {SHORTEST_PASSWORD} characters.")
    if db.session.scalar(select(User.id).where(User.email == email)) is not None:
        raise ValueError(f"There is already an account for {email}.")
    user = User(
        email=email,
        name=name,
        password_hash=_hasher().hash(password),
        language=language,
        staff_id=staff.id if staff else None,
        session_key=secrets.token_hex(16),
        created_at=now,
    )
    db.session.add(user)
    db.session.flush()
    db.session.add(Grant(user_id=user.id, role=role.value, branch_id=branch.id))
    db.session.flush()
    return user


def check_sign_in(email: str, password: str, *, source: str) -> User | RefusedSignIn:
    """The account these words open. Failed tries are counted for the account and for the address they come from.

    Lets go of the database while it hashes: a fifth of a second would hold up every other writer of SQLite.
    """
    email = _written(email)
    counted = (f"account:{blind(email)}", f"from:{source}"[:64])
    with reading():
        if _tries(counted) >= settings().policy.sign_in_attempts:
            return RefusedSignIn("too_many")
        known = db.session.execute(select(User.id, User.password_hash).where(User.email == email)).first()
    # A made-up hash costs the same time, so that a stranger cannot tell which accounts exist.
    right = opens(known.password_hash if known else NOBODY, password)
    user = db.session.get(User, known.id) if known and right else None
    if user is not None and user.active:
        db.session.execute(delete(Attempt).where(Attempt.door == "sign_in", Attempt.source == counted[0]))
        return user
    db.session.execute(delete(Attempt).where(Attempt.door == "sign_in", Attempt.at < real_now() - KEPT))
    for name in counted:
        db.session.add(Attempt(door="sign_in", source=name, at=real_now()))
    return RefusedSignIn("wrong")


def is_staff_device(device: str | None) -> bool:
    """Whether somebody signed in last from this device."""
    return device is not None and db.session.scalar(select(User.id).where(User.device == device).limit(1)) is not None


def opens(password_hash: str, password: str) -> bool:
    """Whether this is the password behind the hash. Slow on purpose; needs no database."""
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        return _hasher().verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def _written(email: str) -> str:
    # PostgreSQL keeps no null character; nobody has one in an address.
    return email.replace("\0", "").strip().casefold()


def _tries(sources: tuple[str, ...]) -> int:
    query = (
        select(func.count())
        .where(Attempt.door == "sign_in", Attempt.source.in_(sources), Attempt.at > real_now() - WINDOW)
        .group_by(Attempt.source)
    )
    return max(db.session.scalars(query), default=0)


def sign_out_everywhere(user: User) -> None:
    """Every session of this account ends."""
    user.session_key = secrets.token_hex(16)


def create_api_key(name: str, *, now: datetime) -> str:
    """A key for another system, told once. Raises ValueError when the name is taken, empty or too long."""
    name = name.strip()
    if not name or len(name) > LONGEST_NAME:
        raise ValueError(f"A name has 1 to {LONGEST_NAME} characters.")
    if db.session.scalar(select(ApiKey.id).where(ApiKey.name == name)) is not None:
        raise ValueError(f"There is already a key named {name!r}.")
    key = f"heed_{secrets.token_urlsafe(32)}"
    db.session.add(ApiKey(name=name, key_hash=_key_hash(key), created_at=now))
    db.session.flush()
    return key


def api_key_named_by(key: str) -> ApiKey | None:
    """The key, if it is known and not revoked."""
    return db.session.scalar(select(ApiKey).where(ApiKey.key_hash == _key_hash(key), ApiKey.revoked_at.is_(None)))


def _key_hash(key: str) -> str:
    # 256 random bits need no slow hash.
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
