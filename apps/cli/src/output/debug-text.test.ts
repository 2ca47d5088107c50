import { SyncError } from '@meldesync/client';
import { describe, expect, it } from 'vitest';
import { CliError } from '../errors.ts';
import { describeForDebug } from './debug-text.ts';

describe('the technical details of an error', () => {
  it('say where it came from, with its causes', () => {
    const cause = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    const text = describeForDebug(
      new CliError('serverUnreachable', {}, { cause: new SyncError('unavailable', { cause }) }),
    );
    expect(text).toMatch(/^CliError: serverUnreachable\n\s+at /);
    expect(text).toMatch(/^cause: SyncError \[unavailable\]: The service is not available/m);
    expect(text).toMatch(/^cause: Error \[ECONNREFUSED\]$/m);
  });

  it('hold nothing of a case', () => {
    const cause = new SyntaxError('Unexpected token in {"caseId":"F-10234"}');
    const text = describeForDebug(new CliError('targetNotFound', { target: 'F-10234' }, { cause }));
    expect(text).toContain('targetNotFound');
    expect(text).not.toContain('F-10234');
  });

  it('are short for what is no error', () => {
    expect(describeForDebug('F-10234')).toBe('string');
  });
});
