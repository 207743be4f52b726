"""Signing in: nobody registers by themselves, people are invited."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """How people come to have an account."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        del request
        return False
