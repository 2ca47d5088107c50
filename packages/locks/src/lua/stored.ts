/**
 * Lua: `stored(value)` is a lock as the directory keeps it, nil where somebody has put something else there, which is then in
 * nobody's way.
 */
export const STORED = `
local function stored(value)
  local is_json, lock = pcall(cjson.decode, value)
  if not is_json or type(lock) ~= 'table' then return nil end
  if type(lock.lock) ~= 'string' or type(lock.expiresAt) ~= 'number' or type(lock.records) ~= 'table' then return nil end
  for _, record in pairs(lock.records) do if type(record) ~= 'number' then return nil end end
  return lock
end
`;
