import { byTopic } from '../by-topic.ts';
import { fromRanker } from '../from-ranker.ts';

const ABOUT = 'newsletters about your topics, and those that your connections read';

export const newsletters = fromRanker({
  name: 'newsletters', about: ABOUT, kind: 'newsletter', card: { template: 'large', action: 'subscribe' },
  ranker: byTopic({ name: 'newsletters', about: ABOUT, kind: 'newsletter', index: 'newsletter', edge: 'subscribesTo', throughConnections: 'connectionsSubscribe' }),
  words: {
    title: { en: 'Newsletters for you', de: 'Passende Newsletter', ar: 'نشرات مقترحة', ja: 'おすすめのニュースレター' },
    reason: { en: 'Regular reading on your topics', de: 'Regelmäßige Lektüre zu den eigenen Themen', ar: 'قراءة منتظمة في مواضيع الاهتمام', ja: '関心のあるテーマを定期的に読めます' },
  },
});
