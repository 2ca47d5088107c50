import { MantineProvider, Notification } from '@mantine/core';
import { type ReactNode, useMemo } from 'react';
import { useTranslations } from 'use-intl';
import { colorSchemeManager, mantineTheme } from './mantine-theme.ts';

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
      // `adoptMantineVariables` gives them to the document, and nothing here uses the classes.
      withCssVariables={false}
      withGlobalClasses={false}
      colorSchemeManager={colorSchemeManager}
      defaultColorScheme="auto"
    >
      {children}
    </MantineProvider>
  );
}
