import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { MenuContentProps } from '../../../ui/menu-button.tsx';
import { OpenPopover } from '../../../ui/open-popover.tsx';
import classes from './filters.module.css';
import { useTrailFilter } from './trail-filter.ts';

/** Of which case: by its id as it is, or was. */
export function CaseFilter({ label, onClose }: MenuContentProps) {
  const t = useTranslations('audit.filters');
  const { caseId, setCaseId } = useTrailFilter();
  const [written, setWritten] = useState(caseId);
  return (
    <OpenPopover label={label} onClose={onClose} width={290} position="bottom-start">
      <form
        className={classes.case}
        onSubmit={(event) => {
          event.preventDefault();
          setCaseId(written.trim());
          onClose();
        }}
      >
        <TextInput
          size="xs"
          label={t('caseLabel')}
          description={t('caseText')}
          autoComplete="off"
          spellCheck={false}
          maxLength={200}
          data-autofocus
          value={written}
          onChange={(event) => setWritten(event.currentTarget.value)}
        />
        <Button type="submit" size="xs">
          {t('caseApply')}
        </Button>
      </form>
    </OpenPopover>
  );
}
