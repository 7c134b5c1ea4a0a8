import asyncio
import logging
import os
import threading
from collections.abc import Sequence
from pathlib import Path

import apsw
import pytest

from chat.articles import ArticleList
from chat.catalogue import Catalogue
from chat.history import History
from chat.session import BROKEN, EMPTY_CLOSED, STOPPED, Parts, Session, View, warm_up
from chat.shelf import Shelf
from chat.types import Asking, Asks, Conversation, Keeper, Library, Person
from chat.waiting import Line
from index.collection import Collection
from index.errors import ModelError
from index.types import Filter
from qa.records import Records
from qa.types import Answer, Turn
from tests.chat.memory import MemoryLibrary, WordAssistant, article

STORM = article("Storm", "The storm closed the harbour for nine days.")
BOATS = article("Boats", "In that winter forty boats sank.")


ME = Person()
NEW, ALL = Conversation(), Filter()
HOW_LONG = "How long did the storm close the harbour?"


class Failing(WordAssistant):
    """An assistant that cannot answer."""

    def __init__(self, error: Exception) -> None:
        super().__init__(MemoryLibrary())
        self.error = error

    def ask(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        filter: Filter | None = None,
        heed_time: bool = True,
    ) -> Answer:
        raise self.error


def session(
    library: Library,
    assistant: Asks | None = None,
    records: Records | None = None,
    line: Line | None = None,
    keeper: Keeper | None = None,
) -> Session:
    catalogue = Catalogue(library)
    return Session(
        Parts(
            assistant or WordAssistant(library),
            library,
            Shelf(catalogue),
            ArticleList(catalogue, keeper),
            History(records, library) if records else None,
            line or Line(),
        )
    )


def views(at: Session, asking: Asking | str, before: Conversation = NEW) -> list[View]:
    async def asked() -> list[View]:
        put = Asking(asking) if isinstance(asking, str) else asking
        return [view async for view in at.ask(put, before, ME)]

    return asyncio.run(asked())


def ask(at: Session, asking: Asking | str, before: Conversation = NEW) -> Conversation:
    after = views(at, asking, before)[-1].conversation
    assert after is not None
    return after


def act(
    at: Session, before: Conversation, person: Person = ME, filter: Filter = ALL, **event: str
) -> View:
    return at.act(event, before, filter, person)


def test_a_question_is_shown_as_being_searched_before_it_is_answered() -> None:
    searching, answered = views(session(MemoryLibrary.of(STORM)), HOW_LONG)
    assert "Searching your articles" in str(searching.transcript)
    assert searching.evidence is None
    assert "nine days" in str(answered.transcript)
    assert "<mark>The storm closed the harbour for nine days.</mark>" in str(answered.evidence)


def test_earlier_answers_are_the_history_of_the_next_question() -> None:
    library = MemoryLibrary.of(STORM)
    assistant = WordAssistant(library)
    at = session(library, assistant)
    first = ask(at, HOW_LONG)
    ask(at, "And the school?", first)
    question, history = assistant.asked[-1]
    assert question == "And the school?"
    assert [turn.question for turn in history] == [HOW_LONG]
    assert history[0].answer is not None


def test_an_edited_question_stands_alone() -> None:
    library = MemoryLibrary.of(STORM)
    assistant = WordAssistant(library)
    at = session(library, assistant)
    ask(at, Asking("And the storm?", alone=True), ask(at, HOW_LONG))
    assert assistant.asked[-1] == ("And the storm?", ())


def test_a_question_can_be_put_to_some_articles_and_without_its_time() -> None:
    other = article(
        "Other storm",
        "The storm closed the harbour for twice as long this week.",
        source="Town Post",
    )
    at = session(MemoryLibrary.of(STORM, other))
    event = {"question": "How often did the storm close the harbour last week?", "heed": "0"}
    filter = Filter(sources=("Town Post",))
    exchange = ask(at, at.asking(event, filter)).exchanges[-1]
    assert exchange.answer is not None
    assert {cited.source for cited in exchange.answer.citations} == {"Town Post"}
    assert exchange.answer.frame is None
    assert exchange.asking.filter == filter


