/** What an object of a class of k6's offers, without the mark that keeps objects of other classes from passing for it. */
export type PublicPart<Instance> = { [Name in keyof Instance]: Instance[Name] };

/** A class that can stand where one of k6's does. */
export type PublicClass<Class> = Class extends abstract new (
  ...args: infer Args
) => infer Instance
  ? (new (...args: Args) => PublicPart<Instance>) & Omit<Class, 'prototype'>
  : never;
