import { byTopic } from '../by-topic.ts';
import { fromRanker } from '../from-ranker.ts';

const ABOUT = 'creators about your topics, and those that your connections follow';

export const influencers = fromRanker({
  name: 'influencers', about: ABOUT, kind: 'member', card: { template: 'medium', action: 'follow' },
  ranker: byTopic({ name: 'influencers', about: ABOUT, kind: 'member', index: 'influencers', edge: 'follows', throughConnections: 'connectionsFollow' }),
  words: {
    title: { en: 'Voices to follow', de: 'Stimmen, denen zu folgen sich lohnt', ar: 'أصوات تستحق المتابعة', ja: 'フォローしたい発信者' },
    reason: { en: 'They write about what you work with', de: 'Beiträge rund um die eigenen Themen', ar: 'كتابات عن مجال العمل', ja: 'お仕事に関わる話題を発信しています' },
  },
});
