import { byTopic } from '../by-topic.ts';
import { fromRanker } from '../from-ranker.ts';

const ABOUT = 'pages of companies about your topics, and those that your connections follow';

export const pages = fromRanker({
  name: 'pages', about: ABOUT, kind: 'company', card: { template: 'medium', action: 'follow' },
  ranker: byTopic({ name: 'pages', about: ABOUT, kind: 'company', index: 'company', edge: 'follows', throughConnections: 'connectionsFollow' }),
  words: {
    title: { en: 'Pages for you', de: 'Passende Unternehmensseiten', ar: 'صفحات مقترحة', ja: 'おすすめのページ' },
    reason: { en: 'Companies close to your work', de: 'Unternehmen rund um die eigenen Themen', ar: 'شركات قريبة من مجال العمل', ja: 'お仕事に近い企業です' },
  },
});
