import { expect, it } from 'vitest';
import { readTerminalName } from './terminal-name.ts';

it('says version, system and machine of a terminal of ours', () => {
  expect(readTerminalName('meldesync/0.3.0 (Linux; desk-7)')).toEqual({
    version: '0.3.0',
    system: 'Linux',
    machine: 'desk-7',
  });
  expect(readTerminalName('meldesync/0.4.0-rc.1 (Mac OS X; anna.local)')).toMatchObject({ system: 'macOS' });
});

it.each([
  null,
  '',
  'curl/8.9',
  'meldesync/0.3.0',
  'meldesync/1 (Linux; a b)',
  `meldesync/1 (Linux; ${'x'.repeat(61)})`,
])('takes %j for none', (userAgent) => {
  expect(readTerminalName(userAgent)).toBeNull();
});
