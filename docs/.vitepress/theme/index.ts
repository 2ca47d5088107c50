import type { Theme as SiteTheme } from 'vitepress';
import Theme from 'vitepress/theme-without-fonts';
import { watchPictures } from './pictures.ts';
import './style.css';

export default {
  extends: Theme,
  enhanceApp: () => {
    if (!import.meta.env.SSR) watchPictures();
  },
} satisfies SiteTheme;
