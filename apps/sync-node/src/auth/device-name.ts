import Bowser from 'bowser';

/** What a session was begun with, in names that people recognise; null for what it did not say. */
export interface DeviceName {
  readonly program: string | null;
  readonly system: string | null;
}

/** A terminal says who it is as programs do: name, version, and in brackets the system and the machine. */
const TERMINAL = /^meldesync\/\S+(?: \(([^;)]{1,40})(?:; ([\w.-]{2,60}))?\))?/;
/** So much of a header is looked at: whoever signs in writes it. */
const MAX_LENGTH = 512;

/** Browser and system out of a User-Agent header. */
export function deviceName(userAgent: string | null): DeviceName {
  const text = (userAgent ?? '').slice(0, MAX_LENGTH);
  if (text === '') return { program: null, system: null };
  const terminal = TERMINAL.exec(text);
  if (terminal) {
    const [, system = null, machine] = terminal;
    return { program: 'MeldeSync', system: machine === undefined ? system : `${system} (${machine})` };
  }
  const { browser, os } = Bowser.parse(text);
  return { program: shown(browser.name), system: shown(os.name) };
}

function shown(name: string | undefined): string | null {
  return name === undefined || name === '' ? null : name;
}
