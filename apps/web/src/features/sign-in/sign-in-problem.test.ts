import { describe, expect, it } from 'vitest';
import { signInProblem } from './sign-in-problem.ts';

describe('signInProblem', () => {
  it.each([
    [{ status: 401, code: 'INVALID_EMAIL_OR_PASSWORD' }, 'credentials'],
    [{ status: 400, code: 'INVALID_EMAIL' }, 'email'],
    [{ status: 422, code: 'email-invalid' }, 'email'],
    [{ status: 401, code: 'credentials-wrong' }, 'credentials'],
    [{ status: 403, code: 'EMAIL_NOT_VERIFIED' }, 'unverified'],
    [{ status: 403, code: 'passkey-needed' }, 'passkeyNeeded'],
    [{ status: 403, code: 'foreign-origin' }, 'otherAddress'],
    [{ status: 429 }, 'rateLimited'],
    [{ status: 503 }, 'unreachable'],
    [{ status: 0 }, 'unreachable'],
    [{ status: 500 }, 'other'],
    [null, 'unreachable'],
  ] as const)('%o is %s', (error, problem) => {
    expect(signInProblem(error)).toBe(problem);
  });
});
