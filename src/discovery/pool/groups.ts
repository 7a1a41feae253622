import { groups } from '../../rankers/pool/groups.ts';
import { fromRanker } from '../from-ranker.ts';

export const groupsForYou = fromRanker({
  name: 'groupsForYou', about: 'groups about your topics, and those that your connections are in', kind: 'group', card: { template: 'medium', action: 'join' }, ranker: groups,
  words: {
    title: { en: 'Groups for you', de: 'Passende Gruppen', ar: 'مجموعات مقترحة', ja: 'おすすめのグループ' },
    reason: { en: 'Places where people talk about your topics', de: 'Austausch über die eigenen Themen', ar: 'أماكن للحوار في مواضيع الاهتمام', ja: '関心のあるテーマを語り合う場です' },
  },
});
