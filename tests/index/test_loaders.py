"""Files to articles: finding, reading, recognising, and the promises that hold for any bytes."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import unicodedata
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import loaders
from index.errors import LoadError
from index.types import Article

READ_AT = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
SENTENCE = (
    "The ferry to Osterholm was cancelled on Tuesday because of ice, the harbour office said."
)


def load(data: bytes | str, name: str = "ferry.txt") -> Article:
    raw = data.encode() if isinstance(data, str) else data
    return loaders.load(raw, f"/articles/{name}", name, READ_AT)


def refusal(data: bytes | str, name: str = "ferry.txt") -> str:
    with pytest.raises(LoadError) as refused:
        load(data, name)
    return str(refused.value)


# Finding


def test_a_file_is_found_as_itself_even_if_it_is_a_readme(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(SENTENCE)
    assert list(loaders.find(readme)) == [readme]


def test_a_folder_gives_its_files_recursively_and_sorted(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.md", "a/inner/c.html", "c.pdf", "README.md", "a/readme.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(SENTENCE)
    found = [path.relative_to(tmp_path).as_posix() for path in loaders.find(tmp_path)]
    assert found == ["a/inner/c.html", "a/z.md", "b.txt", "c.pdf"]


def test_hidden_files_and_folders_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "a.txt").write_text(SENTENCE)
    (tmp_path / ".b.txt").write_text(SENTENCE)
    assert list(loaders.find(tmp_path)) == []


def test_a_link_is_no_second_article_and_leads_nowhere_else(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(SENTENCE)
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "d.txt").write_text(SENTENCE)
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "real.txt").write_text(SENTENCE)
    for name, target in {
        "file.txt": secret,
        "folder": outside,
        "circle": inside,
        "self.txt": inside / "self.txt",
        "linked.txt": inside / "real.txt",
    }.items():
        (inside / name).symlink_to(target)
    found = {path.name for path in loaders.find(inside)}
    assert found - {"self.txt"} == {"real.txt"}


def test_a_link_to_what_is_passed_over_otherwise_is_read(tmp_path: Path) -> None:
    (tmp_path / ".kept").mkdir()
    (tmp_path / ".kept" / "a.txt").write_text(SENTENCE)
    (tmp_path / "a.txt").symlink_to(tmp_path / ".kept" / "a.txt")
    assert list(loaders.find(tmp_path)) == [tmp_path / "a.txt"]


def test_what_a_browser_saves_beside_a_page_is_passed_over(tmp_path: Path) -> None:
    for name in ("Ice.html", "Ice_files/frame.html", "Other_files/a.txt", "Ice.html.fields.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(SENTENCE)
    found = [path.relative_to(tmp_path).as_posix() for path in loaders.find(tmp_path)]
    assert found == ["Ice.html", "Other_files/a.txt"]


def test_a_folder_reached_through_a_link_is_read(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.txt").write_text(SENTENCE)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert list(loaders.find(tmp_path / "link")) == [tmp_path / "link" / "a.txt"]


def test_a_missing_path_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match="no such file or folder"):
        loaders.find(tmp_path / "nowhere")


# Reading


def test_a_file_is_read_whole(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"\x00\r\n\xff")
    assert loaders.read(tmp_path / "a.txt") == b"\x00\r\n\xff"


def test_what_is_no_regular_file_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "socket.txt"))
        for name in ("pipe.txt", "socket.txt"):
            with pytest.raises(LoadError, match="not a regular file"):
                loaders.read(tmp_path / name)
    with pytest.raises(LoadError, match="not a regular file"):
        loaders.read(Path("/dev/zero"))
    with pytest.raises(LoadError, match="a folder"):
        loaders.read(tmp_path)
    with pytest.raises(LoadError, match="no such file"):
        loaders.read(tmp_path / "nothing.txt")


def test_a_file_above_the_limit_is_refused_with_both_sizes(tmp_path: Path) -> None:
    large = tmp_path / "large.txt"
    with large.open("wb") as file:
        file.truncate(loaders.MAX_FILE + 500_000)
    with pytest.raises(LoadError, match=r"larger than 200 MB \(200\.5 MB\)"):
        loaders.read(large)


def test_an_article_above_the_limit_of_one_is_refused(tmp_path: Path) -> None:
    (tmp_path / "large.txt").write_bytes(b"word " * 4_100_000)
    with pytest.raises(LoadError, match=r"larger than 20 MB \(20\.5 MB\)"):
        list(loaders.parts(tmp_path / "large.txt"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_and_folder_are_refused(tmp_path: Path) -> None:
    locked = tmp_path / "locked"
    locked.mkdir()
    (tmp_path / "a.txt").write_text(SENTENCE)
    (tmp_path / "a.txt").chmod(0)
    locked.chmod(0)
    try:
        assert list(loaders.find(tmp_path)) == [tmp_path / "a.txt", locked]
        for path in loaders.find(tmp_path):
            with pytest.raises(LoadError):
                loaders.read(path)
    finally:
        locked.chmod(0o700)


def test_a_name_that_is_not_text_is_refused(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt"))
    path.write_text(SENTENCE)
    with pytest.raises(LoadError, match="rename it"):
        loaders.read(path)


# Recognising


def test_the_origin_and_the_time_of_reading_are_kept_and_never_the_date() -> None:
    article = load(SENTENCE)
    assert article.origin == "/articles/ferry.txt"
    assert article.fetched == READ_AT
    assert (article.published, article.modified) == (None, None)


@pytest.mark.parametrize("name", ["a.css", "a.py", "a.TXT.bak"])
def test_plain_text_under_the_name_of_something_else_is_refused(name: str) -> None:
    reason = refusal(SENTENCE, name)
    assert reason.startswith(f"unsupported format .{name.rpartition('.')[2]} (supported: txt, md,")


@pytest.mark.parametrize("name", ["ferry", "ferry.pdf", "ferry.TXT", "ferry.html"])
def test_plain_text_is_read_whatever_document_its_name_promises(name: str) -> None:
    assert load(SENTENCE, name).text == SENTENCE


def test_extensions_are_read_in_any_case() -> None:
    assert load(f"# Ice\n\n{SENTENCE}", "FERRY.MD").title == "Ice"


def test_a_web_page_saved_as_text_is_read_as_a_web_page() -> None:
    page = f"<!DOCTYPE html>\n<html><body><p>{SENTENCE}</p><p>{SENTENCE[::-1]}</p></body></html>"
    assert "<p>" not in load(page).text


@pytest.mark.parametrize(
    "data", [b"", b"\n \r\n\t", b"\xef\xbb\xbf", b"\xff\xfe", "\u00a0".encode()]
)
@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html"])
def test_an_empty_file_is_refused(data: bytes, name: str) -> None:
    assert refusal(data, name) == "empty file"


@pytest.mark.parametrize(
    ("data", "named"),
    [
        (b"%PDF-1.7\n1 0 obj", "a damaged PDF"),
        (b"PK\x03\x04\x14\x00", "a damaged zip archive or office document"),
        (b"\x89PNG\r\n\x1a\n", "binary data, not text (a PNG image)"),
        (b"\xd0\xcf\x11\xe0", "an old office document: save it as .docx, .odt or .pdf"),
        (b"\xfd7zXZ\x00", "binary data, not text (xz data)"),
    ],
)
def test_what_cannot_be_read_is_refused_by_its_content(data: bytes, named: str) -> None:
    assert refusal(data + SENTENCE.encode()) == named


def test_binary_data_is_refused() -> None:
    assert refusal(bytes(range(256)) * 40) == "binary data, not text"
    assert refusal(SENTENCE.encode() + b"\x00\x01\x02" * 20) == "binary data, not text"


def test_a_stray_control_character_in_a_long_text_is_cleaned_away() -> None:
    text = " ".join([SENTENCE] * 20)
    assert load(text.replace("ice", "i\x00ce", 1)).text == text


# Encodings

CURLY = "“We’ll row,” said Zoë Larsson – the café’s owner – and nobody laughed… It was −9 °C."
WESTERN = CURLY.replace("−", "-")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
@pytest.mark.parametrize("name", ["a.txt", "a.md"])
def test_unicode_text_is_read_with_and_without_a_mark(encoding: str, name: str) -> None:
    assert load(f"{SENTENCE}\n\n{CURLY}".encode(encoding), name).text == f"{SENTENCE}\n\n{CURLY}"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_unicode_text_in_two_bytes_a_letter_needs_neither_mark_nor_accents(encoding: str) -> None:
    assert load(SENTENCE.encode(encoding)).text == SENTENCE


def test_windows_text_keeps_its_quote_marks() -> None:
    assert load(WESTERN.encode("cp1252")).text == WESTERN
    assert load((SENTENCE + " " + WESTERN).encode("cp1252")).text == f"{SENTENCE} {WESTERN}"


def test_other_encodings_are_recognised() -> None:
    polish = "Prom do wyspy został odwołany, ponieważ lód zamknął przystań, mówią żeglarze z Łeby."
    russian = "Паром на остров отменили из-за льда, сообщили в порту. Его ждут только к весне."
    assert load(polish.encode("cp1250")).text == polish
    assert load(russian.encode("cp1251")).text == russian


def test_one_bad_byte_does_not_spoil_a_unicode_file() -> None:
    article = load((CURLY + " ").encode() + b"\xe2\x80 " + SENTENCE.encode())
    assert CURLY in article.text
    assert SENTENCE in article.text


def test_a_page_may_declare_its_encoding() -> None:
    polish = "Prom do wyspy został odwołany, ponieważ lód zamknął przystań."
    page = f'<html><head><meta charset="iso-8859-2"></head><body><p>{polish}</p></body></html>'
    assert load(page.encode("iso-8859-2"), "a.html").text == polish


def test_a_page_whose_declaration_is_wrong_is_read_as_what_it_is() -> None:
    page = f'<html><head><meta charset="iso-8859-1"></head><body><p>{CURLY}</p></body></html>'
    assert load(page, "a.html").text == CURLY


# What holds for any file

PIECES = [
    *(b"<p>", b"</p>", b"<div>", b"<br>", b"<table><tr><td>", b"<a href='http://x.y/'>", b"<pre>"),
    *(
        b"<script>",
        b"</script>",
        b"<!--",
        b"-->",
        b"<html lang='en'>",
        b"<head>",
        b"<title>Ice ice",
    ),
    *(b"<body>", b"<meta charset='", b"utf-16'>", b"<ul><li>", b"<h1>", b"<blockquote>", b"<svg>"),
    *(b"&#xD800;", b"&#0;", b"&amp;", b"<![CDATA[", b"<frameset>", b"<time datetime='2020-01-02'>"),
    b"<meta property='article:published_time' content='2024-05-06'>",
    b'<script type="application/ld+json">{"datePublished":"2024-01-01"}',
    *(b"---\n", b"title: ", b"date: 2024-02-31\n", b'author: [a, "\\ud800", ', b"&x *y"),
    *(b"# ", b"```\n", b"| a | b |\n|--|--|\n", b"- ", b"> ", b"[x](y)", b"[[[", b"\n", b"\n\n"),
    *(
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"\xc2\xad",
        b"\x00",
        b"\xe2\x80\xae",
        b"\xed\xa0\x80",
        b"\xad",
    ),
    *(b"\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9", SENTENCE.encode(), b"Read more\n", b"12\n"),
]
ANY_BYTES = st.one_of(
    st.binary(max_size=300),
    st.lists(st.one_of(st.sampled_from(PIECES), st.binary(max_size=6)), max_size=25).map(b"".join),
    st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")),
)


@settings(max_examples=400)
@given(ANY_BYTES, st.sampled_from(["a.txt", "a.md", "a.html"]))
def test_any_bytes_become_a_clean_article_or_are_refused(data: bytes, name: str) -> None:
    try:
        article = load(data, name)
    except LoadError:
        return
    paragraphs = article.text.split("\n\n")
    for line in (*paragraphs, article.title, *filter(None, (article.source, *article.authors))):
        line.encode()
        assert line == line.strip() != ""
        assert "  " not in line
        assert not [mark for mark in line if unicodedata.category(mark) in ("Cc", "Cs")]
    assert len(article.title) <= 301


@settings(max_examples=200)
@given(ANY_BYTES)
def test_loading_twice_gives_the_same(data: bytes) -> None:
    try:
        once = load(data)
    except LoadError:
        return
    assert load(data) == once


def test_asking_loads_no_parser() -> None:
    heavy = ["trafilatura", "lxml", "dateparser", "htmldate", "markdown_it", "charset_normalizer"]
    code = f"import sys, index.loaders; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
