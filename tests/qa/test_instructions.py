"""How many instructions a question takes: times are too noisy to notice that it takes more.

Counted by valgrind's cachegrind, over everything but the networks, which run in code that is made
for the processor they are on: embedding and reading are done by doubles that only compare words.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from index.collection import Collection
from tests.articles import article
from tests.doubles import WordEmbedder

ROOT = Path(__file__).parents[2]

# Million instructions of a question, by the version of Python, whose own are most of them. Write
# down the new figure where a change is meant to cost, or to save, so much. (20.7 in a fresh clone,
# 24.1 in one that has been worked in for long.)
RECORDED = {(3, 11): 22.4}
TOLERANCE = 0.15

FEW, MANY = 5, 55

ASK = """
import sys
from pathlib import Path
from index.collection import Collection
from qa.assistant import Assistant
from qa.reader import Reading
from qa.retriever import Retriever
from tests.doubles import WordEmbedder

class Reader:
    threshold = 0.3

    def read(self, question, hits):
        asked = set(question.rstrip("?").split()[2:])
        readings = []
        for hit in hits:
            for span in hit.passage.sentences:
                words = hit.passage.text_at(span).split()
                readings.append(Reading(hit, span, len(asked & set(words)) / len(asked)))
        return sorted(readings, key=lambda reading: -reading.score)

with Collection.open(Path(sys.argv[1]), embedder=WordEmbedder()) as collection:
    assistant = Assistant(collection, Retriever(collection), Reader())
    found = [assistant.ask(question) for question in sys.argv[2:]]
print(sum(len(answer.hits) for answer in found), sum(bool(answer.citations) for answer in found))
"""


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("valgrind"), reason="needs valgrind (apt install valgrind)")
@pytest.mark.skipif(
    sys.version_info[:2] not in RECORDED, reason="no figure was recorded with this Python"
)
def test_a_question_takes_as_many_instructions_as_it_did(tmp_path: Path) -> None:
    chance = random.Random(5)
    words = _words(chance)
    made = [
        article(_text(chance, words), f"/articles/{n}.txt", title=_sentence(chance, words, 4))
        for n in range(60)
    ]
    with Collection.open(tmp_path / "made", embedder=WordEmbedder()) as collection:
        collection.add_articles(made)
    questions = [f"When did {_sentence(chance, words, 5)}?" for _ in range(MANY)]
    # What is counted beside the questions is in both.
    few, many = (_counted(tmp_path / "made", asked) for asked in (questions[:FEW], questions))
    millions = (many - few) / (MANY - FEW) / 1e6
    assert millions == pytest.approx(RECORDED[sys.version_info[:2]], rel=TOLERANCE)


def _words(chance: random.Random) -> list[str]:
    syllables = [a + b for a in "bdfgklmnprst" for b in ("a", "e", "i", "o", "u", "an", "er")]
    return ["".join(chance.choices(syllables, k=chance.randint(1, 3))) for _ in range(2_000)]


def _sentence(chance: random.Random, words: list[str], length: int) -> str:
    # Some words are frequent and most are rare, as in any language.
    return " ".join(words[int(len(words) * chance.random() ** 3)] for _ in range(length))


def _text(chance: random.Random, words: list[str]) -> str:
    lengths = [chance.randint(8, 24) for _ in range(20)]
    return " ".join(f"{_sentence(chance, words, length).capitalize()}." for length in lengths)


def _counted(folder: Path, questions: list[str]) -> int:
    ran = subprocess.run(
        [
            *("valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"),
            *(sys.executable, "-c", ASK, str(folder), *questions),
        ],
        capture_output=True,
        text=True,
        check=True,
        # The order of sets depends on the first, and with it the work.
        env={**os.environ, "PYTHONHASHSEED": "0", "OPENBLAS_NUM_THREADS": "1"},
        cwd=ROOT,
    )
    hits, answered = map(int, ran.stdout.split())
    assert hits == 10 * len(questions)
    assert answered > len(questions) / 4
    counted = re.search(r"I\s+refs:\s+([\d,]+)", ran.stderr)
    assert counted, ran.stderr
    return int(counted[1].replace(",", ""))
