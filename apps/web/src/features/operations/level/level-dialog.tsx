import { Button } from '@mantine/core';
import { describeError, type OperationsLevel, type WantedLevel } from '@meldesync/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { api, errorCodeOf } from '../../../api/api.ts';
import { Dialog } from '../../../ui/dialog.tsx';
import { showMessage } from '../../../ui/messages.tsx';
import { operationsQuery } from '../operations-query.ts';
import classes from './level.module.css';

const CHOICES = ['automatic', 'reduced', 'minimal', 'manual'] as const satisfies readonly WantedLevel[];

/** Lets an admin set the level for everybody: first what it means, then that it is meant. */
export function LevelDialog({ level, onClose }: { level: OperationsLevel; onClose: () => void }) {
  const t = useTranslations('operations.level');
  const locale = useLocale();
  const queryClient = useQueryClient();
  const [wanted, setWanted] = useState<WantedLevel>(() => nowWanted(level));
  const [isBusy, setBusy] = useState(false);
  const nameOf = (choice: WantedLevel): string => t(choice === 'automatic' ? 'automatic' : `names.${choice}`);
  const set = async (): Promise<void> => {
    setBusy(true);
    try {
      await api().setLevel(wanted);
      await queryClient.invalidateQueries({ queryKey: operationsQuery.queryKey });
      showMessage({ message: t('done', { level: nameOf(wanted) }) });
    } catch (error) {
      showMessage({ color: 'red', title: t('failed'), message: describeError(errorCodeOf(error), locale) });
    }
    onClose();
  };
  return (
    <Dialog title={t('dialogTitle')} width={480} onClose={onClose} isSticky>
      <p>{t('dialogText')}</p>
      <fieldset className={classes.choices}>
        <legend className="visually-hidden">{t('choice')}</legend>
        {CHOICES.map((choice) => (
          <label key={choice} className={classes.choice}>
            <input
              type="radio"
              name="level"
              value={choice}
              checked={wanted === choice}
              data-autofocus={wanted === choice || undefined}
              onChange={() => setWanted(choice)}
            />
            {nameOf(choice)}
            <span className={classes.choiceText}>
              {choice === 'automatic' ? t('automaticText') : t(`texts.${choice}`)}
            </span>
          </label>
        ))}
      </fieldset>
      <div className={classes.buttons}>
        <Button variant="default" onClick={onClose}>
          {t('cancel')}
        </Button>
        <Button loading={isBusy} onClick={() => void set()}>
          {t('confirm')}
        </Button>
      </div>
    </Dialog>
  );
}

/** What holds now, as one would have chosen it. */
function nowWanted({ name, chosenBy }: OperationsLevel): WantedLevel {
  return chosenBy === 'measured' || name === 'normal' ? 'automatic' : name;
}
