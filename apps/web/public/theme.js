// Sets the chosen theme and language before the first paint, so that a dark page never flashes white.
(() => {
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
