import { Button, TextInput } from '@mantine/core';
import { type LimitRole, limitRole } from '@meldesync/protocol';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { administrationApi } from '../../../api/administration.ts';
import { Dialog } from '../../../ui/dialog.tsx';
import { Form } from '../../../ui/form.tsx';
import { showMessage } from '../../../ui/messages.tsx';
import classes from '../form.module.css';
import { ProblemNote } from '../problem-note.tsx';
import { RoleChoice } from '../role-choice.tsx';
import { useAct } from '../use-act.ts';

/** Makes an account for a program. */
export function NewServiceDialog({ workspace, onClose }: { workspace: string; onClose: () => void }) {
  const t = useTranslations('administration.services');
  const tAll = useTranslations('administration');
  const act = useAct();
  const [name, setName] = useState('');
  const [role, setRole] = useState<LimitRole>('editor');
  const submit = async (): Promise<void> => {
    if (name.trim() === '') {
      act.refuse('name-invalid');
      return;
    }
    if (!(await act.run(() => administrationApi().createServiceAccount(workspace, { name, role })))) return;
    showMessage({ message: t('created', { name }) });
    onClose();
  };
  return (
    <Dialog title={t('title')} width={460} onClose={onClose} isSticky>
      <ProblemNote problem={act.problem} />
      <Form className={classes.form} onSubmit={submit}>
        <TextInput
          label={tAll('name')}
          description={t('nameText')}
          value={name}
          required
          withAsterisk={false}
          autoComplete="off"
          data-autofocus
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <RoleChoice
          legend={t('roleText')}
          name="role-of-service"
          roles={limitRole.options}
          value={role}
          onChange={setRole}
        />
        <div className={classes.buttons}>
          <Button variant="default" onClick={onClose}>
            {tAll('cancel')}
          </Button>
          <Button type="submit" loading={act.isBusy}>
            {t('submit')}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
