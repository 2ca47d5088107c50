import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { loadWhatIsKept } from './api/kept-answers.ts';
import { loadPendingSignOut } from './api/pending-sign-out.ts';
import { queryClient } from './api/query-client.ts';
import { watchIdle } from './features/account/watch-idle.ts';
import { watchSession } from './features/account/watch-session.ts';
import { loadMessages } from './i18n/messages.ts';
import { LanguageProvider } from './i18n/provider.tsx';
import { getPreferences } from './preferences/preferences.ts';
import { router } from './routes.tsx';
import './theme/base.css';
import './theme/mantine.css';
import './theme/tokens.css';
import { adoptMantineVariables } from './theme/mantine-variables.ts';
import { ThemeProvider } from './theme/theme-provider.tsx';
import { watchFocus } from './ui/last-focus.ts';
import { reloadFailedStyles } from './ui/reload-styles.ts';

adoptMantineVariables();
watchSession();
watchIdle();
watchFocus();
reloadFailedStyles();
await Promise.all([loadMessages(getPreferences().language), loadWhatIsKept(), loadPendingSignOut()]);

const root = document.getElementById('root');
// `public/supported.js` takes it away where the browser is too old.
if (!root) throw new Error('there is no element #root');

createRoot(root).render(
  <StrictMode>
    <LanguageProvider>
      <ThemeProvider>
        <QueryClientProvider client={queryClient}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </ThemeProvider>
    </LanguageProvider>
  </StrictMode>,
);
