import { expect, it } from 'vitest';
import { digestOfFiles } from './digest-of-files.ts';

const file = (name: string, content: string) => new File([content], name);
const ONE = [file('a.csv', '1'), file('b.csv', '2')];

it('the same files have the same digest', async () => {
  expect(await digestOfFiles(ONE)).toBe(await digestOfFiles([file('a.csv', '1'), file('b.csv', '2')]));
});

it.each([
  ['another order', [file('b.csv', '2'), file('a.csv', '1')]],
  ['other names', [file('a.csv', '1'), file('c.csv', '2')]],
  ['other content', [file('a.csv', '1'), file('b.csv', '3')]],
  ['one fewer', [file('a.csv', '1')]],
  ['content in another file', [file('a.csv', '12'), file('b.csv', '')]],
  ['none', []],
])('%s has another', async (_, files) => {
  expect(await digestOfFiles(files)).not.toBe(await digestOfFiles(ONE));
});
