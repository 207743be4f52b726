"""The worker: does what was put off, and what is due by the clock."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import cast

from django.contrib.sessions.backends.db import SessionStore
from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from makegood.platform.running.database import demand_current

STALLED_AFTER = 30
"""Seconds after which the work of a worker that says nothing is given to another."""
_LOOKS_EVERY, _TIDIES_EVERY, _KEPT_HOURS = 10, 3_600, 72
_log = logging.getLogger("makegood.worker")


def work(*, jobs_at_once: int, once: bool = False) -> None:
    """Do jobs until the program is told to stop, and finish those that were begun; ``once`` what is waiting now.

    :raises UnableToRun: if the database is not ready
    """
    demand_current()
    asyncio.run(_work(jobs_at_once, once))


async def _work(jobs_at_once: int, once: bool) -> None:
    connector = cast("DjangoConnector", app.connector).get_worker_connector()
    with app.replace_connector(connector) as working:
        async with working.open_async():
            await _give_back(working)
            beside = asyncio.create_task(_look_after(working))
            try:
                await working.run_worker_async(
                    concurrency=jobs_at_once, wait=not once, stalled_worker_timeout=STALLED_AFTER
                )
            finally:
                beside.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await beside


async def _look_after(working: App) -> None:
    """Give back what dead workers held, and tidy up what nobody needs."""
    while True:
        for _ in range(_TIDIES_EVERY // _LOOKS_EVERY):
            await asyncio.sleep(_LOOKS_EVERY)
            await _give_back(working)
        await working.job_manager.delete_old_jobs(nb_hours=_KEPT_HOURS)
        await asyncio.to_thread(SessionStore.clear_expired)


async def _give_back(working: App) -> None:
    """Let the jobs of workers that died be done by others; done once more, each of them does nothing twice."""
    for job in await working.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER):
        await working.job_manager.retry_job(job)
        _log.warning("a job was given back, because its worker died", extra={"task": job.task_name})
