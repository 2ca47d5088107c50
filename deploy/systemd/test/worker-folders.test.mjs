import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';

/** @param {string} path below deploy */
const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

/** What a worker writes to, by its settings. */
const WRITES = ['AUDIT_CHECKPOINT_FILE', 'AUDIT_ARCHIVE_FOLDER'];

describe('where a worker writes', () => {
  it('is its state under systemd, and nothing else may be written to', () => {
    const unit = read('systemd/units/meldesync-worker@.service');
    const [, state, archive] = /^StateDirectory=(\S+) (\S+)$/m.exec(unit) ?? [];
    const set = new Map([...unit.matchAll(/(AUDIT_\w+)=(\/\S+)/g)].map(([, name, path]) => [name, path]));
    for (const name of WRITES) expect(set.get(name)).toMatch(new RegExp(`^/var/lib/${state}/`));
    expect(set.get('AUDIT_ARCHIVE_FOLDER'), 'a worker makes no folder').toBe(`/var/lib/${archive}`);
    expect(unit).not.toMatch(/^ReadWritePaths=/m);
    expect(read('systemd/units/meldesync-.service.d/hardening.conf')).toMatch(/^ProtectSystem=strict$/m);
  });

  it('is one volume of both workers under compose, beside a root that is read only', () => {
    const { services } = parse(read('compose/compose.yaml'), { merge: true });
    const workers = [services['worker-1'], services['worker-2']];
    for (const { volumes, environment, read_only: isReadOnly } of workers) {
      const [, place] = String(volumes[0]).split(':');
      for (const name of WRITES) expect(environment[name]).toMatch(new RegExp(`^${place}/`));
      expect(isReadOnly).toBe(true);
    }
    expect(workers[0].environment.AUDIT_ARCHIVE_FOLDER).toBe(workers[1].environment.AUDIT_ARCHIVE_FOLDER);
    expect(workers[0].volumes).toEqual(workers[1].volumes);
    // A worker makes no folder: the image does, and where the volume is older the start.
    expect(read('docker/Dockerfile')).toContain(` ${workers[0].environment.AUDIT_ARCHIVE_FOLDER}\n`);
    expect(read('docker/entrypoint.sh')).toContain(`= ${workers[0].environment.AUDIT_ARCHIVE_FOLDER} ]`);
  });

  it.each([
    ['all', ['meldesync-archive']],
    ['least', []],
  ])('is a claim under helm where one is named (%s), and belongs to workers alone', (example, claims) => {
    const deployments = parseAllDocuments(read(`helm/examples/rendered/${example}.yaml`))
      .map((document) => document.toJS())
      .filter((manifest) => manifest?.kind === 'Deployment');
    expect(deployments).toHaveLength(3);
    for (const { metadata, spec } of deployments) {
      const { volumes, containers } = spec.template.spec;
      const [{ env, volumeMounts, securityContext }] = containers;
      const claimed = volumes.filter((/** @type {object} */ volume) => 'persistentVolumeClaim' in volume);
      const expected = metadata.name.endsWith('worker') ? claims : [];
      expect(claimed.map((/** @type {any} */ volume) => volume.persistentVolumeClaim.claimName)).toEqual(expected);
      const folder = env.find((/** @type {any} */ one) => one.name === 'AUDIT_ARCHIVE_FOLDER')?.value;
      const mount = volumeMounts.find((/** @type {any} */ one) => one.name === 'archive');
      expect(mount?.mountPath).toBe(folder);
      expect(folder === undefined).toBe(expected.length === 0);
      expect(securityContext.readOnlyRootFilesystem).toBe(true);
    }
  });
});
