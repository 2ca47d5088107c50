import { isIP } from 'node:net';
import { z } from 'zod';
import type { Form } from './catalogue.mjs';
import { connectionSays, isConnectionAddress } from './connection-address.mjs';
import { GROUPS_SAY, type GroupRole, groupRoles } from './group-roles.ts';
import { ORIGIN_SAYS, originOf } from './origin.mjs';

/** What a setting of a form is once it has been read. */
export type ValueOf<F> = F extends { kind: 'integer' | 'number' | 'port' }
  ? number
  : F extends { kind: 'connections' | 'origins' | 'networks' | 'texts' }
    ? readonly string[]
    : F extends { kind: 'groups' }
      ? readonly GroupRole[]
      : F extends { kind: 'limits' }
        ? LevelLimits
        : F extends { kind: 'choice'; values: readonly (infer Value)[] }
          ? Value
          : string;

/** From which value on each of the levels is called for at which work is saved. */
interface LevelLimits {
  readonly reduced: number;
  readonly minimal: number;
  readonly manual: number;
}

/** Reads the text of a setting. Its one message says what is right and never what was given, which may be a secret. */
export function schemaOf(form: Form): z.ZodType {
  const error = `must be ${describeForm(form)}`;
  switch (form.kind) {
    case 'text':
      return z
        .string()
        .min(form.minLength ?? 1, error)
        .regex(new RegExp(form.pattern ?? ''), error);
    case 'integer':
      return whole(form.min, form.max ?? Number.MAX_SAFE_INTEGER, error);
    case 'port':
      return whole(form.min, LAST_PORT, error);
    case 'number':
      return z
        .string()
        .regex(DECIMAL, error)
        .transform(Number)
        .pipe(z.number(error).gt(form.above, error).max(form.max, error));
    case 'choice':
      return z.enum([...form.values], error);
    case 'address':
      return z.string().refine((value) => hasScheme(value, ['http', 'https']), error);
    case 'connection':
      return z.string().refine((value) => isConnectionAddress(value, form.schemes), error);
    case 'connections':
      return entries.refine(
        (urls) => urls.every((url) => isConnectionAddress(url, form.schemes)) && (!form.isOdd || urls.length % 2 === 1),
        error,
      );
    case 'origin':
      return origin(error);
    case 'origins':
      return entries.pipe(z.array(origin(error)));
    case 'networks':
      return entries.refine((networks) => networks.every(isNetwork), error);
    case 'groups':
      return groups(error);
    case 'texts':
      return entries.refine((texts) => texts.every((text) => text.length >= form.minLength), error);
    case 'limits':
      return levelLimits(form.most, error);
  }
}

/** What a setting may be, in words that follow on "must be". */
function describeForm(form: Form): string {
  switch (form.kind) {
    case 'text':
      return form.says ?? `a text of at least ${form.minLength ?? 1} characters`;
    case 'integer': {
      const unit = form.unit === undefined ? '' : ` (${form.unit})`;
      return `a whole number from ${form.min}${form.max === undefined ? '' : ` to ${form.max}`}${unit}`;
    }
    case 'port':
      return `a port, a whole number from ${form.min} to ${LAST_PORT}`;
    case 'number':
      return `a number above ${form.above}, at most ${form.max}${form.unit === undefined ? '' : ` (${form.unit})`}`;
    case 'choice':
      return `one of ${form.values.join(', ')}`;
    case 'address':
      return 'an address such as https://meldesync.example';
    case 'connection':
      return connectionSays(form.schemes);
    case 'connections':
      return `${connectionSays(form.schemes)}; ${form.isOdd ? 'an odd number of them' : 'several are'}, separated by commas`;
    case 'origin':
      return ORIGIN_SAYS;
    case 'origins':
      return `${ORIGIN_SAYS}; several are separated by commas`;
    case 'networks':
      return 'addresses or networks such as 10.0.0.7 or 10.1.0.0/16, separated by commas';
    case 'groups':
      return GROUPS_SAY;
    case 'texts':
      return `texts of at least ${form.minLength} characters, separated by commas`;
    case 'limits': {
      const unit = form.unit === undefined ? '' : ` (${form.unit})`;
      return `three numbers above 0, none smaller than the one before, at most ${form.most}${unit}, separated by commas`;
    }
  }
}

const LAST_PORT = 65_535;
const WHOLE = /^\d{1,15}$/;
const DECIMAL = /^\d{1,15}(\.\d{1,15})?$/;

const entries = z.string().transform((list) => list.split(',').flatMap((entry) => entry.trim() || []));

function whole(min: number, max: number, error: string) {
  return z.string().regex(WHOLE, error).transform(Number).pipe(z.number(error).min(min, error).max(max, error));
}

function levelLimits(most: number, error: string) {
  return entries
    .refine((texts) => texts.length === 3 && texts.every((text) => DECIMAL.test(text)), error)
    .transform((texts): LevelLimits => {
      const [reduced = 0, minimal = 0, manual = 0] = texts.map(Number);
      return { reduced, minimal, manual };
    })
    .refine(
      ({ reduced, minimal, manual }) => 0 < reduced && reduced <= minimal && minimal <= manual && manual <= most,
      error,
    );
}

function origin(error: string) {
  return z
    .string()
    .refine((value) => originOf(value) !== undefined, error)
    .transform((value) => originOf(value) ?? value);
}

function groups(error: string) {
  return z
    .string()
    .refine((value) => groupRoles(value) !== undefined, error)
    .transform((value) => groupRoles(value) ?? []);
}

/** An address, or one with how many of its bits the network has (RFC 4632 §3.1). */
function isNetwork(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const family = isIP(address);
  if (family === 0 || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}

function hasScheme(value: string, schemes: readonly string[]): boolean {
  return URL.canParse(value) && schemes.some((scheme) => new URL(value).protocol === `${scheme}:`);
}
