import re
from email import message_from_bytes, policy
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.emails.rendering import as_message, duration, render, render_html

LINK = "http://localhost:4100/reset-password?token=Z1uX3RbwcIl5fIGJJJCXXisdI&client_id=client_default"
CODE_KINDS = ["magic_auth", "email_verification", "email_change"]
LINK_KINDS = ["password_reset", "invitation"]


def mail(kind, *, to="ada@example.com", product="Acme", **details):
    carried = {"code": "042137"} if kind in CODE_KINDS else {"link": LINK}
    subject, text, values = render(kind, to=to, product=product, **carried, **{"minutes": 10, **details})
    return SimpleNamespace(subject=subject, text=text, html=render_html(kind, subject, values))


def raw(**changes):
    fields = {
        "message_id": "message_01",
        "sender": "access@workos-mail.com",
        "to": "ada@example.com",
        "subject": "Your sign-in code for Acme",
        "text": "042137\n",
        "html": "<p>042137</p>",
        "created_at": "2026-01-15T12:00:00.000Z",
    }
    return as_message(**fields | changes)


def message(**changes):
    return message_from_bytes(raw(**changes), policy=policy.default)


def lines(part):
    return part.get_content().splitlines()


@pytest.mark.parametrize(
    ("kind", "details", "subject"),
    [
        ("magic_auth", {}, "Your sign-in code for Acme"),
        ("magic_auth", {"new_user": True}, "Your sign-up code for Acme"),
        ("email_verification", {}, "Verify your email address for Acme"),
        ("password_reset", {}, "Reset your Acme password"),
        ("email_change", {}, "Confirm your new email address for Acme"),
        ("invitation", {}, "You have been invited to Acme"),
        ("invitation", {"organization": "Engines"}, "You have been invited to join Engines"),
        ("invitation", {"inviter": "Ada"}, "Ada has invited you to Acme"),
        ("invitation", {"inviter": "Ada", "organization": "Engines"}, "Ada has invited you to join Engines"),
    ],
)
def test_subject_says_what_the_mail_is_about(kind, details, subject):
    assert mail(kind, **details).subject == subject


@pytest.mark.parametrize("kind", CODE_KINDS)
def test_code_stands_on_a_line_of_its_own(kind):
    assert "042137" in mail(kind).text.splitlines()


@pytest.mark.parametrize("kind", CODE_KINDS)
def test_nothing_else_in_a_mail_looks_like_a_code(kind):
    rendered = mail(kind)
    assert re.findall(r"\b\d{6}\b", rendered.html) == ["042137"]
    assert re.findall(r"\b\d{6}\b", rendered.text) == ["042137"]
    assert "042137" not in rendered.subject


@pytest.mark.parametrize("kind", LINK_KINDS)
def test_link_stands_on_a_line_of_its_own_and_behind_the_button(kind):
    rendered = mail(kind)
    escaped = LINK.replace("&", "&amp;")
    assert LINK in rendered.text.splitlines()
    assert rendered.html.count(f'href="{escaped}"') == 2
    assert f">{escaped}</a>" in rendered.html


@pytest.mark.parametrize("kind", CODE_KINDS + LINK_KINDS)
def test_mail_says_how_long_it_works_and_what_to_do_with_an_unexpected_one(kind):
    rendered = mail(kind)
    for part in (rendered.text, rendered.html):
        assert "10 minutes" in part
        assert "you can ignore this mail" in part


@pytest.mark.parametrize("kind", CODE_KINDS + LINK_KINDS)
def test_mail_loads_nothing_from_the_network(kind):
    assert not re.search(r"<(img|link|script|iframe)|url\(|@import", mail(kind).html)


@pytest.mark.parametrize("kind", CODE_KINDS + LINK_KINDS)
def test_names_are_escaped_in_html_and_plain_in_text(kind):
    hostile = '<script>alert("1")</script> & Söhne'
    rendered = mail(kind, product=hostile, organization=hostile, inviter=hostile)
    assert "<script" not in rendered.html
    assert "&lt;script&gt;alert(&#34;1&#34;)&lt;/script&gt; &amp; Söhne" in rendered.html
    assert hostile in rendered.text


