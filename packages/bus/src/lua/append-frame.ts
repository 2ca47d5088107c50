import { ENTRIES } from './entries.ts';
import { HELD_VALUE } from './held-value.ts';

/**
 * Appends a frame to its workspace's stream and tells of it on the bus, or says why not.
 *
 * KEYS[1] stream of the workspace and epoch, KEYS[2] fence: the highest token of a relay that took the feed over
 * ARGV[1] frame id `<LSN>-<n>`, ARGV[2] id of the frame before it, ARGV[3] transaction id, ARGV[4] frame as JSON,
 * ARGV[5] how many entries the stream keeps, ARGV[6] '1' to begin the stream anew where the chain is broken,
 * ARGV[7] channel, ARGV[8] message, empty when nothing is to be told, ARGV[9] how many changes the frame holds,
 * ARGV[10] checksum of the workspace after it, empty when it is not known, ARGV[11] token of the relay that appends,
 * ARGV[12] how many bytes the stream keeps
 *
 * A Redis that is full takes what follows on a deletion of the same script: the older half of the stream goes, and the frame is
 * taken (`squeezed`), so that live goes on. Its bytes are looked at each time that a 64th of what may be kept has come.
 *
 * Answers `appended`, `squeezed`, `restarted` (the chain was broken and the stream now begins with this frame), `duplicate` (the
 * stream has this frame, or had it once), `gap` (Redis lost the entries before this frame; it was not appended), `diverged`
 * (the stream holds frames that the log does not have: Postgres was set back, or somebody else wrote to it) or `fenced`
 * (another relay has taken over).
 * A stream that lost entries otherwise than at its beginning, and a key that is no stream, is deleted: Redis would refuse
 * what must be appended again, for it keeps the last id of a stream without entries.
 * An entry has the fields `p` (the frame before it), `x` (transaction id), `f` (the frame), `n` (its changes), `c` (checksum) and
 * `s`: the sum of changes from the stream's beginning to it, so that two entries say how many lie between; `b` the same of bytes.
 *
 * A relay of the release before brings its own script, which knows no fence: it goes on as before, and is not refused.
 */
export const APPEND_FRAME = `${ENTRIES}${HELD_VALUE}
local fence = held_number(KEYS[2])
local token = tonumber(ARGV[11])
if token < fence then return 'fenced' end
if token > fence then set_anyway(KEYS[2], ARGV[11]) end

local function read_newest()
  local found = redis.pcall('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)
  if not found.err and (not found[1] or field(found[1], 'p')) then return found[1] end
  redis.call('DEL', KEYS[1])
end

local function seen_before()
  local lsn = string.match(ARGV[1], '^(%d+)-')
  local same = redis.call('XRANGE', KEYS[1], lsn, lsn, 'COUNT', 1)[1]
  if same then return field(same, 'x') == ARGV[3] and 'duplicate' or 'diverged' end
  local first = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)[1]
  if not_after(ARGV[1], first[1]) then return 'duplicate' end
  return has_hole(KEYS[1]) and 'hole' or 'diverged'
end

local newest = read_newest()
if newest and not_after(ARGV[1], newest[1]) then
  local answer = seen_before()
  if answer ~= 'hole' then return answer end
  redis.call('DEL', KEYS[1])
  newest = nil
end

local joins_on = newest and newest[1] == ARGV[2]
if newest and not joins_on and not_after(ARGV[2], newest[1]) then return 'diverged' end
local function number(entry, name)
  return tonumber(field(entry, name) or '0')
end
local most = tonumber(ARGV[12])
local weight = #ARGV[4] + 150
local bytes = weight + (joins_on and number(newest, 'b') or 0)
local function add(sum)
  return redis.pcall('XADD', KEYS[1], 'MAXLEN', '~', ARGV[5], ARGV[1], 'p', ARGV[2], 'x', ARGV[3], 'f', ARGV[4],
    'n', ARGV[9], 'c', ARGV[10], 's', string.format('%.0f', sum), 'b', string.format('%.0f', bytes))
end
local function is_full(added)
  return type(added) == 'table' and added.err and string.find(added.err, 'OOM', 1, true)
end
local function bound_bytes()
  local slice = most / 64
  if math.floor(bytes / slice) == math.floor((bytes - weight) / slice) then return end
  while true do
    local oldest = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 16)
    local first = nil
    for _, entry in ipairs(oldest) do
      first = entry[1]
      if bytes - number(entry, 'b') + #(field(entry, 'f') or '') <= most then break end
    end
    if first == nil or first == oldest[1][1] then return end
    redis.call('XTRIM', KEYS[1], 'MINID', '=', first)
  end
end
local answer = 'appended'
if joins_on then
  local sum = number(newest, 's') + tonumber(ARGV[9])
  local added = add(sum)
  if is_full(added) then
    redis.call('XTRIM', KEYS[1], 'MAXLEN', '=', math.max(1, math.floor(redis.call('XLEN', KEYS[1]) / 2)))
    added = add(sum)
    answer = 'squeezed'
  end
  if type(added) == 'table' and added.err then
    if info(KEYS[1], 'last-generated-id') == newest[1] then return added end
    redis.call('DEL', KEYS[1])
    joins_on = false
  end
end
if not joins_on then
  if ARGV[6] ~= '1' then return 'gap' end
  redis.call('DEL', KEYS[1])
  local added = add(tonumber(ARGV[9]))
  if type(added) == 'table' and added.err then return added end
  answer = 'restarted'
end
bound_bytes()
if ARGV[8] ~= '' then redis.call('PUBLISH', ARGV[7], ARGV[8]) end
return answer
`;
