"""LangChain as in `langchain_hybrid`, tuned: its model multiplies in bfloat16."""

import langchain_hybrid
import torch
from langchain_hybrid import build, opened, warm

__all__ = ["build", "opened", "warm"]

langchain_hybrid.settings["model_kwargs"] = {"dtype": torch.bfloat16}
