/** The words of the frame around pages. */
export const GERMAN_WORDS = {
  docFooter: { prev: 'Zurück', next: 'Weiter' },
  darkModeSwitchLabel: 'Farbschema',
  lightModeSwitchTitle: 'Helles Farbschema',
  darkModeSwitchTitle: 'Dunkles Farbschema',
  sidebarMenuLabel: 'Inhalt',
  returnToTopLabel: 'Nach oben',
  skipToContentLabel: 'Zum Inhalt springen',
  externalLinkIcon: true,
  notFound: {
    title: 'Diese Seite gibt es nicht',
    quote: 'Die Adresse ist falsch, oder die Seite ist umgezogen.',
    linkLabel: 'Zur ersten Seite',
    linkText: 'Zur ersten Seite',
  },
} as const;

export const GERMAN_SEARCH = {
  button: { buttonText: 'Suchen', buttonAriaLabel: 'Suchen' },
  modal: {
    displayDetails: 'Fundstellen zeigen',
    resetButtonTitle: 'Suche leeren',
    backButtonTitle: 'Suche schließen',
    noResultsText: 'Nichts gefunden zu',
    footer: {
      selectText: 'öffnen',
      selectKeyAriaLabel: 'Eingabetaste',
      navigateText: 'wählen',
      navigateUpKeyAriaLabel: 'Pfeil nach oben',
      navigateDownKeyAriaLabel: 'Pfeil nach unten',
      closeText: 'schließen',
      closeKeyAriaLabel: 'Escape',
    },
  },
} as const;
