"""The language of an article: what it says of itself, unless its text says otherwise."""

from pathlib import Path

import pytest

from index import Collection
from index.languages import language_of
from tests.articles import article
from tests.index.stories import CHINESE, FERRY, GERMAN, weather


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (FERRY, "en"),
        (weather("Hamnes", "Monday", 14, 8, 20), "en"),
        (GERMAN, "de"),
        (CHINESE, "zh"),
        ("Буря закрыла порт на девять дней. Рыбаки остались на берегу.", "ru"),
        ("La tempête a fermé le port pendant neuf jours. Les pilotes sont restés à terre.", "fr"),
        ("嵐で港は九日間閉鎖された。船は港で待っていた。", "ja"),
        ("1 2 3 4 5", None),
        ("", None),
    ],
)
def test_the_language_is_told_by_the_text(text: str, code: str | None) -> None:
    assert language_of(text) == code


def test_what_a_page_says_is_believed_unless_a_long_text_leaves_no_doubt() -> None:
    assert language_of(FERRY, "en") == "en"
    assert language_of(GERMAN, "en") == "de"
    assert language_of("Guten Tag.", "en") == "en"
    assert language_of(GERMAN, "lb") == "de"
    assert language_of("1 2 3 " * 100, "fr") == "fr"


def test_an_article_in_another_language_is_stored_marked_and_found_by_words(
    collection: Collection, tmp_path: Path
) -> None:
    (tmp_path / "page.html").write_text(
        f"<html lang='en'><body><article><h1>Fähre</h1><p>{GERMAN}</p></article></body></html>"
    )
    (tmp_path / "harbour.txt").write_text(CHINESE)
    (tmp_path / "ferry.txt").write_text(FERRY)
    collection.add(tmp_path)
    assert [one.language for one in collection.articles()] == ["en", "zh", "de"]
    assert collection.stats().languages == {"de": 1, "en": 1, "zh": 1}
    assert collection.search_lexical("Bürgermeisterin", 3)[0].passage.language == "de"
    hit = collection.search_lexical("港口什麼時候關閉", 3)[0]
    assert (hit.passage.language, hit.passage.text) == ("zh", CHINESE)
    assert collection.verify().is_sound


def test_the_language_is_told_once(collection: Collection) -> None:
    made = article(GERMAN, language=None)
    assert collection.add_articles([made]).added == (made.origin,)
    assert collection.article(made.id).language == "de"
    assert collection.add_articles([made]).unchanged == (made.origin,)
    corrected = article(GERMAN, language="nl")
    assert collection.add_articles([corrected]).unchanged == (made.origin,)
