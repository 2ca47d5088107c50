import { ACCESS_FIELD, type DeclaredAccess } from '../src/http/access.ts';
import { SIGN_IN_ROUTES } from '../src/http/sign-in-routes.ts';

/** A route as it is asked for, and who may. */
export interface MatrixRoute {
  readonly method: string;
  /** As the description has it. */
  readonly path: string;
  /** Undefined of what is not described. */
  readonly operationId: string | undefined;
  readonly takesBody: boolean;
  /** Undefined where nobody has said it. */
  readonly declared: DeclaredAccess | undefined;
}

interface Operation {
  readonly operationId: string;
  readonly requestBody?: unknown;
  readonly [ACCESS_FIELD]?: DeclaredAccess;
}

/** What everybody gets from a node beside its API: the web app, how the node is, and its description. */
const OPEN: readonly string[] = ['/', '/healthz', '/readyz', '/api/openapi.json'];

/** Every route of a node: those that it describes, better-auth's, and what is there for everybody. */
export function matrixRoutes(document: {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}): MatrixRoute[] {
  const described = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { operationId, requestBody, [ACCESS_FIELD]: declared }]) => ({
      method: method.toUpperCase(),
      path,
      operationId,
      takesBody: requestBody !== undefined,
      declared,
    })),
  );
  const known = new Set(described.map(({ method, path }) => `${method} ${path}`));
  const ofSignIn = [...SIGN_IN_ROUTES]
    .filter(([route]) => !known.has(route))
    .map(([route, declared]) => {
      const [method = '', path = ''] = route.split(' ');
      return { method, path, operationId: undefined, takesBody: method === 'POST', declared };
    });
  const open = OPEN.map((path) => {
    const declared: DeclaredAccess = { who: 'anybody' };
    return { method: 'GET', path, operationId: undefined, takesBody: false, declared };
  });
  return [...described, ...ofSignIn, ...open];
}
