import { sendPieces } from '@meldesync/testkit';
import { expect, it } from 'vitest';
import { setUpApi } from './api-setup.ts';

const { cluster } = await setUpApi();

/** What nobody may get an answer to: to some reader it is a part of the request before. */
const HIDDEN = 'GET /healthz HTTP/1.1\r\nHost: a\r\nX-Hidden: 1\r\n\r\n';
const post = (lines: string, body: string) => `POST /api/v1/entry HTTP/1.1\r\nHost: a\r\n${lines}\r\n${body}`;
const inChunk = (size: string, rest = '') => `${size}\r\n${HIDDEN}\r\n${rest}0\r\n\r\n`;
const HEX = HIDDEN.length.toString(16);

/** Longer than the answers take. */
const READ_MS = 1_500;

/**
 * Requests of which two readers in a row could see different ends. Each has a further one hidden in it, behind the end that a careless
 * reader would see.
 */
const SHAPES: readonly (readonly [name: string, bytes: string])[] = [
  ['a length of nothing and chunks', post('Content-Length: 0\r\nTransfer-Encoding: chunked\r\n', inChunk(HEX))],
  ['chunks and a length of nothing', post('Transfer-Encoding: chunked\r\nContent-Length: 0\r\n', inChunk(HEX))],
  ['a blank before the colon', post('Transfer-Encoding : chunked\r\nContent-Length: 0\r\n', inChunk(HEX))],
  ['a blank before the colon of a length', post(`Content-Length : ${HIDDEN.length}\r\nContent-Length: 0\r\n`, HIDDEN)],
  ['a tab before the coding', post('Transfer-Encoding:\tchunked\r\nContent-Length: 0\r\n', inChunk(HEX))],
  ['a vertical tab before the coding', post('Transfer-Encoding:\vchunked\r\nContent-Length: 0\r\n', inChunk(HEX))],
  ['a vertical tab behind the coding', post('Transfer-Encoding: chunked\v\r\nContent-Length: 0\r\n', inChunk(HEX))],
  ['a coding in quotes', post('Transfer-Encoding: "chunked"\r\nContent-Length: 0\r\n', inChunk(HEX))],
  [
    'a coding that goes on in the next line',
    post('Transfer-Encoding:\r\n chunked\r\nContent-Length: 0\r\n', inChunk(HEX)),
  ],
  [
    'a coding behind a line that ends on LF',
    post('X-A: b\nTransfer-Encoding: chunked\r\nContent-Length: 0\r\n', inChunk(HEX)),
  ],
  [
    'a coding behind a line that ends on CR',
    post('X-A: b\rTransfer-Encoding: chunked\r\nContent-Length: 0\r\n', inChunk(HEX)),
  ],
  ['a coding behind NUL', post('X-A: b\0Transfer-Encoding: chunked\r\nContent-Length: 0\r\n', inChunk(HEX))],
  [
    'a coding with an underscore',
    post('Transfer_Encoding: chunked\r\nContent-Length: 0\r\nTransfer-Encoding: x\r\n', inChunk(HEX)),
  ],
  ['two codings in a list', post('Transfer-Encoding: chunked, identity\r\n', inChunk(HEX))],
  ['an empty coding', post('Transfer-Encoding:\r\nContent-Length: 0\r\n', inChunk(HEX))],
  ['lengths that differ', post(`Content-Length: 0\r\nContent-Length: ${HIDDEN.length}\r\n`, HIDDEN)],
  ['lengths that differ in a list', post(`Content-Length: 0, ${HIDDEN.length}\r\n`, HIDDEN)],
  ['a length in octal', post(`Content-Length: 0${HIDDEN.length}\r\nContent-Length: ${HIDDEN.length}\r\n`, HIDDEN)],
  ['a length with a sign', post(`Content-Length: +${HIDDEN.length}\r\n`, HIDDEN)],
  ['a length with letters behind it', post('Content-Length: 0x\r\n', HIDDEN)],
  ['a length with a blank in it', post('Content-Length: 0 0\r\n', HIDDEN)],
  ['a chunk whose size is beyond all', post('Transfer-Encoding: chunked\r\n', inChunk('ffffffffffffffff0'))],
  ['a chunk whose size has a sign', post('Transfer-Encoding: chunked\r\n', inChunk(`-${HEX}`))],
  ['a chunk whose size is no number', post('Transfer-Encoding: chunked\r\n', inChunk(`g${HEX}`))],
  [
    'an upgrade with a length',
    post(`Connection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 0\r\nTransfer-Encoding: chunked\r\n`, HIDDEN),
  ],
];

it('a request that may hide another is not taken, in none of the shapes there are', async () => {
  const answers = await Promise.all(
    SHAPES.map(async ([name, bytes]) => [name, await sendPieces(cluster.url(), [bytes], READ_MS)] as const),
  );
  const taken = answers.filter(([, text]) => text !== '' && !/^HTTP\/1\.1 (400|505) /.test(text));
  expect(taken.map(([name, text]) => [name, text.slice(0, 20)])).toEqual([]);
  const answeredTwice = answers.filter(([, text]) => (text.match(/^HTTP\/1\.1 /gm)?.length ?? 0) > 1);
  expect(answeredTwice.map(([name]) => name)).toEqual([]);
});

it('what they hide would be answered by itself, and what hides it without it', async () => {
  expect(await sendPieces(cluster.url(), [HIDDEN], READ_MS)).toMatch(/^HTTP\/1\.1 200 /);
  for (const sound of [
    post('Content-Length: 2\r\n', '{}'),
    post('Transfer-Encoding: chunked\r\n', '2\r\n{}\r\n0\r\n\r\n'),
  ])
    expect(await sendPieces(cluster.url(), [sound], READ_MS)).toMatch(/^HTTP\/1\.1 405 /);
});