def test_a_link_brings_its_own_filter() -> None:
    at = session(MemoryLibrary.of(STORM))
    event = {"question": "Storm?", "link": "q=Storm%3F&source=Town+Post&first=2024-05-01"}
    asking = at.asking(event, Filter(sources=("Other",)))
    assert asking.filter.sources == ("Town Post",)
    assert str(asking.filter.published_from) == "2024-05-01"


def test_trying_again_takes_the_place_of_what_failed() -> None:
    library = MemoryLibrary.of(STORM)
    failed = ask(session(library, Failing(ModelError("The model is missing."))), HOW_LONG)
    (exchange,) = ask(session(library), Asking(HOW_LONG, again=1), failed).exchanges
    assert exchange.answer is not None
    assert exchange.number == 2


def test_conversations_share_nothing() -> None:
    at = session(MemoryLibrary.of(STORM))
    mine = ask(at, HOW_LONG)
    other = views(at, "Did the storm close the school?")[-1]
    assert "How long" not in str(other.transcript)
    assert [exchange.question for exchange in mine.exchanges] == [HOW_LONG]


def test_an_empty_question_gets_a_friendly_reply_that_does_not_pile_up() -> None:
    at = session(MemoryLibrary.of(STORM))
    twice = ask(at, "", ask(at, "   "))
    assert [exchange.problem for exchange in twice.exchanges] == [
        "The question is empty: type what you want to know."
    ]


def test_a_huge_question_gets_a_friendly_reply_and_is_not_kept() -> None:
    given = views(session(MemoryLibrary.of(STORM)), "storm " * 200_000)
    assert "1,200,000 characters" in str(given[-1].transcript)
    assert all(len(str(view.transcript)) < 12_000 for view in given)
    assert given[-1].conversation is not None
    assert len(given[-1].conversation.exchanges[0].question) <= 1_000


def test_an_empty_collection_says_how_to_add_articles(collection: Collection) -> None:
    editable = session(collection, keeper=collection)
    assert "Drop files" in str(editable.start(Person(may_change=True)).transcript)
    assert "Drop files" not in str(editable.start(ME).transcript)
    at = session(MemoryLibrary())
    assert "make run ARTICLES=some/folder" in str(at.start(ME).transcript)
    assert "Drop files" not in str(at.start(Person(may_change=True)).transcript)
    assert ask(at, "How long?").exchanges[0].problem == EMPTY_CLOSED


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_where_nothing_can_be_written_nothing_offers_to_add_or_remove(
    collection: Collection,
) -> None:
    collection.add_articles([STORM])
    at, editor = session(collection, keeper=collection), Person(may_change=True)
    collection.path.chmod(0o555)
    try:
        listed = str(at.act({"do": "list"}, NEW, ALL, editor).articles)
        opened = str(at.act({"do": "article", "id": STORM.id}, NEW, ALL, editor).evidence)
    finally:
        collection.path.chmod(0o755)
    assert "can only be read" in listed
    assert "data-can-add" not in listed
    assert "Remove" not in opened
    assert "data-can-add" in str(at.act({"do": "list"}, NEW, ALL, editor).articles)


def test_a_known_error_is_shown_as_its_message() -> None:
    at = session(MemoryLibrary.of(STORM), Failing(ModelError("The model is missing: install it.")))
    assert ask(at, "How long?").exchanges[0].problem == "The model is missing: install it."


def test_an_unknown_error_is_logged_and_never_shown(caplog: pytest.LogCaptureFixture) -> None:
    at = session(MemoryLibrary.of(STORM), Failing(ZeroDivisionError("secret detail")))
    with caplog.at_level(logging.ERROR):
        last = views(at, "How long?")[-1]
    assert last.conversation is not None
    assert last.conversation.exchanges[0].problem == BROKEN
    assert "secret detail" not in str(last.transcript)
    assert "secret detail" in caplog.text


def test_warming_up_asks_a_suggestion_and_never_fails() -> None:
    library = MemoryLibrary.of(STORM)
    assistant = WordAssistant(library)
    warm_up(assistant, Shelf(Catalogue(library), ["How long?"]))
    assert [question for question, _ in assistant.asked] == ["How long?"]
    warm_up(Failing(ModelError("missing")), Shelf(Catalogue(library), ["How long?"]))
    warm_up(assistant, Shelf(Catalogue(MemoryLibrary()), ["How long?"]))
    assert len(assistant.asked) == 1


