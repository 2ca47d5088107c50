import type { FindingKind } from '@meldesync/audit';

/** An entry of the trail that is sealed. */
export interface SealedEntry {
  readonly source: 'c' | 'e';
  readonly id: string;
  readonly seal: number;
  readonly position: number;
}

/** What somebody who owns the database, and the machine of the file, works on. */
interface Victim {
  readonly entries: readonly SealedEntry[];
  readonly seals: number;
  readonly lines: string[];
  readonly sql: (text: string, values?: unknown[]) => Promise<Record<string, unknown>[]>;
  /** A whole number from 0 up to, without, this one. */
  readonly random: (below: number) => number;
}

/** What must be found: of one of these kinds, and, where it is said, of this entry first. */
interface Expected {
  readonly kinds: readonly FindingKind[];
  readonly entry?: Pick<SealedEntry, 'source' | 'id'>;
  readonly seal?: number;
}

export type Tampering = (victim: Victim) => Promise<Expected>;

const ALTERED = ['entry-altered', 'entry-reordered'] as const;
const tableOf = (source: 'c' | 'e') => (source === 'c' ? 'changes' : 'events');

function pick<Item>({ random }: Pick<Victim, 'random'>, items: readonly Item[]): Item {
  const item = items[random(items.length)];
  if (item === undefined) throw new Error('there is nothing to choose from');
  return item;
}

const pickOf = (victim: Victim, source: 'c' | 'e') =>
  pick(
    victim,
    victim.entries.filter((entry) => entry.source === source),
  );

/** Two of one table, the one that was sealed first in front. */
function pickTwo(victim: Victim, source: 'c' | 'e'): [SealedEntry, SealedEntry] {
  const one = pickOf(victim, source);
  for (;;) {
    const other = pickOf(victim, source);
    if (other === one) continue;
    return one.seal < other.seal || (one.seal === other.seal && one.position < other.position)
      ? [one, other]
      : [other, one];
  }
}

const CHANGE_EDITS = [
  `after = after || '{"note": "nie geschrieben"}'`,
  `before = '{"done": true, "x": 1}'`,
  `actor = 'user:jemand'`,
  `at = at + interval '1 microsecond'`,
  `version = version + 1000`,
  `record_id = record_id + 1000`,
  `via = 'web'`,
  `operation = 'operation-von-niemand'`,
  `traceparent = repeat('0', 55)`,
  `txid = (txid::bigint + 1)::text`,
];
const EVENT_EDITS = [
  `after = after || '{"method": "passkey"}'`,
  `before = '{}'`,
  `actor = 'user:jemand'`,
  `at = at - interval '3 microseconds'`,
  `kind = 'session-closed'`,
  `session_id = null`,
  `address = '198.51.100.1'`,
  `subject = 'user:jemand'`,
  `workspace_id = null`,
];

/** Computes the leaf of an entry, the root of its seal and all links from it on anew, as who owns the database can. */
async function coverUp({ sql, seals }: Victim, { source, id, seal }: SealedEntry): Promise<void> {
  const leaf = source === 'c' ? 'meldesync_change_leaf' : 'meldesync_event_leaf';
  await sql(
    `update audit_leaves l set leaf = ${leaf}(x, sha256(l.salt || meldesync_entry_content(x.before, x.after)))
     from ${tableOf(source)} x where x.id = l.entry and l.source = $1 and l.entry = $2`,
    [source, id],
  );
  await relink(sql, seal, seals);
}

async function relink(sql: Victim['sql'], from: number, to: number): Promise<void> {
  await sql(
    `update audit_seals set root = meldesync_tree_root((select array_agg(leaf order by position) from audit_leaves where seal = $1)) where no = $1`,
    [from],
  );
  for (let no = from; no <= to; no++) {
    await sql(
      'update audit_seals s set previous = coalesce((select b.link from audit_seals b where b.no = s.no - 1), s.previous) where no = $1',
      [no],
    );
    await sql('update audit_seals s set link = meldesync_seal_link(s) where no = $1', [no]);
  }
}

const changed = (line: string, change: (parsed: Record<string, unknown>) => void): string => {
  const parsed = JSON.parse(line) as Record<string, unknown>;
  change(parsed);
  return JSON.stringify(parsed);
};

