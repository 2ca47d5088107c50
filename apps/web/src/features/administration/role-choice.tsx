import type { Role } from '@meldesync/protocol';
import { useTranslations } from 'use-intl';
import classes from './form.module.css';

interface RoleChoiceProps<Choice extends Role> {
  readonly legend: string;
  /** One for each group of choices in the document. */
  readonly name: string;
  readonly roles: readonly Choice[];
  readonly value: Choice;
  readonly onChange: (role: Choice) => void;
}

/** The roles in a form, each with what it may do. */
export function RoleChoice<Choice extends Role>({ legend, name, roles, value, onChange }: RoleChoiceProps<Choice>) {
  const t = useTranslations('administration.roles');
  const tShell = useTranslations('shell.roles');
  return (
    <fieldset className={classes.choices}>
      <legend className={classes.legend}>{legend}</legend>
      {roles.map((role) => {
        const word: Role = role;
        return (
          <label key={role} className={classes.choice}>
            <input type="radio" name={name} value={role} checked={role === value} onChange={() => onChange(role)} />
            {tShell(word)}
            <span className={classes.choiceText}>{t(word)}</span>
          </label>
        );
      })}
    </fieldset>
  );
}
