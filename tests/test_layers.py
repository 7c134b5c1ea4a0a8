"""Which part may import which, and what no part may do; read from the source, not by running it."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
SHIPPED = ("index", "qa", "chat", "app.py")
HISTORY = ("records.py", "records_file.py")


def sources(*parts: str) -> list[Path]:
    return sorted(
        file
        for part in parts
        for file in ([ROOT / part] if part.endswith(".py") else (ROOT / part).rglob("*.py"))
    )


def imports(file: Path) -> set[str]:
    """The dotted names of all that a file imports, wherever it does so."""
    found = set[str]()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                folder = file.relative_to(ROOT).parts[: -node.level]
                base = ".".join((*folder, base) if base else folder)
            found |= {base} | {f"{base}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Call):
            found |= imported_by_name(node)
    return found


def imported_by_name(call: ast.Call) -> set[str]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name not in ("import_module", "__import__", "find_spec"):
        return set()
    return {
        argument.value
        for argument in call.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    }


def offending(files: list[Path], *forbidden: str) -> Iterator[str]:
    for file in files:
        for name in imports(file):
            if any(name == one or name.startswith(f"{one}.") for one in forbidden):
                yield f"{file.relative_to(ROOT)} imports {name}"


def test_the_sources_are_found_and_read() -> None:
    assert {file.name for file in sources("index", "app.py")} >= {"app.py", "collection.py"}
    assert "sqlite3" not in imports(ROOT / "index" / "database.py")
    assert {"apsw", "index.rows"} <= imports(ROOT / "index" / "database.py")


def test_index_knows_nothing_of_what_is_built_on_it() -> None:
    assert list(offending(sources("index"), "qa", "chat", "app", "gradio")) == []


def test_qa_reaches_the_stores_only_through_index() -> None:
    assert list(offending(sources("qa"), "faiss", "sqlite3", "gradio", "chat")) == []
    # The history is a file of its own, which knows of no store.
    others = [file for file in sources("qa") if file.name not in HISTORY]
    assert list(offending(others, "apsw")) == []
    assert list(offending(sources(*[f"qa/{name}" for name in HISTORY]), "index.collection")) == []


def test_only_the_shell_imports_the_chat() -> None:
    files = [file for file in sources("qa") if file.name != "__main__.py"]
    assert list(offending(files, "app")) == []


def test_only_the_store_knows_sqlite_and_only_dense_knows_faiss() -> None:
    stores = {"database.py", "migrations.py", "store.py", "rows.py", "lexical.py", "terms.py"}
    stores |= {"clusters.py", "copies.py", *HISTORY}
    files = sources(*SHIPPED)
    assert list(offending([f for f in files if f.name not in stores], "apsw", "sqlite3")) == []
    assert list(offending([f for f in files if f.name != "dense.py"], "faiss")) == []


def test_the_chat_uses_no_part_of_a_store() -> None:
    inside = ("index.store", "index.database", "index.dense", "index.lexical", "index.rows")
    assert list(offending(sources("chat", "app.py", "qa"), *inside)) == []


def test_nothing_imports_the_shell() -> None:
    files = sources("index", "qa", "chat", "app.py", "bench", "training")
    assert list(offending(files, "qa.__main__")) == []


def test_nothing_shipped_imports_the_measurements_or_the_training() -> None:
    assert list(offending(sources(*SHIPPED), "bench", "training")) == []


def test_tests_are_imported_by_tests_only() -> None:
    assert list(offending(sources(*SHIPPED, "bench", "training"), "tests")) == []


UNSAFE_MODULES = tuple("pickle cPickle _pickle joblib dill cloudpickle shelve marshal".split())
EVERYTHING = (*SHIPPED, "bench", "training")


def test_no_format_that_runs_code_is_ever_read_or_written() -> None:
    assert list(offending(sources(*EVERYTHING), *UNSAFE_MODULES)) == []


def keywords(call: ast.Call) -> dict[str, object]:
    return {
        keyword.arg: keyword.value.value
        for keyword in call.keywords
        if keyword.arg and isinstance(keyword.value, ast.Constant)
    }


def unsafe(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        said = ast.unparse(node.func)
        given = {keyword.arg for keyword in node.keywords}
        constant = keywords(node)
        if said == "torch.load" or said.endswith(".read_pickle"):
            yield said
        if "trust_remote_code" in given and constant.get("trust_remote_code") is not False:
            yield f"{said}(trust_remote_code=…)"
        if "allow_pickle" in given and constant.get("allow_pickle") is not False:
            yield f"{said}(allow_pickle=…)"
        if said in ("eval", "exec", "os.system") or constant.get("shell") is True:
            yield said
        if said == "yaml.load" and not ast.unparse(node).endswith(("SafeLoader)", "BaseLoader)")):
            yield said


def test_nothing_loads_or_runs_code_from_data() -> None:
    assert {
        str(file.relative_to(ROOT)): found
        for file in sources(*EVERYTHING)
        if (found := list(unsafe(file)))
    } == {}


BAD = """
torch.load("x")
np.load("x", allow_pickle=True)
load(trust_remote_code=flag)
eval("1")
run("x", shell=True)
yaml.load(x, yaml.Loader)
"""
GOOD = """
np.load("x", allow_pickle=False)
load(trust_remote_code=False)
run("x")
yaml.load(x, yaml.BaseLoader)
"""


def test_the_check_sees_what_it_should(tmp_path: Path) -> None:
    (tmp_path / "bad.py").write_text(BAD)
    (tmp_path / "good.py").write_text(GOOD)
    assert len(list(unsafe(tmp_path / "bad.py"))) == 6
    assert list(unsafe(tmp_path / "good.py")) == []
