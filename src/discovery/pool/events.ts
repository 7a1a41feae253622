import { events } from '../../rankers/pool/events.ts';
import { fromRanker } from '../from-ranker.ts';

export const eventsForYou = fromRanker({
  name: 'eventsForYou', about: 'events about your topics, and those that your connections attend', kind: 'event', card: { template: 'large', action: 'attend' }, ranker: events,
  words: {
    title: { en: 'Events for you', de: 'Passende Veranstaltungen', ar: 'فعاليات مقترحة', ja: 'おすすめのイベント' },
    reason: { en: 'Coming up, on your topics', de: 'Demnächst zu den eigenen Themen', ar: 'فعاليات قادمة في مواضيع الاهتمام', ja: '関心のあるテーマの予定です' },
  },
});
