"""Every address."""

from __future__ import annotations

from django.urls import include, path

from makegood.platform.web.parts import views

urlpatterns = [
    path("", views.home, name="home"),
    path("health", views.health, name="health"),
    path("metrics", views.metrics, name="metrics"),
    path("language", views.language, name="language"),
    path("account/", include("allauth.urls")),
    path("console/", include("makegood.platform.web.console.urls")),
    path("portal/", include("makegood.platform.web.portal.urls")),
    path("partner/", include("makegood.platform.web.partner.urls")),
]
handler404 = "makegood.platform.web.parts.views.not_found"
handler500 = "makegood.platform.web.parts.views.broken"
handler403 = "makegood.platform.web.parts.views.refused"
