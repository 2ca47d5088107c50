import { ENTRIES } from './entries.ts';
import { HELD_VALUE } from './held-value.ts';

/**
 * Looks whether a workspace's stream is whole, also where nothing is appended. One that lost entries otherwise than at its
 * beginning, or is no stream, is deleted, as by `append-frame.ts`.
 *
 * KEYS[1] stream of the workspace and epoch, KEYS[2] fence
 * ARGV[1] token of the relay that asks
 *
 * Answers the id of the newest entry, empty where there is no stream; `damaged` where it has been deleted; `fenced` where
 * another relay has taken over.
 */
export const CHECK_STREAM = `${ENTRIES}${HELD_VALUE}
if tonumber(ARGV[1]) < held_number(KEYS[2]) then return 'fenced' end
local kind = redis.call('TYPE', KEYS[1]).ok
if kind == 'none' then return '' end
local newest = kind == 'stream' and redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
if newest and field(newest, 'p') and info(KEYS[1], 'last-generated-id') == newest[1] and not has_hole(KEYS[1]) then
  return newest[1]
end
redis.call('DEL', KEYS[1])
return 'damaged'
`;
