import { createSyncClient, type SyncClient } from '@meldesync/client';
import { runSql } from '@meldesync/testkit';
import { Redis } from 'ioredis';
import { readMetric } from '../../measure/metrics.ts';
import type { SupervisedPart } from '../../processes/supervised-part.ts';
import { tokenAccess } from '../../systems/access.ts';
import { pause } from './repetition.ts';
import type { SavingWatch } from './saving-watch.ts';
import type { Stage, StageWorkspace } from './stage.ts';

/** What a part says of itself. Undefined when it says nothing. */
interface Claim {
  /** It can do its work. */
  readonly usable: boolean;
  /** Changes reach it. */
  readonly live: boolean;
  /** It leaves work undone on purpose, at the level at which the cluster works. */
  readonly rests: boolean;
}

const LOOK_EVERY_MS = 500;
const ANSWER_WITHIN_MS = 2_500;
const CANARY_EVERY_MS = 1_000;
/** A change that is on its way for longer does not come. */
const BEHIND_MS = 10_000;
/** How long something else may be said than is so. */
const GRACE_MS = 12_000;

/**
 * Looks all the time whether each part says of itself what is so. What is so is seen from outside: a record of its own is
 * changed past the service each second, and watched on a screen at each node and on the bus.
 */
export class ReadinessWatch implements AsyncDisposable {
  readonly #stage: Stage;
  readonly #workspace: StageWorkspace;
  readonly #saving: SavingWatch;
  readonly #ending = new AbortController();
  readonly #ended = new Promise<undefined>((resolve) => {
    this.#ending.signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
  readonly #screens: readonly SyncClient[];
  readonly #bus: Redis;
  /** When each canary that is not everywhere yet was committed. */
  readonly #committed = new Map<number, number>();
  #onBus = 0;
  #stuckImports = false;
  readonly #wrongSince = new Map<string, number>();
  readonly #untruthful = new Set<string>();
  readonly #running: Promise<unknown>;

