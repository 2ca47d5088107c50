import { describe, expect, it } from 'vitest';
import type { UploadResult } from './send-upload.ts';
import { createUploads } from './uploads.ts';
import { createWorkspaceUploads } from './workspace-uploads.ts';

const file = new File(['x'], 'batch.csv', { type: 'text/csv' });

describe('uploads of several workspaces', () => {
  it('go on while another workspace is open, and what failed is there on the return', async () => {
    const answers: ((result: UploadResult) => void)[] = [];
    const all = createWorkspaceUploads(() =>
      createUploads({
        send: () => new Promise((answer) => answers.push(answer)),
        onImported: () => undefined,
      }),
    );
    all.of('one').add([file]);
    expect(all.of('two').getSnapshot()).toEqual([]);
    expect(all.isBusy()).toBe(true);
    answers[0]?.({ ok: false, reason: 'unreachable' });
    await new Promise((resolve) => setImmediate(resolve));
    expect(all.isBusy()).toBe(false);
    expect(all.of('one').getSnapshot()).toMatchObject([{ state: { name: 'failed', reason: 'unreachable' } }]);
  });
});
