"""Make a trained run the resolver: its weights, those of `qa.candidates`, and the threshold.

Writes `resolver.safetensors` and `config.json` into --out; `python -m training quantise resolver`
is run afterwards. The weights are fitted to what nothing else is done with: people's rewritings of
two sources (see training/rewritings.py) and, so that questions which stand alone are left alone,
questions of SQuAD's development articles after turns on another subject, beside follow-ups made of
such. The threshold has the highest F1 on these sources of people's, with the rules, or
about that.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
from pathlib import Path

from bench.conversation import counted, follow_ups, unchanged
from qa.joint_reader import CONFIG, WEIGHTS
from qa.passes import Model
from qa.resolver import CONFIG as SETTINGS
from qa.resolver import PACKAGED, Resolver
from qa.resolver import WEIGHTS as RESOLVER
from qa.turns import Earlier
from training import weighing
from training.rewritings import DEVELOPMENT, rewritings, terms
from training.weighing import Case

# So many of each kind; about as many as there are of people's.
_MADE = 75
_THRESHOLDS = [n / 20 for n in range(2, 11)]
# Differences in F1 that say nothing: one term of 226. Of thresholds about as good the middle one
# is taken.
_ABOUT_AS_GOOD = 0.005


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `python -m training resolver`."""
    parser.add_argument("--data", type=Path, required=True, help="folder with conversation/")
    parser.add_argument("--trained", type=Path, required=True, help="folder of the trained run")
    parser.add_argument("--out", type=Path, default=PACKAGED, help="folder of the resolver")


def run(options: argparse.Namespace) -> int:
    """Copy, choose, write; 0."""
    options.out.mkdir(parents=True, exist_ok=True)
    weights = options.out / RESOLVER
    shutil.copyfile(options.trained / WEIGHTS, weights)
    sha256 = hashlib.sha256(weights.read_bytes()).hexdigest()
    pieces, marker = Model(weights, sha256).loaded()
    those = [one for one in rewritings(options.data) if one.source in DEVELOPMENT and one.before]
    combined = weighing.fitted(*weighing.examples(cases(options.data), pieces, marker))
    scores: dict[float, float] = {}
    for at in _THRESHOLDS:
        resolver = Resolver(lambda: (pieces, marker), at, combined)
        counts = [counted(one, resolver) for one in those]
        right, found, wanted = (sum(column) for column in zip(*counts, strict=True))
        f1 = 2 * right / max(found + wanted, 1)
        print(f"threshold {at:.2f}: F1 {f1:.3f} (n {len(those)} turns, {wanted} terms)")
        scores[at] = f1
    good = [at for at, f1 in scores.items() if f1 >= max(scores.values()) - _ABOUT_AS_GOOD]
    threshold = good[len(good) // 2]
    config = json.loads((options.trained / CONFIG).read_text())
    described = config | {
        "sha256": sha256,
        "threshold": threshold,
        "weights": weighing.described(combined),
    }
    (options.out / SETTINGS).write_text(json.dumps(described, indent=2) + "\n")
    return 0


def cases(folder: Path) -> list[Case]:
    """What the weights are fitted to."""
    people = [
        Case(one.question, one.read, one.terms)
        for one in rewritings(folder)
        if one.source in DEVELOPMENT and one.before
    ]
    made = [
        *unchanged(folder, _MADE, other=True, part="development"),
        *follow_ups(folder, _MADE, part="development"),
    ]
    return people + [
        Case(
            one.typed,
            [Earlier(turn, asked=True) for turn in one.turns],
            terms(one.typed, one.written, one.turns),
        )
        for one in made
    ]
