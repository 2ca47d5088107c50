"""A connection to a node (P1 to P4, P21)."""

import asyncio
import json
import time
import uuid

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from .messages import DOWN, can_read

SUBPROTOCOL = "meldesync.v1"
CUT = 1006


class Connection:
    """Keeps all that comes; `expect` takes the first that fits and leaves the others."""

    def __init__(self, socket):
        self.socket = socket
        self.messages = []
        self.closed = None
        self.welcome = None
        self._came = asyncio.Event()
        self._reading = asyncio.create_task(self._read())
        self._beating = None

    @classmethod
    async def open(cls, url, token=None, protocols=(SUBPROTOCOL,), origin=None, headers=None):
        headers = dict(headers or {})
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        socket = await connect(
            url.replace("http", "ws", 1) + "/sync",
            subprotocols=list(protocols) or None,
            origin=origin,
            additional_headers=headers,
            compression=None,
            ping_interval=None,
            proxy=None,
            max_size=None,
            close_timeout=2,
        )
        return cls(socket)

    async def _read(self):
        try:
            async for text in self.socket:
                message = json.loads(text)
                # A type that is not known is left alone (P3); one that is must be readable here, where nodes are of this version.
                if message.get("type") in DOWN:
                    assert can_read(message), f"cannot be read: {text[:500]}"
                    self.messages.append(message)
                self._came.set()
            self._over()
        except ConnectionClosed:
            self._over()
        except AssertionError as error:
            self.closed = (0, str(error))
        self._came.set()

    def _over(self):
        code = self.socket.close_code
        self.closed = (CUT if code is None else code, self.socket.close_reason or "")

    async def send(self, message):
        await self.send_text(json.dumps(message, ensure_ascii=False, separators=(",", ":")))

    async def send_text(self, text):
        try:
            await self.socket.send(text)
        except ConnectionClosed:
            # What the node said with the close is looked at by whoever waits for it.
            pass

    async def expect(self, kinds, where=lambda message: True, within=8.0):
        """Takes the first message of a type, or of one of several, that fits."""
        kinds = (kinds,) if isinstance(kinds, str) else kinds
        deadline = time.monotonic() + within
        while True:
            for at, message in enumerate(self.messages):
                if message["type"] in kinds and where(message):
                    return self.messages.pop(at)
            if self.closed is not None:
                raise AssertionError(f"no {' or '.join(kinds)} came, the connection is closed: {self.closed}")
            await self._wait(deadline, lambda: f"no {' or '.join(kinds)} within {within} s, but {self.messages[-3:]}")

    async def expect_close(self, within=8.0):
        """Code and reason of the close."""
        deadline = time.monotonic() + within
        while self.closed is None:
            await self._wait(deadline, lambda: f"the connection was not closed within {within} s")
        return self.closed

    async def _wait(self, deadline, why):
        left = deadline - time.monotonic()
        if left <= 0:
            raise AssertionError(why())
        self._came.clear()
        try:
            await asyncio.wait_for(self._came.wait(), left)
        except asyncio.TimeoutError:
            pass

    async def hello(self, workspace, **more):
        await self.send({"type": "hello", "workspace": workspace, "client": {"kind": "api", "version": "1"}, **more})
        self.welcome = await self.expect("welcome", within=10)
        return self.welcome

    async def ping(self, **more):
        """Sends one; its answer."""
        sent_at = time.time() * 1000
        await self.send({"type": "ping", "sentAt": sent_at, **more})
        return await self.expect("pong", lambda pong: pong["sentAt"] == sent_at)

    async def silence(self, kinds):
        """Nothing of these types has come before the answer to a ping."""
        await self.ping()
        found = [message for message in self.messages if message["type"] in kinds]
        assert not found, found

    def beat(self):
        """Sends a `ping` every 3 s from now on."""

        async def beating():
            while self.closed is None:
                await self.ping()
                await asyncio.sleep(3)

        self._beating = asyncio.create_task(beating())

    async def subscribe(self, cursor):
        await self.send({"type": "subscribe", "cursor": cursor})
        return await self.expect("subscribed")

    async def edit(self, items, operation=None, **more):
        """Sends an edit; its answer, an `edited` or an `error`."""
        operation = operation or uuid.uuid4().hex
        await self.send({"type": "edit", "operation": operation, "items": items, **more})
        return await self.answer_to(operation)

    async def answer_to(self, operation):
        return await self.expect(("edited", "error"), lambda message: message.get("operation") == operation)

    async def lock(self, records):
        request = uuid.uuid4().hex
        await self.send({"type": "lock", "request": request, "records": records})
        return await self.expect(("lock-granted", "lock-held", "error"), lambda message: message.get("request") == request)

    async def unlock(self, lock):
        request = uuid.uuid4().hex
        await self.send({"type": "unlock", "request": request, "lock": lock})
        return await self.expect(("unlocked", "error"), lambda message: message.get("request") == request)

    async def close(self, code=1000):
        if self._beating is not None:
            self._beating.cancel()
        await self.socket.close(code)
        await asyncio.wait([self._reading], timeout=3)

    def cut(self):
        """Ends the line without a word, as a network does."""
        if self._beating is not None:
            self._beating.cancel()
        self.socket.transport.abort()
