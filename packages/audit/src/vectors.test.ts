import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { checkpointLine, checkpointText, createCheckpointSigner } from './checkpoint.ts';
import { contentCommitment, type EntryHeader, entryLeaf, entryText } from './entry.ts';
import { sealLink, sealText } from './seal.ts';
import { treeRoot } from './tree.ts';

const document = readFileSync(new URL('../../../docs/AUDIT.md', import.meta.url), 'utf8');
/** The lines of the block of vectors: name and value. */
const vectors = (/### Vectors\n\n```text\n([^`]+)```/.exec(document)?.[1] ?? '')
  .trimEnd()
  .split('\n')
  .map((line) => [line.slice(0, 12).trim(), line.slice(12).replace(/ {8}\(.*\)$/, '')] as const);
const all = (name: string) => vectors.flatMap(([key, value]) => (key === name ? value : []));

/** The columns of an entry, of its array. */
function headerOf(text: string): EntryHeader {
  const [, source, id, txid, micros, ...rest] = JSON.parse(text) as string[];
  return {
    source: source === 'c' ? 'c' : 'e',
    id: `${id}`,
    txid: `${txid}`,
    micros: `${micros}`,
    columns: rest.slice(0, -1),
  };
}

it('R5.5 the vectors of docs/AUDIT.md are what is computed', () => {
  const salt = Buffer.from(all('salt')[0] ?? '', 'hex');
  const texts = [all('change')[0] ?? '', all('event')[0] ?? ''];
  const commitments = all('content').map((content) => contentCommitment(salt, content));
  expect(commitments[0]?.toString('hex')).toBe(all('commitment')[0]);
  const leaves = texts.map((text, place) => {
    const commitment = commitments[place] ?? Buffer.alloc(0);
    expect(entryText(headerOf(text), commitment)).toBe(text);
    return entryLeaf(headerOf(text), commitment);
  });
  expect(leaves.map((leaf) => leaf.toString('hex'))).toEqual(all('leaf'));
  const root = treeRoot(leaves);
  expect(root.toString('hex')).toBe(all('root')[0]);
  const [, , incarnation, changesBase, eventsBase, firstTxid, lastTxid, , , micros] = JSON.parse(
    all('seal')[0] ?? '',
  ) as string[];
  const seal = {
    no: 1,
    incarnation: `${incarnation}`,
    changesBase: `${changesBase}`,
    eventsBase: `${eventsBase}`,
    firstTxid: `${firstTxid}`,
    lastTxid: `${lastTxid}`,
    leaves: 2,
    size: 2,
    micros: `${micros}`,
    root,
    previous: Buffer.alloc(32),
  };
  expect(sealText(seal)).toBe(all('seal')[0]);
  const link = sealLink(seal);
  expect(link.toString('hex')).toBe(all('link')[0]);
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, 1)]);
  const signer = createCheckpointSigner(
    `-----BEGIN PRIVATE KEY-----\n${der.toString('base64')}\n-----END PRIVATE KEY-----`,
  );
  const checkpoint = signer.sign({ no: 1, size: 2, link, micros: seal.micros });
  expect(checkpointText(checkpoint)).toBe(all('checkpoint')[0]);
  expect(checkpointLine(checkpoint)).toBe(all('line')[0]);
});
