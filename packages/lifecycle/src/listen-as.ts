/** A port or an address on which a process was told to listen cannot be had: it says which setting that is, in a line. */
export class CannotListen extends Error {
  constructor(message: string, options: ErrorOptions) {
    super(message, options);
    this.name = 'CannotListen';
  }
}

/** Names of the settings that say where to listen; a process whose host is not to be set has none for that. */
interface ListenSettings {
  readonly port: string;
  readonly host?: string;
}

/** Listens with `listen`. What the system refuses is thrown as a `CannotListen`, any other error as it is. */
export async function listenAs<T>(settings: ListenSettings, listen: () => Promise<T>): Promise<T> {
  try {
    return await listen();
  } catch (error) {
    if (!isRefusal(error)) throw error;
    throw new CannotListen(describe(settings, error), { cause: error });
  }
}

interface Refusal extends Error {
  readonly code: string;
  readonly port?: number;
}

function isRefusal(error: unknown): error is Refusal {
  return (
    error instanceof Error &&
    'syscall' in error &&
    ['listen', 'bind', 'getaddrinfo'].includes(String(error.syscall)) &&
    'code' in error &&
    typeof error.code === 'string'
  );
}

function describe({ port, host = port }: ListenSettings, { code, port: number }: Refusal): string {
  switch (code) {
    case 'EADDRINUSE':
      return `setting ${port}: port ${number} is taken by another program`;
    case 'EACCES':
      return `setting ${port}: this user may not listen on port ${number}`;
    default:
      return `setting ${host}: cannot listen there (${code}); is it an address of this machine?`;
  }
}
