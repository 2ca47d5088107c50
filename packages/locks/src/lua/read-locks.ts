import { STORED } from './stored.ts';

/**
 * The locks on some records, or all of the workspace.
 *
 * KEYS[1] hash of the workspace's locks; ARGV record ids, none for all
 *
 * Answers pairs: milliseconds to the end, and the lock as JSON; one that covers several records comes once for each.
 * Those that are over are left out and removed. What is no lock is removed as well, and comes with the others once.
 */
export const READ_LOCKS = `${STORED}
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local answer = {}
local function take(record, value)
  if not value then return end
  local lock = stored(value)
  if not lock or lock.expiresAt <= now then redis.call('HDEL', KEYS[1], record) end
  if not lock or lock.expiresAt > now then
    answer[#answer + 1] = lock and string.format('%.0f', lock.expiresAt - now) or '0'
    answer[#answer + 1] = value
  end
end
if #ARGV == 0 then
  local fields = redis.call('HGETALL', KEYS[1])
  for i = 1, #fields, 2 do take(fields[i], fields[i + 1]) end
else
  local values = redis.call('HMGET', KEYS[1], unpack(ARGV))
  for i, record in ipairs(ARGV) do take(record, values[i]) end
end
return answer
`;
