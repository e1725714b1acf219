"""Every setting of Heed: read once, typed, checked at start. The only file that reads the environment."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

ROOT = Path(__file__).parent
DEVELOPMENT_SECRET = "heed-development-secret-never-for-real-customers"
DEMO_NAMES = {"en": "Harbour Bank", "zh-Hans": "海港银行", "zh-Hant": "海港銀行"}

Environment = Literal["development", "testing", "production"]


class ConfigError(ValueError):
    """A setting is missing or wrong; the message lists every one of them and says what to set."""


@dataclass(frozen=True, kw_only=True)
class Organisation:
    """The company whose customers are asked: its name in each language, its colour, its telephone."""

    names: Mapping[str, str] = field(default_factory=DEMO_NAMES.copy)
    brand: str = "#0a5866"
    brand_dark: str = "#74cdda"
    phone: str = "+861055550100"

    def name(self, language: str) -> str:
        """The name customers know, in their language; for Chinese in whichever script there is; else in English."""
        scripts = ("zh-Hans", "zh-Hant") if language.startswith("zh") else ()
        return next((self.names[tag] for tag in (language, *scripts) if self.names.get(tag)), self.names["en"])


@dataclass(frozen=True, kw_only=True)
class PolicyNumbers:
    """Numbers of the contact and case policies, each set by HEED_ and its name; a programme may override the first."""

    cap_days: int = 90
    answer_cap_days: int = 90
    relationship_cap_days: int = 180
    stale_hours: int = 72
    reminder_after_hours: int = 48
    survey_open_days: int = 7
    company_hours: tuple[int, int] = (10, 20)
    weekdays: tuple[int, ...] = tuple(range(7))  # Monday is 0
    respect_holidays: bool = True
    quota: int | None = None
    drip_per_day: int | None = None
    expected_response_rate: float = 0.2  # for a forecast, where a touchpoint has no answers of its own yet
    case_hours: tuple[int, int] = (8, 21)  # texts about a case that answer nothing the customer just said
    default_consent: bool = True
    inbound_body_days: int = 7
    keep_answer_days: int = 1096  # the words of answers, cases and reports; their figures stay
    keep_original_days: int = 90  # what redaction took out of answers, for the one role that may read it; 0: never
    keep_message_days: int = 366  # what messages said
    keep_audit_years: int = 7
    words_window_minutes: int = 30
    recovery_after_days: int = 2
    dialogue_days: int = 3
    late_days: int = 14
    link_days: int = 30  # how long a survey link shows anything once its case is closed
    answers_per_day: int = 5
    sign_in_attempts: int = 10
    token_misses_per_minute: int = 20


@dataclass(frozen=True, kw_only=True)
class SendingLimits:
    """What texts may cost and where they may go. Counts are segments a day (UTC); None is no limit."""

    countries: frozenset[str] = frozenset()  # two letters each; empty is anywhere
    per_day: int | None = None
    per_branch_day: int | None = None
    prefixes: tuple[tuple[str, int], ...] = ()  # the beginning of a number, and the most a day to all such numbers
    segments_per_second: float | None = None


@dataclass(frozen=True, kw_only=True)
class Config:
    """One immutable value; `load()` makes it."""

    environment: Environment = "development"
    database_url: str = f"sqlite:///{ROOT / 'instance' / 'heed.sqlite'}"
    broker_url: str = "memory://"
    secret_key: str = DEVELOPMENT_SECRET
    data_keys: tuple[str, ...] = (DEVELOPMENT_SECRET,)
    index_key: str = DEVELOPMENT_SECRET
    port: int = 5000
    trusted_proxies: int = 0
    public_url: str = "http://127.0.0.1:5000"
    sms_channel: Literal["simulator", "twilio"] = "simulator"
    simulator_profile: Literal["open", "mainland_china"] = "open"  # whose carrier's rules the simulator plays
    sms_from: str = "+15005550001"
    twilio_account_sid: str = "AC00000000000000000000000000000000"
    twilio_auth_token: str = "simulated-auth-token"
    twilio_api_url: str | None = None
    smtp_url: str | None = None
    mail_from: str = "heed@localhost"
    clock_speed: float = 1.0
    default_country: str = "CN"
    default_language: str = "en"
    organisation: Organisation = field(default_factory=Organisation)
    sms_price: float | None = None  # for one segment, in `currency`; None: no cost is shown
    currency: str = "CNY"
    policy: PolicyNumbers = field(default_factory=PolicyNumbers)
    limits: SendingLimits = field(default_factory=SendingLimits)

    @property
    def production(self) -> bool:
        return self.environment == "production"

    @property
    def embedded(self) -> bool:
        """One process holds web, worker and scheduler."""
        return self.broker_url == "memory://"

    def flask(self) -> dict[str, Any]:
        """The settings Flask and its extensions read by their own names."""
        sqlite = self.database_url.startswith("sqlite")
        return {
            "SECRET_KEY": self.secret_key,
            "SQLALCHEMY_DATABASE_URI": self.database_url,
            "SQLALCHEMY_ENGINE_OPTIONS": {
                "hide_parameters": True,  # an error's text goes to the log, and people's words must not
                **({} if sqlite else {"pool_size": 10, "max_overflow": 20}),
            },
            "TESTING": self.environment == "testing",
            "SESSION_COOKIE_SECURE": self.public_url.startswith("https://"),
            "SESSION_COOKIE_SAMESITE": "Lax",
            "SESSION_COOKIE_NAME": "heed",
            "PERMANENT_SESSION_LIFETIME": timedelta(hours=12),
            "WTF_CSRF_TIME_LIMIT": None,
            "MAX_CONTENT_LENGTH": 16 * 1024 * 1024,
            "BABEL_DEFAULT_LOCALE": "en",
        }

    def celery(self) -> dict[str, Any]:
        """Celery's settings for one process (memory broker) or for several (RabbitMQ, Redis)."""
        settings: dict[str, Any] = {
            "broker_url": "memory://localhost//" if self.embedded else self.broker_url,
            "task_ignore_result": True,
            "task_acks_late": not self.embedded,
            "task_reject_on_worker_lost": not self.embedded,
            "worker_prefetch_multiplier": 64 if self.embedded else 1,
            "worker_hijack_root_logger": False,
            "worker_send_task_events": False,
            "task_publish_retry": False,
            "broker_connection_timeout": 1,
            "broker_connection_retry_on_startup": True,
            "task_serializer": "json",
            "accept_content": ["json"],
            "timezone": "UTC",
            "beat_schedule": {
                name: {"task": task, "schedule": seconds, "options": {"expires": max(seconds * 2, 5)}}
                for name, (task, seconds) in BEAT.items()
            },
        }
        if self.embedded:
            settings["broker_transport_options"] = {"polling_interval": 0.01}
        elif self.broker_url.startswith("redis"):
            settings["broker_transport_options"] = {
                "visibility_timeout": 300,
                "unacked_restore_interval": 5,
                "unacked_restore_throttle": 1,
                "socket_connect_timeout": 1,
                "socket_timeout": 5,
                "max_retries": 0,
            }
        else:
            settings["broker_transport_options"] = {"max_retries": 0, "connect_timeout": 1, "confirm_publish": False}
        return settings


