import { expect, it } from 'vitest';
import { deviceName } from './device-name.ts';

it.each([
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0',
    'Microsoft Edge',
    'Windows',
  ],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0', 'Firefox', 'Linux'],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
    'Safari',
    'iOS',
  ],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36',
    'Chrome',
    'macOS',
  ],
  ['meldesync/0.4.0 (Linux)', 'MeldeSync', 'Linux'],
  ['meldesync/0.4.0 (Linux; station-7)', 'MeldeSync', 'Linux (station-7)'],
  ['meldesync/0.4.0', 'MeldeSync', null],
  ['', null, null],
  [null, null, null],
  ['x'.repeat(100_000), null, null],
])('%j is %s on %s', (userAgent, program, system) => {
  expect(deviceName(userAgent)).toEqual({ program, system });
});
