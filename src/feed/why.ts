/** What made an item stand where it stands, told to the member in their language. */
import { joined, say, type Translated } from '../words/words.ts';

/** Each is a clause in English and German, a noun phrase in Arabic and Japanese: they stand in a list, after `FRAMES.mostly`. */
const CAUSES = {
  new: { en: 'it is new', de: 'es neu ist', ar: 'حداثة النشر', ja: '新しいこと' },
  recent: { en: 'it is recent', de: 'es aktuell ist', ar: 'قرب تاريخ النشر', ja: '公開から間もないこと' },
  readNow: { en: 'people are reading it right now', de: 'es in diesem Augenblick gelesen wird', ar: 'قراءته في هذه اللحظة', ja: '今まさに読まれていること' },
  manyNow: { en: 'many people are reading it now', de: 'es gerade viel gelesen wird', ar: 'كثرة قراءته الآن', ja: '今多くの人に読まれていること' },
  manyToday: { en: 'many people are reading it today', de: 'es heute viel gelesen wird', ar: 'كثرة قراءته اليوم', ja: '今日多くの人に読まれていること' },
  manyThisWeek: { en: 'it was read by many this week', de: 'es diese Woche viel gelesen wurde', ar: 'كثرة قراءته هذا الأسبوع', ja: '今週多くの人に読まれたこと' },
  respond: { en: 'people respond to it', de: 'es Resonanz findet', ar: 'كثرة التفاعل معه', ja: '反響があること' },
  manyRead: { en: 'many people have read it', de: 'es viel gelesen wurde', ar: 'كثرة قراءته', ja: '多くの人に読まれたこと' },
  opened: { en: 'those who see it tend to open it', de: 'es oft geöffnet wird, wo es erscheint', ar: 'كثرة فتحه عند ظهوره', ja: '表示されるとよく開かれること' },
  profileTopics: { en: 'it is about topics on your profile', de: 'es von Themen im Profil handelt', ar: 'تناوله موضوعات في ملفك الشخصي', ja: 'プロフィールのトピックに関するものであること' },
  company: { en: 'it concerns your company', de: 'es das eigene Unternehmen betrifft', ar: 'صلته بجهة عملك', ja: '勤務先に関するものであること' },
  recentTopics: { en: 'you have been reading about its topics', de: 'es von zuletzt gelesenen Themen handelt', ar: 'قراءاتك الأخيرة في موضوعاته', ja: '最近読まれたトピックに関するものであること' },
  kind: { en: 'you often open things of its kind', de: 'Inhalte dieser Art oft geöffnet werden', ar: 'اعتيادك فتح هذا النوع', ja: 'この種類のものをよく開かれること' },
  maker: { en: 'you respond to what its author makes', de: 'frühere Inhalte aus derselben Quelle Anklang fanden', ar: 'تفاعلك مع ما يأتي من المصدر نفسه', ja: '同じ作成者の投稿によく反応されること' },
  samePerson: { en: 'you read what the same person brings', de: 'Inhalte aus derselben Quelle gelesen werden', ar: 'قراءتك لما يأتي من المصدر نفسه', ja: '同じ作成者の投稿をよく読まれること' },
  tied: { en: 'you are tied to its author', de: 'eine Verbindung zur Quelle besteht', ar: 'صلتك بمصدره', ja: '作成者とつながりがあること' },
  neighbours: { en: 'people who read what you read also read it', de: 'es oft zusammen mit Gelesenem gelesen wird', ar: 'كثرة قراءته مع ما قرأته', ja: '同じものを読む人に読まれていること' },
  journey: { en: 'it follows from what you did before', de: 'es an frühere Aktivitäten anknüpft', ar: 'صلته بنشاطك السابق', ja: 'これまでの活動につながること' },
  habits: { en: 'it suits your reading habits', de: 'es zu den Lesegewohnheiten passt', ar: 'ملاءمته عاداتك في القراءة', ja: '読む習慣に合うこと' },
  nearLast: { en: 'it came at about the same time as what you just read', de: 'es etwa zur selben Zeit erschien wie zuletzt Gelesenes', ar: 'صدوره في وقت قريب مما قرأته للتو', ja: '直前に読まれたものと同じ頃に公開されたこと' },
  network: { en: 'people you know have to do with it', de: 'Personen aus dem Netzwerk damit zu tun haben', ar: 'صلته بأشخاص من شبكتك', ja: 'つながりのある人が関わっていること' },
  jobSkills: { en: 'it asks for skills of yours', de: 'vorhandene Fähigkeiten gefragt sind', ar: 'طلبه مهارات لديك', ja: 'お持ちのスキルが求められていること' },
  mutual: { en: 'you have connections in common', de: 'es gemeinsame Kontakte gibt', ar: 'وجود جهات اتصال مشتركة', ja: '共通のつながりがあること' },
  interests: { en: 'it suits your interests', de: 'es zu den Interessen passt', ar: 'ملاءمته اهتماماتك', ja: '関心に合うこと' },
} as const satisfies Record<string, Translated>;

