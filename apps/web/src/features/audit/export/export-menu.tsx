import { Menu } from '@mantine/core';
import { AUDIT_FORMATS } from '@meldesync/protocol';
import { useTranslations } from 'use-intl';
import type { MenuContentProps } from '../../../ui/menu-button.tsx';
import { OpenMenu } from '../../../ui/open-menu.tsx';
import classes from './export.module.css';
import { useExporting } from './export-context.ts';

/** In which form. */
export function ExportMenu({ label, onClose }: MenuContentProps) {
  const t = useTranslations('audit.export');
  const { begin } = useExporting();
  return (
    <OpenMenu label={label} onClose={onClose} position="bottom-end" width={312}>
      {AUDIT_FORMATS.map((format) => (
        <Menu.Item key={format} onClick={() => begin(format)}>
          <span className={classes.format}>{t(`formats.${format}`)}</span>
          <span className={classes.text}>{t(`texts.${format}`)}</span>
        </Menu.Item>
      ))}
      <Menu.Divider />
      <p className={classes.note}>{t('note')}</p>
    </OpenMenu>
  );
}
