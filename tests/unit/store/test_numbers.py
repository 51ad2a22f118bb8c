"""The hub's own number: unique, checkable, and found by any agency's number."""

from hypothesis import given
from hypothesis import strategies as st

from hub.store import numbers
from hub.store.database import Database


@given(st.integers(1, 999_999), st.integers(0, 17), st.integers(0, 9))
def test_one_wrong_digit_is_seen(sequence: int, place: int, digit: int) -> None:
    good = numbers.hub_number("421381", "202308", sequence)
    wrong = good[: place + 1] + str(digit) + good[place + 2 :]
    assert numbers.is_hub_number(good)
    assert (wrong == good) == numbers.is_hub_number(wrong)


@given(st.integers(1, 999_999), st.integers(1, 17))
def test_swapped_neighbours_are_seen(sequence: int, place: int) -> None:
    good = numbers.hub_number("421381", "202308", sequence)
    swapped = good[:place] + good[place + 1] + good[place] + good[place + 2 :]
    assert (swapped == good) == numbers.is_hub_number(swapped)


async def test_any_number_finds_the_case(database: Database) -> None:
    async with database.begin() as connection:
        case_id, hub = await numbers.open_case(connection, "421381", "202308")
        await numbers.join(connection, case_id, "e", {"police": "A1", "court": "C1"})
    async with database.read() as connection:
        for number in (hub, "A1", "C1"):
            assert await numbers.find_case(connection, number) == case_id
        assert await numbers.find_case(connection, "X") is None
        known = await numbers.owners(connection, [("police", "A1"), ("police", "X")])
        assert known == {("police", "A1"): case_id}
