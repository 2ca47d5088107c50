/**
 * Keeps every relay with a lower token from a workspace's stream.
 *
 * KEYS[1] fence of the workspace and epoch
 * ARGV[1] token of the relay that takes over
 *
 * Answers `raised`, or `fenced` when a later relay has done so.
 */
export const RAISE_FENCE = `
if tonumber(ARGV[1]) < tonumber(redis.call('GET', KEYS[1]) or '0') then return 'fenced' end
redis.call('SET', KEYS[1], ARGV[1])
return 'raised'
`;
