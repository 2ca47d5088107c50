"""Runs all vectors and checks against a cluster that standard input describes; says what held, what did not, and what was not looked at."""

import asyncio
import json
import sys
from pathlib import Path

from .api import sign_in
from .checks import connecting, editing, following, limits, locking  # They register their checks.
from .rules import run_all
from .vector_checks import RULES, run_vectors
from .world import World


async def main():
    told = json.load(sys.stdin)
    vectors = Path(told["vectors"])
    count, faults = run_vectors(vectors)
    print(f"{count} cases of the vectors, {len(faults)} did not hold")
    for fault in faults:
        print(f"  FAULT {fault}")

    tokens = {}
    for name, person in told["people"].items():
        answer, tokens[name] = await sign_in(told["urls"][0], person["email"], told["password"])
        assert tokens[name], f"{name} cannot sign in: {answer}"
    records = list(told["records"])
    told["vectors"] = vectors
    results = await run_all(lambda: World(told, tokens, records), told.get("only"))
    for result in results:
        state = "holds" if result.fault is None else "FAULT"
        print(f"{state} {result.seconds:5.1f} s  {' '.join(result.check.rules)}: {result.check.says}")
        if result.fault is not None:
            print(f"      {result.fault}")
            faults.append(f"{' '.join(result.check.rules)}: {result.fault}")

    print("Not seen, or not all of it:")
    for entry in json.loads((vectors / "not-seen.json").read_text("utf-8"))["rules"]:
        print(f"  {entry['rule']} ({entry['seen']} of it seen): {entry['why']}")
    seen = {rule for result in results for rule in result.check.rules} | {rule for rules in RULES.values() for rule in rules}
    seen = sorted(seen, key=lambda rule: int(rule[1:]))
    print(json.dumps({"vectors": count, "checks": len(results), "rules": seen, "faults": faults}))
    return 1 if faults else 0


sys.exit(asyncio.run(main()))
