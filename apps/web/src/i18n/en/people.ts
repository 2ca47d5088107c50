import type { Messages } from '../catalogue.ts';

export const people: Messages['people'] = {
  database: 'Database ({role})',
  unknown: 'Unknown person',
};
