"""Addresses of this site."""

from __future__ import annotations

from django.urls import path

from makegood.platform.tenancy.viewer import Site
from makegood.platform.web.console import agreement_texts, agreements, mails, organisations, people, trail
from makegood.platform.web.doors import door
from makegood.platform.web.parts import board, booked, claimed, exported, judged, received, reported, searching
from makegood.platform.web.parts.agreements import addresses

app_name = "console"
urlpatterns = [
    path("", door(Site.CONSOLE)(board.home), name="home"),
    *judged.addresses(Site.CONSOLE),
    *received.addresses(Site.CONSOLE),
    *booked.addresses(Site.CONSOLE),
    *reported.addresses(Site.CONSOLE),
    *exported.addresses(Site.CONSOLE),
    *searching.addresses(Site.CONSOLE),
    *claimed.addresses(Site.CONSOLE),
    path("agreements/<slug:slug>/", door(Site.CONSOLE)(board.agreement), name="agreement"),
    path("agreements/", agreements.agreements, name="agreements"),
    path("new-agreement/", agreement_texts.new, name="new_agreement"),
    path("agreement-findings/", agreement_texts.findings, name="agreement_findings"),
    path("agreements/<slug:slug>/terms/", agreements.terms, name="terms"),
    path("agreements/<slug:slug>/amend/", agreement_texts.amend, name="amend_agreement"),
    path("agreements/<slug:slug>/activate/", agreements.activate, name="activate_agreement"),
    path("agreements/<slug:slug>/end/", agreements.end, name="end_agreement"),
    path("agreements/<slug:slug>/sources/", agreements.declare_source, name="declare_source"),
    path("agreements/<slug:slug>/sources/<int:source>/drop/", agreements.drop_source, name="drop_source"),
    path("agreements/<slug:slug>/versions/<int:version>/edit/", agreement_texts.edit, name="edit_version"),
    path("agreements/<slug:slug>/versions/<int:version>/offer/", agreements.offer, name="offer_version"),
    path("agreements/<slug:slug>/versions/<int:version>/withdraw/", agreements.withdraw, name="withdraw_version"),
    *addresses(Site.CONSOLE, *agreements.AUTHORS),
    path("organisations/", organisations.organisations, name="organisations"),
    path("organisations/new/", organisations.new_organisation, name="new_organisation"),
    path("organisations/<slug:slug>/", organisations.organisation, name="organisation"),
    path("organisations/<slug:slug>/change/", organisations.change_organisation, name="change_organisation"),
    path("organisations/<slug:slug>/sites/new/", organisations.keep_site, name="new_site"),
    path("organisations/<slug:slug>/sites/<int:pk>/", organisations.keep_site, name="change_site"),
    path("organisations/<slug:slug>/sites/<int:pk>/remove", organisations.remove_site, name="remove_site"),
    path("organisations/<slug:slug>/contacts/new/", organisations.keep_contact, name="new_contact"),
    path("organisations/<slug:slug>/contacts/<int:pk>/", organisations.keep_contact, name="change_contact"),
    path("organisations/<slug:slug>/contacts/<int:pk>/remove", organisations.remove_contact, name="remove_contact"),
    path("organisations/<slug:slug>/people/", people.people, name="people"),
    path("organisations/<slug:slug>/people/invite", people.invite, name="invite"),
    path("organisations/<slug:slug>/people/invitations/<int:pk>/resend", people.resend, name="resend"),
    path("organisations/<slug:slug>/people/invitations/<int:pk>/withdraw", people.withdraw, name="withdraw"),
    path("organisations/<slug:slug>/people/<int:pk>/end", people.end_role, name="end_role"),
    path("organisations/<slug:slug>/people/<int:pk>/limit/", people.limit, name="limit"),
    path("organisations/<slug:slug>/keys/", people.keys, name="keys"),
    path("organisations/<slug:slug>/keys/make", people.make_key, name="make_key"),
    path("organisations/<slug:slug>/keys/<int:pk>/end", people.end_key, name="end_key"),
    path("organisations/<slug:slug>/brand/", people.brand, name="brand"),
    path("mails/", mails.mails, name="mails"),
    path("mails/<int:pk>/resend", mails.resend_mail, name="resend_mail"),
    path("trail/", trail.trail, name="trail"),
    path("trail.csv", trail.trail_csv, name="trail_csv"),
]
