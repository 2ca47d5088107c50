"""What the checks talk to: nodes, people, and records that no two checks share."""

from .api import Api
from .connection import Connection
from .copy_of_workspace import APPLIED, CopyOfWorkspace
from .positions import parse_cursor


class World:
    """As one check sees it."""

    def __init__(self, told, tokens, records):
        self.urls = told["urls"]
        self.workspace = told["workspace"]
        self.people = told["people"]
        self.csv = told["csv"]
        self.password = told["password"]
        self.vectors = told["vectors"]
        self.tokens = tokens
        self._records = records
        self._open = []

    def id_of(self, name):
        return self.people[name]["id"]

    def take(self, count=1):
        """Records that are nobody else's."""
        taken = [self._records.pop() for _ in range(count)]
        return taken if count > 1 else taken[0]

    def api(self, name="anna", node=0):
        return Api(self.urls[node], self.tokens.get(name), self.workspace)

    async def connect(self, name="anna", node=0, **more):
        token = more.pop("token", self.tokens.get(name))
        connection = await Connection.open(self.urls[node], token, **more)
        self._open.append(connection)
        return connection

    async def greeted(self, name="anna", node=0, **more):
        connection = await self.connect(name, node)
        await connection.hello(self.workspace, **more)
        return connection

    async def live(self, name="anna", node=0, **more):
        """A connection that stands at the end of the feed, and the copy that it keeps current."""
        cursor, records, unreadable, _ = await self.api(name, node).snapshot()
        connection = await self.greeted(name, node, **more)
        held = CopyOfWorkspace(*parse_cursor(cursor), records, unreadable)
        await connection.subscribe(cursor)
        return connection, held

    async def close_all(self):
        for connection in self._open:
            await connection.close()
        self._open.clear()


async def take_next(connection, held, api):
    """Applies what comes next of the feed, and fills the hole that it leaves (P42); what came."""
    message = await connection.expect(("frames", "range"))
    assert held.take(message) == APPLIED, message
    while held.holes:
        page = await api.in_workspace("GET", "/frames", query={"after": held.cursor, "upto": held.holes[0][1]})
        assert page.status == 200, page
        assert held.take(page.json) == APPLIED, page
    return message


async def until_seen(connection, held, record, version):
    """Applies frames until the copy has a record in a version."""
    while record not in held.records or held.records[record].version < version:
        message = await connection.expect("frames")
        assert held.take(message) == APPLIED, message
