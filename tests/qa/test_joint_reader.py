from __future__ import annotations

import json
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import ModelError
from index.passages import sentences
from index.types import Article, Hit, Passage, Span
from qa.joint_reader import CONFIG, WEIGHTS, JointReader
from qa.passes import shared_out
from qa.reader import Reading
from qa.spans import LONGEST
from qa.tokens import WordPieces
from tests.qa import tiny_reader
from tests.qa.library import Library, article

HARBOUR = article(
    "Harbour",
    "“Zweibrücken–Süd”, said Ms. O’Malley, “is naïve”. The cafe\u0301 by the quay 👩‍🚀 sells ❤️ "
    "and 🎉🎉 for £2,800,000.\n\nÅse Ødegård’s ﬁrst ferry sailed in 1871; İstanbul’s in 1902! "
    "東京 was never served. “Why?” asked the mayor…",
)
MILL = article("Mill", "The mill stopped in 1962. A museum opened there. Classes visit in May.")
ASKED = "When did the ferry sail?"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, packaged: Path) -> Path:
    return tiny_reader.write(tmp_path_factory.mktemp("models") / "reader", packaged)


@pytest.fixture(scope="module")
def reader(folder: Path) -> JointReader:
    return tiny_reader.reader(folder)


def cut(of: Article, first: int = 0, last: int | None = None, id: int = 1) -> Passage:
    """The article's sentences from `first` to before `last` as one passage."""
    spans = sentences(of.text)[first:last]
    start, end = spans[0].start, spans[-1].end
    return Passage(id, of.id, start, end, of.text[start:end], tuple(spans))


def hit(of: Passage, score: float = 0.8) -> Hit:
    return Hit(of, score, "fused")


def assert_stands(reading: Reading, of: Article) -> None:
    """What holds of every reading: the short answer is a part of the sentence, the right one."""
    assert of.text[reading.sentence.start : reading.sentence.end] == reading.text
    assert 0 <= reading.score <= 1
    if reading.short:
        start, end = reading.short
        assert reading.sentence.start <= start < end <= reading.sentence.end
        assert of.text[start:end].strip() == of.text[start:end]


def test_short_answers_stand_in_the_sentence_whatever_its_characters(reader: JointReader) -> None:
    hits = [hit(cut(HARBOUR, 0, 2, 1)), hit(cut(HARBOUR, 2, None, 2)), hit(cut(HARBOUR, 1, 4, 3))]
    readings = reader.read(ASKED, hits)
    assert len(readings) == sum(len(one.passage.sentences) for one in hits)
    for reading in readings:
        assert_stands(reading, HARBOUR)
        assert reading.short


# What the tokenizer drops, joins, splits or spells otherwise, among plain words.
PIECES = st.sampled_from(
    "cafe\u0301 e\u0301 naïve ﬁn İs ß 👩\u200d🚀 ❤\ufe0f 🎉 “so ”x ‘it’s’ – — … 東京 a\u00adb "
    "\u200d n\u0303o £2.8 Ab 1871".split()
)


@settings(max_examples=40)
@given(st.lists(PIECES, min_size=1, max_size=30), st.integers(0, 5))
def test_short_answers_never_lose_the_accent_of_their_last_letter(
    reader: JointReader, words: list[str], before: int
) -> None:
    text = "x " * before + " ".join(words)
    made = article("Made", text)
    span = Span(2 * before, len(text))
    passage = Passage(1, made.id, span.start, span.end, text[span.start :], (span,))
    (reading,) = reader.read(ASKED, [hit(passage)])
    assert_stands(reading, made)
    if reading.short:
        after = text[reading.short.end : reading.short.end + 1]
        assert after not in {"\u0301", "\u0303", "\ufe0f"}


@pytest.mark.parametrize(
    ("question", "answers"),
    [
        ("Who won the football world cup of 1998?", False),
        ("Which country won the mill race of 1962?", True),
        ("When did the museum open?", True),
        ("Who won?", True),  # too few words to tell
    ],
)
def test_a_passage_about_something_else_does_not_answer(
    reader: JointReader, question: str, answers: bool
) -> None:
    readings = reader.read(question, [hit(cut(MILL))])
    assert [reading.score > 0 for reading in readings] == [answers] * 3


