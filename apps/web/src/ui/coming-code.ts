import { type ComponentType, createElement, type ReactNode, useEffect, useEffectEvent, useReducer } from 'react';
import { useTellPartFailed } from './use-tell-part-failed.ts';

/** A component whose code comes when it is first needed, and which is there at once from then on. */
export interface ComingCode<Props> {
  readonly isThere: () => boolean;
  /** Rejects when the code cannot be had now; asking again tries again. */
  readonly load: () => Promise<void>;
  /** Draws nothing until its code is there. */
  readonly Component: (props: Props) => ReactNode;
}

export function comingCode<Props extends object>(load: () => Promise<ComponentType<Props>>): ComingCode<Props> {
  let component: ComponentType<Props> | null = null;
  return {
    isThere: () => component !== null,
    load: async () => {
      component = await load();
    },
    Component: (props) => (component ? createElement(component, props) : null),
  };
}

/**
 * Whether a component's code is there, which it is asked for. For what must not suspend: what stands in its place goes on,
 * and the two are exchanged in one step. Code that cannot be had is a message.
 */
export function useComingCode<Props>({ isThere, load }: ComingCode<Props>, onFailed?: () => void): boolean {
  const [, drawAgain] = useReducer((count: number) => count + 1, 0);
  const tellFailed = useTellPartFailed();
  const fail = useEffectEvent((error: unknown) => {
    tellFailed(error);
    onFailed?.();
  });
  useEffect(() => {
    if (isThere()) return undefined;
    let isOver = false;
    load().then(
      () => isOver || drawAgain(),
      (error: unknown) => isOver || fail(error),
    );
    return () => {
      isOver = true;
    };
  }, [isThere, load]);
  return isThere();
}
