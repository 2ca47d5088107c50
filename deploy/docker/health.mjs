// Asks the process of this container how it is, on its admin port: exit status 0 when it says 200, 1 with a line otherwise.
// `healthz` (alive), `readyz` (usable) or `readyz?live` (hears changes at once).
const [question = 'healthz'] = process.argv.slice(2);
const PATIENCE_MS = 4_000;

try {
  const url = `http://127.0.0.1:${process.env['ADMIN_PORT']}/${question}`;
  const answer = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) });
  const said = await answer.text();
  if (!answer.ok) throw new Error(`${answer.status} ${said.trim()}`);
} catch (error) {
  const { message, cause } = error instanceof Error ? error : new Error(String(error));
  process.stderr.write(`${question}: ${cause instanceof Error ? cause.message : message}\n`);
  process.exitCode = 1;
}
