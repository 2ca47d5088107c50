import type { Messages } from '../catalogue.ts';

export const sessions: Messages['sessions'] = {
  browserOn: '{program} on {system}',
  terminal: 'Terminal',
  shared: 'shared device',
  lastInput: 'last used {date}',
  endOthers: 'End all others',
  endAll: 'Sign out everywhere',
  endedOthers:
    '{count, plural, =0 {There was no other session.} one {One session has ended.} other {# sessions have ended.}}',
  endFailed: 'The sessions could not be ended.',
  proveTitle: 'Please confirm that it is you',
  proveText: 'You signed in a while ago. Please enter your password once more.',
  prove: 'Confirm',
  proveCancel: 'Not now',
  proveProblems: {
    missing: 'Please enter your password.',
    'password-wrong': 'The password is wrong.',
    'no-password': 'This account has no password. Please sign out and in again.',
    'rate-limited': 'Too many attempts. Please wait a moment.',
    other: 'That did not work right now. Please try again.',
  },
};
