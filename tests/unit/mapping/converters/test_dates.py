"""Dates and times in every shape that legacy systems send."""

from __future__ import annotations

import pytest

from hub.mapping.converters.converter import Converter
from hub.mapping.value import ABSENT, Unreadable, as_text
from tests.unit.mapping.conftest import bare

Converters = dict[str, Converter]


@pytest.mark.parametrize(
    ("raw", "day"),
    [
        ("20230801", "2023-08-01"),
        ("2023-08-01", "2023-08-01"),
        ("2023-8-1", "2023-08-01"),
        ("2023/8/1", "2023-08-01"),
        ("2023/08/01", "2023-08-01"),
        ("2023.8.1", "2023-08-01"),
        ("2023年8月1日", "2023-08-01"),
        ("2023年08月01日", "2023-08-01"),
        ("二〇二三年八月一日", "2023-08-01"),
        ("二○二三年十二月三十一日", "2023-12-31"),
        ("２０２３－０８－０１", "2023-08-01"),
        (" 2023-08-01 ", "2023-08-01"),
        ("\u30002023-08-01\u200b", "2023-08-01"),
        ("2023-08-01 00:00:00", "2023-08-01"),
        ("2023-08-01 00:00:00.0", "2023-08-01"),
        ("2023-08-01T00:00:00", "2023-08-01"),
        ("2023-08-01T00:00:00+08:00", "2023-08-01"),
        ("2023-07-31T16:00:00Z", "2023-08-01"),
        ("2023-07-31T16:00:00+0000", "2023-08-01"),
        ("2023年8月1日12时30分", "2023-08-01"),
        ("20230801000000", "2023-08-01"),
        ("202308010800", "2023-08-01"),
        (20230801, "2023-08-01"),
        (1690819200, "2023-08-01"),
        (1690819200000, "2023-08-01"),
        (1690819200000.0, "2023-08-01"),
        ("1690819200", "2023-08-01"),
        ("1690819200000", "2023-08-01"),
        ("/Date(1690819200000)/", "2023-08-01"),
        ("/Date(1690819200000+0800)/", "2023-08-01"),
        ("\\/Date(1690819200000)\\/", "2023-08-01"),
        ("/Date(0)/", "1970-01-01"),
        ("2024-02-29", "2024-02-29"),
        ("1905-06-07", "1905-06-07"),
    ],
)
def test_a_date_is_read_in_every_shape(
    converters: Converters, raw: str | int | float, day: str
) -> None:
    read = converters["date"].read
    assert read is not None
    assert bare(read(raw)) == day


@pytest.mark.parametrize(
    ("raw", "day"),
    [
        # midnight of Shanghai as systems store it: local mean time before 1901,
        # summer time from 1986 to 1991
        (-2208988800000 - 8 * 3600 * 1000, "1900-01-01"),
        (-2208988800000 - (8 * 3600 + 343) * 1000, "1900-01-01"),
        (-2177481600000, "1901-01-01"),
        (520182000000, "1986-06-27"),
        (520182000, "1986-06-27"),
    ],
)
def test_an_epoch_is_a_day_of_shanghai(
    converters: Converters, raw: int, day: str
) -> None:
    read = converters["birth_date"].read
    assert read is not None
    assert bare(read(raw)) == day


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "  ",
        "-",
        "--",
        "null",
        "NULL",
        "0000-00-00",
        "0000-00-00 00:00:00",
        "00000000",
        "1900-01-01",
        "1900-01-01 00:00:00",
        "19000101",
        "1900/1/1",
        "0001-01-01T00:00:00",
        "1753-01-01",
        "9999-12-31",
        "9999-12-31 23:59:59",
        "99991231",
    ],
)
def test_a_sentinel_or_blank_tells_no_date(converters: Converters, raw: str) -> None:
    for name in ("date", "local_time"):
        read = converters[name].read
        assert read is not None
        assert read(raw) is ABSENT


