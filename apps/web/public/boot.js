// What must be settled before anything else runs. A file of its own: the content security policy allows no inline script.
(() => {
  // The policy allows no code made at run time either; without this, zod would try and be reported.
  globalThis.__zod_globalConfig = { jitless: true };

  // The chosen theme and language before the first paint, so that a dark page never flashes white.
  const root = document.documentElement;
  let chosen = null;
  let language = null;
  try {
    chosen = localStorage.getItem('meldesync.theme');
    language = localStorage.getItem('meldesync.language');
  } catch (error) {
    console.warn('Preferences cannot be read:', error);
  }
  const dark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  root.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
  if (language === 'en') root.lang = 'en';
})();
