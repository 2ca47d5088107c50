"""HTTP as the document has it, by the standard library."""

import asyncio
import json
import urllib.error
import urllib.parse
import urllib.request
import uuid


class Answer:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    @property
    def json(self):
        return json.loads(self.body) if self.body else None

    @property
    def code(self):
        """Of problem details (RFC 9457); None where the answer has none."""
        found = self.json
        return found.get("code") if isinstance(found, dict) else None

    def __repr__(self):
        return f"HTTP {self.status} {self.body[:300]!r}"


class Api:
    """The API of a node, as who has the token."""

    def __init__(self, url, token=None, workspace=None):
        self.url = url
        self.token = token
        self.workspace = workspace

    async def ask(self, method, path, body=None, headers=None, query=None, data=None):
        """Asks once. `body` is sent as JSON, `data` as it is."""
        return await asyncio.to_thread(self._ask, method, path, body, headers or {}, query, data)

    def _ask(self, method, path, body, headers, query, data):
        url = self.url + path + ("?" + urllib.parse.urlencode(query) if query else "")
        request = urllib.request.Request(url, method=method, data=data)
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        if self.token is not None:
            request.add_header("Authorization", f"Bearer {self.token}")
        for name, value in headers.items():
            request.add_header(name, value)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return Answer(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as refusal:
            with refusal:
                return Answer(refusal.code, refusal.headers, refusal.read())

    async def in_workspace(self, method, path, **rest):
        return await self.ask(method, f"/api/v1/workspaces/{self.workspace}{path}", **rest)

    async def record(self, record):
        answer = await self.in_workspace("GET", f"/records/{record}")
        assert answer.status == 200, answer
        return answer.json

    async def snapshot(self, limit=2000):
        """All pages: the cursor of the first, the records, and what cannot be read (P12)."""
        query = {"after": 0, "limit": limit}
        cursor, records, unreadable, pages = None, [], [], 0
        while True:
            answer = await self.in_workspace("GET", "/snapshot", query=query)
            assert answer.status == 200, answer
            page = answer.json
            pages += 1
            cursor = cursor or page["cursor"]
            records += page["records"]
            unreadable += page.get("unreadable", [])
            if page["next"] is None:
                return cursor, records, unreadable, pages
            query["after"] = page["next"]
            if "edition" in page:
                query["edition"] = page["edition"]

    async def upload(self, name, content):
        boundary = uuid.uuid4().hex
        data = (
            f"--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n"
            f"Content-Type: text/csv\r\n\r\n{content}\r\n--{boundary}--\r\n"
        ).encode()
        headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        return await self.in_workspace("POST", "/imports", data=data, headers=headers)


async def sign_in(url, email, password):
    """A token by a password (P56); the answer to look at, and the token."""
    answer = await Api(url).ask(
        "POST",
        "/api/auth/sign-in/email",
        body={"email": email, "password": password},
        headers={"meldesync-session-kind": "terminal"},
    )
    return answer, answer.headers.get("set-auth-token")
