import { inBackticks, namedThings, proofMistakes, rowsOf } from './proofs.mjs';

/** What a threat does (STRIDE): spoofing, tampering, repudiation, information disclosure, denial of service, elevation of privilege. */
const KINDS = ['S', 'T', 'R', 'I', 'D', 'E'];
const ID = /^(?<surface>[A-Z]{2,4})-(?<kind>[STRIDE])\d+$/;

/**
 * What is wrong with the threat model, a line each: each surface has a threat of each kind or says why it has none, each threat has an answer
 * that is there, and a test that is there or the word open.
 *
 * A surface is a heading `## Name (KEY)`; a row is `| KEY-S1 | threat | answer | shown by | what remains |`; kinds without a threat stand in a
 * line `Not here: R (why), D (why).`
 * @param {string} markdown
 * @param {import('./proofs.mjs').Read} read
 * @returns {string[]}
 */
export function threatMistakes(markdown, read) {
  const rows = rowsOf(markdown, ID);
  const ids = rows.map(([id = '']) => id);
  return [
    ...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `${id} stands twice`),
    ...surfacesOf(markdown).flatMap(({ key, text }) => surfaceMistakes(key, text, ids)),
    ...rows.flatMap((row) => rowMistakes(row, read)),
  ];
}

/** @param {string} markdown */
function surfacesOf(markdown) {
  return [...markdown.matchAll(/^## .*\((?<key>[A-Z]{2,4})\)\n(?<text>[\s\S]*?)(?=^## |(?![\s\S]))/gm)].map(
    ({ groups }) => ({
      key: groups?.['key'] ?? '',
      text: groups?.['text'] ?? '',
    }),
  );
}

/**
 * @param {string} key
 * @param {string} text
 * @param {string[]} ids
 */
function surfaceMistakes(key, text, ids) {
  const [, none = ''] = /^Not here: (.*)$/m.exec(text) ?? [];
  const without = new Set([...none.matchAll(/\b([STRIDE]) \(/g)].map(([, kind]) => kind));
  return KINDS.filter((kind) => !without.has(kind) && !ids.some((id) => id.startsWith(`${key}-${kind}`))).map(
    (kind) => `${key} has no threat of the kind ${kind}, and does not say why`,
  );
}

/**
 * @param {string[]} row
 * @param {import('./proofs.mjs').Read} read
 */
function rowMistakes([id = '', , answer = '', shownBy = '', remains = ''], read) {
  const { named, mistakes } = namedThings(answer, read);
  const proofs = inBackticks(shownBy);
  const isOpen = shownBy.startsWith('open');
  return [
    ...(named === 0 && !isOpen ? ['names no file that answers it'] : []),
    ...mistakes,
    ...(proofs.length === 0 && !isOpen ? ['names neither a test (`path › name`) nor says open'] : []),
    ...proofs.flatMap((proof) => proofMistakes(proof, read)),
    ...(remains === '' ? ['does not say what remains'] : []),
  ].map((mistake) => `${id}: ${mistake}`);
}
