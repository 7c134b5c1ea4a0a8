"""What a question loads, in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from index import converted
from index.packaged import FOLDER as EMBEDDER
from index.packaged import PACKAGED_SHA256
from qa.joint_reader import PACKAGED, Settings

ROOT = Path(__file__).parents[2]
# Each takes longer to import than a question takes to be answered.
HEAVY = {"torch", "transformers", "sentence_transformers", "gradio", "fastapi", "trafilatura"}

ASK = """
import sys
from qa.__main__ import main
code = main(["ask", sys.argv[1], "--collection", sys.argv[2], "--json"])
print("\\n" + " ".join(sorted({name.partition(".")[0] for name in sys.modules})))
sys.exit(code)
"""


def test_a_question_imports_no_heavy_library(made: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", ASK, "When did the mill close?", str(made)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    answer, loaded = ran.stdout.rsplit("\n", 2)[0], ran.stdout.splitlines()[-1].split()
    assert json.loads(answer)["citations"]
    assert {"openvino", "tokenizers"} <= set(loaded)
    assert HEAVY & set(loaded) == set()


def test_the_converted_networks_were_made_from_the_weights_that_ship() -> None:
    assert converted.Description.of(EMBEDDER).made_from == PACKAGED_SHA256
    assert converted.Description.of(PACKAGED).made_from == Settings.of(PACKAGED).sha256
