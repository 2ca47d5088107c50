import { describeError, type ErrorCode } from '@meldesync/protocol';
import { useState } from 'react';
import { useLocale } from 'use-intl';
import { errorCodeOf } from '../../api/api.ts';
import { fieldOf, isLinkProblem, type LinkField } from './form-problem.ts';

/** A form that is sent once: which fields lack something, why it was refused, whether it is under way. */
export interface LinkForm<Field extends LinkField> {
  readonly isBusy: boolean;
  /** What stands at a field. */
  readonly errorOf: (field: Field) => string | null;
  /** Somebody writes into an input of this name: nothing is said of it any more. */
  readonly touch: (name: string) => void;
  /** A refusal that is about no field. */
  readonly problem: ErrorCode | null;
  /** Sends it, unless a field lacks something: its text, by field. Resolves with the answer, null when there is none. */
  readonly send: <T>(
    lacking: Partial<Record<Field, string>>,
    call: () => Promise<T>,
  ) => Promise<{ readonly answer: T } | null>;
}

/**
 * Keeps what a form needs to be sent. `fields` are those that it has; `onLinkProblem` hears that the link does not work any more.
 */
export function useLinkForm<Field extends LinkField>(
  fields: readonly Field[],
  onLinkProblem?: (code: ErrorCode) => void,
): LinkForm<Field> {
  const locale = useLocale();
  const [isBusy, setBusy] = useState(false);
  const [lacking, setLacking] = useState<Partial<Record<Field, string>>>({});
  const [code, setCode] = useState<ErrorCode | null>(null);
  const place = code === null ? null : fieldOf(code, fields);
  const isAtField = fields.some((field) => field === place);
  return {
    isBusy,
    problem: isAtField ? null : code,
    errorOf: (field) => lacking[field] ?? (code !== null && field === place ? describeError(code, locale) : null),
    touch: (name) => {
      const field = name === 'new-password' ? 'password' : name;
      setLacking((before) => {
        const rest = { ...before };
        delete rest[field as Field];
        return rest;
      });
      if (field === place) setCode(null);
    },
    send: async (missing, call) => {
      setCode(null);
      setLacking(missing);
      if (Object.keys(missing).length > 0) return null;
      setBusy(true);
      try {
        return { answer: await call() };
      } catch (error) {
        const refused = errorCodeOf(error);
        if (onLinkProblem && isLinkProblem(refused)) onLinkProblem(refused);
        else setCode(refused);
        return null;
      } finally {
        setBusy(false);
      }
    },
  };
}
