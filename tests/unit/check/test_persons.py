import pytest

from hub.check.persons import is_possible, real_looking
from hub.mapping.converters.identity import check_character

DIVISIONS = frozenset({"421381", "110101"})


def number(division, born, sequence="123"):
    body = f"{division}{born}{sequence}"
    return body + check_character(body)


@pytest.mark.parametrize(
    ("told", "is_told"),
    [
        (number("421381", "19850307"), True),
        (number("421381", "19060101"), True),
        (number("421381", "19051231"), False),
        (number("421381", "19850230"), False),
        (number("421381", "21000101"), False),
        (number("990000", "19850307"), False),
        ("421381850307123", True),
        ("421381020307123", False),
    ],
)
def test_an_identity_number_is_real_looking_only_if_all_of_it_may_be(told, is_told):
    assert is_possible(told, DIVISIONS) is is_told
    assert bool(list(real_looking(f"<ZJHM>{told}</ZJHM>", DIVISIONS))) is is_told


def test_a_wrong_check_digit_passes():
    told = number("421381", "19850307")
    wrong = told[:17] + ("0" if told[17] != "0" else "1")
    assert not list(real_looking(wrong, DIVISIONS))


def test_full_width_digits_and_blanks_hide_nothing():
    told = number("421381", "19850307")
    wide = "".join(chr(ord(one) + 0xFEE0) for one in told)
    assert list(real_looking(f"证号{wide}", DIVISIONS))
    assert list(real_looking(f"{told[:6]} {told[6:14]} {told[14:]}", DIVISIONS))


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        ("电话13812345678", True),
        ("+86 138 1234 5678", True),
        ("138-1234-5678", True),
        ("10012345678", False),
        ("1390000000012", False),
        ("9f0c13812345678c9f0c", False),
        ("0.13812345678", False),
    ],
)
def test_a_mobile_number_that_a_network_may_give_is_told(text, is_told):
    assert bool(list(real_looking(text, DIVISIONS))) is is_told


def test_the_message_holds_no_number():
    told = number("421381", "19850307")
    (message,) = real_looking(told, DIVISIONS)
    assert told not in "".join(message)
