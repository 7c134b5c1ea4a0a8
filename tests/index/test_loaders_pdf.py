"""PDF files: the order of columns, what repeats on every page, broken words, and dates."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.index.pdfs import Piece, column, lettered, pdf
from tests.index.test_loaders import load, refusal

LEFT = [
    "The ferry to Osterholm was cancelled on",
    "Tuesday because of ice, the harbour of-",
    "fice said. Forty islanders spent the night",
    "in the school, where the teachers cooked",
    "soup for all of them.",
]
RIGHT = [
    "A second boat is expected from the main-",
    "land on Friday, if the ice-breaker comes",
    "through the western sound in time. Then",
    "the mail will come too, the council said",
    "at its meeting in the town hall.",
]
FIRST = (
    "The ferry to Osterholm was cancelled on Tuesday because of ice, the harbour office said. "
    "Forty islanders spent the night in the school, where the teachers cooked soup for all of them."
)
SECOND = (
    "A second boat is expected from the mainland on Friday, if the ice-breaker comes through the "
    "western sound in time. Then the mail will come too, the council said at its meeting in the "
    "town hall."
)
MORE = [
    "Nobody was hurt, the nurse said, but two cows had to be left on the quay until the",
    "evening of the next day. They are well again.",
]
THIRD = " ".join(MORE)


def framed(number: int, pieces: list[Piece]) -> list[Piece]:
    header = (60.0, 815.0, 8.0, "The Sound Herald · February 2024")
    return [*pieces, header, (290, 30, 8, f"Page {number} of 3")]


def test_columns_are_read_one_after_the_other_whatever_the_order_in_the_file() -> None:
    side_by_side = [
        piece for pair in zip(column(LEFT), column(RIGHT, x=320), strict=True) for piece in pair
    ]
    title = (60.0, 790.0, 20.0, "Ice closes the sound for a week")
    for pieces in (side_by_side, side_by_side[::-1]):
        article = load(pdf([[title, *pieces]]), "ferry.pdf")
        assert article.title == "Ice closes the sound for a week"
        assert article.text == f"{FIRST}\n\n{SECOND}"


def test_letters_that_are_placed_one_by_one_are_words_and_lines() -> None:
    pieces = [*lettered(column(LEFT), spacing=1.5), *lettered(column(RIGHT, x=320), spacing=4)]
    assert load(pdf([pieces]), "ferry.pdf").text == f"{FIRST}\n\n{SECOND}"
    across = lettered(column(MORE), spacing=2)
    assert load(pdf([list(across)]), "ferry.pdf").text == THIRD


def test_a_line_across_the_columns_is_read_before_those_below_it() -> None:
    words = "What the council decided on Friday about the ferry, the school and the mail"
    across = (60.0, 600.0, 10.0, words)
    below = column(MORE, y=560, size=10)
    pieces = [*below, across, *column(LEFT), *column(RIGHT, x=320)]
    paragraphs = load(pdf([pieces]), "a.pdf").text.split("\n\n")
    assert paragraphs == [FIRST, SECOND, across[3], THIRD]


def test_columns_may_stand_close_together_under_a_centred_line() -> None:
    centred = (200.0, 770.0, 10.0, "By Ann Ek, for The Sound Herald")
    right = lettered(column(RIGHT, x=258), spacing=2)
    pieces = [centred, *lettered(column(LEFT), spacing=0.5), *right]
    article = load(pdf([pieces]), "a.pdf")
    assert article.authors == ("Ann Ek",)
    assert article.text == f"{FIRST}\n\n{SECOND}"


def test_a_box_beside_the_text_is_read_by_itself() -> None:
    box = ["Related", "The bakers of the town win a prize", "A barn lost its roof", "in a storm"]
    pieces = [*column(LEFT), *column(box, x=330, y=736, size=8, lead=11)]
    text = load(pdf([pieces]), "a.pdf").text
    assert text.startswith(FIRST)


def test_indented_lines_are_no_column() -> None:
    lines = [line for n in range(4) for line in (f"{n} was the number that he", *MORE)]
    pieces = [
        (80.0 if n % 3 == 0 else 60.0, 740.0 - 13 * n, 10.0, line) for n, line in enumerate(lines)
    ]
    text = load(pdf([pieces]), "a.pdf").text
    assert " ".join(text.split()) == " ".join(lines)


def test_paragraphs_of_two_lines_are_told_by_the_space_between_them() -> None:
    lines = [line for n in range(6) for line in (f"Day {n} was cold. {MORE[0]}", MORE[1], "")]
    paragraphs = load(pdf([column(lines)]), "a.pdf").text.split("\n\n")
    assert paragraphs == [f"Day {n} was cold. {THIRD}" for n in range(6)]


def test_a_word_at_the_edge_of_several_pages_is_no_header() -> None:
    def page(line: str, below: list[str]) -> list[Piece]:
        # Justified so widely that "the" stands alone.
        return [(60.0, 800.0, 10.0, "the"), (110.0, 800.0, 10.0, line), *column(below, y=740)]

    lines = ("ice was thick on it", "mail lay in a shed", "school was closed, and so was")
    pages = [page(*one) for one in zip(lines, (LEFT, RIGHT, MORE), strict=True)]
    text = load(pdf(pages), "a.pdf").text
    assert [f"the {line}" in text for line in lines] == [True] * 3


def test_headers_footers_and_page_numbers_are_not_the_article_s() -> None:
    pages = [framed(1, column(LEFT)), framed(2, column(RIGHT)), framed(3, column(MORE))]
    assert load(pdf(pages), "a.pdf").text == f"{FIRST}\n\n{SECOND}\n\n{THIRD}"


def test_a_paragraph_goes_on_over_the_end_of_a_page() -> None:
    pages = [framed(1, column(LEFT[:3])), framed(2, column(LEFT[3:])), framed(3, column(MORE))]
    assert load(pdf(pages), "a.pdf").text == f"{FIRST}\n\n{THIRD}"


def test_space_between_lines_begins_a_paragraph() -> None:
    assert load(pdf([column([*LEFT, "", *MORE])]), "a.pdf").text == f"{FIRST}\n\n{THIRD}"


def test_cells_of_a_table_are_read_row_by_row() -> None:
    rows = [("Winter", "Days"), ("1987", "74"), ("2010", "31"), ("2024", "9")]
    cells = [
        (60.0 + 200 * n, 700.0 - 14 * row, 10.0, text)
        for row, texts in enumerate(rows)
        for n, text in enumerate(texts)
    ]
    text = load(pdf([[*cells, *column(MORE, y=560)]]), "a.pdf").text
    assert text.index("1987") < text.index("74") < text.index("2010") < text.index("31")


def test_letters_of_the_source_are_kept() -> None:
    line = "“Zoë’s café – the ‘best’ one – is closed,” the owner said on the quay of Osterholm."
    assert load(pdf([column([line])]), "a.pdf").text == line


@pytest.mark.parametrize(
    ("info", "published", "modified"),
    [
        ({"CreationDate": "D:20240206120000+01'00'"}, date(2024, 2, 6), None),
        (
            {"CreationDate": "D:20240206", "ModDate": "D:20240301080000Z"},
            date(2024, 2, 6),
            date(2024, 3, 1),
        ),
        ({"CreationDate": "D:20240206", "Producer": "Skia/PDF m120"}, None, None),
        ({"CreationDate": "D:20240206", "Creator": "Mozilla/5.0 (X11)"}, None, None),
        ({"CreationDate": "D:20240206", "Producer": "ReportLab PDF Library"}, None, None),
        ({"CreationDate": "D:20990206"}, None, None),
        ({"CreationDate": "D:20241399"}, None, None),
        ({"CreationDate": "yesterday"}, None, None),
        ({}, None, None),
    ],
)
def test_the_day_a_pdf_was_made_counts_unless_it_is_a_page_that_was_saved(
    info: dict[str, str], published: date | None, modified: date | None
) -> None:
    article = load(pdf([column(LEFT)], info), "a.pdf")
    assert (article.published, article.modified) == (published, modified)


def test_printed_and_publishers_dates_go_before_the_day_a_pdf_was_made() -> None:
    info = {"CreationDate": "D:20240501"}
    printed = column(["By Ann Ek | 6 February 2024", "", *LEFT])
    assert load(pdf([printed], info), "a.pdf").published == date(2024, 2, 6)
    xmp = b"%<prism:publicationDate>2024-02-07</prism:publicationDate>\n"
    assert load(pdf([column(LEFT)], info, xmp), "a.pdf").published == date(2024, 2, 7)


def test_a_copy_made_long_after_it_appeared_does_not_date_it() -> None:
    edition = column(["Version 4 of this paper, 6 February 2021, for all islanders", "", *LEFT])
    assert load(pdf([edition], {"CreationDate": "D:20240501"}), "a.pdf").published is None
    assert load(pdf([edition], {"CreationDate": "D:20210208"}), "a.pdf").published == date(
        2021, 2, 8
    )


def test_a_pdf_that_was_made_just_now_is_not_dated_by_that() -> None:
    now = datetime.now(UTC)
    for made in (now, now - timedelta(days=1)):
        info = {"CreationDate": f"D:{made:%Y%m%d%H%M%S}Z"}
        assert load(pdf([column(LEFT)], info), "a.pdf").published is None


def test_items_of_a_list_are_paragraphs() -> None:
    text = load(pdf([column([*MORE, "• the school", "• the mail", "3. the ferry"])]), "a.pdf").text
    assert text == f"{THIRD}\n\n• the school\n\n• the mail\n\n3. the ferry"


def test_what_a_browser_prints_around_a_page_is_not_the_article_s() -> None:
    around = [
        (20.0, 822.0, 8.0, "5/14/24, 9:41 AM"),
        (220.0, 822.0, 8.0, "Ice closes the sound for a week"),
        (20.0, 20.0, 8.0, "https://herald.example/ice"),
        (560.0, 20.0, 8.0, "1/1"),
    ]
    title = (60.0, 780.0, 20.0, "Ice closes the sound for a week")
    article = load(pdf([[*around, title, *column(LEFT)]]), "a.pdf")
    assert article.title == title[3]
    assert article.text == FIRST
    assert article.published is None


def test_headers_of_a_chapter_go_though_other_pages_have_others() -> None:
    def chapter(name: str, number: int) -> list[Piece]:
        words = "ferry school harbour mail nurse council cows boat quay winter soup night"
        lines = [f"The book says of the {words.split()[number]} what is known of ice on the sound."]
        return [*column(lines), (60, 815, 8, f"Chapter {name}"), (290, 30, 8, str(number))]

    pages = [chapter("One", n) for n in (1, 2, 3)] + [chapter("Two", n) for n in range(4, 12)]
    text = load(pdf(pages), "a.pdf").text
    assert text.count("ice on the sound") == 11
    assert "Chapter" not in text


def test_properties_give_title_and_authors_unless_a_program_wrote_them() -> None:
    article = load(pdf([column(LEFT)], {"Title": "Ice on the sound", "Author": "Ann Ek"}), "a.pdf")
    assert (article.title, article.authors) == ("Ice on the sound", ("Ann Ek",))
    for title, author in (("ferry_final.indd", "user1"), ("(anonymous)", "(anonymous)")):
        other = load(pdf([column(LEFT)], {"Title": title, "Author": author}), "a.pdf")
        assert other.title != title
        assert other.authors == ()


def test_a_pdf_of_pictures_says_so() -> None:
    assert refusal(pdf([[], []]), "a.pdf") == "no text in this PDF: its pages are pictures"


def test_a_pdf_is_known_by_its_content() -> None:
    assert load(pdf([column(LEFT)]), "ferry.txt").text == FIRST
