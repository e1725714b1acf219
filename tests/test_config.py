"""Settings: typed, checked at start, and what production refuses."""

from dataclasses import fields
from typing import Any

import pytest

from config import ROOT, ConfigError, PolicyNumbers, load

GOOD = {
    "HEED_ENV": "production",
    "HEED_SECRET_KEY": "a" * 32,
    "HEED_DATA_KEYS": "b" * 32 + ", " + "c" * 40,
    "HEED_INDEX_KEY": "d" * 32,
    "HEED_SMTP_URL": "smtp://user:password@mail.example:587",
    "HEED_PUBLIC_URL": "https://ask.example",
    "HEED_SMS_CHANNEL": "twilio",
    "HEED_TWILIO_ACCOUNT_SID": "AC" + "1" * 32,
    "HEED_TWILIO_AUTH_TOKEN": "e" * 32,
    "HEED_TWILIO_FROM": "+15005550006",
}


def test_a_whole_set_of_settings_starts_production() -> None:
    config = load(GOOD)
    assert config.production
    assert config.data_keys == ("b" * 32, "c" * 40)
    assert config.flask()["SESSION_COOKIE_SECURE"] is True


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"HEED_SECRET_KEY": ""}, "HEED_SECRET_KEY must be set"),
        ({"HEED_SECRET_KEY": "short"}, "HEED_SECRET_KEY must be set"),
        ({"HEED_DATA_KEYS": "b" * 32 + ",short"}, "HEED_DATA_KEYS must be set"),
        ({"HEED_INDEX_KEY": "a" * 32}, "must differ"),
        ({"HEED_SMTP_URL": ""}, "HEED_SMTP_URL is needed"),
        ({"HEED_PUBLIC_URL": "http://ask.example"}, "must begin with https://"),
        ({"HEED_CLOCK_SPEED": "60"}, "HEED_CLOCK_SPEED must be 1"),
        ({"HEED_SMS_CHANNEL": ""}, "the simulator reaches nobody"),
        ({"HEED_TWILIO_AUTH_TOKEN": ""}, "HEED_TWILIO_AUTH_TOKEN is needed"),
        ({"HEED_PORT": "five"}, "HEED_PORT must be a number, not 'five'"),
        ({"HEED_TRUSTED_PROXIES": "-1"}, "0 or more"),
        ({"HEED_CAP_DAYS": "-1"}, "HEED_CAP_DAYS must be a whole number from 0, not '-1'"),
        ({"HEED_SURVEY_OPEN_DAYS": "0"}, "HEED_SURVEY_OPEN_DAYS must be a whole number from 1"),
        ({"HEED_KEEP_ANSWER_DAYS": "0"}, "HEED_KEEP_ANSWER_DAYS must be a whole number from 1"),
        ({"HEED_KEEP_AUDIT_YEARS": "6"}, "HEED_KEEP_AUDIT_YEARS must be a whole number from 7"),
        ({"HEED_COMPANY_HOURS": "20-10"}, "HEED_COMPANY_HOURS must be two hours like 10-20"),
        ({"HEED_WEEKDAYS": "0"}, "HEED_WEEKDAYS must be days from 1 (Monday) to 7 (Sunday)"),
        ({"HEED_RESPECT_HOLIDAYS": "perhaps"}, "HEED_RESPECT_HOLIDAYS must be 1 or 0"),
        ({"HEED_QUOTA": "many"}, "HEED_QUOTA must be a whole number from 1"),
        ({"HEED_EXPECTED_RESPONSE_RATE": "20"}, "HEED_EXPECTED_RESPONSE_RATE must be a share"),
        ({"HEED_SMS_PRICE": "-0.1"}, "HEED_SMS_PRICE is the price"),
        ({"HEED_ENV": "staging"}, "HEED_ENV must be"),
    ],
)
def test_what_is_missing_or_wrong_is_named(changed: dict[str, str], said: str) -> None:
    with pytest.raises(ConfigError) as refused:
        load({**GOOD, **changed})
    assert said in str(refused.value)


def test_everything_wrong_is_told_at_once() -> None:
    with pytest.raises(ConfigError) as refused:
        load({"HEED_ENV": "production"})
    for name in ("SECRET_KEY", "DATA_KEYS", "INDEX_KEY", "SMTP_URL", "PUBLIC_URL", "SMS_CHANNEL"):
        assert f"HEED_{name}" in str(refused.value)


def test_an_address_of_postgresql_is_taken_as_providers_write_it() -> None:
    assert load({"HEED_DATABASE_URL": "postgres://u:p@db/heed"}).database_url == "postgresql+psycopg://u:p@db/heed"


def test_credentials_never_switch_the_channel() -> None:
    given = {name: value for name, value in GOOD.items() if name.startswith("HEED_TWILIO")}
    assert load(given).sms_channel == "simulator"


def test_every_number_of_the_policy_is_set_by_its_name() -> None:
    said: dict[Any, tuple[str, Any]] = {
        int: ("31", 31),
        int | None: ("31", 31),
        bool: ("0", False),
        float: ("0.31", 0.31),
        tuple[int, int]: ("9-18", (9, 18)),
        tuple[int, ...]: ("135", (0, 2, 4)),
    }
    read = load({f"HEED_{one.name.upper()}": said[one.type][0] for one in fields(PolicyNumbers)}).policy
    for one in fields(PolicyNumbers):
        assert getattr(read, one.name) == said[one.type][1], one.name


def test_every_number_of_the_policy_is_told_to_whoever_runs_heed() -> None:
    told = (ROOT / "docs" / "operations.md").read_text("utf-8")
    assert [one.name for one in fields(PolicyNumbers) if f"`HEED_{one.name.upper()}`" not in told] == []
