import { operationId } from '@meldesync/protocol';
import { describe, expect, it } from 'vitest';
import { systemRuntime } from './runtime.ts';

describe('system runtime', () => {
  it('makes ids that are random UUIDs and operation ids', () => {
    const ids = Array.from({ length: 200 }, () => systemRuntime.randomId());
    for (const id of ids) {
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(operationId.safeParse(id).success).toBe(true);
    }
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('does not call a timer that was cleared', async () => {
    const calls: string[] = [];
    systemRuntime.clearTimeout(systemRuntime.setTimeout(() => calls.push('cleared'), 0));
    await new Promise<void>((resolve) => {
      systemRuntime.setTimeout(() => {
        calls.push('called');
        resolve();
      }, 1);
    });
    expect(calls).toEqual(['called']);
  });
});
