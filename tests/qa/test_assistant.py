import dataclasses
import gc
import re
import weakref
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import apsw
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import qa
from index.collection import Collection
from index.errors import QuestionError
from index.types import Article, Filter, Hit, Span
from qa.assistant import READ, Assistant
from qa.conversation import LONGEST_QUESTION
from qa.factory import assistant
from qa.reader import Reading
from qa.retriever import Retriever
from qa.types import Answer, Turn
from tests.doubles import WordEmbedder
from tests.qa.library import CoverageReader, Library, article

MILL = article(
    "The mill",
    "The mill at Oster stopped in 1962. A museum opened in the mill at Oster later.\n\n"
    "School classes visit it in May.",
)
FERRY = article("The ferry", "The ferry to Holm sails at nine. The ferry to Lund sails at ten.")
HOTEL = article("The hotel", "The hotel by the ferry has twelve rooms.", published=date(2019, 2, 1))
ALL = (MILL, FERRY, HOTEL)
STOPPED = "When did the mill at Oster stop?"


class Meanwhile:
    """A reader that reads, and then lets something happen before the proof."""

    threshold = CoverageReader.threshold

    def __init__(self, happens: Callable[[], object]) -> None:
        self.happens = happens

    def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
        readings = CoverageReader().read(question, hits)
        self.happens()
        return readings


class LastWord(Meanwhile):
    """Takes the last word of every sentence for the short answer."""

    def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
        return [
            dataclasses.replace(reading, short=Span(word, reading.sentence.end))
            for reading in super().read(question, hits)
            for word in [reading.sentence.start + reading.text.rfind(" ") + 1]
        ]


@pytest.fixture
def shelf(collection: Collection) -> Collection:
    collection.add_articles(ALL)
    return collection


def over(collection: Collection, happens: Callable[[], object] = lambda: None) -> Assistant:
    return Assistant(collection, Retriever(collection), Meanwhile(happens))


def assert_proved(answer: Answer, collection: Collection) -> None:
    """What holds of every answer."""
    rest = answer.text
    for number, citation in enumerate(answer.citations, 1):
        stored = collection.article(citation.article_id)
        assert stored.text[citation.start : citation.end] == citation.quote
        assert citation.quote
        assert citation.article_sha256 == stored.sha256
        assert citation.marker == number
        rest = rest.replace(citation.quote, "", 1)
    assert [int(marker) for marker in re.findall(r"\[(\d+)\]", rest)] == [
        citation.marker for citation in answer.citations
    ]
    assert (answer.status == "answered") == bool(answer.citations)
    if answer.citations:
        # Beside quotes and markers there is nothing but dates at the beginning of lines.
        ours = r"\[\d+\]|^(?:\d+ \w+ \d{4}|date unknown): "
        assert not re.sub(ours, "", rest, flags=re.MULTILINE).strip()
        assert answer.short_answer in answer.citations[0].quote


def test_an_answer_is_made_of_sentences_that_stand_in_the_articles(shelf: Collection) -> None:
    answer = over(shelf).ask(STOPPED)
    assert answer.status == "answered"
    assert answer.text == "The mill at Oster stopped in 1962. [1]"
    (citation,) = answer.citations
    assert (citation.title, citation.source) == ("The mill", "Harbour News")
    assert citation.published == date(2024, 5, 3)
    assert_proved(answer, shelf)


def test_several_quotes_have_a_marker_each(shelf: Collection) -> None:
    answer = over(shelf).ask("Where do the ferry sails go?")
    assert [citation.marker for citation in answer.citations] == [1, 2]
    assert_proved(answer, shelf)


def test_articles_that_agree_are_cited_together(collection: Collection) -> None:
    other = article("The river", "The water drove the mill at Oster until 1962.")
    collection.add_articles([MILL, other])
    answer = Assistant(collection, Retriever(collection), LastWord(lambda: None)).ask(STOPPED)
    assert answer.text == "The mill at Oster stopped in 1962. [1] [2]"
    assert [c.quote for c in answer.citations] == ["The mill at Oster stopped in 1962.", other.text]
    assert answer.remark == "2 articles agree."
    assert_proved(answer, collection)


