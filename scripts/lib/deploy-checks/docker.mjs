import { run } from '../command.mjs';
import { Failure } from '../failure.mjs';
import { buildImage } from '../image/build-image.mjs';
import { smokeTest } from '../image/smoke-test.mjs';
import { inRoot, ROOT } from '../paths.mjs';
import { ensurePythonTool } from '../python-tools.mjs';
import { StopStack } from '../stop-stack.mjs';

const DOCKERFILE = 'deploy/docker/Dockerfile';

/** @type {ReturnType<typeof buildImage> | undefined} */
let built;

/** @type {import('../../check-deploy.mjs').DeployCheck[]} */
export default [
  {
    tool: 'hadolint',
    subject: DOCKERFILE,
    run: async () => {
      const hadolint = await ensurePythonTool('hadolint');
      const version = await run('hadolint', hadolint, ['--version']);
      await run('hadolint', hadolint, ['--failure-threshold', 'style', '--no-color', inRoot(DOCKERFILE)], {
        cwd: ROOT,
      });
      return `${version.trim().replace(/^Haskell Dockerfile Linter /, '')}, nothing to say`;
    },
  },
  {
    tool: 'sh',
    subject: 'deploy/docker/entrypoint.sh',
    run: async () => {
      const entrypoint = inRoot('deploy/docker/entrypoint.sh');
      await run('Reading the entrypoint', 'sh', ['-n', entrypoint]);
      return 'can be read by sh';
    },
  },
  {
    tool: 'buildah',
    subject: DOCKERFILE,
    isSlow: true,
    run: async () => {
      built ??= buildImage();
      const { buildah, seconds, megabytes, compressedMegabytes } = await built;
      return `${buildah}, built in ${seconds} s, ${megabytes} MB, ${compressedMegabytes} MB compressed`;
    },
  },
  {
    tool: 'runc',
    subject: 'the image, read-only, as its own user',
    isSlow: true,
    run: async () => {
      built ??= buildImage();
      const { rootfs, environment } = await built;
      const stack = new StopStack();
      stack.onFailure((error) => {
        throw error instanceof Error ? error : new Failure(String(error));
      });
      try {
        const seen = await smokeTest(stack, rootfs, environment);
        const version = await run('runc', 'runc', ['--version']);
        return [`${version.split('\n')[0]}, an installation of it works`, ...seen].join('\n');
      } finally {
        await stack.stopAll();
      }
    },
  },
];
