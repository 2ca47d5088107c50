"""Snapshots, the feed, ranges, pace, what else is told (P7 to P15, P21 to P23, P33 to P44, P50, P62)."""

import asyncio
import time
import uuid

from ..copy_of_workspace import APPLIED, CopyOfWorkspace
from ..positions import cursor_of, is_after, parse_cursor
from ..rules import check
from ..world import take_next, until_seen


async def edit_note(connection, record, version, note):
    answer = await connection.edit([{"record": record, "baseVersion": version, "set": {"note": note}}])
    assert answer["type"] == "edited" and answer["outcomes"][0]["outcome"] == "accepted", answer
    return answer["outcomes"][0]["version"]


@check("P7", "P8", "P9", "P10", "P11", "P12", "P13", "P36")
async def from_snapshot_to_live(world):
    """a snapshot page by page, then every frame in an unbroken chain at any node, adds up to what the service has"""
    record = world.take()
    cursor, records, unreadable, pages = await world.api("bernd").snapshot(limit=50)
    assert pages > 1
    held = CopyOfWorkspace(*parse_cursor(cursor), records, unreadable)
    editor = await world.greeted("anna")
    version = await edit_note(editor, record, 1, "before the other has subscribed")
    follower = await world.greeted("bernd", node=1)
    assert follower.welcome["epoch"] == held.epoch
    await follower.silence({"frames", "locks", "presence"})
    head = (await follower.subscribe(held.cursor))["head"]
    for count in range(5):
        version = await edit_note(editor, record, version, f"live {count}")
    prev, has_agreed = None, False
    while held.records[record].version < version:
        message = await follower.expect("frames")
        for frame in message["frames"]:
            # The last of what was missed may come once more (P13).
            if prev is not None and not is_after(frame["id"], prev):
                continue
            assert prev in (None, frame["prev"]), f"{frame['prev']} does not follow on {prev}"
            prev = frame["id"]
            assert held.take_frame(frame) == APPLIED
            # A snapshot may be ahead of its cursor: before both have agreed a difference says nothing (P37).
            is_equal = held.sum == frame["sum"]
            assert is_equal or not has_agreed, f"{held.sum} is not {frame['sum']} at {frame['id']}"
            has_agreed = has_agreed or is_equal
    assert has_agreed and not is_after(head, held.position)
    mine = next(one for one in held.shown() if one["id"] == record)
    theirs = await world.api().record(record)
    assert {**theirs, **mine} == theirs, (mine, theirs)
    change = held.records[record]
    assert (change.at, change.by) == (theirs["updatedAt"], theirs["updatedBy"]), (change, theirs)
    again = await world.greeted("bernd", node=0)
    assert (await again.subscribe(held.cursor))["head"]


@check("P9", "P13")
async def what_was_missed(world):
    """who comes back with a cursor gets what was missed, and nothing that was there before"""
    record = world.take()
    connection, held = await world.live("bernd")
    editor = await world.greeted("anna")
    version = await edit_note(editor, record, 1, "seen")
    await until_seen(connection, held, record, version)
    await connection.close()
    for count in range(3):
        version = await edit_note(editor, record, version, f"missed {count}")
    back = await world.greeted("bernd", node=1)
    await back.subscribe(held.cursor)
    missed = await back.expect("frames")
    first = missed["frames"][0]
    assert not is_after(first["prev"], held.position) and is_after(first["id"], held.position)
    assert held.take(missed) == APPLIED
    await until_seen(back, held, record, version)


@check("P14")
async def cursors_that_lead_nowhere(world):
    """another epoch and what no frame has are said at once, a position of the future after about 4.5 s"""
    cursor, *_ = await world.api().snapshot()
    epoch, position = parse_cursor(cursor)
    connection = await world.greeted()

    async def reset(at):
        begun = time.monotonic()
        await connection.send({"type": "subscribe", "cursor": at})
        return (await connection.expect("reset"))["reason"], time.monotonic() - begun

    other = "00000000" if epoch != "00000000" else "11111111"
    reason, seconds = await reset(cursor_of(other, position))
    assert reason == "epoch" and seconds < 2, (reason, seconds)
    reason, seconds = await reset(cursor_of(epoch, "1-1"))
    assert reason == "too-old" and seconds < 2, (reason, seconds)
    reason, seconds = await reset(cursor_of(epoch, "99999999999999999999-0"))
    assert reason == "unknown" and 4 < seconds < 7, (reason, seconds)
    await connection.send({"type": "subscribe", "cursor": "nonsense"})
    assert (await connection.expect("error"))["code"] == "invalid-message"
    await connection.subscribe(cursor)


