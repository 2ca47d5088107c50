export const password = {
  new: 'Neues Passwort',
  show: 'Passwort zeigen',
  strengthNone: 'Die Stärke zeigt sich beim Tippen.',
  strengthLooking: 'Wird geprüft …',
  strength: {
    s0: 'Sofort zu erraten',
    s1: 'Leicht zu erraten',
    s2: 'Noch zu leicht zu erraten',
    s3: 'Schwer zu erraten',
    s4: 'Sehr schwer zu erraten',
  },
  ruleLength: '12 bis 256 Zeichen; vier zufällige Wörter sind gut',
  ruleOwn: 'Nicht Ihr Name und nicht Ihre E-Mail-Adresse',
  ruleCommon: 'Kein bekanntes und kein leicht zu erratendes Passwort',
  ruleState: { open: 'noch offen:', held: 'erfüllt:', broken: 'nicht erfüllt:' },
} as const;
