import manifest from '../../../package.json' with { type: 'json' };

/** Version of MeldeSync, the same for all of its programs. */
export const VERSION: string = manifest.version;
