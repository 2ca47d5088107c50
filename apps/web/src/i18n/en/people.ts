import type { Messages } from '../messages.ts';

export const people: Messages['people'] = {
  you: 'You',
  database: 'Database ({role})',
  unknown: 'Unknown person',
};
