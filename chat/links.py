"""Links to a quote on the page where its article was published."""

from __future__ import annotations

from urllib.parse import quote, urldefrag

from chat.markup import web_link

LONG = 12  # words from which on a link names only the first and last few
EDGE = 5


def quote_link(url: str | None, text: str) -> str | None:
    """The URL with a text fragment (https://wicg.github.io/scroll-to-text-fragment) by which
    browsers scroll to `text` and highlight it; None where there is no web address."""
    link = web_link(url)
    if link is None:
        return None
    words = text.split()
    if len(words) > LONG:
        parts = [" ".join(words[:EDGE]), " ".join(words[-EDGE:])]
    else:
        parts = [" ".join(words)]
    # A comma, a dash and an ampersand mean something there; quote() leaves the dash as it is.
    said = ",".join(quote(part, safe="").replace("-", "%2D") for part in parts)
    return f"{urldefrag(link).url}#:~:text={said}"
