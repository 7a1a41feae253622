import { gatherAt, lastOf, peopleCohort } from '../people.ts';

export const peopleFromGroup = peopleCohort({
  name: 'peopleFromGroup', about: 'people of the group that you joined last', signals: ['graph'], reason: 'sameGroup',
  words: {
    title: { en: 'People from {subject}', de: 'Aus der Gruppe {subject}', ar: 'أعضاء من مجموعة {subject}', ja: '{subject}のメンバー' },
    reason: { en: 'You are in this group together', de: 'Mitglieder derselben Gruppe', ar: 'مجموعة مشتركة', ja: '同じグループのメンバーです' },
  },
  gather: (request) => gatherAt(request, 'belongsTo', lastOf(request, 'belongsTo')),
});
