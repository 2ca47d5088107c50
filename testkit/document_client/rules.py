"""Checks of rules, and what became of them."""

import asyncio
import time
import traceback
from dataclasses import dataclass

CHECKS = []


@dataclass
class Check:
    rules: tuple
    says: str
    run: object
    is_long: bool


@dataclass
class Result:
    check: Check
    fault: str | None
    seconds: float


def check(*rules, is_long=False):
    """Marks a check of some rules. A long one waits more than it does, and runs beside the others."""

    def mark(run):
        CHECKS.append(Check(rules, " ".join(run.__doc__.split()), run, is_long))
        return run

    return mark


async def run_check(one, world):
    begun = time.monotonic()
    fault = None
    try:
        await asyncio.wait_for(one.run(world), 50)
    except Exception as error:
        where = traceback.extract_tb(error.__traceback__)
        own = [frame for frame in where if "document_client" in frame.filename] or where
        fault = f"{type(error).__name__}: {error} ({own[-1].name}, line {own[-1].lineno})"
    finally:
        await world.close_all()
    return Result(one, fault, time.monotonic() - begun)


async def run_all(new_world, wanted=None):
    """Runs all; the long ones beside the others, which come one after the other."""
    chosen = [one for one in CHECKS if wanted is None or wanted in one.run.__name__]
    waiting = [asyncio.create_task(run_check(one, new_world())) for one in chosen if one.is_long]
    results = [await run_check(one, new_world()) for one in chosen if not one.is_long]
    return results + [await one for one in waiting]