def test_a_development_has_no_short_answer_and_the_confidence_of_its_surest_sentence(
    collection: Collection,
) -> None:
    later = article("Later", "The mill at Oster changed hands.", published=date(2024, 9, 1))
    collection.add_articles([MILL, later])
    asking = Assistant(collection, Retriever(collection), LastWord(lambda: None))
    answer = asking.ask("How has the mill at Oster changed?")
    assert answer.text.startswith("3 May 2024: The mill at Oster")
    assert answer.citations[-1].article_id == later.id
    assert answer.short_answer == ""
    assert answer.confidence == 1
    assert_proved(answer, collection)


def test_an_agreeing_article_stands_in_for_one_that_fails_the_proof(collection: Collection) -> None:
    other = article("The river", "The water drove the mill at Oster until 1962.")
    collection.add_articles([MILL, other])
    reader = LastWord(lambda: collection.remove(MILL.id))
    answer = Assistant(collection, Retriever(collection), reader).ask(STOPPED)
    assert answer.text == f"{other.text} [1]"
    assert answer.short_answer == "1962."
    assert answer.remark == ""


def test_articles_that_differ_are_shown_newest_first_and_said_to(collection: Collection) -> None:
    newer = article("Newer", "At Oster the mill did stop in 1964.", published=date(2024, 9, 1))
    collection.add_articles([MILL, newer])
    answer = Assistant(collection, Retriever(collection), LastWord(lambda: None)).ask(STOPPED)
    assert answer.text == (
        f"1 September 2024: {newer.text} [1]\n3 May 2024: The mill at Oster stopped in 1962. [2]"
    )
    assert answer.short_answer == "1964."
    assert answer.remark == "The articles differ; the newest comes first."
    assert_proved(answer, collection)


def test_asked_for_the_newest_it_says_what_the_newest_article_says(
    collection: Collection,
) -> None:
    newer = article("Newer", "At Oster the mill did stop in 1964.", published=date(2024, 9, 1))
    older = article("Older", "At Oster the mill did stop, all say.", published=date(2001, 9, 1))
    collection.add_articles([MILL, newer, older])
    asking = over(collection)
    answer = asking.ask(
        "What is the latest: did the mill at Oster stop?", asked_on=date(2024, 9, 9)
    )
    assert answer.citations[0].article_id == newer.id
    assert answer.remark.endswith("The newest source is of 1 September 2024.")
    assert answer.frame is not None
    assert answer.frame.newest
    later = asking.ask("Did the mill at Oster stop lately?", asked_on=date(2026, 9, 9))
    assert later.remark.endswith("The newest source is old: 1 September 2024.")


def test_a_follow_up_speaks_of_its_own_time(shelf: Collection) -> None:
    first = over(shelf).ask("What did the mill at Oster do in 1962?")
    history = [Turn(first.question, first.asked_as, first)]
    follow = over(shelf).ask("And in 2024?", history=history)
    assert follow.frame is not None
    assert follow.frame.words == "in 2024"
    why = over(shelf).ask("Why?", history=history)
    assert why.frame is not None
    assert why.frame.words == "in 1962"


def test_words_about_time_are_heeded_unless_they_should_not_be(shelf: Collection) -> None:
    question = "What do articles from 2019 say of the hotel by the ferry?"
    answer = over(shelf).ask(question)
    assert {hit.passage.article_id for hit in answer.hits} == {HOTEL.id}
    assert str(answer.frame) == "published 1 January 2019 to 31 December 2019"
    everything = over(shelf).ask(question, heed_time=False)
    assert everything.frame is None
    assert len(everything.hits) == len(ALL)


@pytest.mark.parametrize(
    ("filter", "remark"),
    [
        (Filter(sources=("Nobody",)), "No article is of “Nobody”; there are: Harbour News"),
        (Filter(authors=("Nobody",)), "No article is by “Nobody”."),
        (
            Filter(published_from=date(2024, 5, 2), published_to=date(2024, 5, 1)),
            "No day is from 2 May 2024 until 1 May 2024.",
        ),
        (Filter(published_to=date(1800, 1, 1)), "No article is left to search"),
    ],
)
def test_a_refusal_says_that_a_filter_leaves_nothing(
    shelf: Collection, filter: Filter, remark: str
) -> None:
    answer = over(shelf).ask(STOPPED, filter=filter)
    assert answer.status == "not_found"
    assert answer.remark.startswith(remark)


