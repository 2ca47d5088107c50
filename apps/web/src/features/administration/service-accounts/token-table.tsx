import { Button } from '@mantine/core';
import type { ServiceToken } from '@meldesync/protocol';
import { useState } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { administrationApi } from '../../../api/administration.ts';
import { formatDate, formatExact } from '../../../i18n/format.ts';
import { showMessage } from '../../../ui/messages.tsx';
import { ConfirmDialog } from '../confirm-dialog.tsx';
import { Moment } from '../moment.tsx';
import tableClasses from '../table.module.css';
import { Table } from '../table.tsx';
import { useAct } from '../use-act.ts';

interface TokenTableProps {
  readonly workspace: string;
  readonly account: { readonly id: string; readonly name: string };
  readonly tokens: readonly ServiceToken[];
  readonly now: number;
}

/** The tokens of a program; each can be ended. */
export function TokenTable({ workspace, account, tokens, now }: TokenTableProps) {
  const t = useTranslations('administration.services');
  const tAll = useTranslations('administration');
  const tShell = useTranslations('shell.roles');
  const locale = useLocale();
  const act = useAct();
  const [ending, setEnding] = useState<ServiceToken | null>(null);
  const end = async ({ id, label }: ServiceToken): Promise<void> => {
    if (!(await act.run(() => administrationApi().endToken(workspace, account.id, id)))) return;
    showMessage({ message: t('ended', { label }) });
    setEnding(null);
  };
  return (
    <>
      <Table
        label={t('tokens', { name: account.name })}
        columns={[
          { label: t('label') },
          { label: t('maxRole'), width: '130px', isWide: true },
          { label: t('expires'), width: '130px' },
          { label: t('lastUsed'), width: '130px', isWide: true },
        ]}
        actions={{ label: tAll('actions'), width: '100px' }}
        minWidth={640}
      >
        {tokens.map((token) => {
          const isOver = Date.parse(token.expiresAt) <= now;
          return (
            <tr key={token.id}>
              <th scope="row">
                <span className={tableClasses.name}>{token.label}</span>
                <span className={tableClasses.narrow}>{tShell(token.maxRole)}</span>
              </th>
              <td data-wide>{tShell(token.maxRole)}</td>
              <td title={formatExact(token.expiresAt, locale)}>
                {formatDate(new Date(token.expiresAt), locale)}
                {isOver ? (
                  <span className={tableClasses.badge} data-tone="plain">
                    {t('expired')}
                  </span>
                ) : null}
              </td>
              <td data-wide>
                <Moment at={token.lastUsedAt} now={now} />
              </td>
              <td className={tableClasses.last}>
                <Button
                  variant="default"
                  size="compact-sm"
                  c="var(--bad)"
                  aria-label={t('endLabel', { label: token.label })}
                  onClick={() => setEnding(token)}
                >
                  {t('end')}
                </Button>
              </td>
            </tr>
          );
        })}
      </Table>
      {ending ? (
        <ConfirmDialog
          title={t('endTitle', { label: ending.label })}
          text={t('endText')}
          confirm={t('end')}
          isHarsh
          act={act}
          onConfirm={() => end(ending)}
          onClose={() => setEnding(null)}
        />
      ) : null}
    </>
  );
}
