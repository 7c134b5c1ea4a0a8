"""Named arrays in a file: what was written comes back, and nothing else does."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of
from numpy.typing import NDArray

from index import arrays
from index.arrays import Streamed, Taking, Written

DTYPES = ("<i8", "<u4", "<f4", "|u1")
SHAPES = arrays_of.array_shapes(min_dims=1, max_dims=2, min_side=0, max_side=9)
ARRAYS = st.dictionaries(
    st.text(max_size=5),
    st.sampled_from(DTYPES).flatmap(lambda dtype: arrays_of.arrays(dtype, SHAPES)),
    max_size=4,
)


@given(ARRAYS, st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5)))
def test_what_was_written_comes_back(
    tmp_path_factory: pytest.TempPathFactory,
    given_arrays: dict[str, NDArray[Any]],
    said: dict[str, int | str],
) -> None:
    file = tmp_path_factory.mktemp("arrays") / "some.index"
    written = arrays.write(file, said, given_arrays)
    assert written.size == file.stat().st_size
    found = arrays.read(file, written)
    assert found is not None
    assert found.said == said
    assert found.arrays.keys() == given_arrays.keys()
    for name, array in given_arrays.items():
        assert found.arrays[name].dtype == array.dtype
        np.testing.assert_array_equal(found.arrays[name], array)
        assert not found.arrays[name].flags.writeable


def streamed(*pieces: NDArray[np.int64], length: int) -> Streamed:
    def give(take: Taking) -> None:
        for piece in pieces:
            take(piece)

    return Streamed(np.dtype("<i8"), length, give)


def test_what_is_made_while_it_is_written_makes_the_same_file(tmp_path: Path) -> None:
    numbers = np.arange(13)
    in_pieces = streamed(numbers[:5], numbers[5:5], numbers[5:], length=13)
    np.testing.assert_array_equal(arrays.whole(in_pieces), numbers)
    first, last = np.arange(3, dtype="<u4"), np.array([7], np.uint8)
    one = arrays.write(tmp_path / "one", {}, {"a": first, "b": numbers, "c": last})
    other = arrays.write(tmp_path / "other", {}, {"a": first, "b": in_pieces, "c": last})
    assert one == other


@pytest.mark.parametrize("length", [4, 6])
def test_what_is_not_as_long_as_it_said_is_not_written(tmp_path: Path, length: int) -> None:
    with pytest.raises(ValueError, match="some has"):
        arrays.write(tmp_path / "one", {}, {"some": streamed(np.arange(5), length=length)})
    assert list(tmp_path.iterdir()) == []


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Written]:
    """So large that it is mapped."""
    file = tmp_path_factory.mktemp("arrays") / "large.index"
    numbers = np.arange(1_000_000, dtype="<i8")
    return file, arrays.write(file, {}, {"few": numbers[:3], "many": numbers})


def test_a_large_file_comes_back_as_a_small_one_does(large: tuple[Path, Written]) -> None:
    found = arrays.read(*large)
    assert found is not None
    np.testing.assert_array_equal(found.arrays["many"], np.arange(1_000_000))
    assert found.arrays["few"].tolist() == [0, 1, 2]


def test_what_was_opened_stays_whole_when_the_file_is_replaced(
    large: tuple[Path, Written], tmp_path: Path
) -> None:
    file = tmp_path / "copy.index"
    file.write_bytes(large[0].read_bytes())
    found = arrays.read(file, large[1])
    assert found is not None
    arrays.write(file, {}, {"other": np.zeros(5)})
    assert found.arrays["many"][-1] == 999_999
    file.unlink()
    assert int(found.arrays["many"].sum()) == 499_999_500_000


def emptied(data: bytearray) -> None:
    data.clear()


def shortened(data: bytearray) -> None:
    del data[-1]


def lengthened(data: bytearray) -> None:
    data.append(0)


def flipped(data: bytearray) -> None:
    data[random.Random(len(data)).randrange(len(data))] ^= 4


@pytest.mark.parametrize("damage", [emptied, shortened, lengthened, flipped])
@pytest.mark.parametrize("is_large", [False, True])
def test_what_was_not_written_is_not_read(
    damage: Callable[[bytearray], None],
    is_large: bool,
    large: tuple[Path, Written],
    tmp_path: Path,
) -> None:
    file, written = tmp_path / "small.index", large[1]
    if is_large:
        data = bytearray(large[0].read_bytes())
    else:
        written = arrays.write(file, {}, {"numbers": np.arange(50)})
        data = bytearray(file.read_bytes())
    damage(data)
    file.write_bytes(data)
    assert arrays.read(file, written) is None
    assert not arrays.is_there(file, written, proved=True)
    assert arrays.is_there(file, written, proved=False) == (damage is flipped)


def test_what_is_missing_or_a_folder_is_not_read(tmp_path: Path) -> None:
    written = arrays.write(tmp_path / "some.index", {}, {})
    for place in (tmp_path, tmp_path / "other.index"):
        assert arrays.read(place, written) is None
        assert not arrays.is_there(place, written, proved=False)
