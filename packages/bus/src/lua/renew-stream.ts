/**
 * Drops a stream's entries before an id and writes the others anew: Redis only marks what it trims as gone, and its bytes stay in memory, dumps and
 * files until all of their node are. The newest entry stays in any case. Few are left, for who erases something trims nearly all.
 *
 * KEYS[1] stream
 * ARGV[1] id of the first entry that stays
 *
 * Answers how many are left.
 */
export const RENEW_STREAM = `
if redis.call('TYPE', KEYS[1]).ok ~= 'stream' then return 0 end
redis.call('XTRIM', KEYS[1], 'MINID', '=', ARGV[1])
local entries = redis.call('XRANGE', KEYS[1], '-', '+')
if #entries == 0 then return 0 end
local facts, known = redis.call('XINFO', 'STREAM', KEYS[1]), {}
for i = 1, #facts, 2 do known[facts[i]] = facts[i + 1] end
redis.call('DEL', KEYS[1])
for _, entry in ipairs(entries) do redis.call('XADD', KEYS[1], entry[1], unpack(entry[2])) end
redis.call('XSETID', KEYS[1], known['last-generated-id'], 'ENTRIESADDED', known['entries-added'], 'MAXDELETEDID', known['max-deleted-entry-id'])
return #entries
`;
