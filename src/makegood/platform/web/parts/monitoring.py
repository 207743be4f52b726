"""What those who look after the installation ask: whether it is well, and its figures. Nothing of it is personal."""

from __future__ import annotations

import hmac
import ipaddress
import os
from collections.abc import Iterator

from django.conf import settings
from django.db import OperationalError, connection
from django.db.backends.utils import CursorWrapper
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from makegood.platform.web.doors import open_door

_WORKER_IS_GONE = 60
"""A worker says every ten seconds that it is there."""
_NEWEST = """
    SELECT DISTINCT ON (job.task_name) job.task_name,
           extract(epoch FROM done.at - begun.at)::float8, extract(epoch FROM now() - done.at)::float8
      FROM procrastinate_jobs job
      JOIN procrastinate_events done ON done.job_id = job.id AND done.type = 'succeeded'
      JOIN procrastinate_events begun ON begun.job_id = job.id AND begun.type = 'started' AND begun.at <= done.at
     ORDER BY job.task_name, done.at DESC, begun.at DESC
"""


@open_door
def health(_request: HttpRequest) -> HttpResponse:
    """Say whether the database answers and a worker is there; pages are shown without a worker, too."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            silent = _seconds_since_worker(cursor)
    except OperationalError:
        return JsonResponse({"status": "failed", "database": "failed"}, status=503)
    worker = "ok" if silent is not None and silent < _WORKER_IS_GONE else "missing"
    return JsonResponse({"status": "ok", "database": "ok", "worker": worker})


@open_door
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer Prometheus, if it comes from this machine or brings the key."""
    if not _may_see_metrics(request):
        raise Http404
    shown = CollectorRegistry()
    shown.register(_Jobs())
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(shown)  # type: ignore[no-untyped-call]
        return HttpResponse(generate_latest(shown), content_type=CONTENT_TYPE_LATEST)
    return HttpResponse(generate_latest(REGISTRY) + generate_latest(shown), content_type=CONTENT_TYPE_LATEST)


def _may_see_metrics(request: HttpRequest) -> bool:
    if settings.METRICS_KEY:
        wanted = f"Bearer {settings.METRICS_KEY}"
        return hmac.compare_digest(request.headers.get("Authorization", "").encode(), wanted.encode())
    if "X-Forwarded-For" in request.headers:
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


class _Jobs(Collector):
    """Figures of the work that the worker does, read from the database when they are asked for."""

    def collect(self) -> Iterator[Metric]:
        jobs = GaugeMetricFamily("makegood_jobs", "Jobs by task and state.", labels=["task", "state"])
        lasted = GaugeMetricFamily("makegood_job_seconds", "How long the newest job of a task took.", labels=["task"])
        ago = GaugeMetricFamily("makegood_job_done_seconds_ago", "How long ago that was.", labels=["task"])
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT task_name, status::text, count(*) FROM procrastinate_jobs GROUP BY 1, 2 ORDER BY 1, 2"
            )
            for task, state, number in cursor.fetchall():
                jobs.add_metric([task, state], number)
            cursor.execute(_NEWEST)
            for task, seconds, seconds_ago in cursor.fetchall():
                lasted.add_metric([task], seconds)
                ago.add_metric([task], seconds_ago)
            silent = _seconds_since_worker(cursor)
        silence = GaugeMetricFamily(
            "makegood_worker_silent_seconds", "How long no worker was heard; -1 if there is none."
        )
        silence.add_metric([], -1 if silent is None else silent)
        yield from (jobs, lasted, ago, silence)


def _seconds_since_worker(cursor: CursorWrapper) -> float | None:
    cursor.execute("SELECT extract(epoch FROM now() - max(last_heartbeat))::float8 FROM procrastinate_workers")
    found: float | None = cursor.fetchone()[0]
    return found
