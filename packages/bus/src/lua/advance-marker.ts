/**
 * Compares the marker with what its owner wrote last and moves it on: a different value means that Redis lost writes
 * (flushed, or failed over to a replica that was behind).
 *
 * KEYS[1] marker
 * ARGV[1] value it must have, empty when it need not exist yet, ARGV[2] value it gets
 *
 * Answers `kept` or `lost`; the new value is written either way.
 */
export const ADVANCE_MARKER = `
local held = redis.call('GET', KEYS[1])
redis.call('SET', KEYS[1], ARGV[2])
if ARGV[1] ~= '' and held ~= ARGV[1] then return 'lost' end
return 'kept'
`;
