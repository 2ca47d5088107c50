import manifest from '../package.json' with { type: 'json' };

/** Version of the CLI, as `-V` prints it and the server sees it. */
export const VERSION: string = manifest.version;
