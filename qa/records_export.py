"""A kept conversation as a file: for reading (Markdown, HTML), and for programs (JSON).

All three name of every quote the article, its hash and the characters, so that it can be checked
as long as the article is kept somewhere.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any, Literal, get_args
from urllib.parse import quote as percent_encoded

from qa.records_rows import plain
from qa.records_types import Conversation, DamagedTurn, KeptTurn
from qa.types import Citation, day

Kind = Literal["markdown", "html", "json"]
KINDS: tuple[Kind, ...] = get_args(Kind)
# Of the layout of the JSON; it rises when something is renamed or means something else.
VERSION = 1

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~!&$^])")
_LINE_START = re.compile(r"^(\s*)([-+=:]|\d+[.)])", re.MULTILINE)
_WEB = re.compile(r"https?://", re.IGNORECASE)


def export(
    conversation: Conversation,
    turns: Sequence[KeptTurn],
    kind: Kind,
    damaged: Sequence[DamagedTurn] = (),
) -> str:
    """The conversation as one text, which names the turns that are `damaged`."""
    match kind:
        case "markdown":
            return _markdown(conversation, turns, damaged)
        case "html":
            from qa.records_page import page  # brings a template engine, which only this needs

            return page(conversation, turns, damaged)
        case "json":
            whole = as_json(conversation, turns, damaged)
            return json.dumps(whole, ensure_ascii=True, indent=2) + "\n"


def as_json(
    conversation: Conversation,
    turns: Sequence[KeptTurn],
    damaged: Sequence[DamagedTurn] = (),
) -> dict[str, Any]:
    """What the JSON holds. Offsets count characters (Unicode code points) of the stored article."""
    return {
        "format": "article-qa conversation",
        "version": VERSION,
        "conversation": plain(conversation),
        "turns": [_turn(turn) for turn in turns],
        "damaged": [{"number": one.number, "problem": one.problem} for one in damaged],
    }


def _turn(turn: KeptTurn) -> dict[str, Any]:
    answer = plain(turn.answer)
    for name in ("hits", "timings"):
        del answer[name]
    for row, citation in zip(answer["citations"], turn.answer.citations, strict=True):
        row["passage"] = _passage(turn, citation)
    return {
        "number": turn.number,
        "kept": turn.kept.isoformat(),
        "asked_on": turn.asked_on.isoformat(),
        "filter": plain(turn.filter),
        **answer,
        "nearest": nearest(turn),
        "rating": plain(turn.rating),
    }


def _passage(turn: KeptTurn, citation: Citation) -> dict[str, Any] | None:
    """The passage that the quote was read in."""
    for hit in turn.answer.hits:
        passage = hit.passage
        inside = passage.start <= citation.start and citation.end <= passage.end
        if passage.article_id == citation.article_id and inside:
            return {"start": passage.start, "end": passage.end, "text": passage.text}
    return None


def nearest(turn: KeptTurn) -> list[dict[str, Any]]:
    """The passages that did not answer, best first, with what is known of their articles."""
    rows = []
    for hit in () if turn.answer.citations else turn.answer.hits:
        passage, of = hit.passage, turn.references.get(hit.passage.article_id)
        rows.append(
            {
                "article_id": passage.article_id,
                "article_sha256": of.article_sha256 if of else None,
                "title": of.title if of else None,
                "source": of.source if of else None,
                "url": of.url if of else None,
                "published": plain(of.published) if of else None,
                "start": passage.start,
                "end": passage.end,
                "text": passage.text,
                "score": hit.score,
            }
        )
    return rows


def _markdown(
    conversation: Conversation, turns: Sequence[KeptTurn], damaged: Sequence[DamagedTurn]
) -> str:
    blocks = [f"# {_escaped(conversation.title)}", f"Asked of {_escaped(conversation.collection)}"]
    blocks += [f"**{_escaped(str(one))}**" for one in damaged]
    for turn in turns:
        answer = turn.answer
        blocks.append(f"## {turn.number}. {_escaped(answer.question)}")
        blocks += [f"*{_escaped(line)}*" for line in about(turn)]
        blocks.append(_escaped(answer.text))
        blocks += [f"*{_escaped(answer.remark)}*"] if answer.remark else []
        for citation in answer.citations:
            blocks += [
                f"**\\[{citation.marker}\\] {_escaped(citation.byline)}**{_link(citation.url)}",
                "\n".join(f"> {line}" for line in _escaped(citation.quote).split("\n")),
                f"Article `{citation.article_id}`, characters {place(citation)}, "
                f"SHA-256 `{citation.article_sha256}`",
            ]
        for number, row in enumerate(nearest(turn), 1):
            blocks += [
                f"Nearest passage {number}, which does not answer: {_escaped(row['title'] or '')}",
                "\n".join(f"> {line}" for line in _escaped(row["text"]).split("\n")),
            ]
    return "\n\n".join(blocks) + "\n"


def about(turn: KeptTurn) -> list[str]:
    """What the reader must know of a question: when and how it was asked."""
    answer, lines = turn.answer, [f"Asked on {day(turn.asked_on)}"]
    if answer.asked_as != answer.question.strip():
        lines.append(f"Searched as: {answer.asked_as}")
    if answer.frame:
        lines.append(f"“{answer.frame.words}”: {answer.frame}")
    if turn.filter:
        lines.append(f"Only articles {told_filter(turn)}")
    if turn.rating:
        note = f": {turn.rating.note}" if turn.rating.note else ""
        lines.append(f"Rated {turn.rating.verdict}{note}")
    return lines


def told_filter(turn: KeptTurn) -> str:
    """What the question was narrowed to, in words."""
    only = turn.filter
    said = [f"of {', '.join(only.sources)}"] if only.sources else []
    said += [f"not of {', '.join(only.excluded_sources)}"] if only.excluded_sources else []
    said += [f"by {', '.join(only.authors)}"] if only.authors else []
    said += [f"published from {day(only.published_from)}"] if only.published_from else []
    said += [f"published until {day(only.published_to)}"] if only.published_to else []
    if only.article_ids:
        names = [turn.references.get(id) for id in only.article_ids]
        said.append("with the id " + ", ".join(only.article_ids))
        said += [f"({', '.join(one.title for one in names if one)})"] if any(names) else []
    return ", ".join(said)


def place(citation: Citation) -> str:
    """The characters of the article that are quoted."""
    return f"{citation.start}–{citation.end}"


def _escaped(text: str) -> str:
    """So that Markdown shows the very characters, lines kept as lines."""
    plain_text = _LINE_START.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", text))
    numbered = re.sub(r"^(\s*)\\(\d+)([.)])", r"\1\2\\\3", plain_text, flags=re.MULTILINE)
    return numbered.replace("\n", "\\\n")


def is_web(url: str | None) -> bool:
    """Whether it may be a link; no other scheme is ever one."""
    return bool(url and _WEB.match(url))


def _link(url: str | None) -> str:
    """Only to the web; what might end the link is percent-encoded."""
    if not url or not is_web(url):
        return ""
    return f" <{percent_encoded(url, safe=':/?#[]@!$&()*+,;=%~')}>"
