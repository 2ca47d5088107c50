"""What a client does after a close (the table of close codes, P46, P47)."""

import json
import random
import re

BACK_OFF, WHEN_TOLD, SIGN_IN, REFUSE = "back-off", "when-told", "sign-in", "refuse"
KNOWN = {
    4400: REFUSE,
    4401: SIGN_IN,
    4403: REFUSE,
    4428: SIGN_IN,
    4503: WHEN_TOLD,
    4505: WHEN_TOLD,
    4509: WHEN_TOLD,
}
MOST_MS = 600_000
BACKOFF = {"usual": (500, 2_000, 5_000), "eager": (500, 1_500, 1_500)}


def consequence(code):
    if code in KNOWN:
        return KNOWN[code]
    return REFUSE if 4400 <= code <= 4499 else BACK_OFF


def retry_after_ms(code, reason):
    """When the reason says to come back; None where it says nothing."""
    if consequence(code) != WHEN_TOLD:
        return None
    told = beginning(reason)
    if isinstance(told, dict):
        after = told.get("retryAfterMs")
        if isinstance(after, int) and not isinstance(after, bool) and 0 <= after <= MOST_MS:
            return after
    former = re.search(r"; reconnect in ([0-9]{1,6}) ms\Z", reason)
    return int(former[1]) if former else None


def beginning(reason):
    try:
        return json.JSONDecoder().raw_decode(reason)[0]
    except ValueError:
        return None


def wait_ms(kind, failed, waited_ms=0):
    """How long to wait before a try, after so many that failed, the last of which had waited so long for its answer."""
    least, first, most = BACKOFF[kind]
    ceiling = min(most, first * 2**failed)
    return random.uniform(least, max(first, ceiling - waited_ms))
