/**
 * Answers `--help` before anything is installed or built. Whoever calls does nothing else afterwards.
 * @param {string} text
 */
export function answerHelp(text) {
  if (!process.argv.includes('--help')) return;
  process.stdout.write(text);
  process.exit(0);
}
