export const people = {
  you: 'Sie',
  database: 'Datenbank ({role})',
  unknown: 'Unbekannte Person',
} as const;
