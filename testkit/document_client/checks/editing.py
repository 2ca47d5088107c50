"""Edits, their texts and conflicts (P16 to P20, P25, P27, P28, P60, P61, P65, P68, P75)."""

import json
import uuid

from ..rules import check


# No file of vectors has it: there are libraries that read no such JSON.
HALF_OF_A_PAIR = {"name": "half of a pair of surrogates", "field": "note", "sent": "a\ud800b", "error": "invalid-field"}


async def outcome_of(connection, record, version, changes, **more):
    answer = await connection.edit([{"record": record, "baseVersion": version, "set": changes, **more}])
    assert answer["type"] == "edited", answer
    return answer["outcomes"][0]


def vectors(world, file, name):
    return json.loads((world.vectors / file).read_text("utf-8"))[name]


@check("P16", "P17", "P27")
async def outcomes(world):
    """each item has its outcome, in order; the reasons are those of the document"""
    records = world.take(4)
    connection = await world.greeted()
    await outcome_of(connection, records[1], 1, {"note": "first"})
    answer = await connection.edit(
        [
            {"record": records[0], "baseVersion": 1, "set": {"note": "a"}},
            {"record": records[1], "baseVersion": 1, "set": {"note": "b"}},
            {"record": records[2], "baseVersion": 7, "set": {"note": "c"}},
            {"record": 999_999_999, "baseVersion": 1, "set": {"note": "d"}},
            {"record": records[3], "baseVersion": 1, "set": {"note": None}},
        ]
    )
    first, second, third, fourth, fifth = answer["outcomes"]
    assert first == {"record": records[0], "outcome": "accepted", "version": 2}
    assert second["outcome"] == "conflict" and second["baseVersion"] == 1
    assert third == {"record": records[2], "outcome": "rejected", "code": "version-unknown"}
    assert fourth == {"record": 999_999_999, "outcome": "rejected", "code": "record-not-found"}
    assert fifth == {"record": records[3], "outcome": "accepted", "version": 1}
    assert second["current"]["version"] == 2 and second["current"]["note"] == "first"
    field = second["fields"][0]
    assert (field["field"], field["base"], field["current"], field["attempted"]) == ("note", None, "first", "b"), field
    assert field["changed"]["by"] == f"user:{world.id_of('anna')}" and field["changed"]["version"] == 2
    assert second["overlaps"] is True
    apart = await outcome_of(connection, records[1], 1, {"done": False})
    assert apart["outcome"] == "conflict" and apart["overlaps"] is False, apart


@check("P17")
async def done_needs_a_whole_case(world):
    """half a case cannot be marked done"""
    connection = await world.greeted()
    outcome = await outcome_of(connection, world.take(), 1, {"done": True})
    assert (outcome["outcome"], outcome["code"]) == ("rejected", "case-not-complete"), outcome


@check("P16", "P19")
async def refused_as_a_whole(world):
    """an edit that is refused as a whole has an error with its operation, and the id can be used again"""
    record = world.take()
    connection = await world.greeted()
    twice = [{"record": record, "baseVersion": 1, "set": {"note": "x"}}] * 2
    answer = await connection.edit(twice, operation="used-twice-1")
    assert answer == {"type": "error", "code": "invalid-field", "operation": "used-twice-1"}, answer
    again = await connection.edit(twice[:1], operation="used-twice-1")
    assert again["type"] == "edited" and again["outcomes"][0]["outcome"] == "accepted", again
    many = [{"record": one, "baseVersion": 1, "set": {"note": "x"}} for one in range(1, 502)]
    answer = await connection.edit(many)
    assert (answer["type"], answer["code"]) == ("error", "invalid-message"), answer


@check("P18")
async def sent_again(world):
    """the same operation gets its first answer again, on any connection and over HTTP; another under the same id is operation-reused"""
    record = world.take()
    connection = await world.greeted()
    operation = uuid.uuid4().hex
    items = [{"record": record, "baseVersion": 1, "set": {"note": "once"}}]
    first = await connection.edit(items, operation)
    elsewhere = await world.greeted(node=1)
    assert await elsewhere.edit(items, operation) == first
    normalised = [{"record": record, "baseVersion": 1, "set": {"note": " once\r\n"}}]
    assert await elsewhere.edit(normalised, operation) == first
    over_http = await world.api().in_workspace("POST", "/edits", body={"operation": operation, "items": items})
    assert over_http.json["outcomes"] == first["outcomes"], over_http
    other = await connection.edit([{"record": record, "baseVersion": 2, "set": {"note": "twice"}}], operation)
    reused = [{"record": record, "outcome": "rejected", "code": "operation-reused"}]
    assert other["outcomes"] == reused, other
    of_another = await world.greeted("bernd")
    assert (await of_another.edit(items, operation))["outcomes"] == reused
    assert (await world.api().record(record))["version"] == 2
    old = uuid.uuid4().hex
    conflict = await connection.edit(items, old)
    assert conflict["outcomes"][0]["outcome"] == "conflict"
    assert await elsewhere.edit(items, old) == conflict


