"""How a client reads what a node sends (P3, P44, P45): what a message must have, and nothing of what it may have besides."""

import math
import re

from .positions import POSITION

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def text(value):
    return isinstance(value, str)


def flag(value):
    return isinstance(value, bool)


def number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def natural(value):
    return number(value) and value == int(value) and value >= 0


def positive(value):
    return natural(value) and value > 0


def position(value):
    return text(value) and POSITION.fullmatch(value) is not None


def uuid(value):
    return text(value) and UUID.fullmatch(value) is not None


def not_negative(value):
    return number(value) and value >= 0


def share(value):
    return number(value) and 0 <= value <= 1


def one_of(*values):
    return lambda value: any(value == one and type(value) is type(one) for one in values)


def or_null(check):
    return lambda value: value is None or check(value)


def list_of(check, least=0):
    return lambda value: isinstance(value, list) and len(value) >= least and all(map(check, value))


def having(**fields):
    """An object with these; a name that ends in `_` may be missing."""
    wanted = [(name.removesuffix("_"), name.endswith("_"), check) for name, check in fields.items()]

    def has(value):
        if not isinstance(value, dict):
            return False
        return all(check(value[name]) if name in value else is_optional for name, is_optional, check in wanted)

    return has


VALUE = or_null(lambda value: text(value) or flag(value))
ROLE = one_of("viewer", "editor", "admin", "auditor")
SET = having(
    vorgangsnummer_=text, ibe_=text, caseId_=or_null(text), done_=flag, assignee_=or_null(text), note_=or_null(text)
)
CHANGE = having(
    record=positive,
    version=positive,
    op=one_of("insert", "update", "delete"),
    set=SET,
    by=text,
    via=text,
    at=text,
    operation_=text,
)
FRAME = having(id=position, prev=position, changes=list_of(CHANGE), sum_=natural, at_=number, trace_=text)
RECORD = having(
    id=positive,
    version=positive,
    vorgangsnummer=text,
    ibe=text,
    caseId_=or_null(text),
    done=flag,
    assignee_=or_null(text),
    note_=or_null(text),
    updatedAt=text,
    updatedBy=text,
)
LOCK = having(
    lock=uuid,
    records=list_of(positive, 1),
    user=text,
    instance=text,
    since=text,
    endsInMs=or_null(natural),
)
CONFLICT_FIELD = having(
    field=one_of("caseId", "done", "assignee", "note", "ibe"),
    base=VALUE,
    current=VALUE,
    attempted_=VALUE,
    changed_=having(by=text, at=text, version=positive),
)
OUTCOMES = {
    "accepted": having(record=positive, version=positive),
    "conflict": having(
        record=positive,
        baseVersion=positive,
        current=RECORD,
        conflict=uuid,
        fields=list_of(CONFLICT_FIELD),
        overlaps=flag,
    ),
    "rejected": having(record=positive, code=text, lock_=LOCK),
}


def outcome(value):
    return isinstance(value, dict) and value.get("outcome") in OUTCOMES and OUTCOMES[value["outcome"]](value)


DOWN = {
    "welcome": having(
        session=text,
        node=text,
        user=text,
        role=ROLE,
        epoch=lambda value: text(value) and re.fullmatch("[0-9a-f]{8}", value) is not None,
        reports_=having(applied=share, traces_=share),
    ),
    "subscribed": having(head=position, sum_=natural),
    "frames": having(frames=list_of(FRAME, 1), sentAt_=number),
    "range": having(**{"from": position, "to": position, "changes": natural, "spreadMs_": positive}),
    "reset": having(reason=text),
    "edited": having(operation=text, outcomes=list_of(outcome)),
    "lock-granted": having(request=text, lock=LOCK),
    "lock-held": having(request=text, locks=list_of(LOCK)),
    "unlocked": having(request=text),
    "locks": having(full=flag, set=list_of(LOCK), ended=list_of(having(lock=uuid, reason=text, by_=text))),
    "presence": having(
        people=list_of(having(user=text, kinds=list_of(text), records=list_of(positive))), total=natural
    ),
    "tier": having(everyMs=one_of(0, 250, 1000, 5000)),
    "behind": having(),
    "freshness": having(ageMs=or_null(not_negative)),
    "import": having(**{"import": having(id=uuid, status=text)}),
    "administration": having(),
    "role": having(role=ROLE),
    "pong": having(sentAt=number, at_=number, head_=position, ageMs_=not_negative),
    "error": having(code=text, operation_=text, request_=text),
}


def can_read(message):
    """Whether a message of a known type is as it must be."""
    return isinstance(message, dict) and message.get("type") in DOWN and DOWN[message["type"]](message)
