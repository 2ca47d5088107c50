import {
  convertCssVariables,
  DEFAULT_THEME,
  deepMerge,
  defaultCssVariablesResolver,
  mergeMantineTheme,
} from '@mantine/core';
import { cssVariablesResolver, mantineTheme } from './mantine-theme.ts';

type Variables = Readonly<Record<string, string>>;

/** What of the theme is not as `mantine.css` has it. */
function ownVariables() {
  const theme = mergeMantineTheme(DEFAULT_THEME, mantineTheme);
  const all = deepMerge(defaultCssVariablesResolver(theme), cssVariablesResolver(theme));
  const known = defaultCssVariablesResolver(DEFAULT_THEME);
  return {
    variables: withoutKnown(all.variables, known.variables),
    light: withoutKnown(all.light, known.light),
    dark: withoutKnown(all.dark, known.dark),
  };
}

function withoutKnown(all: Variables, known: Variables): Record<string, string> {
  return Object.fromEntries(Object.entries(all).filter(([name, value]) => known[name] !== value));
}

/** Gives the document the theme's variables. The library would write a `<style>`, which the content security policy does not allow. */
export function adoptMantineVariables(): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(convertCssVariables(ownVariables()));
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}
