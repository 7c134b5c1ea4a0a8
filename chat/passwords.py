"""Passwords of a served chat: only their hashes are kept, in a file that its owner alone may read.

A line for each role, `readers` and `editors`, with the salt and the scrypt hash (RFC 7914).
Readers ask; editors also add and remove articles. Without a line for editors, readers may do both.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path
from typing import Literal, get_args

from index.errors import ArticleQAError

Role = Literal["readers", "editors"]
ROLES: tuple[Role, ...] = get_args(Role)

SHORTEST = 10  # characters
LONGEST = 1_000
# What OWASP's password storage sheet gives for scrypt: 64 MB and about 0.2 s for each try.
COST = 2**16


def hashed(password: str, cost: int = COST) -> str:
    """The password's hash with a salt of its own, as one word; `cost` is scrypt's N."""
    salt = secrets.token_bytes(16)
    return f"scrypt${cost}${salt.hex()}${_hash(password, salt, cost).hex()}"


def matches(password: str, kept: str) -> bool:
    """Whether `kept` is a hash of this password. Raises ValueError if it is no hash of ours."""
    name, cost, salt, wanted = kept.split("$")
    if name != "scrypt" or not 2 <= int(cost) <= COST:
        raise ValueError("not a hash of this program")
    made = _hash(password, bytes.fromhex(salt), int(cost))
    return hmac.compare_digest(made, bytes.fromhex(wanted))


def read(file: Path) -> dict[Role, str]:
    """The hashes in a file. Raises ArticleQAError if there are none, or others may read it."""
    try:
        lines = file.read_text("utf-8").split("\n")
        if os.name == "posix" and file.stat().st_mode & 0o077:
            raise ArticleQAError(f"Others can read {file}: make it yours with chmod 600 {file}")
    except (OSError, UnicodeDecodeError) as error:
        raise ArticleQAError(
            f"The password file {file} cannot be read ({error}): make one with "
            f"article-qa password {file}"
        ) from error
    kept: dict[Role, str] = {}
    for line in filter(None, map(str.strip, lines)):
        name, _, hash = line.partition(" ")
        role = next((role for role in ROLES if role == name), None)
        try:
            matches("", hash)
        except ValueError:
            role = None
        if role is None:
            raise ArticleQAError(f"{file} is no password file of this program.")
        kept[role] = hash
    if not kept:
        raise ArticleQAError(f"{file} holds no password: article-qa password {file}")
    return kept


def write(file: Path, role: Role, password: str) -> None:
    """Set the password of one role; the other stays. Raises ArticleQAError, OSError."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise ArticleQAError(f"A password has at least {SHORTEST} characters.")
    kept = read(file) if file.exists() else {}
    kept[role] = hashed(password)
    temporary = file.with_name(f"{file.name}.new")
    temporary.unlink(missing_ok=True)
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
        opened.writelines(f"{name} {hash}\n" for name, hash in kept.items())
    temporary.replace(file)


def _hash(password: str, salt: bytes, cost: int) -> bytes:
    secret = password.encode("utf-8", "surrogatepass")
    return hashlib.scrypt(secret, salt=salt, n=cost, r=8, p=1, maxmem=2 * 128 * COST * 8)
