import type { Messages } from '../catalogue.ts';

export const password: Messages['password'] = {
  new: 'New password',
  show: 'Show password',
  strengthNone: 'Its strength shows while you type.',
  strengthLooking: 'Checking …',
  strength: {
    s0: 'Guessed at once',
    s1: 'Easy to guess',
    s2: 'Still too easy to guess',
    s3: 'Hard to guess',
    s4: 'Very hard to guess',
  },
  ruleLength: '12 to 256 characters; four random words are good',
  ruleOwn: 'Neither your name nor your e-mail address',
  ruleCommon: 'No known password, and none that is easy to guess',
  ruleState: { open: 'still open:', held: 'holds:', broken: 'does not hold:' },
};