# Sweepers: what each finds is a row with a due time, so a tick that is lost costs seconds. Intervals only, no crontab.
BEAT: dict[str, tuple[str, float]] = {
    "deliver messages": ("notifications.deliver_due", 1.0),
    "carry simulated messages": ("notifications.advance_simulator", 1.0),
    "read inbound messages": ("app.handle_inbound_due", 1.0),
    "review answers": ("app.review_due", 1.0),
    "send invitations": ("surveys.send_due_invitations", 1.0),
    "try programmes": ("surveys.try_programmes", 2.0),
    "remind and expire invitations": ("surveys.remind_and_expire", 5.0),
    "chase case deadlines": ("app.chase_deadlines", 1.0),
    "ask whether it is put right": ("app.ask_recovery", 5.0),
    "issue weekly reports": ("app.issue_weekly_reports", 60.0),
    "change owners and settle leavers": ("app.begin_days", 300.0),
    "tell operators": ("app.tell_operators", 30.0),
    "take in files": ("app.work_imports", 2.0),
    "read old words again": ("app.work_rescoring", 2.0),
    "find new words of the week": ("app.find_emerging", 600.0),
    "clear away files": ("app.clear_import_files", 3600.0),
    "clear handled message bodies": ("notifications.clear_bodies", 3600.0),
    "forget what was kept long enough": ("app.forget_old", 3600.0),
    "read old words again by new rules": ("app.redact_again", 300.0),
    "heartbeat": ("app.heartbeat", 5.0),
}