  constructor(stage: Stage, workspace: StageWorkspace, saving: SavingWatch) {
    this.#stage = stage;
    this.#workspace = workspace;
    this.#saving = saving;
    const token = stage.people.at(-1)?.token ?? '';
    this.#screens = stage.nodeUrls.map((url) =>
      createSyncClient({
        ...tokenAccess(url, token),
        workspace: workspace.id,
        client: { kind: 'web', version: 'bench' },
      }),
    );
    for (const screen of this.#screens) screen.start();
    this.#bus = new Redis(stage.redisUrl, { maxRetriesPerRequest: null, retryStrategy: () => 200 });
    // It comes and goes with the faults.
    this.#bus.on('error', () => undefined);
    this.#bus.on('message', (_channel, message: string) => {
      const seen = /canary (\d+)/.exec(message)?.[1];
      if (seen !== undefined) this.#onBus = Number(seen);
    });
    void this.#bus.subscribe(`${stage.redisPrefix}:{${workspace.id}}:frames`).catch(() => undefined);
    this.#running = Promise.all([this.#sendCanaries(), this.#look()]);
  }

  /** What was said though it was not so, for longer than may be. */
  get untruthful(): readonly string[] {
    return [...this.#untruthful];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort();
    await this.#running;
    for (const screen of this.#screens) screen.stop();
    this.#bus.disconnect();
  }

  async #sendCanaries(): Promise<void> {
    const record = this.#workspace.records.at(-1) ?? 0;
    for (let count = 1; !this.#ending.signal.aborted; count++) {
      await this.#ask(async () => {
        await runSql(this.#stage.ownerUrl, 'update records set note = $1 where id = $2', [`canary ${count}`, record]);
        this.#committed.set(count, performance.now());
        const stuck = await runSql(
          this.#stage.ownerUrl,
          `select 1 from imports where status in ('queued', 'running') and created_at < now() - interval '15 s' limit 1`,
        );
        this.#stuckImports = stuck.length > 0;
      });
      await pause(CANARY_EVERY_MS, this.#ending.signal);
    }
  }

  async #look(): Promise<void> {
    while (!this.#ending.signal.aborted) {
      const { nodes, relays, worker } = this.#stage;
      await Promise.all([
        ...nodes.map((node, index) => this.#lookAtNode(node, index)),
        ...relays.map((relay) => this.#lookAtRelay(relay)),
        this.#claimOf(worker).then((claim) =>
          this.#judge(
            worker,
            'says that it works, and imports wait',
            claim?.usable === true && !claim.rests && this.#stuckImports,
          ),
        ),
      ]);
      await pause(LOOK_EVERY_MS, this.#ending.signal);
    }
  }

  async #lookAtNode(node: SupervisedPart, index: number): Promise<void> {
    const [claim, isUsable] = await Promise.all([this.#claimOf(node), this.#answers(index)]);
    const screen = this.#screens[index];
    // What a client waits before it tries again is not the node's.
    const state = screen?.connection;
    if (state && 'retryAt' in state && state.retryAt > Date.now()) screen.reconnectNow();
    const record = this.#workspace.records.at(-1) ?? 0;
    const shown = Number(/\d+/.exec(screen?.store.get(record)?.note ?? '')?.[0] ?? 0);
    const isLive = this.#isCurrent(shown);
    const isFed = !this.#saving.isByHand;
    this.#judge(node, 'says that it is usable, and answers nobody', claim?.usable === true && !isUsable);
    this.#judge(node, 'says that it is live, and changes do not come', claim?.live === true && !isLive && isFed);
    this.#judge(node, 'says that it is not ready, and all is well', claim?.usable === false && isUsable && isLive);
  }

  async #lookAtRelay(relay: SupervisedPart): Promise<void> {
    const claim = await this.#claimOf(relay);
    const isActive = await this.#ask(() => readMetric(relay.adminUrl, 'meldesync_relay_active'));
    const isFeeding = this.#isCurrent(this.#onBus);
    this.#judge(relay, 'says that it is live, and feeds nobody', claim?.live === true && isActive === 1 && !isFeeding);
  }

  /** Whether everything up to a canary is all that was committed long enough ago. */
  #isCurrent(canary: number): boolean {
    const nowMs = performance.now();
    for (const [count, atMs] of this.#committed) {
      if (nowMs - atMs > 120_000) this.#committed.delete(count);
      else if (count > canary && nowMs - atMs > BEHIND_MS) return false;
    }
    return true;
  }

  #judge(part: SupervisedPart, what: string, isWrong: boolean): void {
    const key = `${part.name} ${what}`;
    if (!isWrong) {
      this.#wrongSince.delete(key);
      return;
    }
    const since = this.#wrongSince.get(key) ?? performance.now();
    this.#wrongSince.set(key, since);
    if (performance.now() - since > GRACE_MS) this.#untruthful.add(key);
  }

  async #claimOf(part: SupervisedPart): Promise<Claim | undefined> {
    return this.#ask(async () => {
      const response = await fetch(`${part.adminUrl}/readyz`, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
      const text = await response.text();
      const told = text.startsWith('{') ? (JSON.parse(text) as Partial<Claim>) : {};
      return { usable: told.usable ?? response.ok, live: told.live ?? response.ok, rests: told.rests ?? false };
    });
  }

  async #answers(index: number): Promise<boolean> {
    const url = `${this.#stage.nodeUrls[index] ?? ''}/api/v1/workspaces/${this.#workspace.id}/records?limit=1`;
    const headers = { authorization: `Bearer ${this.#stage.people.at(-1)?.token ?? ''}` };
    const response = await this.#ask(() => fetch(url, { headers, signal: AbortSignal.timeout(ANSWER_WITHIN_MS) }));
    await response?.arrayBuffer().catch(() => undefined);
    return response?.ok ?? false;
  }

  /** What is asked may be broken on purpose. */
  async #ask<T>(question: () => Promise<T>): Promise<T | undefined> {
    return Promise.race([question().catch(() => undefined), this.#ended]);
  }
}
