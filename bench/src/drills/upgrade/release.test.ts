import { expect, it } from 'vitest';
import supported from '../../../../supported-versions.json' with { type: 'json' };
import { prepareRelease } from './release.ts';

it('a release that the history does not have is said in a line that says what it needs', async () => {
  const steps: string[] = [];
  await expect(prepareRelease('0'.repeat(40), (text) => steps.push(text))).rejects.toThrow(
    /^the history of this checkout has no 0{40}: it needs git and a clone that is not shallow$/,
  );
  expect(steps).toEqual([]);
});

it('the release before is named by a commit, and not by a name that moves', () => {
  expect(supported.releaseBefore.commit).toMatch(/^[0-9a-f]{8,40}$/);
});
