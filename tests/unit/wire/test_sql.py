# ruff: noqa: S608 - statements name this test's own schema
import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from datetime import date, datetime
from decimal import Decimal

import pytest
import sqlalchemy as sa

from hub.errors import (
    AgencyAnswerUnreadable,
    AgencyBusy,
    AgencyLoginRefused,
    AgencyUnreachable,
    SettingInvalid,
)
from hub.wire.sql import Views, plain, translate

_MARIADB = os.environ.get("HUB_TEST_MARIADB", "")
_SCHEMA = "wire_sql_test"


def _url(told: str, driver: str, **more: str) -> str:
    url = sa.make_url(told).set(drivername=driver, **more)
    return url.render_as_string(hide_password=False)


@pytest.fixture(
    params=["postgresql", pytest.param("mariadb", marks=pytest.mark.mariadb)]
)
def place(request: pytest.FixtureRequest) -> Iterator[str]:
    """An address with three rows in a table ``T`` of the schema; gone afterwards."""
    if request.param == "mariadb" and not _MARIADB:
        pytest.skip("HUB_TEST_MARIADB names no MariaDB; its views are not tested")
    is_maria = request.param == "mariadb"
    told = _MARIADB or "" if is_maria else request.getfixturevalue("server_url")
    owner = _url(told, "mysql+pymysql" if is_maria else "postgresql+psycopg")
    engine = sa.create_engine(owner)
    kind = "datetime" if is_maria else "timestamp(0)"
    drop = f"drop schema if exists {_SCHEMA}" + ("" if is_maria else " cascade")
    with engine.begin() as connection:
        connection.execute(sa.text(drop))
        connection.execute(sa.text(f"create schema {_SCHEMA}"))
        connection.execute(
            sa.text(
                f"create table {_SCHEMA}.T (C_BH varchar(9), N_FJ decimal(12,4),"
                f" D_RQ date, D_SJ {kind}, N_NULL integer)"
            )
        )
        row = "'2023-08-01', '2023-08-01 08:00:07', null"
        connection.execute(
            sa.text(
                f"insert into {_SCHEMA}.T values ('a', 0.3000, {row}),"
                f" ('b', 30, {row}), ('c', 0, {row})"
            )
        )
    yield _url(told, "mysql+aiomysql" if is_maria else "postgresql+psycopg")
    with engine.begin() as connection:
        connection.execute(sa.text(drop))
    engine.dispose()


@pytest.fixture
async def views(place: str) -> AsyncIterator[Views]:
    async with Views(place, endpoint="ep", deadline=5, max_rows=3) as opened:
        yield opened


async def test_rows_are_plain_json_with_columns_in_capitals(views: Views) -> None:
    async with views.snapshot() as snapshot:
        rows = await snapshot.rows(f"select * from {_SCHEMA}.T order by C_BH")
    assert rows[0] == {
        "C_BH": "a",
        "N_FJ": "0.3",
        "D_RQ": "2023-08-01",
        "D_SJ": "2023-08-01 08:00:07",
        "N_NULL": None,
    }
    assert [row["N_FJ"] for row in rows] == ["0.3", "30", "0"]


async def test_values_are_bound_and_never_part_of_the_statement(views: Views) -> None:
    statement = f"select C_BH from {_SCHEMA}.T where C_BH = :key"
    async with views.snapshot() as snapshot:
        assert await snapshot.rows(statement, key="a' or '1'='1") == []
        assert await snapshot.rows(statement, key="b") == [{"C_BH": "b"}]


async def test_a_list_fills_the_brackets_of_in(views: Views) -> None:
    statement = f"select C_BH from {_SCHEMA}.T where C_BH in :keys order by 1"
    async with views.snapshot() as snapshot:
        rows = await snapshot.rows(statement, keys=["c", "a", "x"])
    assert rows == [{"C_BH": "a"}, {"C_BH": "c"}]


async def test_times_compare_as_times(views: Views) -> None:
    statement = f"select C_BH from {_SCHEMA}.T where D_SJ > :at"
    moment = datetime(2023, 8, 1, 8, 0, 6)  # noqa: DTZ001 - the far side's clock
    async with views.snapshot() as snapshot:
        assert len(await snapshot.rows(statement, at=moment)) == 3


