"""One library in a process of its own: `driver.py LIBRARY add|ask|first MODEL FILE FOLDER`.

Runs in the environment of that library and imports nothing of this project but the module named
LIBRARY beside it, which has `build(model, passages, folder)`, and `opened(model, folder)` giving a
search from (question, k) to ids of passages, best first. A passage is [id, title, text]. Prints
one line of JSON.
"""

import importlib
import json
import sys
import time
from pathlib import Path

# Passages asked for: ten articles are more than ten of these at times.
DEPTH = 30


def main() -> None:
    """Run one of the three tasks."""
    library, task, model, file, folder = sys.argv[1:]
    given = json.loads(Path(file).read_text("utf-8"))
    module = importlib.import_module(library)
    if task == "add":
        module.warm(model)
        began = time.perf_counter()
        module.build(model, given["passages"], folder)
        told = {"seconds": time.perf_counter() - began}
    else:
        questions = given["questions"] if task == "ask" else given["questions"][:1]
        search = module.opened(model, folder)
        if task == "ask":
            for question in questions[:5]:
                search(question, DEPTH)
        found, seconds = [], []
        for question in questions:
            began = time.perf_counter()
            found.append(search(question, DEPTH))
            seconds.append(time.perf_counter() - began)
        told = {"found": found, "seconds": seconds}
    print(json.dumps({**told, "peak": peak()}))


def peak() -> float:
    """The most memory that this process has held, in MB."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1_000
    return 0.0


if __name__ == "__main__":
    main()
