"""Convert a network for OpenVINO and quantise it to int8: embedder, reader or resolver.

Writes `int8.xml`, `int8.bin` and `openvino.json`, which names the weights by their SHA-256; after
other weights have been trained, the same command is run again. nncf watches what 300 texts do in
the network, which decides the ranges of its integers: passages of news articles that no
measurement uses, questions that the reader may be trained on with their paragraphs, or follow-ups.
Needs `pip install nncf`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import logging
import random
import shutil
from collections.abc import Sequence
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import normalize

from bench import news
from index import converted, packaged
from index.embedder import PACKAGED_SHA256, packaged_folder
from index.folding import fold
from index.packaged import CLS, FOLDER, SEP, TOKENIZER, WORDS
from index.passages import split
from qa import joint_reader, network, passes, resolver
from qa.network import Network
from qa.tokens import Pair, WordPieces, windows
from qa.turns import told
from training import data, rewritings

SAMPLES = 300
ARTICLES = 600
MAX_TOKENS = 288
_SEED = 0


class Embedding(nn.Module):
    """The encoder with what makes it an embedder: the mean over the tokens, of norm 1."""

    def __init__(self, encoder: nn.Module) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, embedded: Tensor, mask: Tensor) -> Tensor:
        """(n, dimensions) from embedded words (n, tokens, dimensions) and integer (n, tokens)."""
        made = self.encoder(
            inputs_embeds=embedded.float(),
            attention_mask=mask,
            token_type_ids=torch.zeros_like(mask),
        )
        shown = mask.unsqueeze(-1).float()
        return normalize((made.last_hidden_state * shown).sum(1) / shown.sum(1), dim=1)


class Heads(nn.Module):
    """The reader without its last step, which sets what may be no answer aside."""

    def __init__(self, reader: Network) -> None:
        super().__init__()
        self.reader = reader

    def forward(
        self, embedded: Tensor, mask: Tensor, types: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Logits of spans (n, tokens, 2), of relevance (n, 1) and of terms (n, tokens, 1)."""
        hidden = self.reader.enc(
            inputs_embeds=embedded.float(), attention_mask=mask, token_type_ids=types
        ).last_hidden_state
        return self.reader.span(hidden), self.reader.rel(hidden[:, 0]), self.reader.term(hidden)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `python -m training quantise`."""
    parser.add_argument("what", choices=("embedder", "reader", "resolver"))
    parser.add_argument("--data", type=Path, required=True, help="folder with news/ and reader/")
    parser.add_argument(
        "--weights", type=Path, help="folder of the weights, of the embedder the one to write to"
    )


def run(options: argparse.Namespace) -> int:
    """Convert, quantise, write; 0."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    if options.what == "embedder":
        embedder(options.data, options.weights or FOLDER)
    elif options.what == "reader":
        folder = options.weights or joint_reader.PACKAGED
        pair_network(folder, joint_reader.WEIGHTS, _pairs(options.data))
    else:
        folder = options.weights or resolver.PACKAGED
        pair_network(folder, resolver.WEIGHTS, _told(options.data))
    return 0


def embedder(folder_of_data: Path, out: Path) -> None:
    """The packaged embedder, with its tokenizer."""
    out.mkdir(parents=True, exist_ok=True)
    folder = packaged_folder()
    shutil.copyfile(folder / TOKENIZER, out / TOKENIZER)
    pieces = WordPieces(folder)
    passages = [one.ids.tolist() for one in pieces.of(_passages(folder_of_data, pieces))]
    encoder = network.packaged(folder, network.FUSED).enc
    words = encoder.embeddings.word_embeddings.weight.detach().numpy().astype(np.float16)
    np.save(out / WORDS, words)
    drawn = ([CLS, *ids[: 256 - 2], SEP] for ids in _drawn(passages, SAMPLES))
    padded = (converted.padded([ids], multiple=1) for ids in drawn)
    batches = [(words[ids], mask) for ids, mask in padded]
    write(quantised(Embedding(encoder), batches), out, PACKAGED_SHA256, (TOKENIZER, WORDS))


def pair_network(folder: Path, weights: str, pairs: Sequence[Pair]) -> None:
    """A network of pairs, with all its heads."""
    read = network.load(packaged_folder(), folder / weights, network.FUSED)
    words = packaged.words()
    batches = [passes.inputs([pair], words, multiple=1) for pair in pairs]
    made_from = hashlib.sha256((folder / weights).read_bytes()).hexdigest()
    write(quantised(Heads(read), batches), folder, made_from)


def quantised(model: nn.Module, batches: Sequence[converted.Inputs]) -> Any:
    """The network in OpenVINO's form, its matrices and their inputs in int8."""
    converted.refuse_telemetry()
    import nncf
    import openvino
    from openvino.tools.ovc import convert_model

    example = tuple(map(torch.from_numpy, batches[0]))
    shapes = [openvino.PartialShape([-1, -1, *each.shape[2:]]) for each in batches[0]]
    with torch.inference_mode():
        made = convert_model(model.eval(), example_input=example, input=shapes)
    return nncf.quantize(
        made,
        nncf.Dataset(batches),
        model_type=nncf.ModelType.TRANSFORMER,
        subset_size=len(batches),
    )


def write(made: Any, folder: Path, made_from: str, beside: Sequence[str] = ()) -> None:
    """The network and its description."""
    openvino = converted.import_openvino()
    openvino.save_model(made, folder / converted.NETWORK)
    names = (converted.NETWORK, converted.WEIGHTS, *beside)
    described = {
        "made_from": made_from,
        "files": {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names},
        "made_with": {name: version(name) for name in ("openvino", "nncf", "torch")},
    }
    (folder / converted.DESCRIPTION).write_text(json.dumps(described, indent=2) + "\n")
    logging.info("wrote %s from %s", folder / converted.NETWORK, made_from)


def _passages(folder: Path, pieces: WordPieces) -> list[str]:
    """What is embedded of the first ARTICLES articles that no measurement uses."""
    articles = news.articles(folder / "news" / "articles-rest.jsonl.gz")

    def count(texts: Sequence[str]) -> list[int]:
        return [len(one.ids) for one in pieces.of(texts)]

    return [
        fold(f"{article.title}\n{article.text[spans[0].start : spans[-1].end]}")
        for article in islice(articles, ARTICLES)
        for spans in split(article.text, count, limit=200, language="en")
    ]


def _pairs(folder: Path) -> list[Pair]:
    """Questions with the paragraphs that they were put to, half of them with titles."""
    reading = data.training(folder)
    pieces = WordPieces(packaged_folder())
    made = []
    for n, question in enumerate(_drawn(reading.questions, SAMPLES)):
        paragraph = reading.paragraphs[question.paragraph]
        title = paragraph.title if n % 2 else ""
        asked, passage, headline = pieces.of([question.text, paragraph.text, title])
        made += windows(asked.ids, passage.ids, headline.ids, limit=MAX_TOKENS, overlap=0)[:1]
    return made


def _told(folder: Path) -> list[Pair]:
    """People's follow-ups that are trained on."""
    pieces = WordPieces(packaged_folder())
    drawn = _drawn(rewritings.of_people(folder), SAMPLES)
    return [told(pieces, one.question, one.turns).pair for one in drawn]


def _drawn(those: Sequence[Any], count: int) -> list[Any]:
    return random.Random(_SEED).sample(those, count)
