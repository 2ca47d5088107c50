import { readFileSync } from 'node:fs';
import { it } from 'vitest';
import { beginAuditList, connectDatabase, continueAuditList, pollAuditList } from '../src/index.ts';
const [, appUrl = '', workspace = ''] = readFileSync('/tmp/q/url', 'utf8').split('\n');
const author = { actor: 'user:ben', sessionId: 's', address: null };
it('perf', async () => {
  await using database = connectDatabase({ url: appUrl, maxConnections: 3, applicationName: 'perf', onConnectionError: () => undefined });
  const ago = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
  const filters: Record<string, object> = {
    none: {}, 'day half a year ago': { from: ago(181), to: ago(180) }, 'to 300 d ago': { to: ago(300) }, 'actor': { actors: ['user:anna'] },
    'actor unknown': { actors: ['user:nobody'] }, group: { groups: ['sign-in'] }, 'rare kind': { kinds: ['level-chosen'] }, record: { record: 2_000_000_012_345 },
    case: { case: 'F-12345' }, 'case unknown': { case: 'F-nope' }, 'text rare': { text: 'nadelwort' }, 'text often': { text: 'rückfrage' }, 'text none': { text: 'gibtesnicht' },
    'text + actor + time': { text: 'nadelwort', actors: ['user:anna'], to: ago(100) }, 'text + record': { record: 2_000_000_012_345, text: 'Rückfrage' },
  };
  const out: string[] = [];
  for (const workspaceId of [workspace, null]) for (const [name, filter] of Object.entries(filters)) {
    const view = { workspaceId, filter };
    const times: number[] = [];
    let page: any;
    for (let i = 0; i < 3; i++) { const t = performance.now(); page = await beginAuditList(database, { author, view, limit: 100 }); times.push(Math.round(performance.now() - t)); }
    let pages = 0; let slowest = 0; let found = page.entries.length;
    let next = page.next;
    while (next && pages < 30) { const t = performance.now(); const more = await continueAuditList(database, { view, from: next, limit: 100 }); slowest = Math.max(slowest, performance.now() - t); next = more.next; found += more.entries.length; pages++; }
    const t2 = performance.now(); const polled = await pollAuditList(database, { view, horizon: page.horizon, read: page.read, limit: 100 }); const poll = performance.now() - t2;
    out.push([workspaceId ? 'one' : 'all', name.padEnd(22), times.join(' '), '| further pages', pages, 'slowest', Math.round(slowest), 'found', found, '| poll', Math.round(poll), polled.entries.length].join(' '));
  }
  console.log(out.join('\n'));
});