def test_a_refusal_says_that_no_article_is_of_the_time(shelf: Collection) -> None:
    answer = over(shelf).ask("What do articles from March 1999 say of the ferry?")
    assert answer.status == "not_found"
    assert answer.remark == "No article was published 1 March 1999 to 31 March 1999."


@pytest.mark.parametrize(
    ("question", "read"),
    [
        ("As of May 2025, when did the mill at Oster stop?", "When did the mill at Oster stop?"),
        ("When did the mill stop as of 3 May 2025?", "When did the mill stop?"),
        ("what did it cost, as at May 2025, to build", "What did it cost to build"),
    ],
)
def test_as_of_when_something_is_asked_is_not_looked_for_in_sentences(
    shelf: Collection, question: str, read: str
) -> None:
    heard: list[str] = []

    class Hears(CoverageReader):
        def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
            heard.append(question)
            return super().read(question, hits)

    answer = Assistant(shelf, Retriever(shelf), Hears()).ask(question)
    assert set(heard) == {read}
    assert answer.asked_as == question
    assert answer.frame is not None


def test_who_wrote_an_article_is_told_beside_its_quotes(shelf: Collection) -> None:
    first = over(shelf).ask(STOPPED)
    history = [Turn(first.question, first.asked_as, first)]
    answer = over(shelf).ask("When was the article published?", history=history)
    assert answer.status == "not_found"
    assert answer.remark.startswith("Title, source and date of an article stand beside every")
    assert answer.remark.endswith(f"Quoted last: {first.citations[0].byline}.")
    assert "Quoted" not in over(shelf).ask("Who wrote this article?").remark


@pytest.mark.parametrize(
    ("question", "remark"),
    [
        ("Where does the Duchess of Kellmoor live?", "mentions “Duchess”, “Kellmoor”."),
        ("What colour has the roof of a ship?", "with enough certainty."),
        ("Where did the Duke of Kellmoor go in March 1999?", "mentions “Duke”, “Kellmoor”."),
        ("What colour had the roof of a ship in 1871?", "is from an article of that time."),
    ],
)
def test_a_refusal_says_what_the_nearest_passages_lack(
    shelf: Collection, question: str, remark: str
) -> None:
    answer = over(shelf).ask(question)
    assert answer.status == "not_found"
    assert answer.remark.endswith(remark)


def test_the_passages_that_were_read_are_told_best_first(shelf: Collection) -> None:
    answer = over(shelf).ask(STOPPED)
    assert answer.hits == tuple(over(shelf).retrieve(STOPPED, READ))
    assert answer.hits[0].passage.article_id == MILL.id
    assert [h.score for h in answer.hits] == sorted((h.score for h in answer.hits), reverse=True)
    assert {h.stage for h in answer.hits} == {"fused"}


def test_every_step_is_timed(shelf: Collection) -> None:
    answer = over(shelf).ask(STOPPED)
    assert set(answer.timings) == {"retrieve", "read", "prove"}
    assert all(seconds >= 0 for seconds in answer.timings.values())


def test_confidence_is_the_score_of_the_best_sentence(shelf: Collection) -> None:
    answered = over(shelf).ask(STOPPED)
    assert answered.confidence is not None
    assert 0 < answered.confidence <= 1
    assert over(shelf).ask("Who won the regatta in Lisbon?").confidence is None


def test_the_short_answer_is_the_part_of_the_first_quote_that_the_reader_chose(
    shelf: Collection,
) -> None:
    answer = Assistant(shelf, Retriever(shelf), LastWord(lambda: None)).ask(STOPPED)
    assert answer.short_answer == "1962."
    assert_proved(answer, shelf)


def test_a_reader_that_tells_no_part_gives_no_short_answer(shelf: Collection) -> None:
    assert over(shelf).ask(STOPPED).short_answer == ""


def test_what_is_not_found_has_no_short_answer(shelf: Collection) -> None:
    reader = LastWord(lambda: None)
    answer = Assistant(shelf, Retriever(shelf), reader).ask("Which ferry carries giraffes?")
    assert (answer.status, answer.short_answer) == ("not_found", "")


