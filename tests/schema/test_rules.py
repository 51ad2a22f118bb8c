"""Root ruleApprovals."""

from hub.records.actor import Actor
from hub.store import approvals
from hub.store.approvals import StoredDiff

OPERATOR = "HUB-OPERATOR"
BODY = {
    "changed": ["police_case.yaml"],
    "window": {"endpoint": "", "system": "", "last": 5000, "up_to": 17},
    "books": {"records": 500},
    "groups": [
        {
            "part": "records",
            "rule": "police_case: records.person.fields.sex",
            "field": "persons[].sex",
            "how": "table sex",
            "count": 3,
            "records": 2,
            "shifts": {"2 -> 1": 3},
        }
    ],
}
DOCUMENT = """query ($after: String) { ruleApprovals(first: 1, after: $after) {
  totalCount pageInfo { hasNextPage endCursor } nodes {
    diff rulesBefore rulesAfter proposedBy proposedAccount proposedAt approvedBy
    approvedAccount approvedAt reason changed records
    differences { part rule field count records shifts { shift count } } } } }"""


async def test_approvals_tell_who_approved_what_and_what_had_been_seen(ask, database):
    async with database.begin() as connection:
        hub = Actor("hub", "hub")
        await approvals.begin(connection, "r0", hub, "in force")
        await approvals.begin(connection, "r9", hub, "too late to be the first")
        rules, who = ("r0", "r1"), Actor("王", "wang")
        seen = await approvals.keep_diff(connection, "d1", rules, BODY, who)
        assert isinstance(seen, StoredDiff)
        await approvals.approve(connection, seen, Actor("李", "li"), "checked")
    found = (await ask(OPERATOR, DOCUMENT))["ruleApprovals"]
    (one,) = found["nodes"]
    assert found["totalCount"] == 2
    assert (one["diff"], one["rulesBefore"], one["rulesAfter"]) == ("d1", "r0", "r1")
    assert (one["proposedBy"], one["proposedAccount"]) == ("王", "wang")
    assert (one["approvedBy"], one["approvedAccount"]) == ("李", "li")
    assert (one["reason"], one["changed"]) == ("checked", ["police_case.yaml"])
    assert one["records"] == 500
    (group,) = one["differences"]
    assert group["shifts"] == [{"shift": "2 -> 1", "count": 3}]
    after = found["pageInfo"]["endCursor"]
    (first,) = (await ask(OPERATOR, DOCUMENT, after=after))["ruleApprovals"]["nodes"]
    assert (first["diff"], first["proposedBy"], first["rulesAfter"]) == (
        None,
        None,
        "r0",
    )
    assert first["differences"] == []
