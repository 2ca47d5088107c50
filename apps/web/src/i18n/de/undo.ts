export const undo = {
  action: 'Rückgängig',
  undone: 'Rückgängig gemacht',
  redone: 'Wiederholt',
  nothingToUndo: 'Es gibt nichts rückgängig zu machen.',
  nothingToRedo: 'Es gibt nichts zu wiederholen.',
  value: '{row}: {field} wieder „{value}“',
  valueEmpty: '{row}: {field} wieder leer',
  valueYes: '{row}: wieder erledigt',
  valueNo: '{row}: wieder offen',
  cases: '{count, plural, one {# Fall} other {# Fälle}}',
  deleted: 'Der Fall wurde inzwischen gelöscht.',
  otherStep: 'Danach haben Sie noch anderes geändert. Mit Z nehmen Sie zuerst das Letzte zurück.',
  several: '{count, plural, one {# Fall} other {# Fälle}}: {fields}',
  blockedTitle: 'Nicht rückgängig gemacht',
  blockedRedoTitle: 'Nicht wiederholt',
  blocked:
    '{count, plural, one {{name} hat {row} am {date} um {time} geändert.} other {{name} und andere haben # Fälle seitdem geändert.}} Es bleibt, wie es ist.',
} as const;
