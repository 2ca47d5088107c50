import type { Me } from '@meldesync/protocol';
import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  notFound,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { useSyncExternalStore } from 'react';
import { type CaseSearch, parseCaseSearch } from './address/case-search.ts';
import { lastWorkspace, rememberWorkspace } from './address/last-workspace.ts';
import { isSignedOut } from './api/api.ts';
import { ANOTHER_PERSON, isPageLeft, leavePage, onPageLeft, SIGN_IN } from './api/leave-page.ts';
import { queryClient } from './api/query-client.ts';
import { whoIsSignedIn } from './api/who-is-signed-in.ts';
import { takeTab } from './features/account/tab-owner.ts';
import { keepDeviceCode, keptDeviceCode } from './pages/device/device-code.ts';
import { LoadingPage } from './pages/loading-page.tsx';
import { NotFoundPage } from './pages/not-found-page.tsx';
import { RouteErrorPage } from './pages/route-error-page.tsx';
import { Messages } from './ui/messages.tsx';

/** Where terminals send their person (RFC 8628). */
const DEVICE = '/device';

const rootRoute = createRootRouteWithContext<{ queryClient: QueryClient }>()({ component: Root });

/** Messages stand inside the router, so that they can link to pages. */
function Root() {
  const isLeft = useSyncExternalStore(onPageLeft, isPageLeft);
  if (isLeft) return <LoadingPage />;
  return (
    <>
      <Outlet />
      <Messages />
    </>
  );
}

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: SIGN_IN,
  validateSearch: (search): { redirect?: string } => {
    const target = search.redirect;
    // Only a path of this application: an address elsewhere must not be reachable through the sign-in page.
    return typeof target === 'string' && /^\/(?![/\\])/.test(target) ? { redirect: target } : {};
  },
  component: lazyRouteComponent(() => import('./pages/sign-in/sign-in-page.tsx'), 'SignInPage'),
});

const anotherPersonRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: ANOTHER_PERSON,
  component: lazyRouteComponent(() => import('./pages/another-person-page.tsx'), 'AnotherPersonPage'),
});

const signedInRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'signed-in',
  beforeLoad: ({ context, location }) => enter(context.queryClient, location.href),
});

/** Makes the tab that of who is signed in. */
async function enter(client: QueryClient, href: string): Promise<{ me: Me }> {
  const me = await signedInOrRedirect(client, href);
  if (!takeTab(me.user.id)) await leavePage('/');
  return { me };
}

/** Throws the way to the sign-in page when nobody is. */
async function signedInOrRedirect(client: QueryClient, href: string): Promise<Me> {
  try {
    return await whoIsSignedIn(client);
  } catch (error) {
    if (!isSignedOut(error)) throw error;
    // oxlint-disable-next-line typescript/only-throw-error -- the router's signal is no Error
    throw redirect({ to: SIGN_IN, search: href === '/' ? {} : { redirect: href } });
  }
}

const deviceRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: DEVICE,
  beforeLoad: async ({ context, location }) => {
    // The code of a terminal: it would be in the address that the sign-in page goes back to.
    if (location.hash !== '') {
      keepDeviceCode(location.hash);
      redirect({ to: DEVICE, hash: '', replace: true, throw: true });
    }
    const code = keptDeviceCode();
    const entered = await enter(context.queryClient, DEVICE);
    // A tab forgets what was before its person; the code is the terminal's.
    if (code !== null) keepDeviceCode(code);
    return entered;
  },
  component: lazyRouteComponent(() => import('./pages/device/device-page.tsx'), 'DevicePage'),
});

const startRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/',
  beforeLoad: ({ context }) => {
    const { workspaces } = context.me;
    const workspace = workspaces.find(({ id }) => id === lastWorkspace()) ?? workspaces[0];
    if (workspace)
      redirect({ to: '/w/$workspace/cases', params: { workspace: workspace.id }, replace: true, throw: true });
  },
  component: lazyRouteComponent(() => import('./pages/no-workspace-page.tsx'), 'NoWorkspacePage'),
});

const workspaceRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/w/$workspace',
  beforeLoad: ({ context, params }) => {
    const workspace = context.me.workspaces.find(({ id }) => id === params.workspace);
    // oxlint-disable-next-line typescript/only-throw-error -- the router's signal is no Error
    if (!workspace) throw notFound({ data: 'workspace' });
    rememberWorkspace(workspace.id);
    return { workspace };
  },
  component: lazyRouteComponent(() => import('./shell/workspace-layout.tsx'), 'WorkspaceLayout'),
});

const workspaceStartRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/',
  beforeLoad: ({ params }) => {
    redirect({ to: '/w/$workspace/cases', params, replace: true, throw: true });
  },
});

const casesRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/cases',
  validateSearch: (search): CaseSearch => parseCaseSearch(search),
  component: lazyRouteComponent(() => import('./pages/cases/cases-page.tsx'), 'CasesPage'),
});

const importsRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/imports',
  validateSearch: (search): { import?: string } => (typeof search.import === 'string' ? { import: search.import } : {}),
  component: lazyRouteComponent(() => import('./pages/imports/imports-page.tsx'), 'ImportsPage'),
});

const accountRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/account',
  component: lazyRouteComponent(() => import('./pages/account/account-page.tsx'), 'AccountPage'),
});

const operationsRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/operations',
  component: lazyRouteComponent(() => import('./pages/operations/operations-page.tsx'), 'OperationsPage'),
});

export const router = createRouter({
  routeTree: rootRoute.addChildren([
    signInRoute,
    anotherPersonRoute,
    deviceRoute,
    signedInRoute.addChildren([
      startRoute,
      workspaceRoute.addChildren([workspaceStartRoute, casesRoute, importsRoute, operationsRoute, accountRoute]),
    ]),
  ]),
  context: { queryClient },
  defaultPreload: 'intent',
  defaultPendingComponent: LoadingPage,
  defaultErrorComponent: RouteErrorPage,
  defaultNotFoundComponent: NotFoundPage,
  scrollRestoration: false,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
