import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { DefaultTheme } from 'vitepress';

const DOCS = new URL('../../', import.meta.url);

/** The parts of the site, as they stand above every page. */
export const NAV: DefaultTheme.NavItem[] = [
  { text: 'Bedienen', link: '/bedienen/', activeMatch: '^/bedienen/' },
  {
    text: 'Betreiben',
    link: '/betreiben/',
    activeMatch: '^/(betreiben/|deploy/|runbook|METRICS|EVENTS|RELIABILITY|SECURITY|THREATS|ASVS|AUDIT)',
  },
  {
    text: 'Entwickeln',
    link: '/entwickeln/',
    activeMatch: '^/(entwickeln/|cli/|ARCHITECTURE|REQUIREMENTS|adr/|CONTRIBUTING|CHANGELOG|README|bench/|k6/)',
  },
];

const BEDIENEN: DefaultTheme.SidebarItem[] = [
  {
    text: 'Bedienen',
    items: [
      { text: 'Der erste Tag', link: '/bedienen/' },
      { text: 'Anmelden', link: '/bedienen/anmelden' },
      { text: 'Die Liste lesen', link: '/bedienen/liste' },
      { text: 'Einen Fall bearbeiten', link: '/bedienen/bearbeiten' },
      { text: 'Zu zweit am selben Fall', link: '/bedienen/zu-zweit' },
      { text: 'Ohne Verbindung', link: '/bedienen/offline' },
      { text: 'Dateien importieren', link: '/bedienen/importieren' },
      { text: 'Verlauf und Protokoll', link: '/bedienen/protokoll' },
      { text: 'Konto und Sicherheit', link: '/bedienen/konto' },
      { text: 'Tastatur', link: '/bedienen/tastatur' },
      { text: 'Was Meldungen bedeuten', link: '/bedienen/meldungen' },
    ],
  },
];

const BETREIBEN: DefaultTheme.SidebarItem[] = [
  {
    text: 'Einrichten',
    items: [
      { text: 'Übersicht', link: '/betreiben/' },
      { text: 'Schritt für Schritt', link: '/betreiben/schritt-fuer-schritt' },
      { text: 'Vier Wege', link: '/betreiben/installieren' },
      { text: 'Einstellungen', link: '/betreiben/einstellungen' },
      { text: 'Konten und Einmalanmeldung', link: '/betreiben/konten' },
    ],
  },
  {
    text: 'Am Laufen halten',
    items: [
      { text: 'Täglicher Betrieb', link: '/betreiben/betrieb' },
      { text: 'Aktualisieren', link: '/betreiben/aktualisieren' },
      { text: 'Sichern und zurückholen', link: '/betreiben/sichern' },
      { text: 'Datenkarte', link: '/betreiben/datenkarte' },
      { text: 'Rechte', link: '/betreiben/rechte' },
      { text: 'Zertifikat', link: '/betreiben/zertifikat' },
      { text: 'Sicherheit', link: '/betreiben/sicherheit' },
      { text: 'Lizenzen', link: '/betreiben/lizenzen' },
      { text: 'Wenn etwas nicht stimmt', link: '/betreiben/stoerungen' },
    ],
  },
  {
    text: 'Nachschlagen (englisch)',
    items: [
      { text: 'Runbook', link: '/runbook' },
      { text: 'Events of the logs', link: '/EVENTS' },
      { text: 'Metrics', link: '/METRICS' },
      { text: 'Reliability', link: '/RELIABILITY' },
      { text: 'Security', link: '/SECURITY' },
      { text: 'Threat model', link: '/THREATS' },
      { text: 'ASVS 5.0', link: '/ASVS' },
      { text: 'Trail', link: '/AUDIT' },
      ...deployed(),
    ],
  },
];

const ENTWICKELN: DefaultTheme.SidebarItem[] = [
  {
    text: 'Other clients',
    items: [
      { text: 'Where to begin', link: '/entwickeln/' },
      { text: 'Protocol', link: '/entwickeln/PROTOCOL' },
      { text: 'Messages (AsyncAPI)', link: '/entwickeln/asyncapi' },
      { text: 'HTTP API (OpenAPI)', link: '/entwickeln/http-api' },
      { text: 'Terminal client', link: '/cli/' },
    ],
  },
  {
    text: 'MeldeSync itself',
    items: [
      { text: 'In short', link: '/README' },
      { text: 'Architecture', link: '/ARCHITECTURE' },
      { text: 'Requirements', link: '/REQUIREMENTS' },
      { text: 'Measured', link: '/bench/' },
      { text: 'Contributing', link: '/CONTRIBUTING' },
      { text: 'Changelog', link: '/CHANGELOG' },
    ],
  },
  {
    text: 'Decisions',
    collapsed: true,
    items: decisions().map(({ title, page }) => ({ text: title, link: `/${page}` })),
  },
];

export const SIDEBAR: DefaultTheme.SidebarMulti = {
  '/bedienen/': BEDIENEN,
  '/betreiben/': BETREIBEN,
  '/deploy/': BETREIBEN,
  '/runbook': BETREIBEN,
  '/EVENTS': BETREIBEN,
  '/METRICS': BETREIBEN,
  '/RELIABILITY': BETREIBEN,
  '/SECURITY': BETREIBEN,
  '/THREATS': BETREIBEN,
  '/ASVS': BETREIBEN,
  '/AUDIT': BETREIBEN,
  '/': ENTWICKELN,
};

/** The decisions, by their titles. */
function decisions(): { readonly title: string; readonly page: string }[] {
  return readdirSync(new URL('adr/', DOCS))
    .filter((name) => /^\d{4}-.*\.md$/.test(name))
    .toSorted()
    .map((name) => ({
      title: titleOf(new URL(`adr/${name}`, DOCS)) ?? name,
      page: `adr/${name.replace(/\.md$/, '')}`,
    }));
}

/** What `deploy/` holds that has a page. */
function deployed(): DefaultTheme.SidebarItem[] {
  const folder = new URL('../deploy/', DOCS);
  return readdirSync(fileURLToPath(folder))
    .toSorted()
    .filter((name) => existsSync(new URL(`${name}/README.md`, folder)))
    .map((name) => ({ text: `deploy/${name}`, link: `/deploy/${name}/` }));
}

function titleOf(file: URL): string | undefined {
  return /^# (.+)$/m.exec(readFileSync(file, 'utf8'))?.[1];
}
