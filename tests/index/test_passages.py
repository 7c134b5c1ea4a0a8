from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.passages import sentences, split
from index.types import Span
from tests.doubles import WordEmbedder

count_tokens = WordEmbedder().count_tokens

# One case a line: sentences parted by " | ", which the segmenter gets as one space.
NEWS = """
“We will hold,” he said. | “Nobody moves.” | She left.
"I don't know. Maybe. We'll see," he said on Monday. | Then he left.
He said: “It is over.” | The crowd went home.
“The war goes on,” the mayor said, “and on.” | Nobody spoke.
“Why now?” she asked. | “Because!” he shouted. | “Is that so?”
“Why did they go?” Ms. Harris asked. | Nobody knew.
“Never!” cried the crowd. | “It is true!” Bob cried.
She asked, “Who?” | “Me,” he said. | He said, “Me.”
"Who?" | "Me," he said. | He said, "Me." | "Who?" she asked.
"He is 5'10" tall," she said. | "He's big."
Kyiv, he wrote, “is ready.” | But Moscow said: “No. It isn’t.” | Then silence.
The soldiers’ homes were hit. | The officers’ mess burned. | He left.
The U.S. said it would. | The U.S. Army moved in. | He lives in the U.S. | She works there.
It was the U.S.-led force. | U.S. President Biden spoke. | The U.N. General Assembly met.
He was in Washington, D.C. | The meeting was short.
Mr. Smith met Mrs. Jones and Dr. Brown. | Prof. Green and St. John Smith Jr. came too.
J. R. R. Tolkien wrote it. | George W. Bush signed it.
Gov. Kathy Hochul and Sen. J. D. Vance spoke. | Gen. Mark Milley and Lt. Col. Doe did not.
St. Petersburg was hit. | They met in Mt. Vernon.
They left at 5 p.m. | On Monday they came at 9 a.m. sharp.
At 3 p.m. local time it began. | By 11 p.m. the fire was out.
Apple Inc. reported earnings. | Acme Co. fell.
Prices rose 3.5 percent to $1.2 billion. | That is No. 10 on the list. | The No. 1 seed won.
On Jan. 5, 2024, it began. | Russia lost 1,200 men on Aug. 6. | On Aug. 7 it went on.
He scored 10. | She scored 12. | In 2024.
It weighs 3 lbs. or 4 kg. | It is 1,000 sq. km. of land.
The case was Smith v. Jones. | It was a test, i.e. a trial, etc. | The end.
He paused … and then went on. | Wait... what? | Well... no.
The show Jeopardy! was on. | What a day!
Apple rose. | iPhone sales fell. | eBay rose.
so it goes. | we went home. | nobody cared.
The cost (about $5 million) was high. | (He had said so before.)
The plan—“a joke,” he said—failed. | It failed again.
Mail a.b@c.example or see https://x.example/a.b?c=d. | Then call.
1. First item. | 2. Second item.
Really?! | Yes!! | No.
Потом она ушла. | Он остался. | «Да.» | Нет.
中文句子。|第二句！|第三句？
""".strip().splitlines()


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize("line", NEWS)
def test_sentences_of_news_text_are_cut_where_they_end(line: str) -> None:
    expected = [sentence.strip() for sentence in line.split("|")]
    assert cut(line.replace(" | ", " ").replace("|", "")) == expected


def test_a_quote_that_is_never_closed_ends_with_its_paragraph() -> None:
    text = "“The war goes on. It will not stop.\n\n“We know it,” he said. He left."
    assert cut(text) == [
        "“The war goes on.",
        "It will not stop.",
        "“We know it,” he said.",
        "He left.",
    ]


@pytest.mark.parametrize("blank", ["\n\n", "\n \t\n", "\r\n\r\n", "\n\n\n"])
def test_no_sentence_goes_over_a_blank_line(blank: str) -> None:
    assert cut(f"A headline{blank}the text begins small") == [
        "A headline",
        "the text begins small",
    ]


def test_a_line_break_inside_a_paragraph_does_not_end_a_sentence() -> None:
    assert cut("The war\nwent on. It\nended.") == ["The war\nwent on.", "It\nended."]


