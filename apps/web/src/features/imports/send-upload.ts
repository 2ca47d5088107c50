import {
  API_PREFIX,
  type ErrorCode,
  type ImportSummary,
  importList,
  PERSON_HEADER,
  problem,
} from '@meldesync/protocol';
import { leaveIfOfAnother } from '../../api/api.ts';
import { personOfPage } from '../../api/page-person.ts';

/** Why a file did not arrive, beside the answers of the service. */
export type UploadFailure = 'unreachable' | 'cancelled';

export type UploadResult =
  | { readonly ok: true; readonly imports: readonly ImportSummary[] }
  | { readonly ok: false; readonly reason: UploadFailure | ErrorCode };

/** Sends one file. Resolves in any case; `onProgress` hears the share (0 to 1) of bytes that have left. */
export type SendUpload = (
  file: File,
  options: { readonly onProgress: (share: number) => void; readonly signal: AbortSignal },
) => Promise<UploadResult>;

/** Makes the sender of a workspace. XMLHttpRequest, because fetch says nothing about how much has been sent. */
export function createSendUpload(workspace: string): SendUpload {
  return (file, { onProgress, signal }) =>
    new Promise((resolve) => {
      const request = new XMLHttpRequest();
      request.open('POST', `${API_PREFIX}/workspaces/${encodeURIComponent(workspace)}/imports`);
      request.upload.addEventListener('progress', (event) => {
        if (event.lengthComputable && event.total > 0) onProgress(event.loaded / event.total);
      });
      request.addEventListener('load', () => resolve(readAnswer(request)));
      request.addEventListener('error', () => resolve({ ok: false, reason: 'unreachable' }));
      request.addEventListener('abort', () => resolve({ ok: false, reason: 'cancelled' }));
      signal.addEventListener('abort', () => request.abort());
      const person = personOfPage();
      if (person !== null) request.setRequestHeader(PERSON_HEADER, person);
      const form = new FormData();
      form.append('file', file, file.name);
      request.send(form);
    });
}

function readAnswer(request: XMLHttpRequest): UploadResult {
  const body = parseJson(request.responseText);
  if (request.status >= 200 && request.status < 300) {
    const parsed = importList.safeParse(body);
    return parsed.success ? { ok: true, imports: parsed.data.imports } : { ok: false, reason: 'internal' };
  }
  const refused = problem.safeParse(body);
  if (refused.success) {
    leaveIfOfAnother(refused.data.code);
    return { ok: false, reason: refused.data.code };
  }
  return { ok: false, reason: request.status === 413 ? 'file-too-large' : 'unavailable' };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // A proxy's error page is no JSON; the status says enough.
    return undefined;
  }
}
