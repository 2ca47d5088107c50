const KEY = 'meldesync.workspace';

/** Id of the workspace this browser had open last, null when none is known. */
export function lastWorkspace(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    // Without storage the first workspace opens.
    return null;
  }
}

export function rememberWorkspace(id: string): void {
  try {
    localStorage.setItem(KEY, id);
  } catch (error) {
    console.warn('The workspace will not be remembered; storage refuses it:', error);
  }
}
