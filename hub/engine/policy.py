"""Who may see and do what: the one table, agency type by thing asked for.

A thing that does not stand in the table is refused to everybody, and so is an
agency type that stands in no role. Rows are the root fields of the GraphQL
schema, in their Python spelling; a test holds the two against each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType

from hub.errors import NotAllowed
from hub.records.caller import Caller, Reach, Sight

#: the hub's own operator: no agency, so it stands in no table of agencies
OPERATOR = "HUB-OPERATOR"
OPERATOR_TYPE = "HUB"


class Role(Enum):
    """What kind of caller an agency is (角色)."""

    HANDLER = "handler"  # 办案单位: handles cases
    COMMITTEE = "committee"  # 政法委: co-ordinates, decides no case
    OPERATOR = "operator"  # 枢纽运维: keeps the hub running


ROLES: Mapping[str, Role] = MappingProxyType(
    {
        "POLICE": Role.HANDLER,
        "PROC": Role.HANDLER,
        "COURT": Role.HANDLER,
        "JUSTICE": Role.HANDLER,
        "DETENTION": Role.HANDLER,
        "PRISON": Role.HANDLER,
        "COMMITTEE": Role.COMMITTEE,
        OPERATOR_TYPE: Role.OPERATOR,
    }
)

_NO, _OWN, _STATES, _ALL = Reach.NOTHING, Reach.OWN, Reach.STATES, Reach.ALL

#: thing asked for: (handler, committee, operator)
_TABLE: Mapping[str, tuple[Reach, Reach, Reach]] = MappingProxyType(
    {
        # queries
        "case": (_OWN, _NO, _NO),
        "cases": (_OWN, _NO, _NO),
        "persons": (_OWN, _NO, _NO),
        "charges": (_OWN, _NO, _NO),
        "measures": (_OWN, _NO, _NO),
        "documents": (_OWN, _NO, _NO),
        "transfer": (_OWN, _NO, _STATES),
        "transfers": (_OWN, _NO, _STATES),
        "agencies": (_ALL, _ALL, _ALL),
        "endpoints": (_ALL, _ALL, _ALL),
        "sync_runs": (_NO, _NO, _ALL),
        "sync_failures": (_NO, _NO, _STATES),
        "failure_causes": (_NO, _NO, _STATES),
        "losses": (_NO, _NO, _STATES),
        "lineage": (_OWN, _NO, _NO),
        "rule_approvals": (_NO, _NO, _ALL),
        "drifts": (_NO, _NO, _ALL),
        "coverage": (_NO, _NO, _ALL),
        "code_tables": (_ALL, _ALL, _ALL),
        "code_table": (_ALL, _ALL, _ALL),
        "translate_code": (_ALL, _ALL, _ALL),
        "corrections": (_OWN, _NO, _NO),
        "replay_jobs": (_NO, _NO, _STATES),
        "replay_job": (_NO, _NO, _STATES),
        "counts": (_OWN, _ALL, _ALL),
        "caller": (_ALL, _ALL, _ALL),
        "node": (_ALL, _ALL, _ALL),  # asks again for the thing the id names
        # mutations
        "submit_transfer": (_OWN, _NO, _NO),
        "cancel_transfer": (_OWN, _NO, _ALL),
        "replay_failure": (_NO, _NO, _ALL),
        "run_sync": (_NO, _NO, _ALL),
        "start_replay": (_NO, _NO, _ALL),
        "pause_replay": (_NO, _NO, _ALL),
        "resume_replay": (_NO, _NO, _ALL),
        "cancel_replay": (_NO, _NO, _ALL),
        "acknowledge_correction": (_OWN, _NO, _NO),
        # subscriptions
        "case_events": (_OWN, _NO, _NO),
        "correction_issued": (_OWN, _NO, _NO),
    }
)

THINGS: tuple[str, ...] = tuple(_TABLE)


def reach(agency_type: str, thing: str) -> Reach:
    """How far callers of a type reach; nothing unless the table says more."""
    role = ROLES.get(agency_type)
    row = _TABLE.get(thing)
    if role is None or row is None:
        return Reach.NOTHING
    return row[tuple(Role).index(role)]


def sight(caller: Caller, thing: str) -> Sight:
    """What a caller may see of a thing, for the store's predicates."""
    return Sight(caller.agency, reach(caller.agency_type, thing))


def allow(caller: Caller, thing: str) -> Sight:
    """The caller's sight of a thing; raises ``NotAllowed`` where there is none."""
    found = sight(caller, thing)
    if found.reach is Reach.NOTHING:
        raise NotAllowed(
            "本单位类型无权使用此项",
            "Callers of this agency type may not use this",
            where=thing,
        )
    return found


def rights(caller: Caller) -> tuple[str, ...]:
    """The things a caller may ask for, in the table's order."""
    return tuple(
        thing
        for thing in THINGS
        if reach(caller.agency_type, thing) is not Reach.NOTHING
    )
