/**
 * Names of everything the feed keeps in Redis. The workspace is the Cluster hash tag, so that all of a workspace's
 * keys live in one slot.
 */
export interface FeedKeys {
  stream(epoch: string, workspace: string): string;
  /** Sorted set: how far the log had been written to the streams at which time. */
  feedMoments(epoch: string): string;
  /** The same beside a stream, of a relay of the release before. */
  moments(epoch: string, workspace: string): string;
  /** Beside the stream: the highest token of a relay that took the feed over. */
  fence(epoch: string, workspace: string): string;
  /** Channel on which frames are published as they are appended. */
  frames(workspace: string): string;
  /** Channel of notices that are not kept: import progress. */
  notices(workspace: string): string;
  /** Channel on which the nodes tell each other of locks and of who is here. */
  state(workspace: string): string;
  /** All channels of a workspace. */
  channels(workspace: string): string[];
  /** Hash of who is here, a field for each node. */
  presence(workspace: string): string;
  marker(epoch: string): string;
  /** Set of the epochs of which Redis holds something. */
  readonly epochs: string;
  /** Channel on which the relay passes canaries on, to every node. */
  readonly canary: string;
  /** What a channel name is about; undefined when it is not one of ours. */
  parseChannel(channel: string): Channel | undefined;
}

/** What a channel is about. */
export interface Channel {
  readonly kind: 'frames' | 'notices' | 'state';
  readonly workspace: string;
}

/** Form of a stream's entries. A stream of another form is as good as lost: the relay and the nodes begin a new one. */
const FORM = 2;

export function feedKeys(prefix: string): FeedKeys {
  const channel = (workspace: string, kind: Channel['kind']) => `${prefix}:{${workspace}}:${kind}`;
  return {
    stream: (epoch, workspace) => `${prefix}:{${workspace}}:feed${FORM}:${epoch}`,
    feedMoments: (epoch) => `${prefix}:{feed}:moments:${epoch}`,
    moments: (epoch, workspace) => `${prefix}:{${workspace}}:moments:${epoch}`,
    fence: (epoch, workspace) => `${prefix}:{${workspace}}:fence:${epoch}`,
    frames: (workspace) => channel(workspace, 'frames'),
    notices: (workspace) => channel(workspace, 'notices'),
    state: (workspace) => channel(workspace, 'state'),
    channels: (workspace) => (['frames', 'notices', 'state'] as const).map((kind) => channel(workspace, kind)),
    presence: (workspace) => `${prefix}:{${workspace}}:presence`,
    marker: (epoch) => `${prefix}:marker:${epoch}`,
    epochs: `${prefix}:epochs`,
    canary: `${prefix}:canary`,
    parseChannel: (channel) => {
      const start = channel.indexOf('{');
      const end = channel.indexOf('}:', start);
      const kind = channel.slice(end + 2);
      if (start < 0 || end < 0 || (kind !== 'frames' && kind !== 'notices' && kind !== 'state')) return undefined;
      return { kind, workspace: channel.slice(start + 1, end) };
    },
  };
}

/** First part of the keys under which limits are counted; what follows is the limit, and a hash of whom it is counted for. */
export function limitsPrefix(prefix: string): string {
  return `${prefix}:limits`;
}
