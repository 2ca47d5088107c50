import {
  Button,
  type CSSVariablesResolver,
  createTheme,
  localStorageColorSchemeManager,
  type MantineColorsTuple,
} from '@mantine/core';

/** Where the theme is kept; `public/boot.js` reads the same key before the first paint. */
const THEME_STORAGE_KEY = 'meldesync.theme';

/** Shades of the accent, light to dark; index 7 is `--accent` of the light theme, index 3 that of the dark one. */
const petrol: MantineColorsTuple = [
  '#eef8f8',
  '#e1f0f1',
  '#b9dfe2',
  '#5cc3cb',
  '#35a3ac',
  '#1d8790',
  '#117780',
  '#0d6b73',
  '#0a565d',
  '#074247',
];

/** Neutral shades behind Mantine's light variants: surfaces, lines, control borders, text. */
const gray: MantineColorsTuple = [
  '#f6f7f9',
  '#f3f5f7',
  '#e6e9ed',
  '#d3d9df',
  '#7f8995',
  '#626d7b',
  '#4d5866',
  '#37414d',
  '#26303b',
  '#19212b',
];

/** The same for the dark theme, text first. */
const dark: MantineColorsTuple = [
  '#e7ebef',
  '#c9d1d9',
  '#aab4bf',
  '#929da9',
  '#78838f',
  '#232a32',
  '#1b2128',
  '#14181d',
  '#0f1317',
  '#0a0d10',
];

export const colorSchemeManager = localStorageColorSchemeManager({ key: THEME_STORAGE_KEY });

export const mantineTheme = createTheme({
  primaryColor: 'petrol',
  colors: { petrol, gray, dark },
  primaryShade: { light: 7, dark: 3 },
  autoContrast: true,
  luminanceThreshold: 0.35,
  fontFamily: 'var(--font-sans)',
  fontFamilyMonospace: 'var(--font-mono)',
  fontSizes: {
    xs: 'var(--text-sm)',
    sm: 'var(--text-md)',
    md: 'var(--text-md)',
    lg: 'var(--text-lg)',
    xl: 'var(--text-xl)',
  },
  headings: { fontFamily: 'var(--font-sans)', fontWeight: '600' },
  defaultRadius: 'var(--radius)',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Button: Button.extend({
      defaultProps: { size: 'xs' },
      // The library computes one text colour for both themes; the accent of the dark one is light.
      vars: (_theme, { variant = 'filled' }) => ({
        root: variant === 'filled' ? { '--button-color': 'var(--accent-ink)' } : {},
      }),
    }),
  },
});

const shared = {
  '--mantine-color-body': 'var(--bg)',
  '--mantine-color-text': 'var(--text)',
  '--mantine-color-dimmed': 'var(--text-3)',
  '--mantine-color-placeholder': 'var(--text-3)',
  '--mantine-color-error': 'var(--bad)',
  '--mantine-color-anchor': 'var(--accent)',
  '--mantine-color-default': 'var(--bg-control)',
  '--mantine-color-default-hover': 'var(--bg-hover)',
  '--mantine-color-default-color': 'var(--text)',
  '--mantine-color-default-border': 'var(--line-strong)',
  '--mantine-color-disabled': 'var(--bg-sunken)',
  '--mantine-color-disabled-color': 'var(--text-3)',
  '--mantine-color-disabled-border': 'var(--line-strong)',
  '--mantine-color-red-light': 'var(--bad-soft)',
  '--mantine-color-red-light-color': 'var(--bad)',
  '--mantine-primary-color-filled': 'var(--accent)',
  '--mantine-primary-color-filled-hover': 'var(--accent-hover)',
  '--mantine-primary-color-contrast': 'var(--accent-ink)',
};

/** Hands the tokens of `tokens.css` to Mantine, so that both themes come from one set. */
export const cssVariablesResolver: CSSVariablesResolver = () => ({ variables: {}, light: shared, dark: shared });
