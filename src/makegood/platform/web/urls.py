"""Every address."""

from __future__ import annotations

from django.urls import include, path

from makegood.platform.web.api.api import api
from makegood.platform.web.api.mailed import mailed
from makegood.platform.web.api.posted import posted
from makegood.platform.web.parts import glossary, images, invitations, monitoring, taking, views

urlpatterns = [
    path("", views.home, name="home"),
    path("health", monitoring.health, name="health"),
    path("metrics", monitoring.metrics, name="metrics"),
    path("language", views.language, name="language"),
    path("invitation/<str:secret>/", invitations.accept, name="invitation"),
    path("logo/<str:sha256>", images.logo, name="logo"),
    path("glossary/", glossary.glossary, name="glossary"),
    path("account/", include("allauth.urls")),
    path("api/v1/", api.urls),
    path("hooks/<str:token>", posted, name="posted"),
    path("mail/<str:token>", mailed, name="mailed"),
    path("page/<str:token>/", taking.take_page, name="take-page"),
    path("on-call/<str:secret>.ics", taking.feed, name="on-call-feed"),
    path("console/", include("makegood.platform.web.console.urls")),
    path("portal/", include("makegood.platform.web.portal.urls")),
    path("partner/", include("makegood.platform.web.partner.urls")),
]
handler404 = "makegood.platform.web.parts.views.not_found"
handler500 = "makegood.platform.web.parts.views.broken"
handler403 = "makegood.platform.web.parts.views.refused"
handler429 = "makegood.platform.web.parts.views.too_many"
