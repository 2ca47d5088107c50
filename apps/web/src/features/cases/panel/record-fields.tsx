import { ANNOTATION_FIELDS, type AnnotationField, isOfKind } from '@meldesync/domain';
import { roleAllows } from '@meldesync/protocol';
import { useTranslations } from 'use-intl';
import { useRole } from '../../../sync/use-connection.ts';
import classes from './case-panel.module.css';
import type { PanelFieldProps } from './panel-field.ts';
import { PersonField } from './person-field.tsx';
import { TextField } from './text-field.tsx';

/** What people noted on one record: in the panel each half is edited for itself. */
export function RecordFields(props: Omit<PanelFieldProps<AnnotationField>, 'field' | 'mayEdit'>) {
  const tShell = useTranslations('shell');
  const mayEdit = roleAllows(useRole(), 'editor');
  return (
    <div className={classes.editable}>
      {mayEdit ? null : <p className={classes.locked}>{tShell('viewerReason')}</p>}
      {ANNOTATION_FIELDS.map((field) =>
        isOfKind(field, 'person') ? (
          <PersonField key={field} field={field} mayEdit={mayEdit} {...props} />
        ) : (
          <TextField key={field} field={field} mayEdit={mayEdit} {...props} />
        ),
      )}
    </div>
  );
}
