/** What a new passkey is called unless the person says otherwise: the system that it is made on. */
export function deviceLabel(userAgent: string): string {
  const known: readonly (readonly [RegExp, string])[] = [
    [/\bWindows\b/, 'Windows'],
    [/\bAndroid\b/, 'Android'],
    [/\biPhone\b/, 'iPhone'],
    [/\biPad\b/, 'iPad'],
    [/\bMac OS X\b/, 'Mac'],
    [/\bLinux\b/, 'Linux'],
  ];
  return known.find(([pattern]) => pattern.test(userAgent))?.[1] ?? 'Passkey';
}
