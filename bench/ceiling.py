"""How fast this machine multiplies matrices, and what share of that encoding reaches.

The matrices have the shapes of the encoder's widest layer, for a pass of 2,048 tokens; fp32, bf16
and int8 by torch. What the encoder does is counted as its matrix products alone, so the share
leaves out all else that it has to do.

Both are told for one core: operations and tokens in a second of the processor's time, which other
programs on the machine take no part of. Beside it stand the tokens a second by the clock.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import numpy as np
import torch

from bench import news
from index.embedder import Embedder, SentenceTransformerEmbedder
from index.folding import fold
from index.packaged import PackagedEmbedder

TOKENS, WIDTH, INNER, LAYERS = 2_048, 384, 1_536, 6
# Words of a passage.
WORDS = 120


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `python -m bench ceiling`."""
    parser.add_argument("--data", type=Path, required=True, help="the data folder")
    parser.add_argument("--passages", type=int, default=512, help="embedded in one round")
    parser.add_argument("--rounds", type=int, default=5, help="the best and the median are told")
    parser.add_argument("--torch", action="store_true", help="sentence-transformers, too")


def run(options: argparse.Namespace) -> int:
    """Print both tables; 0."""
    torch.set_num_threads(1)
    ceilings = {name: multiplied(made, options.rounds) for name, made in products().items()}
    print(f"for one core of {os.cpu_count()}; {options.rounds} rounds")
    print(f"{'product':24}{'best GFLOP/s':>14}{'median':>10}")
    for name, rates in ceilings.items():
        print(f"{name:24}{max(rates) / 1e9:14.0f}{np.median(rates) / 1e9:10.0f}")
    passages = list(islice(texts(options.data), options.passages))
    embedders: dict[str, Embedder] = {"OpenVINO, int8": PackagedEmbedder()}
    if options.torch:
        embedders["sentence-transformers"] = SentenceTransformerEmbedder()
    heads = f"{'best tokens/s':>14}{'median':>10}{'GFLOP/s':>10}{'of int8':>10}{'by the clock':>14}"
    print(f"\n{'encoding':24}{heads}")
    for name, embedder in embedders.items():
        print(told(name, embedder, passages, options.rounds, max(ceilings["int8"])), flush=True)
    return 0


def products() -> dict[str, Callable[[], object]]:
    """One product of two matrices in each kind of number."""
    one, other = torch.randn(TOKENS, WIDTH), torch.randn(WIDTH, INNER)
    narrow = one.bfloat16(), other.bfloat16()
    whole = (one * 40).to(torch.int8), (other * 40).to(torch.int8)
    return {
        "fp32": lambda: one @ other,
        "bf16": lambda: narrow[0] @ narrow[1],
        "int8": lambda: torch._int_mm(*whole),
    }


def multiplied(product: Callable[[], object], rounds: int) -> list[float]:
    """Operations in a second of this thread's time, of each round."""
    for _ in range(5):
        product()
    rates = []
    for _ in range(rounds):
        began, times = time.thread_time(), 0
        while (seconds := time.thread_time() - began) < 0.5:
            product()
            times += 1
        rates.append(2.0 * TOKENS * WIDTH * INNER * times / seconds)
    return rates


def told(name: str, embedder: Embedder, passages: list[str], rounds: int, ceiling: float) -> str:
    """A line of the second table."""
    lengths = [min(tokens + 2, embedder.max_tokens) for tokens in embedder.count_tokens(passages)]
    embedder.embed_passages(passages[:32])
    speeds, by_the_clock = [], []
    for _ in range(rounds):
        began, clock = time.process_time(), time.perf_counter()
        embedder.embed_passages(passages)
        speeds.append(sum(lengths) / (time.process_time() - began))
        by_the_clock.append(sum(lengths) / (time.perf_counter() - clock))
    rate = max(speeds) * sum(map(operations, lengths)) / sum(lengths)
    return (
        f"{name:24}{max(speeds):14,.0f}{np.median(speeds):10,.0f}"
        f"{rate / 1e9:10.0f}{rate / ceiling:10.2f}{max(by_the_clock):14,.0f}"
    )


def operations(length: int) -> float:
    """Of the matrix products for one text of so many tokens: projections, attention, the two wide
    layers."""
    weights = 4 * WIDTH * WIDTH + 2 * WIDTH * INNER
    return 2.0 * LAYERS * length * (weights + 2 * length * WIDTH)


def texts(data: Path) -> list[str]:
    """Passages as they are embedded: a title and WORDS words."""
    made = []
    for article in islice(news.articles(data / "news" / "articles-small.jsonl.gz"), 500):
        words = article.text.split()
        made += [
            fold(f"{article.title}\n{' '.join(words[at : at + WORDS])}")
            for at in range(0, len(words), WORDS)
        ]
    return made
