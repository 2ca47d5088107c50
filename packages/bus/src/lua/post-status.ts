/**
 * Keeps what a process says of itself, under the moment that Redis has: no clocks of two machines are compared.
 *
 * KEYS[1] status of the process, KEYS[2] set of all processes
 * ARGV[1] name of the process in the set, ARGV[2] what it says, ARGV[3] how long that counts, in milliseconds
 */
export const POST_STATUS = `local time = redis.call('TIME')
local now = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
redis.call('SET', KEYS[1], now .. ' ' .. ARGV[2], 'PX', ARGV[3])
redis.call('SADD', KEYS[2], ARGV[1])
return now
`;

/**
 * Adds a point to the history of a process, under the moment that Redis has.
 *
 * KEYS[1] history of the process, KEYS[2] set of all histories
 * ARGV[1] name of the process in the set, ARGV[2] the point, ARGV[3] how many are kept, ARGV[4] how long, in milliseconds
 */
export const NOTE_POINT = `local time = redis.call('TIME')
local now = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
redis.call('RPUSH', KEYS[1], now .. ' ' .. ARGV[2])
redis.call('LTRIM', KEYS[1], -ARGV[3], -1)
redis.call('PEXPIRE', KEYS[1], ARGV[4])
redis.call('SADD', KEYS[2], ARGV[1])
return now
`;