def test_marks_without_words_belong_to_the_sentence_before() -> None:
    assert cut("He left. … *** He came.")[0].startswith("He left.")
    assert all(any(c.isalnum() for c in sentence) for sentence in cut("He left. *** He came. —"))


def test_a_paragraph_beyond_the_segmenters_window_is_cut_as_a_short_one() -> None:
    line = "Mr. Smith said that it was over. “We won,” he added. "
    assert set(cut(line * 1_000)) == {"Mr. Smith said that it was over.", "“We won,” he added."}


def test_offsets_count_characters_of_any_plane() -> None:
    assert cut("😀 Naïve 𝔘nicode came. É\u0301 went.") == [
        "😀 Naïve 𝔘nicode came.",
        "É\u0301 went.",
    ]


def passages_of(text: str, limit: int, target: int = 160) -> list[tuple[Span, ...]]:
    """The passages, with everything checked that holds for any text."""
    passages = split(text, count_tokens, limit=limit, target=target)
    spans = [span for passage in passages for span in passage]
    assert all(passages)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(before.end <= after.start for before, after in pairwise(spans))
    for start, end in spans:
        assert text[start:end] == text[start:end].strip() != ""
    covered = {at for start, end in spans for at in range(start, end)}
    assert all(c.isspace() for at, c in enumerate(text) if at not in covered)
    return passages


def tokens(text: str, passage: Sequence[Span]) -> int:
    return count_tokens([text[passage[0].start : passage[-1].end]])[0]


WORDS = st.sampled_from(
    "The a war Mr. U.S. said. “We ” ended?” \n \n\n 3.5 p.m. ... … — ( ) \" ' 1. Übergröße".split(
        " "
    )
)
MESSY = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=200),
    st.lists(WORDS, max_size=80).map(" ".join),
    st.lists(WORDS, max_size=80).map("".join),
)


@given(MESSY, st.integers(1, 60))
def test_every_character_that_is_no_space_is_in_one_passage_of_at_most_the_limit(
    text: str, limit: int
) -> None:
    for passage in passages_of(text, limit):
        # A single character may have more tokens than a very small limit; here it has one.
        assert tokens(text, passage) <= limit


def test_sentences_gather_in_a_passage_up_to_the_target() -> None:
    text = "One two three. " * 10
    passages = passages_of(text, limit=60, target=12)  # five tokens a sentence
    assert [len(passage) for passage in passages] == [2] * 5


def test_a_sentence_longer_than_the_target_stands_alone_up_to_the_limit() -> None:
    long = "A " + "word " * 20 + "end."
    (first,), (middle,), (last,) = passages_of(f"Hi there. {long} Bye.", limit=60, target=10)
    assert last.start - middle.end == middle.start - first.end == 1


def test_a_sentence_beyond_the_limit_is_cut_at_white_space() -> None:
    text = "word " * 500 + "end."
    passages = passages_of(text, limit=50)
    pieces = [text[passage[0].start : passage[-1].end] for passage in passages]
    assert {word for piece in pieces for word in piece.split()} == {"word", "end."}
    assert all(tokens(text, passage) == 50 for passage in passages[:-1])


def test_a_word_beyond_the_limit_is_cut_anywhere() -> None:
    text = "Look: " + "x" * 100_000 + " and more."
    passages = passages_of(text, limit=240)
    assert all(tokens(text, passage) <= 240 for passage in passages)
    assert len(passages) < 300


def test_the_limit_holds_where_one_character_has_many_tokens() -> None:
    def many(texts: Sequence[str]) -> list[int]:
        return [3 * sum(not c.isspace() for c in text) for text in texts]

    text = "ab cdef " + "x" * 90
    for passage in split(text, many, limit=10):
        assert many([text[passage[0].start : passage[-1].end]])[0] <= 10


@pytest.mark.parametrize("text", ["", " ", "\n\n \t\n"])
def test_a_text_without_words_has_no_passages(text: str) -> None:
    assert split(text, count_tokens, limit=100) == []
    assert sentences(text) == []


@pytest.mark.parametrize("language", ["en-GB", "uk", "zz", ""])
def test_any_language_tag_is_taken(language: str) -> None:
    assert sentences("He came. He left.", language) == [Span(0, 8), Span(9, 17)]
