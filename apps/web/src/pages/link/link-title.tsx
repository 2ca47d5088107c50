import classes from './link-page.module.css';

interface LinkTitleProps {
  readonly title: string;
  /** What is under it, one paragraph each. */
  readonly texts: readonly string[];
}

/** The heading of a card, and of the browser's tab. */
export function LinkTitle({ title, texts }: LinkTitleProps) {
  return (
    <div>
      <title>{`${title} · MeldeSync`}</title>
      <h1 className={classes.title}>{title}</h1>
      {texts.map((text) => (
        <p key={text} className={classes.text}>
          {text}
        </p>
      ))}
    </div>
  );
}
