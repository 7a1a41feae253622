/**
 * Why an item is there: codes inside, words at decoration in the viewer's locale. The wordings hold for everybody: no verb of theirs tells
 * the gender of the viewer, and one that would tell an actor's is said only where that actor states it, a noun standing in otherwise.
 */
import { COMMON } from '../words/common.ts';
import { listed, say, type Translated } from '../words/words.ts';

export const REASONS = {
  recent: { en: 'Recent', de: 'Neu', ar: 'حديث', ja: '新着' },
  popularNow: { en: 'Many people are reading this', de: 'Wird gerade viel gelesen', ar: 'يحظى بقراءات كثيرة الآن', ja: '多くの人が読んでいます' },
  likeWhatYouRead: { en: 'Close to what you have been reading', de: 'Ähnlich wie zuletzt Gelesenes', ar: 'قريب مما قرأته مؤخرًا', ja: '最近の閲覧内容に近いもの' },
  topicOfYours: { en: 'About a topic of yours', de: 'Zu einem Thema von Interesse', ar: 'عن موضوع من اهتماماتك', ja: '関心のあるトピック' },
  networkPosted: {
    en: '{actors} posted this', de: 'Beitrag von {actors}', ja: '{actors}が投稿',
    ar: '{gender, select, feminine {نشرت {actors} هذا} masculine {نشر {actors} هذا} other {منشور من {actors}}}',
  },
  networkShared: {
    en: '{actors} shared this', de: 'Geteilt von {actors}', ja: '{actors}がシェア',
    ar: '{gender, select, feminine {شاركت {actors} هذا} masculine {شارك {actors} هذا} other {مشاركة من {actors}}}',
  },
  networkLiked: { en: '{actors} liked this', de: 'Gefällt {actors}', ar: 'نال هذا إعجاب {actors}', ja: '{actors}が「いいね」' },
  networkCommented: {
    en: '{actors} commented on this', de: 'Kommentiert von {actors}', ja: '{actors}がコメント',
    ar: '{gender, select, feminine {علّقت {actors} على هذا} masculine {علّق {actors} على هذا} other {تعليق من {actors}}}',
  },
  jobMatchesSkills: { en: 'Asks for skills of yours', de: 'Passt zu Fähigkeiten im Profil', ar: 'تتطلب مهارات لديك', ja: 'お持ちのスキルが生かせる求人' },
  jobRecent: { en: 'New job', de: 'Neue Stelle', ar: 'وظيفة جديدة', ja: '新着求人' },
  mutualConnections: { en: 'Connected to {actors}', de: 'Vernetzt mit {actors}', ar: 'على تواصل مع {actors}', ja: '{actors}とつながっています' },
  sameCompany: { en: 'Works where you work', de: 'Arbeitet im selben Unternehmen', ar: 'في جهة العمل نفسها', ja: '同じ会社に勤務' },
  becauseOf: { en: 'Because of {actors}', de: 'Wegen {actors}', ar: 'بسبب {actors}', ja: '{actors}に基づくおすすめ' },
  fitsJourney: { en: 'Follows from what you did lately', de: 'Passt zu den letzten Aktivitäten', ar: 'بناءً على نشاطك الأخير', ja: '最近の活動に基づくおすすめ' },
  fitsProfile: { en: 'Suits your profile', de: 'Passt zum Profil', ar: 'استنادًا إلى ملفك الشخصي', ja: 'プロフィールに基づくおすすめ' },
  adjacentSkill: { en: 'Your {known} carries over to {asked}', de: '{known} ist eine gute Grundlage für {asked}', ar: 'خبرتك في {known} تفيد في {asked}', ja: '{known}の経験が{asked}に生かせます' },
  adjacentSkillOf: { en: 'Knows {asked}, close to your {known}', de: 'Kenntnisse in {asked}, verwandt mit {known}', ar: 'خبرة في {asked}، قريبة من خبرتك في {known}', ja: '{known}に近い{asked}のスキル' },
  promoted: COMMON.promoted,
  creatorOfYours: {
    en: '{actors} writes about what you work with', de: 'Beiträge von {actors} zu Themen im Profil', ja: '{actors}が仕事に関わるテーマで発信',
    ar: '{gender, select, feminine {تكتب {actors} عن مجال عملك} masculine {يكتب {actors} عن مجال عملك} other {كتابات من {actors} عن مجال عملك}}',
  },
  creatorYouRead: {
    en: '{actors} writes about what you have been reading', de: 'Beiträge von {actors} zu zuletzt gelesenen Themen', ja: '最近の閲覧テーマで{actors}が発信',
    ar: '{gender, select, feminine {تكتب {actors} عمّا قرأته مؤخرًا} masculine {يكتب {actors} عمّا قرأته مؤخرًا} other {كتابات من {actors} عمّا قرأته مؤخرًا}}',
  },
  newsOfFollowed: { en: 'About {actors}, which you follow', de: 'Über ein gefolgtes Unternehmen: {actors}', ar: 'عن {actors} من قائمة متابعاتك', ja: 'フォロー中の{actors}について' },
  newsOfEmployer: { en: 'About {actors}, where you work', de: 'Über {actors} (aktuelle Arbeitsstelle)', ar: 'عن {actors}، جهة عملك الحالية', ja: '勤務先の{actors}について' },
  newsOfFormer: { en: 'About {actors}, where you worked', de: 'Über {actors} (frühere Arbeitsstelle)', ar: 'عن {actors}، جهة عملك السابقة', ja: '以前の勤務先の{actors}について' },
  courseForJob: { en: 'Teaches what {actors} asks for', de: 'Vermittelt, was {actors} verlangt', ar: 'لتعلّم ما تتطلبه وظيفة {actors}', ja: '{actors}で求められる内容を学べます' },
  courseNext: { en: 'Teaches {asked}, a step from your {known}', de: 'Vermittelt {asked}, einen Schritt von {known} entfernt', ar: 'لتعلّم {asked}، على بُعد خطوة من خبرتك في {known}', ja: '{known}の次の一歩として{asked}を学べます' },
  connectionsAttend: { en: 'Attended by {actors}', de: 'Zugesagt: {actors}', ar: 'بحضور {actors}', ja: '{actors}が参加予定' },
  connectionsBelong: { en: 'Joined by {actors}', de: 'Beigetreten: {actors}', ar: 'بعضوية {actors}', ja: '{actors}が参加中' },
  sameSchool: { en: 'Studied where you studied', de: 'Gleiche Schule oder Hochschule', ar: 'في مؤسسة الدراسة نفسها', ja: '同じ学校の出身' },
  sameGroup: { en: 'In a group of yours', de: 'In einer gemeinsamen Gruppe', ar: 'في مجموعة مشتركة', ja: '同じグループに参加中' },
  samePlace: { en: 'Lives where you live', de: 'Wohnt am selben Ort', ar: 'في مكان الإقامة نفسه', ja: '同じ地域に在住' },
  sameRole: { en: 'In a role like yours', de: 'In einer ähnlichen Position', ar: 'في دور وظيفي مشابه', ja: '近い職種' },
  connectionsFollow: { en: 'Followed by {actors}', de: 'Gefolgt von {actors}', ar: 'ضمن متابعات {actors}', ja: '{actors}がフォロー中' },
  connectionsSubscribe: { en: 'Read by {actors}', de: 'Gelesen von {actors}', ar: 'ضمن اشتراكات {actors}', ja: '{actors}が購読中' },
  /** Of a cohort that says nothing else of a card: its heading says why. */
  suggested: { en: 'Suggested for you', de: 'Ein Vorschlag', ar: 'اقتراح لك', ja: 'おすすめ' },
} as const satisfies Record<string, Translated>;
export type ReasonCode = keyof typeof REASONS;

