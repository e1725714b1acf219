"""Spans of time in words, as the verdicts of the rules tell them (pure)."""

from datetime import timedelta


def ago(span: timedelta) -> str:
    """How long ago, or how long from now where it has not come yet."""
    if span < timedelta():
        return f"for {lasting(-span)} from now"
    return f"{lasting(span)} ago"


def lasting(span: timedelta) -> str:
    """Minutes up to two hours, hours up to four days, then days."""
    minutes = span // timedelta(minutes=1)
    if minutes < 120:
        return counted(minutes, "minute")
    return counted(minutes // 60, "hour") if minutes < 60 * 96 else counted(minutes // 1440, "day")


def counted(number: float, unit: str) -> str:
    """A number with its unit, in the plural where it is not one."""
    return f"{number:g} {unit}" if number == 1 else f"{number:g} {unit}s"
