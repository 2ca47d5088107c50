import { describe, expect, it } from 'vitest';
import { createEmitter } from './emitter.ts';

describe('emitter', () => {
  it('calls every listener until it unsubscribes, the same function twice if subscribed twice', () => {
    const emitter = createEmitter<number>(() => {});
    const seen: number[] = [];
    const listener = (value: number): void => {
      seen.push(value);
    };
    const first = emitter.subscribe(listener);
    emitter.subscribe(listener);
    emitter.emit(1);
    first();
    first();
    emitter.emit(2);
    expect(seen).toEqual([1, 1, 2]);
  });

  it('reports a listener that throws and goes on with the others', () => {
    const errors: Error[] = [];
    const emitter = createEmitter<void>((error) => errors.push(error));
    let calls = 0;
    emitter.subscribe(() => {
      throw new Error('first');
    });
    emitter.subscribe(() => calls++);
    emitter.emit();
    expect([errors.map((error) => error.message), calls]).toEqual([['first'], 1]);
  });

  it('tells every listener everything in the same order, also what a listener emits', () => {
    const emitter = createEmitter<number>(() => undefined);
    const heard: number[] = [];
    emitter.subscribe((value) => {
      if (value < 3) emitter.emit(value + 1);
    });
    emitter.subscribe((value) => heard.push(value));
    emitter.emit(1);
    expect(heard).toEqual([1, 2, 3]);
  });
});
