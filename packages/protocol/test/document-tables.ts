import { BACKOFF, CLOSE_RULES, type CloseRule, ERROR_CATALOGUE } from '../src/index.ts';
import notSeen from '../vectors/not-seen.json' with { type: 'json' };

const RULES: readonly CloseRule[] = Object.values(CLOSE_RULES);

/** What PROTOCOL.md says that a client does. */
function clientDoes(rule: CloseRule): string {
  switch (rule.client) {
    case 'back-off':
      return 'backs off (P47)';
    case 'when-told':
      return 'comes back when the reason says (P46)';
    case 'sign-in':
      return 'waits until the person has signed in';
    case 'refuse':
      return `stops and tells the person, with the last \`error\` or \`${rule.person}\``;
  }
}

/** What the runbook says that people see. */
function peopleSee(rule: CloseRule): string {
  switch (rule.client) {
    case 'back-off':
    case 'when-told':
      return '"verbinde" until it is back';
    case 'sign-in':
      return '"anmelden"';
    case 'refuse':
      return `"getrennt", and why: "${ERROR_CATALOGUE[rule.person].de}"`;
  }
}

function table(head: readonly string[], rows: readonly (readonly unknown[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows];
  return lines
    .map((cells) => `| ${cells.join(' | ')} |`.replaceAll('| --- ', '|---').replace('--- |', '---|'))
    .join('\n');
}

const TABLES: Readonly<Record<string, () => string>> = {
  'close codes': () =>
    table(
      ['code', 'meaning', 'the client', 'its locks (P32)'],
      RULES.map((rule) => [rule.code, rule.meaning, clientDoes(rule), rule.freesLocks ? 'end' : 'wait for it']),
    ),
  backoff: () =>
    table(
      ['backoff', 'at least', 'at most, before the first try', 'at most, later'],
      Object.entries(BACKOFF).map(([name, { minMs, firstMaxMs, maxMs }]) => [
        name,
        ...[minMs, firstMaxMs, maxMs].map((ms) => `${ms} ms`),
      ]),
    ),
  'not seen': () =>
    table(
      ['rule', 'seen', 'what was not, and why'],
      notSeen.rules.map(({ rule, seen, why }) => [rule, seen === 'none' ? 'nothing' : 'a part', why]),
    ),
  'closed connections': () =>
    table(
      ['code', 'why', 'what people see', 'what to do'],
      RULES.map((rule) => [rule.code, rule.meaning, peopleSee(rule), rule.administrator]),
    ),
};

/** A document with its tables made anew: each stands between `<!-- table: NAME -->` and `<!-- end -->`. */
export function withTables(document: string): string {
  return document.replace(/(<!-- table: ([a-z ]+) -->\n).*?(\n?<!-- end -->)/gs, (_, start: string, name: string) => {
    const make = TABLES[name];
    if (!make) throw new Error(`There is no table ${name}.`);
    return `${start}${make()}\n<!-- end -->`;
  });
}

/** The names of the tables that a document holds. */
export function tablesOf(document: string): string[] {
  return [...document.matchAll(/<!-- table: ([a-z ]+) -->/g)].map(([, name = '']) => name);
}
