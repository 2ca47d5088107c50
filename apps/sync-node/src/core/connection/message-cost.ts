import type { UpMessage } from '@meldesync/protocol';

/** What is a message's worth of text: reading takes its time. */
const CHARACTERS = 8_192;
const EDITED_RECORDS = 10;

/** What reading a text costs its person, in small messages. */
export function costOfText(text: string): number {
  return 1 + text.length / CHARACTERS;
}

/** What carrying it out costs beside that: the feed is read for one, Redis and Postgres are asked for another. */
export function costOf(message: UpMessage): number {
  switch (message.type) {
    case 'subscribe':
    case 'diverged':
      return 9;
    case 'lock':
    case 'unlock':
      return 3;
    case 'edit':
      return message.items.length / EDITED_RECORDS;
    case 'hello':
    case 'ping':
    case 'attend':
    case 'report':
      return 0;
  }
}
