"""The commands that keep a collection in order."""

import shutil
from pathlib import Path

import apsw
import pytest

from index.locking import writing
from tests.qa.shells import FERRY, STOPPED, Shell, origins


def altered(path: Path, change: str) -> None:
    database = apsw.Connection(str(path / "collection.sqlite3"))
    database.execute(change)
    database.close()


@pytest.fixture
def own(folder: Path, tmp_path: Path) -> Path:
    """The folder of articles, for a test to change."""
    return Path(shutil.copytree(folder, tmp_path / "own"))


# --- add and sync ---


def test_an_add_of_nothing_makes_no_collection(shell: Shell, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "bare").mkdir()
    for paths in (["missing.txt"], [folder / "photo.txt", folder / "sheet.csv"], ["../bare"]):
        result = shell("add", *paths, "--collection", tmp_path / "made")
        assert result.code == 2
        assert "nothing could be added" in result.err
        assert not (tmp_path / "made").exists()


def test_a_moved_file_is_told(shell: Shell, own: Path, tmp_path: Path) -> None:
    shell("add", own, "--collection", tmp_path / "made")
    (own / "mill.md").rename(own / "islands" / "watermill.md")
    result = shell("add", own, "--collection", tmp_path / "made")
    assert (result.code, result.out) == (
        0,
        "0 added, 0 updated, 2 unchanged, 3 refused, 1 moved\n",
    )
    assert origins(tmp_path / "made") == {"watermill.md", "ferry.txt", "hotel.html"}


def test_sync_follows_a_folder(shell: Shell, own: Path, tmp_path: Path) -> None:
    path = tmp_path / "made"
    assert shell("sync", own, "--collection", path).code == 0
    (own / "mill.md").unlink()
    (own / "barge.txt").write_text(FERRY.replace("ferry", "barge"), "utf-8")
    told = shell("sync", own, "--collection", path, "--json")
    assert told.json["removed"] == [str(own / "mill.md")]
    assert told.json["added"] == [str(own / "barge.txt")]
    assert origins(path) == {"barge.txt", "ferry.txt", "hotel.html"}


def test_sync_of_a_missing_folder_says_that_nothing_was_removed(
    shell: Shell, own: Path, tmp_path: Path
) -> None:
    assert shell("sync", own / "absent", "--collection", tmp_path / "made").code == 2
    assert not (tmp_path / "made").exists()
    shell("sync", own, "--collection", tmp_path / "made")
    shutil.rmtree(own)
    result = shell("sync", own, "--collection", tmp_path / "made")
    assert (result.code, result.out) == (2, "")
    assert "nothing was removed" in result.err
    assert len(origins(tmp_path / "made")) == 3
    own.mkdir()
    result = shell("sync", own, "--collection", tmp_path / "made")
    assert (result.code, result.out) == (
        0,
        "0 added, 0 updated, 0 unchanged, 0 refused, 3 removed\n",
    )


# --- verify and repair ---


def test_verify_of_a_sound_collection(shell: Shell, made: Path) -> None:
    result = shell("verify", "--collection", made)
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith(f"{made}: 3 articles, ")
    assert result.out.endswith("everything is as it was written\n")
    assert shell("verify", "--collection", made, "--json").json["problems"] == []


def test_verify_exits_with_1_and_names_what_is_damaged(shell: Shell, copied: Path) -> None:
    altered(copied, "UPDATE article SET title = 'x' WHERE title LIKE 'Ferry%'")
    result = shell("verify", "--collection", copied)
    assert result.code == 1
    assert "ferry.txt): does not match its checksum" in result.out
    assert "repair" in result.err
    told = shell("verify", "--collection", copied, "--json")
    assert told.code == 1
    assert "ferry.txt" in told.json["problems"][0]["where"]


def test_verify_of_what_is_no_collection(shell: Shell, folder: Path, tmp_path: Path) -> None:
    for path in (folder, tmp_path / "absent"):
        result = shell("verify", "--collection", path)
        assert (result.code, result.out) == (2, "")
        assert "no collection at" in result.err
    (tmp_path / "begun").mkdir()
    assert shell("verify", "--collection", tmp_path / "begun").code == 0


def test_repair_makes_passages_again(shell: Shell, copied: Path) -> None:
    altered(copied, "UPDATE passage SET vector = zeroblob(9)")
    assert shell("verify", "--collection", copied).code == 1
    result = shell("repair", "--collection", copied)
    assert result.code == 0
    assert result.out.count("rebuilt: ") == 3
    assert result.out.endswith(f"{copied}: repaired; 3 articles\n")
    assert shell("verify", "--collection", copied).code == 0
    assert "October 1962" in shell("ask", STOPPED, "--collection", copied).out
    assert "nothing was damaged" in shell("repair", "--collection", copied).out


