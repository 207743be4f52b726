"""Addresses of this site."""

from __future__ import annotations

from django.urls import path

from makegood.platform.tenancy.viewer import Role, Site
from makegood.platform.web.doors import door
from makegood.platform.web.parts import (
    board,
    booked,
    change_calendar,
    changing,
    charted,
    desk,
    desk_help,
    exported,
    governed,
    hooks,
    impacts,
    judged,
    my_mails,
    received,
    registered,
    releasing,
    reported,
    roadmap,
    searching,
    shared,
    stated,
)
from makegood.platform.web.parts.agreements import addresses
from makegood.platform.web.portal import desk as desk_pages
from makegood.platform.web.portal import people, trust

app_name = "portal"
urlpatterns = [
    path("", door(Site.PORTAL)(board.home), name="home"),
    *judged.addresses(Site.PORTAL),
    *impacts.addresses(Site.PORTAL),
    *governed.addresses(Site.PORTAL),
    *registered.addresses(Site.PORTAL),
    *received.addresses(Site.PORTAL),
    *booked.addresses(Site.PORTAL),
    *charted.addresses(Site.PORTAL),
    *desk.addresses(Site.PORTAL),
    *desk_pages.addresses(),
    *desk_help.addresses(Site.PORTAL),
    *reported.addresses(Site.PORTAL),
    *exported.addresses(Site.PORTAL),
    *shared.addresses(Site.PORTAL),
    *stated.addresses(Site.PORTAL),
    *searching.addresses(Site.PORTAL),
    *hooks.addresses(Site.PORTAL),
    *my_mails.addresses(Site.PORTAL),
    *changing.addresses(Site.PORTAL),
    *change_calendar.addresses(Site.PORTAL),
    *releasing.addresses(Site.PORTAL),
    path("agreements/<slug:slug>/", door(Site.PORTAL)(board.agreement), name="agreement"),
    *addresses(Site.PORTAL, Role.SPONSOR),
    path("trust/", trust.trust, name="trust"),
    path("organisation/", people.own, name="own"),
    *roadmap.addresses(Site.PORTAL),
    path("organisation/<slug:slug>/people/", people.people, name="people"),
    path("organisation/<slug:slug>/people/invite", people.invite, name="invite"),
    path("organisation/<slug:slug>/people/invitations/<int:pk>/resend", people.resend, name="resend"),
    path("organisation/<slug:slug>/people/invitations/<int:pk>/withdraw", people.withdraw, name="withdraw"),
    path("organisation/<slug:slug>/people/<int:pk>/end", people.end_role, name="end_role"),
    path("organisation/<slug:slug>/keys/", people.keys, name="keys"),
    path("organisation/<slug:slug>/keys/make", people.make_key, name="make_key"),
    path("organisation/<slug:slug>/keys/<int:pk>/end", people.end_key, name="end_key"),
    path("organisation/<slug:slug>/brand/", people.brand, name="brand"),
]
