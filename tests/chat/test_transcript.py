from dataclasses import replace
from datetime import date

from chat.statements import Piece, statements
from chat.transcript import transcript
from chat.types import Exchange
from qa.types import Answer, Part, TimeFrame
from tests.chat.memory import MemoryLibrary, WordAssistant, article

STORM = article(
    "Storm",
    "The storm closed the harbour for nine days. The storm closed the harbour school [2].",
)


def answered(question: str = "How did the storm close the harbour?") -> Answer:
    return WordAssistant(MemoryLibrary.of(STORM)).ask(question)


def answer_pieces(answer: Answer, *, by_word: bool = False) -> list[Piece]:
    return [piece for said in statements(answer, by_word=by_word) for piece in said.pieces]


def test_markers_become_citations_and_the_text_stays_as_it_is() -> None:
    pieces = answer_pieces(answered())
    assert [piece.citation.marker for piece in pieces if piece.citation] == [1, 2]
    said = "".join(piece.text + ("*" if piece.citation else "") for piece in pieces)
    assert said == (
        "The storm closed the harbour for nine days.*The storm closed the harbour school [2].*"
    )


def test_citations_that_follow_each_other_are_buttons_of_their_own() -> None:
    answer = answered()
    first, _ = answer.citations
    together = replace(answer, text=f"{first.quote} [1] [2]")
    pieces = answer_pieces(together)
    assert [piece.citation.marker for piece in pieces if piece.citation] == [1, 2]
    assert "".join(piece.text for piece in pieces).strip() == first.quote


def test_what_the_program_says_of_an_answer_stands_below_it() -> None:
    html = transcript([Exchange(1, "How?", replace(answered(), remark="2 articles <agree>."))])
    assert '<p class="aq-remark">2 articles &lt;agree&gt;.</p>' in html


def test_what_was_made_of_words_about_time_is_shown() -> None:
    frame = TimeFrame("last <week>", date(2024, 8, 12), date(2024, 8, 18))
    html = transcript([Exchange(1, "How?", replace(answered(), frame=frame))])
    assert "“last &lt;week&gt;”: about 12 August 2024 to 18 August 2024" in html
    assert 'data-heed="0"' in html


def test_the_last_word_stays_on_one_line_with_its_citation() -> None:
    html = transcript([Exchange(1, "How long?", answered())])
    assert '<span class="aq-tie">days.<button' in html


def test_a_bracketed_number_inside_a_quote_is_no_citation() -> None:
    markers = [p.citation.marker for p in answer_pieces(answered()) if p.citation]
    assert markers.count(2) == 1


def test_the_short_answer_stands_out_inside_the_first_quote() -> None:
    answer = replace(answered(), short_answer="nine days")
    assert [piece.text for piece in answer_pieces(answer) if piece.strong] == ["nine days"]
    assert "<strong" in transcript([Exchange(1, "How long?", answer)])
    to_the_end = replace(answer, short_answer="nine days.")
    strong = [piece.text for piece in answer_pieces(to_the_end) if piece.strong]
    assert strong == ["nine ", "days."]


def test_word_by_word_says_the_same_as_all_at_once() -> None:
    answer = replace(answered(), short_answer="nine days")
    at_once = "".join(f"{p.text}{p.citation or ''}" for p in answer_pieces(answer))
    by_word = "".join(f"{p.text}{p.citation or ''}" for p in answer_pieces(answer, by_word=True))
    assert by_word == at_once
    assert [p.order for p in answer_pieces(answer, by_word=True)] == list(
        range(len(answer_pieces(answer, by_word=True)))
    )


def test_only_the_last_answer_of_a_fresh_transcript_appears_word_by_word() -> None:
    exchanges = [Exchange(1, "One?", answered()), Exchange(2, "Two?", answered())]
    assert transcript(exchanges, fresh=True).count("aq-fresh") == 1
    assert "aq-fresh" not in transcript(exchanges)


def test_citation_buttons_name_what_they_cite() -> None:
    html = transcript([Exchange(7, "How long?", answered())])
    assert 'data-turn="7" data-marker="1"' in html
    assert 'aria-label="Citation 1: Storm · Harbour News · 3 May 2024"' in html


def test_the_question_that_was_searched_is_shown_where_it_differs() -> None:
    answer = replace(answered("And the school?"), asked_as="Did the storm close the school?")
    assert "Understood as “Did the storm close the school?”" in transcript(
        [Exchange(1, "And the school?", answer)]
    )
    assert "Understood as" not in transcript([Exchange(1, "How long?", answered("How long?"))])


def test_a_pending_question_is_being_searched() -> None:
    html = transcript([Exchange(1, "How long?")])
    assert 'data-state="searching"' in html
    assert "Searching your articles…" in html


def test_markup_in_a_question_is_shown_as_text() -> None:
    html = transcript([Exchange(1, "<img src=x onerror=alert(1)>", problem="<b>no</b>")])
    assert "<img" not in html
    assert "<b>" not in html


def test_a_development_is_drawn_along_the_time_with_who_agrees() -> None:
    first, second = answered().citations
    parts = (
        Part((1,), date(2024, 5, 3), articles=3, independent=2),
        Part((2,), date(2024, 5, 9)),
    )
    text = f"3 May 2024: {first.quote} [1]\n9 May 2024: {second.quote} [2]"
    answer = replace(answered(), text=text, shape="development", parts=parts)
    said = statements(answer)
    assert [one.day for one in said] == [date(2024, 5, 3), date(2024, 5, 9)]
    assert [one.head for one in said] == ["3 May 2024", "9 May 2024"]
    assert said[0].pieces[0].text.startswith("The storm")
    html = transcript([Exchange(1, "How did it develop?", answer)])
    assert "aq-course" in html
    assert '<time datetime="2024-05-03">3 May 2024</time>' in html
    assert html.count("3 articles, 2 independent") == 1


def test_who_says_what_stands_before_each_position() -> None:
    first, second = answered().citations
    parts = (Part((1,), date(2024, 5, 3), "<Ann>"), Part((2,), None, "Ben"))
    text = f"<Ann>, 3 May 2024: {first.quote} [1]\nBen, date unknown: {second.quote} [2]"
    answer = replace(answered(), text=text, shape="positions", parts=parts)
    html = transcript([Exchange(1, "Who says what?", answer)])
    assert ">&lt;Ann&gt;, 3 May 2024</time>" in html
    assert "<time>Ben, date unknown</time>" in html
    assert "aq-course" not in html


def test_statements_with_citations_of_their_own_are_told_apart() -> None:
    html = transcript([Exchange(1, "How?", answered())])
    assert "aq-several" in html
    assert html.count("<li>") == 2
    assert "<time" not in html


def test_how_sure_an_answer_is_stands_in_words() -> None:
    for confidence, words in ((0.97, "very likely"), (0.7, "likely"), (0.3, "uncertain")):
        html = transcript([Exchange(1, "How?", replace(answered(), confidence=confidence))])
        assert f"<span>{words}</span>" in html
        assert str(confidence) not in html


def test_the_answer_is_copied_with_its_sources() -> None:
    html = transcript([Exchange(1, "How long?", answered())])
    assert "[1] Storm · Harbour News · 3 May 2024" in html
