"""Messages, as newsletters come: the text of the mail, and its header for the metadata.

A message was published on the day that its sender's Date says, in the sender's own time zone; the
sender's name is the source. Lines of forwarding and delivery say nothing about the article.
"""

from __future__ import annotations

import email.policy
import re
from collections.abc import Iterator
from datetime import date
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parsedate_to_datetime

from index.errors import LoadError
from index.loaders.boilerplate import without_notices, without_title
from index.loaders.decoding import decode
from index.loaders.draft import Draft
from index.loaders.fragments import fragment_paragraphs
from index.loaders.metadata import language_code, web_address
from index.loaders.normalising import one_line, paragraphs
from index.loaders.text import titled

# Parts of one message: more are a bomb. Header lines too: the library's time grows with them.
MAX_PARTS = 1_000
MAX_HEADER = 200_000
# A newsletter's plain text is often only "see this mail in your browser".
FULL_TEXT = 0.5

_REPLY = re.compile(r"^(?:\s*(?:re|fwd?|aw|wg|tr)\s*:)+\s*", re.IGNORECASE)
_ADDRESS_LINE = re.compile(r"\[?<?https?://\S+>?\]?|[-=_*~.·•\s]{3,}")
_BARE_LINK = re.compile(r"\s{0,9}[\[(<]\s{0,9}https?://[^\s\])>]+\s*[\])>]")
_NEWSLETTER = re.compile(
    r"(?:view|read|open|see) (?:this|it|the)?.{0,30}"
    r"\b(?:in|on) (?:your|a|the) (?:web ?)?(?:browser|web)\b"
    r"|(?:click here to |to )?unsubscribe\b|.{0,80}\bunsubscribe (?:here|at any time|from)\b"
    r"|(?:manage|update|change) (?:your )?(?:e-?mail )?(?:preferences|subscription)"
    r"|(?:you (?:are|['’]re) receiv|you received|this e-?mail was sent|sent to )"
    r"|(?:was this (?:e-?mail|newsletter) )?forwarded (?:to you|this e-?mail)\b"
    r"|having trouble (?:viewing|reading)|no longer want|add us to your address book|powered by ",
    re.IGNORECASE,
)
# What the library raises for headers that it cannot parse, as fuzzing found it.
_MALFORMED = (ValueError, TypeError, IndexError, AttributeError, OverflowError)
# A signature, and the message that is answered.
_END = re.compile(r"^-- ?$|^-{2,} ?(?:original message|forwarded message)", re.I | re.M)


def draft(data: bytes, name: str) -> Draft:
    """Raises LoadError when the message has no text."""
    message = parsed(data)
    subject = _REPLY.sub("", one_line(header(message, "subject")))
    found = [line for line in without_notices(_text(message)) if not _is_notice(line)]
    if subject:
        title, found = subject, without_title(found, subject)
    else:
        title, found = titled(found, name)
    links = re.findall(r"<(https?://[^<>\s]+)>", header(message, "archived-at"))
    return Draft(
        title=title,
        paragraphs=found,
        source=_sender(message),
        url=web_address(links[0]) if links else None,
        published=_day(header(message, "date")),
        language=language_code(header(message, "content-language")),
    )


def parsed(data: bytes) -> EmailMessage:
    """The message. Raises LoadError if its header is too long for any mail."""
    end = min((at for at in (data.find(b"\n\n"), data.find(b"\r\n\r\n")) if at >= 0), default=0)
    if end > MAX_HEADER:
        raise LoadError("a mail header that is too long")
    return BytesParser(_class=EmailMessage, policy=email.policy.default).parsebytes(data)


def content(part: EmailMessage) -> str:
    """The text of one part, in whatever encoding it really is. Raises LoadError for binary data."""
    raw = part.get_payload(decode=True)
    return decode(raw, part.get_content_charset()) if isinstance(raw, bytes) and raw.strip() else ""


def walked(message: EmailMessage) -> Iterator[EmailMessage]:
    """All parts, those of attached messages too. Raises LoadError if there are too many."""
    for number, part in enumerate(message.walk()):
        if number >= MAX_PARTS:
            raise LoadError(f"a message of more than {MAX_PARTS:,} parts")
        if isinstance(part, EmailMessage):
            yield part


def _text(message: EmailMessage) -> list[str]:
    plain, markup = list[str](), list[str]()
    for part in walked(message):
        if part.is_multipart() or part.get_content_disposition() == "attachment":
            continue
        kind = part.get_content_type()
        if kind == "text/plain":
            plain += _plain(content(part))
        elif kind == "text/html":
            markup += fragment_paragraphs(content(part))
    # What was laid out is what the sender means to be read; plain text is broken at 76 characters
    # and full of addresses, but some mail has hardly anything else.
    if sum(map(len, markup)) >= FULL_TEXT * sum(map(len, plain)):
        return markup
    return plain


def _plain(text: str) -> list[str]:
    text = _END.split(text.replace("\r\n", "\n"), maxsplit=1)[0]
    lines = [
        line for line in text.split("\n") if not line or not _ADDRESS_LINE.fullmatch(line.strip())
    ]
    return paragraphs(_BARE_LINK.sub("", "\n".join(lines)))


def _is_notice(line: str) -> bool:
    return len(line) <= 300 and _NEWSLETTER.match(line) is not None


def header(message: EmailMessage, name: str) -> str:
    """The value of a header, "" if there is none or none that can be read."""
    try:
        return str(message[name] or "")
    except _MALFORMED:
        return ""


def _sender(message: EmailMessage) -> str | None:
    """The name that the sender goes by, else the domain of the address."""
    try:
        addresses = message["from"].addresses
        return one_line(addresses[0].display_name) or one_line(addresses[0].domain)
    except _MALFORMED:
        return None


def _day(value: str) -> date | None:
    try:
        return parsedate_to_datetime(value).date() if value else None
    except (ValueError, TypeError, OverflowError):
        return None
