/** The part of the page that changes while a run goes on, and the line that tells it to those who do not see it. */
export const LIVE_ID = 'live';
export const STATUS_ID = 'live-status';

const EVERY_MS = 3000;

/** What somebody opened stays open. */
const keepOpen = (from: Element, to: Element): void => {
  const before = [...from.querySelectorAll('details')];
  [...to.querySelectorAll('details')].forEach((details, i) => { details.open = before[i]?.open ?? false; });
};

/** Puts the same part of another copy of the page in its place. @returns whether the run still goes on there */
export const takeOver = (page: Document, copy: Document): boolean => {
  const [here, there] = [page.getElementById(LIVE_ID), copy.getElementById(LIVE_ID)];
  if (here === null || there === null) return false;
  keepOpen(here, there);
  here.replaceChildren(...there.childNodes);
  const [said, says] = [page.getElementById(STATUS_ID), copy.getElementById(STATUS_ID)];
  // Said again only where it says something new.
  if (said !== null && says !== null && said.textContent !== says.textContent) said.textContent = says.textContent;
  return true;
};

/** Asks for the page again and again while its run goes on; at its end the whole page is loaded anew, with the model that came of it. */
export const keepCurrent = (page: Document, ask: () => Promise<Response>): void => {
  if (page.getElementById(LIVE_ID) === null) return;
  const again = async (): Promise<void> => {
    try {
      const answer = await ask();
      if (answer.ok && !takeOver(page, new DOMParser().parseFromString(await answer.text(), 'text/html'))) {
        page.location.reload();
        return;
      }
    } catch { /* the server is away for a moment; what is shown stays */ }
    setTimeout(() => { void again(); }, EVERY_MS);
  };
  setTimeout(() => { void again(); }, EVERY_MS);
};
