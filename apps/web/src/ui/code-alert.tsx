import { describeError, type ErrorCode } from '@meldesync/protocol';
import { useLocale } from 'use-intl';
import { ErrorAlert } from './error-alert.tsx';

/** What went wrong, by its code. */
export function CodeAlert({ code }: { readonly code: ErrorCode | null }) {
  const locale = useLocale();
  return <ErrorAlert sentence={code && describeError(code, locale)} />;
}
