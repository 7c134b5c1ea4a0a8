"""Files made to do harm: refused with a reason or cleaned, and the next file is read as always."""

from __future__ import annotations

import contextlib
import gzip
import os
import signal
import struct
import subprocess
import sys
import threading
import unicodedata
import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index import loaders
from index.errors import LoadError
from tests.index import office, pdfs
from tests.index.test_loaders import READ_AT, SENTENCE, load, refusal
from tests.index.test_loaders_mail import newsletter, saved
from tests.index.test_loaders_parts import lines, parts, refused

LAUGHS = (
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(10))
    + b"]>"
)
MEGABYTE = 1 << 20


def bomb(piece: bytes, times: int) -> bytes:
    packed = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join([*(packed.compress(piece) for _ in range(times)), packed.flush()])


def with_member(document: bytes, name: str, change: object) -> bytes:
    import io
    import zipfile

    assert callable(change)
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        files = {one: archive.read(one) for one in archive.namelist()}
    return office.zipped({**files, name: change(files[name])})


# Bombs


def test_compressed_bombs_are_refused_before_anything_comes_of_them(tmp_path: Path) -> None:
    too_much = "a decompression bomb: far more comes out than an archive can hold"
    rows = bomb(b'{"text": "a b"}\n' * 60_000, 200)
    assert refused(tmp_path, "a.jsonl.gz", rows) == too_much
    words = bomb(b"word " * 200_000, 200)
    assert refused(tmp_path, "a.txt.gz", words).startswith("larger than 20 MB")
    members = {f"{n}.txt": bytes(10 * MEGABYTE) for n in range(20)}
    assert refused(tmp_path, "a.zip", office.zipped(members)) == too_much


def test_an_archive_whose_entries_are_one_and_the_same_is_refused(tmp_path: Path) -> None:
    whole = office.zipped({"a.txt": b"word " * 1_000_000})
    entries, end = whole.index(b"PK\x01\x02"), whole.index(b"PK\x05\x06")
    entry, count = whole[entries:end], 10_000
    sizes = (0, 0, count, count, len(entry) * count, entries, 0)
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", *sizes)
    data = whole[:entries] + entry * count + tail
    assert "decompression bomb" in refused(tmp_path, "a.zip", data)
    assert "files; at most 50,000" in refused(tmp_path, "a.zip", data + entry * 50_000 + tail)


def test_archives_in_archives_end_soon(tmp_path: Path) -> None:
    data = office.zipped({"a.txt": SENTENCE})
    for _ in range(20):
        data = office.zipped({"a.zip": data})
    (part,) = parts(tmp_path, "a.zip", data)
    assert part.reason == "archives inside archives, more than 2 deep"
    twice = gzip.compress(gzip.compress(gzip.compress(SENTENCE.encode())))
    assert "archives inside archives" in refused(tmp_path, "a.txt.gz.gz.gz", twice)


@pytest.mark.parametrize("name", ["a.docx", "a.odt", "a.epub"])
def test_documents_that_unpack_to_too_much_are_refused(name: str) -> None:
    blanks = b" " * (40 * MEGABYTE)
    document, member = {
        "a.docx": (office.docx([("", SENTENCE)]), "word/document.xml"),
        "a.odt": (office.odt(f"<text:p>{SENTENCE}</text:p>"), "content.xml"),
        "a.epub": (office.epub({"a.xhtml": f"<p>{SENTENCE}</p>"}), "OEBPS/book.opf"),
    }[name]
    unpacked = with_member(document, member, lambda x: x + blanks)
    assert "decompression bomb" in refusal(unpacked, name)
    declared = with_member(document, member, lambda x: LAUGHS + x[x.find(b"?>") + 2 :])
    assert refusal(declared, name) == f"a document whose {member} declares entities"


@pytest.mark.slow
def test_a_pdf_that_unpacks_to_gigabytes_ends_and_the_next_file_is_read() -> None:
    stream = zlib.compress(b"BT /F1 10 Tf (x) Tj ET\n" * 20_000_000, 9)
    small = pdfs.pdf([[(60, 700, 10, "x")]])
    start, end = small.index(b"stream\n") + 7, small.index(b"\nendstream")
    length = small[:start].rindex(b"/Length ") + 8
    rest = small[length:start].split(b"/", 1)[1]
    data = small[:length] + b"%d/" % len(stream) + rest + stream + small[end:]
    with contextlib.suppress(LoadError):
        load(data, "a.pdf")
    assert load(SENTENCE).text == SENTENCE


def test_a_pdf_of_a_hundred_thousand_pages_is_refused() -> None:
    assert refusal(pdfs.pdf([[]] * 100_000), "a.pdf") == (
        "100,000 pages in one PDF; at most 2,000 are read"
    )


