/** Numbers as the console writes them. */
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

export const figure = (value: number): string => {
  if (Number.isInteger(value)) return String(value);
  return Math.abs(value) >= 0.001 ? value.toFixed(4) : value.toExponential(1);
};

export const count = (value: number, locale: string): string => new Intl.NumberFormat(locale, { maximumFractionDigits: 0 }).format(value);

/** "42 s", "3 min 5 s", "2 h 10 min". */
export const duration = (ms: number): string => {
  const seconds = Math.round(ms / 1000);
  if (ms < MINUTE_MS) return `${seconds} s`;
  if (ms < HOUR_MS) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor(seconds / 60) % 60} min`;
};

export const bytes = (value: number): string => (value < 1024 * 1024 ? `${Math.max(1, Math.round(value / 1024))} KB` : `${(value / 1024 / 1024).toFixed(1)} MB`);

export const moment = (time: string, locale: string): string =>
  `${new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' }).format(new Date(time))} UTC`;