def load(env: Mapping[str, str] | None = None) -> Config:
    """The configuration this process runs with. Raises ConfigError naming every setting that is missing or wrong."""
    env = os.environ if env is None else env
    wrong: list[str] = []

    def text(name: str, default: str) -> str:
        return env.get(f"HEED_{name}", "").strip() or default

    def number(name: str, default: float) -> float:
        raw = text(name, str(default))
        try:
            return float(raw)
        except ValueError:
            wrong.append(f"HEED_{name} must be a number, not {raw!r}")
            return default

    def count(name: str) -> int | None:
        return int(number(name, 0)) or None

    def one_of(name: str, *known: str) -> Any:
        raw = text(name, known[0])
        if raw not in known:
            wrong.append(f"HEED_{name} must be {', '.join(known[:-1])} or {known[-1]}, not {raw!r}")
        return raw

    channel = one_of("SMS_CHANNEL", "simulator", "twilio")
    port = int(number("PORT", 5000))
    defaults, named = Config(), env.get("HEED_ORGANISATION")
    config = Config(
        environment=one_of("ENV", "development", "testing", "production"),
        database_url=_driver(text("DATABASE_URL", defaults.database_url)),
        broker_url=text("BROKER_URL", defaults.broker_url),
        secret_key=text("SECRET_KEY", DEVELOPMENT_SECRET),
        data_keys=tuple(key.strip() for key in text("DATA_KEYS", DEVELOPMENT_SECRET).split(",")),
        index_key=text("INDEX_KEY", DEVELOPMENT_SECRET),
        port=port,
        trusted_proxies=int(number("TRUSTED_PROXIES", 0)),
        public_url=text("PUBLIC_URL", f"http://127.0.0.1:{port}").rstrip("/"),
        sms_channel=channel,
        simulator_profile=one_of("SIMULATOR_PROFILE", "open", "mainland_china"),
        sms_from=text("TWILIO_FROM", defaults.sms_from),
        twilio_account_sid=text("TWILIO_ACCOUNT_SID", defaults.twilio_account_sid),
        twilio_auth_token=text("TWILIO_AUTH_TOKEN", defaults.twilio_auth_token),
        twilio_api_url=env.get("HEED_TWILIO_API_URL") or None,
        smtp_url=env.get("HEED_SMTP_URL") or None,
        mail_from=text("MAIL_FROM", defaults.mail_from),
        clock_speed=number("CLOCK_SPEED", 1.0),
        default_country=text("DEFAULT_COUNTRY", defaults.default_country),
        default_language=text("DEFAULT_LANGUAGE", defaults.default_language),
        organisation=Organisation(
            names={
                "en": text("ORGANISATION", "Harbour Bank"),
                "zh-Hans": text("ORGANISATION_ZH", named or "海港银行"),
                "zh-Hant": text("ORGANISATION_ZH_HANT", text("ORGANISATION_ZH", named or "海港銀行")),
            },
            brand=text("BRAND", "#0a5866"),
            brand_dark=text("BRAND_DARK", "#74cdda"),
            phone=text("PHONE", "+861055550100"),
        ),
        sms_price=number("SMS_PRICE", 0.0) or None,
        currency=text("CURRENCY", defaults.currency),
        policy=_policy(text, wrong),
        limits=SendingLimits(
            countries=_countries(text("SMS_COUNTRIES", text("DEFAULT_COUNTRY", "CN") if channel == "twilio" else "")),
            per_day=count("SMS_PER_DAY"),
            per_branch_day=count("SMS_PER_BRANCH_DAY"),
            prefixes=_prefixes(text("SMS_PREFIXES", ""), wrong),
            segments_per_second=number("SMS_PER_SECOND", 0) or None,
        ),
    )
    wrong += _wrong(config)
    if wrong:
        raise ConfigError("Heed cannot start:\n- " + "\n- ".join(wrong))
    return config


def _policy(text: Callable[[str, str], str], wrong: list[str]) -> PolicyNumbers:
    found: dict[str, Any] = {}
    for one in fields(PolicyNumbers):
        raw = text(one.name.upper(), "")
        if not raw:
            continue
        try:
            least = _LEAST.get(one.name)
            found[one.name] = _whole(raw, least=least) if least else _READERS_OF[one.type](raw)
        except ValueError as error:
            wrong.append(f"HEED_{one.name.upper()} must be {error}, not {raw!r}")
    return PolicyNumbers(**found)


def _whole(raw: str, *, least: int = 0) -> int:
    if not (raw.isascii() and raw.isdigit()) or int(raw) < least:
        raise ValueError(f"a whole number from {least}")
    return int(raw)


def _yes(raw: str) -> bool:
    word = raw.casefold()
    if word not in ("1", "0", "true", "false", "yes", "no"):
        raise ValueError("1 or 0")
    return word in ("1", "true", "yes")


def _share(raw: str) -> float:
    if not re.fullmatch(r"[01]?\.?\d*", raw) or not 0 < float(f"0{raw}") <= 1:
        raise ValueError("a share above 0 and up to 1, like 0.2")
    return float(raw)


def _hours(raw: str) -> tuple[int, int]:
    begin, dash, end = raw.partition("-")
    if not dash or not (begin.strip().isdigit() and end.strip().isdigit()) or not 0 <= int(begin) < int(end) <= 24:
        raise ValueError("two hours like 10-20")
    return int(begin), int(end)


