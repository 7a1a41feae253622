import type { Field } from './topic.ts';

export const TECHNOLOGY_FIELDS: readonly Field[] = [
  { industry: 'Software development', topics: [
    {
      name: 'Software architecture', skills: ['System design', 'TypeScript', 'Event sourcing', 'API design'],
      things: ['modular monoliths', 'event-driven design', 'service boundaries', 'schema evolution', 'architecture decision records', 'legacy modernisation'],
      findings: ['Teams that wrote down why a boundary exists moved it half as often.', 'Three companies that split their monolith describe which parts they later joined again.', 'Most outages in the sample started at an interface that nobody owned.', 'A year of schema changes shows that additive ones are rarely the cheap ones.'],
      remarks: ['We deleted a service this week and nobody noticed. That is the best review it ever got.', 'Every diagram is a promise about who may call whom at three in the morning.', 'Our decision records are one page, dated, and never edited. It took a year before people believed it.', 'If two services always deploy together, they are one service with a network in the middle.'],
    },
    {
      name: 'Developer tools', skills: ['Build systems', 'Continuous integration', 'Rust', 'Developer experience'],
      things: ['fast feedback loops', 'monorepo tooling', 'flaky tests', 'code review at scale', 'local development environments', 'type checking in large codebases'],
      findings: ['Cutting the build from nine minutes to two changed how often people asked for review.', 'A study of 400 repositories finds that one test in fifty fails for no reason.', 'Engineers interrupted by a slow pipeline take twenty minutes to return to the task.', 'The tools that spread were the ones that could be tried in a single afternoon.'],
      remarks: ['We quarantined 40 flaky tests on Monday. By Friday, people trusted red again.', 'The best developer tool we shipped this quarter is an error message with the next command in it.', 'Nobody files a ticket about a slow build. They just stop running it.', 'Paved roads only work when leaving them is allowed.'],
    },
    {
      name: 'Cloud infrastructure', skills: ['Kubernetes', 'Terraform', 'Observability', 'Linux'],
      things: ['capacity planning', 'error budgets', 'multi-region failover', 'cloud cost control', 'on-call rotations', 'infrastructure as code'],
      findings: ['Idle machines made up a third of the bill in the teams surveyed.', 'Practised failovers took eleven minutes, unpractised ones took most of a day.', 'Operators say that fewer alerts, each with an owner, halved the night calls.', 'Moving state out of the cluster made upgrades boring again.'],
      remarks: ['We practise region failover on Tuesdays at noon. It is now the most boring hour of the week.', 'An alert without an owner is a notification with delusions.', 'Cut our cloud bill by a fifth by asking each team one question: who would miss this?', 'The postmortem found seven causes. The eighth was that we only looked for one.'],
    },
  ] },
  { industry: 'Data and artificial intelligence', topics: [
    {
      name: 'Machine learning', skills: ['PyTorch', 'Statistics', 'Recommender systems', 'Model evaluation'],
      things: ['offline evaluation', 'recommender systems', 'small language models', 'label quality', 'model calibration', 'feature drift'],
      findings: ['A well-tuned linear model matched deeper ones until the data passed ten million rows.', 'Half of the gains claimed offline vanished in the live test.', 'Correcting labels by hand for two days beat a month of model search.', 'Calibrated scores made downstream rules simpler and safer.'],
      remarks: ['Spent the week removing features. The model got better and I can explain it now.', 'Offline metrics are a map. The experiment is the territory.', 'If your baseline is weak, every model looks like progress.', 'We found the bug by plotting the data, which is how we always find the bug.'],
    },
    {
      name: 'Data engineering', skills: ['SQL', 'Apache Spark', 'Data modelling', 'Streaming'],
      things: ['data contracts', 'streaming pipelines', 'slowly changing dimensions', 'columnar storage', 'data quality checks', 'late-arriving events'],
      findings: ['Producers who signed a data contract broke consumers four times less often.', 'Most of the stream was read once, in a batch, the next morning.', 'A single ordered log replaced eleven nightly jobs.', 'Checks that run before publication caught what dashboards never did.'],
      remarks: ['A dashboard nobody would miss for a week is a cost, not an asset.', 'The event arrived four days late and was still right. Our pipeline was on time and wrong.', 'Data contracts are just being polite in a file.', 'Our best migration: write to both, compare for a month, then delete the old one on a Tuesday.'],
    },
    {
      name: 'Responsible AI', skills: ['Model governance', 'Fairness auditing', 'Risk assessment', 'Technical writing'],
      things: ['model cards', 'algorithmic audits', 'explainable rankings', 'human oversight', 'bias testing', 'AI procurement'],
      findings: ['Auditors could reproduce a decision in only a third of the systems they were shown.', 'People accept a ranking more readily when two plain sentences explain it.', 'The checks that lasted were those built into the release process.', 'Buyers now ask for evaluation data before they ask for a price.'],
      remarks: ['If you cannot say why an item is on the page, you cannot say it is fair.', 'Wrote our first model card today. The section on limits was the longest, as it should be.', 'Human oversight needs time, authority and a way to disagree. A button is none of these.', 'An audit is a conversation you would rather have before launch.'],
    },
  ] },
  { industry: 'Product and design', topics: [
    {
      name: 'Product management', skills: ['Product strategy', 'Roadmapping', 'Experimentation', 'Stakeholder management'],
      things: ['product discovery', 'roadmaps without dates', 'pricing experiments', 'feature adoption', 'outcome goals', 'saying no to customers'],
      findings: ['Features removed last year drew fewer complaints than features moved.', 'Teams that met five customers a month changed their plan twice as often, and shipped more of it.', 'Adoption in the first week predicted the year, whatever the launch looked like.', 'A roadmap of problems aged better than a roadmap of dates.'],
      remarks: ['We cut the roadmap to three bets. The room was quiet, then relieved.', 'A customer drew our product on a napkin and left out the feature we built all year.', 'Discovery is not a phase. It is a habit on the calendar.', 'Shipped the smallest version. Two people hated it, forty kept using it, so we know where to go.'],
    },
    {
      name: 'User research', skills: ['Interviewing', 'Survey design', 'Usability testing', 'Journey mapping'],
      things: ['diary studies', 'unmoderated tests', 'interview synthesis', 'research repositories', 'survey fatigue', 'small samples'],
      findings: ['Five interviews surfaced the problem; fifty were needed to size it.', 'Reports that opened with a clip were read to the end.', 'Researchers who shared raw notes early were asked for fewer slides.', 'Surveys sent after midnight drew the most candid answers.'],
      remarks: ['The participant apologised for not understanding our form. That is the whole report.', 'Listening is a skill you lose in meetings and regain in interviews.', 'We watched six people look for the same button. The button is being moved.', 'Synthesis on paper, with scissors. Still the fastest tool in the building.'],
    },
    {
      name: 'Accessibility', skills: ['WCAG', 'Assistive technology', 'Inclusive design', 'Front-end development'],
      things: ['keyboard navigation', 'screen reader testing', 'plain language', 'accessible charts', 'inclusive hiring portals', 'captions and transcripts'],
      findings: ['Fixing focus order removed more complaints than any redesign.', 'Plain-language forms were completed by a fifth more applicants.', 'Automated checks found a third of the barriers; people found the rest.', 'Sites built with semantic markup needed half of the later repairs.'],
      remarks: ['Tried to apply for a job using only a keyboard today. I did not get far.', 'Contrast is not a matter of taste.', 'The caption team saved our launch video, and the people watching on trains thanked them.', 'Accessible is what usable looks like when you include everyone in the test.'],
    },
  ] },
  { industry: 'Security and privacy', topics: [
    {
      name: 'Cybersecurity', skills: ['Threat modelling', 'Incident response', 'Penetration testing', 'Identity management'],
      things: ['passkeys', 'phishing drills', 'software supply chain security', 'incident tabletop exercises', 'least privilege', 'secret rotation'],
      findings: ['Accounts with passkeys saw no successful phishing in a year of records.', 'Attackers spent nine days inside before anybody looked at the right log.', 'Small teams that rehearsed twice a year recovered in hours.', 'Most leaked keys were older than the people who now looked after them.'],
      remarks: ['Ran a tabletop exercise without slides. Best ninety minutes of the quarter.', 'Security that slows everyone down will be worked around by lunch.', 'We rotated every key we could find, and found eleven we could not explain.', 'The person who reported the phishing mail got a cake. Reports have tripled.'],
    },
    {
      name: 'Privacy', skills: ['Data protection law', 'Privacy engineering', 'Consent management', 'Records management'],
      things: ['consent design', 'data minimisation', 'right-to-erasure requests', 'differential privacy', 'retention schedules', 'privacy reviews'],
      findings: ['Products that collected less passed review in half the time.', 'Requests for erasure doubled after the button became visible.', 'A retention schedule that deletes by default cut storage by a third.', 'Members who saw what was used about them switched less of it off.'],
      remarks: ['The safest field in the database is the one we never added.', 'We deleted seven years of logs today. Nobody has asked for them, ever.', 'Consent that needs a lawyer to read is not consent.', 'Privacy review is a design review with better questions.'],
    },
    {
      name: 'Public sector technology', skills: ['Digital services', 'Open standards', 'Procurement', 'Service design'],
      things: ['open standards', 'digital identity', 'benefit application forms', 'shared government platforms', 'open source in public bodies', 'procurement reform'],
      findings: ['Publishing the code brought fixes from three other cities within a month.', 'A form shortened from forty questions to twelve was completed correctly more often.', 'Shared platforms paid for themselves in the second year.', 'Buying in small lots let local firms win half of the work.'],
      remarks: ['The queue outside our office is shorter by two hours. That is the metric.', 'Open standards are how small suppliers get to say yes.', 'Twelve questions instead of forty. The law had not changed, only the form.', 'Government should be boring, fast and kind. In that order on Mondays.'],
    },
  ] },
];
