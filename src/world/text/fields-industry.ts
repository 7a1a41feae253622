import type { Field } from './topic.ts';

export const INDUSTRY_FIELDS: readonly Field[] = [
  { industry: 'Financial services', topics: [
    {
      name: 'Corporate finance', skills: ['Financial modelling', 'Forecasting', 'Accounting standards', 'Treasury'],
      things: ['rolling forecasts', 'working capital', 'zero-based budgets', 'closing the books faster', 'scenario planning', 'finance automation'],
      findings: ['Companies that forecast every month missed by less than those that planned once a year.', 'The quickest close was achieved by asking for fewer approvals.', 'Inventory, not invoices, tied up most of the cash in the firms studied.', 'Boards preferred three scenarios to thirty pages.'],
      remarks: ['We closed the month in three days. The secret was a shared checklist.', 'A budget is an argument written in numbers.', 'Cash is a fact. Everything else in the deck is an opinion with a footnote.', 'Finance business partners should leave the building once a week.'],
    },
    {
      name: 'Payments', skills: ['Payment systems', 'Fraud prevention', 'Open banking', 'Reconciliation'],
      things: ['instant payments', 'card fraud models', 'account-to-account transfers', 'payment reconciliation', 'cross-border remittances', 'merchant onboarding'],
      findings: ['Instant transfers now outnumber card payments in four markets.', 'Declining fewer good customers was worth more than stopping more fraud.', 'Reconciliation still takes a person and a spreadsheet at most merchants.', 'Fees for small remittances fell below three per cent on busy routes.'],
      remarks: ['A declined good customer does not write to you. They just leave.', 'Reconciliation is where payment dreams meet accounting.', 'Onboarding went from nine days to one hour. Compliance asked for it, to be fair.', 'Money that moves in seconds needs support that answers in minutes.'],
    },
    {
      name: 'Sustainable finance', skills: ['ESG reporting', 'Carbon accounting', 'Risk modelling', 'Impact measurement'],
      things: ['green bonds', 'climate risk models', 'transition plans', 'carbon accounting', 'impact measurement', 'nature-related disclosure'],
      findings: ['Lenders that visited sites revised half of their risk scores.', 'Transition plans with yearly milestones attracted cheaper credit.', 'Supplier emissions remain the widest gap in most reports.', 'Insurers price flood risk street by street for the first time.'],
      remarks: ['A target without a budget line is a wish.', 'Spent the day with a supplier measuring what we had been estimating. We were off by a third.', 'Disclosure is a habit: awkward the first year, useful by the third.', 'The best climate plan I read this month fits on four pages and names people.'],
    },
  ] },
  { industry: 'Health care and life sciences', topics: [
    {
      name: 'Digital health', skills: ['Health informatics', 'FHIR', 'Telemedicine', 'Patient safety'],
      things: ['remote patient monitoring', 'electronic health records', 'telemedicine visits', 'hospital scheduling', 'patient portals', 'clinical decision support'],
      findings: ['Home monitoring cut return visits after heart surgery by a fifth.', 'Nurses gained forty minutes a shift when records opened on the right page.', 'Video visits work best as the second appointment, not the first.', 'Alerts that explain themselves are overridden half as often.'],
      remarks: ['Sat with a ward team for a night shift. Our login screen costs them eleven minutes.', 'Interoperability is a patient not repeating their story.', 'The best feature we removed this year was an alert.', 'Clinicians do not resist technology. They resist technology that was not in the room.'],
    },
    {
      name: 'Clinical research', skills: ['Biostatistics', 'Trial design', 'Good clinical practice', 'Regulatory affairs'],
      things: ['adaptive trials', 'decentralised trials', 'patient recruitment', 'real-world evidence', 'trial diversity', 'data monitoring committees'],
      findings: ['Sites near public transport recruited twice as fast.', 'An adaptive design reached its answer with a third fewer patients.', 'Registry data agreed with the trial in nine cases out of ten, and explained the tenth.', 'Paying for travel did more for diversity than any campaign.'],
      remarks: ['Recruitment opened today. The first volunteer asked better questions than our committee.', 'Write the analysis plan before you see the data. Then frame it.', 'We moved visits to Saturdays and drop-out halved.', 'A negative trial, well run, is a gift to everyone who comes after.'],
    },
    {
      name: 'Biotechnology', skills: ['Molecular biology', 'Bioinformatics', 'Process development', 'Quality systems'],
      things: ['precision fermentation', 'gene therapy manufacturing', 'laboratory automation', 'protein design', 'single-use bioreactors', 'reproducible assays'],
      findings: ['Automated benches repeated a classic assay with a tenth of the variation.', 'Scale-up, not discovery, now sets the pace for new therapies.', 'Designed enzymes survived a full production season.', 'Shared protocols let two laboratories agree within a week.'],
      remarks: ['Our robot pipettes all night and complains less than I do.', 'Scale-up is where biology reminds you who is in charge.', 'If it only works in one pair of hands, it is not a protocol yet.', 'Twelve litres today, two hundred by spring. Wish the cells luck.'],
    },
  ] },
  { industry: 'Energy and manufacturing', topics: [
    {
      name: 'Renewable energy', skills: ['Solar design', 'Wind engineering', 'Grid integration', 'Project finance'],
      things: ['offshore wind', 'grid storage', 'rooftop solar', 'heat pumps', 'flexible demand', 'green hydrogen'],
      findings: ['Storage earned more from steadying the grid than from trading power.', 'Permits, not panels, take up most of the time between idea and output.', 'Factories that shifted two hours of load saved a tenth of the bill.', 'Heat pumps kept working, and saving, in the coldest week of the decade.'],
      remarks: ['First power from the array this morning. Four years of paperwork, one quiet click.', 'Flexible demand is the cheapest power plant nobody built.', 'The grid connection date decides the project. Ask for it first.', 'Talked to forty neighbours about one turbine. The tea helped.'],
    },
    {
      name: 'Supply chains', skills: ['Demand planning', 'Logistics', 'Procurement', 'Inventory management'],
      things: ['demand forecasting', 'nearshoring', 'port congestion', 'supplier risk maps', 'last-mile delivery', 'inventory buffers'],
      findings: ['Second sources cost two per cent and saved a quarter.', 'Forecasts improved most when sales and planning shared one number.', 'Smaller ports won traffic by publishing their queues.', 'Buffers placed late in the chain covered more surprises with less stock.'],
      remarks: ['Our most reliable supplier is the one that tells us bad news on day one.', 'One forecast, one owner, one meeting. It only took nine years.', 'The container is in the right port. We are in the wrong one.', 'Resilience looks like waste until the week you need it.'],
    },
    {
      name: 'Robotics', skills: ['Control systems', 'Computer vision', 'Mechatronics', 'Industrial safety'],
      things: ['warehouse robots', 'collaborative robot arms', 'machine vision inspection', 'predictive maintenance', 'robot safety standards', 'simulation before commissioning'],
      findings: ['Commissioning time fell by half where the line was simulated first.', 'Vision inspection found defects that were one per ten thousand, and a lamp that was failing.', 'Workers who programmed the arm themselves used it for three more tasks.', 'Maintenance by measured wear beat maintenance by calendar on every line.'],
      remarks: ['The robot was fine. The pallet was the problem. It is always the pallet.', 'Simulate it, then be humble on the first day at the plant.', 'Operators renamed our cobot Gustavo. Adoption solved.', 'Safety is a feature you specify first and notice last.'],
    },
  ] },
  { industry: 'People and business', topics: [
    {
      name: 'Hiring', skills: ['Talent acquisition', 'Structured interviews', 'Employer branding', 'Workforce planning'],
      things: ['structured interviews', 'skills-based hiring', 'internal mobility', 'pay transparency', 'candidate experience', 'apprenticeships'],
      findings: ['Structured interviews predicted performance twice as well as chats did.', 'Adverts with a pay range drew a third more qualified applicants.', 'People who moved inside the company stayed four years longer.', 'Dropping the degree requirement changed who applied, and not how they performed.'],
      remarks: ['We answered every applicant within a week. The thank-you notes are coming in.', 'Hire for what the person will do on a wet Thursday, not for the interview.', 'Put the pay in the advert. It saves everyone a month.', 'Our best hire this year applied twice. I am glad we read it again.'],
    },
    {
      name: 'Leadership', skills: ['Coaching', 'Change management', 'Facilitation', 'Conflict resolution'],
      things: ['first-time managers', 'meetings that end early', 'delegation', 'feedback cultures', 'remote leadership', 'organisational change'],
      findings: ['Managers with fewer than eight reports gave feedback weekly; those with more, hardly ever.', 'Cancelling half of the standing meetings raised output and nobody wanted them back.', 'Change programmes led by middle managers lasted longest.', 'New managers asked for practice, and were given slides.'],
      remarks: ['Delegating the outcome and keeping the method is not delegating.', 'My rule for meetings: if it has no decision, it is a letter.', 'Ask what would make this job easier. Then be quiet for ten seconds longer than is comfortable.', 'A team that can disagree on Monday ships on Friday.'],
    },
    {
      name: 'Marketing', skills: ['Brand strategy', 'Content marketing', 'Marketing analytics', 'Positioning'],
      things: ['brand measurement', 'newsletters', 'customer stories', 'attribution models', 'community building', 'positioning'],
      findings: ['Newsletters outlived four social platforms in the brands surveyed.', 'Half of the budget credited to adverts would have come anyway.', 'Customer stories told by customers were shared five times more.', 'Firms that held one message for three years grew faster than those that held three for one.'],
      remarks: ['If everybody can say it, it is not positioning.', 'We turned off a campaign for a month. Nothing happened. That was the finding.', 'A newsletter is a promise with a date on it.', 'The best copy this quarter was a sentence from a support call.'],
    },
  ] },
];
