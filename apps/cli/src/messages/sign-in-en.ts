import type { Catalogue } from './catalogue.ts';
import type { signInErrorsDe } from './sign-in-de.ts';

/** What is said in English about who is signed in where. */
export const signInEn: Pick<Catalogue, 'login' | 'tryAgainIn' | 'logout' | 'whoami'> = {
  login: {
    server: 'Server: ',
    email: 'E-mail address: ',
    password: 'Password: ',
    code: 'Code of the second factor, or recovery code: ',
    openInBrowser: 'Open in a browser, on this device or another:',
    enterCode: 'Compare this code there, or enter it:',
    orAtOnce: 'With the code in one: {address}',
    waiting: 'The code lasts {minutes, number} minutes. Waiting for your confirmation …',
    signedIn: 'Signed in as {name} ({email}) at {server}.',
    workspace: 'Workspace: {name} ({role}).',
    chooseWorkspace: 'You are a member of several workspaces. Choose one with: meldesync workspaces --use NAME',
    noWorkspace: 'You are not a member of any workspace yet.',
    insecure:
      'Warning: the connection to {server} is not encrypted; password and health data cross the network in the clear.',
    leftInKeyring:
      'The system’s keyring does not answer. An earlier token for {server} is still in it, and may still work; meldesync logout removes it as soon as the keyring is unlocked.',
  },
  tryAgainIn: 'Please try again in {seconds, plural, one {# second} other {# seconds}}.',
  logout: {
    done: 'Signed out of {server}.',
    localOnly: 'The access is deleted; the server {server} could not be reached to sign out.',
    notSignedIn: 'Nobody was signed in.',
    tokenInEnvironment: 'MELDESYNC_TOKEN is still set.',
  },
  whoami: {
    person: 'Person',
    email: 'E-mail',
    server: 'Server',
    workspace: 'Workspace',
    noneChosen: 'none chosen',
    token: 'Access in',
    inKeyring: "the system's keyring",
    inFile: '{path}',
    inTokenFile: 'the file of --token-file',
  },
};

/** Sentences of errors on the way in. */
export const signInErrorsEn: Readonly<Record<keyof typeof signInErrorsDe, string>> = {
  noServer: 'No server is known yet. Please sign in: meldesync login SERVER',
  notSignedIn: 'You are not signed in to {server}. Please sign in: meldesync login {server}',
  wrongCredentials: 'The e-mail address or the password is wrong.',
  wrongCode: 'The code is wrong, or has expired.',
  signInRefused: 'The server refused the sign-in (HTTP {status}).',
  noEmail: 'The e-mail address is missing. Please give it with --email.',
  noPassword: 'The password is missing. Without a terminal, pass it with --password-stdin or MELDESYNC_PASSWORD.',
  noCode: 'The account asks for a second factor, and without a terminal nobody can be asked for it.',
  deviceDenied: 'The sign-in was denied in the browser.',
  deviceExpired: 'The code has expired. Please begin anew: meldesync login',
  tokenFileUnreadable: 'No token can be read from the file {path} ({reason}).',
  credentialsExposed: 'The file {path} holds a token and others can read it. Please change that: chmod 600 {path}',
  keyringUnreadable:
    "The system's keyring does not answer. Please unlock it, or sign in again: meldesync login {server}",
  leftInKeyring:
    'The system’s keyring does not answer. A token for {server} is still in it, and may still work. Please unlock it, and sign out once more: meldesync logout --server {server}',
};