/** What is said where nobody gave the skills that a reason speaks of. */
export const UNNAMED: Readonly<Partial<Record<ReasonCode, Translated>>> = {
  adjacentSkill: { en: 'Your skills carry over to it', de: 'Vorhandene Fähigkeiten sind eine gute Grundlage', ar: 'مهاراتك الحالية مفيدة هنا', ja: 'お持ちのスキルが生かせます' },
  adjacentSkillOf: { en: 'Has skills close to yours', de: 'Ähnliche Fähigkeiten', ar: 'مهارات قريبة من مهاراتك', ja: '近いスキルの持ち主' },
  courseNext: { en: 'A step from skills of yours', de: 'Nur einen Schritt von vorhandenen Fähigkeiten entfernt', ar: 'على بُعد خطوة من مهاراتك', ja: 'お持ちのスキルの次の一歩' },
};

/** Numbers are written to disk: append only. */
export const REASON_CODES = Object.keys(REASONS) as readonly ReasonCode[];
const numbers = new Map(REASON_CODES.map((code, number) => [code, number]));
export const reasonNumber = (code: ReasonCode): number => numbers.get(code) ?? 0;

/** The title of an item that a sentence names as one would a person. */
const QUOTED: Translated = { en: '“{title}”', de: '„{title}“', ar: '«{title}»', ja: '「{title}」' };
export const quoted = (title: string, locale: string): string => say(QUOTED, locale, { title });

/** Who and what a reason speaks of, as they are shown: names of actors, how many they are, skills (the viewer's own and the one that it leads to). */
export interface Spoken {
  readonly names: readonly string[];
  readonly total: number;
  readonly terms: readonly string[];
  /** Stated by an actor who is the only one; never guessed. */
  readonly gender?: string | undefined;
}

/** The reason in the viewer's locale. */
export const reasonText = (code: ReasonCode, { names, total, terms, gender }: Spoken, locale: string): string => {
  const [known, asked] = terms;
  const unnamed = UNNAMED[code];
  if (unnamed !== undefined && (known === undefined || asked === undefined)) return say(unnamed, locale);
  return say(REASONS[code], locale, { actors: listed(names, total, locale), known: known ?? '', asked: asked ?? '', gender: total > 1 ? 'other' : gender ?? 'other' });
};
