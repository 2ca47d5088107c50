import { lookWhoIsSignedIn } from '../../api/ask-who-is-signed-in.ts';
import { ANOTHER_PERSON, leavePage, SIGN_IN } from '../../api/leave-page.ts';
import { isPageOf, personOfPage } from '../../api/page-person.ts';
import { onSessionNews, toldPerson } from '../../api/session-news.ts';

/**
 * Leaves the page as soon as its person has signed out in this browser, or another has signed in: when another page tells, and when
 * somebody looks at this one, where the service is asked too. Meant to be called once; it lasts as long as the page.
 */
export function watchSession(): void {
  const look = (): void => {
    const person = toldPerson();
    if (personOfPage() === null || person === undefined) return;
    if (person === null) void leavePage(SIGN_IN);
    else if (!isPageOf(person)) void leavePage(ANOTHER_PERSON);
  };
  const lookAndAsk = (): void => {
    look();
    if (personOfPage() === null || document.visibilityState !== 'visible') return;
    lookWhoIsSignedIn();
  };
  onSessionNews(look);
  for (const type of ['focus', 'pageshow']) addEventListener(type, lookAndAsk);
  document.addEventListener('visibilitychange', lookAndAsk);
}
