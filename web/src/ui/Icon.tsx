import type { ReactNode } from 'react';
import styles from './ui.module.css';

/** Strokes on a grid of 20; drawn for this page. */
const PATHS = {
  article: 'M4 3.5h9l3 3v10H4zM7 8.5h6M7 11.5h6M7 14h3.5',
  post: 'M3.5 4.5h13v9h-7l-3.5 3v-3H3.5z',
  job: 'M3 7h14v9.5H3zM7.5 7V4.5h5V7M3 11h14',
  member: 'M10 10a3.2 3.2 0 1 0 0-6.4A3.2 3.2 0 0 0 10 10zM3.8 16.8c.6-3 3-4.6 6.2-4.6s5.600 1.600 6.200 4.600',
  company: 'M4 16.500V4h7v12.500M11 8.500h5v8M2.500 16.500h15M6.500 7h2M6.500 10h2M6.500 13h2M13.500 11.500v0M13.500 14v0',
  group: 'M7 9.500a2.600 2.600 0 1 0 0-5.200 2.600 2.600 0 0 0 0 5.200zM13.500 10a2.200 2.200 0 1 0 0-4.400M2.500 15.500c.4-2.500 2.100-3.800 4.500-3.800s4.100 1.300 4.500 3.800M13.800 11.900c2.100.1 3.400 1.300 3.700 3.600',
  course: 'M2.500 7.500 10 4l7.500 3.500L10 11zM5.500 9.200v4c1.200 1.300 2.700 1.900 4.500 1.900s3.300-.6 4.500-1.900v-4M17.500 7.500v4.500',
  event: 'M3.500 5.500h13v11h-13zM3.500 9h13M7 3.500v3.500M13 3.500v3.500M7 12.500h2',
  like: 'M10 16.500S3.500 12.700 3.500 8.200A3.400 3.400 0 0 1 10 6.700a3.400 3.400 0 0 1 6.500 1.500c0 4.500-6.500 8.300-6.500 8.300z',
  save: 'M5.500 3.500h9v13L10 13l-4.500 3.500z',
  share: 'M8.500 11.500a3 3 0 0 0 4.300 0l2.600-2.600a3.050 3.050 0 0 0-4.300-4.300l-1 1M11.500 8.500a3 3 0 0 0-4.300 0l-2.600 2.600a3.050 3.050 0 0 0 4.300 4.300l1-1',
  hide: 'M3 3l14 14M8.200 5.200A7.600 7.600 0 0 1 10 5c4 0 6.600 3 7.500 5-.4.900-1.100 2-2.200 2.900M5.400 6.500C3.900 7.500 3 8.900 2.500 10c.9 2 3.500 5 7.500 5 1.200 0 2.300-.3 3.200-.7',
  notInterested: 'M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM5.200 5.200l9.600 9.600',
  why: 'M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM10 9.300v4M10 6.700v0',
  close: 'M5 5l10 10M15 5L5 15',
  external: 'M8 5H4.500v10.500H15V12M11 4.500h4.500V9M15 5l-6 6',
  spark: 'M10 3v3.500M10 13.500V17M3 10h3.500M13.500 10H17M5.200 5.200l2.300 2.300M12.500 12.500l2.300 2.300M14.800 5.200l-2.300 2.300M7.500 12.500l-2.300 2.300',
  settings: 'M3.500 6.500h6M13.500 6.500h3M11.500 4.500v4M3.500 13.500h3M10.500 13.500h6M8.500 11.500v4',
  keyboard: 'M2.500 5.500h15v9h-15zM5.500 8.500v0M8.500 8.500v0M11.500 8.500v0M14.500 8.500v0M6.500 11.700h7',
} as const;

export type IconName = keyof typeof PATHS;
export const isIcon = (name: string): name is IconName => Object.hasOwn(PATHS, name);

/** Always beside words, so hidden from screen readers. */
export const Icon = ({ name, filled = false }: { readonly name: IconName; readonly filled?: boolean }): ReactNode => (
  <svg className={styles['icon']} viewBox="0 0 20 20" aria-hidden="true" data-filled={filled || undefined}>
    <path d={PATHS[name]} />
  </svg>
);