def test_the_evidence_of_an_earlier_turn_can_be_shown_again() -> None:
    at = session(MemoryLibrary.of(STORM))
    both = ask(at, "Who?", ask(at, HOW_LONG))
    html = str(act(at, both, do="cite", turn="1", marker="1").evidence)
    assert 'data-turn="1" data-active="1"' in html
    assert "<mark>" in str(act(at, both, do="open", turn="1", marker="1").evidence)


@pytest.mark.parametrize("turn", ["9", "x", "", "None"])
def test_an_event_that_names_nothing_is_answered_all_the_same(turn: str) -> None:
    at = session(MemoryLibrary.of(STORM))
    before = ask(at, HOW_LONG)
    for do in ("cite", "open"):
        assert "not known here" in str(act(at, before, do=do, turn=turn, marker="y").evidence)
    assert act(at, before, do="nonsense") == View()
    assert "no article" in str(act(at, before, do="article", id=turn).evidence).lower()


def test_a_long_conversation_forgets_its_beginning_but_keeps_its_numbers() -> None:
    at = session(MemoryLibrary.of(STORM))
    conversation = Conversation()
    for number in range(55):
        conversation = ask(at, f"Storm {number}?", conversation)
    numbers = [exchange.number for exchange in conversation.exchanges]
    assert numbers == list(range(6, 56))


class Held(WordAssistant):
    """An assistant that answers when it is let go."""

    def __init__(self, library: MemoryLibrary) -> None:
        super().__init__(library)
        self.go = threading.Event()

    def ask(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        filter: Filter | None = None,
        heed_time: bool = True,
    ) -> Answer:
        assert self.go.wait(20)
        return super().ask(question, history=history, filter=filter, heed_time=heed_time)


def test_who_comes_when_too_many_wait_is_told_so_and_who_waits_is_told_how_long() -> None:
    library = MemoryLibrary.of(STORM)
    held = Held(library)
    at = session(library, held, line=Line(at_once=1, most=2))

    async def crowd() -> list[list[View]]:
        async def one() -> list[View]:
            return [view async for view in at.ask(Asking(HOW_LONG), Conversation(), ME)]

        asked = [asyncio.create_task(one()) for _ in range(4)]
        await asyncio.sleep(1.5)
        held.go.set()
        return [await task for task in asked]

    *served, turned_away = asyncio.run(crowd())
    assert all("nine days" in str(given[-1].transcript) for given in served)
    assert any("1 question of others first" in str(view.transcript) for view in served[-1])
    assert "Busy: 2 questions are waiting" in str(turned_away[-1].transcript)


def test_a_stopped_question_says_so_and_is_never_begun() -> None:
    library = MemoryLibrary.of(STORM)
    held = Held(library)
    at = session(library, held, line=Line(at_once=1))

    async def stopped() -> Conversation:
        first = asyncio.create_task(anext(aiter(at.ask(Asking("First?"), Conversation(), ME))))
        await first
        asking = at.ask(Asking(HOW_LONG), Conversation(), ME)
        searching = (await anext(asking)).conversation
        waiting = asyncio.ensure_future(anext(asking))
        await asyncio.sleep(0.1)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        held.go.set()
        assert searching is not None
        return searching

    after = at.stop(asyncio.run(stopped()))
    assert after.conversation is not None
    assert after.conversation.exchanges[0].problem == STOPPED
    assert "Try again" in str(after.transcript)


def test_what_was_asked_is_kept_found_opened_renamed_rated_and_deleted(tmp_path: Path) -> None:
    records = Records(tmp_path / "history.sqlite3")
    at = session(MemoryLibrary.of(STORM), records=records)
    kept = ask(at, "And the storm?", ask(at, HOW_LONG))
    assert kept.kept is not None
    id = str(kept.kept)
    listed = act(at, kept, do="conversations", text="nine harbour").conversations
    assert HOW_LONG in str(listed)
    assert "No conversation" in str(act(at, kept, do="conversations", text="ceiling").conversations)
    assert "Winter" in str(act(at, kept, do="rename", id=id, title="Winter").conversations)

    opened = at.leave({"id": id}, Conversation(), ME).conversation
    assert opened is not None
    assert [one.question for one in opened.exchanges] == [HOW_LONG, "And the storm?"]
    assert opened.exchanges[1].answer == kept.exchanges[1].answer

    rated = act(at, opened, do="rate", turn="1", verdict="wrong source")
    assert 'data-verdict="wrong source" aria-pressed="true"' in str(rated.transcript)
    again = at.leave({"id": id}, Conversation(), ME).conversation
    assert again is not None
    assert again.exchanges[0].verdict == "wrong source"
    back = act(at, again, do="rate", turn="1", verdict="wrong source").conversation
    assert back is not None
    assert back.exchanges[0].verdict is None

    gone = act(at, opened, do="delete", id=id)
    assert gone.conversation == Conversation()
    assert records.conversations() == []


