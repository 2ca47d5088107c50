import { Loader } from '@mantine/core';
import type { ErrorCode, Me, ShownInvitation } from '@meldesync/protocol';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { entryApi } from '../../api/administration.ts';
import { api, errorCodeOf, isSignedOut } from '../../api/api.ts';
import { entryQuery } from '../../api/entry-query.ts';
import { formatMinute } from '../../i18n/format.ts';
import { CardTitle } from '../card/card-title.tsx';
import classes from '../link/link-page.module.css';
import { LinkPage } from '../link/link-page.tsx';
import { LinkProblem } from '../link/link-problem.tsx';
import { useLinkSecret } from '../link/use-link-secret.ts';
import { AcceptAsKnown } from './accept-as-known.tsx';
import { AcceptAsNew } from './accept-as-new.tsx';
import { SignedInAsAnother } from './signed-in-as-another.tsx';

/** Where somebody comes in who was invited. */
export function InvitationPage() {
  return (
    <LinkPage>
      <Invitation />
    </LinkPage>
  );
}

function Invitation() {
  const t = useTranslations('entry');
  const secret = useLinkSecret();
  const [refused, setRefused] = useState<ErrorCode | null>(null);
  const shown = useQuery({
    queryKey: ['invitation', secret],
    queryFn: ({ signal }) => entryApi().lookAtInvitation(secret ?? '', { signal }),
    enabled: secret !== null,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  const texts = { expired: t('invitation.expiredText'), used: t('invitation.usedText') };
  const code = refused ?? (shown.error ? errorCodeOf(shown.error) : null);
  if (secret === null) return <LinkProblem code={null} texts={texts} />;
  if (code) return <LinkProblem code={code} texts={texts} onRetry={() => void shown.refetch()} />;
  if (!shown.data) return <Loader size="sm" role="status" aria-label={t('loading')} />;
  return <Welcome key={secret} secret={secret} invitation={shown.data} onRefused={setRefused} />;
}

interface WelcomeProps {
  readonly secret: string;
  readonly invitation: ShownInvitation;
  /** Called when the link turns out not to work any more. */
  readonly onRefused: (code: ErrorCode) => void;
}

function Welcome({ secret, invitation, onRefused }: WelcomeProps) {
  const t = useTranslations('entry.invitation');
  const tEntry = useTranslations('entry');
  const tShell = useTranslations('shell.roles');
  const locale = useLocale();
  const me = useSignedIn();
  const { data: entry } = useQuery(entryQuery);
  const { workspace, invitedBy, email } = invitation;
  const role = tShell(invitation.role);
  if (me.data === undefined && me.error)
    return (
      <LinkProblem
        code={errorCodeOf(me.error)}
        texts={{ expired: t('expiredText'), used: t('usedText') }}
        onRetry={() => void me.refetch()}
      />
    );
  const isAnother = me.data !== null && me.data !== undefined && !isSame(me.data.user.email, email);
  return (
    <>
      <CardTitle
        title={t('heading', { workspace })}
        texts={[invitedBy === null ? t('byNobody', { role }) : t('by', { inviter: invitedBy, role })]}
      />
      {me.data === undefined ? (
        <Loader size="sm" role="status" aria-label={tEntry('loading')} />
      ) : isAnother && me.data ? (
        <SignedInAsAnother user={me.data.user} invited={email} />
      ) : invitation.hasAccount ? (
        <AcceptAsKnown
          secret={secret}
          email={email}
          user={me.data?.user ?? null}
          onSignedIn={() => void me.refetch()}
          onRefused={onRefused}
        />
      ) : entry?.passwords === false && entry.singleSignOn ? (
        <p>{t('singleSignOn', { provider: entry.singleSignOn.name, email })}</p>
      ) : (
        <AcceptAsNew secret={secret} invitation={invitation} onRefused={onRefused} />
      )}
      <p className={classes.hint}>{t('expires', { date: formatMinute(invitation.expiresAt, locale) })}</p>
    </>
  );
}

/** Who is signed in in this browser; null for nobody. The page is theirs only once they go on to the application. */
function useSignedIn() {
  return useQuery({
    queryKey: ['signed-in-here'],
    queryFn: async ({ signal }): Promise<Me | null> => {
      try {
        return await api().me({ signal });
      } catch (error) {
        if (isSignedOut(error)) return null;
        throw error;
      }
    },
    retry: 2,
    refetchOnWindowFocus: 'always',
    gcTime: 0,
  });
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
