import { expect, it } from 'vitest';
import { parseWaitedMs } from './processor-pressure.ts';

it('the time in which processes waited for a processor is read as Linux writes it', () => {
  const pressure =
    'some avg10=85.37 avg60=77.37 avg300=77.25 total=6998090860\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=5\n';
  expect(parseWaitedMs(pressure)).toBe(6_998_090.86);
  expect(() => parseWaitedMs('')).toThrow('not the content');
});
