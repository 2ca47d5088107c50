"""The vectors, as far as they need no node."""

import json

from . import checksum, closes, merging, texts
from .copy_of_workspace import CopyOfWorkspace
from .messages import can_read
from .positions import cursor_of, key, parse_cursor


# What the cases are about, for what a client does by itself.
RULES = {
    "down.json": ("P44", "P45"),
    "positions.json": ("P7", "P11"),
    "checksums.json": ("P36",),
    "merging.json": ("P34",),
    "frames.json": ("P9", "P10", "P11", "P40", "P41", "P43"),
    "texts.json": ("P65",),
    "patches.json": ("P17", "P27"),
    "closes.json": ("P46", "P47"),
}


def run_vectors(folder):
    """Runs every file that says what a client does by itself: how many cases there were, and the faults."""
    count, faults = 0, []

    def hold(name, is_so, found=None):
        nonlocal count
        count += 1
        if not is_so:
            faults.append(f"{name}{'' if found is None else f': {found}'}")

    def read(file):
        return json.loads((folder / file).read_text("utf-8"))

    down = read("down.json")
    for case in down["valid"]:
        hold(f"down, {case['name']}", can_read(case["message"]))
    for case in down["invalid"]:
        hold(f"down, {case['name']}", not can_read(case["message"]))

    positions = read("positions.json")
    ascending = positions["ascending"]
    for before, after in zip(ascending, ascending[1:]):
        hold(f"{before} is before {after}", key(before) < key(after))
    for case in positions["cursors"]:
        hold(f"cursor {case['cursor']}", parse_cursor(case["cursor"]) == (case["epoch"], case["position"]))
        hold(f"cursor {case['cursor']}", cursor_of(case["epoch"], case["position"]) == case["cursor"])
    for text in positions["noCursors"]:
        hold(f"no cursor {text!r}", parse_cursor(text) is None)

    sums = read("checksums.json")
    for case in sums["records"]:
        found = checksum.record_checksum(case["record"], case["version"])
        hold(f"checksum of {case['record']} in {case['version']}", found == case["checksum"], found)
    for case in sums["changes"]:
        found = checksum.after_change(case["sum"], case["change"])
        hold(f"checksum, {case['name']}", found == case["after"], found)

    for case in read("merging.json")["merging"]:
        found = merging.merge(case["frames"])
        hold(f"merging, {case['name']}", json.dumps(found, sort_keys=True) == json.dumps(case["merged"], sort_keys=True))

    for case in read("frames.json")["frames"]:
        found = apply_case(case)
        hold(f"frames, {case['name']}", found == {"result": case["result"], **case["after"]}, found)

    for case in read("texts.json")["texts"]:
        found = kept_or_error(case["field"], case["sent"])
        hold(f"texts, {case['name']}", found == {name: case[name] for name in ("kept", "error") if name in case}, found)

    for case in read("patches.json")["patches"]:
        outcome, code, after = texts.judge(case["record"], case["baseVersion"], case["set"])
        is_so = outcome == case["outcome"] and code == case.get("code")
        hold(f"patches, {case['name']}", is_so and ("after" not in case or after == case["after"]), (outcome, code, after))

    for case in read("closes.json")["closes"]:
        found = (closes.consequence(case["code"]), closes.retry_after_ms(case["code"], case["reason"]))
        hold(f"closes, {case['name']}", found == (case["client"], case.get("retryAfterMs")), found)

    for kind, (least, first, most) in closes.BACKOFF.items():
        for failed in range(8):
            drawn = [closes.wait_ms(kind, failed) for _ in range(50)]
            hold(f"backoff {kind} {failed}", least <= min(drawn) and max(drawn) <= max(first, min(most, first * 2**failed)))
    return count, faults


def apply_case(case):
    start = case["start"]
    held = CopyOfWorkspace(*parse_cursor(start["cursor"]), start["records"])
    result = "applied"
    for message in case["messages"]:
        result = held.take(message.get("page", message))
        if result == "gap":
            break
    return {"result": result, "cursor": held.cursor, "records": held.shown()}


def kept_or_error(field, sent):
    try:
        return {"kept": texts.kept(field, sent)}
    except texts.Refused as refused:
        return {"error": str(refused)}
