/** Sentences with slots: {thing} {Thing} {other} {topic} {company} {place} {n} {title} {role} {skill}. Nothing in them has to agree in number. */
export const TITLE_FRAMES: readonly string[] = [
  'What {n} teams learned about {thing}',
  '{Thing}: a practical guide for small teams',
  'The quiet return of {thing}',
  'How {company} changed its mind about {thing}',
  '{Thing} after the hype: what survives',
  'Inside the bet on {thing} in {place}',
  'The real cost of {thing}',
  'A field guide to {thing}',
  '{Thing} and {other}: one problem seen twice',
  '{n} questions to ask before investing in {thing}',
  'What {thing} can teach us about {other}',
  'Against the usual advice on {thing}',
  'Survey: {n} per cent plan to spend more on {thing}',
  'Notes from {place}: {thing} at work',
  'The case for doing less about {thing}',
  '{company} opens its handbook on {thing}',
  'A year of {thing}, in numbers',
  'Who pays for {thing}?',
  '{Thing}, explained by the people who do it',
  'From {other} to {thing}: a short history of a long project',
  'Three mistakes we made with {thing}',
  'When {thing} meets a tight budget',
];

export const SUMMARY_CLOSERS: readonly string[] = [
  'The report sets out what worked, what did not, and what it cost.',
  'Practitioners from {place} explain what they would do differently.',
  'We asked {company} for the numbers behind the story.',
  'The authors publish their method, so that others can check it.',
  'It is slower work than the brochures suggest, and more rewarding.',
  'The lessons for {other} are harder to miss than they look.',
  'Sceptics remain, and their arguments deserve a fair hearing.',
  'A checklist at the end fits on one page.',
];

export const POST_OPENERS: readonly string[] = ['', '', '', 'A small lesson from this week. ', 'Unpopular opinion, perhaps. ', 'Note to myself. ', 'Something I wish I had known earlier. ', 'From the train home. '];

export const POST_CLOSERS: readonly string[] = [
  '', '', ' What is it like where you work?', ' Curious how others handle {thing}.', ' Grateful to the team for this one.', ' More on {thing} soon.',
  ' If you are working on {thing}, my door is open.', ' Happy to share our notes on {other}.',
];

export const REACTIONS: readonly string[] = [
  'Worth your ten minutes: “{title}”. The part on {thing} matches what we see.',
  'I disagree with half of “{title}”, and it is still the best thing I have read on {thing} this month.',
  '“{title}” puts words to something our team has felt for a year.',
  'Sending “{title}” to everyone who asks me about {thing}.',
  'Good reporting in “{title}”. I would add one thing: start small with {thing}.',
];

export const COMPANY_POSTS: readonly string[] = [
  'We have published our working notes on {thing}. Use them, change them, tell us what is missing.',
  'Our team in {place} is growing. If {thing} sounds like your kind of problem, come and talk to us.',
  'This week we hosted forty practitioners for a day on {thing}. The write-up is on our site.',
  'A milestone: our first full year of work on {thing}, and every target that we missed is in the report.',
  'We are open-sourcing the tool we built for {thing}. It is small, documented, and yours.',
  'Thank you to the customers who told us, politely, that we were wrong about {thing}.',
];

export const JOB_DESCRIPTIONS: readonly string[] = [
  'You will join a team of {n} and work on {thing} from the first week. We pair often, write decisions down and keep meetings short.',
  'We are looking for somebody who has seen {thing} go wrong and can say why. You will own the work from the first sketch to the quiet months after launch.',
  'The role: half of your time on {thing}, half on helping others get better at it. Applications are answered within a week.',
  'You will shape how {company} approaches {thing}, with a budget, a mandate and colleagues who argue kindly.',
];

export const HEADLINES: readonly string[] = ['{role} at {company}', '{role} at {company}', '{role} · {Topic} and {other}', '{role} | Curious about {other}', '{role} at {company}, writing about {topic}'];

export const ABOUTS: readonly string[] = [
  'I work on {thing} and like problems where people and systems meet. Before that I spent some years on {other}.',
  'My days go into {thing}; my evenings, now and then, into {other}. Ask me about either.',
  'I help teams get better at {thing}. Slow answers, plain words, few slides.',
  'From {place}. I care about {thing}, and about leaving things easier to understand than I found them.',
];

/** What comes after an About text: where somebody comes from. */
export const HISTORIES: readonly string[] = [
  '{years} years in the trade.', 'Before this I was {former} at {formerCompany}.', 'Studied at {school}; still learning.', 'Earlier: {formerCompany}, as {former}.', 'It began at {school}, about {years} years ago.',
];

/** A change of profile, told to the network. */
export const PROFILE_CHANGES: readonly string[] = [
  'I have started a new position as {role} at {company}. There is much to learn about {thing}.', 'New role, same curiosity: {role} at {company} from this week on.', 'After some good years I have joined {company} as {role}. First project: {thing}.',
];

/** Posts that name a company. */
export const MENTIONS: readonly string[] = [
  'Spent a day with the people at {company}. Their work on {thing} deserves more attention.', 'The way {company} goes about {thing} is worth copying.', 'Thanks to {company} for writing down what went wrong with {thing}.',
  '{company} and we compared notes on {thing}. We disagreed, usefully.',
];

/** Events: title and summary. */
export const GATHERINGS: readonly (readonly [string, string])[] = [
  ['{Topic} meet-up in {place}', 'Short talks about {thing}, and time to talk.'], ['An evening on {thing}', 'Two cases, one argument, and the people who lived through it.'],
  ['Workshop: {thing}', 'Half a day with exercises; bring a problem of your own.'], ['{company} open house: {thing}', 'See how it is done, and ask the people who do it.'],
];

/** What somebody pays to have seen. */
export const PROMOTIONS: readonly string[] = [
  '{company} helps teams with {thing}. See how it works in fifteen minutes.', 'How much does {thing} cost you? {company} has a calculator, and no call from sales.', 'Join {company} online for an hour on {thing}. Questions welcome.', 'New from {company}: a plain guide to {thing}.',
];

/** Fills slots; an unknown slot is a mistake of the template. */
export const fill = (frame: string, slots: Readonly<Record<string, string>>): string =>
  frame.replace(/\{(\w+)\}/g, (_, slot: string) => {
    const lower = slot.charAt(0).toLowerCase() + slot.slice(1);
    const text = slots[lower];
    if (text === undefined) throw new RangeError(`the frame "${frame}" asks for {${slot}}, which nobody filled`);
    return lower === slot ? text : text.charAt(0).toUpperCase() + text.slice(1);
  });

export const POST_FRAMES: readonly string[] = [
  'We spent this quarter on {thing}. The surprise was how little of it was technical.',
  'First week of looking properly at {thing}. I have more questions than on Monday, and better ones.',
  'Asked {n} colleagues what they would change about {thing}. Nobody said “more”.',
  'Looking for people who have tried {thing} with a team of under ten. What would you skip?',
  'Two things I believed about {thing} in January and do not believe now: that the tools matter most, and that starting can wait.',
  'Our notes on {thing} fit on one page now. Deleting the other nine was the work.',
  'Hot take: the budget goes to {other}, the work gets done by {thing}.',
  'I gave a talk on {thing} in {place} today. The best question came from the student in the last row.',
  'If you start with {thing} next year: find the person who did it before you, and buy them lunch.',
  'Moved from {other} to {thing} a year ago. The tools differ, the arguments are the same.',
  'A visitor asked us why we care about {thing}. It took the team an hour to agree on the answer. Good hour.',
  'Nobody thanks you for {thing} until the bad week.',
];
