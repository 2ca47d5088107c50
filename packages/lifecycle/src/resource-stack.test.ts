import { expect, it } from 'vitest';
import { ResourceStack } from './resource-stack.ts';

/** A resource that notes its end. */
function resource(name: string, ended: string[], error?: Error): AsyncDisposable {
  return {
    [Symbol.asyncDispose]: async () => {
      ended.push(name);
      if (error) throw error;
    },
  };
}

it('ends what it holds, the last taken first, one after the other', async () => {
  const ended: string[] = [];
  {
    await using stack = new ResourceStack();
    stack.use(resource('first', ended));
    stack.defer(() => void ended.push('deferred'));
    stack.use({ [Symbol.dispose]: () => void ended.push('at once') });
    stack.use(resource('last', ended));
  }
  expect(ended).toEqual(['last', 'at once', 'deferred', 'first']);
});

it('ends everything even when something fails to, and throws the first error', async () => {
  const ended: string[] = [];
  const stack = new ResourceStack();
  stack.use(resource('first', ended));
  stack.use(resource('second', ended, new Error('second failed')));
  stack.use(resource('third', ended, new Error('third failed')));
  await expect(stack[Symbol.asyncDispose]()).rejects.toThrow('third failed');
  expect(ended).toEqual(['third', 'second', 'first']);
});

it('what was moved on is no longer its own', async () => {
  const ended: string[] = [];
  let moved: ResourceStack | undefined;
  {
    await using stack = new ResourceStack();
    stack.use(resource('kept', ended));
    moved = stack.move();
  }
  expect(ended).toEqual([]);
  await moved[Symbol.asyncDispose]();
  expect(ended).toEqual(['kept']);
});

it('ends only once', async () => {
  const ended: string[] = [];
  const stack = new ResourceStack();
  stack.use(resource('only', ended));
  await stack[Symbol.asyncDispose]();
  await stack[Symbol.asyncDispose]();
  expect(ended).toEqual(['only']);
});
