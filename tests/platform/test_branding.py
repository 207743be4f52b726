from __future__ import annotations

from hashlib import sha256

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from makegood.platform.tenancy.access.models import Role
from makegood.platform.tenancy.branding.models import Brand
from makegood.platform.tenancy.branding.operations import MOST_BYTES, UnableToBrand, is_readable, set_brand
from makegood.platform.tenancy.branding.queries import brand_of, brand_towards, home_of
from makegood.platform.tenancy.messages.operations import sender_of
from makegood.platform.tenancy.viewer import NOBODY, Site, Viewer
from tests.platform.people import NOW, house, organisation, person, viewer

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(60)


def owner() -> Viewer:
    return viewer(person("Olga", house(), Role.OWNER), Site.CONSOLE)


def sponsor() -> Viewer:
    house()
    return viewer(person("Ada", organisation("acme"), Role.SPONSOR), Site.PORTAL)


class TestABrand:
    def test_is_that_of_the_house_unless_a_customer_has_its_own(self) -> None:
        acme, globex = organisation("acme"), organisation("globex")
        set_brand(organisation=house(), name="Northwind", colour="#123456", by=owner(), now=NOW)
        set_brand(organisation=acme, name="Acme Portal", colour="#654321", by=sponsor(), now=NOW)
        gus = viewer(person("Gus", globex, Role.SPONSOR), Site.PORTAL)
        assert brand_of(viewer=sponsor()).name == "Acme Portal"
        assert brand_of(viewer=gus).name == brand_of(viewer=owner()).name == brand_of(viewer=NOBODY).name == "Northwind"
        assert brand_towards(organisation=acme).name == "Acme Portal"
        assert brand_towards(organisation=globex).name == "Northwind"

    @pytest.mark.parametrize(
        ("colour", "readable"),
        [("#000000", True), ("#767676", True), ("#777777", False), ("#ffffff", False), ("#0b5cad", True)],
    )
    def test_has_a_colour_that_white_text_can_be_read_on(self, colour: str, readable: bool) -> None:
        assert is_readable(colour=colour) is readable

    @pytest.mark.parametrize(
        ("_case", "change", "sentence"),
        [
            ("a pale colour", {"colour": "#ffff00"}, "White text cannot be read well on #ffff00"),
            ("no colour", {"colour": "red;}"}, "Write #rrggbb"),
            ("a sender of two lines", {"sender": "a@x.example\nBcc: b@x.example"}, "The sender"),
            ("a sender without address", {"sender": "Acme"}, "no mail address"),
            ("a host of others", {"portal_host": "evil.example"}, "does not answer to evil.example"),
            ("a text as logo", {"logo": b"<svg onload=alert(1)>"}, "no PNG, JPEG or WebP"),
            ("a page as logo", {"logo": b"<html>"}, "no PNG, JPEG or WebP"),
            ("a large logo", {"logo": PNG + bytes(MOST_BYTES)}, "larger than 256 KiB"),
        ],
    )
    def test_is_refused(self, _case: str, change: dict[str, object], sentence: str, settings: object) -> None:
        settings.ALLOWED_HOSTS = ["localhost"]  # type: ignore[attr-defined]
        asked = {"name": "N", "colour": "#123456", **change}
        with pytest.raises(UnableToBrand, match=sentence):
            set_brand(organisation=organisation("acme"), by=owner(), now=NOW, **asked)  # type: ignore[arg-type]
        assert not Brand.objects.exists()

    @pytest.mark.parametrize(
        ("name", "slug", "role", "site", "target"),
        [
            ("Sam", "northwind-it", Role.SERVICE_MANAGER, Site.CONSOLE, "acme"),
            ("Max", "acme", Role.MANAGER, Site.PORTAL, "acme"),
            ("Ada", "acme", Role.SPONSOR, Site.PORTAL, "northwind-it"),
            ("Ada", "acme", Role.SPONSOR, Site.PORTAL, "globex"),
            ("Bob", "acme", Role.AFFILIATE, Site.PARTNER, "acme"),
        ],
    )
    def test_is_not_set_by_others(self, name: str, slug: str, role: Role, site: Site, target: str) -> None:
        house()
        organisation("globex")
        by = viewer(person(name, organisation(slug), role), site)
        with pytest.raises(UnableToBrand, match="Only the owner sets brands"):
            set_brand(organisation=organisation(target), name="N", colour="#123456", by=by, now=NOW)

    def test_gets_no_sender_or_host_from_a_sponsor(self) -> None:
        brand = set_brand(
            organisation=organisation("acme"), name="N", colour="#123456", sender="x@y.example", portal_host="h.example",
            by=sponsor(), now=NOW,
        )  # fmt: skip
        assert (brand.sender, brand.portal_host) == ("", "")

    def test_names_who_writes_and_from_where(self, settings: object) -> None:
        acme = organisation("acme")
        settings.BASE_URL = "https://house.example"  # type: ignore[attr-defined]
        settings.DEFAULT_FROM_EMAIL = "mail@house.example"  # type: ignore[attr-defined]
        brand = set_brand(organisation=acme, name='A "B"\r\n', colour="#123456", by=owner(), now=NOW)
        assert sender_of(brand=brand) == '"A B" <mail@house.example>'
        assert home_of(brand=brand) == "https://house.example"
        brand = set_brand(
            organisation=acme, name="Acme", colour="#123456", sender="Acme <a@acme.example>", portal_host="Portal.acme.example",
            by=owner(), now=NOW,
        )  # fmt: skip
        assert sender_of(brand=brand) == "Acme <a@acme.example>"
        assert home_of(brand=brand) == "https://portal.acme.example"


