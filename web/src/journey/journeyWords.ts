/** What a member's page of their own journey says. */
export const journeyWords = {
  title: 'What your journey says',
  lead: 'What you did here lately, in order, how much each step counts for what you are shown next, and what is expected of you. Only you see this page, and the people who run the service.',
  back: 'Back to your feed', skip: 'Skip to your journey',
  bases: {
    events: 'Read from what you did here.', profile: 'You did nothing here yet that could be read; your profile stands in.',
    nothing: 'You did nothing here yet, and your profile says nothing that could stand in.', withheld: 'You switched off your activity or your journey: nothing of it is read, and nothing is expected of you from it.',
  },
  noModel: 'Nothing is read from your journey yet: no model of it has been trained here.',
  switches: 'You can switch this off in your feed, under “What shapes my feed”: Activity and Journey.',
  next: 'What is expected next', kinds: 'Of which kind', topics: 'About what', items: 'Closest to it', nothingParticular: 'Nothing in particular.',
  events: 'What you did, and how much it counts', counts: (share: string) => `counts ${share}`, unread: 'too long ago to count', looked: (time: string) => `looked at for ${time}`,
  changes: 'How that changed', changesLead: 'What was expected to interest you after each of your last steps.', after: (title: string) => `After “${title}”`,
  surfaces: { feed: 'in the feed', jobs: 'in jobs', people: 'among people', groups: 'in groups', pages: 'on pages', learning: 'in learning', events: 'in events', newsletters: 'in newsletters', messages: 'in messages', search: 'in search', other: 'elsewhere' } as Readonly<Record<string, string>>,
  actions: { click: 'Opened', like: 'Liked', save: 'Saved', share: 'Shared', comment: 'Commented on', hide: 'Hid', notInterested: 'Not for me', longView: 'Read at length', follow: 'Followed', connect: 'Connected with', apply: 'Applied to', view: 'Looked at', search: 'Searched for', invite: 'Invited', accept: 'Accepted', join: 'Joined', start: 'Began', complete: 'Completed', attend: 'Attended', subscribe: 'Subscribed to', read: 'Read', message: 'Exchanged messages with', dwell: 'Looked for long at' } as Readonly<Record<string, string>>,
} as const;
