"""The name of this app, apart from Django's of the same name."""

from __future__ import annotations

from django.apps import AppConfig


class Messages(AppConfig):
    """Named apart from Django's app of the same name."""

    name = "makegood.platform.tenancy.messages"
    label = "outbox"
