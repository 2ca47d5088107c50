import { Outlet, useRouteContext } from '@tanstack/react-router';
import { lazy, useCallback, useState } from 'react';
import { useTranslations } from 'use-intl';
import { DriveProvider } from '../editing/drive/drive-context.tsx';
import { UndoKeys } from '../editing/undo/undo-keys.tsx';
import { EditProvider } from '../editing/use-edit.tsx';
import { ReauthenticateDialog } from '../features/account/reauthenticate-dialog.tsx';
import { AdministrationFollower } from '../features/administration/administration-follower.tsx';
import { ConflictHost } from '../features/conflicts/conflict-host.tsx';
import { UploadsProvider } from '../features/imports/uploads-context.tsx';
import { FreeWatcher } from '../features/locks/free-watcher.tsx';
import { LocksProvider } from '../features/locks/locks-provider.tsx';
import { OfflineSupport } from '../features/offline/offline-support.tsx';
import { StorageBanner } from '../features/offline/storage-banner.tsx';
import { PresenceProvider } from '../features/presence/presence-context.tsx';
import { PeopleProvider } from '../people/use-people.tsx';
import { SyncProvider } from '../sync/sync-context.tsx';
import { CONTENT_ID, PageMain } from '../ui/page-main.tsx';
import { WhenLoaded } from '../ui/when-loaded.tsx';
import { ConnectionBanner } from './connection-banner.tsx';
import { Header } from './header.tsx';
import { HelpContext } from './help-context.ts';
import { loadForOffline } from './load-for-offline.ts';
import { RemoteAnnouncer } from './remote-announcer.tsx';
import { SessionFollower } from './session-follower.tsx';
import { useGlobalShortcuts } from './use-global-shortcuts.ts';
import classes from './workspace-layout.module.css';

const loadHelp = async () => ({ default: (await import('./help-dialog.tsx')).HelpDialog });
const HelpDialog = lazy(loadHelp);
const loadSignIn = async () => ({ default: (await import('../features/sign-in/sign-in-dialog.tsx')).SignInDialog });
const SignInDialog = lazy(loadSignIn);
const loadDrop = async () => ({ default: (await import('../features/imports/drop-anywhere.tsx')).DropAnywhere });
const DropAnywhere = lazy(loadDrop);

/** Everything around the pages of one workspace; keeps it connected for as long as it is open. */
export function WorkspaceLayout() {
  const { me, workspace } = useRouteContext({ from: '/signed-in/w/$workspace' });
  return (
    <SyncProvider key={workspace.id} workspace={workspace} user={me.user}>
      <PeopleProvider>
        <UploadsProvider>
          <LocksProvider>
            <PresenceProvider>
              <EditProvider>
                <DriveProvider>
                  <Frame />
                </DriveProvider>
              </EditProvider>
            </PresenceProvider>
          </LocksProvider>
        </UploadsProvider>
      </PeopleProvider>
    </SyncProvider>
  );
}

function Frame() {
  const t = useTranslations('shell');
  const [isHelpOpen, setHelpOpen] = useState(false);
  const [isSignInOpen, setSignInOpen] = useState(false);
  const openHelp = useCallback(() => setHelpOpen(true), []);
  useGlobalShortcuts({ onHelp: openHelp });
  return (
    <div className={classes.frame}>
      <a href={`#${CONTENT_ID}`} className={classes.skip}>
        {t('skipToContent')}
      </a>
      <HelpContext value={openHelp}>
        <Header />
      </HelpContext>
      <ConnectionBanner onSignIn={() => setSignInOpen(true)} />
      <StorageBanner />
      <PageMain className={classes.content}>
        <Outlet />
      </PageMain>
      <RemoteAnnouncer />
      <FreeWatcher />
      <UndoKeys />
      <ConflictHost />
      <SessionFollower />
      <AdministrationFollower />
      <ReauthenticateDialog />
      <OfflineSupport loadParts={loadForOffline} />
      {isHelpOpen ? (
        <WhenLoaded load={loadHelp} onFailed={() => setHelpOpen(false)}>
          <HelpDialog onClose={() => setHelpOpen(false)} />
        </WhenLoaded>
      ) : null}
      {isSignInOpen ? (
        <WhenLoaded load={loadSignIn} onFailed={() => setSignInOpen(false)}>
          <SignInDialog onClose={() => setSignInOpen(false)} />
        </WhenLoaded>
      ) : null}
      <WhenLoaded load={loadDrop}>
        <DropAnywhere />
      </WhenLoaded>
    </div>
  );
}
