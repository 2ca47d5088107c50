import { STORED } from './stored.ts';

/**
 * Takes a lock out of the directory and tells the nodes.
 *
 * KEYS[1] hash of the workspace's locks
 * ARGV[1] channel, ARGV[2] id of the lock, ARGV[3] the connection that must hold it, empty for any, ARGV[4] reason,
 * ARGV[5] who did it, may be empty
 *
 * Answers the lock as JSON, nil when there was none to end.
 */
export const END_LOCK = `${STORED}
local fields = redis.call('HGETALL', KEYS[1])
local found
for i = 1, #fields, 2 do
  local lock = stored(fields[i + 1])
  if lock and lock.lock == ARGV[2] and (ARGV[3] == '' or lock.connection == ARGV[3]) then
    found = fields[i + 1]
    redis.call('HDEL', KEYS[1], fields[i])
  end
end
if not found then return false end
local time = redis.call('TIME')
local at = string.format('%d%06d', time[1], time[2])
local message = { kind = 'lock-ended', lock = ARGV[2], reason = ARGV[4], at = at }
if ARGV[5] ~= '' then message.by = ARGV[5] end
redis.call('PUBLISH', ARGV[1], cjson.encode(message))
return found
`;
