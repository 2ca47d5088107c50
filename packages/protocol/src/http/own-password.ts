import { z } from 'zod';
import { MAX_PASSWORD_LENGTH } from './administration.ts';

const passwordText = z.string().max(2 * MAX_PASSWORD_LENGTH);

/** `POST /api/v1/me/password`: ends all other sessions of the person. */
export const passwordChange = z.object({ current: passwordText, new: passwordText });
