import { changeLanguage } from '../../i18n/provider.tsx';
import { usePreferences } from '../../preferences/preferences.ts';
import classes from './language-switch.module.css';

const LANGUAGES = [
  { code: 'de', name: 'Deutsch' },
  { code: 'en', name: 'English' },
] as const;

/** The languages, each by its own name. */
export function LanguageSwitch() {
  const { language } = usePreferences();
  return (
    <div className={classes.languages}>
      {LANGUAGES.map(({ code, name }) => (
        <button
          key={code}
          type="button"
          lang={code}
          aria-pressed={language === code}
          className={classes.language}
          onClick={() => void changeLanguage(code)}
        >
          {name}
        </button>
      ))}
    </div>
  );
}
