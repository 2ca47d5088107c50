import { z } from 'zod';
import { passwordText } from './administration.ts';

/** `POST /api/v1/me/password`: ends all other sessions of the person. */
export const passwordChange = z.object({ current: passwordText, new: passwordText });
