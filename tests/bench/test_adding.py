"""`python -m bench adding` over a few articles of our own."""

import argparse
import json
import mmap
import re
from pathlib import Path

import numpy as np
import pytest

from bench import adding
from tests.index.stories import FERRY, FERRY_EDITED, FERRY_OTHER


def test_it_tells_speed_memory_and_what_became_of_the_articles(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "news").mkdir()
    texts = [FERRY, FERRY_EDITED, FERRY_OTHER, FERRY]
    rows = [{"id": str(n), "title": "The ferry", "text": text} for n, text in enumerate(texts)]
    (tmp_path / "news" / "some.jsonl").write_text("\n".join(map(json.dumps, rows)))
    parser = argparse.ArgumentParser()
    adding.add_arguments(parser)
    options = parser.parse_args(["--data", str(tmp_path), "--files", "some.jsonl", "--again"])
    assert adding.run(options) == 0
    told = capsys.readouterr().out
    assert "3 added, 0 updated, 0 unchanged, 0 refused, 1 duplicate in " in told
    assert "0 added, 0 updated, 4 unchanged" in told
    assert "3 articles (2 independent texts), 4 origins" in told
    assert "the embedder was busy for" in told
    found = re.findall(r"100% of the bytes: +(\d+) MB own, +(\d+) MB mapped", told)
    assert len(found) == 2
    assert all(int(own) > 10 for own, _ in found)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="tells them apart on Linux")
def test_what_is_mapped_of_files_is_not_counted_as_own(tmp_path: Path) -> None:
    size = 30_000_000
    file = tmp_path / "some"
    file.write_bytes(bytes(size))
    before = adding._memory()
    with file.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as data:
        assert not any(data[place] for place in range(0, size, 4_096))
        mapped = adding._memory()
        own = bytearray(b"1" * size)
        both = adding._memory()
    assert mapped.mapped - before.mapped > 25
    assert mapped.own - before.own < 5
    assert both.own - mapped.own > 25
    assert len(own) == size


def test_vectors_are_drawn_by_the_text_and_of_length_1() -> None:
    embedder = adding.DrawingEmbedder(0.0)
    one, other, again = embedder.embed_passages(["a", "b", "a"])
    assert np.array_equal(one, again)
    assert abs(one @ other) < 0.3
    assert np.linalg.norm(one) == pytest.approx(1, abs=1e-5)
