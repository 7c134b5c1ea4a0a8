"""The network of the joint reader and the resolver: one encoder, and small heads over its output.

The encoder is run once (`encode`); every head is a cheap step over what it made of a pair (`read`):
of question and passage for the reader, of question and earlier turns for the resolver. Imports
torch and transformers, which takes seconds: import this module only where it is about to be used.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from transformers import AttentionInterface, AttentionMaskInterface, BertConfig, BertModel
from transformers.masking_utils import sdpa_mask

from qa.tokens import Pair

# Frozen in training, so they are those of the packaged embedder and are not stored again.
SHARED = "enc.embeddings.word_embeddings.weight"

# Weights of a reader that was trained before there was a resolver lack these.
_RESOLVER = {"term.weight", "term.bias"}

# Logit of a token that may not be part of an answer; far below any other, and finite.
_NEVER = -1e4


# How attention is worked out: as `_attend` does, or by torch's own fused operation, which OpenVINO
# knows as one.
PRODUCTS, FUSED = "matmul", "sdpa"


def _attend(
    module: nn.Module,
    asked: Tensor,
    keys: Tensor,
    values: Tensor,
    mask: Tensor | None,
    scaling: float,
    **_: object,
) -> tuple[Tensor, None]:
    """Attention as two matrix products, all (n, heads, tokens, size); `mask` is true on tokens.

    On a CPU the backward pass of torch's fused attention takes more than a third of a step at
    these lengths; this takes 0.7 of the time of a step with it (1.16 s against 1.6 s, one core,
    4,048 tokens of length 184, bf16) and the forward pass alone as long as it.
    """
    scores = torch.matmul(asked * scaling, keys.transpose(-1, -2))
    if mask is not None:  # of padding only, so one row holds for all
        scores += torch.where(mask[:, :, :1], 0.0, _NEVER).to(scores.dtype)
    with torch.autocast("cpu", enabled=False):  # or it would be copied to float32 and back
        shares = torch.softmax(scores, -1)
    return torch.matmul(shares, values).transpose(1, 2).contiguous(), None


AttentionInterface.register(PRODUCTS, _attend)
AttentionMaskInterface.register(PRODUCTS, sdpa_mask)


class Batch(NamedTuple):
    """Padded pairs: (n, tokens) each, `start` and `end` (n,) positions, `end` inclusive."""

    ids: Tensor
    types: Tensor
    mask: Tensor
    readable: Tensor
    start: Tensor
    end: Tensor

    @property
    def answers(self) -> Tensor:
        """(n,) 1.0 where the passage answers, else 0.0."""
        return (self.start > 0).float()


def collate(pairs: Sequence[Pair]) -> Batch:
    """The pairs as tensors, padded to the longest."""
    shape = len(pairs), max(len(one.ids) for one in pairs)
    ids, types, mask = (torch.zeros(shape, dtype=torch.long) for _ in range(3))
    readable = torch.zeros(shape, dtype=torch.bool)
    for row, one in enumerate(pairs):
        length = len(one.ids)
        ids[row, :length] = torch.from_numpy(one.ids.astype("int64"))
        types[row, one.asked : length] = 1
        mask[row, :length] = 1
        readable[row, one.begin : one.end] = True
    start = torch.tensor([one.answer.start for one in pairs])
    end = torch.tensor([one.answer.end - 1 for one in pairs])
    return Batch(ids, types, mask, readable, start, end)


class Logits(NamedTuple):
    """What the heads say, all float32.

    `start` and `end` are (n, tokens); the first token stands for "this passage does not answer".
    `relevance` is (n,): the log odds that it does. `term` is (n, tokens): the log odds that this
    word of the earlier turns belongs to the question, too.
    """

    start: Tensor
    end: Tensor
    relevance: Tensor
    term: Tensor


class Network(nn.Module):
    """A BERT encoder without pooler and without dropout; heads for span, relevance and terms."""

    def __init__(self, config: BertConfig) -> None:
        super().__init__()
        self.enc = BertModel(config, add_pooling_layer=False)
        self.span = nn.Linear(config.hidden_size, 2)
        self.rel = nn.Linear(config.hidden_size, 1)
        self.term = nn.Linear(config.hidden_size, 1)

    def encode(self, ids: Tensor, types: Tensor, mask: Tensor) -> Tensor:
        """(n, tokens, hidden) from integer (n, tokens); `mask` is 1 on tokens, 0 on padding."""
        made: Tensor = self.enc(
            input_ids=ids, token_type_ids=types, attention_mask=mask
        ).last_hidden_state
        return made

    def read(self, hidden: Tensor, readable: Tensor) -> Logits:
        """All heads; `readable` (n, tokens) is true on the tokens of passage or earlier turns."""
        start, end = self.span(hidden).float().unbind(-1)
        allowed = readable.clone()
        allowed[:, 0] = True
        return Logits(
            start.masked_fill(~allowed, _NEVER),
            end.masked_fill(~allowed, _NEVER),
            self.rel(hidden[:, 0]).float().squeeze(-1),
            self.term(hidden).float().squeeze(-1),
        )

    def forward(self, ids: Tensor, types: Tensor, mask: Tensor, readable: Tensor) -> Logits:
        """`encode`, then `read`."""
        return self.read(self.encode(ids, types, mask), readable)


def packaged(folder: Path, attention: str = PRODUCTS) -> Network:
    """The encoder as it comes in the embedder's folder, with fresh heads (of torch's seed)."""
    config = BertConfig.from_pretrained(
        folder, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0
    )
    config._attn_implementation = attention
    model = Network(config)
    state = {
        f"enc.{name}": value
        for name, value in load_file(folder / "model.safetensors").items()
        if not name.startswith("pooler.") and not name.endswith("position_ids")
    }
    missing, unexpected = model.load_state_dict(state, strict=False)
    if unexpected or any(name.startswith("enc.") for name in missing):
        raise ValueError(f"{folder}: not this encoder; lacks {missing}, has also {unexpected}")
    for linear in (model.span, model.rel, model.term):
        nn.init.normal_(linear.weight, std=config.initializer_range)
        nn.init.zeros_(linear.bias)
    model.enc.embeddings.word_embeddings.weight.requires_grad_(False)
    return model


def load(folder: Path, weights: Path, attention: str = PRODUCTS) -> Network:
    """The packaged encoder overlaid with trained weights (see `save`)."""
    model = packaged(folder, attention)
    missing, unexpected = model.load_state_dict(load_file(weights), strict=False)
    if unexpected or set(missing) - _RESOLVER - {SHARED}:
        raise ValueError(f"{weights}: not a joint reader; lacks {missing}, has also {unexpected}")
    return model.eval()


def save(model: Network, weights: Path) -> None:
    """All weights but the shared word embeddings, in fp16."""
    state = {
        name: value.detach().to(torch.float16).contiguous()
        for name, value in model.state_dict().items()
        if name != SHARED
    }
    save_file(state, weights)
