import { z } from 'zod';

/** A moment in ISO 8601 with its offset. */
export const moment = z.iso.datetime({ offset: true });

/** The first moment of the year 1, and the last of the year 9999: what ISO 8601 and Postgres both write with four digits. */
const [FIRST_MS, LAST_MS] = [Date.parse('0001-01-01T00:00:00Z'), Date.parse('9999-12-31T23:59:59.999Z')];

/** A moment that somebody gives: of the years 1 to 9999 in UTC, with no more digits than a moment needs. */
export const givenMoment = moment.max(64).refine((text) => {
  const ms = Date.parse(text);
  return ms >= FIRST_MS && ms <= LAST_MS;
});
