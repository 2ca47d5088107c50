import { Button } from '@mantine/core';
import type { ErrorCode } from '@meldesync/protocol';
import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { CardTitle } from '../card/card-title.tsx';
import classes from './link-page.module.css';

interface LinkProblemProps {
  /** Why the link does not work; null when its secret is missing. */
  readonly code: ErrorCode | null;
  /** What to do about one that is over, or was used. */
  readonly texts: { readonly expired: string; readonly used: string };
  readonly onRetry?: (() => void) | undefined;
}

/** Why a link does not work, and what to do about it. */
export function LinkProblem({ code, texts, onRetry }: LinkProblemProps) {
  const t = useTranslations('entry.links');
  const tEntry = useTranslations('entry');
  const [title, text] =
    code === null
      ? [t('missingTitle'), t('missingText')]
      : code === 'link-unknown' || code === 'bad-request'
        ? [t('unknownTitle'), t('unknownText')]
        : code === 'link-expired'
          ? [t('expiredTitle'), texts.expired]
          : code === 'link-used'
            ? [t('usedTitle'), texts.used]
            : [t('errorTitle'), t('errorText')];
  const isTemporary = title === t('errorTitle');
  return (
    <div role="alert" className={classes.form}>
      <CardTitle title={title} texts={[text]} />
      {isTemporary && onRetry ? (
        <Button size="sm" onClick={onRetry}>
          {tEntry('retry')}
        </Button>
      ) : (
        <Button size="sm" variant="default" component={Link} to="/sign-in">
          {tEntry('toSignIn')}
        </Button>
      )}
    </div>
  );
}