/** Every way in which a trail is tampered with here, by name. */
export const TAMPERINGS: Readonly<Record<string, Tampering>> = {
  'update of a change': async (victim) => {
    const entry = pickOf(victim, 'c');
    await victim.sql(`update changes set ${pick(victim, CHANGE_EDITS)} where id = $1`, [entry.id]);
    // Where the transaction is another one it may stand before or behind its neighbour.
    return { kinds: ALTERED, seal: entry.seal };
  },
  'update of an event': async (victim) => {
    const entry = pickOf(victim, 'e');
    await victim.sql(`update events set ${pick(victim, EVENT_EDITS)} where id = $1`, [entry.id]);
    return { kinds: ['entry-altered'], entry };
  },
  'deletion of an entry': async (victim) => {
    const entry = pick(victim, victim.entries);
    await victim.sql(`delete from ${tableOf(entry.source)} where id = $1`, [entry.id]);
    return { kinds: ['entry-removed'], entry };
  },
  'deletion of an entry and its leaf': async (victim) => {
    const entry = pick(victim, victim.entries);
    await victim.sql(`delete from ${tableOf(entry.source)} where id = $1`, [entry.id]);
    await victim.sql('delete from audit_leaves where source = $1 and entry = $2', [entry.source, entry.id]);
    return { kinds: ['leaf-removed', 'seal-removed'], seal: entry.seal };
  },
  'swap of what two entries say': async (victim) => {
    const source = pick(victim, ['c', 'e'] as const);
    const [one, other] = pickTwo(victim, source);
    const table = tableOf(source);
    await victim.sql(
      `update ${table} x set after = y.after || jsonb_build_object('s', y.id), before = y.before from ${table} y
       where (x.id, y.id) in (($1, $2), ($2, $1))`,
      [one.id, other.id],
    );
    return { kinds: ['entry-altered'], entry: one };
  },
  'swap of the places of two entries': async (victim) => {
    const [one, other] = pickTwo(victim, 'c');
    await victim.sql('alter table changes alter column id drop identity');
    await victim.sql('update changes set id = -1 where id = $1', [one.id]);
    await victim.sql('update changes set id = $1 where id = $2', [one.id, other.id]);
    await victim.sql('update changes set id = $1 where id = -1', [other.id]);
    return { kinds: ALTERED };
  },
  'swap of two leaves': async (victim) => {
    const [one, other] = pickTwo(victim, pick(victim, ['c', 'e'] as const));
    const move = (position: number, seal: number, at: SealedEntry) =>
      victim.sql('update audit_leaves set position = $1, seal = $2 where source = $3 and entry = $4', [
        position,
        seal,
        at.source,
        at.id,
      ]);
    await move(-1, one.seal, one);
    await move(one.position, one.seal, other);
    await move(other.position, other.seal, one);
    return { kinds: ['entry-reordered', 'batch-altered'] };
  },
  'insertion behind a seal': async (victim) => {
    // As of the last transaction that is sealed it lies behind no seal: what else that one wrote may wait for the next.
    const entry = pick(victim, victim.entries.slice(0, -1));
    const columns =
      entry.source === 'c'
        ? 'workspace_id, record_id, version, op, before, after, actor, via, at'
        : 'kind, actor, session_id, address, workspace_id, subject, before, after, at';
    const values = columns.replace('record_id', 'record_id + 5000');
    const [added] = await victim.sql(
      `insert into ${tableOf(entry.source)} (txid, ${columns}) select txid, ${values} from ${tableOf(entry.source)} where id = $1 returning id`,
      [entry.id],
    );
    return { kinds: ['entry-inserted'], entry: { source: entry.source, id: String(added?.['id']) } };
  },
  'insertion with a leaf': async (victim) => {
    const entry = pick(victim, victim.entries);
    await victim.sql(
      `insert into audit_leaves (seal, position, source, entry, salt, leaf)
       select seal, (select max(position) + 1 from audit_leaves where seal = $1), source, 100000, salt, leaf from audit_leaves
       where source = $2 and entry = $3`,
      [entry.seal, entry.source, entry.id],
    );
    return { kinds: ['leaf-inserted'], seal: entry.seal };
  },
  'cut of the tail': async (victim) => {
    const from = 2 + victim.random(victim.seals - 1);
    for (const source of ['c', 'e'] as const)
      await victim.sql(
        `delete from ${tableOf(source)} where id in (select entry from audit_leaves where seal >= $1 and source = $2)`,
        [from, source],
      );
    for (const [table, column] of [
      ['audit_leaves', 'seal'],
      ['audit_seals', 'no'],
      ['audit_checkpoints', 'no'],
    ])
      await victim.sql(`delete from ${table} where ${column} >= $1`, [from]);
    return { kinds: ['tail-removed'], seal: from - 1 };
  },
  'deletion of a seal': async (victim) => {
    const no = 1 + victim.random(victim.seals);
    await victim.sql('delete from audit_seals where no = $1', [no]);
    return { kinds: ['seal-removed', 'checkpoint-differs', 'tail-removed', 'leaf-inserted'] };
  },
  'alteration of a seal': async (victim) => {
    const no = 1 + victim.random(victim.seals);
    const edit = pick(victim, [
      'size = size + 1',
      `at = at + interval '1 microsecond'`,
      'root = sha256(root)',
      'previous = sha256(previous)',
      'link = sha256(link)',
      `incarnation = '1/00000001'`,
      'changes_base = changes_base + 1',
      `first_txid = '1'`,
    ]);
    await victim.sql(`update audit_seals set ${edit} where no = $1`, [no]);
    return { kinds: ['seal-altered'], seal: no };
  },
  'alteration of a seal whose links are made anew': async (victim) => {
    const no = 1 + victim.random(victim.seals);
    await victim.sql(`update audit_seals set at = at - interval '1 hour' where no = $1`, [no]);
    await relink(victim.sql, no, victim.seals);
    return { kinds: ['checkpoint-differs'], seal: no };
  },
  'update that is covered up': async (victim) => {
    const entry = pick(victim, victim.entries);
    await victim.sql(
      `update ${tableOf(entry.source)} set actor = 'user:jemand', after = after || '{"note": "nie"}' where id = $1`,
      [entry.id],
    );
    await coverUp(victim, entry);
    return { kinds: ['checkpoint-differs'], seal: entry.seal };
  },
  'update whose leaf is made anew': async (victim) => {
    const entry = pick(victim, victim.entries);
    await victim.sql(`update ${tableOf(entry.source)} set actor = 'user:jemand' where id = $1`, [entry.id]);
    const leaf = entry.source === 'c' ? 'meldesync_change_leaf' : 'meldesync_event_leaf';
    await victim.sql(
      `update audit_leaves l set leaf = ${leaf}(x, sha256(l.salt || meldesync_entry_content(x.before, x.after)))
       from ${tableOf(entry.source)} x where x.id = l.entry and l.source = $1 and l.entry = $2`,
      [entry.source, entry.id],
    );
    return { kinds: ['batch-altered'], seal: entry.seal };
  },
  'alteration of a leaf': async (victim) => {
    const entry = pick(victim, victim.entries);
    const edit = pick(victim, ['leaf = sha256(leaf)', 'salt = substr(leaf, 1, 16)']);
    await victim.sql(`update audit_leaves set ${edit} where source = $1 and entry = $2`, [entry.source, entry.id]);
    return { kinds: ['leaf-altered', 'entry-altered'], entry };
  },
  'erasure that nobody ordered': async (victim) => {
    const entry = pick(victim, victim.entries);
    const event = pickOf(victim, 'e');
    await victim.sql(
      `update audit_leaves l set content = sha256(l.salt || meldesync_entry_content(x.before, x.after)), salt = null, erased = $3
       from ${tableOf(entry.source)} x where x.id = l.entry and l.source = $1 and l.entry = $2`,
      [entry.source, entry.id, event.id],
    );
    await victim.sql(`update ${tableOf(entry.source)} set before = '{}', after = '{}' where id = $1`, [entry.id]);
    return { kinds: ['cut-unproved'], entry };
  },
  'cut that nobody ordered': async (victim) => {
    const entry = pick(victim, victim.entries);
    const event = pickOf(victim, 'e');
    await victim.sql(`delete from ${tableOf(entry.source)} where id = $1`, [entry.id]);
    await victim.sql('update audit_leaves set salt = null, cut = $3 where source = $1 and entry = $2', [
      entry.source,
      entry.id,
      event.id,
    ]);
    return { kinds: ['cut-unproved'], entry };
  },
  'alteration of a checkpoint in the database': async (victim) => {
    const no = 1 + victim.random(victim.seals);
    const edit = pick(victim, [
      'size = size + 1',
      'link = sha256(link)',
      'signature = sha256(signature) || sha256(link)',
      `key_id = repeat('0', 16)`,
    ]);
    await victim.sql(`update audit_checkpoints set ${edit} where no = $1`, [no]);
    return { kinds: ['checkpoint-forged', 'checkpoint-key-unknown'], seal: no };
  },
  'alteration of a checkpoint in the file': async (victim) => {
    const place = victim.random(victim.lines.length);
    const line = victim.lines[place] ?? '';
    victim.lines[place] = pick(victim, [
      line.slice(0, -5),
      '',
      changed(line, (parsed) => {
        parsed['size'] = Number(parsed['size']) + 1;
      }),
      changed(line, (parsed) => {
        parsed['at'] = String(parsed['at']).replace(/.$/, (digit) => (digit === '0' ? '1' : '0'));
      }),
      changed(line, (parsed) => {
        parsed['root'] = '0'.repeat(64);
      }),
    ]);
    return { kinds: ['checkpoint-unreadable', 'checkpoint-forged'] };
  },
  'deletion of checkpoints in the file': async (victim) => {
    const place = 1 + victim.random(victim.lines.length - 1);
    victim.lines.splice(place, pick(victim, [1, victim.lines.length]));
    return { kinds: ['checkpoint-removed'] };
  },
  'replay of an old checkpoint in the file': async (victim) => {
    const place = 1 + victim.random(victim.lines.length - 1);
    const old = victim.lines[victim.random(place)] ?? '';
    if (victim.random(2) === 0) victim.lines[place] = old;
    else victim.lines.push(old);
    return { kinds: ['checkpoint-replayed'] };
  },
  'replay of an old checkpoint in the database': async (victim) => {
    const no = 2 + victim.random(victim.seals - 1);
    await victim.sql(
      `update audit_checkpoints c set size = o.size, link = o.link, at = o.at, signature = o.signature
       from audit_checkpoints o where c.no = $1 and o.no = $2`,
      [no, 1 + victim.random(no - 1)],
    );
    return { kinds: ['checkpoint-forged'], seal: no };
  },
};
