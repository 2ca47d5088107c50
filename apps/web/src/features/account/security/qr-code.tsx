import { renderSVG } from 'uqr';
import classes from './security.module.css';

/** A text as a QR code, drawn in this page: nobody else sees what is in it. */
export function QrCode({ text, label }: { readonly text: string; readonly label: string }) {
  const source = `data:image/svg+xml,${encodeURIComponent(renderSVG(text, { border: 3 }))}`;
  return <img className={classes.qr} src={source} alt={label} width={184} height={184} />;
}
