import type { TierMs } from '@meldesync/protocol';
import type { ClientSocket, Topics } from './client-socket.ts';

/** Topic of the sockets of a workspace that get its frames in the pace of a tier. */
function tierTopic(workspace: string, tierMs: TierMs): string {
  return `frames/${tierMs}/${workspace}`;
}

/** Topic of what all sockets of a workspace hear that follow its feed: notices, locks, presence. */
function noticeTopic(workspace: string): string {
  return `notices/${workspace}`;
}

/** The sockets that follow each workspace, by tier. */
export class Audience {
  readonly #topics: Topics;

  constructor(topics: Topics) {
    this.#topics = topics;
  }

  /** From now on the socket gets what is published for the workspace, frames in the pace of a tier; none of those with null. */
  follow(socket: ClientSocket, workspace: string, tierMs: TierMs | null): void {
    socket.subscribe(noticeTopic(workspace));
    if (tierMs !== null) socket.subscribe(tierTopic(workspace, tierMs));
  }

  unfollow(socket: ClientSocket): void {
    socket.unsubscribeAll();
  }

  /** How many sockets of this node get the frames of a workspace in the pace of a tier. */
  count(workspace: string, tierMs: TierMs): number {
    return this.#topics.count(tierTopic(workspace, tierMs));
  }

  /** Gives a message with frames to all sockets of a tier. */
  publish(workspace: string, tierMs: TierMs, message: string): void {
    this.#topics.publish(tierTopic(workspace, tierMs), message);
  }

  /** Gives a message to every socket that follows the workspace, in whichever tier. */
  notify(workspace: string, message: string): void {
    this.#topics.publish(noticeTopic(workspace), message);
  }
}
