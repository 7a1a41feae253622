import { courses } from '../../rankers/pool/courses.ts';
import { fromRanker } from '../from-ranker.ts';

export const coursesAhead = fromRanker({
  name: 'coursesAhead', about: 'courses in skills that jobs you looked at ask for, and in skills adjacent to yours', kind: 'course', card: { template: 'large', action: 'start' }, ranker: courses,
  words: {
    title: { en: 'Courses for where you are heading', de: 'Kurse für den nächsten Schritt', ar: 'دورات للخطوة القادمة', ja: '次の一歩のためのコース' },
    reason: { en: 'They teach what your next role may ask for', de: 'Wissen, das die nächste Rolle verlangen könnte', ar: 'تعلّم ما قد يتطلبه الدور القادم', ja: '次の役割で求められそうな内容です' },
  },
});
