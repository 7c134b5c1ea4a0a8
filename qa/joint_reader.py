"""A reader with a trained network: where the answer stands, and how likely it is one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.errors import ModelError
from index.types import Hit
from qa.confidence import Combination, scores
from qa.judge import Judge, Titles
from qa.reader import Reading

# The weights that ship with the project.
PACKAGED = Path(__file__).parent / "weights" / "reader"
WEIGHTS = "reader.safetensors"
CONFIG = "config.json"
ENCODER = "encoder"
# A passage with fewer of the question's words is about something else, whatever the network says.
# Of 200 news questions asked of `seeds/`, which has nothing on them, 29 were answered, 22 of these
# from such a passage; of 126 right answers to news questions of 2023 none was.
LEAST_SHARED = 0.25


@dataclass(frozen=True, slots=True)
class Settings:
    """How the weights beside it are used: what `python -m training calibrate` wrote.

    `sha256` is of the weights; `max_tokens` of question, title and passage are read at once;
    `titles` says whether the article's title is read before the passage. A sentence with a score
    from `threshold` on is taken for an answer. `languages` are those that the weights know, as
    codes; none where they know any (`"languages": []`). English is meant where nothing is said.
    """

    sha256: str
    max_tokens: int
    titles: bool
    combination: Combination
    threshold: float
    languages: frozenset[str] = frozenset(("en",))

    @classmethod
    def of(cls, folder: Path) -> Settings:
        """What the folder's `config.json` says. Raises ModelError."""
        path = folder / CONFIG
        try:
            row: dict[str, Any] = json.loads(path.read_text("utf-8"))
            return cls(
                sha256=str(row["sha256"]),
                max_tokens=int(row["max_tokens"]),
                titles=bool(row["titles"]),
                combination=Combination.of(row["combination"]),
                threshold=float(row["threshold"]),
                languages=frozenset(map(str, row.get("languages", ["en"]))),
            )
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise ModelError(
                f"{path}: not the settings of a calibrated reader ({error!r}). Install article-qa "
                "again; for weights of your own run `python -m training calibrate`."
            ) from error


class JointReader:
    """Implements `qa.reader.Reader`. The network is loaded at the first use; thread-safe."""

    def __init__(
        self,
        titles: Titles | None = None,
        folder: Path = PACKAGED,
        encoder: Path | None = None,
    ) -> None:
        """`titles` is where the titles of the hits' articles are, a collection for one.

        `folder` holds `reader.safetensors` and `config.json`; `encoder` the encoder these weights
        were trained on, the packaged embedder's if none is named. Raises ModelError if the
        settings are not there or not whole; the weights are looked at when they are first used.
        """
        settings = Settings.of(folder)
        self.threshold = settings.threshold
        self.languages = settings.languages
        self._combination = settings.combination
        self._judge = Judge(
            folder / WEIGHTS,
            settings.sha256,
            settings.max_tokens,
            titles if settings.titles else None,
            encoder,
        )

    def load(self) -> None:
        """Load the network now, and not at the first use. Raises ModelError."""
        self._judge.load()

    def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
        """See Reader. Equal scores keep the order of the hits.

        Raises ModelError if the weights are missing, altered or not those of a reader.
        """
        judged = self._judge.judge(question, hits)
        rated = scores([one.judgement for one in judged], self._combination)
        readings = [
            Reading(one.hit, one.sentence, score.probability, one.short, score.alone)
            if one.shared >= LEAST_SHARED
            else Reading(one.hit, one.sentence, 0.0, one.short, 0.0)
            for one, score in zip(judged, rated, strict=True)
        ]
        return sorted(readings, key=lambda reading: -reading.score)
