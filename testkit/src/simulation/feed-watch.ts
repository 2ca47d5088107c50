import {
  comparePositions,
  type DownMessage,
  type FramePosition,
  parseCursor,
  type UpMessage,
} from '@meldesync/protocol';

/** The watch over what one connection brings. */
export interface FeedWatch {
  /** A message has come to the node. */
  up(text: string): void;
  /** A message is sent to the client. */
  down(text: string): void;
}

/**
 * Holds a node to P13: what it sends follows on the cursor that it answered, without a gap, until it says that the client must
 * begin again. A client mends a gap by itself, so what people see does not tell of one.
 */
export function watchFeed(violated: (what: string) => void): FeedWatch {
  /** Positions that were subscribed to and not answered yet. */
  const asked: FramePosition[] = [];
  /** Where the next step must begin; undefined while the node owes none. */
  let position: FramePosition | undefined;

  const step = (from: FramePosition, to: FramePosition): void => {
    if (position === undefined) violated(`${to} came to a client that had not subscribed`);
    else if (comparePositions(from, position) > 0)
      violated(`the feed goes from ${position} on with what follows ${from}`);
    // What came with the answer may come once more from a batch that was made before it.
    else if (comparePositions(to, position) > 0) position = to;
  };

  return {
    up(text) {
      const message = JSON.parse(text) as UpMessage;
      if (message.type === 'subscribe') asked.push(parseCursor(message.cursor).position);
    },
    down(text) {
      const message = JSON.parse(text) as DownMessage;
      switch (message.type) {
        case 'subscribed': {
          position = asked.shift();
          if (position === undefined) violated(`it answered what nobody had asked with ${message.head}`);
          else if (comparePositions(position, message.head) > 0) violated(`${message.head} lies before ${position}`);
          break;
        }
        case 'frames':
          for (const { prev, id } of message.frames) step(prev, id);
          break;
        case 'range':
          step(message.from, message.to);
          break;
        case 'behind':
          position = undefined;
          break;
        case 'reset':
          // It answers what was asked, or ends what was live; after it nothing comes before the next question.
          asked.length = 0;
          position = undefined;
          break;
        default:
      }
    },
  };
}
