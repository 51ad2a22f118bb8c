import pytest

from adapters.court_case import rows
from adapters.court_case.adapter import CourtCase
from hub.contract.messages import RawRecord
from hub.errors import RecordUnreadable

_JUDGMENT = {"N_PJXH": 1, "N_PJLX": 1, "N_PJJG": 2, "C_XQ": "010000", "N_FJ": "30"}


def _ruling(order: int, **told: object) -> dict[str, object]:
    empty = dict.fromkeys(("N_PJJG", "C_XQ", "N_FJ"))
    return {**empty, "N_PJXH": order, "N_PJLX": 2, **told}


def test_a_ruling_replaces_what_it_fills_and_leaves_the_rest() -> None:
    found = rows.corrected([_JUDGMENT, _ruling(2, N_FJ="0.3")])  # type: ignore[list-item]
    assert (found["N_PJJG"], found["C_XQ"], found["N_FJ"]) == (2, "010000", "0.3")


def test_rulings_count_in_their_order_and_not_in_that_of_the_rows() -> None:
    later, earlier = _ruling(3, C_XQ="010600"), _ruling(2, C_XQ="010500", N_FJ="0.3")
    found = rows.corrected([later, _JUDGMENT, earlier])  # type: ignore[list-item]
    assert (found["C_XQ"], found["N_FJ"]) == ("010600", "0.3")


def test_a_further_judgment_replaces_the_whole() -> None:
    anew = {"N_PJXH": 2, "N_PJLX": 1, "N_PJJG": 6, "C_XQ": None, "N_FJ": None}
    assert rows.corrected([_JUDGMENT, anew]) == {"N_PJXH": 2, "N_PJLX": 1, "N_PJJG": 6}


def test_who_has_no_judgment_has_none_in_the_tree() -> None:
    body = rows.together({"C_BH": "a"}, {rows.PARTIES: [{"C_BH": "p"}]})
    assert rows.tree(body) == {"C_BH": "a", "DSR": [{"C_BH": "p"}], "WS": []}


def test_the_same_rows_are_the_same_bytes_whatever_their_order() -> None:
    one = rows.together({"A": 1, "B": "一"}, {"X": [], "V": []})
    two = rows.together({"B": "一", "A": 1}, {"V": [], "X": []})
    assert one == two == '{"V":[],"V_XS_AJ":{"A":1,"B":"一"},"X":[]}'.encode()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'{"V_XS_AJ": []}',
        b'{"V_XS_AJ": {}, "V_XS_DSR": {"a": 1}}',
        b'{"V_XS_AJ": {}, "V_XS_PJ": ["x"]}',
        b'{"V_XS_AJ": {}, "V_XS_PJ": [{"C_DSRBH": "nobody"}]}',
        b'{"V_XS_AJ": {}, "V_XS_DSR": [{"C_BH": "p"}],'
        b' "V_XS_PJ": [{"C_DSRBH": "p", "N_PJXH": "first"}]}',
        b'{"V_XS_AJ": {}, "V_XS_DSR": [{"C_BH": "p"}],'
        b' "V_XS_PJ": [{"C_DSRBH": "p", "N_PJXH": [1]}]}',
    ],
)
def test_rows_that_make_no_case_are_unreadable(body: bytes) -> None:
    adapter = CourtCase.__new__(CourtCase)
    with pytest.raises(RecordUnreadable) as caught:
        adapter.read(RawRecord("case", "K", body, "application/json"))
    assert caught.value.where == "K"
