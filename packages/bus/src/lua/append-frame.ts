/**
 * Appends a frame to its workspace's stream and publishes it on the bus, or says why not.
 *
 * KEYS[1] stream of the workspace and epoch
 * ARGV[1] frame id `<LSN>-<n>`, ARGV[2] id of the frame before it, ARGV[3] transaction id, ARGV[4] frame as JSON,
 * ARGV[5] how many entries the stream keeps, ARGV[6] '1' to begin the stream anew where the chain is broken,
 * ARGV[7] channel, ARGV[8] message
 *
 * Answers `appended`, `restarted` (the chain was broken and the stream now begins with this frame), `duplicate` (the
 * stream is at or past this frame) or `gap` (Redis lost the entries before this frame; nothing was written).
 * Ids are compared as decimal digits: an LSN does not fit a Lua number.
 */
export const APPEND_FRAME = `
local function not_after(a, b)
  local ah, al = string.match(a, '^(%d+)-(%d+)$')
  local bh, bl = string.match(b, '^(%d+)-(%d+)$')
  if ah ~= bh then
    if #ah ~= #bh then return #ah < #bh end
    return ah < bh
  end
  if #al ~= #bl then return #al < #bl end
  return al <= bl
end

local newest = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
local last = newest and newest[1]
local answer = 'appended'
if last and not_after(ARGV[1], last) then return 'duplicate' end
if last ~= ARGV[2] then
  if ARGV[6] ~= '1' then return 'gap' end
  if last then redis.call('DEL', KEYS[1]) end
  answer = 'restarted'
end
redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[5], ARGV[1], 'p', ARGV[2], 'x', ARGV[3], 'f', ARGV[4])
redis.call('PUBLISH', ARGV[7], ARGV[8])
return answer
`;
