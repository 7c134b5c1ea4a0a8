"""The packaged embedder in int8: what it may differ in, and what happens without OpenVINO."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from index import converted, packaged
from index.embedder import PACKAGED, SentenceTransformerEmbedder
from index.errors import ModelError
from index.packaged import FOLDER, PackagedEmbedder
from tests.doubles import WordEmbedder

SENTENCES = [
    "The mill at Oster stopped grinding in 1962.",
    "A museum opened in the old mill, and school classes visit it in May.",
    "Who paid for the new bridge over the river?",
    "Storm surge: harbour closed for the third day running",
    "“We were not asked,” said the mayor, “and we will not pay.”",
    "Ferries to the islands sail at dawn and at dusk, except on Sundays.",
    "£2.8 million were set aside for the roof in 2019/20; half of it was spent.",
    "The village has 412 inhabitants, two bakeries and no railway station.",
    "Zweibrücken–Süd is the name of a stop, not of a town.",
    "Rain.",
    "why did the trains stop running last winter",
    "An inquiry found that the alarm had been switched off a week before the fire.",
    "Wheat prices rose by a fifth after the harvest failed in the east.",
    "Nobody was hurt when the crane fell across the empty school yard.",
    "Åse Ødegård’s first ferry sailed in 1871.",
    "The court will hear the fishermen’s complaint on 14 March.",
    "Engineers tested the dam twice and found no cracks.",
    "the of and to in a is that for it",
    "東京 and Kyōto are 370 km apart.",
    "She sold the orchard, the press and the brand name, but kept the house by the lake.",
    "Bakers work at night. Their ovens are heated with beech wood, which is dear this year. " * 12,
    "A rocket hit the air base; no aircraft was damaged, officials said on Tuesday.",
    "The strike ended after nine weeks with a rise of four per cent and a day more of leave.",
    "Passengers waited on the platform while snow was cleared from the points.",
]


@pytest.fixture(scope="module")
def embedder() -> PackagedEmbedder:
    return PackagedEmbedder()


@pytest.mark.slow
def test_vectors_are_those_of_the_released_weights_within_a_hundredth(
    embedder: PackagedEmbedder,
) -> None:
    made = embedder.embed_passages(SENTENCES)
    released = SentenceTransformerEmbedder().embed_passages(SENTENCES)
    assert (made * released).sum(axis=1).min() >= 0.99
    assert np.abs(made @ made.T - released @ released.T).max() < 0.05
    assert not np.array_equal(made, released)  # or it was no network of ours that ran


def test_both_ways_to_run_it_are_the_same_embedder_to_a_collection() -> None:
    released = SentenceTransformerEmbedder()
    assert PackagedEmbedder().fingerprint == released.fingerprint
    assert packaged.named().fingerprint == packaged.named(PACKAGED).fingerprint
    assert packaged.named("another/model").fingerprint == "another/model"


@pytest.mark.slow
def test_tokens_are_counted_as_sentence_transformers_counts_them(
    embedder: PackagedEmbedder,
) -> None:
    released = SentenceTransformerEmbedder()
    assert embedder.count_tokens(SENTENCES) == released.count_tokens(SENTENCES)
    assert embedder.max_tokens == released.max_tokens
    assert embedder.count_tokens(["the war", "", "word " * 1_000]) == [2, 0, 1_000]


def test_rows_are_unit_vectors_in_the_order_of_the_texts(embedder: PackagedEmbedder) -> None:
    rows = embedder.embed_passages(SENTENCES)
    assert rows.shape == (len(SENTENCES), 384)
    assert rows.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-6)
    for text, row in zip(SENTENCES, rows, strict=True):
        assert row @ embedder.embed_questions([text])[0] > 0.995


def test_no_text_has_no_rows(embedder: PackagedEmbedder) -> None:
    assert embedder.embed_passages([]).shape == embedder.embed_questions([]).shape == (0, 384)
    assert embedder.count_tokens([]) == []


def test_of_a_text_beyond_the_limit_the_beginning_is_read(embedder: PackagedEmbedder) -> None:
    beginning = "the harbour wall is old " * 60
    one, other = embedder.embed_passages([beginning + "and new", beginning + "or not?"])
    np.testing.assert_array_equal(one, other)


def test_many_threads_embed_the_same(embedder: PackagedEmbedder) -> None:
    alone = embedder.embed_passages(SENTENCES)
    made: list[float] = []

    def embed() -> None:
        for _ in range(3):
            made.append(float((embedder.embed_passages(SENTENCES) * alone).sum(axis=1).min()))

    threads = [threading.Thread(target=embed) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 12
    assert min(made) > 0.9999


def copied(tmp_path: Path) -> Path:
    compiled = shutil.ignore_patterns("__pycache__")
    return Path(shutil.copytree(FOLDER, tmp_path / "embedder", ignore=compiled))


def other_weights(folder: Path) -> None:
    described = json.loads((folder / converted.DESCRIPTION).read_text())
    (folder / converted.DESCRIPTION).write_text(json.dumps(described | {"made_from": "0" * 64}))


def altered(folder: Path, name: str) -> None:
    data = bytearray((folder / name).read_bytes())
    data[len(data) // 2] ^= 1
    (folder / name).write_bytes(data)


@pytest.mark.parametrize(
    "damage",
    [
        other_weights,
        lambda folder: altered(folder, converted.WEIGHTS),
        lambda folder: altered(folder, converted.NETWORK),
        lambda folder: (folder / converted.WEIGHTS).unlink(),
        lambda folder: (folder / converted.DESCRIPTION).unlink(),
        lambda folder: altered(folder, packaged.WORDS),
    ],
)
def test_a_network_that_does_not_fit_its_weights_is_not_run(tmp_path: Path, damage) -> None:
    folder, other = copied(tmp_path), WordEmbedder()
    damage(folder)
    embedder = PackagedEmbedder(folder, lambda: other)
    np.testing.assert_array_equal(
        embedder.embed_passages(SENTENCES), WordEmbedder().embed_passages(SENTENCES)
    )
    assert other.embedded == SENTENCES


def test_what_was_compiled_is_kept_and_used_only_while_it_is_whole(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    made = PackagedEmbedder(folder).embed_passages(SENTENCES[:3])
    (kept,) = (folder / "__pycache__").iterdir()
    (folder / converted.WEIGHTS).unlink()  # not looked at where it is compiled already
    again = PackagedEmbedder(folder, WordEmbedder).embed_passages(SENTENCES[:3])
    np.testing.assert_allclose(again, made, atol=1e-5)
    altered(folder / "__pycache__", kept.name)
    assert PackagedEmbedder(folder, WordEmbedder).embed_passages(SENTENCES[:3]).shape == (3, 256)


def test_what_is_compiled_for_questions_and_for_passages_is_kept_apart(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    embedder = PackagedEmbedder(folder)
    rows = embedder.embed_passages(SENTENCES[:2]), embedder.embed_questions(SENTENCES[:2])
    assert (rows[0] * rows[1]).sum(axis=1).min() > 0.995
    many, one = sorted(path.name for path in (folder / "__pycache__").iterdir())
    assert (many.partition("-")[0], one.partition("-")[0]) == ("many", "one")
    before = (folder / "__pycache__" / one).stat()
    altered(folder / "__pycache__", many)
    PackagedEmbedder(folder).embed_passages(SENTENCES[:2])  # compiled again
    assert sorted(path.name for path in (folder / "__pycache__").iterdir()) == [many, one]
    assert (folder / "__pycache__" / one).stat() == before


def test_many_threads_ask_at_once(embedder: PackagedEmbedder) -> None:
    questions = SENTENCES[:8]
    alone = [embedder.embed_questions([one])[0] for one in questions]
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda one: embedder.embed_questions([one])[0], questions * 4))
    np.testing.assert_allclose(made, alone * 4, atol=1e-5)


def test_nothing_needs_to_be_kept(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    (folder / "__pycache__").touch()  # no folder can be made here
    assert PackagedEmbedder(folder, WordEmbedder).embed_passages(SENTENCES[:2]).shape == (2, 384)


def test_a_tokenizer_that_was_altered_is_not_used(tmp_path: Path) -> None:
    folder, other = copied(tmp_path), WordEmbedder()
    altered(folder, packaged.TOKENIZER)
    embedder = PackagedEmbedder(folder, lambda: other)
    assert embedder.count_tokens(["embeddings"]) == other.count_tokens(["embeddings"])
    embedder.embed_passages(["one"])
    assert other.embedded == ["one"]
    with pytest.raises(ModelError, match="altered"):
        packaged.tokenizer(folder)


WITHOUT_OPENVINO = """
import sys
sys.modules["openvino"] = None  # as if it were not installed
import numpy as np
from index.packaged import PackagedEmbedder
rows = PackagedEmbedder().embed_passages(sys.argv[1:])
print("torch" in sys.modules, *np.round(rows[0], 5))
"""


@pytest.mark.slow
def test_without_openvino_torch_gives_the_same_within_tolerance(
    embedder: PackagedEmbedder,
) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", WITHOUT_OPENVINO, SENTENCES[0]],
        capture_output=True,
        text=True,
        check=True,
    )
    used_torch, *row = ran.stdout.split()
    assert used_torch == "True"
    assert np.array(row, np.float32) @ embedder.embed_passages(SENTENCES[:1])[0] >= 0.99


FIRST_PASSES = """
import sys
sys.setswitchinterval(1e-6)
from index.packaged import PackagedEmbedder
texts = ["word " * (5 + 3 * n) for n in range(40)]  # more than one pass, so in several threads
print(PackagedEmbedder().embed_passages(texts).shape)
"""


def test_the_first_passes_of_a_process_do_not_wait_for_each_other() -> None:
    for _ in range(3):
        ran = subprocess.run(
            [sys.executable, "-c", FIRST_PASSES], capture_output=True, text=True, timeout=120
        )
        assert ran.stdout.strip() == "(40, 384)"


QUIET = """
import socket, sys, threading
def refuse(event, arguments):
    if event.startswith("socket.") and event != "socket.gethostname":
        print("asked the network:", event, arguments)
sys.addaudithook(refuse)
from index.packaged import PackagedEmbedder
PackagedEmbedder().embed_questions(["Who?"])
print(sorted({"torch", "transformers", "sentence_transformers"} & set(sys.modules)))
for thread in threading.enumerate():
    if thread is not threading.current_thread() and not thread.daemon:
        thread.join(5)
"""


def test_openvino_tells_nobody_that_it_was_imported(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", QUIET],
        capture_output=True,
        text=True,
        check=True,
        env={"HOME": str(tmp_path), "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert ran.stdout == "[]\n"
    assert list(tmp_path.iterdir()) == []  # nor does it keep a number to tell people apart by
