"""Who is let in, what comes first, and what ends a connection (P1 to P6, P48, P51, P53 to P58)."""

import asyncio
import secrets
import time
from datetime import datetime, timedelta, timezone

from ..api import Api, sign_in
from ..connection import CUT
from ..rules import check


@check("P1")
async def subprotocol(world):
    """without the subprotocol a connection is closed with 4400"""
    for protocols in ((), ("chat", "meldesync.v0")):
        connection = await world.connect(protocols=protocols)
        assert (await connection.expect_close())[0] == 4400
    connection = await world.connect(protocols=("chat", "meldesync.v1"))
    await connection.hello(world.workspace)
    assert connection.socket.subprotocol == "meldesync.v1"


@check("P2")
async def nobody(world):
    """nobody signed in is 4401, a page of a foreign origin the error foreign-origin and 4403"""
    for token in (None, "made.up", world.tokens["anna"].split(".")[0]):
        connection = await world.connect(token=token)
        assert (await connection.expect_close())[0] == 4401
    connection = await world.connect(origin="https://elsewhere.example")
    assert (await connection.expect("error"))["code"] == "foreign-origin"
    assert (await connection.expect_close())[0] == 4403


@check("P2", "P58")
async def cookie_of_a_page(world):
    """the cookie of a page counts from the service's own origin, at the upgrade and where something is changed"""
    url = world.urls[0]
    answer = await Api(url).ask(
        "POST",
        "/api/auth/sign-in/email",
        body={"email": world.people["fritz"]["email"], "password": world.password},
        headers={"Origin": url},
    )
    assert answer.status == 200, answer
    cookie = "; ".join(one.split(";")[0] for one in answer.headers.get_all("Set-Cookie"))
    page = await world.connect(token=None, origin=url, headers={"Cookie": cookie})
    await page.hello(world.workspace)
    for origin in ("https://elsewhere.example", None):
        foreign = await world.connect(token=None, origin=origin, headers={"Cookie": cookie})
        assert (await foreign.expect("error"))["code"] == "foreign-origin"
        assert (await foreign.expect_close())[0] == 4403
    api = Api(url)
    own = await api.ask("POST", "/api/v1/me/active", headers={"Cookie": cookie, "Origin": url})
    assert own.status == 204, own
    other = await api.ask("POST", "/api/v1/me/active", headers={"Cookie": cookie, "Origin": "https://elsewhere.example"})
    assert (other.status, other.code) == (403, "foreign-origin"), other


@check("P3")
async def form_of_messages(world):
    """binary is 4400, what is no UTF-8 cuts, unknown fields are left alone"""
    connection = await world.greeted()
    await connection.socket.send(b"\x01\x02")
    assert (await connection.expect_close())[0] == 4400
    connection = await world.greeted()
    await connection.socket.send(b'{"type":"ping","sentAt":1,"x":"\xff"}', text=True)
    assert (await connection.expect_close())[0] == CUT
    connection = await world.greeted(later=True)
    await connection.ping(later={"x": 1})


@check("P4")
async def hello_first(world):
    """anything but ping before hello is 4400; a ping is answered without head; a second hello is unexpected-message"""
    for early in (
        {"type": "subscribe", "cursor": "00000000:0-0"},
        {"type": "edit", "operation": "too-early-1", "items": [{"record": 1, "baseVersion": 1, "set": {"done": True}}]},
        {"type": "attend", "records": []},
    ):
        connection = await world.connect()
        await connection.send(early)
        assert (await connection.expect_close())[0] == 4400, early
    connection = await world.connect()
    assert "head" not in await connection.ping()
    await connection.hello(world.workspace)
    assert "head" not in await connection.ping()
    await connection.send({"type": "hello", "workspace": world.workspace, "client": {"kind": "api", "version": "1"}})
    assert await connection.expect("error") == {"type": "error", "code": "unexpected-message"}
    await connection.ping()
    for wrong in ({"instance": "short"}, {"instance": "x" * 65}, {"client": {"kind": "api", "version": "x" * 33}}):
        connection = await world.connect()
        message = {"type": "hello", "workspace": world.workspace, "client": {"kind": "api", "version": "1"}, **wrong}
        await connection.send(message)
        assert (await connection.expect("error"))["code"] == "invalid-message", wrong


