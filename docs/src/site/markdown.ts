import { renderMermaidSVG } from 'beautiful-mermaid';
import type { MarkdownOptions } from 'vitepress';
import { resolveLink } from './links.ts';
import { isGerman } from './pages.ts';

type MarkdownIt = Parameters<NonNullable<MarkdownOptions['config']>>[0];
type Token = ReturnType<MarkdownIt['parse']>[number];

/** What VitePress says of the document that is read. */
interface Environment {
  /** Where it stands. */
  readonly realPath?: string;
  /** The same, or where its page stands. */
  readonly path: string;
  readonly relativePath: string;
}

/** In the colours of the page, whichever theme it has. */
const DIAGRAM = {
  bg: 'var(--vp-c-bg)',
  fg: 'var(--vp-c-text-1)',
  line: 'var(--vp-c-text-3)',
  accent: 'var(--vp-c-brand-1)',
  muted: 'var(--vp-c-text-2)',
  surface: 'var(--vp-c-bg-soft)',
  border: 'var(--vp-c-divider)',
  font: 'inherit',
  transparent: true,
} as const;

export interface Extension {
  /** The checkout's folder. */
  readonly root: string;
  /** Markdown that takes the place of `<!-- made: NAME -->`, by name. */
  readonly made: Readonly<Record<string, () => string>>;
}

/** What our documents need beyond what VitePress does. */
export function extendMarkdown(md: MarkdownIt, { root, made }: Extension): void {
  md.core.ruler.before('normalize', 'made', (state) => {
    state.src = state.src.replaceAll(/^<!-- made: ([a-z ]+) -->$/gm, (_, name: string) => {
      const make = made[name];
      if (make === undefined) throw new Error(`nothing makes ${name}`);
      return make();
    });
  });
  md.core.ruler.push('source-links', ({ tokens, env }) => {
    for (const token of tokens) if (token.children) linkToPages(token.children, root, env as Environment);
  });
  md.core.ruler.push('rules', ({ tokens }) => {
    for (const { children } of tokens) nameRule(children ?? []);
  });
  md.core.ruler.push('language', (state) => {
    const { relativePath } = state.env as Environment;
    if (relativePath === undefined || isGerman(relativePath)) return;
    const html = (content: string) => Object.assign(new state.Token('html_block', '', 0), { content });
    state.tokens = [html('<div lang="en">\n'), ...state.tokens, html('</div>\n')];
  });
  const image = md.renderer.rules.image;
  md.renderer.rules.image = (tokens, index, options, env, self) => {
    const picture = image?.(tokens, index, options, env, self) ?? '';
    return enlargeable(picture, env as Environment);
  };
  const fence = md.renderer.rules.fence;
  md.renderer.rules.fence = (tokens, index, options, env, self) => {
    const token = tokens[index];
    if (token?.info.trim() === 'mermaid') return enlargeable(diagram(token.content), env as Environment);
    return fence?.(tokens, index, options, env, self) ?? '';
  };
}

/** Makes a rule a place that can be linked to: a paragraph that begins with its id in bold, such as **P4**. */
function nameRule(tokens: readonly Token[]): void {
  // What was before the stars is left as an empty text.
  const [opening, text] = tokens.filter(({ type, content }) => type !== 'text' || content !== '');
  if (opening?.type === 'strong_open' && text && /^[PR][\d.]+$/.test(text.content)) {
    opening.attrSet('id', text.content.toLowerCase());
  }
}

/** Has each link lead to the page that shows its document; one to a file that no page shows becomes text that names it. */
function linkToPages(tokens: readonly Token[], root: string, { path, realPath = path }: Environment): void {
  let unlinked = 0;
  for (const token of tokens) {
    if (token.type === 'link_open') {
      const target = resolveLink(root, realPath, token.attrGet('href') ?? '');
      if (target.kind === 'page') token.attrSet('href', target.href);
      if (target.kind === 'file') {
        unlinked += 1;
        Object.assign(token, { type: 'html_inline', content: `<span class="in-checkout" title="${target.path}">` });
      }
    } else if (token.type === 'link_close' && unlinked > 0) {
      unlinked -= 1;
      Object.assign(token, { type: 'html_inline', content: '</span>' });
    }
  }
}

/** In a button that shows it at its full size; what it shows names it. */
function enlargeable(picture: string, { relativePath }: Environment): string {
  return `<button type="button" class="picture" title="${isGerman(relativePath) ? 'Vergrößern' : 'Enlarge'}">${picture}</button>`;
}

function diagram(source: string): string {
  const svg = renderMermaidSVG(source, DIAGRAM)
    .replace(/@import url\([^)]*\);?/g, '')
    // A template of Vue's has no style of its own, unless it is made by a component.
    .replace('<style>', `<component :is="'style'">`)
    .replace('</style>', '</component>');
  return `<span class="diagram">${svg}</span>`;
}
