/**
 * Lua: `held_value(key)` is the text of a key, nil where there is none or somebody has put something else there, which is then
 * overwritten like any old value; `held_number(key)` is its number, 0 where it is none. `set_anyway(key, value)` writes also where Redis is
 * full: it takes what follows on a deletion of the same script.
 */
export const HELD_VALUE = `
local function held_value(key)
  local held = redis.pcall('GET', key)
  if type(held) == 'string' then return held end
end
local function held_number(key)
  return tonumber(held_value(key) or '') or 0
end
local function set_anyway(key, value)
  local answer = redis.pcall('SET', key, value)
  if type(answer) == 'table' and answer.err then
    redis.call('DEL', key)
    redis.call('SET', key, value)
  end
end
`;
