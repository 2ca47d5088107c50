import 'react';

declare module 'react' {
  interface CSSProperties {
    /** Custom properties, as in `tokens.css` and the modules beside the components. */
    [property: `--${string}`]: string | number | undefined;
  }
}
