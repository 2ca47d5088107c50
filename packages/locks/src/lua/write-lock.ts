import { STORED } from './stored.ts';

/**
 * Writes a lock into the directory of its workspace and tells the nodes.
 *
 * KEYS[1] hash of the workspace's locks: a field for each locked record, the lock as JSON its value
 * ARGV[1] channel, ARGV[2] `new`, `renew`, `orphan` or `resume`, ARGV[3] how long it lives from now, in ms, ARGV[4] the lock as JSON
 *
 * `new` follows on a granted mutex, so what stands in its way is over and is ended. `renew` writes only if the directory
 * has the lock for the same connection, or has nothing (Redis lost it). `orphan` writes only if it has the lock for the same
 * connection: what is over does not come back because its connection goes. `resume` hands it to another connection of the
 * same person and client. Answers `written` or `lost`. Time is that of Redis, one clock for all nodes.
 */
export const WRITE_LOCK = `${STORED}
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local lock = cjson.decode(ARGV[4])
lock.expiresAt = now + tonumber(ARGV[3])
lock.writtenAt = string.format('%d%06d', time[1], time[2])

local ended = {}
for _, record in ipairs(lock.records) do
  local held = redis.call('HGET', KEYS[1], record)
  local other = held and stored(held)
  if ARGV[2] == 'new' then
    if other and other.lock ~= lock.lock then ended[other.lock] = other end
  elseif other and other.lock ~= lock.lock then
    return 'lost'
  elseif not other and ARGV[2] ~= 'renew' then
    return 'lost'
  elseif other and ARGV[2] ~= 'resume' and other.connection ~= lock.connection then
    return 'lost'
  elseif ARGV[2] == 'resume' and (other.user ~= lock.user or other.instance ~= lock.instance) then
    return 'lost'
  end
end

for id, other in pairs(ended) do
  redis.call('HDEL', KEYS[1], unpack(other.records))
  redis.call('PUBLISH', ARGV[1], cjson.encode({ kind = 'lock-ended', lock = id, reason = 'expired', at = lock.writtenAt }))
end
local written = cjson.encode(lock)
for _, record in ipairs(lock.records) do redis.call('HSET', KEYS[1], record, written) end
redis.call('PUBLISH', ARGV[1], cjson.encode({ kind = 'lock-set', lock = lock, endsInMs = tonumber(ARGV[3]) }))
return 'written'
`;
