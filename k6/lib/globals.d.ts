/** What k6 offers everywhere, and its types leave out. */
declare const console: Readonly<Record<'debug' | 'error' | 'info' | 'log' | 'warn', (...values: unknown[]) => void>>;
