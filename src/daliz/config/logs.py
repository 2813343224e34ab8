"""Logs as lines of JSON for machines: what happened, to which request, never what a declaration says.

Of an error the kind and the places in our code are written, not its text: texts of databases and parsers
quote what they were given.
"""

import traceback
from pathlib import Path
from typing import Any, Final

import structlog
from structlog.typing import EventDict, Processor

_FRAMES: Final = 12


def without_texts(_: Any, __: str, event: EventDict) -> EventDict:
    """Write of an error its kind and where it came from."""
    raised = event.pop("exc_info", None)
    if isinstance(raised, BaseException):
        raised = (type(raised), raised, raised.__traceback__)
    if isinstance(raised, tuple) and raised[0] is not None:
        frames = traceback.extract_tb(raised[2])[-_FRAMES:]
        event["error"] = raised[0].__name__
        event["where"] = [f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in frames]
    event.pop("exception", None)
    return event


_SHARED: Final[list[Processor]] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
]


structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        *_SHARED,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
    cache_logger_on_first_use=True,
)


def logging_settings(*, as_json: bool) -> dict[str, Any]:
    """Return Django's ``LOGGING``: lines of JSON, or lines that a person reads."""
    last: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "lines": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": _SHARED,
                "processors": [
                    without_texts,
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    last,
                ],
            }
        },
        "handlers": {"error_stream": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["error_stream"], "level": "WARNING"},
        "loggers": {
            "daliz": {"level": "INFO"},
            # What Django says of a request quotes its path; ours is told by the middleware.
            "django.request": {"level": "CRITICAL"},
            "django.server": {"level": "WARNING"},
        },
    }
