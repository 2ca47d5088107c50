// JavaScript, because threads load it as it is: from sources and built alike. Beside the dictionaries it takes up to 100 MB and half a
// second to begin, so it is loaded in a thread of its own only, in the browser and on the node.

import { zxcvbn, zxcvbnOptions } from '@zxcvbn-ts/core';
import { adjacencyGraphs, dictionary as common } from '@zxcvbn-ts/language-common';
import { dictionary as german } from '@zxcvbn-ts/language-de';
import { dictionary as english } from '@zxcvbn-ts/language-en';

/** More of a password is not looked at: what this much of it is worth is enough, and time grows with the square of it. */
const LOOKED_AT_CHARACTERS = 100;
/** How many ways of reading `p4$$w0rd` are tried; with the 100 of the library a password of 100 characters takes five seconds. */
const SPELLINGS = 8;

/** @param {string} prefix @param {Record<string, (string | number)[]>} lists */
const named = (prefix, lists) =>
  Object.fromEntries(Object.entries(lists).map(([name, words]) => [`${prefix}-${name}`, words]));

zxcvbnOptions.setOptions({
  dictionary: { ...common, ...named('de', german), ...named('en', english) },
  graphs: { qwertz: adjacencyGraphs.qwertz, qwerty: adjacencyGraphs.qwerty, keypad: adjacencyGraphs.keypad },
  l33tMaxSubstitutions: SPELLINGS,
});

/**
 * How hard a password is to guess: 0 (at once) to 4 (very hard), by lists of common passwords, German and English words and names,
 * keyboards, dates and repetitions.
 * @param {string} password
 * @param {readonly string[]} words what belongs to the person
 * @returns {0 | 1 | 2 | 3 | 4}
 */
export function passwordScore(password, words) {
  return zxcvbn(Array.from(password).slice(0, LOOKED_AT_CHARACTERS).join(''), [...words]).score;
}