@check("P15")
async def two_subscribes(world):
    """a second subscribe that is sent at once is refused or starts over; one that comes after the answer starts over"""
    cursor, *_ = await world.api().snapshot()
    connection = await world.greeted()
    for _ in range(2):
        await connection.send({"type": "subscribe", "cursor": cursor})
    await connection.expect("subscribed")
    try:
        await connection.expect("subscribed", within=1)
    except AssertionError:
        assert await connection.expect("error") == {"type": "error", "code": "unexpected-message"}
    await connection.subscribe(cursor)
    epoch, _ = parse_cursor(cursor)
    await connection.send({"type": "subscribe", "cursor": cursor_of(epoch, "99999999999999999999-0")})
    await connection.send({"type": "subscribe", "cursor": cursor})
    assert await connection.expect("error") == {"type": "error", "code": "unexpected-message"}
    assert (await connection.expect("reset"))["reason"] == "unknown"


@check("P38", "P42")
async def without_a_socket(world):
    """pages over HTTP bring what follows on a cursor; wrong cursors are 410, 400 and, from the future, 503 with Retry-After at once"""
    record = world.take()
    api = world.api()
    cursor, records, unreadable, _ = await api.snapshot()
    held = CopyOfWorkspace(*parse_cursor(cursor), records, unreadable)
    version = (await api.record(record))["version"]
    body = {"operation": uuid.uuid4().hex, "items": [{"record": record, "baseVersion": version, "set": {"note": "by hand"}}]}
    answer = await api.in_workspace("POST", "/edits", body=body)
    assert answer.json["outcomes"] == [{"record": record, "outcome": "accepted", "version": version + 1}], answer
    deadline = time.monotonic() + 8
    while held.records[record].version < version + 1:
        assert time.monotonic() < deadline, "the page does not bring the edit"
        page = await api.in_workspace("GET", "/frames", query={"after": held.cursor})
        assert page.status == 200, page
        assert held.take(page.json) == APPLIED
    epoch, position = parse_cursor(held.cursor)
    for wrong, status, code in (
        (cursor_of("00000000", position), 410, "cursor-unknown"),
        (cursor_of(epoch, "1-1"), 410, "cursor-too-old"),
        ("nonsense", 400, "bad-request"),
        (cursor_of(epoch, "99999999999999999999-0"), 503, "unavailable"),
    ):
        begun = time.monotonic()
        answer = await api.in_workspace("GET", "/frames", query={"after": wrong})
        assert (answer.status, answer.code) == (status, code), (wrong, answer)
        assert time.monotonic() - begun < 3, wrong
        assert code != "unavailable" or answer.headers.get("Retry-After", "").isdigit(), dict(answer.headers)


@check("P40", "P41", "P42", "P43")
async def range_in_the_feed(world):
    """a large transaction comes as a range; what follows is there at once, and the pages fill the hole"""
    records = world.take(120)
    later = world.take()
    follower, held = await world.live("bernd")
    editor = await world.greeted("anna")
    items = [{"record": record, "baseVersion": 1, "set": {"note": "one of many"}} for record in records]
    answer = await editor.edit(items)
    assert answer["type"] == "edited" and all(one["outcome"] == "accepted" for one in answer["outcomes"]), answer
    before = held.cursor
    while not held.holes:
        told = await follower.expect(("frames", "range"))
        assert held.take(told) == APPLIED, told
        before = before if held.holes else held.cursor
    assert told["changes"] >= 100 and held.cursor == before
    version = await edit_note(editor, later, 1, "after the range")
    await until_seen(follower, held, later, version)
    assert held.holes and held.records[records[0]].version == 1
    if "spreadMs" in told:
        await asyncio.sleep(told["spreadMs"] / 1000)
    while held.holes:
        query = {"after": held.cursor, "upto": held.holes[0][1]}
        page = await world.api("bernd", node=1).in_workspace("GET", "/frames", query=query)
        assert page.status == 200, page
        assert len(page.json["frames"]) <= 1
        assert held.take(page.json) == APPLIED
    assert all(held.records[record].version == 2 for record in records)


@check("P62")
async def crowd(world):
    """a crowd is told within how long to begin to pull; who is alone is not"""
    cursor, *_ = await world.api("carla").snapshot()
    listeners = [await world.greeted("carla", node=1) for _ in range(12)]
    head = [(await listener.subscribe(cursor))["head"] for listener in listeners][-1]
    items = [{"record": record, "baseVersion": 1, "set": {"note": "for many"}} for record in world.take(101)]
    answer = await listeners[0].edit(items)
    assert answer["type"] == "edited", answer
    for listener in listeners:
        # One that is told with what was missed is for one client alone.
        told = await listener.expect("range", lambda one: is_after(one["to"], head))
        assert 220 <= told["spreadMs"] <= 5_000, told


