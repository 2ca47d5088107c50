import { describe, expect, it } from 'vitest';
import { resolveAccess } from './access.ts';

const stored = { server: 'https://one.example.org', token: 'stored', workspace: 'w1' };

describe('where to go and as whom', () => {
  it('is what was stored', () => {
    expect(resolveAccess({}, {}, stored)).toEqual({ server: stored.server, token: 'stored', workspace: 'w1' });
  });

  it('is what the environment says before that', () => {
    const env = { MELDESYNC_SERVER: 'two.example.org', MELDESYNC_TOKEN: 'other', MELDESYNC_WORKSPACE: 'w2' };
    expect(resolveAccess({}, env, stored)).toEqual({
      server: 'https://two.example.org',
      token: 'other',
      workspace: 'w2',
    });
  });

  it('is what the options say before all', () => {
    const env = { MELDESYNC_SERVER: 'two.example.org', MELDESYNC_WORKSPACE: 'w2' };
    expect(resolveAccess({ server: 'one.example.org', workspace: 'w3' }, env, stored)).toMatchObject({
      server: 'https://one.example.org',
      token: 'stored',
      workspace: 'w3',
    });
  });

  it('never shows the token of one server to another', () => {
    expect(() => resolveAccess({ server: 'two.example.org' }, {}, stored)).toThrowError(
      expect.objectContaining({ key: 'notSignedIn', params: { server: 'https://two.example.org' } }),
    );
  });

  it('does not take the workspace of one server to another', () => {
    const access = resolveAccess({ server: 'two.example.org' }, { MELDESYNC_TOKEN: 'other' }, stored);
    expect(access.workspace).toBeUndefined();
  });

  it('needs a server', () => {
    expect(() => resolveAccess({}, { MELDESYNC_TOKEN: 'x' }, {})).toThrowError(
      expect.objectContaining({ key: 'noServer' }),
    );
  });
});
