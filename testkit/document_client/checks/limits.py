"""Limits (P24, P63)."""

import asyncio
import json
import time

from ..closes import retry_after_ms
from ..connection import CUT
from ..rules import check


def padded(size):
    message = '{"type":"ping","sentAt":1'
    return message + " " * (size - len(message) - 1) + "}"


@check("P24")
async def sizes(world):
    """256 KiB are taken, one more is 1009, more than 512 KiB are cut"""
    connection = await world.greeted("ella")
    await connection.send_text(padded(256 * 1024))
    await connection.expect("pong")
    await connection.send_text(padded(256 * 1024 + 1))
    assert (await connection.expect_close())[0] == 1009
    connection = await world.greeted("ella")
    await connection.send_text(padded(1024 * 1024))
    assert (await connection.expect_close())[0] == CUT


@check("P24")
async def messages_at_once(world):
    """200 messages may come at once, more are 4529"""
    connection = await world.greeted("ella")
    for _ in range(150):
        await connection.send({"type": "ping", "sentAt": 1})
    for _ in range(150):
        await connection.expect("pong")
    connection = await world.greeted("ella")
    for _ in range(300):
        await connection.send({"type": "ping", "sentAt": 1})
    assert (await connection.expect_close())[0] == 4529


@check("P46", "P63")
async def connections_of_a_person(world):
    """the connection after the 50th is closed with 4509, whose reason says when to come back"""
    open_ = []
    for _ in range(50):
        open_.append(await world.connect("ella"))
    for connection in open_:
        await connection.hello(world.workspace)
    begun = time.monotonic()
    crowd = await world.connect("ella")
    code, reason = await crowd.expect_close()
    assert code == 4509 and time.monotonic() - begun < 4, (code, time.monotonic() - begun)
    after = retry_after_ms(code, reason)
    assert 20_000 <= after <= 40_000, reason
    assert json.JSONDecoder().raw_decode(reason)[0] == {"retryAfterMs": after}
    await open_[0].close()
    await asyncio.sleep(1)
    back = await world.connect("ella")
    await back.hello(world.workspace)
