"""Addresses of this site."""

from __future__ import annotations

from django.urls import path

from makegood.platform.web.partner import views

app_name = "partner"
urlpatterns = [
    path("", views.home, name="home"),
    path("agreements/<slug:slug>/", views.agreement, name="agreement"),
]
