import { describe, expect, it } from 'vitest';
import { judgeAudit } from './advisories.mjs';

const SHIPPED = new Set(['node_modules/a']);

/** @param {object} vulnerabilities */
const report = (vulnerabilities) => JSON.stringify({ auditReportVersion: 2, vulnerabilities });

describe('what npm audit says', () => {
  it.each(['', 'npm error', '{}', '{"message":"405 Method Not Allowed - POST https://registry.example/x"}'])(
    'is nothing where nobody could be asked, and never taken for nothing found: %j',
    (output) => {
      expect(judgeAudit(output, SHIPPED)).toMatchObject({
        isAsked: false,
        summary: expect.stringContaining('not known'),
      });
      expect(judgeAudit(output, SHIPPED).summary).not.toContain('registry.example');
    },
  );

  it('is nothing to worry about where nothing was found', () => {
    expect(judgeAudit(report({}), SHIPPED)).toMatchObject({ isAsked: true, grave: [] });
  });

  it('must be acted on where it is grave and in what is handed over, and is counted else', () => {
    const { grave, summary } = judgeAudit(
      report({
        a: { severity: 'high', nodes: ['node_modules/a'] },
        b: { severity: 'critical', nodes: ['node_modules/b'] },
        c: { severity: 'low', nodes: ['node_modules/a'] },
      }),
      SHIPPED,
    );
    expect(grave).toEqual(['a: high, in node_modules/a']);
    expect(summary).toBe('3 packages with advisories, 1 grave ones in what is handed over');
  });
});
