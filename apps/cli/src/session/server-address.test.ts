import { describe, expect, it } from 'vitest';
import { isInsecure, parseServerAddress } from './server-address.ts';

describe('the address of a server', () => {
  it.each([
    ['https://meldesync.example.org', 'https://meldesync.example.org'],
    ['https://meldesync.example.org/', 'https://meldesync.example.org'],
    [' meldesync.example.org ', 'https://meldesync.example.org'],
    ['meldesync.example.org:8443', 'https://meldesync.example.org:8443'],
    ['localhost:8080', 'http://localhost:8080'],
    ['127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['[::1]:8080', 'http://[::1]:8080'],
    ['HTTP://Example.org:80', 'http://example.org'],
  ])('%j is %s', (written, origin) => {
    expect(parseServerAddress(written)).toBe(origin);
  });

  it.each(['', 'ftp://example.org', 'https://', 'https://example.org/path', 'https://me:secret@example.org', 'a b'])(
    '%j is refused',
    (written) => {
      expect(() => parseServerAddress(written)).toThrowError(expect.objectContaining({ key: 'invalidServer' }));
    },
  );

  it('is insecure when what is sent can be read on the way', () => {
    expect(isInsecure('http://meldesync.example.org')).toBe(true);
    expect(isInsecure('https://meldesync.example.org')).toBe(false);
    expect(isInsecure('http://127.0.0.1:8080')).toBe(false);
  });
});
