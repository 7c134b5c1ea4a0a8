from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from index.rows import checksum

COLUMN = st.one_of(
    st.none(),
    st.integers(-(2**63), 2**63 - 1),
    st.text(st.characters(exclude_categories=["Cs"])),
    st.binary(),
)


def test_a_checksum_is_the_same_wherever_and_whenever_it_is_made() -> None:
    # Stored in every collection: a change here makes all of them unreadable.
    assert checksum(("Kyiv “Київ” 😀\u1c89", 7, None, b"\x00\xff")) == 1_904_589_759


def test_columns_do_not_run_together_and_types_differ() -> None:
    different: list[tuple[object, ...]] = [
        ("ab", "c"),
        ("a", "bc"),
        ("abc",),
        ("abc", ""),
        ("", "abc"),
        (b"abc",),
        (None,),
        ("None",),
        (1,),
        ("1",),
        (b"1",),
        (),
    ]
    for one, other in combinations(different, 2):
        assert checksum(one) != checksum(other)


@given(st.lists(COLUMN, max_size=5))
def test_any_row_has_a_checksum_of_32_bits(columns: list[object]) -> None:
    assert 0 <= checksum(columns) < 2**32
    assert checksum(columns) == checksum(tuple(columns))
