import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { deadAnchors } from '../src/site/anchors.ts';
import { resolveLink, slugify } from '../src/site/links.ts';
import { fieldsTable } from '../src/site/made/json-schema.ts';
import { isGerman, pageOf } from '../src/site/pages.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const from = (document: string, href: string) => resolveLink(ROOT, `${ROOT}${document}`, href);

describe('pages', () => {
  it.each([
    ['docs/runbook.md', 'runbook.md'],
    ['docs/adr/0001-uwebsockets-from-npm.md', 'adr/0001-uwebsockets-from-npm.md'],
    ['packages/protocol/PROTOCOL.md', 'entwickeln/PROTOCOL.md'],
    ['apps/cli/README.md', 'cli/index.md'],
    ['deploy/observability/README.md', 'deploy/observability/index.md'],
    ['README.md', 'README.md'],
    ['packages/client/README.md', undefined],
  ])('%s is shown as %s', (source, page) => {
    expect(pageOf(source)).toBe(page);
  });

  it('those for people are German, those for developers are not', () => {
    expect(['index.md', 'bedienen/liste.md', 'betreiben/index.md'].every(isGerman)).toBe(true);
    expect(['runbook.md', 'entwickeln/index.md', 'adr/index.md'].some(isGerman)).toBe(false);
  });
});

describe('links', () => {
  it.each([
    ['docs/runbook.md', 'EVENTS.md#fields', '/EVENTS.md#fields'],
    ['docs/ARCHITECTURE.md', '../packages/protocol/PROTOCOL.md', '/entwickeln/PROTOCOL.md'],
    ['packages/protocol/PROTOCOL.md', '../../README.md#settings', '/README.md#settings'],
    ['README.md', 'docs/adr', '/adr/index.md'],
    ['README.md', 'deploy/observability/', '/deploy/observability/index.md'],
    ['docs/entwickeln/asyncapi.md', '../asyncapi.yaml', '/asyncapi.yaml'],
  ])('of %s to %s leads to %s', (document, href, page) => {
    expect(from(document, href)).toEqual({ kind: 'page', href: page });
  });

  it('to a file that no page shows names it', () => {
    expect(from('packages/protocol/PROTOCOL.md', 'src/close-codes.ts')).toEqual({
      kind: 'file',
      path: 'packages/protocol/src/close-codes.ts',
    });
  });

  it('to another host or on the same page stay as they are', () => {
    for (const href of ['https://keepachangelog.com', '#logs', 'mailto:a@klinik.example', '/asyncapi.yaml']) {
      expect(from('docs/runbook.md', href)).toEqual({ kind: 'other' });
    }
  });

  it.each(['gone.md', '../gone/', '../../outside.md'])(
    'to %s, which is not there, are an error that names both',
    (href) => {
      expect(() => from('docs/runbook.md', href)).toThrow(/^docs\/runbook\.md links to /);
    },
  );

  it.each([
    ['HTTPS in front', 'https-in-front'],
    ['Für „zwei“ am selben Fall', 'für-zwei-am-selben-fall'],
    ['`connection-failed`, `request-unanswered`', 'connection-failed-request-unanswered'],
    ['Backup & restore', 'backup--restore'],
  ])('the anchor of %s is the one of GitHub', (heading, anchor) => {
    expect(slugify(heading)).toBe(anchor);
  });
});

describe('places in pages', () => {
  const page = (...links: string[]) =>
    `<h2 id="für-zwei" tabindex="-1">x</h2>${links.map((href) => `<a class="a" href="${href}">x</a>`).join('')}`;

  it('that are linked to and are not there are told, wherever the link stands', () => {
    const pages = new Map([
      ['/a.html', page('#für-zwei', '#gone', '/b/#gone-too', 'b/index.html#f%C3%BCr-zwei')],
      ['/b/index.html', page('../a#für-zwei', '/a.html#gone', 'https://elsewhere.example/#x', '/no-page.html#x')],
    ]);
    expect(deadAnchors(pages)).toEqual([
      '/a.html links to #gone, and there is no such place',
      '/a.html links to /b/#gone-too, and there is no such place',
      '/b/index.html links to /a.html#gone, and there is no such place',
    ]);
  });
});

describe('tables of fields', () => {
  it('say what a field holds, within which limits, and whether it may be missing', () => {
    const table = fieldsTable({
      required: ['kind'],
      properties: {
        kind: { enum: ['a', 'b'] },
        name: { anyOf: [{ type: 'string', maxLength: 3 }, { type: 'null' }] },
        records: { items: { $ref: '#/components/schemas/Frame' }, minItems: 1 },
      },
    });
    expect(table.split('\n').slice(2)).toEqual([
      '| `kind` | `"a"`, `"b"` |  |',
      '| `name` (may be missing) | string or null |  |',
      '| `records` (may be missing) | list of [Frame](#frame) | at least 1 |',
    ]);
  });
});
