import fc from 'fast-check';
import type { SyncClient } from '../src/types/sync-client.ts';
import type { setUpClient } from './client-setup.ts';
import type { Intent } from './reference-feed.ts';

/** What goes on between a client and the model of the service in every test of the one against the other. */
export type Happening =
  | { readonly do: 'commit'; readonly intents: readonly Intent[] }
  | { readonly do: 'publish' | 'deliver'; readonly count: number }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'trim'; readonly keep: number }
  | { readonly do: 'cut' | 'reconnect' | 'back-up' | 'restore' };

/** Any of some kinds that have nothing but their name. */
export function anyOf<const Kind extends string>(
  ...kinds: readonly Kind[]
): fc.Arbitrary<Kind extends string ? { readonly do: Kind } : never> {
  type Named = Kind extends string ? { readonly do: Kind } : never;
  return fc.constantFrom(...kinds.map((kind) => ({ do: kind }) as Named));
}

type Surroundings = Pick<ReturnType<typeof setUpClient>, 'model' | 'node' | 'time'>;

/** Makes it happen; what it leads to comes with the promises and messages that are still under way. */
export function happen(happening: Happening, { model, node, time }: Surroundings, client: SyncClient): void {
  switch (happening.do) {
    case 'commit':
      node.commit(happening.intents);
      break;
    case 'publish':
      node.publish(happening.count);
      break;
    case 'deliver':
      node.deliver(happening.count);
      break;
    case 'wait':
      time.advance(happening.ms);
      break;
    case 'trim':
      model.trim(happening.keep);
      break;
    case 'cut':
      node.close(1006);
      break;
    case 'reconnect':
      client.reconnectNow();
      break;
    case 'back-up':
      model.backUp();
      break;
    case 'restore':
      node.restore();
      break;
  }
}
