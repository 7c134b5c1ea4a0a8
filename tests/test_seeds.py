"""The sample articles from end to end, with the packaged model."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import yaml

from index import Collection
from index.types import AddReport
from qa import Answer, ask, retrieve

SEEDS = Path(__file__).parents[1] / "seeds"
FILES = sorted(path for path in SEEDS.glob("*.md") if path.name != "README.md")


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Collection, AddReport]]:
    with Collection.open(tmp_path_factory.mktemp("seeds") / "my-collection") as collection:
        yield collection, collection.add(SEEDS)


@pytest.fixture(scope="module")
def seeds(opened: tuple[Collection, AddReport]) -> Collection:
    return opened[0]


def assert_proved(answer: Answer, collection: Collection) -> None:
    assert answer.status == "answered"
    assert [citation.marker for citation in answer.citations] == list(
        range(1, len(answer.citations) + 1)
    )
    assert f"{answer.citations[0].quote} [1]" in answer.text
    assert re.findall(r"\[(\d+)\]", answer.text) == [str(c.marker) for c in answer.citations]
    for citation in answer.citations:
        stored = collection.article(citation.article_id)
        assert stored.text[citation.start : citation.end] == citation.quote
        assert (citation.title, citation.published) == (stored.title, stored.published)


def test_every_sample_becomes_an_article_and_the_readme_does_not(
    opened: tuple[Collection, AddReport],
) -> None:
    collection, report = opened
    assert len(FILES) >= 15
    assert report.added == tuple(str(path) for path in FILES)
    assert report.refused == ()
    assert collection.count() == len(FILES)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_sample_has_the_title_source_and_date_of_its_front_matter(
    seeds: Collection, path: Path
) -> None:
    _, front_matter, body = path.read_text("utf-8").split("---\n", 2)
    said = yaml.safe_load(front_matter)
    (article,) = seeds.find(str(path))
    assert (article.title, article.source) == (said["title"], "Article QA sample")
    assert isinstance(said["published"], date)
    assert article.published == said["published"]
    assert article.url is None
    # The paragraphs come as they were written; only marks of Markdown are gone.
    paragraphs = [line.lstrip("# ") for line in body.split("\n") if line.strip()]
    assert article.text.split("\n\n") == paragraphs


def test_the_example_question_is_answered_from_the_british_article(seeds: Collection) -> None:
    answer = ask("What is the UK's position on Storm Shadow use?", seeds)
    assert_proved(answer, seeds)
    first = answer.citations[0]
    (british,) = seeds.find(str(SEEDS / "uk-storm-shadow-policy.md"))
    assert first.article_id == british.id
    assert "Britain still refuses to let Ukraine fire the missiles" in first.quote
    assert first.published == date(2024, 8, 17)
    assert first.source == "Article QA sample"


def test_passages_about_a_name_are_found(seeds: Collection) -> None:
    hits = retrieve("Storm Shadow", seeds, k=5)
    assert len(hits) == 5
    assert all("Storm Shadow" in hit.passage.text for hit in hits[:3])
    for hit in hits:
        stored = seeds.article(hit.passage.article_id)
        assert stored.text[hit.passage.start : hit.passage.end] == hit.passage.text


@pytest.mark.parametrize(
    ("question", "file", "words"),
    [
        ("When was the UN charter signed?", "article-51-explained", "26 June 1945"),
        (
            "Who founded the Institute for the Study of War?",
            "isw-eastern-priority",
            "Kimberly Kagan, a military historian, founded it",
        ),
        (
            "How many settlements did Ukraine say it controlled on 15 August?",
            "counting-kursk",
            "82 settlements",
        ),
        ("What is the capital of Kursk region?", "kursk-border-crossed", "Its capital"),
        ("Who launched Telegram?", "telegram-and-the-war", "Pavel Durov and his brother Nikolai"),
        ("How many people live in Pokrovsk?", "pokrovsk-evacuation", "about 53,000 people"),
        (
            "How much gas passed through Sudzha in 2023?",
            "sudzha-gas-station",
            "14.65 billion cubic metres",
        ),
        (
            "Who is the commander of Ukraine's air force?",
            "seim-bridges",
            "Mykola Oleshchuk",
        ),
        ("How many soldiers does a Stryker carry?", "stryker-drone-video", "nine infantry"),
        ("Where was Pavel Durov arrested?", "telegram-and-the-war", "Le Bourget"),
    ],
)
def test_a_fact_is_quoted_from_the_sample_that_tells_it(
    seeds: Collection, question: str, file: str, words: str
) -> None:
    answer = ask(question, seeds)
    assert_proved(answer, seeds)
    (told,) = seeds.find(str(SEEDS / f"{file}.md"))
    quotes = [citation.quote for citation in answer.citations if citation.article_id == told.id]
    assert any(words in quote for quote in quotes), answer.text


@pytest.mark.parametrize(
    "question",
    [
        "How do I bake sourdough bread?",
        "What is the population of Brazil?",
        "Who is the president of Peru?",
    ],
)
def test_what_the_samples_do_not_tell_is_not_found(seeds: Collection, question: str) -> None:
    answer = ask(question, seeds)
    assert (answer.status, answer.citations) == ("not_found", ())
    assert answer.hits
