import { expect, it } from 'vitest';
import { createRouteNames } from './route-names.ts';

const routeOf = createRouteNames([
  { method: 'ALL', path: '/api/v1/*' },
  { method: 'GET', path: '/api/v1/me' },
  { method: 'GET', path: '/api/v1/workspaces/:workspace/records/:record' },
  { method: 'PATCH', path: '/api/v1/workspaces/:workspace/records/:record' },
  { method: 'GET', path: '/api/v1/workspaces/:workspace/records' },
]);

it.each([
  ['/api/v1/me', 200, '/api/v1/me'],
  ['/api/v1/workspaces/4f1c/records', 200, '/api/v1/workspaces/{workspace}/records'],
  ['/api/v1/workspaces/4f1c/records/17', 404, '/api/v1/workspaces/{workspace}/records/{record}'],
  ['/api/v1/workspaces//records', 404, 'other'],
  ['/api/v1/workspaces/4f1c/records/17/secret', 404, 'other'],
  ['/api/v1/nothing', 404, 'other'],
  ['/api/auth/sign-in/email', 401, '/api/auth/sign-in/email'],
  ['/api/auth/delete-user', 404, 'other'],
  ['/healthz', 200, '/healthz'],
  ['/w/4f1c/MB-2026-0001', 200, '/*'],
  ['/assets/index.js', 304, '/*'],
  ['/.env', 404, 'other'],
  ['', 400, 'other'],
])('R5.3 %s answered by %i is measured as %s', (path, status, route) => {
  expect(routeOf({ path, status })).toBe(route);
});
