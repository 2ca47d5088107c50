import { Fragment } from 'react';
import { useTranslations } from 'use-intl';
import { useMayAdminister } from '../features/administration/use-may-administer.ts';
import { useMayAudit } from '../features/audit/use-may-audit.ts';
import { useMayOperate } from '../features/operations/use-may-operate.ts';
import type { de } from '../i18n/de/index.ts';
import { usePreferences } from '../preferences/preferences.ts';
import { Dialog } from '../ui/dialog.tsx';
import classes from './help-dialog.module.css';

type ShortcutName = keyof Omit<
  (typeof de)['shortcuts'],
  'title' | 'anywhere' | 'inTable' | 'inEditor' | 'inSequence' | 'keys' | 'lettersOff' | 'lettersWhen'
>;
type NamedKey = keyof (typeof de)['shortcuts']['keys'];

interface Shortcut {
  readonly name: ShortcutName;
  /** Alternatives; each is one key, or several in a row or at once. */
  readonly keys: readonly (readonly string[])[];
}

const GROUPS: readonly {
  readonly title: 'anywhere' | 'inTable' | 'inEditor';
  readonly shortcuts: readonly Shortcut[];
}[] = [
  {
    title: 'anywhere',
    shortcuts: [
      { name: 'search', keys: [['/']] },
      { name: 'goCases', keys: [['G', 'F']] },
      { name: 'goImports', keys: [['G', 'I']] },
      { name: 'goAudit', keys: [['G', 'P']] },
      { name: 'goOperations', keys: [['G', 'B']] },
      { name: 'goAdministration', keys: [['G', 'V']] },
      { name: 'goAccount', keys: [['G', 'K']] },
      {
        name: 'undo',
        keys: [['Z'], ['Ctrl', 'Z']],
      },
      {
        name: 'redo',
        keys: [
          ['⇧', 'Z'],
          ['Ctrl', 'Y'],
        ],
      },
      { name: 'help', keys: [['?']] },
    ],
  },
  {
    title: 'inEditor',
    shortcuts: [
      { name: 'save', keys: [['Enter']] },
      { name: 'discard', keys: [['Esc']] },
    ],
  },
  {
    title: 'inTable',
    shortcuts: [
      { name: 'rows', keys: [['↑'], ['↓']] },
      { name: 'cells', keys: [['←'], ['→']] },
      { name: 'ends', keys: [['Home'], ['End']] },
      {
        name: 'allEnds',
        keys: [
          ['Ctrl', 'Home'],
          ['Ctrl', 'End'],
        ],
      },
      { name: 'pages', keys: [['PageUp'], ['PageDown']] },
      { name: 'open', keys: [['Enter']] },
      { name: 'edit', keys: [['E'], ['F2']] },
      { name: 'done', keys: [['D']] },
      { name: 'select', keys: [['X']] },
      { name: 'selectRange', keys: [['⇧', 'X']] },
      { name: 'closePanel', keys: [['Esc']] },
    ],
  },
];

/** All keyboard shortcuts there are. */
export function HelpDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslations('shortcuts');
  const { letterShortcuts } = usePreferences();
  const mayAudit = useMayAudit();
  const mayOperate = useMayOperate();
  const mayAdminister = useMayAdminister();
  return (
    <Dialog title={t('title')} width={680} onClose={onClose}>
      {letterShortcuts ? (
        <p className={classes.when}>{t('lettersWhen')}</p>
      ) : (
        <p className={classes.off}>{t('lettersOff')}</p>
      )}
      <div className={classes.groups}>
        {GROUPS.map(({ title, shortcuts }) => (
          <section key={title} className={classes.group}>
            <h3 className={classes.title}>{t(title)}</h3>
            <dl>
              {shortcuts
                .filter(({ name }) => name !== 'goAudit' || mayAudit)
                .filter(({ name }) => name !== 'goOperations' || mayOperate)
                .filter(({ name }) => name !== 'goAdministration' || mayAdminister)
                .map(({ name, keys }) => (
                  <div key={name} className={classes.shortcut}>
                    <dt>{t(name)}</dt>
                    <dd>
                      {keys.map((alternative) => (
                        <Keys key={alternative.join()} keys={alternative} />
                      ))}
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}

function Keys({ keys }: { keys: readonly string[] }) {
  const t = useTranslations('shortcuts');
  const between = keys[0] === 'Ctrl' || keys[0] === '⇧' ? '+' : t('inSequence');
  return (
    <span className={classes.keys}>
      {keys.map((key, index) => (
        <Fragment key={key}>
          {index > 0 ? between : null}
          <kbd>{isNamed(key) ? t(`keys.${key}`) : key}</kbd>
        </Fragment>
      ))}
    </span>
  );
}

const NAMED_KEYS: readonly NamedKey[] = ['Ctrl', 'Home', 'End', 'PageUp', 'PageDown'];

function isNamed(key: string): key is NamedKey {
  return NAMED_KEYS.some((named) => named === key);
}
