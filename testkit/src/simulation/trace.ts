import type { DownMessage, UpMessage } from '@meldesync/protocol';

/** A message in a line of the trace. */
export function describeMessage(text: string): string {
  const message = JSON.parse(text) as DownMessage | UpMessage;
  switch (message.type) {
    case 'frames': {
      const frames = message.frames.map(({ id, prev, changes }) => {
        const shown = changes.slice(0, 4).map(({ op, record, version }) => `${op} ${record}@${version}`);
        return `${prev}→${id} [${shown.join(', ')}${changes.length > 4 ? `, … ${changes.length}` : ''}]`;
      });
      return `frames ${frames.slice(0, 4).join(' ')}${frames.length > 4 ? ` … ${frames.length}` : ''}`;
    }
    case 'edit':
      return `edit ${message.operation} ${message.items.map(({ record, baseVersion }) => `${record}@${baseVersion}`).join(', ')}`;
    case 'edited':
      return `edited ${message.operation} ${message.outcomes.map(({ record, outcome }) => `${record} ${outcome}`).join(', ')}`;
    case 'locks':
    case 'presence':
      return message.type;
    default:
      return text;
  }
}
