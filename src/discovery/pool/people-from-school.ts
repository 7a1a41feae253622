import { gatherAt, lastOf, peopleCohort } from '../people.ts';

export const peopleFromSchool = peopleCohort({
  name: 'peopleFromSchool', about: 'people who studied where you did', signals: ['profile', 'graph'], reason: 'sameSchool',
  words: {
    title: { en: 'People you may know from {subject}', de: 'Vielleicht bekannt von {subject}', ar: 'من معارفك المحتملين في {subject}', ja: '{subject}の知り合いかもしれない人' },
    reason: { en: 'They studied where you did', de: 'Gemeinsame Schule oder Hochschule', ar: 'دراسة في المكان نفسه', ja: '同じ学校で学んだ方々です' },
  },
  gather: (request) => gatherAt(request, 'studiedAt', lastOf(request, 'studiedAt')),
});
