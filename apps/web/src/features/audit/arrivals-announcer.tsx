import { useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';

/** They are collected for so long, since many that are said one by one are heard as noise. */
const COLLECT_MS = 4_000;

/** Says to a screen reader how many entries came, from time to time. */
export function ArrivalsAnnouncer({ count }: { /** How many came since the list was begun. */ count: number }) {
  const t = useTranslations('audit');
  const [said, setSaid] = useState({ upTo: count, count: 0 });
  // The list was begun anew.
  if (count < said.upTo) setSaid({ upTo: count, count: 0 });
  const isDue = count > said.upTo;
  useEffect(() => {
    if (!isDue) return undefined;
    const timer = setTimeout(() => setSaid(({ upTo }) => ({ upTo: count, count: count - upTo })), COLLECT_MS);
    return () => clearTimeout(timer);
  }, [isDue, count]);
  return (
    <span role="status" className="visually-hidden">
      {said.count > 0 ? t('arrived', { count: said.count }) : ''}
    </span>
  );
}
