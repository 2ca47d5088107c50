import { MantineProvider, Notification } from '@mantine/core';
import { type ReactNode, useMemo } from 'react';
import { useTranslations } from 'use-intl';
import { colorSchemeManager, cssVariablesResolver, mantineTheme } from './mantine-theme.ts';

/** The theme, with the names of the library's own controls in the chosen language. */
export function ThemeProvider({ children }: { children: ReactNode }) {
  const t = useTranslations('shell');
  const theme = useMemo(() => {
    const closeButtonProps = { 'aria-label': t('close') };
    return {
      ...mantineTheme,
      components: {
        ...mantineTheme.components,
        Notification: Notification.extend({ defaultProps: { closeButtonProps } }),
      },
    };
  }, [t]);
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariablesResolver}
      colorSchemeManager={colorSchemeManager}
      defaultColorScheme="auto"
    >
      {children}
    </MantineProvider>
  );
}