def test_a_title_tells_what_a_passage_is_about(folder: Path) -> None:
    question = "Which ferry to Holm sank near the harbour?"
    lost = article("Ferry sinks near the harbour of Holm", "Nobody was hurt.")
    for titles, share in ((None, 0.0), (Library(lost), 0.8)):  # all but "near"
        (judged,) = tiny_reader.judge(folder, titles).judge(question, [hit(cut(lost))])
        assert judged.shared == share


def test_a_sentence_without_any_token_has_no_short_answer_and_is_read_all_the_same(
    reader: JointReader,
) -> None:
    text = "The mill stopped. \u200d\u200d"
    made = article("Bare", text)
    passage = Passage(1, made.id, 0, len(text), text, (Span(0, 17), Span(18, 20)))
    best, bare = reader.read(ASKED, [hit(passage)])
    assert best.short
    assert bare.short is None
    assert bare.sentence == Span(18, 20)
    assert bare.score < best.score


def test_short_answers_are_short(reader: JointReader, pieces: WordPieces) -> None:
    long = article("Long", " ".join(f"word{n}" for n in range(90)) + ".")
    (reading,) = reader.read(ASKED, [hit(cut(long))])
    assert reading.short
    (tokens,) = pieces.of([long.text[reading.short.start : reading.short.end]])
    assert len(tokens.ids) <= LONGEST


def test_the_best_sentence_comes_first(reader: JointReader) -> None:
    readings = reader.read(ASKED, [hit(cut(HARBOUR)), hit(cut(MILL, id=2), 0.5)])
    scores = [reading.score for reading in readings]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) > 1


def test_a_higher_score_of_the_hit_speaks_for_its_sentences(reader: JointReader) -> None:
    (low,) = {r.score for r in reader.read(ASKED, [hit(cut(MILL, 0, 1), 0.1)])}
    (high,) = {r.score for r in reader.read(ASKED, [hit(cut(MILL, 0, 1), 0.9)])}
    assert high > low


def test_nothing_is_read_for_no_hits(tmp_path: Path, folder: Path) -> None:
    shutil.copy(folder / CONFIG, tmp_path)  # and no weights, which nobody needs yet
    assert JointReader(folder=tmp_path).read(ASKED, []) == []


def test_a_passage_is_read_the_same_alone_and_among_others(folder: Path) -> None:
    judge = tiny_reader.judge(folder)
    hits = [
        hit(cut(of, first, first + size, id=10 * first + size))
        for of in (HARBOUR, MILL)
        for first in range(3)
        for size in (1, 2, 3)
    ]
    together = judge.judge(ASKED, hits)
    alone = [one for each in hits for one in judge.judge(ASKED, [each])]
    assert [(one.hit, one.sentence) for one in together] == [
        (one.hit, one.sentence) for one in alone
    ]
    for one, other in zip(together, alone, strict=True):
        # Of bfloat16; a fraction of what tells these sentences apart.
        assert one.judgement.margin == pytest.approx(other.judgement.margin, abs=0.1)
        assert one.judgement.relevance == pytest.approx(other.judgement.relevance, abs=0.1)
    margins = [one.judgement.margin for one in together]
    assert max(margins) - min(margins) > 1


def test_all_sentences_of_a_passage_longer_than_a_window_are_read(folder: Path) -> None:
    text = " ".join(f"In {1900 + n} the ferry to pier {n} sailed at dawn." for n in range(60))
    long = article("Long", text)
    judged = tiny_reader.judge(folder).judge(ASKED, [hit(cut(long))])
    assert [one.sentence for one in judged] == sentences(text)
    assert all(one.short and one.judgement.answer for one in judged)
    for one in judged:
        assert one.short
        assert text[one.short.start : one.short.end] == one.judgement.answer
        assert one.sentence.start <= one.short.start < one.short.end <= one.sentence.end


