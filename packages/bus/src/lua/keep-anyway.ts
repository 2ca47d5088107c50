/**
 * Writes what must be there also in a Redis that is full: it takes what follows on a deletion of the same script.
 *
 * `ADD_ANYWAY`: KEYS[1] a set, ARGV[1] what is to be in it
 */
export const ADD_ANYWAY = `
redis.call('SREM', KEYS[1], ARGV[1])
return redis.call('SADD', KEYS[1], ARGV[1])
`;

/** `SET_ANYWAY`: KEYS[1] a string, ARGV[1] its value, ARGV[2] for how many seconds */
export const SET_ANYWAY = `
redis.call('DEL', KEYS[1])
return redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
`;
