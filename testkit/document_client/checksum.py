"""What records add up to (P36)."""

PRIME = 2**31 - 1
MODULUS = 2**52


def record_checksum(record, version):
    i, v = record % PRIME, version % PRIME
    m = (1_000_003 * i + 8_191 * v + 1) % PRIME
    return (m * m + v) * (m + i) % PRIME


def after_change(total, change):
    """The sum after a change: what the new version adds, without what the one before had added."""
    record, version, op = change["record"], change["version"], change["op"]
    if op != "insert":
        total -= record_checksum(record, version - 1)
    if op != "delete":
        total += record_checksum(record, version)
    return total % MODULUS
