import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { type RanScript, runScript } from './run-script.ts';

function counted({ summary }: RanScript, metric: string): number | undefined {
  return summary?.metrics[metric]?.values['count'];
}

it('runs as many iterations as each executor says, by any number of threads', async () => {
  const script = `
    import { Counter } from 'k6/metrics';
    import { setTimeout } from 'k6/timers';
    import exec from 'k6/execution';
    const ran = new Counter('ran');
    const numbers = new Counter('numbers');
    export const options = {
      scenarios: {
        shared: { executor: 'shared-iterations', vus: 3, iterations: 10 },
        each: { executor: 'per-vu-iterations', vus: 3, iterations: 4, startTime: '100ms' },
        constant: { executor: 'constant-vus', vus: 2, duration: '500ms', exec: 'slow' },
        arrival: { executor: 'constant-arrival-rate', rate: 20, duration: '1s', preAllocatedVUs: 10 },
        ramp: { executor: 'ramping-arrival-rate', startRate: 0, stages: [{ duration: '1s', target: 40 }], preAllocatedVUs: 10 },
        few: { executor: 'constant-arrival-rate', rate: 20, duration: '1s', preAllocatedVUs: 0, maxVUs: 2, exec: 'long', gracefulStop: '0s' },
        people: { executor: 'ramping-vus', startVUs: 0, stages: [{ duration: '300ms', target: 4 }, { duration: '300ms', target: 0 }], exec: 'slow', gracefulRampDown: '1s' },
      },
      thresholds: {
        'ran{scenario:shared}': ['count==10'],
        'ran{scenario:each}': ['count==12'],
        'ran{scenario:constant}': ['count>0'],
        'ran{scenario:arrival}': ['count>=15', 'count<=20'],
        'ran{scenario:ramp}': ['count>=15', 'count<=20'],
        'ran{scenario:people}': ['count>0'],
        // Two begin and do not end in time; there is nobody for the others.
        'dropped_iterations{scenario:few}': ['count>=13', 'count<=18'],
        'ran{scenario:few}': ['count==0'],
        'numbers{scenario:shared}': ['count==45'],
      },
    };
    export default function () { ran.add(1); numbers.add(exec.scenario.iterationInTest); }
    export async function slow() { await new Promise((resolve) => setTimeout(resolve, 20)); ran.add(1); }
    export async function long() { await new Promise((resolve) => setTimeout(resolve, 60000)); ran.add(1); }
  `;
  for (const threads of ['1', '3']) {
    await runScript(script, { args: ['--threads', threads] }, ({ verdict, exitCode, stderr }) => {
      expect({ missed: verdict['missed'], exitCode, stderr }).toEqual({ missed: [], exitCode: 0, stderr: '' });
    });
  }
});

it('gives each person the modules for themselves, and keeps what setup returned, the environment and tags', async () => {
  const script = `
    import { check, group, sleep } from 'k6';
    import { SharedArray } from 'k6/data';
    import { Trend } from 'k6/metrics';
    import exec from 'k6/execution';
    const took = new Trend('took', true);
    const names = new SharedArray('names', () => [open(__ENV.FOLDER + '/script.ts').length, 'b']);
    let mine = 0;
    export const options = {
      scenarios: {
        one: { executor: 'per-vu-iterations', vus: 2, iterations: 3, env: { WHO: 'one' }, tags: { kind: 'first' } },
        two: { executor: 'per-vu-iterations', vus: 1, iterations: 1, env: { WHO: 'two' } },
      },
      thresholds: {
        'took{scenario:one}': ['avg==10', 'p(95)<=10', 'max<11'],
        'took{kind:first,scenario:one}': ['avg==10'],
        'took{own:yes}': ['med==10'],
        took: ['max==20'],
        checks: ['rate==1'],
        'checks{check:frozen}': ['rate==1'],
      },
    };
    export function setup() { sleep(0.05); return { from: 'setup' }; }
    export default function (data) {
      mine += 1;
      exec.vu.tags.own = __ENV.WHO === 'one' ? 'yes' : 'no';
      took.add(__ENV.WHO === 'one' ? 10 : 20);
      check(data, { setup: ({ from }) => from === 'setup' });
      group('inner', () => check(null, {
        own: () => mine === __ITER + 1 && mine === exec.vu.iterationInScenario + 1,
        id: () => exec.vu.idInTest === __VU && __VU >= 1 && __VU <= 3,
        frozen: () => Object.isFrozen(names) && names.length === 2,
        outside: () => typeof process === 'undefined' && typeof fetch === 'undefined',
      }));
    }
    export function teardown(data) { if (data.from !== 'setup') throw new Error('no data'); }
  `;
  await runScript(script, {}, ({ exitCode, stdout, summary }) => {
    expect(stdout).not.toContain('MISSED');
    expect(exitCode).toBe(0);
    expect(summary?.root_group.groups[0]?.checks.map(({ name, passes, fails }) => [name, passes, fails])).toEqual([
      ['own', 7, 0],
      ['id', 7, 0],
      ['frozen', 7, 0],
      ['outside', 7, 0],
    ]);
    expect(summary?.setup_data).toEqual({ from: 'setup' });
  });
});