async def test_more_rows_than_allowed_are_refused_and_not_cut_off(
    place: str,
) -> None:
    async with Views(place, endpoint="ep", max_rows=2) as opened:
        with pytest.raises(AgencyAnswerUnreadable) as caught:
            async with opened.snapshot() as snapshot:
                await snapshot.rows(f"select * from {_SCHEMA}.T")
    assert caught.value.endpoint == "ep"


async def test_nothing_can_be_written(views: Views) -> None:
    with pytest.raises(AgencyUnreachable):
        async with views.snapshot() as snapshot:
            await snapshot.rows(f"delete from {_SCHEMA}.T")
    async with views.snapshot() as snapshot:
        assert len(await snapshot.rows(f"select * from {_SCHEMA}.T")) == 3


async def test_a_snapshot_does_not_see_what_is_committed_meanwhile(
    place: str, views: Views
) -> None:
    count = f"select count(*) as N from {_SCHEMA}.T"
    driver = "mysql+pymysql" if "mysql" in place else "postgresql+psycopg"
    engine = sa.create_engine(_url(place, driver))
    async with views.snapshot() as snapshot:
        before = await snapshot.rows(count)
        with engine.begin() as connection:
            connection.execute(sa.text(f"insert into {_SCHEMA}.T (C_BH) values ('d')"))
        assert await snapshot.rows(count) == before
    async with views.snapshot() as snapshot:
        assert await snapshot.rows(count) != before
    engine.dispose()


@pytest.mark.parametrize(
    "statement", ["select * from {0}.GONE", "select NO from {0}.T"]
)
async def test_a_view_that_changed_is_an_unreadable_answer(
    views: Views, statement: str
) -> None:
    with pytest.raises(AgencyAnswerUnreadable) as caught:
        async with views.snapshot() as snapshot:
            await snapshot.rows(statement.format(_SCHEMA))
    assert caught.value.endpoint == "ep"


async def test_a_statement_that_lasts_too_long_is_unreachable(place: str) -> None:
    sleep = "select sleep(5)" if "mysql" in place else "select pg_sleep(5)"
    async with Views(place, endpoint="ep", deadline=0.4) as opened:
        with pytest.raises(AgencyUnreachable) as caught:
            async with opened.snapshot() as snapshot:
                await snapshot.rows(sleep)
    assert "in time" in caught.value.message.en


async def test_a_snapshot_held_too_long_is_unreachable(place: str) -> None:
    async with Views(place, endpoint="ep", deadline=0.4) as opened:
        with pytest.raises(AgencyUnreachable):
            async with opened.snapshot():
                await asyncio.sleep(5)


async def test_an_unknown_account_is_a_refused_login(place: str) -> None:
    told = _url(place, sa.make_url(place).drivername, username="nobody_here")
    async with Views(told, endpoint="ep", deadline=5) as opened:
        with pytest.raises(AgencyLoginRefused) as caught:
            async with opened.snapshot() as snapshot:
                await snapshot.rows("select 1")
    assert "nobody_here" not in str(caught.value) + caught.value.detail


@pytest.mark.parametrize(
    "url",
    ["postgresql+psycopg://x@127.0.0.1:9/x", "mysql+aiomysql://x@127.0.0.1:9/x"],
)
async def test_a_server_that_is_not_there_is_unreachable(url: str) -> None:
    async with Views(url, endpoint="ep", deadline=5) as opened:
        with pytest.raises(AgencyUnreachable):
            async with opened.snapshot() as snapshot:
                await snapshot.rows("select 1")


@pytest.mark.parametrize(
    "url", ["", "nonsense", "sqlite+aiosqlite:///x", "nosuch+driver://x", "mysql+no://"]
)
def test_an_address_nobody_understands_is_a_setting_to_mend(url: str) -> None:
    with pytest.raises(SettingInvalid) as caught:
        Views(url, endpoint="ep")
    assert caught.value.where == "endpoints.ep.options.database"


def test_what_cannot_be_json_is_refused() -> None:
    assert plain(Decimal("1E+3")) == "1000"
    assert plain(Decimal("0.3000")) == "0.3"
    assert plain(date(2023, 8, 1)) == "2023-08-01"
    assert plain(True) is True
    with pytest.raises(AgencyAnswerUnreadable):
        plain(b"\x00")


def test_a_full_house_is_busy() -> None:
    class Full(Exception):
        sqlstate = "53300"

    assert isinstance(translate(Full(), endpoint="ep"), AgencyBusy)
