import { Popover } from '@mantine/core';
import { CONTENT_ID } from '../../../ui/page-main.tsx';
import classes from './editors.module.css';
import { TextArea } from './text-area.tsx';
import type { Draft } from './use-draft.ts';

export interface TextPopoverProps {
  readonly label: string;
  readonly draft: Draft;
}

/** The text of a whole case in a field of its own beside the cell. */
export function TextPopover({ label, draft }: TextPopoverProps) {
  return (
    <Popover
      opened
      position="bottom-start"
      width={340}
      shadow="md"
      offset={2}
      closeOnEscape={false}
      closeOnClickOutside={false}
      withRoles={false}
      portalProps={{ target: `#${CONTENT_ID}` }}
    >
      <Popover.Target>
        <span className={classes.anchor} />
      </Popover.Target>
      <Popover.Dropdown className={classes.popover ?? ''} role="dialog" aria-label={label}>
        <TextArea label={label} draft={draft} />
      </Popover.Dropdown>
    </Popover>
  );
}
