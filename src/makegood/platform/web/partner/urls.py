"""Addresses of this site."""

from __future__ import annotations

from django.urls import path

from makegood.platform.tenancy.viewer import Role, Site
from makegood.platform.web.doors import door
from makegood.platform.web.partner import desk as desk_pages
from makegood.platform.web.partner import people
from makegood.platform.web.parts import (
    board,
    booked,
    charted,
    claimed,
    desk,
    exported,
    governed,
    hooks,
    impacts,
    judged,
    my_mails,
    received,
    registered,
    reported,
    searching,
    shared,
    stated,
)
from makegood.platform.web.parts.agreements import addresses

app_name = "partner"
urlpatterns = [
    path("", door(Site.PARTNER)(board.home), name="home"),
    *judged.addresses(Site.PARTNER),
    *impacts.addresses(Site.PARTNER),
    *governed.addresses(Site.PARTNER),
    *registered.addresses(Site.PARTNER),
    *received.addresses(Site.PARTNER),
    *booked.addresses(Site.PARTNER),
    *charted.addresses(Site.PARTNER),
    *desk.addresses(Site.PARTNER),
    *desk_pages.addresses(),
    *reported.addresses(Site.PARTNER),
    *exported.addresses(Site.PARTNER),
    *shared.addresses(Site.PARTNER),
    *stated.addresses(Site.PARTNER),
    *searching.addresses(Site.PARTNER),
    *hooks.addresses(Site.PARTNER),
    *my_mails.addresses(Site.PARTNER),
    *claimed.addresses(Site.PARTNER),
    path("agreements/<slug:slug>/", door(Site.PARTNER)(board.agreement), name="agreement"),
    *addresses(Site.PARTNER, Role.AFFILIATE),
    path("organisation/", people.own, name="own"),
    path("organisation/<slug:slug>/people/", people.people, name="people"),
    path("organisation/<slug:slug>/people/invite", people.invite, name="invite"),
    path("organisation/<slug:slug>/people/invitations/<int:pk>/resend", people.resend, name="resend"),
    path("organisation/<slug:slug>/people/invitations/<int:pk>/withdraw", people.withdraw, name="withdraw"),
    path("organisation/<slug:slug>/people/<int:pk>/end", people.end_role, name="end_role"),
    path("organisation/<slug:slug>/keys/", people.keys, name="keys"),
    path("organisation/<slug:slug>/keys/make", people.make_key, name="make_key"),
    path("organisation/<slug:slug>/keys/<int:pk>/end", people.end_key, name="end_key"),
]
