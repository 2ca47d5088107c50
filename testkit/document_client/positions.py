"""Positions and cursors (P7, P11)."""

import re

POSITION = re.compile(r"[0-9]{1,20}-[0-9]{1,20}")
CURSOR = re.compile(r"([0-9a-f]{8}):([0-9]{1,20}-[0-9]{1,20})")


def key(position):
    """What positions are ordered by: two numbers."""
    first, second = position.split("-")
    return int(first), int(second)


def is_after(one, other):
    return key(one) > key(other)


def parse_cursor(text):
    """Epoch and position, or None for what is no cursor."""
    match = CURSOR.fullmatch(text) if len(text) <= 64 else None
    return match.groups() if match else None


def cursor_of(epoch, position):
    return f"{epoch}:{position}"
