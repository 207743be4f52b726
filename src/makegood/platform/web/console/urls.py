"""Addresses of this site."""

from __future__ import annotations

from django.urls import path

from makegood.platform.web.console import views

app_name = "console"
urlpatterns = [
    path("", views.home, name="home"),
    path("agreements/<slug:slug>/", views.agreement, name="agreement"),
]
