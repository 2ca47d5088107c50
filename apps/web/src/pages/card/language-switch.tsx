import { useChangeLanguage } from '../../features/account/use-change-language.ts';
import { usePreferences } from '../../preferences/preferences.ts';
import classes from './language-switch.module.css';

const LANGUAGES = [
  { code: 'de', name: 'Deutsch' },
  { code: 'en', name: 'English' },
] as const;

/** The languages, each by its own name. */
export function LanguageSwitch() {
  const { language } = usePreferences();
  const changeLanguage = useChangeLanguage();
  return (
    <div className={classes.languages}>
      {LANGUAGES.map(({ code, name }) => (
        <button
          key={code}
          type="button"
          lang={code}
          aria-pressed={language === code}
          className={classes.language}
          onClick={() => changeLanguage(code)}
        >
          {name}
        </button>
      ))}
    </div>
  );
}
