"""Article QA beside other libraries for the same work, each as its documentation sets it up."""

from bench.peers.comparison import add_arguments, run

__all__ = ["add_arguments", "run"]
