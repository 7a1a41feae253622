import { gatherAlike, peopleCohort } from '../people.ts';

export const peopleFromRegion = peopleCohort({
  name: 'peopleFromRegion', about: 'people who live where you do', signals: ['profile', 'graph'], reason: 'samePlace',
  words: {
    title: { en: 'People you may know from {subject}', de: 'Vielleicht bekannt aus {subject}', ar: 'من معارفك المحتملين في {subject}', ja: '{subject}の知り合いかもしれない人' },
    reason: { en: 'Professionals near you', de: 'Fachleute aus der Nähe', ar: 'كفاءات مهنية بالقرب منك', ja: 'お近くで働く方々です' },
  },
  gather: (request) => gatherAlike(request, 'place'),
});