def test_what_the_articles_do_not_answer_is_not_found_with_the_nearest_passages(
    shelf: Collection,
) -> None:
    answer = over(shelf).ask("Which ferry carries giraffes, zebras and tigers?")
    assert answer.status == "not_found"
    assert answer.citations == ()
    assert answer.text == "The articles do not answer this question."
    assert answer.hits[0].passage.article_id in (FERRY.id, HOTEL.id)


def test_an_empty_collection_says_how_to_add_articles(collection: Collection) -> None:
    answer = over(collection).ask(STOPPED)
    assert (answer.status, answer.citations, answer.hits) == ("not_found", (), ())
    assert "no articles in this collection yet" in answer.text
    assert "article-qa add" in answer.text


def test_a_filter_narrows_what_is_quoted(shelf: Collection) -> None:
    old = Filter(published_to=date(2020, 1, 1))
    answer = over(shelf).ask("What is by the ferry?", filter=old)
    assert {citation.article_id for citation in answer.citations} == {HOTEL.id}
    assert over(shelf).ask(STOPPED, filter=old).status == "not_found"


def test_the_question_is_told_as_it_was_asked(shelf: Collection) -> None:
    answer = over(shelf).ask(f"  {STOPPED}\n")
    assert answer.question == f"  {STOPPED}\n"
    assert answer.asked_as == STOPPED


# --- between reading and proof ---


def test_an_article_removed_between_reading_and_proof_is_not_quoted(shelf: Collection) -> None:
    answer = over(shelf, lambda: shelf.remove(MILL.id)).ask(STOPPED)
    assert (answer.status, answer.citations) == ("not_found", ())
    assert "1962" not in answer.text


def test_the_short_answer_is_that_of_the_first_quote_that_is_left(collection: Collection) -> None:
    kept = article("Kept", "In spring gulls nest on every roof along the old quay.")
    gone = article("Gone", "Gulls nest on the lighthouse.")
    collection.add_articles([kept, gone])
    whole = Assistant(collection, Retriever(collection), LastWord(lambda: None))
    assert whole.ask("Where do gulls nest?").short_answer == "lighthouse."
    reader = LastWord(lambda: collection.remove(gone.id))
    found = Assistant(collection, Retriever(collection), reader).ask("Where do gulls nest?")
    assert [citation.article_id for citation in found.citations] == [kept.id]
    assert found.short_answer == "quay."


def test_an_article_changed_between_reading_and_proof_is_not_quoted(shelf: Collection) -> None:
    def change() -> None:
        text = "Correction. " + MILL.text.replace("1962", "1963")
        shelf.add_articles([article("The mill", text)])

    answer = over(shelf, change).ask(STOPPED)
    assert (answer.status, answer.citations) == ("not_found", ())
    assert "1962" not in answer.text


def test_the_quotes_that_are_left_have_consecutive_markers(shelf: Collection) -> None:
    asks = "Where is the ferry to Holm by the hotel?"
    before = over(shelf).ask(asks)
    first, second = before.citations
    assert first.article_id != second.article_id
    answer = over(shelf, lambda: shelf.remove(first.article_id)).ask(asks)
    assert answer.text == f"{second.quote} [1]"
    assert answer.citations == (dataclasses.replace(second, marker=1),)


def test_an_article_damaged_on_disk_between_reading_and_proof_is_not_quoted(
    shelf: Collection,
) -> None:
    def damage() -> None:
        database = apsw.Connection(str(shelf.path / "collection.sqlite3"))
        database.execute("UPDATE article SET title = 'Another' WHERE id = ?", (MILL.id,))
        database.close()

    answer = over(shelf, damage).ask(STOPPED)
    assert (answer.status, answer.citations) == ("not_found", ())


def test_bracketed_numbers_of_an_article_are_quoted_as_they_stand(collection: Collection) -> None:
    text = "The tower of Brink [2] leans by four degrees.[7] It was begun in 1420."
    collection.add_articles([article("The tower", text)])
    answer = over(collection).ask("How far does the tower of Brink lean?")
    (citation,) = answer.citations
    assert citation.quote in text
    assert answer.text == f"{citation.quote} [1]"


# --- conversation ---


