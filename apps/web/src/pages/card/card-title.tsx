import classes from './card-page.module.css';

interface CardTitleProps {
  readonly title: string;
  /** What is under it, one paragraph each. */
  readonly texts: readonly string[];
}

/** The heading of a card, and of the browser's tab. */
export function CardTitle({ title, texts }: CardTitleProps) {
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