# Nesting, and long lines


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        (b"[" * 1_000_000, "a.json", "malformed JSON, or nested too deeply"),
        (b'{"a":' * 1_000_000, "a.json", "malformed JSON, or nested too deeply"),
        (b"[" + b"[]," * 1_000_000 + b"[]]", "a.json", "more than 1,500,000 values in one file"),
        (b"title,text\na," + b"a" * 50_000_000, "a.csv", "larger than 50 MB"),
        (b"a" * 100_000_000, "a.txt", "larger than 20 MB (100.0 MB)"),
        (b"title,text\n" + b"a,b\n" * 150_000, "a.csv", "more than 100,000 articles"),
    ],
)
def test_data_that_would_fill_the_memory_are_refused(
    tmp_path: Path, data: bytes, name: str, reason: str
) -> None:
    assert reason in refused(tmp_path, name, data)


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        (b"<html><body>" + b"<div>" * 1_000_000, "a.html", "1,000,002 tags in one page"),
        (b"{\\rtf1 " + b"{" * 1_000_000, "a.rtf", "more than 500,000 groups"),
        (b"a" * 19_000_000, "a.txt", "longer than 5,000,000 characters"),
        (b"From: a@b.c\nSubject: x\n" + b"X: y\n" * 100_000 + b"\n" + b"hi\n", "a.eml", "header"),
    ],
)
def test_an_article_that_would_take_a_parser_too_long_is_refused(
    data: bytes, name: str, reason: str
) -> None:
    assert reason in refusal(data, name)


def test_a_message_in_a_message_in_a_message_ends() -> None:
    nested = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(10_000)
    )
    mail = b"From: a@b.c\nSubject: x\n" + nested + b"Content-Type: text/plain\n\nhello\n"
    assert refusal(mail, "a.eml") == "nested too deeply"


def test_a_long_line_costs_only_its_own_article(tmp_path: Path) -> None:
    data = lines().encode() + b'{"text": "' + b"a" * 25_000_000 + b'"}\n' + lines().encode()
    found = parts(tmp_path, "a.jsonl", data)
    assert [part.reason[:17] for part in found] == ["", "", "larger than 20 MB", "", ""]


# Letters that are none


HOSTILE_TEXT = "The \u202egood\u2066 ferry\x00\u200b came\ud800 to the\U000e0041 island on Friday."
CLEAN_TEXT = "The good ferry came to the island on Friday."


def test_invisible_letters_are_taken_out_of_every_field(tmp_path: Path) -> None:
    row = {
        "id": HOSTILE_TEXT,
        "title": HOSTILE_TEXT,
        "text": HOSTILE_TEXT,
        "url": "https://a.b/\ud800",
    }
    data = lines([{**row, "authors": [HOSTILE_TEXT], "source": HOSTILE_TEXT}])
    (part,) = parts(tmp_path, "a.jsonl", data)
    article = loaders.load(part.data, part.origin, part.name, READ_AT)
    assert article.origin == str(tmp_path / "a.jsonl" / CLEAN_TEXT)
    assert (article.text, article.source) == (CLEAN_TEXT, CLEAN_TEXT)
    assert (article.authors, article.url) == ((CLEAN_TEXT,), None)


# The child


@pytest.mark.slow
def test_a_parser_that_takes_too_long_is_ended_and_the_next_file_is_read() -> None:
    endless = b"{\\rtf1 " + b"\\par a" * 3_000_000 + b"}"
    assert refusal(endless, "a.rtf") == "takes too long to read"
    assert load(SENTENCE).text == SENTENCE


def children() -> set[int]:
    listed = subprocess.run(
        ["ps", "-o", "pid=,args=", "--ppid", str(os.getpid())], capture_output=True, text=True
    )
    rows = [line.split(maxsplit=1) for line in listed.stdout.splitlines()]
    return {int(pid) for pid, command in rows if "index.loaders.child" in command}


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes as Linux lists them")
def test_a_child_that_dies_is_replaced() -> None:
    load(SENTENCE)
    before = children()
    assert before
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    for _ in range(len(before) + 1):
        with contextlib.suppress(LoadError):
            load(SENTENCE)
    assert load(SENTENCE).text == SENTENCE
    assert not children() & before


