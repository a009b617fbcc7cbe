"""Which codes are strong."""

from hypothesis import given, strategies as st
import pytest

from custom_components.cabinet_secure.practice.grants.codes import is_strong, neighbours

CODES = st.text("0123456789", min_size=6, max_size=10)


@pytest.mark.parametrize(
    "code",
    [
        "111111",
        "112233",
        "121212",
        "123123",
        "012987",
        "456913",
        "987051",
        "700052",
        "150785",
        "071585",
        "850715",
        "198473",
        "852074",
        "538835",
        "12a456",
        "",
    ],
)
def test_dates_repeats_runs_and_mirrors_are_weak(code: str) -> None:
    assert not is_strong(code)


@pytest.mark.parametrize("code", ["739584", "583947", "4739", "94750638"])
def test_what_has_no_pattern_is_strong(code: str) -> None:
    assert is_strong(code)


def test_enough_strong_codes_are_left_that_nobody_guesses_one() -> None:
    strong = sum(is_strong(f"{number:06}") for number in range(0, 1_000_000, 7))
    assert strong > 1_000_000 / 7 * 0.3


@given(CODES)
def test_a_neighbour_is_one_slip_away(code: str) -> None:
    near = list(neighbours(code))
    assert code not in near
    for other in near:
        assert len(other) == len(code)
        differing = [n for n in range(len(code)) if code[n] != other[n]]
        assert len(differing) <= 2
        if len(differing) == 2:
            assert sorted(code) == sorted(other)
            assert differing[1] == differing[0] + 1
    assert len(set(near)) >= 9 * len(code)
