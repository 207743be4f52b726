"""Reading mails: what is new in them, what came with them, who wrote them; the hostile ones, too."""

from __future__ import annotations

import random
import time
from email.message import EmailMessage

import pytest

from makegood.platform.evidence.service_desk.mail.automatic import Failure
from makegood.platform.evidence.service_desk.mail.bodies import text_of_html
from makegood.platform.evidence.service_desk.mail.files import MOST_BYTES, File, checked, clean_name
from makegood.platform.evidence.service_desk.mail.reading import MOST_BYTES as LARGEST
from makegood.platform.evidence.service_desk.mail.reading import read_mail
from makegood.platform.evidence.service_desk.mail.replies import parted
from tests.platform.mailing import UMA, bounce, mail


def with_html(html: str, text: str | None = None) -> EmailMessage:
    made = mail(text or "")
    if text is None:
        made.clear_content()
        made.set_content(html, subtype="html")
    else:
        made.add_alternative(html, subtype="html")
    return made


class TestAMail:
    def test_says_who_wrote_what_about_which_case(self) -> None:
        read = read_mail(
            mail(
                "It works.\n\nOn Monday, Eva wrote:\n> Does it work?\n",
                subject="Re: [#12] Till",
                In_Reply_To="<makegood.7@x.example>",
                References="<a@x.example> <b@x.example>",
            ).as_bytes()
        )
        assert (read.sender, read.sender_name, read.subject, read.number) == (
            UMA,
            "Uma Unger",
            "Re: [#12] Till",
            "<1@acme.example>",
        )
        assert (read.text, read.quoted) == ("It works.", "On Monday, Eva wrote:\n> Does it work?")
        assert (read.references, read.case) == (("<makegood.7@x.example>", "<b@x.example>", "<a@x.example>"), 12)
        assert (read.automatic, read.failure, read.trouble) == ("", None, "")

    def test_is_the_same_by_whatever_way_it_came(self) -> None:
        one = mail().as_bytes()
        other = b"Received: from elsewhere\r\n" + one.replace(b"\n", b"\r\n") + b"\r\n"
        assert read_mail(one).key == read_mail(other).key
        assert read_mail(one).key != read_mail(mail("Other.\n").as_bytes()).key

    def test_keeps_its_plain_words_and_no_page(self) -> None:
        read = read_mail(with_html("<b>Two</b><script>steal()</script>", "One.").as_bytes())
        assert (read.text, read.files) == ("One.", ())
        page = "<style>p{}</style><p>Hello</p><img src='https://t.example/1.gif'><a href='https://x.example/a'>here</a>"
        assert read_mail(with_html(page).as_bytes()).text == "Hello\nhere <https://x.example/a>"
        assert read_mail(with_html("<p>Only this</p>", " \n").as_bytes()).text == "Only this"

    def test_has_its_files_with_names_that_do_no_harm(self) -> None:
        made = mail()
        made.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="../../bill.pdf")
        made.add_attachment(b"x", maintype="image", subtype="png", disposition="inline", cid="<a>")
        made.add_attachment(mail("Inner.", number="<2@acme.example>"))
        files = read_mail(made.as_bytes()).files
        assert [(each.name, each.type) for each in files] == [
            ("../../bill.pdf", "application/pdf"),
            ("file.png", "image/png"),
            ("file.eml", "message/rfc822"),
        ]
        assert b"Inner." in files[2].content

    @pytest.mark.parametrize(
        ("heads", "why"),
        [
            ({"Auto_Submitted": "auto-replied"}, "Auto-Submitted: auto-replied"),
            ({"Auto_Submitted": "no"}, ""),
            ({"X_Auto_Response_Suppress": "All"}, "X-Auto-Response-Suppress"),
            ({"Precedence": "bulk"}, "Precedence: bulk"),
            ({"Precedence": "first-class"}, ""),
            ({"List_Id": "<news.example>"}, "List-Id"),
            ({"X_Loop": "Help@northwind.example"}, "X-Loop"),
            ({"X_Loop": "other@northwind.example"}, ""),
            ({"Return_Path": "<>"}, "Return-Path: <>"),
            ({"Return_Path": "<uma@acme.example>"}, ""),
            ({"subject": "Automatic reply: Till"}, "Automatic reply: Till"),
            ({"subject": "Abwesenheitsnotiz"}, "Abwesenheitsnotiz"),
            ({"sender": "postmaster@acme.example"}, "postmaster@acme.example"),
        ],
    )
    def test_is_known_to_be_a_machines(self, heads: dict[str, str], why: str) -> None:
        assert read_mail(mail(**heads).as_bytes(), ours="help@northwind.example").automatic == why

    def test_may_say_that_another_did_not_arrive(self) -> None:
        read = read_mail(bounce("<makegood.7@northwind-it.example>"))
        assert read.failure == Failure("<makegood.7@northwind-it.example>", UMA, "smtp; 550 User unknown")
        assert read_mail(bounce("<makegood.7@northwind-it.example>", action="delayed")).failure is None
        whole = bounce("<7@x>").replace(b"text/rfc822-headers", b"message/rfc822")
        failure = read_mail(whole).failure
        assert failure is not None
        assert failure.number == "<7@x>"
        nothing = bounce("nothing")
        failure = read_mail(nothing).failure
        assert failure is not None
        assert failure.number == ""
        assert read_mail(b"Content-Type: multipart/report\n\nnothing\n").failure is None


