const TAG = /^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,4}$/;
export const DEFAULT_LOCALE = 'en';

/** The first language of an Accept-Language header; browsers send the reader's own first. */
export const localeOf = (header: string | undefined): string => {
  if (header === undefined) return DEFAULT_LOCALE;
  const comma = header.indexOf(',');
  const first = comma < 0 ? header : header.slice(0, comma);
  const semicolon = first.indexOf(';');
  const tag = (semicolon < 0 ? first : first.slice(0, semicolon)).trim();
  return TAG.test(tag) ? tag : DEFAULT_LOCALE;
};
