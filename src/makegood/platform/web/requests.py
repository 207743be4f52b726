"""What is counted and logged of each request: the name of its door, never its path, and never who came."""

from __future__ import annotations

import logging
import re
import time
import uuid
from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from prometheus_client import Counter, Histogram

_REQUESTS = Counter("makegood_requests", "Requests by door and status.", ["door", "method", "status"])
_SECONDS = Histogram("makegood_request_seconds", "How long requests took.", ["door"])
_NUMBER = re.compile(r"[A-Za-z0-9-]{8,64}")
_ASKED_BY_MACHINES = frozenset({"/health", "/metrics"})
"""Machines ask for these by an address instead of our name."""
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_log = logging.getLogger("makegood.requests")


class RequestsMiddleware:
    """Gives each request a number, which answers and log lines carry, and counts it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.monotonic()
        if request.path in _ASKED_BY_MACHINES:
            request.META["HTTP_HOST"] = settings.HOST
        number = _number(request)
        with structlog.contextvars.bound_contextvars(request_id=number):
            answer = self.get_response(request)
            _count(request, answer, time.monotonic() - began)
        answer["X-Request-ID"] = number
        return answer


def _number(request: HttpRequest) -> str:
    """Return the number that the server in front of us gave, or a new one."""
    given = request.headers.get("X-Request-ID", "")
    return given if _NUMBER.fullmatch(given) else uuid.uuid4().hex


def _count(request: HttpRequest, answer: HttpResponse, seconds: float) -> None:
    door = request.resolver_match.view_name if request.resolver_match else "none"
    method = request.method if request.method in _METHODS else "other"
    _REQUESTS.labels(door, method, answer.status_code).inc()
    _SECONDS.labels(door).observe(seconds)
    _log.info(
        "request",
        extra={
            "door": door,
            "method": method,
            "status": answer.status_code,
            "milliseconds": round(seconds * 1000),
        },
    )
