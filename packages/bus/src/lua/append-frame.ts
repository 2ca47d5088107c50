/**
 * Appends a frame to its workspace's stream and tells of it on the bus, or says why not.
 *
 * KEYS[1] stream of the workspace and epoch
 * ARGV[1] frame id `<LSN>-<n>`, ARGV[2] id of the frame before it, ARGV[3] transaction id, ARGV[4] frame as JSON,
 * ARGV[5] how many entries the stream keeps, ARGV[6] '1' to begin the stream anew where the chain is broken,
 * ARGV[7] channel, ARGV[8] message, empty when nothing is to be told, ARGV[9] how many changes the frame holds,
 * ARGV[10] checksum of the workspace after it, empty when it is not known
 *
 * Answers `appended`, `restarted` (the chain was broken and the stream now begins with this frame), `duplicate` (the
 * stream is at or past this frame) or `gap` (Redis lost the entries before this frame; nothing was written).
 * An entry has the fields `p` (the frame before it), `x` (transaction id), `f` (the frame), `n` (its changes), `c` (checksum) and
 * `s`: the sum of changes from the stream's beginning to it, so that two entries say how many lie between.
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
local sum = tonumber(ARGV[9])
if answer == 'appended' then
  local fields = newest[2]
  for i = 1, #fields, 2 do
    if fields[i] == 's' then sum = sum + tonumber(fields[i + 1]) end
  end
end
redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[5], ARGV[1], 'p', ARGV[2], 'x', ARGV[3], 'f', ARGV[4],
  'n', ARGV[9], 'c', ARGV[10], 's', string.format('%.0f', sum))
if ARGV[8] ~= '' then redis.call('PUBLISH', ARGV[7], ARGV[8]) end
return answer
`;
