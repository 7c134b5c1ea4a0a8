"""Web pages that a browser saved as one file (MHTML)."""

from __future__ import annotations

from index.errors import LoadError
from index.loaders import html, mail
from index.loaders.draft import Draft


def draft(data: bytes, name: str) -> Draft:
    """The page of the message. Its Date is when it was saved, which says nothing of the article.

    Raises LoadError if there is no page in it, or no article in the page.
    """
    message = mail.parsed(data)
    start = str(message.get_param("start") or "")
    pages = [part for part in mail.walked(message) if part.get_content_type() == "text/html"]
    if not pages:
        raise LoadError("a saved web page without a page in it")
    # Frames (advertisements, players) are pages of their own; the first is the one looked at.
    named = (one for one in pages if start and mail.header(one, "content-id") == start)
    page = next(named, pages[0])
    address = mail.header(message, "snapshot-content-location")
    address = address or mail.header(page, "content-location")
    return html.of_page(mail.content(page), name, address.strip())