def _days(raw: str) -> tuple[int, ...]:
    if not raw or set(raw) - set("1234567"):
        raise ValueError("days from 1 (Monday) to 7 (Sunday), like 12345")
    return tuple(sorted({int(day) - 1 for day in raw}))


_READERS_OF: dict[Any, Callable[[str], Any]] = {
    int: _whole,
    int | None: partial(_whole, least=1),
    bool: _yes,
    float: _share,
    tuple[int, int]: _hours,
    tuple[int, ...]: _days,
}
_LEAST = {
    **dict.fromkeys(("stale_hours", "reminder_after_hours", "survey_open_days"), 1),
    **dict.fromkeys(("sign_in_attempts", "token_misses_per_minute", "keep_answer_days", "keep_message_days"), 1),
    "keep_audit_years": 7,  # the database itself refuses less
}


def _countries(raw: str) -> frozenset[str]:
    return frozenset(word.strip().upper() for word in raw.split(",") if word.strip() not in ("", "*"))


def _prefixes(raw: str, wrong: list[str]) -> tuple[tuple[str, int], ...]:
    found = []
    for part in filter(None, (piece.strip() for piece in raw.split(","))):
        prefix, _, most = part.partition(":")
        if not (prefix.startswith("+") and prefix[1:].isdigit() and most.isdigit()):
            wrong.append(f"HEED_SMS_PREFIXES must read like +1:500,+8610:200, not {part!r}")
            continue
        found.append((prefix, int(most)))
    return tuple(found)


def _driver(url: str) -> str:
    # psycopg 3 is the driver; people paste the URL their provider gives them.
    return re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", url)


def _wrong(config: Config) -> list[str]:
    fine = urlsplit(config.public_url).scheme in ("http", "https")
    wrong = [] if fine else [f"HEED_PUBLIC_URL must begin with http:// or https://, not {config.public_url!r}"]
    if config.clock_speed <= 0:
        wrong.append("HEED_CLOCK_SPEED must be above 0")
    if config.sms_channel == "twilio":
        needed = {"ACCOUNT_SID": "twilio_account_sid", "AUTH_TOKEN": "twilio_auth_token", "FROM": "sms_from"}
        for name, field_ in needed.items():
            if getattr(config, field_) == getattr(Config, field_):
                wrong.append(f"HEED_TWILIO_{name} is needed when HEED_SMS_CHANNEL is twilio")
    if config.sms_price is not None and config.sms_price < 0:
        wrong.append("HEED_SMS_PRICE is the price of one segment, 0 or more")
    limits = config.limits
    most = {"DAY": limits.per_day, "BRANCH_DAY": limits.per_branch_day, "SECOND": limits.segments_per_second}
    for name in (name for name, given in most.items() if given is not None and given <= 0):
        wrong.append(f"HEED_SMS_PER_{name} must be above 0; leave it out for no limit")
    if strange := sorted(word for word in limits.countries if len(word) != 2 or not word.isalpha()):
        wrong.append(f"HEED_SMS_COUNTRIES takes two letters each, like CN,HK, or * for anywhere; not {strange[0]!r}")
    if config.trusted_proxies < 0:
        wrong.append("HEED_TRUSTED_PROXIES is how many proxies stand in front, 0 or more")
    return wrong + (_wrong_in_production(config) if config.production else [])


def _wrong_in_production(config: Config) -> list[str]:
    wrong = ["HEED_CLOCK_SPEED must be 1 in production"] if config.clock_speed != 1 else []
    secrets = [("HEED_SECRET_KEY", config.secret_key), ("HEED_INDEX_KEY", config.index_key)]
    secrets += [("HEED_DATA_KEYS", key) for key in config.data_keys]
    for name, secret in secrets:
        if secret == DEVELOPMENT_SECRET or len(secret) < 32:
            wrong.append(f"{name} must be set to a random secret of at least 32 characters")
    if len({secret for _, secret in secrets}) < len(secrets):
        wrong.append("HEED_SECRET_KEY, HEED_DATA_KEYS and HEED_INDEX_KEY must differ from one another")
    if config.sms_channel == "simulator":
        # Texts would reach nobody, and the webhooks would trust a token that everybody can read in this file.
        wrong.append("HEED_SMS_CHANNEL must be set to a carrier in production (twilio): the simulator reaches nobody")
    if config.smtp_url is None:
        wrong.append("HEED_SMTP_URL is needed in production, as smtp://user:password@host:port")
    if not config.public_url.startswith("https://"):
        wrong.append("HEED_PUBLIC_URL must begin with https:// in production: Twilio signs it and customers tap it")
    return list(dict.fromkeys(wrong))