@check("P20")
async def in_their_order(world):
    """edits of a connection are carried out and answered in the order in which they came"""
    record = world.take()
    connection = await world.greeted()
    operations = [uuid.uuid4().hex for _ in range(10)]
    for at, operation in enumerate(operations):
        item = {"record": record, "baseVersion": at + 1, "set": {"note": f"in order {at}"}}
        await connection.send({"type": "edit", "operation": operation, "items": [item]})
    for at, operation in enumerate(operations):
        answer = await connection.expect("edited")
        assert answer["operation"] == operation
        assert answer["outcomes"] == [{"record": record, "outcome": "accepted", "version": at + 2}], answer


@check("P28")
async def settled_conflicts(world):
    """a conflict is settled by an item that resolves it, once, by whom it is of"""
    record = world.take()
    connection = await world.greeted()
    await outcome_of(connection, record, 1, {"note": "first"})
    conflict = (await outcome_of(connection, record, 1, {"note": "second"}))["conflict"]
    resolves = {"conflict": conflict, "as": "reapplied"}
    other = await world.greeted("bernd")
    foreign = await outcome_of(other, record, 2, {"note": "not mine"}, resolves=resolves)
    assert (foreign["outcome"], foreign["code"]) == ("rejected", "conflict-not-found"), foreign
    newer = await outcome_of(connection, record, 1, {"note": "second"}, resolves=resolves)
    assert newer["outcome"] == "conflict", newer
    old = await world.api().in_workspace("GET", f"/conflicts/{conflict}")
    assert old.json["resolved"]["resolution"] == "superseded", old
    resolves = {"conflict": newer["conflict"], "as": "reapplied"}
    accepted = await outcome_of(connection, record, 2, {"note": "second"}, resolves=resolves)
    assert accepted == {"record": record, "outcome": "accepted", "version": 3}, accepted
    settled = await outcome_of(connection, record, 3, {"note": "third"}, resolves=resolves)
    assert (settled["outcome"], settled["code"]) == ("rejected", "conflict-settled"), settled
    kept = (await outcome_of(connection, record, 1, {"note": "fourth"}))["conflict"]
    answer = await world.api().in_workspace("POST", f"/conflicts/{kept}/resolution", body={"resolution": "kept-theirs"})
    assert answer.status == 200, answer


@check("P60")
async def assignees(world):
    """somebody who may edit can be named, others cannot; isAssignable says who"""
    record = world.take()
    connection = await world.greeted()
    members = (await world.api().in_workspace("GET", "/members")).json["members"]
    assignable = {one["id"]: one["isAssignable"] for one in members}
    assert assignable[world.id_of("bernd")] and not assignable[world.id_of("vera")]
    for name in ("vera", "nina"):
        outcome = await outcome_of(connection, record, 1, {"assignee": world.id_of(name)})
        assert (outcome["outcome"], outcome["code"]) == ("rejected", "assignee-unknown"), (name, outcome)
    assert (await outcome_of(connection, record, 1, {"assignee": world.id_of("bernd")}))["outcome"] == "accepted"


@check("P61")
async def over_http(world):
    """PATCH wants the version in If-Match: none and * are 428, another one 412, another type of body 415"""
    record = world.take()
    api = world.api()
    path = f"/records/{record}"
    for headers in ({}, {"If-Match": "*"}):
        answer = await api.in_workspace("PATCH", path, body={"note": "blind"}, headers=headers)
        assert (answer.status, answer.code) == (428, "precondition-required"), answer
    read = await api.in_workspace("GET", path)
    answer = await api.in_workspace("PATCH", path, body={"note": "seen"}, headers={"If-Match": read.headers["ETag"]})
    assert answer.status == 200 and answer.headers["ETag"] != read.headers["ETag"], answer
    old = await api.in_workspace("PATCH", path, body={"note": "late"}, headers={"If-Match": read.headers["ETag"]})
    assert (old.status, old.code) == (412, "version-conflict") and old.json["conflict"]["outcome"] == "conflict", old
    headers = {"If-Match": answer.headers["ETag"], "Content-Type": "text/plain"}
    plain = await api.in_workspace("PATCH", path, data=b'{"note":"plain"}', headers=headers)
    assert (plain.status, plain.code) == (415, "unsupported-media-type"), plain


