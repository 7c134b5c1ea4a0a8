"""Newsletters, mailboxes and pages that a browser saved as one file."""

from __future__ import annotations

from datetime import date
from email.message import EmailMessage
from email.policy import SMTP

from tests.index.test_loaders import load, refusal
from tests.index.test_loaders_text import FIRST, LAST, SECOND, THIRD, TITLE

TEXT = "\n\n".join((FIRST, SECOND, THIRD, LAST))
MARKUP = (
    "<html><body><div style='display:none'>Ice, ferries and more this week</div>"
    "<table><tr><td><a href='#'>View this email in your browser</a></td></tr>"
    f"<tr><td><h1>{TITLE}</h1><p>{FIRST}</p><p>{SECOND}</p></td></tr>"
    f"<tr><td><p>{THIRD}</p><p>{LAST}</p></td></tr>"
    "<tr><td>You are receiving this email because you signed up on our site.<br>"
    "<a href='#'>Unsubscribe</a></td></tr></table></body></html>"
)


def message(subject: str = TITLE, sent: str = "Tue, 06 Feb 2024 23:30:00 -0500") -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    mail["From"] = "The Sound Herald <news@herald.example>"
    mail["To"] = "reader@example.org"
    mail["Subject"] = subject
    mail["Date"] = sent
    mail["Message-ID"] = "<ice-1@herald.example>"
    return mail


def newsletter() -> EmailMessage:
    mail = message()
    mail.set_content("To read this newsletter open it in a browser: https://herald.example/1\n")
    mail.add_alternative(MARKUP, subtype="html")
    return mail


def test_a_newsletter_is_its_text_with_the_day_and_name_of_its_sender() -> None:
    article = load(newsletter().as_bytes(), "ice.eml")
    assert (article.title, article.text) == (TITLE, TEXT)
    assert article.source == "The Sound Herald"
    assert (article.published, article.modified) == (date(2024, 2, 6), None)


def test_a_message_is_known_by_its_content() -> None:
    assert load(newsletter().as_bytes(), "ice.txt").text == TEXT


def test_plain_text_of_a_message_is_unwrapped_and_freed_of_addresses() -> None:
    mail = message(subject="Re: Fwd: Ice on the sound")
    mail.set_content(
        f"{FIRST} [https://herald.example/a?b=c]\n\nhttps://herald.example/1\n* * *\n\n{LAST}\n\n"
        "Unsubscribe: https://herald.example/u\n\n-- \nThe Herald\nHarbour Street 1\n",
        cte="quoted-printable",
    )
    article = load(mail.as_bytes(), "a.eml")
    assert article.title == "Ice on the sound"
    assert article.text == f"{FIRST}\n\n{LAST}"


def test_attachments_are_not_the_message() -> None:
    mail = message()
    mail.set_content(f"{FIRST}\n\n{LAST}\n")
    mail.add_attachment("Not this, please. It is a list of names.", filename="names.txt")
    assert load(mail.as_bytes(), "a.eml").text == f"{FIRST}\n\n{LAST}"


def test_a_message_without_a_date_has_none() -> None:
    for sent in ("", "yesterday", "Tue, 99 Feb 2024 25:00:00"):
        mail = EmailMessage()
        for name, value in message().items():
            if name != "Date":
                mail[name] = value
        mail.set_content(FIRST)
        raw = mail.as_bytes().replace(b"\n", f"\nDate: {sent}\n".encode(), 1)
        assert load(raw, "a.eml").published is None


def test_a_message_without_text_is_refused() -> None:
    mail = message()
    mail.set_content("\n")
    assert refusal(mail.as_bytes(), "a.eml") == "no article text found"


# Saved pages


def saved(page: str, address: str = "https://herald.example/ice") -> bytes:
    return (
        "From: <Saved by Blink>\r\n"
        f"Snapshot-Content-Location: {address}\r\n"
        f"Subject: {TITLE.encode('ascii', 'ignore').decode()}\r\n"
        "Date: Fri, 1 Nov 2024 10:00:00 -0000\r\n"
        "MIME-Version: 1.0\r\n"
        'Content-Type: multipart/related;\r\n\ttype="text/html";\r\n\tboundary="--xyz"\r\n\r\n\r\n'
        "----xyz\r\nContent-Type: text/html\r\nContent-ID: <frame-1@mhtml.blink>\r\n"
        f"Content-Transfer-Encoding: 8bit\r\nContent-Location: {address}\r\n\r\n{page}\r\n"
        "----xyz\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        "<html><body><p>Buy a sledge today, it is the last week of the sale!</p></body></html>\r\n"
        "----xyz--\r\n"
    ).encode()


def test_a_saved_page_is_its_article_and_its_date_is_not_that_of_saving() -> None:
    story = "".join(f"<p>{text}</p>" for text in (FIRST, SECOND, THIRD, LAST))
    page = f"<html lang='en'><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1>{story}"
    article = load(saved(f"{page}</body></html>"), "ice.mhtml")
    assert (article.title, article.text) == (TITLE, TEXT)
    assert (article.url, article.source) == ("https://herald.example/ice", "herald.example")
    assert article.published is None
    declared = "<meta property='article:published_time' content='2024-02-06'>"
    assert load(saved(declared + page), "ice.mht").published == date(2024, 2, 6)
