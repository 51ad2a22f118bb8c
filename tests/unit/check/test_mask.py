import re

import pytest

from hub.check.mask import Masks
from hub.check.persons import is_possible, real_looking
from hub.mapping.converters.identity import check_character

DIVISIONS = ("421381", "110101", "422224")


@pytest.fixture
def masks():
    return Masks(DIVISIONS)


def number(born="19850307", sequence="123"):
    body = f"421381{born}{sequence}"
    return body + check_character(body)


@pytest.mark.parametrize(
    "name", ["张三", "阿卜杜拉·买买提", " 㛃 㵘", "欧阳建国", "WANG Xiao", "张 三"]
)
def test_a_name_keeps_its_shape_and_its_bytes(masks, name):
    made = masks.name(name)
    assert made != name
    assert masks.name(name) == made
    assert [one.isspace() or one == "·" for one in made] == [
        one.isspace() or one == "·" for one in name
    ]
    for charset in ("utf-8", "gb18030"):
        assert len(made.encode(charset)) == len(name.encode(charset))


def test_another_recording_has_other_masks():
    assert len({Masks(DIVISIONS).name("欧阳建国") for _ in range(20)}) > 1


def test_a_name_in_a_text_bears_its_own_mask(masks):
    made = masks.name("欧阳建国")
    text = masks.text("2023年，欧阳建国盗窃一案")
    assert made in text
    assert "盗窃" not in text
    assert len(text) == len("2023年，欧阳建国盗窃一案")


@pytest.mark.parametrize("born", ["19850307", "20010230", "19991231"])
@pytest.mark.parametrize("shape", ["{}", "'{}", " {} ", "wide", "spaced"])
def test_an_identity_number_becomes_one_that_nobody_has(masks, born, shape):
    told = number(born)
    text = shape.format(told)
    if shape == "wide":
        text = "".join(chr(ord(one) + 0xFEE0) for one in told)
    if shape == "spaced":
        text = f"{told[:6]} {told[6:14]} {told[14:]}"
    made = masks.identity(text)
    assert len(made) == len(text)
    assert [one.isalnum() for one in made] == [one.isalnum() for one in text]
    assert not list(real_looking(made, frozenset(DIVISIONS)))
    plain = re.sub(r"\W", "", "".join(_narrow(one) for one in made))
    assert 1900 <= int(plain[6:10]) <= 1905
    assert plain[:6] in DIVISIONS
    assert check_character(plain) == plain[17]
    assert int(plain[16]) % 2 == int(told[16]) % 2


def _narrow(one):
    return chr(ord(one) - 0xFEE0) if "！" <= one <= "～" else one


def test_a_wrong_check_digit_stays_wrong_and_an_old_number_old(masks):
    told = number()
    wrong = told[:17] + ("1" if told[17] != "1" else "2")
    made = masks.identity(wrong)
    assert check_character(made) != made[17]
    old = masks.identity("421381850307123")
    assert len(old) == 15
    assert not is_possible(old, frozenset(DIVISIONS))


def test_birth_and_number_of_one_person_still_agree(masks):
    made = masks.identity(number("19850307"))
    assert masks.birth("1985-03-07").replace("-", "") == made[6:14]
    assert masks.birth("1985年03月07日") == (
        f"{made[6:10]}年{made[10:12]}月{made[12:14]}日"
    )


@pytest.mark.parametrize(
    "told",
    [
        "1985-03-07",
        "1985.3.7",
        "1985/12/31",
        "19850307",
        "1985年3月7日",
        "１９８５0307",
    ],
)
def test_a_birth_keeps_its_form(masks, told):
    made = masks.birth(told)
    assert len(made) == len(told)
    assert re.sub(r"\d", "9", made) == re.sub(r"\d", "9", told)
    assert made != told


def test_a_birth_in_milliseconds_becomes_another_one(masks):
    made = masks.birth("479001600000")
    assert int(made) % 86_400_000 == 479001600000 % 86_400_000
    assert int(made) < -2_000_000_000_000


@pytest.mark.parametrize("told", ["1900-01-01", "9999-12-31", "00000000", "-", ""])
def test_marks_for_unknown_births_stay(masks, told):
    assert masks.birth(told) == told


@pytest.mark.parametrize("told", ["13812345678", "+86 138 1234 5678", "１３８12345678"])
def test_a_mobile_number_becomes_one_that_no_network_gives(masks, told):
    made = masks.text(f"电话{told}。")
    assert len(made) == len(f"电话{told}。")
    assert not list(real_looking(made, frozenset()))


def test_the_key_and_the_names_stand_in_no_repr(masks):
    masks.name("欧阳建国")
    assert "欧阳" not in repr(masks)
    assert masks.key.hex() not in repr(masks)
