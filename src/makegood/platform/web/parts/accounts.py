"""Signing in: nobody registers by themselves, people are invited."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from django.http import HttpRequest

from makegood.platform import clock
from makegood.platform.tenancy.branding.queries import brand_of
from makegood.platform.tenancy.messages.operations import write
from makegood.platform.tenancy.viewer import NOBODY


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """How people come to have an account, and how they are written to about it."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        del request
        return False

    def format_email_subject(self, subject: str) -> str:
        return subject

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write a mail of the account pages, in the brand of the pages; what it says is forgotten when it was sent."""
        request = allauth_context.request
        seen = {"request": request, "email": email, **context}
        mail = self.render_mail(template_prefix, email, seen)
        brand = brand_of(viewer=NOBODY, host=request.get_host() if request is not None else "")
        kind = template_prefix.rpartition("/")[2].replace("_", " ")
        write(kind=kind, to=email, subject=mail.subject, text=mail.body, brand=brand, secret=True, now=clock.now())
