/**
 * Takes or keeps the lease of who decides on the level.
 *
 * KEYS[1] lease
 * ARGV[1] name of the process, ARGV[2] how long it holds, in milliseconds
 *
 * Answers 1, or 0 when another process has it.
 */
export const LEAD_LEVEL = `local held = redis.call('GET', KEYS[1])
if held and held ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
`;

/**
 * Keeps a decision, if the process still has the lease: one that was frozen meanwhile decides nothing.
 *
 * KEYS[1] lease, KEYS[2] decision
 * ARGV[1] name of the process, ARGV[2] the decision, ARGV[3] how long it counts, in milliseconds, ARGV[4] channel on which all are told
 * of it, or empty when it is the same as before
 *
 * Answers 1, or 0 when another process has the lease.
 */
export const DECIDE_LEVEL = `if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3])
if ARGV[4] ~= '' then redis.call('PUBLISH', ARGV[4], 'decided') end
return 1
`;
