import { Button, TextInput } from '@mantine/core';
import { useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { Form } from '../../ui/form.tsx';
import classes from './device-page.module.css';

/** As many letters as a code has. */
const CODE_LETTERS = 8;

/** Takes the code that a terminal shows, typed with or without its dash. */
export function CodeForm({ onEntered }: { onEntered: (code: string) => void }) {
  const t = useTranslations('device');
  const inputRef = useRef<HTMLInputElement>(null);
  const [isIncomplete, setIsIncomplete] = useState(false);
  const submit = (): void => {
    const code = inputRef.current?.value ?? '';
    if (code.replace(/[^a-z]/gi, '').length === CODE_LETTERS) onEntered(code);
    else setIsIncomplete(true);
  };
  return (
    <Form className={classes.form} onSubmit={submit} onChangeOf={() => setIsIncomplete(false)} isMain>
      <TextInput
        ref={inputRef}
        name="code"
        label={t('code')}
        description={t('codeHint')}
        error={isIncomplete ? t('codeIncomplete') : null}
        classNames={{ input: classes.code ?? '' }}
        autoComplete="one-time-code"
        autoCapitalize="characters"
        spellCheck={false}
        maxLength={20}
        size="sm"
      />
      <Button type="submit" size="sm" fullWidth>
        {t('goOn')}
      </Button>
    </Form>
  );
}
