import { expect, it } from 'vitest';
import { shell as deShell } from '../../../i18n/de/shell.ts';
import { shell as enShell } from '../../../i18n/en/shell.ts';
import { previewOf } from './preview-csv.ts';

const NOW = new Date(2027, 0, 1, 12).getTime();
const known = { members: new Set(['anna@klinik.example']), invited: new Set(['neu@klinik.example']) };
const outcomes = (text: string) => previewOf(text, known, NOW)?.map(({ line, outcome }) => `${line} ${outcome}`);

it('says of each row what will become of it', () => {
  const text = [
    'E-Mail;Name;Rolle;bis',
    'Dora@Klinik.example;Dora Dietz;Bearbeiten;31.12.2027',
    'dora@klinik.example;;viewer;',
    'anna@klinik.example;;editor;',
    'neu@klinik.example;;editor;',
    'keine adresse;;editor;',
    '',
    'emil@klinik.example;;chefin;',
    'fritz@klinik.example;;auditor;2026-12-31',
    'gabi@klinik.example;G\u202eabi;admin;',
    '"carl@klinik.example";"Conrad; Carl";Lesen;2027-01-01',
  ].join('\r\n');
  expect(outcomes(text)).toEqual([
    '2 willInvite',
    '3 twice',
    '4 alreadyMember',
    '5 alreadyInvited',
    '6 noEmail',
    '8 noRole',
    '9 noDay',
    '10 noName',
    '11 willInvite',
  ]);
  const rows = previewOf(text, known, NOW);
  expect(rows?.[0]).toMatchObject({ email: 'dora@klinik.example', name: 'Dora Dietz', role: 'editor' });
  expect(rows?.[0]).toMatchObject({ expiresAt: new Date(2027, 11, 31, 23, 59, 59, 999) });
  expect(rows?.[1]).toMatchObject({ firstLine: 2 });
  // As it is written: why it cannot be is to be seen.
  expect(rows?.[6]).toMatchObject({ expires: '2026-12-31' });
  expect(rows?.[8]).toMatchObject({ name: 'Conrad; Carl', role: 'viewer' });
});

it('takes commas, a byte order mark and columns in any order', () => {
  expect(outcomes('\uFEFFrole,email\nadmin,ida@klinik.example\n')).toEqual(['2 willInvite']);
});

it.each([deShell, enShell])('a file may call roles what the page calls them', ({ roles }) => {
  for (const [name, word] of Object.entries(roles)) {
    const rows = previewOf(`email,role\nida@klinik.example,${word}`, known, NOW);
    expect(rows?.[0]).toMatchObject({ role: name, outcome: 'willInvite' });
  }
});

it.each([
  ['email;name\nanna@klinik.example;Anna', 'no column of roles'],
  ['rolle\neditor', 'no column of addresses'],
  ['email;rolle\n"anna@klinik.example;editor', 'a quote that does not end'],
])('%j is no file of members: %s', (text) => expect(previewOf(text, known, NOW)).toBeNull());

it('a head alone invites nobody', () => expect(outcomes('email;rolle\n')).toEqual([]));
