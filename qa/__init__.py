"""Question (+ history) -> passages -> an answer of quoted sentences with proved citations."""

from qa.factory import ask, retrieve
from qa.types import Answer, Citation, Turn

__all__ = ["Answer", "Citation", "Turn", "ask", "retrieve"]
