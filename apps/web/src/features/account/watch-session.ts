import { lookWhoIsSignedIn } from '../../api/ask-who-is-signed-in.ts';
import { ANOTHER_PERSON, isPageLeft, leavePage, SIGN_IN } from '../../api/leave-page.ts';
import { personOfPage } from '../../api/page-person.ts';
import { hasSignedOut, onSessionNews, toldPerson } from '../../api/session-news.ts';

/**
 * Leaves the page as soon as its person has signed out in this browser, or another has signed in: when another page tells, and when
 * somebody looks at this one, where the service is asked too. While a browser has put the page aside it shows nothing, so that it does not
 * before that was looked at. Meant to be called once; it lasts as long as the page.
 */
export function watchSession(): void {
  const look = (): void => {
    const own = personOfPage();
    if (own === null) return;
    const person = toldPerson();
    if (hasSignedOut(own)) void leavePage(SIGN_IN);
    else if (typeof person === 'string' && person !== own) void leavePage(ANOTHER_PERSON);
  };
  const lookAndAsk = (): void => {
    look();
    if (!isPageLeft()) showPage();
    if (personOfPage() === null || document.visibilityState !== 'visible') return;
    void lookWhoIsSignedIn();
  };
  onSessionNews(look);
  for (const type of ['focus', 'pageshow']) addEventListener(type, lookAndAsk);
  for (const type of ['visibilitychange', 'resume']) document.addEventListener(type, lookAndAsk);
  addEventListener('pagehide', hidePage);
  document.addEventListener('freeze', hidePage);
}

function hidePage(): void {
  const { style } = document.documentElement;
  // Unlike visibility, nothing inside can have it otherwise; and at once, for a page in the background moves nothing.
  style.setProperty('transition', 'none', 'important');
  style.setProperty('opacity', '0');
}

function showPage(): void {
  for (const property of ['transition', 'opacity']) document.documentElement.style.removeProperty(property);
}