@check("P37")
async def diverged(world):
    """whoever says diverged gets no answer, and a snapshot that it can continue"""
    connection, held = await world.live("bernd")
    await connection.send({"type": "diverged", "cursor": held.cursor})
    await connection.silence({"error", "reset"})
    cursor, *_ = await world.api("bernd").snapshot()
    await connection.subscribe(cursor)
    sums = await world.api("bernd").in_workspace("GET", "/checksum")
    assert {"cursor", "feed", "database"} <= sums.json.keys(), sums


@check("P21")
async def heartbeat(world):
    """pong brings sentAt back, and on a live connection where the node stands"""
    record = world.take()
    connection, held = await world.live("bernd")
    editor = await world.greeted("anna")
    version = await edit_note(editor, record, 1, "a head")
    await until_seen(connection, held, record, version)
    for sent_at in (1769076000000.5, 0, -1):
        await connection.send({"type": "ping", "sentAt": sent_at})
        pong = await connection.expect("pong", lambda one: one["sentAt"] == sent_at)
        assert not is_after(held.position, pong["head"])
        assert abs(pong["at"] / 1000 - time.time()) < 60


@check("P34", "P35", is_long=True)
async def pace(world):
    """a client that says twice that its line is slow gets merged frames, and quick ones again after 15 s of good ones"""
    record = world.take()
    follower, held = await world.live("vera")
    editor = await world.greeted("bernd")
    for _ in range(2):
        await follower.ping(roundTripMs=1_500)
    assert await follower.expect("tier") == {"type": "tier", "everyMs": 1_000}
    assert "head" not in await follower.ping(roundTripMs=1_500)
    version = 1
    for count in range(4):
        version = await edit_note(editor, record, version, f"merged {count}")
    frames = 0
    while held.records[record].version < version:
        message = await take_next(follower, held, world.api("vera"))
        frames += sum(any(change["record"] == record for change in frame["changes"]) for frame in message.get("frames", []))
    assert frames < 4, frames
    assert held.records[record].values["note"] == "merged 3", held.records[record]
    begun = time.monotonic()
    while True:
        await follower.ping(roundTripMs=10, applyLagMs=1)
        told = [message for message in follower.messages if message["type"] == "tier"]
        if told:
            break
        assert time.monotonic() - begun < 25, "no quicker tier"
        await asyncio.sleep(1)
    assert told[0]["everyMs"] == 250 and 14 < time.monotonic() - begun < 22, (told, time.monotonic() - begun)


@check("P33")
async def presence(world):
    """everybody hears who is here, with what, and what they have open"""
    record = world.take()
    witness, _ = await world.live("bernd", node=1)
    await witness.expect("presence")
    connection, _ = await world.live("anna")
    await connection.send({"type": "attend", "records": [record]})

    def has_open(message):
        return any(one["user"] == world.id_of("anna") and record in one["records"] for one in message["people"])

    told = await witness.expect("presence", has_open)
    person = next(one for one in told["people"] if one["user"] == world.id_of("anna"))
    assert "api" in person["kinds"] and told["total"] >= len(told["people"])
    await connection.send({"type": "attend", "records": []})
    await witness.expect("presence", lambda message: not has_open(message))


@check("P23")
async def imports(world):
    """an import is told of until it has ended, and its records come"""
    follower, held = await world.live("bernd")
    begun = await world.api("anna").upload("sample.csv", world.csv)
    assert begun.status == 202, begun
    id_ = begun.json["imports"][0]["id"]
    last = await follower.expect(
        "import", lambda one: one["import"]["id"] == id_ and one["import"]["status"] == "finished", within=20
    )
    assert last["import"]["rows"]["new"] == world.csv.strip().count("\n"), last
    before = len(held.shown())
    deadline = time.monotonic() + 8
    while len(held.shown()) == before:
        assert time.monotonic() < deadline
        page = await world.api("bernd").in_workspace("GET", "/frames", query={"after": held.cursor})
        assert held.take(page.json) == APPLIED


@check("P50")
async def reports(world):
    """a report is not answered where the server wants one"""
    connection = await world.greeted()
    if "reports" not in connection.welcome:
        return
    now = time.time() * 1000
    applied = [{"committedAt": now, "sentAt": now, "receivedAt": now, "appliedAt": now}]
    await connection.send({"type": "report", "applied": applied, "spans": []})
    await connection.silence({"error"})
