"""Texts and edits as they are kept (P16, P17, P27, P65)."""

import unicodedata

WHITE_SPACE = "\t\n\v\f\r \u00a0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000\ufeff"
LIMITS = {"caseId": 64, "assignee": 64, "note": 2000}
FORBIDDEN = {
    "caseId": {"Cc", "Cf", "Cs", "Zl", "Zp"},
    "assignee": {"Cc", "Cf", "Cs", "Zl", "Zp"},
    "note": {"Cc", "Cs"},
}
ALLOWED = {"caseId": "", "assignee": "", "note": "\n\t"}


class Refused(Exception):
    """The code for which a text is not taken."""


def units(text):
    """Length in UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def kept(field, sent):
    """The form in which a text is kept; raises `Refused`."""
    if sent is None:
        return None
    # Code points, as Python counts them.
    if len(sent) > LIMITS[field]:
        raise Refused("invalid-message")
    text = sent.replace("\r\n", "\n").replace("\r", "\n").strip(WHITE_SPACE)
    text = unicodedata.normalize("NFC", text)
    if units(text) > LIMITS[field]:
        raise Refused("invalid-field")
    if any(unicodedata.category(one) in FORBIDDEN[field] and one not in ALLOWED[field] for one in text):
        raise Refused("invalid-field")
    return text or None


def kept_set(changes):
    """All fields of an edit as they are kept."""
    return {field: kept(field, value) if field in LIMITS else value for field, value in changes.items()}


def judge(record, base_version, changes, assignable=()):
    """What becomes of an item on a record that is there and not locked: outcome, code, and the record after it."""
    if base_version > record["version"]:
        return "rejected", "version-unknown", record
    if base_version < record["version"]:
        return "conflict", None, record
    wanted = kept_set(changes)
    person = wanted.get("assignee")
    if person is not None and person != record["assignee"] and person not in assignable:
        return "rejected", "assignee-unknown", record
    after = {**record, **wanted}
    if after != record:
        after["version"] += 1
    return "accepted", None, after
