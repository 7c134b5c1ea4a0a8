"""`python -m bench NAME`: one measurement."""

import argparse
import importlib
import sys

# Imported only when asked for: some need the packages of the `bench` extra.
MEASUREMENTS = {
    "growth": "10,000, 100,000 and a million passages: opening, asking, adding, memory, recall",
    "retrieval": "news questions: what each part of the search gives, in one table",
    "latency": "how long one question takes over 40,000 passages, the reader included",
    "reading": "a trained reader on SQuAD 2.0 dev and ClapNQ, each passage given",
    "answers": "news questions: short answers, citations and how sure, beside published readers",
    "conversation": "follow-ups: the terms resolved, beside people's, and what search gains",
    "extraction": "text, title and date of real web pages, beside plain trafilatura",
    "adding": "how fast files become articles, how busy the embedder is, and what memory it takes",
    "peers": "adding and searching beside txtai, LangChain, Haystack and LlamaIndex",
    "quantised": "what int8 costs in quality: embedder and reader beside the same in fp32",
    "ceiling": "how fast this machine multiplies, and what share of it encoding reaches",
    "load": "many people asking the chat at once: how long they wait, and what memory it takes",
    "faults": "kills, full disks, power loss, damage and races: what they do to a collection",
}


def main() -> int:
    """Run the measurement that was named."""
    parser = argparse.ArgumentParser(prog="python -m bench")
    chosen = parser.add_subparsers(required=True, metavar="NAME")
    for name, help in MEASUREMENTS.items():
        made = chosen.add_parser(name, help=help, description=help)
        if name in sys.argv[1:2]:
            module = importlib.import_module(f"bench.{name}")
            module.add_arguments(made)
            made.set_defaults(run=module.run)
    options = parser.parse_args()
    return int(options.run(options))


if __name__ == "__main__":
    sys.exit(main())
