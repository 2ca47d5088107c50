export { type Program, SETTINGS } from './catalogue.mjs';
export type { GroupRole } from './group-roles.ts';
export { readSettings, type SettingsOf } from './read-settings.ts';
export { settingsOrExit, WRONG_CONFIG } from './settings-or-exit.ts';
export { type SettingProblem, WrongSettings } from './wrong-settings.ts';