def test_every_answer_of_an_opened_conversation_says_what_became_of_its_quotes(
    tmp_path: Path,
) -> None:
    library = MemoryLibrary.of(STORM, BOATS)
    at = session(library, records=Records(tmp_path / "history.sqlite3"))
    kept = ask(at, "How many boats sank?", ask(at, HOW_LONG))
    id = str(kept.kept)
    opened = at.leave({"id": id}, Conversation(), ME).conversation
    assert opened is not None
    assert [one.note for one in opened.exchanges] == ["", ""]
    del library.shelf[STORM.id]
    again = at.leave({"id": id}, Conversation(), ME)
    assert again.conversation is not None
    assert [one.note[:17] for one in again.conversation.exchanges] == ["[1] removed since", ""]
    assert "no longer in the collection" in str(again.transcript)


def test_a_damaged_answer_is_told_in_its_place(tmp_path: Path) -> None:
    records = Records(tmp_path / "history.sqlite3")
    at = session(MemoryLibrary.of(STORM), records=records)
    kept = ask(at, HOW_LONG, ask(at, HOW_LONG))
    with apsw.Connection(str(records.path)) as connection:
        connection.execute("UPDATE turn SET record = record || ' ' WHERE number = 1")
    view = at.leave({"id": str(kept.kept)}, Conversation(), ME)
    assert view.conversation is not None
    damaged, whole = view.conversation.exchanges
    assert "damaged" in damaged.problem
    assert whole.answer == kept.exchanges[1].answer
    assert "Answer 1 is damaged" in str(view.transcript)
    after = ask(at, "And the storm?", view.conversation)
    assert [one.number for one in after.exchanges] == [1, 2, 3]


def test_nobody_sees_or_changes_the_conversations_of_another(tmp_path: Path) -> None:
    at = session(MemoryLibrary.of(STORM), records=Records(tmp_path / "history.sqlite3"))
    id = str(ask(at, HOW_LONG).kept)
    other = Person("other")
    assert HOW_LONG not in str(at.start(other).conversations)
    for do in ("rename", "delete"):
        said = act(at, Conversation(), other, do=do, id=id, title="Mine")
        assert "not known here" in str(said.evidence)
    assert "not known here" in str(at.leave({"id": id}, Conversation(), other).evidence)
    assert HOW_LONG in str(at.start(ME).conversations)


def test_an_answer_that_cannot_be_kept_is_shown_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "history.sqlite3").mkdir()
    at = session(MemoryLibrary.of(STORM), records=Records(tmp_path / "history.sqlite3"))
    last = views(at, HOW_LONG)[-1]
    assert "nine days" in str(last.transcript)
    assert "was not kept in the history" in str(last.transcript)


def test_the_articles_asked_are_narrowed_and_widened_again() -> None:
    at = session(MemoryLibrary.of(STORM))
    view = act(at, Conversation(), do="narrow", kind="article", value=STORM.id)
    assert view.filter == Filter(article_ids=(STORM.id,))
    assert "“Storm”" in str(view.chips)
    assert view.filter is not None
    view = act(
        at, Conversation(), filter=view.filter, do="narrow", kind="first", value="2024-05-01"
    )
    assert "from 1 May 2024" in str(view.chips)
    assert view.filter is not None
    assert act(at, Conversation(), filter=view.filter, do="widen", kind="all").filter == Filter()


def test_nobody_removes_articles_who_may_not() -> None:
    library = MemoryLibrary.of(STORM)
    said = act(session(library), Conversation(), do="remove", id=STORM.id)
    assert "cannot be removed from here" in str(said.evidence)
    assert library.shelf
