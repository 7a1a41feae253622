import { gatherAt, lastOf, peopleCohort } from '../people.ts';

export const peopleFromCompany = peopleCohort({
  name: 'peopleFromCompany', about: 'people who work, or worked, where you do', signals: ['profile', 'graph'], reason: 'sameCompany',
  words: {
    title: { en: 'People you may know from {subject}', de: 'Vielleicht bekannt von {subject}', ar: 'من معارفك المحتملين في {subject}', ja: '{subject}の知り合いかもしれない人' },
    reason: { en: 'They share an employer with you', de: 'Gemeinsamer Arbeitgeber', ar: 'مكان عمل مشترك', ja: '同じ勤務先の方々です' },
  },
  gather: (request) => gatherAt(request, 'workedAt', request.viewer.company >= 0 ? request.viewer.company : lastOf(request, 'workedAt')),
});
