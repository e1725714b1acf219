"""Logs: one line an event, with ids and never a number, a name or words of people. JSON in production."""

import logging
import sys
import traceback

import structlog
from structlog.typing import EventDict, Processor

from config import Config


def init_app(config: Config) -> None:
    """Send what all parts say to standard error; a story of the tests keeps its own."""
    if config.environment == "testing":
        return
    line: Processor = structlog.processors.JSONRenderer(ensure_ascii=False)
    if not config.production:
        line = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
                structlog.stdlib.ExtraAdder(),
                structlog.processors.TimeStamper(fmt="iso", utc=True),
            ],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _where, line],
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a queue of one is no news


def _where(_logger: object, _method: str, event: EventDict) -> EventDict:
    """An exception as its kind and the way it came; its text may hold what somebody wrote."""
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        frames = traceback.extract_tb(error.__traceback__)[-12:]
        event["error"] = type(error).__name__
        event["way"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    return event
