"""A copy of a workspace's records that frames and ranges keep current (P9 to P11, P40 to P43)."""

from dataclasses import dataclass, field

from .checksum import MODULUS, record_checksum
from .positions import cursor_of, is_after, key

APPLIED, GAP = "applied", "gap"
FIELDS = ("vorgangsnummer", "ibe", "caseId", "done", "assignee", "note")


@dataclass
class Held:
    """What is known of a record: each value with the version that set it."""

    version: int = 0
    # Nothing is missing up to here: what an edit of it is based on.
    seen: int = 0
    is_inserted: bool = False
    is_deleted: bool = False
    values: dict = field(default_factory=dict)
    set_in: dict = field(default_factory=dict)
    at: str = ""
    by: str = ""

    @property
    def is_shown(self):
        return self.is_inserted and not self.is_deleted


class CopyOfWorkspace:
    def __init__(self, epoch, position, records=(), unreadable=()):
        self.epoch = epoch
        self.position = position
        self.holes = []
        self.unreadable = {one["id"]: one["version"] for one in unreadable}
        self.records = {}
        for record in records:
            self.take_record(record)

    def take_record(self, record):
        """A record of a snapshot."""
        version = record["version"]
        values = {name: record.get(name) for name in FIELDS}
        set_in = dict.fromkeys(FIELDS, version)
        self.records[record["id"]] = Held(
            version, version, True, False, values, set_in, record.get("updatedAt", ""), record.get("updatedBy", "")
        )

    @property
    def cursor(self):
        return cursor_of(self.epoch, self.holes[0][0] if self.holes else self.position)

    @property
    def sum(self):
        """What the copy adds up to; it says something only without holes."""
        shown = sum(record_checksum(id_, held.version) for id_, held in self.records.items() if held.is_shown)
        unread = sum(record_checksum(id_, version) for id_, version in self.unreadable.items())
        return (shown + unread) % MODULUS

    def shown(self):
        """The records as a person sees them, by id."""
        return [
            {"id": id_, "version": held.seen, **held.values}
            for id_, held in sorted(self.records.items())
            if held.is_shown
        ]

    def take(self, message):
        """Takes `frames`, a `range`, or a page of frames over HTTP; `GAP` where the client has to subscribe again."""
        if message.get("type") == "range":
            return self.take_range(message)
        for frame in message["frames"]:
            if self.take_frame(frame) == GAP:
                return GAP
        return APPLIED

    def take_range(self, told):
        if not is_after(told["to"], self.position):
            return APPLIED
        if is_after(told["from"], self.position):
            return GAP
        self.holes.append((self.position, told["to"]))
        self.position = told["to"]
        return APPLIED

    def take_frame(self, frame):
        id_, prev = frame["id"], frame["prev"]
        oldest = self.holes[0][0] if self.holes else None
        fills = oldest is not None and not is_after(prev, oldest) and is_after(id_, oldest)
        if not fills:
            if not is_after(id_, self.position):
                return APPLIED
            if is_after(prev, self.position):
                return GAP
        else:
            self.holes = [(max(start, id_, key=key), end) for start, end in self.holes if is_after(end, id_)]
        for change in frame["changes"]:
            self.apply(change)
        self.position = max(self.position, id_, key=key)
        if not self.holes:
            for held in self.records.values():
                held.seen = held.version
        return APPLIED

    def apply(self, change):
        held = self.records.setdefault(change["record"], Held())
        version = change["version"]
        for name, value in change["set"].items():
            if version > held.set_in.get(name, 0):
                held.values[name] = value
                held.set_in[name] = version
        held.is_inserted = held.is_inserted or change["op"] == "insert"
        held.is_deleted = held.is_deleted or change["op"] == "delete"
        # An insert holds all up to its version.
        if version == held.seen + 1 or (change["op"] == "insert" and version > held.seen):
            held.seen = version
        if version > held.version:
            held.version, held.at, held.by = version, change["at"], change["by"]
