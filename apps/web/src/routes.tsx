import { type ErrorCode, errorCode, isOwnPath, type Me } from '@meldesync/protocol';
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
import { type AuditSearch, parseAuditSearch } from './address/audit-search.ts';
import { type CaseSearch, parseCaseSearch } from './address/case-search.ts';
import { lastWorkspace, rememberWorkspace } from './address/last-workspace.ts';
import { LINK_PAGES } from './address/link-secret.ts';
import { isSignedOut } from './api/api.ts';
import { askForKeys } from './api/device-keys.ts';
import { ANOTHER_PERSON, isPageLeft, leavePage, onPageLeft, SECOND_FACTOR, SIGN_IN } from './api/leave-page.ts';
import { queryClient } from './api/query-client.ts';
import { whoIsSignedIn } from './api/who-is-signed-in.ts';
import { takeTab } from './features/account/tab-owner.ts';
import { type AdministrationSearch, parseAdministrationSearch } from './features/administration/section-names.ts';
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
  validateSearch: (search): { redirect?: string; idle?: boolean; error?: ErrorCode } => {
    const target = search.redirect;
    const { data: error } = errorCode.safeParse(search.error);
    return {
      // Only a path of this application: an address elsewhere must not be reachable through the sign-in page.
      ...(typeof target === 'string' && isOwnPath(target) ? { redirect: target } : {}),
      // Nobody was there for too long.
      ...(search.idle === true ? { idle: true } : {}),
      // With which somebody came back from single sign-on.
      ...(error === undefined ? {} : { error }),
    };
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
  askForKeys(me.user.id);
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

/** The way to the set-up of a second factor, for who has to have one before anything else. */
function requireSecondFactor({ needsSecondFactor = false }: Me): void {
  // oxlint-disable-next-line typescript/only-throw-error -- the router's signal is no Error
  if (needsSecondFactor) throw redirect({ to: SECOND_FACTOR });
}

const secondFactorRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: SECOND_FACTOR,
  beforeLoad: ({ context }) => {
    if (!context.me.needsSecondFactor) redirect({ to: '/', replace: true, throw: true });
  },
  component: lazyRouteComponent(() => import('./pages/second-factor/second-factor-page.tsx'), 'SecondFactorPage'),
});

const startRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/',
  beforeLoad: ({ context }) => {
    requireSecondFactor(context.me);
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
    requireSecondFactor(context.me);
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

const auditRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/audit',
  validateSearch: (search): AuditSearch => parseAuditSearch(search),
  component: lazyRouteComponent(() => import('./pages/audit/audit-page.tsx'), 'AuditPage'),
});

const administrationStartRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/administration',
  beforeLoad: ({ params }) => {
    redirect({
      to: '/w/$workspace/administration/$section',
      params: { ...params, section: 'members' },
      replace: true,
      throw: true,
    });
  },
});

const administrationRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/administration/$section',
  validateSearch: (search): AdministrationSearch => parseAdministrationSearch(search),
  component: lazyRouteComponent(() => import('./pages/administration/administration-page.tsx'), 'AdministrationPage'),
});

const installationStartRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/administration',
  beforeLoad: () => {
    redirect({ to: '/administration/$section', params: { section: 'workspaces' }, replace: true, throw: true });
  },
});

const installationRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/administration/$section',
  validateSearch: (search): AdministrationSearch => parseAdministrationSearch(search),
  component: lazyRouteComponent(() => import('./pages/administration/installation-page.tsx'), 'InstallationPage'),
});

const setUpRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: LINK_PAGES.setUp,
  component: lazyRouteComponent(() => import('./pages/set-up/set-up-page.tsx'), 'SetUpPage'),
});

const invitationRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: LINK_PAGES.invitation,
  component: lazyRouteComponent(() => import('./pages/invitation/invitation-page.tsx'), 'InvitationPage'),
});

const newPasswordRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: LINK_PAGES.newPassword,
  component: lazyRouteComponent(() => import('./pages/new-password/new-password-page.tsx'), 'NewPasswordPage'),
});

export const router = createRouter({
  routeTree: rootRoute.addChildren([
    signInRoute,
    anotherPersonRoute,
    deviceRoute,
    setUpRoute,
    invitationRoute,
    newPasswordRoute,
    signedInRoute.addChildren([
      startRoute,
      secondFactorRoute,
      installationStartRoute,
      installationRoute,
      workspaceRoute.addChildren([
        workspaceStartRoute,
        casesRoute,
        importsRoute,
        auditRoute,
        operationsRoute,
        administrationStartRoute,
        administrationRoute,
        accountRoute,
      ]),
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
