import type { Messages } from '../catalogue.ts';

export const device: Messages['device'] = {
  title: 'Sign in a terminal',
  signedInAs: 'You are signed in as {name} ({email}).',
  code: 'Code',
  codeHint: 'The code that the terminal shows after “meldesync login”.',
  codeIncomplete: 'A code has eight letters, such as BCDF-GHJK.',
  goOn: 'Go on',
  looking: 'The code is being checked',
  terminal: 'Terminal',
  terminalOf: 'MeldeSync {version} on {machine} ({system})',
  address: 'Address',
  unknown: 'unknown',
  warning:
    'Allow only a terminal that you are sitting at yourself right now and that shows the same code. It may then do all that you may.',
  allow: 'Allow',
  deny: 'Deny',
  enterAnother: 'Enter another code',
  allowed: 'Allowed. The terminal will be signed in in a moment; you can close this page.',
  denied: 'Denied. The terminal is not signed in; you can close this page.',
};
