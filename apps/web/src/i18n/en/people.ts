import type { Messages } from '../messages.ts';

export const people: Messages['people'] = {
  database: 'Database ({role})',
  unknown: 'Unknown person',
};
