import { expect, it } from 'vitest';
import { jsonbArray, jsonbMembers, jsonbText, NotJson } from './jsonb-text.ts';

it.each([
  ['{"b":1,"aa":2,"a":3}', '{"a": 3, "b": 1, "aa": 2}'],
  ['{"ä":1,"zz":2,"z":3}', '{"z": 3, "zz": 2, "ä": 1}'],
  ['{"a":1,"a":2}', '{"a": 2}'],
  ['[1.50,1e3,1E-3,1.50e1,-0,-0.0,0.10,12e-1]', '[1.50, 1000, 0.001, 15.0, 0, 0.0, 0.10, 1.2]'],
  ['"\\u00e4\\u001f\\/\\ud83d\\ude00\\n"', '"ä\\u001f/😀\\n"'],
  [' [ ] ', '[]'],
  ['{ }', '{}'],
  ['[null,true,false]', '[null, true, false]'],
])('R5.5 %s is %s as jsonb', (json, text) => {
  expect(jsonbText(json)).toBe(text);
});

it.each(['', '{', '[1,]', '01', '"\\u0000"', '"\\ud800"', '[1] 2', '{1:2}', "'a'", 'nul', '"\t"', '['.repeat(600)])(
  'R5.5 %j is no jsonb',
  (json) => {
    expect(() => jsonbText(json)).toThrow(NotJson);
  },
);

it('R5.5 texts and nulls are an array', () => {
  expect(jsonbArray(['a"b', null, ''])).toBe('["a\\"b", null, ""]');
});

it('R5.5 members of an object keep the digits they were written with', () => {
  const json = ' {"before": null ,"after":{"n":12345678901234567890,"m":1.50},"x":1,"x":[2.0]} ';
  expect([...jsonbMembers(json)]).toEqual([
    ['before', 'null'],
    ['after', '{"m": 1.50, "n": 12345678901234567890}'],
    ['x', '[2.0]'],
  ]);
  for (const other of ['[]', '"a"', '{"a":1} {}', '{"a":01}', '']) expect(() => jsonbMembers(other)).toThrow(NotJson);
});