@check("P4", is_long=True)
async def no_hello(world):
    """who says no hello is sent away after 10 s with 4504"""
    connection = await world.connect("bernd")
    begun = time.monotonic()
    assert (await connection.expect_close(within=15))[0] == 4504
    assert 9 < time.monotonic() - begun < 14


@check("P5")
async def members(world):
    """who is no member is 4403, also of what there is not; a viewer reads, and may neither edit nor lock"""
    for workspace in (world.workspace, "00000000-0000-4000-8000-000000000000"):
        connection = await world.connect("nina")
        await connection.send({"type": "hello", "workspace": workspace, "client": {"kind": "api", "version": "1"}})
        assert (await connection.expect_close())[0] == 4403
    connection = await world.connect()
    capitals = {"type": "hello", "workspace": world.workspace.upper(), "client": {"kind": "api", "version": "1"}}
    await connection.send(capitals)
    assert (await connection.expect("error"))["code"] == "invalid-message"
    me = await world.api().ask("GET", "/api/v1/me")
    assert world.workspace in [one["id"] for one in me.json["workspaces"]]
    viewer, _ = await world.live("vera")
    assert viewer.welcome["role"] == "viewer"
    record = world.take()
    answer = await viewer.edit([{"record": record, "baseVersion": 1, "set": {"note": "x"}}])
    assert (answer["type"], answer["code"]) == ("error", "forbidden")
    assert (await viewer.lock([record]))["code"] == "forbidden"
    assert (await viewer.unlock("6f1c0a7e-58a4-4d0e-9a53-0c1f6a2b7d10"))["code"] == "forbidden"


@check("P6", "P56", "P58")
async def session_that_ends(world):
    """a password gives a token; signing out ends it, over HTTP with 401 and here with 4401"""
    person = world.people["bernd"]
    answer, token = await sign_in(world.urls[0], person["email"], world.password)
    assert answer.status == 200 and token, answer
    connection = await world.connect(token=token)
    await connection.hello(world.workspace)
    api = Api(world.urls[0], token, world.workspace)
    out = await api.ask("POST", "/api/auth/sign-out", body={})
    assert out.status == 200, out
    assert (await connection.expect_close())[0] == 4401
    after = await api.ask("GET", "/api/v1/me")
    assert after.status == 401, after
    again = await world.connect(token=token)
    assert (await again.expect_close())[0] == 4401
    wrong, token = await sign_in(world.urls[0], world.people["nina"]["email"], "not-the-password")
    assert wrong.status == 401 and token is None, wrong


@check("P56")
async def code_for_a_terminal(world):
    """a code is begun, and asked for until somebody has allowed it; refusals are 400 with error"""
    api = Api(world.urls[0])
    begun = await api.ask("POST", "/api/auth/device/code", body={"client_id": "meldesync"})
    assert begun.status == 200, begun
    for name in ("device_code", "user_code", "verification_uri", "expires_in", "interval"):
        assert name in begun.json, begun
    asked = {
        "grant_type": "urn:ietf:params:oauth:grant-type:device_code",
        "device_code": begun.json["device_code"],
        "client_id": "meldesync",
    }
    first = await api.ask("POST", "/api/auth/device/token", body=asked)
    assert (first.status, first.json["error"]) == (400, "authorization_pending"), first
    second = await api.ask("POST", "/api/auth/device/token", body=asked)
    assert (second.status, second.json["error"]) == (400, "slow_down"), second
    unknown = await api.ask("POST", "/api/auth/device/token", body={**asked, "device_code": "x" * 40})
    assert (unknown.status, unknown.json["error"]) == (400, "invalid_grant"), unknown


