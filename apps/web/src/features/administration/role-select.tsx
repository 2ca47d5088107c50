import { NativeSelect } from '@mantine/core';
import type { Role } from '@meldesync/protocol';
import { useTranslations } from 'use-intl';

interface RoleSelectProps {
  readonly value: Role;
  readonly label: string;
  readonly roles: readonly Role[];
  readonly isDisabled?: boolean;
  readonly onChange: (role: Role) => void;
}

/** The role of somebody in a row of a table. */
export function RoleSelect({ value, label, roles, isDisabled = false, onChange }: RoleSelectProps) {
  const t = useTranslations('shell.roles');
  const choose = (chosen: string): void => {
    const role = roles.find((name) => name === chosen);
    if (role) onChange(role);
  };
  return (
    <NativeSelect
      size="xs"
      aria-label={label}
      value={value}
      disabled={isDisabled}
      onChange={(event) => choose(event.currentTarget.value)}
      data={roles.map((name) => ({ value: name, label: t(name) }))}
    />
  );
}
