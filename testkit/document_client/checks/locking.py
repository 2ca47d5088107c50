"""Locks (P29 to P32, P76)."""

import time
import uuid

from ..rules import check


def about(lock):
    """News of a lock."""
    return lambda message: any(one["lock"] == lock for one in message["set"] + message["ended"])


def ended(lock):
    return lambda message: any(one["lock"] == lock for one in message["ended"])


async def end_of(connection, lock, within=8.0):
    message = await connection.expect("locks", ended(lock), within)
    return next(one for one in message["ended"] if one["lock"] == lock)


@check("P29", "P30", "P31")
async def granted_to_one(world):
    """a lock is granted to one, told to all, keeps others from editing, and is given back"""
    record, other = world.take(2)
    holder, _ = await world.live("anna")
    witness, _ = await world.live("bernd", node=1)
    assert (await witness.expect("locks", lambda one: one["full"]))["ended"] == []
    answer = await holder.lock([record])
    assert answer["type"] == "lock-granted" and answer["lock"]["records"] == [record], answer
    lock = answer["lock"]["lock"]
    told = await witness.expect("locks", about(lock))
    assert next(one for one in told["set"] if one["lock"] == lock)["user"] == world.id_of("anna")
    assert (await holder.lock([record]))["lock"]["lock"] == lock
    held = await witness.lock([record, other])
    assert held["type"] == "lock-held" and [one["lock"] for one in held["locks"]] == [lock], held
    refused = (await witness.edit([{"record": record, "baseVersion": 1, "set": {"note": "x"}}]))["outcomes"][0]
    assert (refused["code"], refused["lock"]["lock"]) == ("record-locked", lock), refused
    headers = {"If-Match": '"1"'}
    over_http = await world.api("bernd").in_workspace("PATCH", f"/records/{record}", body={"note": "x"}, headers=headers)
    assert (over_http.status, over_http.code) == (423, "record-locked"), over_http
    own = (await holder.edit([{"record": record, "baseVersion": 1, "set": {"note": "mine"}}]))["outcomes"][0]
    assert own["outcome"] == "accepted", own
    assert (await witness.unlock(lock))["code"] == "forbidden"
    assert (await holder.unlock(lock))["type"] == "unlocked"
    assert (await end_of(witness, lock))["reason"] == "released"
    assert (await holder.unlock(lock))["code"] == "lock-not-found"
    assert (await witness.lock([record]))["type"] == "lock-granted"


@check("P29")
async def what_cannot_be_locked(world):
    """a record that is not there, and more than 20 locks of a person"""
    connection = await world.greeted("carla")
    assert (await connection.lock([999_999_999]))["code"] == "record-not-found"
    records = world.take(21)
    for record in records[:20]:
        assert (await connection.lock([record]))["type"] == "lock-granted"
    assert (await connection.lock(records[20:]))["code"] == "too-many-locks"
    elsewhere = await world.greeted("carla")
    assert (await elsewhere.lock(records[20:]))["code"] == "too-many-locks"


@check("P30", "P31")
async def taken_over_and_away(world):
    """the same person takes a lock over elsewhere; an admin takes it away, and is named"""
    record = world.take()
    first, _ = await world.live("anna")
    second, _ = await world.live("anna", node=1)
    lock = (await first.lock([record]))["lock"]["lock"]
    answer = await second.lock([record])
    assert answer["type"] == "lock-granted" and answer["lock"]["lock"] != lock, answer
    assert (await end_of(first, lock))["reason"] == "taken-over"
    admin = await world.greeted("adam")
    assert (await admin.unlock(answer["lock"]["lock"]))["type"] == "unlocked"
    end = await end_of(second, answer["lock"]["lock"])
    assert (end["reason"], end["by"]) == ("taken-away", f"user:{world.id_of('adam')}"), end


@check("P32")
async def lock_that_waits(world):
    """a lock waits for the same instance, and is free at once when the page is left"""
    record = world.take()
    witness, _ = await world.live("bernd")
    client, _ = await world.live("anna", instance="document-client-1")
    lock = (await client.lock([record]))["lock"]["lock"]
    client.cut()
    await witness.expect(
        "locks", lambda one: any(lo["lock"] == lock and lo["endsInMs"] is not None for lo in one["set"])
    )
    other, _ = await world.live("anna", instance="document-client-2")
    back, _ = await world.live("anna", node=1, instance="document-client-1")
    full = await back.expect("locks", lambda one: one["full"])
    assert any(one["lock"] == lock for one in full["set"]), full
    assert (await back.lock([record]))["lock"]["lock"] == lock
    await back.close(1001)
    begun = time.monotonic()
    assert (await end_of(witness, lock))["reason"] == "released"
    assert time.monotonic() - begun < 3
    assert other.closed is None


@check("P32", is_long=True)
async def lock_of_who_is_gone(world):
    """a lock ends 10 s after its connection closed, and 15 s after the last message of one that says nothing"""
    gone, silent = world.take(2)
    witness, _ = await world.live("bernd")
    first = await world.greeted("dora")
    second = await world.greeted("dora")
    lock_of_gone = (await first.lock([gone]))["lock"]["lock"]
    lock_of_silent = (await second.lock([silent]))["lock"]["lock"]
    begun = time.monotonic()
    first.cut()
    witness.beat()
    assert (await end_of(witness, lock_of_gone, 20))["reason"] == "expired"
    assert 8 < time.monotonic() - begun < 14, time.monotonic() - begun
    assert (await end_of(witness, lock_of_silent, 20))["reason"] == "expired"
    assert 13 < time.monotonic() - begun < 20, time.monotonic() - begun


@check("P76")
async def lock_over_http(world):
    """who has no WebSocket takes a lock, keeps it by renewals, and finds it over"""
    record = world.take()
    api = world.api("dora")
    question = {"records": [record], "instance": uuid.uuid4().hex}
    taken = await api.in_workspace("POST", "/locks", body=question)
    assert taken.status == 201 and taken.json["versions"] == [{"record": record, "version": 1}], taken
    again = await api.in_workspace("POST", "/locks", body=question)
    assert again.status == 200 and again.json["lock"] == taken.json["lock"], again
    held = await world.api("bernd").in_workspace("POST", "/locks", body={"records": [record]})
    assert (held.status, held.code) == (423, "record-locked"), held
    lock = taken.json["lock"]
    renewed = await world.api("dora", node=1).in_workspace("POST", f"/locks/{lock}/renewal")
    assert renewed.status == 200 and 0 < renewed.json["endsInMs"] <= 15_000, renewed
    ended = await api.in_workspace("DELETE", f"/locks/{lock}")
    assert ended.status == 204, ended
    late = await api.in_workspace("POST", f"/locks/{lock}/renewal")
    assert (late.status, late.code) == (404, "lock-not-found"), late
