"""Whether everything is as it should be: what an administrator looks at before users do."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings
from django.core.mail import get_connection
from django.db import connection

from makegood.engine.vocabulary.finding import Severity
from makegood.platform.running.database import missing_migrations, reach
from makegood.platform.running.house import UnableToRun
from makegood.platform.tenancy.parties.queries import NotSetUp, house
from makegood.vault.inspection import inspect


class Result(StrEnum):
    """What a check found."""

    WELL = "ok"
    NOTE = "note"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class Check:
    """A thing that was looked at, what was found, and what to do about it."""

    thing: str
    result: Result
    text: str
    remedy: str = ""


def checks() -> Iterator[Check]:
    """Look at one thing after the other; what needs the database is left out when it does not answer."""
    yield _key()
    yield _address()
    try:
        yield Check("database", Result.WELL, f"PostgreSQL {reach()}")
    except UnableToRun as refusal:
        yield Check("database", Result.FAILED, str(refusal), refusal.remedy)
    else:
        missing = missing_migrations()
        if missing:
            yield Check(
                "migrations", Result.FAILED, f"{len(missing)} are missing, first {missing[0]}", "makegood admin upgrade"
            )
        else:
            yield Check("migrations", Result.WELL, "all made")
            yield _owner()
            yield _worker()
    yield from _vaults()
    yield _mail()


def _key() -> Check:
    if len(settings.SECRET_KEY) < 32:
        return Check("secret key", Result.FAILED, "is shorter than 32 characters", "makegood admin rotate-keys")
    return Check("secret key", Result.WELL, f"{len(settings.SECRET_KEY_FALLBACKS)} earlier ones are still believed")


def _address() -> Check:
    if settings.SECURE:
        return Check("address", Result.WELL, settings.BASE_URL)
    text = f"{settings.BASE_URL} is not HTTPS; passwords would travel in the open"
    return Check("address", Result.NOTE, text, "Set MAKEGOOD_URL to https://… and put a proxy in front.")


def _owner() -> Check:
    try:
        return Check("house", Result.WELL, house().name)
    except NotSetUp:
        return Check("house", Result.FAILED, "nobody has set it up yet", "makegood admin create-owner")


def _worker() -> Check:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '1 minute'")
        number = cursor.fetchone()[0]
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'")
        waiting = cursor.fetchone()[0]
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'")
        failed = cursor.fetchone()[0]
    text = f"{number} running, {waiting} jobs waiting, {failed} failed"
    if number == 0:
        return Check("worker", Result.NOTE, text, "Start makegood worker; nothing is judged or sent without it.")
    return Check("worker", Result.WELL, text)


def _vaults() -> Iterator[Check]:
    """Read every vault whole: each damaged one by its name, the others in one line."""
    folders = sorted(each for each in settings.VAULTS.iterdir() if each.is_dir()) if settings.VAULTS.is_dir() else []
    damaged = 0
    for folder in folders:
        wrong = [each for each in inspect(folder) if each.severity is Severity.ERROR]
        if wrong:
            damaged += 1
            yield Check(f"vault {folder.name}", Result.FAILED, str(wrong[0]), f"makegood vault check {folder}")
    if not damaged:
        yield Check("vaults", Result.WELL, f"{len(folders)}, each what was accepted")


def _mail() -> Check:
    backend = settings.EMAIL_BACKEND
    if not backend.endswith("smtp.EmailBackend"):
        text = f"is not sent but given to {backend.rpartition('.')[0].rpartition('.')[2]}"
        return Check("mail", Result.NOTE, text, "Set MAKEGOOD_MAIL to submission://user:password@host.")
    try:
        server = get_connection(timeout=10)
        server.open()
        server.close()
    except (OSError, smtplib.SMTPException) as error:
        text = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT} does not take mail: {error}"
        return Check("mail", Result.FAILED, text, "Mend MAKEGOOD_MAIL, or start the mail server.")
    return Check("mail", Result.WELL, f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT} takes mail")
