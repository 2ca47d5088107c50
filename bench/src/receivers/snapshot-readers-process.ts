import { Agent, get } from 'node:http';
import { constants, gunzipSync } from 'node:zlib';
import { createApi } from '@meldesync/client';
import { API_PREFIX, type SnapshotPage, snapshotPage } from '@meldesync/protocol';
import { serveCalls } from '../processes/remote.ts';
import { tokenAccess } from '../systems/access.ts';

/** People who read a whole workspace. */
export interface ReadersOrder {
  readonly url: string;
  readonly tokens: readonly string[];
  readonly workspace: string;
}

/** What one of them got. */
export interface SnapshotRead {
  readonly pages: number;
  /** As they came over the line. */
  readonly bytes: number;
  readonly editions: readonly SnapshotPage['edition'][];
}

/** So much of a page, compressed, holds what stands before its records. */
const HEAD_BYTES = 1_024;
const head = snapshotPage.pick({ edition: true, next: true });

const handlers = {
  /** One reads page after page as a client does; how many records there are. */
  count: async ({ url, tokens, workspace }: ReadersOrder): Promise<number> => {
    const api = createApi(tokenAccess(url, tokens[0] ?? ''));
    let records = 0;
    let edition: string | undefined;
    for (let after: number | null = 0; after !== null; ) {
      const page = await api.snapshotPage(workspace, { after, edition });
      edition ??= page.edition;
      records += page.records.length;
      after = page.next;
    }
    return records;
  },

  /** All do so at once, and look at no more of a page than where it leads. */
  read: ({ url, tokens, workspace }: ReadersOrder): Promise<SnapshotRead[]> =>
    Promise.all(tokens.map((token) => readAll(`${url}${API_PREFIX}/workspaces/${workspace}/snapshot`, token))),
};
export type SnapshotReadersProcess = typeof handlers;

async function readAll(url: string, token: string): Promise<SnapshotRead> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const editions = new Set<SnapshotPage['edition']>();
  let pages = 0;
  let bytes = 0;
  for (let after: number | null = 0; after !== null; ) {
    const [edition] = editions;
    const body = await fetchPage(
      `${url}?after=${after}${edition === undefined ? '' : `&edition=${edition}`}`,
      token,
      agent,
    );
    const read = readHead(body);
    editions.add(read.edition);
    pages += 1;
    bytes += body.byteLength;
    after = read.next;
  }
  agent.destroy();
  return { pages, bytes, editions: [...editions] };
}

function fetchPage(url: string, token: string, agent: Agent): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, 'accept-encoding': 'gzip' };
    const request = get(url, { agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        if (response.statusCode === 200) resolve(Buffer.concat(chunks));
        else reject(new Error(`${response.statusCode} for a page`));
      });
    });
    request.on('error', reject);
  });
}

/** What stands before the records of a page that is still compressed. */
function readHead(body: Buffer): Pick<SnapshotPage, 'edition' | 'next'> {
  const text = gunzipSync(body.subarray(0, HEAD_BYTES), { finishFlush: constants.Z_SYNC_FLUSH }).toString();
  return head.parse(JSON.parse(`${text.slice(0, text.indexOf(',"records":'))}}`));
}

serveCalls(handlers);
