"""From which device somebody writes: a keyed hash of address and browser, to see that two answers came from one."""

from flask import request

from app.extensions import Blind, blind


def device() -> Blind | None:
    """The device of this request; None where the browser does not say what it is."""
    browser = request.headers.get("User-Agent", "")
    return blind(f"device {request.remote_addr} {browser}") if browser else None
