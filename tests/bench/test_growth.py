"""`python -m bench growth` over a few passages."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

import pytest

from bench import growth


@pytest.mark.slow
def test_a_collection_grows_from_size_to_size_and_tells_what_it_costs(
    news_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    parser = ArgumentParser()
    growth.add_arguments(parser)
    options = parser.parse_args(
        [
            *("--data", str(news_folder), "--cache", str(tmp_path / "cache")),
            *("--passages", "300", "600", "--questions", "2", "--adds", "8"),
        ]
    )
    assert growth.run(options) == 0
    told = capsys.readouterr().out
    assert "\n300 passages\n" in told
    assert "\n600 passages\n" in told
    assert told.count("index: Flat") == 2
    recalls = [line.split()[-1] for line in told.splitlines() if line.startswith("recall@10")]
    # Copies of three articles are often equally near, so which of them is found says little.
    assert len(recalls) == 2
    assert all(0 < float(recall) <= 1 for recall in recalls)
    for what in ("open, hashes checked", "both", "add one article", "bytes per passage"):
        assert told.count(f"\n{what}  ") == 2
