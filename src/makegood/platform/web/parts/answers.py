"""Answers to what people do: what was done is said on the next page, what cannot be done as a sentence."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from makegood.platform.agreement.contracts.queries import NotInForce
from makegood.platform.tenancy.trail.operations import Unable
from makegood.platform.web.doors import Request


def told(request: Request, operation: Callable[[], object], done: str) -> bool:
    """Do something and say on the next page that it was done, or why it was not."""
    try:
        operation()
    except (Unable, NotInForce) as refusal:
        messages.error(request, _sentence(refusal), extra_tags="danger")
        return False
    messages.success(request, done)
    return True


def refused(form: object, refusal: Unable | NotInForce) -> None:
    """Say in a form why what it asks for cannot be done."""
    form.add_error(None, _sentence(refusal))  # type: ignore[attr-defined]


def back_to(request: Request, name: str, *parameters: object) -> HttpResponse:
    """Lead to a page of the same site."""
    return redirect(f"{request.viewer.site}:{name}", *parameters)


def _sentence(refusal: Exception) -> str:
    text = str(refusal)
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith('.') else '.'}"
