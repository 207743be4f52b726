"""What is written to the log: one line of JSON an event, without personal data.

A line carries the number of the request that it belongs to, so that an error can be found from the page that shows it.
Addresses of people, values of rows that the database refused and the paths of pages are taken out.
"""

from __future__ import annotations

import logging
import re
from typing import Any, Final

import structlog
from structlog.typing import EventDict, Processor

_TOLD: Final = {"door", "method", "status", "milliseconds"}
"""What a line may carry beside its sentence; everything else that a library adds is left out."""
_TAKEN_OUT: Final = (
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "[e-mail]"),
    (re.compile(r"\b(?:\d{1,3}\.){3}\d{1,3}\b"), "[address]"),
    (re.compile(r"(Key \([^)]*\)=)\(.*?\)(?= |$)", re.MULTILINE), r"\1([values])"),
    (re.compile(r"(Failing row contains )\(.*\)"), r"\1([values])"),
)


def configuration(level: str) -> dict[str, Any]:
    """Return the configuration of logging: our own lines from a level on, of libraries warnings and errors."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.format_exc_info,
                    without_personal_data,
                    structlog.processors.JSONRenderer(),
                ],
                "foreign_pre_chain": _before(),
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "makegood": {"level": level},
            # Pages that were not found are lines of makegood.requests; here they would show secrets in their paths.
            "django.request": {"level": "ERROR"},
            "_granian": {"handlers": [], "level": "WARNING", "propagate": True},
        },
    }


def without_personal_data(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Take out of a line what could tell of a person.

    >>> without_personal_data(None, "", {"event": "no mail to ada@acme.example from 192.0.2.7"})
    {'event': 'no mail to [e-mail] from [address]'}
    """
    return {key: _cleaned(value) if isinstance(value, str) else value for key, value in event.items()}


def _cleaned(text: str) -> str:
    for pattern, instead in _TAKEN_OUT:
        text = pattern.sub(instead, text)
    return text


def _before() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(allow=_TOLD),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _without_path,
    ]


def _without_path(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Say of an error of a page that it is one; Django's sentence holds the path."""
    record: logging.LogRecord = event["_record"]
    if record.name == "django.request":
        event["event"] = "a page failed"
    return event