class TestThePages:
    def test_look_like_the_host_that_was_asked_for_before_anybody_signs_in(self, client: Client) -> None:
        acme = organisation("acme")
        set_brand(
            organisation=acme,
            name="Acme Portal",
            colour="#654321",
            portal_host="portal.acme.example",
            by=owner(),
            now=NOW,
        )
        page = client.get("/account/login/", headers={"host": "portal.acme.example"}).content.decode()
        assert "Sign in · Acme Portal" in page
        assert "--mg-brand: #654321" in page
        other = client.get("/account/login/", headers={"host": "elsewhere.example"}).content.decode()
        assert "Acme" not in other

    def test_do_not_look_like_another_customer(self, client: Client) -> None:
        set_brand(
            organisation=organisation("acme"), name="Acme Portal", colour="#654321", portal_host="p.acme.example",
            by=owner(), now=NOW,
        )  # fmt: skip
        client.force_login(person("Olga", house(), Role.OWNER), backend=BACKEND)
        page = client.get("/console/organisations/", headers={"host": "p.acme.example"}).content.decode()
        assert "Acme Portal" not in page

    def test_show_an_uploaded_logo_and_nothing_else(self, client: Client) -> None:
        sponsor()
        client.force_login(person("Ada", organisation("acme"), Role.SPONSOR), backend=BACKEND)
        page = "/portal/organisation/acme/brand/"
        asked = {"name": "Acme", "colour": "#123456"}
        logo = SimpleUploadedFile("logo.png", PNG, content_type="text/html")
        assert client.post(page, asked | {"logo": logo}).status_code == 302
        address = f"/logo/{sha256(PNG).hexdigest()}"
        assert address in client.get("/portal/").content.decode()
        answer = client.get(address)
        assert (answer.content, answer.headers["content-type"]) == (PNG, "image/png")
        assert answer.headers["x-content-type-options"] == "nosniff"
        wrong = SimpleUploadedFile("logo.png", b"<script>", content_type="image/png")
        refused = client.post(page, asked | {"logo": wrong, "name": "Changed"})
        assert (refused.status_code, "no PNG, JPEG or WebP" in refused.content.decode()) == (422, True)
        assert Brand.objects.get().name == "Acme"
        client.post(page, asked | {"without_logo": "on"})
        assert client.get(address).status_code == 404
        assert client.get("/logo/").status_code == 404
