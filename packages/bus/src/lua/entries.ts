/**
 * What several scripts know of a stream's entries. Ids are compared as decimal digits: an LSN does not fit a Lua number.
 *
 * `not_after(a, b)`: id a is at or before b. `field(entry, name)`: a field of an entry, nil where it has none.
 * `has_hole(key)`: an entry between the first and the last was deleted.
 */
export const ENTRIES = `
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

local function field(entry, name)
  local fields = entry[2]
  for i = 1, #fields, 2 do
    if fields[i] == name then return fields[i + 1] end
  end
end

local function info(key, name)
  local facts = redis.call('XINFO', 'STREAM', key)
  for i = 1, #facts, 2 do
    if facts[i] == name then return facts[i + 1] end
  end
end

local function has_hole(key)
  local deleted = info(key, 'max-deleted-entry-id')
  local first = info(key, 'first-entry')
  return first and not_after(first[1], deleted) and #redis.call('XRANGE', key, deleted, deleted) == 0
end
`;
