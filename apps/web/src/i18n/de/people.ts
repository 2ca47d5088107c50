export const people = {
  database: 'Datenbank ({role})',
  unknown: 'Unbekannte Person',
} as const;