def test_files_are_parsed_in_several_threads_at_the_same_time() -> None:
    texts = [f"{SENTENCE} It was winter number {number}." for number in range(40)]
    read: dict[int, str] = {}

    def some(first: int) -> None:
        for number in range(first, len(texts), 4):
            read[number] = load(texts[number]).text

    threads = [threading.Thread(target=some, args=(first,)) for first in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [read[number] for number in range(len(texts))] == texts


def test_the_program_of_a_user_needs_no_guard_and_leaves_no_process(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(SENTENCE)
    program = tmp_path / "program.py"
    program.write_text(
        "from datetime import UTC, datetime\nfrom pathlib import Path\nfrom index import loaders\n"
        "for part in loaders.parts(Path('a.txt')):\n"
        "    article = loaders.load(part.data, part.origin, part.name, datetime.now(UTC))\n"
        "    print(article.text)\n"
    )
    root = Path(loaders.__file__).parents[2]
    done = subprocess.run(
        [sys.executable, program],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    assert (done.returncode, done.stderr, done.stdout) == (0, "", f"{SENTENCE}\n")


@pytest.mark.parametrize(
    ("library", "name", "extra"),
    [
        ("pypdfium2", "a.pdf", "pdf"),
        ("docx", "a.docx", "office"),
        ("odfdo", "a.odt", "office"),
        ("striprtf", "a.rtf", "office"),
    ],
)
def test_a_format_whose_library_is_missing_names_the_extra(
    tmp_path: Path, library: str, name: str, extra: str
) -> None:
    (tmp_path / name).write_bytes(WHOLE[name])
    program = (
        f"import sys; sys.modules[{library!r}] = None; from pathlib import Path\n"
        "from index.errors import LoadError; from index.loaders.parsing import drafted\n"
        f"try: drafted(Path({name!r}).read_bytes(), {name!r})\n"
        "except LoadError as error: print(error)\n"
    )
    root = str(Path(loaders.__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": root},
    )
    assert done.stdout.strip().endswith(f"need an extra: pip install 'article-qa[{extra}]'")


# Any damage to any format

WHOLE = {
    "a.docx": office.docx([("Title", "Ice"), ("", SENTENCE)], table=[["a", "b"]]),
    "a.odt": office.odt(f"<text:h>Ice</text:h><text:p>{SENTENCE}</text:p>"),
    "a.epub": office.epub({"a.xhtml": f"<p>{SENTENCE}</p>"}, "<dc:title>Ice</dc:title>"),
    "a.pdf": pdfs.pdf([pdfs.column([SENTENCE] * 3)], {"CreationDate": "D:20240206"}),
    "a.rtf": rb"{\rtf1\ansi{\info{\title Ice}}" + SENTENCE.encode() + rb"\par \u8220?\'e9}",
    "a.eml": newsletter().as_bytes(),
    "a.mhtml": saved(f"<html><body><p>{SENTENCE}</p></body></html>"),
    "a.jsonl": lines().encode(),
    "a.csv": f"title,text,published\nIce,{SENTENCE},2024-02-06\n".encode(),
    "a.zip": office.zipped({"a/b.txt": SENTENCE, "c.jsonl": lines()}),
    "a.gz": gzip.compress(SENTENCE.encode(), mtime=0),
}
DAMAGE = st.lists(
    st.tuples(
        st.floats(0, 1, exclude_max=True),
        st.sampled_from(["cut", "change", "insert", "remove", "repeat"]),
        st.one_of(
            st.binary(min_size=1, max_size=8),
            st.sampled_from(
                [bytes(4), b"\xff" * 4, b"</", b"PK\x01\x02", b"{{", b"endobj", b"\\u"]
            ),
        ),
    ),
    min_size=1,
    max_size=4,
)


def damaged(data: bytes, damage: list[tuple[float, str, bytes]]) -> bytes:
    for where, kind, bytes_ in damage:
        place = int(where * len(data))
        after = place + len(bytes_)
        data = {
            "cut": data[:place],
            "change": data[:place] + bytes_ + data[after:],
            "insert": data[:place] + bytes_ + data[place:],
            "remove": data[:place] + data[after:],
            "repeat": data[:after] + data[place:after] * 50 + data[after:],
        }[kind]
    return data


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(sorted(WHOLE)), DAMAGE)
def test_any_damage_ends_in_clean_articles_or_in_a_reason(
    tmp_path: Path, name: str, damage: list[tuple[float, str, bytes]]
) -> None:
    path = tmp_path / name
    path.write_bytes(damaged(WHOLE[name], damage))
    with contextlib.suppress(LoadError):
        for part in loaders.parts(path):
            part.origin.encode()
            assert ".." not in Path(part.origin).parts
            if part.reason:
                continue
            with contextlib.suppress(LoadError):
                check(loaders.load(part.data, part.origin, part.name, READ_AT))


def check(article: loaders.Article) -> None:
    facts = (article.title, article.source, article.url, article.language, *article.authors)
    for line in (*article.text.split("\n\n"), *filter(None, facts)):
        line.encode()
        assert line == line.strip() != ""
        assert not [mark for mark in line if unicodedata.category(mark) in ("Cc", "Cs")]