@check("P56")
async def token_of_a_program(world):
    """a program's token signs in until it ends, for what it was given for at most"""
    admin = world.api("adam")
    path = f"/api/v1/administration/workspaces/{world.workspace}/service-accounts"
    account = await admin.ask("POST", path, body={"name": "Probe", "role": "editor"})
    assert account.status == 201, account
    ends = (datetime.now(timezone.utc) + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    wanted = {"label": "Probe", "maxRole": "viewer", "expiresAt": ends}
    made = await admin.ask("POST", f"{path}/{account.json['member']['id']}/tokens", body=wanted)
    assert made.status == 201, made
    connection = await world.connect(token=made.json["secret"])
    welcome = await connection.hello(world.workspace)
    assert (welcome["user"], welcome["role"]) == (account.json["member"]["id"], "viewer"), welcome


@check("P59")
async def links(world):
    """a link that nobody has made leads nowhere"""
    api = Api(world.urls[0])
    for path in ("/api/v1/invitations/look", "/api/v1/password-links/look"):
        answer = await api.ask("POST", path, body={"secret": secrets.token_urlsafe(32)})
        assert (answer.status, answer.code) == (404, "link-unknown"), answer


@check("P6", "P53", "P55")
async def role_that_changes(world):
    """a role that changes is told and counts at once, without a close; who is taken out is 4403"""
    admin = world.api("adam")
    path = f"/api/v1/administration/workspaces/{world.workspace}/members"
    leaver = await world.greeted("lena")
    witness, _ = await world.live("adam")
    record = world.take()
    answer = await leaver.edit([{"record": record, "baseVersion": 1, "set": {"note": "as an editor"}}])
    assert answer["type"] == "edited", answer
    listed = await admin.ask("GET", path)
    assert listed.status == 200, listed
    member = next(one for one in listed.json["members"] if one["id"] == world.id_of("lena"))
    headers = {"If-Match": f'"{member["version"]}"'}
    changed = await admin.ask("PATCH", f"{path}/{world.id_of('lena')}", body={"role": "viewer"}, headers=headers)
    assert changed.status == 200, changed
    assert await leaver.expect("role") == {"type": "role", "role": "viewer"}
    assert (await witness.expect("administration")) == {"type": "administration"}
    answer = await leaver.edit([{"record": record, "baseVersion": 2, "set": {"note": "as a viewer"}}])
    assert (answer["type"], answer["code"]) == ("error", "forbidden"), answer
    removed = await admin.ask("DELETE", f"{path}/{world.id_of('lena')}")
    assert removed.status == 204, removed
    assert (await leaver.expect_close())[0] == 4403


@check("P51")
async def what_it_came_back_from(world):
    """hello may say what the client came back from, in words that nobody knows too"""
    await world.greeted(after={"reason": "silence", "awayMs": 2500, "epoch": "00000000"})
    await world.greeted(after={"reason": "solar-flare", "awayMs": 1})
    await world.greeted(after={"reason": 7})


@check("P48", "P54")
async def whose_session(world):
    """a request for another person is 409; a terminal keeps no copy"""
    api = world.api()
    right = await api.ask("GET", "/api/v1/me", headers={"Meldesync-Person": world.id_of("anna")})
    assert right.status == 200, right
    wrong = await api.ask("GET", "/api/v1/me", headers={"Meldesync-Person": world.id_of("bernd")})
    assert (wrong.status, wrong.code) == (409, "signed-in-as-another"), wrong
    connection = await world.greeted()
    assert connection.welcome["user"] == world.id_of("anna")
    device = await api.ask("POST", "/api/v1/me/device", body={"isShared": False})
    assert (device.status, device.code) == (403, "forbidden"), device


@check("P22", is_long=True)
async def silent_client(world):
    """a client that only its library answers for stays connected for more than 32 s"""
    connection = await world.greeted("bernd")
    await asyncio.sleep(36)
    assert connection.closed is None, connection.closed
    await connection.ping()
