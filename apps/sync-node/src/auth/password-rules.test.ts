import { expect, it } from 'vitest';
import { checkPassword } from './password-rules.ts';

const anna = { name: 'Anna Schuster', email: 'anna.schuster@klinik.example' };

it.each([
  ['too short', 'kurz-4-Wort', 'password-too-short'],
  ['too short, whatever a character takes', '🦊'.repeat(11), 'password-too-short'],
  ['too long', 'Fuchs Kreide Turm '.repeat(20), 'password-too-long'],
  ['the own address', 'anna.schuster@klinik.example', 'password-is-address'],
  ['the own address in other letters', 'ANNA.Schuster@Klinik.example', 'password-is-address'],
  ['the own address with digits behind it', 'anna.schuster@klinik.example2026', 'password-is-address'],
  ['what stands before the @', 'anna.schuster', 'password-is-address'],
  ['what stands before the @, with digits and a sign', 'Anna.Schuster1234!', 'password-is-address'],
  ['the own name', 'Anna Schuster', 'password-is-address'],
  ['the own name without its space, with digits', 'annaschuster99', 'password-is-address'],
  ['a common one with digits', 'passwort1234', 'password-too-common'],
  ['a common one', 'qwertzuiopü123', 'password-too-common'],
  ['a common one in other signs', 'P4$$w0rd2026!', 'password-too-common'],
  ['one letter again and again', 'aaaaaaaaaaaaaaaaaaaa', 'password-too-common'],
  ['a German word twice', 'Sommersommer', 'password-too-common'],
  ['the own name twice', 'SchusterSchuster', 'password-too-common'],
  ['the product and a year', 'MeldeSync2026', 'password-too-common'],
])('refuses %s: %s', async (_, password, code) => {
  expect(await checkPassword(password, anna)).toBe(code);
});

it.each([
  ['four words', 'Kreide Turm Ahorn Gabel'],
  ['letters without an order', 'vX9#kQ2mLp7z'],
  ['256 characters', 'Fuchs Kreide Turm Ahorn '.repeat(11).slice(0, 256)],
  ['signs of any script', '猫と犬とうさぎとキツネと山'],
])('takes %s', async (_, password) => {
  expect(await checkPassword(password, anna)).toBeUndefined();
});
