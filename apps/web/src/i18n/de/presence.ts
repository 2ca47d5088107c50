export const presence = {
  alsoHere: 'Auch hier: {names}',
  alsoHereMore: 'Auch hier: {names} und {count, plural, one {# weitere Person} other {# weitere Personen}}',
  listLabel: 'Wer hier ist',
  opened: 'Auch geöffnet von {names}',
  noCase: 'kein Fall geöffnet',
  editing: 'bearbeitet',
  go: 'Zum Fall',
  more: '{count, plural, one {und # weitere Person} other {und # weitere Personen}}',
  alone: 'Gerade ist niemand sonst hier.',
  kinds: { cli: 'Kommandozeile', api: 'Schnittstelle' },
} as const;
