import { type Checkpoint, checkpointLine } from '@meldesync/audit';

/** So long a receiver may take. */
const TIMEOUT_MS = 10_000;

/** The receiver took none of them. */
class ReceiverRefused extends Error {
  override readonly name = 'ReceiverRefused';
}

/** Posts checkpoints as JSON Lines; throws where they were not taken. */
export async function postCheckpoints(
  url: string,
  checkpoints: readonly Checkpoint[],
  signal: AbortSignal,
): Promise<void> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body: checkpoints.map((checkpoint) => `${checkpointLine(checkpoint)}\n`).join(''),
    // One that sends elsewhere is not the one that was chosen.
    redirect: 'error',
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
  });
  await answer.body?.cancel();
  if (!answer.ok) throw new ReceiverRefused(`it answered ${answer.status}`);
}
