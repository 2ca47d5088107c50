import classes from './wordmark.module.css';

/** Sign and name of the product. */
export function Wordmark({ size = 20 }: { size?: number }) {
  return (
    <span className={classes.wordmark}>
      <svg viewBox="0 0 32 32" width={size} height={size} aria-hidden="true">
        <rect width="32" height="32" rx="8" fill="#0d6b73" />
        <path
          d="M8 23V10.5l8 8 8-8V23"
          fill="none"
          stroke="#fff"
          strokeWidth="3"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
        <circle cx="16" cy="24" r="2" fill="#8fdde3" />
      </svg>
      <span className={classes.name}>
        Melde<span className={classes.second}>Sync</span>
      </span>
    </span>
  );
}