def test_of_a_very_long_question_the_beginning_is_read(reader: JointReader) -> None:
    beginning = "ferry " * 70
    assert reader.read(beginning + "and why not?", [hit(cut(MILL))]) == reader.read(
        beginning + "but when, and to which pier?", [hit(cut(MILL))]
    )


def test_titles_are_read_where_the_settings_say_so(folder: Path, tmp_path: Path) -> None:
    titled = shutil.copytree(folder, tmp_path / "titled")
    tiny_reader.settings(titled, titles=True)
    hits, shelf = [hit(cut(MILL))], Library(MILL)
    plain = tiny_reader.reader(folder).read(ASKED, hits)
    assert tiny_reader.reader(folder, shelf).read(ASKED, hits) == plain
    assert tiny_reader.reader(titled).read(ASKED, hits) == plain
    with_title = tiny_reader.reader(titled, shelf).read(ASKED, hits)
    assert [one.score for one in with_title] != [one.score for one in plain]
    shelf.remove(MILL.id)
    assert tiny_reader.reader(titled, shelf).read(ASKED, hits) == plain


def test_many_threads_read_the_same(folder: Path) -> None:
    fresh, hits = tiny_reader.reader(folder), [hit(cut(HARBOUR)), hit(cut(MILL, id=2))]
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: fresh.read(ASKED, hits), range(8)))
    assert all(result == results[0] for result in results)


def test_altered_weights_are_refused(folder: Path, tmp_path: Path) -> None:
    copied = shutil.copytree(folder, tmp_path / "reader")
    weights = bytearray((copied / WEIGHTS).read_bytes())
    weights[-1] ^= 1
    (copied / WEIGHTS).write_bytes(weights)
    with pytest.raises(ModelError, match="has been altered"):
        tiny_reader.reader(copied).read(ASKED, [hit(cut(MILL))])


def test_missing_weights_are_named(folder: Path, tmp_path: Path) -> None:
    shutil.copy(folder / CONFIG, tmp_path)
    with pytest.raises(ModelError, match=WEIGHTS):
        JointReader(folder=tmp_path).read(ASKED, [hit(cut(MILL))])


def test_weights_of_something_else_are_refused(folder: Path, tmp_path: Path) -> None:
    copied = shutil.copytree(folder, tmp_path / "reader")
    shutil.copy(copied / "encoder" / "model.safetensors", copied / WEIGHTS)
    tiny_reader.settings(copied)
    with pytest.raises(ModelError, match="not a joint reader"):
        tiny_reader.reader(copied).read(ASKED, [hit(cut(MILL))])


@pytest.mark.parametrize(
    "change",
    [
        lambda row: row.pop("combination"),
        lambda row: row["combination"]["rating"].pop("margin"),
        lambda row: row["combination"]["probability"].update(luck=1.0),
        lambda row: row.update(threshold=None),
        lambda row: row.clear(),
    ],
)
def test_settings_that_are_not_whole_are_refused(folder: Path, tmp_path: Path, change) -> None:
    row = json.loads((folder / CONFIG).read_text())
    change(row)
    (tmp_path / CONFIG).write_text(json.dumps(row))
    with pytest.raises(ModelError, match="training calibrate"):
        JointReader(folder=tmp_path)


def test_importing_the_reader_loads_no_torch() -> None:
    code = "import sys, qa, qa.joint_reader; print({'torch', 'transformers'} & set(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "set()"


@given(st.integers(0, 40), st.integers(1, 8), st.integers(1, 8))
def test_batches_keep_all_that_runs_at_once_as_busy(pairs: int, batch: int, at_once: int) -> None:
    network = SimpleNamespace(batch=batch, at_once=at_once)
    made = shared_out(range(pairs), network)
    assert [pair for some in made for pair in some] == list(range(pairs))
    sizes = list(map(len, made))
    assert all(0 < size <= batch for size in sizes)
    assert len(made) % at_once == 0 or set(sizes) == {1}
    assert max(sizes, default=0) - min(sizes, default=0) <= 1
