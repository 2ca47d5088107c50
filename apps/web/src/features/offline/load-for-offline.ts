/**
 * Loads what someone may need while the service cannot be reached: editors, the panel, the dialogs. What does not come
 * now is loaded when it is opened.
 */
export async function loadForOffline(): Promise<void> {
  await Promise.allSettled([
    import('../cases/editors/note-popover.tsx'),
    import('../cases/editors/assignee-picker.tsx'),
    import('../cases/panel/case-panel.tsx'),
    import('../cases/bulk-bar.tsx'),
    import('../conflicts/conflict-dialog.tsx'),
    import('../shell/connection-details.tsx'),
    import('../sign-in/sign-in-dialog.tsx'),
    import('@mantine/notifications'),
  ]);
}