@pytest.mark.parametrize(
    "raw",
    [
        "2023-02-29",
        "2023-13-01",
        "2023-00-10",
        "20231301",
        "2023-08-32",
        "2023",
        "202308",
        "230801",
        "2023-08",
        "08/01/2023",
        "1/8/2023",
        "2023-08-011",
        "2023-08-01 25:00:00",
        "2023-08-01 12:",
        "2023-8/1",
        "2023年8月",
        "二〇二三年十十月一日",
        "明天",
        "不详",
        45139,
        0,
        1,
        202308,
        12.5,
        True,
        "٢٠٢٣-٠٨-٠١",
        "2023-08-01 x",
        "/Date(x)/",
    ],
)
def test_what_is_no_date_is_kept_as_it_came(
    converters: Converters, raw: str | int | float
) -> None:
    read = converters["date"].read
    assert read is not None
    assert bare(read(raw)) == Unreadable(as_text(raw))


@pytest.mark.parametrize(
    ("raw", "time"),
    [
        ("2023-08-01 08:05:09", "2023-08-01T08:05:09+08:00"),
        ("2023-08-01T08:05:09", "2023-08-01T08:05:09+08:00"),
        ("2023/8/1 8:05", "2023-08-01T08:05:00+08:00"),
        ("20230801080509", "2023-08-01T08:05:09+08:00"),
        ("2023-08-01 08:05:09.0", "2023-08-01T08:05:09+08:00"),
        ("2023-08-01 08:05:09.120", "2023-08-01T08:05:09.120000+08:00"),
        ("2023年8月1日8时5分9秒", "2023-08-01T08:05:09+08:00"),
        ("2023年8月1日8时", "2023-08-01T08:00:00+08:00"),
        ("2023-08-01T00:05:09Z", "2023-08-01T08:05:09+08:00"),
        ("2023-08-01T08:05:09+08:00", "2023-08-01T08:05:09+08:00"),
        ("2023-08-01 ０８：０５：０９", "2023-08-01T08:05:09+08:00"),
        ("2023-08-01", "2023-08-01T00:00:00+08:00"),
        (1690848309, "2023-08-01T08:05:09+08:00"),
        (1690848309000, "2023-08-01T08:05:09+08:00"),
    ],
)
def test_a_local_time_is_told_with_its_offset(
    converters: Converters, raw: str | int, time: str
) -> None:
    read = converters["local_time"].read
    assert read is not None
    assert bare(read(raw)) == time


def test_the_first_day_of_1900_is_a_birth_date(converters: Converters) -> None:
    read = converters["birth_date"].read
    assert read is not None
    assert read("1900-01-01") == "1900-01-01"
    assert read("0000-00-00") is ABSENT


@pytest.mark.parametrize(
    ("raw", "day"), [("45139", "2023-08-01"), (45139, "2023-08-01"), (61, "1900-03-01")]
)
def test_a_spreadsheet_day_is_read_where_the_field_holds_one(
    converters: Converters, raw: str | int, day: str
) -> None:
    converter = converters["date_excel"]
    assert converter.read is not None
    assert converter.write is not None
    assert bare(converter.read(raw)) == day
    assert converter.write(day) == str(raw)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("date", "2023-08-01"),
        ("date_dash", "2023-08-01"),
        ("date_compact", "20230801"),
        ("date_slash", "2023/8/1"),
        ("date_dot", "2023.8.1"),
        ("date_cn", "2023年8月1日"),
        ("date_midnight", "2023-08-01 00:00:00"),
    ],
)
def test_a_date_is_written_as_the_receiver_asks(
    converters: Converters, name: str, written: str
) -> None:
    converter = converters[name]
    assert converter.write is not None
    assert converter.read is not None
    assert converter.write("2023-08-01") == written
    assert converter.read(written) == "2023-08-01"
    assert isinstance(converter.write("soon"), Unreadable)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("time_dash", "2023-08-01 08:05:09"),
        ("time_compact", "20230801080509"),
        ("time_iso", "2023-08-01T08:05:09+08:00"),
    ],
)
def test_a_time_is_written_as_the_receiver_asks(
    converters: Converters, name: str, written: str
) -> None:
    converter = converters[name]
    assert converter.write is not None
    assert converter.read is not None
    assert converter.write("2023-08-01T00:05:09+00:00") == written
    assert converter.read(written) == "2023-08-01T08:05:09+08:00"
    assert isinstance(converter.write("soon"), Unreadable)