it('ends with 99 where a threshold is missed, and says which, in the summary, the report and the last line', async () => {
  const script = `
    import { Counter, Rate, Gauge } from 'k6/metrics';
    const good = new Rate('good'); const level = new Gauge('level'); const n = new Counter('n');
    export const options = { iterations: 4, thresholds: { good: ['rate>0.9'], level: ['value==3'], n: ['count==4', 'rate>0'] } };
    export default function () { good.add(__ITER % 2 === 0); level.add(__ITER); n.add(1); }
    export function handleSummary(data) {
      return { stdout: 'metrics: ' + Object.keys(data.metrics).length + '\\n', [__ENV.FOLDER + '/own/table.txt']: String(data.metrics.n.values.count) };
    }
  `;
  await runScript(script, {}, ({ exitCode, verdict, summary, report, stdout, folder }) => {
    expect(exitCode).toBe(99);
    expect(verdict).toMatchObject({ outcome: 'fell-short', missed: ['good: rate>0.9'], engine: 'k6-runner' });
    expect(summary?.metrics['good']).toMatchObject({
      values: { rate: 0.5, passes: 2, fails: 2 },
      thresholds: { 'rate>0.9': { ok: false } },
    });
    expect(summary?.metrics['level']?.thresholds).toEqual({ 'value==3': { ok: true } });
    expect(stdout).toMatch(/^metrics: \d+\n/);
    expect(readFileSync(join(folder, 'own/table.txt'), 'utf8')).toBe('4');
    expect(report).toContain('"threshold":"rate\\u003e0.9"'.replace('\\u003e', '>'));
    expect(report).not.toMatch(/(src|href)="?https?:/);
  });
});

it('ends a run at once: by a threshold, by the script, by a signal', async () => {
  const endless = (options: string, body: string) => `
    import exec from 'k6/execution';
    import { Counter } from 'k6/metrics';
    import { setTimeout } from 'k6/timers';
    const bad = new Counter('bad');
    export const options = { scenarios: { long: { executor: 'constant-vus', vus: 2, duration: '10m' } }, ${options} };
    export default async function () { ${body}; await new Promise((resolve) => setTimeout(resolve, 50)); }
    export function teardown() { console.log('torn down'); }
  `;
  const byThreshold = endless(`thresholds: { bad: [{ threshold: 'count<1', abortOnFail: true }] }`, 'bad.add(1)');
  await runScript(byThreshold, {}, ({ exitCode, stderr, verdict }) => {
    expect(exitCode).toBe(99);
    expect(verdict['reason']).toBe('the threshold bad: count<1 was missed');
    expect(stderr).toContain('torn down');
  });
  await runScript(endless('', `exec.test.abort('enough')`), {}, ({ exitCode, verdict }) => {
    expect([exitCode, verdict['reason']]).toEqual([108, 'enough']);
  });
  await runScript(
    endless('', `console.log('begun')`),
    { onOutput: (text, kill) => text.includes('begun') && kill('SIGINT') },
    ({ exitCode, summary }) => {
      expect(exitCode).toBe(105);
      expect(summary).toBeDefined();
    },
  );
  await runScript(endless('', `exec.test.fail('not good')`).replace('10m', '200ms'), {}, ({ exitCode }) => {
    expect(exitCode).toBe(110);
  });
});

it('speaks HTTP and WebSockets with a server, with cookies, redirects, forms and binary messages', async () => {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      if (request.url === '/in') {
        response.writeHead(302, { 'set-cookie': 'session=abc; Path=/; HttpOnly', location: '/who' }).end();
      } else if (request.url === '/gone') response.writeHead(404).end();
      else {
        const { cookie, 'content-type': type } = request.headers;
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ method: request.method, cookie, type, body, items: [{ name: 'first' }] }));
      }
    });
  });
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket, request) => {
    socket.send(JSON.stringify({ protocol: socket.protocol, cookie: request.headers.cookie }));
    socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const script = `
    import { check } from 'k6';
    import http from 'k6/http';
    import { WebSocket } from 'k6/websockets';
    export const options = { iterations: 1, thresholds: { checks: ['rate==1'], http_req_failed: ['rate<0.5'],
      'http_req_duration{name:in}': ['max>0'], 'http_reqs{status:404}': ['count==1'] } };
    const base = __ENV.BASE_URL;
    export default async function () {
      const signedIn = await http.asyncRequest('POST', base + '/in', { user: 'a b' }, { tags: { name: 'in' } });
      check(signedIn, {
        redirected: (r) => r.status === 200 && r.json('method') === 'GET' && r.json('items.0.name') === 'first',
        cookie: (r) => r.json('cookie') === 'session=abc' && http.cookieJar().cookiesForURL(base).session[0] === 'abc',
        header: (r) => r.headers['Content-Type'] === 'application/json',
      });
      const upload = await http.asyncRequest('POST', base + '/x', { file: http.file('a,b', 'a.csv', 'text/csv') });
      check(upload, { multipart: (r) => r.json('type').startsWith('multipart/form-data; boundary=') && r.json('body').includes('filename="a.csv"') });
      const gone = await http.asyncRequest('GET', base + '/gone', null, { responseType: 'none' });
      check(gone, { gone: (r) => r.status === 404 && r.body === null && r.error_code === 1404 });
      const nobody = await http.asyncRequest('GET', 'http://127.0.0.1:9/');
      check(nobody, { nobody: (r) => r.status === 0 && r.error !== '' });
      let refused = '';
      try { http.get(base); } catch (error) { refused = error.message; }
      check(refused, { blocking: (text) => text.includes('use http.asyncRequest() instead') });
      const socket = new WebSocket(base.replace('http', 'ws'), null, { headers: { 'Sec-WebSocket-Protocol': 'mine', 'X-A': 'b' } });
      socket.binaryType = 'arraybuffer';
      const got = [];
      socket.onopen = () => { socket.send('text'); socket.send(new Uint8Array([1, 2]).buffer); };
      socket.onmessage = ({ data }) => { got.push(data); if (got.length === 3) socket.close(); };
      await new Promise((resolve) => socket.addEventListener('close', resolve));
      const [hello, text, bytes] = got;
      check(null, {
        hello: () => JSON.parse(hello).cookie === 'session=abc',
        text: () => text === 'text',
        bytes: () => new Uint8Array(bytes)[1] === 2,
        closed: () => socket.readyState === 3,
      });
    }
  `;
  try {
    await runScript(script, { env: { BASE_URL: `http://127.0.0.1:${port}` } }, (ran) => {
      const failed = ran.summary?.root_group.checks.filter(({ fails }) => fails > 0).map(({ name }) => name);
      expect({ failed, stderr: ran.stderr, exitCode: ran.exitCode }).toEqual({ failed: [], stderr: '', exitCode: 0 });
      expect(counted(ran, 'ws_msgs_received')).toBe(3);
      expect(counted(ran, 'ws_sessions')).toBe(1);
    });
  } finally {
    sockets.close();
    server.close();
  }
});

