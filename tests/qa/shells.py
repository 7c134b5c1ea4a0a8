"""Articles for the tests of the shell, and how they run it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.collection import Collection
from qa.__main__ import main

MILL = """---
title: The mill at Oster
source: Valley Post
published: 2023-04-01
url: https://example.org/mill
authors: [Ida Holm]
---
The mill at Oster ground its last sack of grain in October 1962. Its owner, Karl Brandt, could no
longer compete with the large mills of the port.

A museum opened in the building in 1987. It shows how “stone flour” was made, and it has about
9,000 visitors a year.
"""
FERRY = """Ferry to Holm gets a new ship

The island of Holm will have a new ferry in spring. The ship is called Sula and carries 44 cars.

Until then the old ferry sails every two hours, because one of its two engines has failed.
"""
HOTEL = """<!doctype html>
<html lang="en"><head><title>Hotel by the lighthouse reopens</title></head>
<body><article><h1>Hotel by the lighthouse reopens</h1>
<p>The Grand Hotel beside the lighthouse of Holm reopened on Friday after a fire two years ago.</p>
<p>Its new owner, Elsa Nordin, bought the ruin for one crown and rebuilt it with local timber.</p>
<p>The kitchen serves herring, potatoes and rye bread, as it did a hundred years ago.</p>
</article></body></html>
"""

STOPPED = "When did the mill at Oster grind its last grain?"
PERU = "Who won the presidential election in Peru?"


@dataclass
class Result:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Shell = Callable[..., Result]


def exit_code(*arguments: object) -> int:
    try:
        return main([str(argument) for argument in arguments])
    except SystemExit as stopped:  # argparse's way out
        return int(stopped.code or 0)


def origins(collection: Path) -> set[str]:
    with Collection.open(collection, create=False) as opened:
        return {Path(article.origin).name for article in opened.articles()}
