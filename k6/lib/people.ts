import { SharedArray } from 'k6/data';

export interface Person {
  readonly email: string;
  readonly password?: string;
  readonly token?: string;
  readonly workspace: string;
}

interface PeopleFile {
  readonly workspace: string;
  readonly people: readonly Omit<Person, 'workspace'>[];
}

const people = new SharedArray<Person>('people', () => {
  const path = __ENV['PEOPLE_FILE'];
  if (path === undefined || path === '') throw new Error('PEOPLE_FILE names the file with the people');
  const file = JSON.parse(open(path)) as PeopleFile;
  return file.people.map((person) => ({ ...person, workspace: file.workspace }));
});

/** Somebody for each number from 1 on. Where there are fewer people than numbers, several share an account. */
export function personOf(number: number): Person {
  const person = people[(number - 1) % people.length];
  if (person === undefined) throw new Error('PEOPLE_FILE names nobody');
  return person;
}
