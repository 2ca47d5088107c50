import { sha256 } from 'k6/crypto';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** A CSV file of so many valid Meldebestätigungen that no other file has; `seed` is what makes it different. */
export function meldebestaetigungen(rows: number, seed: string): string {
  const lines = ['Vorgangsnummer,Meldebestaetigung'];
  for (let row = 0; row < rows; row++) {
    const vorgangsnummer = sha256(`${seed} ${row}`, 'hex');
    const code = codeOf(vorgangsnummer);
    const day = String(1 + (row % 28)).padStart(2, '0');
    const counter = String(1 + (row % 999)).padStart(3, '0');
    const [art, node] = row % 2 === 0 ? ['G', 'GRZK00001'] : ['C', 'KDKK00001'];
    const hashString = `${code}&202607${day}${counter}&260530103&${node}&0&R&9&1&${art}&2&1`;
    lines.push(`${vorgangsnummer},IBE+${code}+${hashString}+9+${sha256(hashString, 'hex')}`);
  }
  return `${lines.join('\n')}\n`;
}

function codeOf(hex: string): string {
  let code = '';
  for (let at = 0; code.length < 10; at += 2)
    code += LETTERS[Number.parseInt(hex.slice(at, at + 2), 16) % LETTERS.length];
  return code;
}
