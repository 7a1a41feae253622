import { byTopic } from '../by-topic.ts';
import { fromRanker } from '../from-ranker.ts';

const ABOUT = 'hashtags about your topics, and those that your connections follow';

export const hashtags = fromRanker({
  name: 'hashtags', about: ABOUT, kind: 'hashtag', card: { template: 'small', action: 'follow' },
  ranker: byTopic({ name: 'hashtags', about: ABOUT, kind: 'hashtag', index: 'hashtag', edge: 'follows', throughConnections: 'connectionsFollow' }),
  words: {
    title: { en: 'Hashtags to follow', de: 'Hashtags zum Folgen', ar: 'وسوم للمتابعة', ja: 'フォローするハッシュタグ' },
    reason: { en: 'Conversations close to yours', de: 'Gespräche zu den eigenen Themen', ar: 'محادثات قريبة من الاهتمامات', ja: '関心に近い会話です' },
  },
});
