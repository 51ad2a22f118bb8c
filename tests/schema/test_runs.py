"""Roots endpoints, syncRuns, syncFailures, failureCauses and counts."""

from hub.store import tables
from schema import ids
from tests.schema import seeds

OPERATOR = "HUB-OPERATOR"
COMMITTEE = "COMMITTEE-421300"


async def test_endpoints_tell_health_and_freshness(ask, database):
    await seeds.standing(database, "police-suizhou")
    await seeds.standing(database, "proc20-suizhou", age=3600)
    await seeds.failure(database)
    case_id = await seeds.case(database, seeds.POLICE)
    await seeds.transfer(database, case_id)
    found = await ask(
        COMMITTEE,
        """{ endpoints { code system title { zh en } agency { code nameZh }
        serves { code } state isStale staleReason { zh en } freshFor openFailures
        waitingTransfers syncedAt acceptsNew } }""",
    )
    police, proc, justice = found["endpoints"]
    assert (police["state"], police["isStale"]) == ("UP", False)
    assert police["openFailures"] == 1
    assert police["agency"]["nameZh"] == "随州市公安局"
    assert police["serves"][0]["code"] == seeds.POLICE
    assert (proc["isStale"], proc["waitingTransfers"]) == (True, 1)
    assert proc["staleReason"]["zh"] == "距上次同步已超过保鲜期"
    assert (justice["state"], justice["isStale"]) == ("UNKNOWN", True)


async def test_sync_runs_balance_and_come_newest_first(ask, database):
    await seeds.run(database)
    await seeds.run(
        database, state="failed", error_code="AGENCY_BUSY", error_zh="忙", error_en="x"
    )
    await seeds.run(database, "justice-suizhou")
    found = (
        await ask(
            OPERATOR,
            """{ syncRuns(endpoint: "police-suizhou") { totalCount nodes { state fetched
            stored mapped setAside unchanged isBalanced remainder { path count }
            error { code message { zh } remedy { zh } } endpoint { code }
            endpointCode trigger startedAt finishedAt } } }""",
        )
    )["syncRuns"]
    failed, finished = found["nodes"]
    assert found["totalCount"] == 2
    assert (failed["state"], finished["state"]) == ("FAILED", "FINISHED")
    assert failed["error"]["message"]["zh"] == "忙"
    assert finished["isBalanced"] is True
    assert finished["remainder"] == [{"path": "AJ/BZ", "count": 2}]


async def test_failures_name_every_problem_and_show_no_bytes(ask, database):
    await seeds.failure(database)
    await seeds.failure(database, state="closed", closed_by="newer record")
    found = (
        await ask(
            OPERATOR,
            """{ syncFailures(filter: { state: OPEN, code: "CODE_UNKNOWN" }) {
            totalCount nodes { id sourceKey code cause state attempts rawDigest rawSize
            rawMedia problems { code where message { zh en } source rule }
            trouble { remedy { zh } } endpoint { code } runId } } }""",
        )
    )["syncFailures"]
    assert found["totalCount"] == 1
    problem = found["nodes"][0]["problems"][0]
    assert problem["where"] == "persons[0].sex"
    assert problem["message"] == {"zh": "代码无法对应", "en": "no counterpart"}
    assert found["nodes"][0]["rawSize"] == 5


async def test_causes_tell_what_to_mend_once(ask, database):
    for _ in range(3):
        await seeds.failure(database)
    await seeds.failure(database, state="closed")
    await seeds.failure(database, "justice-suizhou", cause="RECORD_UNREADABLE")
    found = (
        await ask(
            OPERATOR,
            """{ failureCauses { cause code message { zh } remedy { zh } count closed
            endpointCode endpoint { code } example firstAt lastAt } }""",
        )
    )["failureCauses"]
    assert [(one["count"], one["closed"]) for one in found] == [(3, 1), (1, 0)]
    assert found[0]["endpoint"]["code"] == "police-suizhou"
    assert found[0]["remedy"]["zh"]


COUNTS = """{ counts { cases persons stages { stage { code } cases }
  nodes { node { code } state transfers } at } }"""


async def test_the_committee_counts_everything_and_sees_no_case(ask, database):
    mine = await seeds.case(database, seeds.POLICE)
    await seeds.person(database, mine)
    await seeds.case(database, seeds.STRANGER, stage="S020_FILED")
    await seeds.case(database, seeds.STRANGER, merged_into=mine)
    await seeds.transfer(database, mine)
    found = (await ask(COMMITTEE, COUNTS))["counts"]
    assert (found["cases"], found["persons"]) == (2, 1)
    assert {one["stage"]["code"]: one["cases"] for one in found["stages"]} == {
        "S020_FILED": 1,
        "S110_PROSECUTION_REVIEW": 1,
    }
    node = found["nodes"][0]
    assert (node["node"]["code"], node["state"], node["transfers"]) == (
        "PROSECUTION_TRANSFER",
        "QUEUED",
        1,
    )


async def test_a_handler_counts_its_own(ask, database):
    mine = await seeds.case(database, seeds.POLICE)
    await seeds.transfer(database, mine)
    own = (await ask(seeds.POLICE, COUNTS))["counts"]
    others = (await ask(seeds.STRANGER, COUNTS))["counts"]
    assert (own["cases"], len(own["nodes"])) == (1, 1)
    assert (others["cases"], others["persons"], others["nodes"]) == (0, 0, [])


async def test_a_case_without_a_stage_is_counted_too(ask, database):
    await seeds.case(database, seeds.POLICE, stage=None)
    found = (await ask(COMMITTEE, COUNTS))["counts"]
    assert found["stages"] == [{"stage": None, "cases": 1}]
    assert tables.case_record.c.stage.nullable


PROOF = """query ($id: ID!) { node(id: $id) { ... on SyncFailure {
  state proof { runId case { hubNumber } } } } }"""


async def test_a_mended_failure_links_its_proof_and_hides_the_case(ask, database):
    case_id = await seeds.case(database, seeds.POLICE)
    facet_id = await seeds.facet(database, case_id)
    before = await seeds.run(database, started_at=seeds.AT, finished_at=seeds.AT)
    moments = {"started_at": seeds.LATER, "finished_at": seeds.LATER}
    run_id = await seeds.run(database, **moments)
    await seeds.run(database, "proc20-suizhou", **moments)
    closed = {"state": "closed", "closed_at": seeds.LATER, "proof_facet_id": facet_id}
    key = await seeds.failure(database, run_id=before, **closed)
    still = await seeds.failure(database, run_id=before)
    found = await ask("HUB-OPERATOR", PROOF, id=ids.encode("SyncFailure", key))
    proof = {"runId": ids.encode("SyncRun", run_id), "case": None}
    assert found["node"] == {"state": "CLOSED", "proof": proof}
    found = await ask("HUB-OPERATOR", PROOF, id=ids.encode("SyncFailure", still))
    assert found["node"]["proof"] is None
