import type { ClientRecord } from '@meldesync/client';
import type { EditItem, EditOutcome } from '@meldesync/protocol';
import { describe, expect, it } from 'vitest';
import { createPendingEdits } from './pending-edits.ts';

function record(id: number, version: number): ClientRecord {
  return {
    id,
    version,
    vorgangsnummer: 'ab'.repeat(32),
    ibe: '',
    caseId: null,
    done: false,
    assignee: null,
    note: null,
    updatedAt: '2025-01-01T00:00:00.000Z',
    updatedBy: 'user:a',
    mb: null,
  };
}

/** A server that answers when the test says so. */
function createServer() {
  const calls: { items: readonly EditItem[]; answer: (outcomes: EditOutcome[]) => void; fail: (e: Error) => void }[] =
    [];
  const edit = (items: readonly EditItem[]): Promise<EditOutcome[]> =>
    new Promise((answer, fail) => {
      calls.push({ items, answer, fail });
    });
  return { edit, calls };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const accepted = (id: number, version: number): EditOutcome => ({ record: id, outcome: 'accepted', version });

describe('pending edits', () => {
  it('shows the wanted value until the server has answered', async () => {
    const server = createServer();
    const edits = createPendingEdits(server);
    const done = edits.submit([{ seen: record(1, 4), set: { done: true } }]);
    expect(edits.of(1)).toEqual({ done: true });
    expect(edits.count).toBe(1);
    await settle();
    server.calls[0]?.answer([accepted(1, 5)]);
    expect((await done)[0]?.outcome).toEqual(accepted(1, 5));
    expect(edits.of(1)).toBeUndefined();
    expect(edits.count).toBe(0);
  });

  it('bases a second edit on the version the first one made (R2.5)', async () => {
    const server = createServer();
    const edits = createPendingEdits(server);
    const first = edits.submit([{ seen: record(1, 4), set: { done: true } }]);
    const second = edits.submit([{ seen: record(1, 4), set: { note: 'x' } }]);
    expect(edits.of(1)).toEqual({ done: true, note: 'x' });
    await settle();
    expect(server.calls).toHaveLength(1);
    server.calls[0]?.answer([accepted(1, 5)]);
    await first;
    await settle();
    expect(server.calls[1]?.items).toEqual([{ record: 1, baseVersion: 5, set: { note: 'x' } }]);
    server.calls[1]?.answer([accepted(1, 6)]);
    await second;
  });

  it('keeps the version the person saw when the edit before was not accepted (R2.1)', async () => {
    const server = createServer();
    const edits = createPendingEdits(server);
    const first = edits.submit([{ seen: record(1, 4), set: { done: true } }]);
    const second = edits.submit([{ seen: record(1, 4), set: { note: 'x' } }]);
    await settle();
    server.calls[0]?.fail(new Error('refused'));
    await expect(first).rejects.toThrow('refused');
    await settle();
    expect(server.calls[1]?.items[0]?.baseVersion).toBe(4);
    server.calls[1]?.answer([accepted(1, 5)]);
    await second;
  });

  it('does not hold up edits of other records', async () => {
    const server = createServer();
    const edits = createPendingEdits(server);
    void edits.submit([{ seen: record(1, 4), set: { done: true } }]);
    void edits.submit([{ seen: record(2, 9), set: { done: true } }]);
    await settle();
    expect(server.calls).toHaveLength(2);
  });

  it('keeps the same object for a record whose pending fields did not change', () => {
    const server = createServer();
    const edits = createPendingEdits(server);
    void edits.submit([{ seen: record(1, 4), set: { done: true } }]);
    const shown = edits.of(1);
    void edits.submit([{ seen: record(2, 1), set: { done: true } }]);
    expect(edits.of(1)).toBe(shown);
  });
});