def test_a_follow_up_is_asked_together_with_the_question_before(shelf: Collection) -> None:
    first = over(shelf).ask(STOPPED)
    history = [Turn(first.question, first.asked_as, first)]
    answer = over(shelf).ask("Why?", history=history)
    assert answer.question == "Why?"
    assert answer.asked_as == "Why did the mill at Oster stop?"
    assert {c.article_id for c in answer.citations} == {MILL.id}


def test_a_question_that_stands_alone_is_asked_as_it_is(shelf: Collection) -> None:
    first = over(shelf).ask(STOPPED)
    history = [Turn(first.question, first.asked_as, first)]
    question = "When does the ferry to Holm sail?"
    answer = over(shelf).ask(question, history=history)
    assert answer.asked_as == question
    alone = over(shelf).ask(question)
    assert (answer.text, answer.citations, answer.hits) == (
        (alone.text, alone.citations, alone.hits)
    )


def test_a_history_without_an_answer_will_do(shelf: Collection) -> None:
    answer = over(shelf).ask("And when?", history=[Turn(STOPPED, STOPPED)])
    assert answer.status == "answered"


# --- hostile questions ---


@pytest.mark.parametrize("question", ["", " ", "\n\t", "\u2003\u00a0"])
def test_an_empty_question_is_refused_with_what_to_do(question: str, shelf: Collection) -> None:
    with pytest.raises(QuestionError, match="type what you want to know"):
        over(shelf).ask(question)
    with pytest.raises(QuestionError):
        over(shelf).retrieve(question)


def test_a_question_of_a_megabyte_is_refused_with_its_size(shelf: Collection) -> None:
    with pytest.raises(QuestionError, match=r"1,000,000 characters; at most 2,000") as refused:
        over(shelf).ask("a" * 1_000_000)
    assert len(str(refused.value)) < 300


def test_the_longest_question_is_answered(shelf: Collection) -> None:
    question = (STOPPED + " x" * LONGEST_QUESTION)[:LONGEST_QUESTION]
    assert over(shelf).ask(question).asked_as == question


HOSTILE = [
    "\ud800",
    "mill \udcff Oster",
    "\x00",
    "mill\x00Oster",
    "🚀🐟",
    "???",
    "' OR 1=1; DROP TABLE article; --",
    '"mill" NEAR(Oster, 2) AND title:* NOT ^stop {text}: +"',
    "mill* OR (",
    'mill"',
    "%s %d {0} {{mill}} ${mill}",
    "[1] [2] The mill [3]",
    "\u202emill\u202c \ufeff\u200b",
    "ﬁsh İstanbul ǅ ß ͅ ﷺ 𝔪𝔦𝔩𝔩",
    "mill " * 400,
    "\u0301" * 1_999,
    "a" * 2_000,
]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Collection:
    opened = Collection.open(tmp_path_factory.mktemp("hostile"), embedder=WordEmbedder())
    opened.add_articles(ALL)
    return opened


def questions() -> st.SearchStrategy[str]:
    anything = st.text(st.characters(), max_size=60)  # lone surrogates and NUL included
    syntax = st.lists(
        st.sampled_from(
            ["mill", "Oster", '"', "'", "*", "(", ")", "AND", "NOT", "NEAR", ":", "^", "-", "\0"]
        ),
        max_size=12,
    )
    return anything | syntax.map(" ".join) | syntax.map("".join)


@given(questions())
@example(HOSTILE[0])
def test_any_question_is_answered_or_refused_and_every_quote_is_proved(
    library: Collection, question: str
) -> None:
    for asked in (over(library), assistant(library)):
        try:
            answer = asked.ask(question)
        except QuestionError:
            assert not question.strip()
        else:
            assert_proved(answer, library)
            answer.asked_as.encode()
            assert str(answer)


@pytest.mark.parametrize("question", HOSTILE, ids=ascii)
def test_a_hostile_question_is_answered_or_not_found(library: Collection, question: str) -> None:
    for asked in (over(library), assistant(library)):
        assert_proved(asked.ask(question), library)
        assert_proved(asked.ask("Why?", history=[Turn(question, question)]), library)
        assert len(asked.retrieve(question, 2)) <= 2


# --- the conveniences ---


