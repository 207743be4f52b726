"""Images that people uploaded."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control

from makegood.platform.tenancy.branding import queries
from makegood.platform.web.doors import open_door


@open_door
@cache_control(max_age=31_536_000, immutable=True, private=True)
def logo(_request: HttpRequest, sha256: str) -> HttpResponse:
    """Answer with a logo; its address is the digest of its bytes, so that it can be kept for good."""
    kept = queries.logo(sha256=sha256)
    if kept is None:
        raise Http404
    image, kind = kept
    answer = HttpResponse(image, content_type=kind)
    answer["Content-Disposition"] = "inline; filename=logo"
    return answer