@check("P65", "P16")
async def texts(world):
    """texts are kept as the vectors say, or refused with the code that they say"""
    record = world.take()
    connection = await world.greeted()
    version = 1
    refusals = 0
    for case in [*vectors(world, "texts.json", "texts"), HALF_OF_A_PAIR]:
        operation = uuid.uuid4().hex
        item = {"record": record, "baseVersion": version, "set": {case["field"]: case["sent"]}}
        # As an escape: half of a pair is no UTF-8.
        message = {"type": "edit", "operation": operation, "items": [item]}
        await connection.send_text(json.dumps(message))
        answer = await connection.answer_to(operation)
        if "error" in case:
            assert (answer["type"], answer["code"]) == ("error", case["error"]), (case["name"], answer)
            refusals += case["error"] == "invalid-message"
            if refusals == 4:
                connection, refusals = await world.greeted(), 0
            continue
        assert answer["type"] == "edited" and answer["outcomes"][0]["outcome"] == "accepted", (case["name"], answer)
        version = answer["outcomes"][0]["version"]
        found = (await world.api().record(record))[case["field"]]
        assert found == case["kept"], (case["name"], found)


@check("P17", "P27")
async def patches(world):
    """an edit does to a record what the vectors say"""
    connection = await world.greeted()
    for case in vectors(world, "patches.json", "patches"):
        record, wanted = world.take(), case["record"]
        fields = {name: value for name, value in wanted.items() if name != "version"}
        version = (await outcome_of(connection, record, 1, fields))["version"]
        if version < 3:
            version = (await outcome_of(connection, record, version, {"note": "between"}))["version"]
            version = (await outcome_of(connection, record, version, fields))["version"]
        shift = version - wanted["version"]
        outcome = await outcome_of(connection, record, case["baseVersion"] + shift, case["set"])
        assert (outcome["outcome"], outcome.get("code")) == (case["outcome"], case.get("code")), (case["name"], outcome)
        found = await world.api().record(record)
        after = case.get("after", wanted)
        assert {**found, **after, "version": after["version"] + shift} == found, (case["name"], found)


@check("P25", "P19")
async def refusals(world):
    """what is no message is refused with the ids that it had; four of them are, the fifth ends the connection"""
    cases = vectors(world, "refusals.json", "refusals")
    for start in range(0, len(cases), 4):
        connection = await world.greeted("bernd")
        for case in cases[start : start + 4]:
            await connection.send_text(case["text"])
            answer = await connection.expect("error")
            assert answer == {"type": "error", "code": "invalid-message", **case["to"]}, (case["name"], answer)
            await connection.ping()
        if start == 0:
            await connection.send_text("{")
            assert (await connection.expect_close())[0] == 4400


@check("P3", "P25")
async def messages_that_a_node_reads(world):
    """a node takes the messages of the vectors, and refuses those that are none"""
    connection = await world.greeted("vera")
    for case in vectors(world, "up.json", "valid"):
        await connection.send(case["message"])
        await connection.ping()
        found = [one for one in connection.messages if one.get("code") == "invalid-message"]
        assert not found, (case["name"], found)
    for at, case in enumerate(vectors(world, "up.json", "invalid")):
        if at % 4 == 0:
            connection = await world.greeted("vera")
        await connection.send(case["message"])
        answer = await connection.expect("error")
        assert answer["code"] == "invalid-message", (case["name"], answer)


@check("P75")
async def same_request_again(world):
    """a PATCH under the same key has its first answer again, whatever others have written since; another one is operation-reused"""
    record = world.take()
    path = f"/records/{record}"
    headers = {"If-Match": '"1"', "Idempotency-Key": uuid.uuid4().hex}
    first = await world.api().in_workspace("PATCH", path, body={"note": "mine"}, headers=headers)
    assert first.status == 200, first
    theirs = await world.api("bernd").in_workspace("PATCH", path, body={"note": "theirs"}, headers={"If-Match": '"2"'})
    assert theirs.status == 200, theirs
    again = await world.api().in_workspace("PATCH", path, body={"note": "mine"}, headers=headers)
    assert (again.status, again.json, again.headers["ETag"]) == (200, first.json, first.headers["ETag"]), again
    other = await world.api().in_workspace("PATCH", path, body={"note": "another"}, headers=headers)
    assert (other.status, other.code) == (422, "operation-reused"), other


@check("P68")
async def looked_up(world):
    """single records come by their ids, without the workspace"""
    wanted = world.take(2)
    answer = await world.api("vera").in_workspace("POST", "/record-lookups", body={"records": wanted})
    assert answer.status == 200 and sorted(one["id"] for one in answer.json["records"]) == sorted(wanted), answer
