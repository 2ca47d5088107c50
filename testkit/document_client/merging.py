"""What consecutive frames become in one (P34)."""


def merge(frames):
    first, last = frames[0], frames[-1]
    if first is last:
        return first
    changes = {}
    for frame in frames:
        for change in frame["changes"]:
            before = changes.pop(change["record"], None)
            changes[change["record"]] = change if before is None else merge_changes(before, change)
    merged = {"id": last["id"], "prev": first["prev"], "changes": list(changes.values())}
    if "sum" in last:
        merged["sum"] = last["sum"]
    if "at" in first:
        merged["at"] = first["at"]
    trace = next((frame["trace"] for frame in frames if "trace" in frame), None)
    if trace is not None:
        merged["trace"] = trace
    return merged


def merge_changes(before, after):
    if after["op"] == "delete":
        return {**after, "set": {}}
    op = "insert" if before["op"] == "insert" else after["op"]
    return {**after, "op": op, "set": {**before["set"], **after["set"]}}