def test_names_are_not_templates():
    assert mail("magic_auth", product="{{ code }}").subject == "Your sign-in code for {{ code }}"


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\n\n", "\x0b", "\x85", "\u2028"])
def test_line_break_in_a_name_does_not_end_the_subject(line_break):
    rendered = mail("invitation", inviter=f"Ada{line_break}Bcc: eve@example.com")
    assert rendered.subject == "Ada Bcc: eve@example.com has invited you to Acme"


def test_mail_without_a_lifetime_does_not_mention_one():
    rendered = mail("magic_auth", minutes=None)
    assert "expires" not in rendered.subject + rendered.text + rendered.html


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (1, "1 minute"),
        (10, "10 minutes"),
        (60, "1 hour"),
        (90, "90 minutes"),
        (120, "2 hours"),
        (1440, "1 day"),
        (10_079, "7 days"),
    ],
)
def test_duration_is_said_as_people_say_it(minutes, words):
    assert duration(minutes) == words


def test_message_has_its_headers():
    headers = dict(message().items())
    assert re.fullmatch("multipart/alternative; boundary=.+", headers.pop("Content-Type"))
    assert headers == {
        "Message-ID": "<message_01>",
        "Date": "Thu, 15 Jan 2026 12:00:00 +0000",
        "From": "access@workos-mail.com",
        "To": "ada@example.com",
        "Subject": "Your sign-in code for Acme",
        "MIME-Version": "1.0",
    }


def test_message_has_a_text_and_an_html_part():
    rendered = mail("magic_auth", product="Käse")
    text, html = message(subject=rendered.subject, text=rendered.text, html=rendered.html).iter_parts()
    assert (text.get_content_type(), lines(text)) == ("text/plain", rendered.text.splitlines())
    assert (html.get_content_type(), lines(html)) == ("text/html", rendered.html.splitlines())
    assert text.get_content_charset() == "utf-8"


def test_message_is_the_same_each_time():
    assert raw() == raw()


def test_message_without_html_is_plain_text():
    assert message(html="").get_content_type() == "text/plain"


def test_message_id_keeps_the_brackets_it_has():
    assert message(message_id="<message_01@workos-mail.com>")["Message-ID"] == "<message_01@workos-mail.com>"


@pytest.mark.parametrize("to", ["jörg@example.com", "ada@bücher.example", "用户@例子.中国", '"a b"@example.com'])
def test_unusual_address_stands_in_the_message_as_it_is(to):
    assert f"\r\nTo: {to}\r\n".encode() in raw(to=to)


@pytest.mark.parametrize("to", ["", "ada", "@", "ada@", "@example.com", "a@b@c", "<a@b.c>", "Ada <a@b.c>"])
def test_text_that_is_no_address_does_not_break_the_message(to):
    assert message(to=to).get_body(("plain",)).get_content() == "042137\r\n"


@pytest.mark.parametrize("separator", [",", ", ", ";", ">,<"])
def test_two_addresses_in_one_are_one_recipient(separator):
    assert len(message(to=f"ada@example.com{separator}eve@example.com")["To"].addresses) == 1


HEADERS = ["Content-Type", "Date", "From", "MIME-Version", "Message-ID", "Subject", "To"]


@pytest.mark.parametrize("field", ["message_id", "sender", "to", "subject"])
@pytest.mark.parametrize("line_break", ["\n", "\r", "\r\n", "\r\n\r\n", "\x85", "\u2028"])
def test_line_break_cannot_begin_a_header(field, line_break):
    injected = message(**{field: f"ada@example.com{line_break}Bcc: eve@example.com{line_break}{line_break}body"})
    assert sorted(injected.keys()) == HEADERS
    assert injected.get_body(("plain",)).get_content() == "042137\r\n"


@given(field=st.sampled_from(["sender", "to", "subject"]), text=st.text(st.characters(exclude_categories=["Cs"])))
def test_no_text_can_begin_a_header(field, text):
    injected = message(**{field: text})
    assert sorted(injected.keys()) == HEADERS
    assert injected.get_body(("plain",)).get_content() == "042137\r\n"


@given(st.text("aé日 <>:,=?_-\"'", max_size=200))
def test_subject_arrives_as_it_is(subject):
    assert message(subject=subject)["Subject"].split() == subject.split()
