import { describe, expect, it, vi } from 'vitest';
import type { SendUpload, UploadResult } from './send-upload.ts';
import { createUploads } from './uploads.ts';

/** A line to the service that the test answers. */
function createLine() {
  const sent: {
    file: File;
    signal: AbortSignal;
    answer: (result: UploadResult) => void;
    progress: (s: number) => void;
  }[] = [];
  const send: SendUpload = (file, { onProgress, signal }) =>
    new Promise((answer) => {
      sent.push({ file, signal, answer, progress: onProgress });
    });
  return { send, sent };
}

const files = (count: number): File[] =>
  Array.from({ length: count }, (_, index) => new File(['x'], `batch-${index}.csv`, { type: 'text/csv' }));
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const arrived: UploadResult = { ok: true, imports: [] };

describe('uploads', () => {
  it('send at most three files at once, one a request', async () => {
    const line = createLine();
    const uploads = createUploads({ send: line.send, onImported: () => undefined });
    uploads.add(files(5));
    expect(line.sent.map(({ file }) => file.name)).toEqual(['batch-0.csv', 'batch-1.csv', 'batch-2.csv']);
    line.sent[1]?.answer(arrived);
    await settle();
    expect(line.sent).toHaveLength(4);
    expect(uploads.getSnapshot()).toHaveLength(4);
  });

  it('show how much of a file has left', () => {
    const line = createLine();
    const uploads = createUploads({ send: line.send, onImported: () => undefined });
    uploads.add(files(1));
    line.sent[0]?.progress(0.5);
    expect(uploads.getSnapshot()[0]?.state).toEqual({ name: 'uploading', share: 0.5 });
  });

  it('wait while the service has too many files waiting, and then go on', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    const line = createLine();
    const uploads = createUploads({ send: line.send, onImported: () => undefined });
    uploads.add(files(4));
    line.sent[0]?.answer({ ok: false, reason: 'too-many-imports' });
    line.sent[1]?.answer(arrived);
    await settle();
    expect(line.sent).toHaveLength(3);
    expect(uploads.getSnapshot().map(({ state }) => state.name)).toEqual(['waiting', 'uploading', 'waiting']);
    vi.advanceTimersByTime(5_000);
    expect(line.sent.slice(3).map(({ file }) => file.name)).toEqual(['batch-0.csv', 'batch-3.csv']);
    vi.useRealTimers();
  });

  it('keep a failed file with its reason until it is tried again', async () => {
    const line = createLine();
    const uploads = createUploads({ send: line.send, onImported: () => undefined });
    uploads.add(files(1));
    line.sent[0]?.answer({ ok: false, reason: 'file-too-large' });
    await settle();
    const [failed] = uploads.getSnapshot();
    expect(failed?.state).toEqual({ name: 'failed', reason: 'file-too-large' });
    uploads.retry(failed?.id ?? 0);
    expect(line.sent).toHaveLength(2);
    line.sent[1]?.answer(arrived);
    await settle();
    expect(uploads.getSnapshot()).toEqual([]);
  });

  it('end the request of a file that is taken out', () => {
    const line = createLine();
    const uploads = createUploads({ send: line.send, onImported: () => undefined });
    uploads.add(files(1));
    uploads.remove(uploads.getSnapshot()[0]?.id ?? 0);
    expect(line.sent[0]?.signal.aborted).toBe(true);
    expect(uploads.getSnapshot()).toEqual([]);
  });
});
