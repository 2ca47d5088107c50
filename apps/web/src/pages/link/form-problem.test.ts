import { expect, it } from 'vitest';
import { fieldOf } from './form-problem.ts';

it('a refusal stands at the field that it is about', () => {
  expect(fieldOf('password-too-common', ['password'])).toBe('password');
  expect(fieldOf('email-taken', ['email'])).toBe('email');
  expect(fieldOf('name-invalid', ['name', 'password'])).toBe('name');
  // It does not say which of the two names.
  expect(fieldOf('name-invalid', ['name', 'workspace'])).toBeNull();
  expect(fieldOf('rate-limited', ['name'])).toBeNull();
});