/** Features by the cause that they stand for. A feature without one is not mentioned. */
const CAUSE_OF: Readonly<Record<string, keyof typeof CAUSES>> = {
  fresh6h: 'new', newest: 'new', fresh36h: 'recent', logAgeHours: 'recent', logNewer: 'recent',
  touches10m: 'readNow', touches1h: 'manyNow', trend: 'manyNow', touches6h: 'manyToday', touches1d: 'manyToday',
  touches7d: 'manyThisWeek', strong1d: 'respond', people: 'manyRead', pace: 'manyRead', responseRate: 'opened', responseRate1d: 'opened',
  declaredTopics: 'profileTopics', sameCompany: 'company', recentTopics: 'recentTopics', kindShare: 'kind',
  recentMaker: 'maker', makerShare: 'samePerson', logMaker: 'samePerson', tiedToMaker: 'tied', neighbours: 'neighbours', logNeighbours: 'neighbours',
  'journeyFit': 'journey', 'score:journey': 'journey', 'from:journey': 'journey', 'ageHabit': 'habits', 'rankHabit': 'habits', 'popularityHabit': 'habits', 'nearLast': 'nearLast',
  'score:network': 'network', 'from:network': 'network', 'score:jobs': 'jobSkills', 'from:jobs': 'jobSkills', 'score:people': 'mutual', 'from:people': 'mutual', 'score:news': 'interests',
};

const FRAMES = {
  because: { en: 'You see this because: {reason}.', de: 'Grund: {reason}.', ar: 'سبب الظهور: {reason}.', ja: '表示の理由：{reason}。' },
  recentFirst: { en: 'You asked for the most recent first.', de: 'Gewählt ist die zeitliche Reihenfolge, Neuestes zuerst.', ar: 'الترتيب المختار هو الأحدث أولًا.', ja: '新しい順が選択されています。' },
  nothingUsed: { en: 'Nothing of your profile or activity decided its place.', de: 'Profil und Aktivitäten haben den Platz nicht beeinflusst.', ar: 'لم يؤثر ملفك الشخصي ولا نشاطك في موضعه.', ja: 'プロフィールや活動は表示順に影響していません。' },
  atRandom: {
    en: 'Its place was chosen at random, which we do now and then to learn what people like.', de: 'Der Platz wurde zufällig gewählt, was ab und zu geschieht, um zu erfahren, was gefällt.',
    ar: 'اختير موضعه عشوائيًا، وهو ما نفعله من حين إلى آخر لمعرفة ما ينال الإعجاب.', ja: '表示位置はランダムに選ばれました。好まれるものを知るため、時々行っています。',
  },
  amongBest: { en: 'It was among the best of what is new for you.', de: 'Unter allem Neuen gehört es zum Passendsten.', ar: 'كان من أنسب الجديد لك.', ja: '新着の中で特におすすめのものです。' },
  mostly: { en: 'It stands here mostly because {causes}.', de: 'Es steht vor allem hier, weil {causes}.', ar: 'أهم الأسباب: {causes}.', ja: '主な理由：{causes}。' },
} as const satisfies Record<string, Translated>;

/** Every message of this file, for the test of translations. */
export const WHY_WORDS: Readonly<Record<string, Translated>> = { ...CAUSES, ...FRAMES };

const MOST_CAUSES = 3;

/** The two sentences of an item in order of time. */
export const recentFirst = (locale: string): readonly [string, string] => [say(FRAMES.recentFirst, locale), say(FRAMES.nothingUsed, locale)];

/** "You see this because: …", and what moved it most. @param features those that moved it up, strongest first */
export const whySentences = ({ reason, features, forced }: { readonly reason: string; readonly features: readonly string[]; readonly forced: boolean }, locale: string): readonly [string, string] => {
  const because = say(FRAMES.because, locale, { reason });
  if (forced) return [because, say(FRAMES.atRandom, locale)];
  const causes = [...new Set(features.map((feature) => CAUSE_OF[feature]).filter((cause) => cause !== undefined))].slice(0, MOST_CAUSES);
  return [because, causes.length === 0 ? say(FRAMES.amongBest, locale) : say(FRAMES.mostly, locale, { causes: joined(causes.map((cause) => say(CAUSES[cause], locale)), locale) })];
};
