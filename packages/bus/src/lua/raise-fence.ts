import { HELD_VALUE } from './held-value.ts';

/**
 * Keeps every relay with a lower token from a workspace's stream.
 *
 * KEYS[1] fence of the workspace and epoch
 * ARGV[1] token of the relay that takes over
 *
 * Answers `raised`, or `fenced` when a later relay has done so.
 */
export const RAISE_FENCE = `${HELD_VALUE}if tonumber(ARGV[1]) < held_number(KEYS[1]) then return 'fenced' end
set_anyway(KEYS[1], ARGV[1])
return 'raised'
`;