def test_ask_and_retrieve_use_the_same_assistant_of_the_collection(shelf: Collection) -> None:
    assert assistant(shelf) is assistant(shelf)
    hits = qa.retrieve(STOPPED, shelf, k=2)
    assert hits == assistant(shelf).retrieve(STOPPED, 2)
    assert hits[0].passage.article_id == MILL.id
    answer = qa.ask(STOPPED, shelf)
    assert_proved(answer, shelf)
    assert answer.hits[:2] == tuple(hits)
    why = qa.ask("Why?", shelf, history=[Turn(STOPPED, STOPPED)])
    assert why.asked_as == "Why did the mill at Oster stop?"


def test_collections_that_are_no_longer_used_are_not_kept_for_ever(tmp_path: Path) -> None:
    opened: list[weakref.ref[Collection]] = []
    for number in range(20):
        with Collection.open(tmp_path / f"{number}", embedder=WordEmbedder()) as collection:
            qa.ask(STOPPED, collection)
        opened.append(weakref.ref(collection))
        del collection
    gc.collect()
    assert sum(reference() is not None for reference in opened) <= 10


def test_a_library_of_another_kind_will_do() -> None:
    library = Library(*ALL)
    answer = Assistant(library, Retriever(library), CoverageReader()).ask(STOPPED)
    assert [citation.quote for citation in answer.citations] == [
        "The mill at Oster stopped in 1962."
    ]


def test_an_answer_reads_well_in_a_terminal(collection: Collection) -> None:
    page: Article = dataclasses.replace(
        article("The long-distance path", f"The path is {'very ' * 30}long-distance."),
        url="https://example.org/a-path",
    )
    collection.add_articles([page])
    shown = str(over(collection).ask("How long is the path?")).split("\n")
    assert shown[-2:] == [
        "[1] The long-distance path · Harbour News · 3 May 2024",
        "    https://example.org/a-path",
    ]
    assert all(len(line) <= 88 for line in shown)
    assert "long-distance. [1]" in " ".join(shown[:-3])


# --- copies and languages ---


def test_copies_of_one_text_count_once_where_articles_agree() -> None:
    told = "The dam at Veld was finished in 1911."
    first = article("The dam", f"{told} Nobody lived in the valley then.")
    wire = article("An old wall", f"{told} The valley was empty then.")
    other = article("Veld", "In 1911 the dam at Veld held water for the first time.")
    library = Library(first, wire, other)
    question = "When was the dam at Veld finished?"
    asking = Assistant(library, Retriever(library), LastYear())
    assert asking.ask(question).remark == "3 articles, 2 independent."
    library.copy_of = {one.id: "one" for one in (first, wire, other)}
    assert asking.ask(question).remark == "3 articles, 1 independent."
    library.remove(wire.id)
    library.copy_of = {}
    assert asking.ask(question).remark == "2 articles agree."


class LastYear(CoverageReader):
    """Takes the year in a sentence for the short answer."""

    def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
        return [
            dataclasses.replace(reading, short=Span(place, place + 4))
            for reading in super().read(question, hits)
            if (year := re.search(r"\d{4}", reading.text))
            for place in [reading.sentence.start + year.start()]
        ]


def test_passages_in_a_language_that_the_reader_does_not_know_are_found_and_not_read() -> None:
    foreign = article("Die Mühle", "The mill at Oster stopped in 1902, Mühle.", language="de")
    library = Library(foreign)
    asking = Assistant(library, Retriever(library), CoverageReader(), frozenset(("en",)))
    answer = asking.ask(STOPPED)
    assert answer.status == "not_found"
    assert [hit.passage.language for hit in answer.hits] == ["de"]
    assert answer.remark.endswith("passages in German.")
    library.put(MILL)
    answer = asking.ask(STOPPED)
    assert [citation.article_id for citation in answer.citations] == [MILL.id]
    assert "German" in answer.remark
    knows_all = Assistant(library, Retriever(library), CoverageReader())
    assert "German" not in knows_all.ask(STOPPED).remark


def test_passages_that_are_not_read_take_no_place_of_others() -> None:
    foreign = [
        article(f"Mühle {n}", "The mill at Oster stopped in 1902, Mühle.", language="de")
        for n in range(30)
    ]
    library = Library(*foreign, MILL)
    asking = Assistant(library, Retriever(library), CoverageReader(), frozenset(("en",)))
    answer = asking.ask(STOPPED)
    assert [citation.article_id for citation in answer.citations] == [MILL.id]
