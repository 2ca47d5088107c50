import { HELD_VALUE } from './held-value.ts';

/**
 * Compares the marker with what its owner wrote last and moves it on: a different value means that Redis lost writes
 * (flushed, or failed over to a replica that was behind).
 *
 * KEYS[1] marker
 * ARGV[1] value it must have, empty when it need not exist yet, ARGV[2] value it gets, ARGV[3] token of its owner
 *
 * A value is `<token>:<unique>`; that of a relay of the release before has no token, and stands in nobody's way.
 * Answers `kept` or `lost`, and writes the new value either way; or `fenced`, when a later relay wrote it.
 */
export const ADVANCE_MARKER = `${HELD_VALUE}local held = held_value(KEYS[1])
local token = tonumber(string.match(held or '', '^(%d+):') or '0')
if token > tonumber(ARGV[3]) then return 'fenced' end
set_anyway(KEYS[1], ARGV[2])
if ARGV[1] ~= '' and held ~= ARGV[1] then return 'lost' end
return 'kept'
`;
