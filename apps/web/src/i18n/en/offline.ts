import type { Messages } from '../catalogue.ts';

export const offline: Messages['offline'] = {
  manual: 'manual',
  announceManual: 'No live connection. You can refresh the data by hand.',
  announceStale: 'Changes by others are not arriving at the moment. You can refresh the data by hand.',
  manualBanner:
    'No live connection. As of {time}{minutes, plural, =0 {} one {, # minute ago} other {, # minutes ago}}.',
  staleBanner:
    'Changes by others are not arriving at the moment; what you see may be old. As of {time}{minutes, plural, =0 {} one {, # minute ago} other {, # minutes ago}}.',
  staleGoOn: 'You can go on working.',
  manualNever: 'No live connection, and no data yet.',
  manualPending: '{count, plural, one {Your change is} other {Your # changes are}} being sent.',
  retry: 'Connect again',
  retrying: 'Connecting …',
  offlinePending:
    'Offline. {count, plural, one {Your change will be} other {Your # changes will be}} sent as soon as you are online again.',
  storage: 'Note on storage',
  storageFull: 'The storage of this browser is full.',
  storageFailed: 'This browser cannot store anything here.',
  storageGoOn: 'You can go on working; but without a connection this page cannot be opened anew.',
  storageUnsent:
    '{count, plural, one {Your unsent change is} other {Your # unsent changes are}} on this page alone: leave it open until everything is sent.',
  waitElsewhere:
    '{count, plural, one {One of your changes is} other {# of your changes are}} still waiting to be sent in another window or workspace.',
  offlineSince: 'As of {time}.',
  signOutUnsent:
    '{count, plural, one {One change has} other {# changes have}} not been sent yet and will be lost if you sign out now. Sign out anyway?',
  signOutKept:
    '{count, plural, one {One change has not been sent yet. It stays encrypted in this browser and is sent as soon as you sign in here again.} other {# changes have not been sent yet. They stay encrypted in this browser and are sent as soon as you sign in here again.}} Sign out now?',
};
