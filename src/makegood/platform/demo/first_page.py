"""Asking the house as a browser would: is it there, and what does the portal of a customer answer."""

from __future__ import annotations

import http.cookiejar
import re
import urllib.error
import urllib.parse
import urllib.request

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def is_healthy(address: str) -> bool:
    """Tell whether the house answers."""
    try:
        with urllib.request.urlopen(f"{address}/health", timeout=5) as answer:  # noqa: S310  # our own address
            return bool(answer.status == 200)
    except OSError:
        return False


def first_page(address: str, *, email: str, password: str) -> tuple[int, str]:
    """Sign in and return status and text of the first page.

    :raises OSError: if nobody answers
    """
    cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
    browser = urllib.request.build_opener(cookies)
    with browser.open(f"{address}/account/login/", timeout=30) as answer:
        token = _TOKEN.search(answer.read().decode())
    asked = {"login": email, "password": password, "csrfmiddlewaretoken": token[1] if token else ""}
    try:
        with browser.open(f"{address}/account/login/", urllib.parse.urlencode(asked).encode(), timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, ""
