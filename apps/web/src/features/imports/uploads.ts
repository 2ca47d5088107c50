import type { ErrorCode, ImportSummary } from '@meldesync/protocol';
import type { SendUpload, UploadFailure } from './send-upload.ts';

/** A file on its way from this browser to the service. Once it has arrived it is an import and no longer here. */
export interface Upload {
  readonly id: number;
  readonly file: File;
  readonly state:
    | { readonly name: 'waiting' }
    | { readonly name: 'uploading'; readonly share: number }
    | { readonly name: 'failed'; readonly reason: UploadFailure | ErrorCode };
}

/** The files of one workspace that are being uploaded, a few at a time. */
export interface Uploads {
  /** The same array until something changed. */
  getSnapshot(): readonly Upload[];
  subscribe(listener: () => void): () => void;
  add(files: readonly File[]): void;
  /** Starts a failed upload again. */
  retry(id: number): void;
  /** Ends an upload, or takes a failed one out of the list. */
  remove(id: number): void;
}

/** Requests at once; more would only share the same line. */
const AT_ONCE = 3;

/** When to ask again a service that has too many files waiting. */
const FULL_PAUSE_MS = 5_000;

interface UploadsInput {
  readonly send: SendUpload;
  /** Called with what the service made of a file. */
  readonly onImported: (imports: readonly ImportSummary[]) => void;
}

/** Makes an empty queue. */
export function createUploads({ send, onImported }: UploadsInput): Uploads {
  let uploads: readonly Upload[] = [];
  let nextId = 1;
  /** Set while the service takes no more files. */
  let fullUntil: ReturnType<typeof setTimeout> | undefined;
  const listeners = new Set<() => void>();
  const running = new Map<number, AbortController>();

  const set = (next: readonly Upload[]): void => {
    uploads = next;
    for (const listener of listeners) listener();
  };
  const update = (id: number, state: Upload['state']): void => {
    set(uploads.map((upload) => (upload.id === id ? { ...upload, state } : upload)));
  };

  const run = async (upload: Upload): Promise<void> => {
    const controller = new AbortController();
    running.set(upload.id, controller);
    update(upload.id, { name: 'uploading', share: 0 });
    const onProgress = (share: number): void => update(upload.id, { name: 'uploading', share });
    const result = await send(upload.file, { onProgress, signal: controller.signal });
    running.delete(upload.id);
    if (!result.ok && result.reason === 'too-many-imports') {
      // The service has enough to do; the file keeps its place here.
      update(upload.id, { name: 'waiting' });
      waitForRoom();
      return;
    }
    if (result.ok) {
      set(uploads.filter(({ id }) => id !== upload.id));
      onImported(result.imports);
    } else {
      update(upload.id, { name: 'failed', reason: result.reason });
    }
    fill();
  };

  const waitForRoom = (): void => {
    fullUntil ??= setTimeout(() => {
      fullUntil = undefined;
      fill();
    }, FULL_PAUSE_MS);
  };

  const fill = (): void => {
    if (fullUntil !== undefined) return;
    for (const upload of uploads) {
      if (running.size >= AT_ONCE) return;
      if (upload.state.name === 'waiting') void run(upload);
    }
  };

  return {
    getSnapshot: () => uploads,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    add(files) {
      const added = files.map((file): Upload => ({ id: nextId++, file, state: { name: 'waiting' } }));
      set([...added, ...uploads]);
      fill();
    },
    retry(id) {
      update(id, { name: 'waiting' });
      fill();
    },
    remove(id) {
      running.get(id)?.abort();
      set(uploads.filter((upload) => upload.id !== id));
    },
  };
}
