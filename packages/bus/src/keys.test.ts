import { expect, it } from 'vitest';
import { feedKeys } from './keys.ts';

const WORKSPACE = '725cc21a-37e9-4de6-8d39-51c825cecdc7';
const keys = feedKeys('meldesync');

it('all keys of a workspace carry it as their hash tag', () => {
  const ofEpoch = [keys.stream('0123abcd', WORKSPACE), keys.fence('0123abcd', WORKSPACE)];
  for (const key of [...ofEpoch, keys.frames(WORKSPACE), keys.notices(WORKSPACE)]) {
    expect(key).toContain(`{${WORKSPACE}}`);
  }
});

it('reads what a channel is about, and nothing out of foreign ones', () => {
  expect(keys.parseChannel(keys.frames(WORKSPACE))).toEqual({ kind: 'frames', workspace: WORKSPACE });
  expect(keys.parseChannel(keys.notices(WORKSPACE))).toEqual({ kind: 'notices', workspace: WORKSPACE });
  for (const foreign of ['', 'meldesync', 'meldesync:{a}:feed:b', 'a}:{b', keys.stream('0123abcd', WORKSPACE)]) {
    expect(keys.parseChannel(foreign)).toBeUndefined();
  }
});
