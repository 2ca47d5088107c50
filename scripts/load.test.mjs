import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runToEnd } from './lib/command.mjs';
import { inRoot, ROOT } from './lib/paths.mjs';
import { chooseLocalPort } from './lib/ports.mjs';

/** @param {string[]} args */
const load = (...args) => runToEnd(process.execPath, [inRoot('scripts/load.mjs'), ...args], { cwd: ROOT });

it('says in one line which scenario there is not, who is not there, and where nobody answers', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'meldesync-load-'));
  const people = join(folder, 'people.json');
  writeFileSync(people, '{"workspace":"w","people":[{"id":"a"}]}');
  const url = `http://127.0.0.1:${await chooseLocalPort(undefined)}`;
  try {
    const refused = {
      'There is no scenario "nowhere": one of smoke': ['nowhere'],
      '--url needs --people FILE': ['smoke', '--url', url],
      [`--people ${folder}/none.json: there is no such file`]: [
        'smoke',
        '--url',
        url,
        '--people',
        `${folder}/none.json`,
      ],
      [`--url ${url}: nobody answers there (connect ECONNREFUSED`]: ['smoke', '--url', url, '--people', people],
    };
    for (const [line, args] of Object.entries(refused)) {
      const { status, output } = await load(...args);
      expect(output.trimEnd().split('\n')).toHaveLength(1);
      expect(output).toContain(`error ${line}`);
      expect(status).toBe(1);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('names the scenarios when it is asked', async () => {
  const { status, stdout } = await load('--help');
  expect(status).toBe(0);
  for (const name of ['smoke', 'day', 'ramp', 'spike', 'storm', 'soak', 'import'])
    expect(stdout).toContain(`  ${name} `);
});
