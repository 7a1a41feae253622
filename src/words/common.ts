/** What cards and pages of every kind say. */
import type { Translated } from './words.ts';

/** Counts are `count`; a moment is `date` in Unix milliseconds. Arabic counts persons by nouns that hold for everybody. */
export const COMMON = {
  seeAll: { en: 'See all ({count, number})', de: 'Alle anzeigen ({count, number})', ar: 'عرض الكل ({count, number})', ja: 'すべて表示（{count, number}）' },
  undo: { en: 'Undo', de: 'Rückgängig', ar: 'تراجع', ja: '元に戻す' },
  dismissed: { en: '{name} will not be suggested again', de: '{name} wird nicht mehr vorgeschlagen', ar: 'لن يتكرر اقتراح {name}', ja: '{name}は今後おすすめに表示されません' },
  more: { en: 'More', de: 'Mehr', ar: 'المزيد', ja: 'もっと見る' },
  mutualConnections: {
    en: '{count, plural, one {# mutual connection} other {# mutual connections}}', de: '{count, plural, one {# gemeinsamer Kontakt} other {# gemeinsame Kontakte}}',
    ar: '{count, plural, zero {لا جهات اتصال مشتركة} one {جهة اتصال مشتركة واحدة} two {جهتا اتصال مشتركتان} few {# جهات اتصال مشتركة} many {# جهة اتصال مشتركة} other {# جهة اتصال مشتركة}}',
    ja: '{count, plural, other {共通のつながり#人}}',
  },
  followers: {
    en: '{count, plural, one {# follower} other {# followers}}', de: '{count, plural, one {# Person folgt} other {# Personen folgen}}',
    ar: '{count, plural, zero {لا متابعة بعد} one {متابعة من شخص واحد} two {متابعة من شخصين} few {متابعة من # أشخاص} many {متابعة من # شخصًا} other {متابعة من # شخص}}',
    ja: '{count, plural, other {フォロワー#人}}',
  },
  members: {
    en: '{count, plural, one {# member} other {# members}}', de: '{count, plural, one {# Mitglied} other {# Mitglieder}}',
    ar: '{count, plural, zero {لا أعضاء بعد} one {عضو واحد} two {عضوان} few {# أعضاء} many {# عضوًا} other {# عضو}}', ja: '{count, plural, other {メンバー#人}}',
  },
  attendees: {
    en: '{count, plural, one {# attendee} other {# attendees}}', de: '{count, plural, one {# Zusage} other {# Zusagen}}',
    ar: '{count, plural, zero {لا حضور بعد} one {حضور شخص واحد} two {حضور شخصين} few {حضور # أشخاص} many {حضور # شخصًا} other {حضور # شخص}}', ja: '{count, plural, other {参加予定#人}}',
  },
  subscribers: {
    en: '{count, plural, one {# subscriber} other {# subscribers}}', de: '{count, plural, one {# Abonnement} other {# Abonnements}}',
    ar: '{count, plural, zero {لا اشتراكات بعد} one {اشتراك واحد} two {اشتراكان} few {# اشتراكات} many {# اشتراكًا} other {# اشتراك}}', ja: '{count, plural, other {購読者#人}}',
  },
  // `names` are a list, as `listed` makes it.
  connectedTo: { en: 'Connected to {names}', de: 'Vernetzt mit {names}', ar: 'على تواصل مع {names}', ja: '{names}とつながっています' },
  followedBy: { en: 'Followed by {names}', de: 'Gefolgt von {names}', ar: 'ضمن متابعات {names}', ja: '{names}がフォロー中' },
  joinedBy: { en: 'Joined by {names}', de: 'Beigetreten: {names}', ar: 'بعضوية {names}', ja: '{names}が参加中' },
  attendedBy: { en: 'Attended by {names}', de: 'Zugesagt: {names}', ar: 'بحضور {names}', ja: '{names}が参加予定' },
  subscribedBy: { en: 'Read by {names}', de: 'Gelesen von {names}', ar: 'ضمن اشتراكات {names}', ja: '{names}が購読中' },
  startsOn: { en: 'Starts {date, date, medium}', de: 'Beginnt am {date, date, medium}', ar: 'موعد البدء: {date, date, medium}', ja: '{date, date, medium}開始' },
  promoted: { en: 'Promoted', de: 'Anzeige', ar: 'إعلان مموَّل', ja: 'プロモーション' },
  nothingHere: { en: 'Nothing here yet', de: 'Hier ist noch nichts', ar: 'لا يوجد شيء هنا بعد', ja: 'まだ何もありません' },
  partlyMissing: { en: 'Some suggestions could not be loaded', de: 'Einige Vorschläge konnten nicht geladen werden', ar: 'تعذّر تحميل بعض الاقتراحات', ja: '一部のおすすめを読み込めませんでした' },
} as const satisfies Record<string, Translated>;
