import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { isTyping } from '../../ui/is-typing.ts';
import { type Command, type DriveEvent, drivenOn, isCommand, UNTOUCHED } from './drive.ts';

/** What the page knows of how someone works with it. Nothing is drawn by it: it is asked when a key comes. */
export interface PageDrive {
  isCommand(command: Command): boolean;
  /** Whether a field is open for writing, wherever the focus is. */
  isWriting(): boolean;
  tell(event: DriveEvent): void;
  /** Tells that the focus came to the list, and whether the tab key brought it. */
  arrive(): void;
  /** Listens to a window for as long as there is a list to write in; returns what ends that, and forgets what it heard. */
  watch(window: Window): () => void;
}

function createPageDrive(): PageDrive {
  let drive = UNTOUCHED;
  let isTabbing = false;
  const tell = (event: DriveEvent): void => {
    drive = drivenOn(drive, event);
  };
  const onPress = (): void => {
    isTabbing = false;
    tell('press');
  };
  const onKey = (event: KeyboardEvent): void => {
    const isText = isTyping(event.target);
    isTabbing = event.key === 'Tab' && !isText;
    if (event.key === 'Escape') tell('rest');
    else if (!isText && isLetter(event)) tell('type');
  };
  return {
    isCommand: (command) => isCommand(drive, command),
    isWriting: () => drive.by === 'field',
    tell,
    arrive: () => tell(isTabbing ? 'walk' : 'arrive'),
    watch(window) {
      window.addEventListener('pointerdown', onPress, { capture: true });
      window.addEventListener('keydown', onKey, { capture: true });
      return () => {
        window.removeEventListener('pointerdown', onPress, { capture: true });
        window.removeEventListener('keydown', onKey, { capture: true });
        drive = UNTOUCHED;
      };
    },
  };
}

function isLetter({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  return !ctrlKey && !metaKey && !altKey && /^[\p{L}\p{N}]$/u.test(key);
}

const DriveContext = createContext<PageDrive | null>(null);

/** Knows how someone works with the pages of a workspace. */
export function DriveProvider({ children }: { children: ReactNode }) {
  const [drive] = useState(createPageDrive);
  return <DriveContext value={drive}>{children}</DriveContext>;
}

/** For the page with the list. On others a press leads nowhere where one would write, and letters lead on. */
export function useWatchedDrive(): void {
  const drive = useDrive();
  useEffect(() => drive.watch(window), [drive]);
}

export function useDrive(): PageDrive {
  const drive = useContext(DriveContext);
  if (!drive) throw new Error('useDrive is used outside of a DriveProvider');
  return drive;
}