class TestAHostileMail:
    @pytest.mark.parametrize(
        ("_case", "raw", "text"),
        [
            ("nothing", b"", ""),
            ("no heads", b"\n\nHello", "Hello"),
            ("an unknown charset", b"Content-Type: text/plain; charset=klingon\n\nHello", "Hello"),
            (
                "bytes that are no text",
                b"Content-Type: text/plain; charset=utf-8\n\n\xff\xfeHello",
                "\ufffd\ufffdHello",
            ),
            ("the character NUL", b"Subject: a\x00b\n\nHel\x00lo", "Hello"),
            ("a head in two lines", b"Subject: a\n Bcc: all@x.example\n\nHello", "Hello"),
            ("Base64 that is none", b"Content-Transfer-Encoding: base64\n\n!!!", ""),
            ("a multipart without parts", b"Content-Type: multipart/mixed; boundary=x\n\nHello", "Hello"),
            ("an encoded word that is broken", b"Subject: =?utf-8?b?a?=\n\nHello", "Hello"),
            ("an encoded word of no charset", b"Subject: =?klingon?q?a?=\n\nHello", "Hello"),
            ("raw bytes in a head", b"Subject: \xff\xfe\nFrom: \xff@\xfe\n\nHello", "Hello"),
            ("a charset with NUL", b'Content-Type: text/plain; charset="a\x00b"\n\nHello', "Hello"),
        ],
    )
    def test_is_read_as_far_as_it_goes(self, _case: str, raw: bytes, text: str) -> None:
        read = read_mail(raw)
        assert "\x00" not in read.subject + read.text
        assert "\n" not in read.subject
        assert read.text == text or read.trouble

    def test_has_no_sender_where_it_names_several_or_none(self) -> None:
        for each in ("a@x.example, b@x.example", "nobody", "<>"):
            assert read_mail(f"From: {each}\n\nHello".encode()).sender == ""

    def test_is_left_alone_when_it_is_too_large(self) -> None:
        raw = mail().as_bytes()
        read = read_mail(raw, size=LARGEST + 1)
        assert (read.trouble, read.sender, read.text) == ("This mail is larger than 25 MiB.", UMA, "")
        assert read_mail(b"x" * (LARGEST + 1)).trouble == "This mail is larger than 25 MiB."

    def test_is_left_alone_when_its_parts_have_too_many_parts(self) -> None:
        made = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (each, each) for each in range(200))
        assert read_mail(b"From: a@x.example\n" + made).trouble == "This mail has too many parts within parts."

    def test_takes_no_longer_than_its_length(self) -> None:
        began = time.process_time()
        for each in ("<!--", "<", "<a '", "<script>", "<svg>", "<blockquote>", "&#", "a<b>", "> a\n", "On x\n"):
            made = EmailMessage()
            made.set_content(each * (100_000 // len(each)), subtype="html")
            read_mail(made.as_bytes())
            parted(each * (100_000 // len(each)))
        assert time.process_time() - began < 20

    def test_is_never_a_traceback(self) -> None:
        source = random.Random(7)  # noqa: S311  # the same every time
        made = mail("Hello.\n")
        made.add_attachment(b"x" * 50, maintype="application", subtype="pdf", filename="b.pdf")
        for whole in (made.as_bytes(), bounce("<7@x>")):
            for _ in range(300):
                broken = bytearray(whole)
                for _ in range(source.randrange(1, 30)):
                    broken[source.randrange(len(broken))] = source.randrange(256)
                read = read_mail(bytes(broken))
                assert len(read.key) == 64

    def test_with_a_number_too_long_for_a_number_is_held(self) -> None:
        assert read_mail(with_html("&#" + "1" * 5_000 + ";").as_bytes()).trouble.startswith("This mail cannot be read")


class TestAFile:
    def test_is_refused_if_it_could_be_run_or_is_too_much(self) -> None:
        big = b"x" * (MOST_BYTES - 10)
        found = list(
            checked(
                [
                    File("bill.pdf.exe", "application/pdf", b"x"),
                    File("bill.pdf", "application/pdf", b"MZ\x90"),
                    File("start.bat. ", "text/plain", b"x"),
                    File("big.zip", "Application/Zip", big),
                    File("more.txt", "nonsense", b"x" * 11),
                    *[File(f"{each}.txt", "text/plain", b"") for each in range(16)],
                ]
            )
        )
        assert [each.refused for each in found[:5]] == [
            *["This is a program, and programs are not kept."] * 3,
            "",
            "At most 20 MiB are kept of one message.",
        ]
        assert (found[3].type, found[4].type, found[4].content) == ("application/zip", "application/octet-stream", None)
        assert [each.refused for each in found[19:]] == ["", "At most 20 files are kept of one message."]

    @pytest.mark.parametrize(
        ("given", "kept"),
        [
            ("", "file"),
            ("..", "file"),
            ("a\r\nBcc: x.txt", "aBcc_ x.txt"),
            ("x" * 300 + ".pdf", "x" * 251 + ".pdf"),
            ("x" * 300, "x" * 255),
            ("x" * 300 + "." + "y" * 20, "x" * 255),
            ("bill\u202efdp.exe", "billfdp.exe"),
        ],
    )
    def test_has_a_name_that_hides_nothing(self, given: str, kept: str) -> None:
        assert clean_name(given) == kept


class TestAnAnswer:
    @pytest.mark.parametrize(
        ("text", "new"),
        [
            ("Yes.\n-- \nUma\nAcme", "Yes."),
            ("Ja.\n\nAm 9. März schrieb Eva\n<eva@x.example>:\n> Geht es?", "Ja."),
            ("Yes.\n\n-----Original Message-----\nFrom: Eva", "Yes."),
            ("Yes.\n\nFrom: Eva\nSent: Monday\nTo: Uma\nSubject: Till\n\nDoes it work?", "Yes."),
            ("Yes.\n________________________________\nVon: Eva", "Yes."),
            ("From: here it looks fine.\nOn Monday too.", "From: here it looks fine.\nOn Monday too."),
            ("> Till?\nYes.\n> Printer?\nNo.", "> Till?\nYes.\n> Printer?\nNo."),
            ("> Till?", "> Till?"),
            ("It is so.\n\n> Till?\n> Printer?", "It is so."),
            ("", ""),
        ],
    )
    def test_is_what_is_new(self, text: str, new: str) -> None:
        assert parted(text)[0] == new


class TestAPage:
    @pytest.mark.parametrize(
        ("html", "text"),
        [
            ("<ul><li>One<li>Two</ul>", "- One\n- Two"),
            ("<table><tr><td>a</td><td>b</td></tr></table>", "a b"),
            ("a<!-- b -->c<!-- d", "ac"),
            ("a<!doctype html>b<?php x ?>c<! d", "abc"),
            ("1 < 2 &amp; 3 > 2", "1 < 2 & 3 > 2"),
            ("<script>x", ""),
            ("<svg>x", "x"),
            ("<svg><svg>x", "x"),
            (
                "<a href='javascript:x'>a</a><a href=https://x.example>https://x.example</a></blockquote>",
                "ahttps://x.example",
            ),
            ("<a href='https://x.example'>a", "a <https://x.example>"),
        ],
    )
    def test_is_its_words(self, html: str, text: str) -> None:
        assert text_of_html(html) == text
