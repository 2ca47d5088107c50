import { describe, expect, it } from 'vitest';
import { withMessage } from './message-order.ts';

describe('messages', () => {
  const shown = (...ids: string[]) =>
    ids.reduce<{ id: string }[]>((all, id) => withMessage(all, { id }), []).map(({ id }) => id);

  it('are shown at once, however many stay until they are closed; the oldest waits', () => {
    expect(shown('free', 'unsaved', 'lost')).toEqual(['lost', 'unsaved', 'free']);
  });

  it('are not moved by being said again, but shown again when they waited', () => {
    expect(shown('a', 'b', 'a')).toEqual(['b', 'a']);
    expect(shown('a', 'b', 'c', 'a')).toEqual(['a', 'c', 'b']);
  });
});