it('counts what a script throws, ends that iteration with all that it holds, and goes on', async () => {
  const script = `
    import { setInterval, setTimeout } from 'k6/timers';
    import { sleep } from 'k6';
    export const options = { scenarios: { a: { executor: 'per-vu-iterations', vus: 1, iterations: 4 } } };
    export default async function () {
      if (__ITER === 0) throw new Error('first');
      if (__ITER === 1) { setInterval(() => {}, 5); setTimeout(() => { throw new Error('in a timer'); }, 20); }
      if (__ITER === 2) sleep(1);
    }
  `;
  await runScript(script, {}, (ran) => {
    expect(ran.exitCode).toBe(0);
    expect(ran.verdict).toMatchObject({ scriptErrors: 3 });
    expect(counted(ran, 'iterations')).toBe(4);
    for (const text of ['first', 'in a timer', 'sleep() would stop everybody']) expect(ran.stderr).toContain(text);
  });
});

it.each([
  ['options.scenarios.a.executor', `scenarios: { a: { executor: 'sometimes' } }`, 104],
  [
    'options.scenarios.a.duration: "soon" is no duration',
    `scenarios: { a: { executor: 'constant-vus', duration: 'soon' } }`,
    104,
  ],
  [
    'options.scenarios.a: the script exports no function "missing"',
    `scenarios: { a: { executor: 'shared-iterations', exec: 'missing' } }`,
    104,
  ],
  ['options.thresholds.nothing: there is no such metric', `thresholds: { nothing: ['count==0'] }`, 104],
  ['"p(95)<1" does not fit a metric of the type counter', `thresholds: { iterations: ['p(95)<1'] }`, 104],
  ['"about 5" is no threshold', `thresholds: { iterations: ['about 5'] }`, 104],
  ['setup: no', `iterations: 1`, 107],
])('refuses in one line: %s', async (line, options, wanted) => {
  const setup = wanted === 107 ? `export function setup() { throw new Error('no'); }` : '';
  const script = `export const options = { ${options} }; export default function () {} ${setup}`;
  await runScript(script, {}, ({ exitCode, stderr }) => {
    expect(exitCode).toBe(wanted);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toContain(line);
  });
});

