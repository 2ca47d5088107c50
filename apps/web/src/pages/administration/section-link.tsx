import { Link } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef } from 'react';
import type { AdministrationSearch, SectionName } from '../../features/administration/section-names.ts';
import classes from './administration.module.css';
import type { Place } from './place.ts';

interface SectionLinkProps {
  readonly place: Place;
  readonly section: SectionName;
  readonly search: AdministrationSearch;
  readonly isCurrent: boolean;
  readonly children: ReactNode;
}

/** Leads to a section, within a workspace or without one. */
export function SectionLink({ place, section, search, isCurrent, children }: SectionLinkProps) {
  const ref = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    // On a phone the sections are a strip that is longer than the screen.
    if (isCurrent) ref.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [isCurrent]);
  const shared = {
    ref,
    search,
    className: classes.link,
    // The router would take the section of another workspace for this one.
    activeOptions: { exact: true },
    activeProps: {},
    'aria-current': isCurrent ? ('page' as const) : undefined,
  };
  return place.workspace ? (
    <Link {...shared} to="/w/$workspace/administration/$section" params={{ workspace: place.workspace.id, section }}>
      {children}
    </Link>
  ) : (
    <Link {...shared} to="/administration/$section" params={{ section }}>
      {children}
    </Link>
  );
}
