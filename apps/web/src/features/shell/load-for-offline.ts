/**
 * Loads what someone may need while the service cannot be reached, or once a newer version has taken the place of this
 * one there: editors, the panel, menus, dialogs, pages. What does not come now is loaded when it is opened.
 */
export async function loadForOffline(): Promise<void> {
  await Promise.allSettled([
    import('../cases/editors/note-popover.tsx'),
    import('../cases/editors/person-picker.tsx'),
    import('../cases/panel/case-panel.tsx'),
    import('../cases/bulk/bulk-bar.tsx'),
    import('../conflicts/conflict-dialog.tsx'),
    import('./connection-details.tsx'),
    import('./account-menu-items.tsx'),
    import('./workspace-menu-items.tsx'),
    import('./help-dialog.tsx'),
    import('../presence/people-list.tsx'),
    import('../locks/take-away-dialog.tsx'),
    import('../account/account-page.tsx'),
    import('../imports/imports-page.tsx'),
    import('../sign-in/sign-in-dialog.tsx'),
    import('@mantine/notifications'),
  ]);
}
