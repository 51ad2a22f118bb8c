"""Identity numbers of GB 11643-1999; all of them invented."""

from __future__ import annotations

import pytest
from stdnum.iso7064 import mod_11_2

from hub.mapping.converters.converter import Converter
from hub.mapping.converters.identity import cross_check, upgrade
from hub.mapping.value import ABSENT, Unreadable
from tests.unit.mapping.conftest import bare

Converters = dict[str, Converter]


def checked(body: str) -> str:
    """17 digits with their check digit."""
    return body + str(mod_11_2.calc_check_digit(body))


HONG_KONG = checked("81000019000101019")
assert HONG_KONG.endswith("X")

VECTORS = (
    "421381190001010010",
    "422224196207311017",
    "429001197510202038",
    "820000199001010010",
    "421303199912319993",
)


@pytest.mark.parametrize("number", VECTORS)
def test_a_good_number_is_read_as_it_is(converters: Converters, number: str) -> None:
    read = converters["id_number"].read
    assert read is not None
    assert read(number) == number


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("422224620731101", "422224196207311017"),
        (422224620731101, "422224196207311017"),
        ("422224 620731 101", "422224196207311017"),
        ("４２１３８１１９０００１０１００１０", "421381190001010010"),
        ("'421381190001010010", "421381190001010010"),
        ("’421381190001010010", "421381190001010010"),
        ("  421381190001010010\u200b", "421381190001010010"),
        ("421381 19000101 0010", "421381190001010010"),
        (421381190001010010, "421381190001010010"),
        (HONG_KONG.lower(), HONG_KONG),
        ("８１００００１９０００１０１０１９Ｘ", HONG_KONG),
    ],
)
def test_a_number_is_brought_to_its_form(
    converters: Converters, raw: str | int, number: str
) -> None:
    read = converters["id_number"].read
    assert read is not None
    assert bare(read(raw)) == number


def test_an_old_number_of_a_centenarian_belongs_to_the_century_before() -> None:
    assert upgrade("422224840101996")[6:14] == "18840101"
    assert upgrade("422224840101995")[6:14] == "19840101"


@pytest.mark.parametrize(
    "division",
    [
        "422224",  # 应山县, to 1987
        "422204",  # 广水市, 1988-92
        "429011",  # 1993-94
        "420983",  # 1995-99
        "421381",  # since 2000
    ],
)
def test_a_division_counts_though_it_was_withdrawn(
    converters: Converters, division: str
) -> None:
    number = checked(f"{division}19000101001")
    read = converters["id_number"].read
    assert read is not None
    assert read(number) == number


@pytest.mark.parametrize("division", ["810000", "820000", "830000"])
def test_a_residence_permit_is_read(converters: Converters, division: str) -> None:
    number = checked(f"{division}19000101001")
    read = converters["id_number"].read
    assert read is not None
    assert read(number) == number


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("421381190001010011", "check digit"),
        ("421381190001010X10", "15 nor 18"),
        ("42138119000101001", "15 nor 18"),
        ("4213811900010100100", "15 nor 18"),
        ("421381********0010", "masked"),
        ("4.21381E+17", "scientific"),
        ("4.2138119000101E+17", "scientific"),
        (4.2138119000101e17, "scientific"),
        ("H1234567", "15 nor 18"),
        ("无", "15 nor 18"),
        (checked("42138119000230001"), "birth date"),
        (checked("42138118791231001"), "birth date"),
        (checked("42138129990101001"), "birth date"),
        (checked("99000019001301001"), "birth date"),
        (checked("00000019000101001"), "division"),
        (checked("42139919000101001"), "division"),
    ],
)
def test_a_number_that_cannot_be_is_kept_with_the_reason(
    converters: Converters, raw: str | float, reason: str
) -> None:
    read = converters["id_number"].read
    assert read is not None
    found = read(raw)
    assert isinstance(found, Unreadable)
    assert found.original == str(raw)
    assert found.reason is not None
    assert reason in found.reason.en
    assert found.reason.zh


def test_a_foreigner_s_card_has_no_division(converters: Converters) -> None:
    number = checked("91134419000101001")
    read = converters["id_number"].read
    assert read is not None
    assert read(number) == number


def test_a_blank_number_is_absent(converters: Converters) -> None:
    read = converters["id_number"].read
    assert read is not None
    assert [read(blank) for blank in ("", " ", "-", "null")] == [ABSENT] * 4


def test_a_number_is_written_with_15_digits_where_it_had_them(
    converters: Converters,
) -> None:
    write = converters["id_number_15"].write
    assert write is not None
    assert write("422224196207311017") == "422224620731101"
    assert isinstance(write("421381200001010017"), Unreadable)


@pytest.mark.parametrize(
    ("raw", "day"),
    [
        ("421381190001010010", "1900-01-01"),
        ("422224620731101", "1962-07-31"),
        ("", ABSENT),
    ],
)
def test_a_number_tells_the_birth_date(
    converters: Converters, raw: str, day: object
) -> None:
    read = converters["birth_of_id_number"].read
    assert read is not None
    assert bare(read(raw)) == day
    assert isinstance(read("421381190002300010"), Unreadable)


@pytest.mark.parametrize(
    ("number", "birth_date", "sex", "objections"),
    [
        ("422224196207311017", "1962-07-31", "1", []),
        ("422224196207311017", "", "", []),
        ("422224196207311017", "1962-07-31", "0", []),
        ("422224196207311017", "1962-07-31", "9", []),
        ("422224196207311017", "1962-07-30", "1", ["birth date"]),
        ("422224196207311017", "1962-07-31", "2", ["sex"]),
        ("422224196207311017", "1963-01-01", "2", ["birth date", "sex"]),
        ("A123", "1963-01-01", "2", []),
    ],
)
def test_a_number_is_checked_against_birth_date_and_sex(
    number: str, birth_date: str, sex: str, objections: list[str]
) -> None:
    found = cross_check(number, birth_date, sex)
    assert len(found) == len(objections)
    for one, words in zip(found, objections, strict=True):
        assert words in one.en
        assert one.zh
