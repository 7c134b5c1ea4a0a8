"""What is kept of a turn as JSON, and back.

A field that is added later with a default is missing in what was kept before, and gets it; one
that is no longer known is passed over. So old answers stay readable.
"""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

_T = TypeVar("_T")


def plain(value: object) -> Any:
    """A value of our frozen types as what JSON has."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {one.name: plain(getattr(value, one.name)) for one in dataclasses.fields(value)}
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value


def built(kind: type[_T], value: object) -> _T:
    """The dataclass `kind` from what `plain` made of one. Raises ValueError."""
    try:
        made: _T = _built(kind, value)
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"no {kind.__name__}: {error}") from error
    return made


def _built(kind: Any, value: Any) -> Any:
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        some = [one for one in inner if one is not type(None)]
        return None if value is None else _built(some[0], value)
    if origin is Literal:
        if value not in inner:
            raise ValueError(f"{value!r} is none of {inner}")
        return value
    if origin is tuple:
        return tuple(_built(inner[0], one) for one in value)
    if origin is not None and issubclass(origin, Mapping):
        return {key: _built(inner[1], one) for key, one in value.items()}
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        known = _fields(kind)
        made: Any = kind
        return made(**{name: _built(known[name], value[name]) for name in known if name in value})
    if issubclass(kind, tuple):  # a NamedTuple
        return kind(*value)
    if issubclass(kind, date):
        return kind.fromisoformat(value)
    if kind is float and isinstance(value, int):
        return float(value)
    if not isinstance(value, kind):
        raise ValueError(f"{value!r:.80} is no {kind.__name__}")
    return value


@lru_cache
def _fields(kind: type) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {one.name: hints[one.name] for one in dataclasses.fields(kind)}
