import {
  type Cursor,
  checksumAnswer,
  deviceKeys,
  type EditItem,
  editResponse,
  endedSessions,
  type FramePosition,
  framesPage,
  type OpenedDevice,
  operations,
  type RecordLookUp,
  type RecordPatch,
  type ResolutionRequest,
  receivedConflictPage,
  receivedFoundRecords,
  receivedHistoryPage,
  receivedImportList,
  receivedImportRowPage,
  receivedImportSummary,
  receivedLockList,
  receivedMe,
  receivedMemberList,
  receivedOwnSessionList,
  receivedRecordPage,
  receivedSnapshotPage,
  recoveryCodesLeft,
  storedConflict,
  syncedRecord,
  untoldAnswer,
  type WantedLevel,
} from '@meldesync/protocol';
import { type ApiOptions, createRequest, nothing } from './request.ts';

/** A call of which it is of interest when its answer begins to come. */
interface WatchedInput extends CallInput {
  readonly onBegun?: (() => void) | undefined;
}

/** A page of something listed by a growing key. */
interface PageInput extends CallInput {
  /** The `next` of the page before; absent for the first. */
  readonly after?: number | undefined;
  /** At most this many entries; the service's own size when absent. */
  readonly limit?: number | undefined;
}

interface CallInput {
  /** Ends the call; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** An edit with the operation id that makes a retry safe: the service answers it like the first time. */
interface EditInput extends CallInput {
  /** 8 to 64 of `A-Za-z0-9_-`; a UUID, kept on a retry. */
  readonly operation: string;
}

/** Which conflicts are meant. */
interface ConflictInput extends CallInput {
  /** Only open ones when absent. */
  readonly state?: 'open' | 'all' | undefined;
  /** Of this record only. */
  readonly record?: number | undefined;
  /** The `next` of the page before; absent for the newest. */
  readonly before?: string | undefined;
  readonly limit?: number | undefined;
}

/** A file to import: `File` of a browser, or a `Blob` with a name. */
export interface UploadFile {
  readonly name: string;
  readonly content: Blob;
}

/** The HTTP API, typed; every answer is checked against its schema. Methods reject with `SyncError`. */
export type Api = ReturnType<typeof createApi>;

/** Makes a client of the HTTP API. Stateless: one serves every workspace. Long because it names every call of the API. */
export function createApi(options: ApiOptions) {
  const send = createRequest(options);
  const at = (workspace: string, path: string): string => `/workspaces/${encodeURIComponent(workspace)}${path}`;

  return {
    /** Who is signed in, and the workspaces they belong to. */
    me: (input: CallInput = {}) => send(receivedMe, '/me', input),

    /** One's own sessions, the present one first. */
    ownSessions: async (input: CallInput = {}) => (await send(receivedOwnSessionList, '/me/sessions', input)).sessions,

    /** How many of one's recovery codes are still good; null for who has none. */
    recoveryCodesLeft: async (input: CallInput = {}) =>
      (await send(recoveryCodesLeft, '/me/recovery-codes', input)).left,

    /** Ends a session of one's own. Rejects with `session-not-found` when it is gone. */
    endOwnSession: (session: string, { signal }: CallInput = {}) =>
      send(nothing, `/me/sessions/${encodeURIComponent(session)}`, { method: 'DELETE', signal }),

    /** Ends all other sessions of one's own, or with `all` this one too; resolves with how many. */
    endOwnSessions: async ({ all = false, signal }: CallInput & { readonly all?: boolean } = {}) =>
      (await send(endedSessions, '/me/sessions', { method: 'DELETE', query: { all: all ? 1 : undefined }, signal }))
        .ended,

    /** Proves once more who one is, for what asks for it. Rejects with `password-wrong`, or `no-password` where the account has none. */
    reauthenticate: (password: string, { signal }: CallInput = {}) =>
      send(nothing, '/me/reauthenticate', { method: 'POST', json: { password }, signal }),

    /** Changes one's own password and ends all other sessions. Rejects with `password-wrong`, `no-password`, or why the new one is none. */
    changePassword: (current: string, wanted: string, { signal }: CallInput = {}) =>
      send(nothing, '/me/password', { method: 'POST', json: { current, new: wanted }, signal }),

    /** Says that the person was there: they typed, clicked or touched. At most once a minute. */
    tellActive: ({ signal }: CallInput = {}) => send(nothing, '/me/active', { method: 'POST', signal }),

    /** Says what this browser is; resolves with what it may keep, and the keys to it. */
    openDevice: (device: OpenedDevice, { signal }: CallInput = {}) =>
      send(deviceKeys, '/me/device', { method: 'POST', json: device, signal }),

    /** The people of a workspace. */
    members: async (workspace: string, input: CallInput = {}) =>
      (await send(receivedMemberList, at(workspace, '/members'), input)).members,

    /** A page of the workspace's state. The cursor of the first page is the one to subscribe with. */
    snapshotPage: (
      workspace: string,
      { after, limit, edition, ...input }: PageInput & WatchedInput & { readonly edition?: string | undefined } = {},
    ) => send(receivedSnapshotPage, at(workspace, '/snapshot'), { query: { after, limit, edition }, ...input }),

    /**
     * A page of what follows on a cursor, up to a position at least. Rejects with `cursor-too-old` when it is no longer
     * kept: a snapshot is needed.
     */
    framesPage: (
      workspace: string,
      { after, upto, ...input }: WatchedInput & { readonly after: Cursor; readonly upto?: FramePosition | undefined },
    ) => send(framesPage, at(workspace, '/frames'), { query: { after, upto }, ...input }),

    /** A page of records by id. */
    recordPage: (workspace: string, { after, limit, signal }: PageInput = {}) =>
      send(receivedRecordPage, at(workspace, '/records'), { query: { after, limit }, signal }),

    record: (workspace: string, record: number, input: CallInput = {}) =>
      send(syncedRecord, at(workspace, `/records/${record}`), input),

    /** The records that are named by id, case id or the beginning of the Vorgangsnummer, by id. */
    lookUpRecords: (workspace: string, lookUp: RecordLookUp, { signal }: CallInput = {}) =>
      send(receivedFoundRecords, at(workspace, '/record-lookups'), {
        method: 'POST',
        isRead: true,
        json: lookUp,
        signal,
      }),

    /**
     * Changes one record and resolves with it as it then stands. On a conflict it rejects with `version-conflict`,
     * whose `problem.conflict` holds what stands against it (R2.2).
     */
    patchRecord: (
      workspace: string,
      record: number,
      { baseVersion, set, operation, signal }: EditInput & { readonly baseVersion: number; readonly set: RecordPatch },
    ) =>
      send(syncedRecord, at(workspace, `/records/${record}`), {
        method: 'PATCH',
        headers: { 'if-match': `"${baseVersion}"`, 'idempotency-key': operation },
        json: set,
        signal,
      }),

    /** Edits one or more records in one transaction, with an outcome each in the order of the items. */
    edit: async (
      workspace: string,
      { operation, items, signal }: EditInput & { readonly items: readonly EditItem[] },
    ) =>
      (await send(editResponse, at(workspace, '/edits'), { method: 'POST', json: { operation, items }, signal }))
        .outcomes,

    /** What happened to a record, newest first (R5.1); `before` is the `next` of the page before. */
    history: (workspace: string, record: number, { before, signal }: CallInput & { readonly before?: number } = {}) =>
      send(receivedHistoryPage, at(workspace, `/records/${record}/history`), { query: { before }, signal }),

    /** What the workspace adds up to in Postgres and in the feed, to compare with `SyncClient.proof`. */
    checksum: (workspace: string, input: CallInput = {}) => send(checksumAnswer, at(workspace, '/checksum'), input),
    untoldRecords: (workspace: string, input: CallInput = {}) =>
      send(untoldAnswer, at(workspace, '/untold-records'), input),

    /** Who is editing what. A client with a WebSocket takes its locks over that: they live by its heartbeat. */
    locks: async (workspace: string, input: CallInput = {}) =>
      (await send(receivedLockList, at(workspace, '/locks'), input)).locks,

    /** Ends a lock of one's own; an admin may end another person's. Rejects with `lock-not-found` when it is gone. */
    endLock: (workspace: string, lock: string, { signal }: CallInput = {}) =>
      send(nothing, at(workspace, `/locks/${encodeURIComponent(lock)}`), { method: 'DELETE', signal }),

    /** How the whole service is, for whoever administers a workspace; others are refused (`forbidden`). */
    operations: (input: CallInput = {}) => send(operations, '/operations', input),

    /** Sets the level of the service, or leaves it to what is measured. */
    setLevel: (level: WantedLevel, { signal }: CallInput = {}) =>
      send(nothing, '/operations/level', { method: 'PUT', json: { level }, signal }),

    /** Conflicts, newest first: one's own, for an admin everyone's (R5.2). */
    conflicts: (workspace: string, { state, record, before, limit, signal }: ConflictInput = {}) =>
      send(receivedConflictPage, at(workspace, '/conflicts'), { query: { state, record, before, limit }, signal }),

    conflict: (workspace: string, conflict: string, input: CallInput = {}) =>
      send(storedConflict, at(workspace, `/conflicts/${encodeURIComponent(conflict)}`), input),

    /**
     * Settles a conflict without a further edit and resolves with it as it then stands. Rejects with `conflict-settled`
     * when it was settled in another way. With a further edit, the edit says so (`EditItem.resolves`).
     */
    resolveConflict: (
      workspace: string,
      conflict: string,
      { resolution, signal }: CallInput & Pick<ResolutionRequest, 'resolution'>,
    ) =>
      send(storedConflict, at(workspace, `/conflicts/${encodeURIComponent(conflict)}/resolution`), {
        method: 'POST',
        json: { resolution },
        signal,
      }),

    /** The imports of a workspace, newest first. */
    imports: async (workspace: string, input: CallInput = {}) =>
      (await send(receivedImportList, at(workspace, '/imports'), input)).imports,

    import: (workspace: string, id: string, input: CallInput = {}) =>
      send(receivedImportSummary, at(workspace, `/imports/${encodeURIComponent(id)}`), input),

    /**
     * Ends a waiting, running or paused import, and resolves with it as it then stands: rows that are in
     * stay. Again it resolves the same. Rejects with `import-ended` when it ended in another way.
     */
    cancelImport: (workspace: string, id: string, { signal }: CallInput = {}) =>
      send(receivedImportSummary, at(workspace, `/imports/${encodeURIComponent(id)}/cancellation`), {
        method: 'POST',
        signal,
      }),

    /** Goes on with a paused import in one's own name, and resolves with it as it then stands. Rejects with `import-not-paused`. */
    continueImport: (workspace: string, id: string, { signal }: CallInput = {}) =>
      send(receivedImportSummary, at(workspace, `/imports/${encodeURIComponent(id)}/continuation`), {
        method: 'POST',
        signal,
      }),

    /** A page of the rows of an import that have something to say, by line. */
    importRows: (workspace: string, id: string, { after, limit, signal }: PageInput = {}) =>
      send(receivedImportRowPage, at(workspace, `/imports/${encodeURIComponent(id)}/rows`), {
        query: { after, limit },
        signal,
      }),

    /** Puts on record that the rejected rows of an import become a file; where that fails there must be none. */
    exportImportRows: (workspace: string, id: string, { signal }: CallInput = {}) =>
      send(nothing, at(workspace, `/imports/${encodeURIComponent(id)}/export`), { method: 'POST', signal }),

    /** Uploads files, each becomes an import; resolves once they are queued, not once they are read. */
    uploadImports: async (workspace: string, files: readonly UploadFile[], { signal }: CallInput = {}) => {
      const form = new FormData();
      for (const file of files) form.append('file', file.content, file.name);
      return (await send(receivedImportList, at(workspace, '/imports'), { method: 'POST', form, signal })).imports;
    },
  };
}
