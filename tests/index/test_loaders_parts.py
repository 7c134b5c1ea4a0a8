"""Files of several articles: archives, mailboxes, dumps of records; each with its own origin."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from index import loaders
from index.collection import Collection
from index.errors import LoadError
from index.types import Article
from tests.index.office import zipped
from tests.index.test_loaders import READ_AT, load
from tests.index.test_loaders_mail import newsletter
from tests.index.test_loaders_text import FIRST, LAST, SECOND, THIRD, TITLE

ROWS = [
    {
        "id": f"story-{number}",
        "url": f"https://herald.example/{number}",
        "title": title,
        "published": "2024/02/06",
        "authors": ["Ann Ek", "Bo Aas"],
        "text": text,
    }
    for number, title, text in ((1, "Ice", f"{FIRST}\n\n{LAST}"), (2, "Road", f"{SECOND} {THIRD}"))
]


def parts(tmp_path: Path, name: str, data: bytes | str) -> list[loaders.Part]:
    path = tmp_path / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return list(loaders.parts(path))


def articles(tmp_path: Path, name: str, data: bytes | str) -> list[Article]:
    found = parts(tmp_path, name, data)
    assert [part.reason for part in found] == [""] * len(found)
    return [loaders.load(part.data, part.origin, part.name, READ_AT) for part in found]


def refused(tmp_path: Path, name: str, data: bytes | str) -> str:
    with pytest.raises(LoadError) as error:
        parts(tmp_path, name, data)
    return str(error.value)


def lines(rows: list[dict[str, object]] | None = None) -> str:
    return "".join(f"{json.dumps(row)}\n" for row in rows or ROWS)


# One article


def test_most_files_are_one_part_under_their_own_origin(tmp_path: Path) -> None:
    (part,) = parts(tmp_path, "a.txt", FIRST)
    assert (part.origin, part.name, part.data) == (str(tmp_path / "a.txt"), "a.txt", FIRST.encode())


# Records


def check_rows(found: list[Article], origin: Path) -> None:
    assert [one.origin for one in found] == [f"{origin}/story-1", f"{origin}/story-2"]
    assert [one.title for one in found] == ["Ice", "Road"]
    assert [one.text for one in found] == [f"{FIRST}\n\n{LAST}", f"{SECOND} {THIRD}"]
    for one, row in zip(found, ROWS, strict=True):
        assert (one.url, one.published) == (row["url"], date(2024, 2, 6))
        assert (one.authors, one.modified, one.source) == (("Ann Ek", "Bo Aas"), None, None)


def test_lines_of_json_are_articles(tmp_path: Path) -> None:
    check_rows(articles(tmp_path, "news.jsonl", lines()), tmp_path / "news.jsonl")
    check_rows(articles(tmp_path, "news.txt", lines()), tmp_path / "news.txt")


def test_compressed_lines_are_articles(tmp_path: Path) -> None:
    data = gzip.compress(lines().encode())
    check_rows(articles(tmp_path, "news.jsonl.gz", data), tmp_path / "news.jsonl.gz")


@pytest.mark.parametrize("wrap", [lambda rows: rows, lambda rows: {"meta": 1, "articles": rows}])
@pytest.mark.parametrize("indent", [None, 2])
def test_a_list_in_json_is_its_articles(tmp_path: Path, wrap: object, indent: int | None) -> None:
    assert callable(wrap)
    data = json.dumps(wrap(ROWS), indent=indent)
    check_rows(articles(tmp_path, "news.json", data), tmp_path / "news.json")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_is_its_rows(tmp_path: Path, delimiter: str) -> None:
    table = io.StringIO()
    writer = csv.DictWriter(table, list(ROWS[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(ROWS)
    check_rows(articles(tmp_path, "news.csv", table.getvalue()), tmp_path / "news.csv")


def test_one_record_is_one_article_under_the_file_s_origin(tmp_path: Path) -> None:
    (article,) = articles(tmp_path, "a.json", json.dumps(ROWS[0], indent=1))
    assert (article.origin, article.title) == (str(tmp_path / "a.json"), "Ice")


def test_fields_have_many_names_and_shapes(tmp_path: Path) -> None:
    row = {
        "headline": {"rendered": "Ice"},
        "content": {"rendered": f"<p>{FIRST}</p>\n<p>{LAST}<br></p>"},
        "datePublished": "2024-02-06T23:00:00+01:00",
        "updated_at": 1707436800,
        "byline": "By Ann Ek and Bo Aas",
        "publisher": {"name": "The Sound Herald"},
        "link": "https://herald.example/1",
        "inLanguage": "en-GB",
    }
    (article,) = articles(tmp_path, "a.json", json.dumps(row))
    assert (article.title, article.text) == ("Ice", f"{FIRST}\n\n{LAST}")
    assert (article.published, article.modified) == (date(2024, 2, 6), date(2024, 2, 9))
    assert article.authors == ("Ann Ek", "Bo Aas")
    assert (article.source, article.language) == ("The Sound Herald", "en")
    assert article.url == "https://herald.example/1"


@pytest.mark.parametrize(
    "record",
    [
        {"date_publish": "2024-02-06", "date_download": "2024-05-01", "date_modify": "2024-02-09"},
        {"webPublicationDate": "2024-02-06T09:00:00Z", "updated_at": "2024-02-09"},
        {
            "pub_date": "2024-02-06T09:00:00+0000",
            "crawled_at": "2024-05-01",
            "updated": "2024-02-09",
        },
        {"published_at": 1707210000, "imported": "2024-05-01", "dateModified": "2024-02-09"},
    ],
)
def test_the_day_of_a_download_is_no_date_of_a_record(
    tmp_path: Path, record: dict[str, object]
) -> None:
    path = tmp_path / "a.json"
    row = {"title": "Ice", "maintext": FIRST, "domain": "herald.example", **record}
    path.write_text(json.dumps(row))
    (part,) = loaders.parts(path)
    article = loaders.load(part.data, part.origin, part.name, READ_AT)
    assert (article.published, article.modified) == (date(2024, 2, 6), date(2024, 2, 9))
    assert article.source == "herald.example"


@pytest.mark.parametrize("name", ["download_date", "crawl_date", "fetched", "scraped_at", "added"])
def test_a_record_that_knows_only_its_import_has_no_date(tmp_path: Path, name: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"title": "Ice", "text": FIRST, name: "2024-05-01"}))
    (part,) = loaders.parts(path)
    article = loaders.load(part.data, part.origin, part.name, READ_AT)
    assert (article.published, article.modified) == (None, None)


def test_a_file_beside_names_the_fields(tmp_path: Path) -> None:
    mapping: dict[str, object] = {"title": "Schlagzeile", "published": "Tag", "id": "Nr"}
    mapping["text"] = ["Vorspann", "Rumpf"]
    (tmp_path / "a.csv.fields.json").write_text(json.dumps(mapping))
    table = f'Nr;Schlagzeile;Vorspann;Rumpf;Tag\n7;Ice;"{FIRST}";{LAST};6.2.2024\n'
    (article,) = articles(tmp_path, "a.csv", table)
    assert article.origin == str(tmp_path / "a.csv" / "7")
    assert (article.title, article.text) == ("Ice", f"{FIRST}\n\n{LAST}")
    assert article.published == date(2024, 2, 6)


@pytest.mark.parametrize("mapping", ["[]", "{", '{"headline": "T"}', '{"title": 3}'])
def test_a_malformed_mapping_is_refused(tmp_path: Path, mapping: str) -> None:
    (tmp_path / "a.csv.fields.json").write_text(mapping)
    assert "a.csv.fields.json" in refused(tmp_path, "a.csv", "title,text\nIce,Ice\n")


def test_records_without_text_are_refused_once_with_the_names_of_their_fields(
    tmp_path: Path,
) -> None:
    rows = [{"name": "lodash", "version": number} for number in range(50)]
    for name, data in (("a.json", json.dumps(rows)), ("a.jsonl", lines(rows))):
        assert "no field with an article's text (fields: name, version)" in refused(
            tmp_path, name, data
        )
    assert "(fields: a, b)" in refused(tmp_path, "a.csv", "a,b\n1,2\n")


def test_a_broken_record_does_not_stop_the_others(tmp_path: Path) -> None:
    data = lines() + '{"title": "cut off\n' + '{"title": "no text"}\n[1]\n' + lines([ROWS[0]])
    found = parts(tmp_path, "a.jsonl", data)
    assert [bool(part.reason) for part in found] == [False, False, True, True, True, False]
    # Two of one name are two articles.
    assert found[-1].origin.endswith("/story-1 (2)")


def test_text_that_begins_with_a_bracket_is_text(tmp_path: Path) -> None:
    (article,) = articles(tmp_path, "a.txt", f"[Music] {FIRST}")
    assert article.text == f"[Music] {FIRST}"


# Archives


def test_an_archive_is_its_files_each_under_its_own_name(tmp_path: Path) -> None:
    data = zipped(
        {
            "a/ice.txt": FIRST,
            "news.jsonl": lines(),
            "inner.zip": zipped({"b.md": f"# Road\n\n{SECOND}"}),
            "__MACOSX/a/._ice.txt": b"\x00",
            "README.md": "about",
            "style.css": "p {color: red}",
        }
    )
    found = parts(tmp_path, "all.zip", data)
    origin = str(tmp_path / "all.zip")
    assert [part.origin.removeprefix(f"{origin}/") for part in found] == [
        "a/ice.txt",
        "news.jsonl/story-1",
        "news.jsonl/story-2",
        "inner.zip/b.md",
        "style.css",
    ]
    assert found[-1].reason.startswith("unsupported format .css")
    assert load(found[3].data, found[3].name).title == "Road"


def test_a_mailbox_is_its_messages(tmp_path: Path) -> None:
    first, second = newsletter(), newsletter()
    second.replace_header("Message-ID", "<ice-2@herald.example>")
    second.replace_header("Subject", "Road")
    raw = [mail.as_bytes().replace(b"\r\n", b"\n") for mail in (first, second)]
    raw[0] += b"\n>From here on it is cold.\n"
    start = b"From news@herald.example Tue Feb  6 23:30:00 2024\n"
    box = b"".join(start + one + b"\n" for one in raw)
    found = articles(tmp_path, "box", box)
    assert [one.title for one in found] == [TITLE, "Road"]
    assert [one.origin.rpartition("/")[2] for one in found] == [
        "ice-1@herald.example",
        "ice-2@herald.example",
    ]


def test_compressed_pages_are_read(tmp_path: Path) -> None:
    (article,) = articles(tmp_path, "a.txt.gz", gzip.compress(FIRST.encode()))
    assert (article.origin, article.text) == (str(tmp_path / "a.txt.gz"), FIRST)


# In a collection


def test_unchanged_parts_cost_nothing_and_changed_ones_are_updated(
    tmp_path: Path, collection: Collection
) -> None:
    dump = tmp_path / "news.jsonl"
    dump.write_text(lines())
    assert len(collection.add(dump).added) == 2
    assert len(collection.add(dump).unchanged) == 2
    dump.write_text(lines([ROWS[0], {**ROWS[1], "text": LAST}]))
    report = collection.add(dump)
    assert (len(report.unchanged), report.updated) == (1, (f"{dump}/story-2",))


def test_a_file_of_several_articles_is_found_and_synced_like_a_folder(
    tmp_path: Path, collection: Collection
) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    dump, box = folder / "news.jsonl", folder / "all.zip"
    dump.write_text(lines())
    box.write_bytes(zipped({"a.txt": FIRST, "b.txt": LAST}))
    collection.add(folder)
    assert {one.title for one in collection.find(str(dump))} == {"Ice", "Road"}
    assert collection.sync(folder).removed == ()

    dump.write_text(lines([ROWS[0]]))
    assert collection.sync(folder).removed == (f"{dump}/story-2",)
    box.write_bytes(b"PK\x03\x04 damaged")
    report = collection.sync(folder)
    assert (report.removed, len(report.refused)) == ((), 1)
    box.unlink()
    assert len(collection.sync(folder).removed) == 2
    assert [one.title for one in collection.articles()] == ["Ice"]


def test_the_same_record_in_two_dumps_has_not_moved(tmp_path: Path, collection: Collection) -> None:
    (tmp_path / "a.jsonl").write_text(lines())
    (tmp_path / "b.jsonl").write_text(lines([ROWS[0]]))
    collection.add(tmp_path / "a.jsonl")
    report = collection.add(tmp_path / "b.jsonl")
    assert (len(report.duplicates), report.moved) == (1, ())
    (tmp_path / "a.jsonl").rename(tmp_path / "c.jsonl")
    assert len(collection.add(tmp_path / "c.jsonl").moved) == 2


# Names


@pytest.mark.parametrize(
    "name",
    ["../../x.txt", "/etc/x.txt", "a/../../x.txt", "C:\\x.txt", "..\\x.txt", "\\\\srv\\x.txt"],
)
def test_a_name_that_leads_out_of_the_archive_is_refused(tmp_path: Path, name: str) -> None:
    first, second = parts(tmp_path, "a.zip", zipped({name: FIRST, "ok.txt": LAST}))
    assert first.reason == "its name leads out of the archive"
    assert ".." not in Path(first.origin).parts
    assert first.origin.startswith(str(tmp_path / "a.zip") + "/")
    assert second.reason == ""


def test_a_link_in_an_archive_is_refused(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        link = zipfile.ZipInfo("secret.txt")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    (part,) = parts(tmp_path, "a.zip", packed.getvalue())
    assert part.reason == "a link, not a file"


def test_names_of_records_stay_inside_the_file(tmp_path: Path) -> None:
    names: Mapping[str, str] = {
        "../../../etc/passwd": "etc/passwd",
        "a\u202e\x00\ud800b": "ab",
        "https://herald.example/1": "https:/herald.example/1",
        "..": "unnamed",
    }
    found = parts(tmp_path, "a.jsonl", lines([{**ROWS[0], "id": name} for name in names]))
    origin = str(tmp_path / "a.jsonl")
    assert [part.origin for part in found] == [f"{origin}/{name}" for name in names.values()]