it('hands the script to k6 where there is one, and reads back what k6 leaves', async () => {
  // Stands in for k6, which is not installed here: it writes what k6 documents that it writes.
  const k6 = `#!${process.execPath}
    const { readFileSync, writeFileSync } = require('node:fs');
    const args = process.argv.slice(2);
    const code = readFileSync(args.at(-1), 'utf8');
    const loaded = { exports: {} };
    new Function('require', 'module', 'exports', '__ENV', 'open', code)(() => ({ Counter: class {} }), loaded, loaded.exports, { FOLDER: '' }, () => '');
    const time = (ms) => new Date(1e12 + ms).toISOString();
    const lines = [
      { type: 'Metric', metric: 'n', data: { name: 'n', type: 'counter', contains: 'default' } },
      { type: 'Point', metric: 'n', data: { time: time(0), value: 2, tags: {} } },
      { type: 'Point', metric: 'n', data: { time: time(2500), value: 3, tags: {} } },
    ];
    writeFileSync(args[args.indexOf('--out') + 1].replace('json=', ''), lines.map((line) => JSON.stringify(line)).join('\\n'));
    const metrics = { n: { type: 'counter', contains: 'default', values: { count: 5, rate: 2 }, thresholds: { 'count==4': { ok: false } } } };
    const root_group = { name: '', path: '', id: '', groups: [], checks: [] };
    const files = loaded.exports.handleSummary({ metrics, root_group, state: { testRunDurationMs: 3000 } });
    for (const [name, content] of Object.entries(files)) name === 'stdout' ? process.stdout.write(content) : writeFileSync(name, content);
    console.log(args.filter((arg) => arg.startsWith('GIVEN')).join());
    process.exit(99);
  `;
  const script = `
    import { Counter } from 'k6/metrics';
    const n = new Counter('n');
    export default function () { n.add(1); }
    export function handleSummary() { return { stdout: 'own summary\\n' }; }
  `;
  const folder = mkdtempSync(join(tmpdir(), 'meldesync-k6-stand-in-'));
  writeFileSync(join(folder, 'package.json'), '{"type":"commonjs"}');
  const program = join(folder, 'k6');
  writeFileSync(program, k6, { mode: 0o755 });
  try {
    await runScript(
      script,
      { args: ['--k6', program], env: { GIVEN: 'yes' } },
      ({ exitCode, verdict, stdout, stderr, report }) => {
        expect(stderr).toBe('');
        expect(exitCode).toBe(99);
        expect(stdout).toContain('own summary\nGIVEN=yes\n');
        expect(verdict).toMatchObject({ engine: 'k6', missed: ['n: count==4'], values: { 'n: count==4': 5 } });
        // Two in the first second, three in the third.
        expect(report).toContain('"values":[2,0,3]');
      },
    );
    await runScript(script, { args: ['--k6', join(folder, 'none')] }, ({ exitCode, stderr }) => {
      expect(exitCode).toBe(1);
      expect(stderr.trim()).toMatch(/^error .*none cannot be started: .*ENOENT$/);
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
