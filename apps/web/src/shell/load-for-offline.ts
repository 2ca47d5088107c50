/**
 * Loads what someone may need while the service cannot be reached, or once a newer version has taken the place of this
 * one there: editors, the panel, menus, dialogs, pages. What does not come now is loaded when it is opened.
 */
export async function loadForOffline(): Promise<void> {
  await Promise.allSettled([
    import('../features/cases/editors/text-popover.tsx'),
    import('../features/cases/editors/person-picker.tsx'),
    import('../features/cases/panel/case-panel.tsx'),
    import('../features/cases/bulk/bulk-bar.tsx'),
    import('../features/conflicts/conflict-dialog.tsx'),
    import('./connection-details.tsx'),
    import('./account-menu-items.tsx'),
    import('./workspace-menu-items.tsx'),
    import('./help-dialog.tsx'),
    import('../features/presence/people-list.tsx'),
    import('../features/locks/take-away-dialog.tsx'),
    import('../pages/account/account-page.tsx'),
    import('../pages/imports/imports-page.tsx'),
    import('../features/sign-in/sign-in-dialog.tsx'),
    import('@mantine/notifications'),
  ]);
}
