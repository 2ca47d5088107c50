import type { ReactNode } from 'react';
import type { StatusKind } from '../facts/case-facts.ts';

/** The sign of a status: full, half, empty or crossed, so that it is told apart without its colour. */
export function StatusIcon({ kind }: { kind: StatusKind }) {
  return (
    <svg viewBox="0 0 14 14" width={14} height={14} aria-hidden="true">
      {SHAPES[kind]}
    </svg>
  );
}

const outline = <circle cx="7" cy="7" r="5.25" fill="none" stroke="currentColor" strokeWidth="1.5" />;

const SHAPES = {
  done: (
    <>
      <circle cx="7" cy="7" r="6" fill="currentColor" />
      <path
        d="m4.4 7.2 1.8 1.8 3.5-3.8"
        fill="none"
        stroke="var(--bg)"
        strokeWidth="1.5"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </>
  ),
  valid: <circle cx="7" cy="7" r="5" fill="currentColor" />,
  complete: (
    <>
      <circle cx="7" cy="7" r="5" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path d="M7 4.2v3.2M7 9.6v.1" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" />
    </>
  ),
  genomicOnly: (
    <>
      {outline}
      <path d="M7 1.75a5.25 5.25 0 0 0 0 10.5z" fill="currentColor" />
    </>
  ),
  clinicalOnly: (
    <>
      {outline}
      <path d="M7 1.75a5.25 5.25 0 0 1 0 10.5z" fill="currentColor" />
    </>
  ),
  unreadable: (
    <>
      {outline}
      <path d="m5 5 4 4m0-4-4 4" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" />
    </>
  ),
} satisfies Record<StatusKind, ReactNode>;
