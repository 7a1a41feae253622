import { gatherAlike, peopleCohort } from '../people.ts';

export const peopleInSimilarRoles = peopleCohort({
  name: 'peopleInSimilarRoles', about: 'people who work as what you do', signals: ['profile', 'graph'], reason: 'sameRole',
  words: {
    title: { en: 'People with roles like yours', de: 'In ähnlichen Rollen', ar: 'أشخاص في أدوار تشبه دورك', ja: '似た役割の人' },
    reason: { en: 'They work as {subject}', de: 'Tätig als {subject}', ar: 'المسمى الوظيفي: {subject}', ja: '職種：{subject}' },
  },
  gather: (request) => gatherAlike(request, 'role'),
});
