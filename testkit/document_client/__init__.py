"""A client of MeldeSync that was written from PROTOCOL.md and its vectors alone."""
