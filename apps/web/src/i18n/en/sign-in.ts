import type { Messages } from '../catalogue.ts';

export const signIn: Messages['signIn'] = {
  title: 'Sign in',
  subtitle: 'Meldebestätigungen of the genome sequencing model project',
  email: 'E-mail address',
  password: 'Password',
  showPassword: 'Show password',
  submit: 'Sign in',
  again: 'Please sign in again',
  againText: 'Your session has ended. The page and your unsent changes are kept.',
  emailMissing: 'Please enter your e-mail address.',
  passwordMissing: 'Please enter your password.',
  needsSetUp:
    'This installation still waits to be set up. The link for that is in the output of its start; “meldesync admin bootstrap” on the server makes a new one.',
  shared: 'Shared workstation',
  sharedText: 'Nothing stays on this device; without input the session ends after 30 minutes.',
  signOutPending: 'You are signed out. The service hears of it as soon as it can be reached.',
  idle: 'You are signed out because nobody has entered anything for some time. Unsent changes wait for your next sign-in in this browser.',
  or: 'or',
  singleSignOn: 'Sign in with {name}',
  errors: {
    credentials: 'The e-mail address or the password is wrong.',
    email: 'This is not a valid e-mail address.',
    unverified: 'This e-mail address has not been confirmed yet.',
    rateLimited: 'Too many attempts. Please wait a moment.',
    unreachable: 'The service cannot be reached. Please try again in a moment.',
    other: 'Signing in failed. Please try again.',
  },
};
