import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { inRoot } from './lib/paths.mjs';

/** What each says of itself. */
const SAYS = {
  start: 'DATA_DIR',
  dev: 'DATA_DIR',
  cluster: 'HAProxy',
  test: '--all',
  build: 'dist/',
  check: 'lint',
  'check-deploy': '--all',
  release: '--out',
  'pack-cli': 'archive',
  sbom: 'CycloneDX',
  'docs-site': 'VitePress',
  'docs-check': 'links',
  'docs-pictures': 'pictures',
  'write-docs': 'tables',
  bench: 'bench -- latency',
  drill: 'drill -- restore',
  load: 'smoke',
  nightly: '.data/nightly',
  observe: 'Prometheus',
};

it.each(Object.entries(SAYS))('npm run %s -- --help answers, and installs, builds and starts nothing', (name, word) => {
  const folder = mkdtempSync(join(tmpdir(), 'meldesync-help-'));
  try {
    const { status, stdout } = spawnSync(process.execPath, [inRoot(`scripts/${name}.mjs`), '--help'], {
      // No program is found that could install anything.
      env: { PATH: folder, DATA_DIR: join(folder, 'data'), NO_COLOR: '1' },
      encoding: 'utf8',
    });
    expect(status).toBe(0);
    expect(stdout).toContain(word);
    expect(stdout).not.toMatch(/^(?:build|dependencies) /m);
    expect(readdirSync(folder)).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