def test_repair_names_what_it_could_not_keep_and_add_brings_it_back(
    shell: Shell, copied: Path, folder: Path
) -> None:
    altered(copied, "UPDATE article SET title = 'x' WHERE title LIKE 'Ferry%'")
    result = shell("repair", "--collection", copied)
    assert result.code == 1
    assert "not kept: article" in result.err
    assert "ferry.txt" in result.err
    (file,) = copied.glob("quarantine-*.json")
    assert str(file) in result.err
    assert "44 cars" in file.read_text("utf-8")
    assert origins(copied) == {"mill.md", "hotel.html"}
    assert shell("add", folder / "islands", "--collection", copied).out.startswith("1 added")
    assert shell("verify", "--collection", copied).code == 0


# --- backup, restore, compact, reembed ---


def test_a_backup_is_restored(shell: Shell, copied: Path, folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "one.backup"
    result = shell("backup", target, "--collection", copied)
    assert (result.code, result.out) == (0, f"{target}: 3 articles, checked\n")
    shell("remove", folder / "mill.md", "--collection", copied)
    refused = shell("restore", target, "--collection", copied)
    assert refused.code == 2
    assert "--replace" in refused.err
    assert shell("restore", target, "--replace", "--collection", copied).code == 0
    assert shell("restore", target, "--collection", tmp_path / "other").code == 0
    for path in (copied, tmp_path / "other"):
        assert len(origins(path)) == 3
        assert "October 1962" in shell("ask", STOPPED, "--collection", path).out


def test_backups_that_cannot_be(shell: Shell, copied: Path, folder: Path, tmp_path: Path) -> None:
    mill = (folder / "mill.md").read_bytes()
    for arguments, code, said in (
        (["backup", folder / "mill.md", "--collection", copied], 2, "no backup of ours"),
        (["backup", "x", "--collection", tmp_path / "absent"], 2, "no collection at"),
        (["restore", "absent", "--collection", copied], 2, "no backup at"),
        (["restore", folder / "mill.md", "--replace", "--collection", copied], 1, "is no backup"),
    ):
        result = shell(*arguments)
        assert (result.code, result.out) == (code, "")
        assert said in result.err
    assert (folder / "mill.md").read_bytes() == mill
    altered(copied, "UPDATE article SET title = 'x' WHERE title LIKE 'Ferry%'")
    result = shell("backup", tmp_path / "one.backup", "--collection", copied)
    assert result.code == 1
    assert "ferry.txt" in result.err
    assert not (tmp_path / "one.backup").exists()


def test_compact_gives_room_back(shell: Shell, copied: Path) -> None:
    altered(copied, "CREATE TABLE filler(x)")
    altered(copied, "INSERT INTO filler VALUES (zeroblob(3000000))")
    altered(copied, "DROP TABLE filler")
    before = shell("stats", "--collection", copied, "--json").json["bytes"]
    told = shell("compact", "--collection", copied, "--json").json
    assert told["before"] == before
    assert told["after"] < before - 2_500_000
    assert shell("verify", "--collection", copied).code == 0


def test_reembed_with_another_model(shell: Shell, copied: Path, packaged: Path) -> None:
    # The same weights under another name: another fingerprint, and a model that is at hand.
    result = shell("reembed", "--model", packaged, "--collection", copied)
    assert result.code == 0
    assert f"--embedder {packaged}" in result.out
    refused = shell("ask", STOPPED, "--collection", copied)
    assert refused.code == 2
    assert "article-qa reembed --model" in refused.err
    assert "3 articles" in shell("stats", "--collection", copied).out  # needs no model
    again = shell("ask", STOPPED, "--collection", copied, "--embedder", packaged)
    assert "October 1962" in again.out
    assert shell("verify", "--collection", copied).code == 0
    missing = shell("reembed", "--model", "no/such-model", "--collection", copied)
    assert missing.code == 2
    assert shell("verify", "--collection", copied).code == 0


def test_what_another_process_does_is_told(shell: Shell, copied: Path, folder: Path) -> None:
    with writing(copied, "repairing it"):
        for command in (["add", folder], ["sync", folder], ["compact"], ["repair"]):
            result = shell(*command, "--collection", copied)
            assert (result.code, result.out) == (2, "")
            assert "being written by another process (repairing it)" in result.err
        assert shell("stats", "--collection", copied).code == 0
        assert shell("verify", "--collection", copied).code == 0


@pytest.mark.parametrize("command", ["sync", "verify", "repair", "compact", "backup", "restore"])
def test_help_tells_what_a_command_does(shell: Shell, command: str) -> None:
    result = shell(command, "--help")
    assert (result.code, result.err) == (0, "")
    assert f"    {command} " in shell("--help").out
