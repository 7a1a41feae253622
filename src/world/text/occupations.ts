/**
 * Job titles and tools by topic of this world, derived from the O*NET 29.2 Database by the U.S. Department of Labor, Employment and Training
 * Administration (CC BY 4.0; see NOTICE). Changed: for each topic a few occupations were chosen by hand (their codes stand here); of the titles
 * that O*NET reports for them those without a rank were taken, abbreviations in brackets left off; of their technology skills those that tell
 * the topic from the others best, hot technologies first, the word "software" left off.
 */
import type { Topic } from './topic.ts';

interface Occupation { readonly codes: readonly string[]; readonly titles: readonly string[]; readonly tools: readonly string[] }
const row = (codes: string, titles: string, tools: string): Occupation => ({ codes: codes.split(' '), titles: titles.split('|'), tools: tools.split('|') });

export const OCCUPATIONS: Readonly<Record<string, Occupation>> = {
  'Software architecture': row('15-1252.00 15-1299.08 15-1211.00 15-1251.00',
    'Application Developer|Application Integration Engineer|Infrastructure Engineer|IT Architect|IT Engineer|Network and Infrastructure Engineer|Applications Analyst|Business Systems Analyst|Computer Analyst|Analyst Programmer|Application Programmer Analyst',
    'GitLab|Oracle Cloud|Eclipse Jersey|Atlassian Bitbucket|GraphQL|Redis'),
  'Developer tools': row('15-1253.00 15-1251.00 15-1254.00 15-1299.01',
    'Automation Tester|Information Technology Analyst|Quality Assurance Analyst|Analyst Programmer|Application Programmer Analyst|Computer Programmer|Technology Applications Engineer|Web Architect|Web Design Specialist|Web Administrator|Web Content Coordinator',
    'Jenkins CI|jQuery|Spring Boot|Cascading style sheets CSS|Apache Tomcat|React'),
  'Cloud infrastructure': row('15-1244.00 15-1241.00 15-1231.00 15-1241.01',
    'Information Analyst|Information Technology Specialist|Local Area Network Administrator|Computer Network Technologist|Network Analyst|Network Consultant|Computer Network Specialist|IT Consultant|Network Specialist|Communications Engineer|Infrastructure Engineer',
    'Border Gateway Protocol BGP|Microsoft Active Directory|ServiceNow|Ansible|Red Hat Enterprise Linux|Apache Tomcat'),
  'Machine learning': row('15-2051.00 15-1221.00 15-2041.00 15-2031.00',
    'Data Analytics Specialist|Data Mining Analyst|Data Scientist|Computer Scientist|Computer Specialist|Control System Computer Scientist|Database Analyst|Education Research Analyst|Mathematical Statistician|Analytical Strategist|Decision Analyst',
    'TensorFlow|Microsoft Power BI|Apache Spark|Scala|PyTorch|Amazon Redshift'),
  'Data engineering': row('15-1243.00 15-1243.01 15-1242.00 15-2051.01',
    'Data Architect|Data Engineer|Data Officer|Data Warehouse Analyst|Data Warehouse Solution Architect|Database Administration Manager|Database Administrator|Database Analyst|Business Analyst|Business Intelligence Analyst|Business Intelligence Consultant',
    'Informatica|Oracle SQL Developer|Microsoft Power BI|Transact-SQL|Apache Spark|Ruby on Rails'),
  'Responsible AI': row('13-2054.00 27-3042.00 15-2041.00 19-3094.00',
    'Equity Research Analyst|Risk Analyst|Risk Manager|Documentation Designer|Documentation Specialist|Engineering Writer|Database Analyst|Education Research Analyst|Mathematical Statistician|Political Analyst|Political Consultant',
    'Atlassian JIRA|Tableau|SAS|IBM SPSS Statistics|ServiceNow|R'),
  'Product management': row('11-2021.00 15-1299.09 11-3021.00 13-1082.00',
    'Brand Manager|Business Development Manager|Commercial Lines Manager|Cybersecurity Project Manager|Information Systems Project Manager|IT Manager|Data Processing Manager|Information Systems Manager|Information Technology Manager|Project Manager|Design Project Management Specialist',
    'Microsoft Azure|Ruby on Rails|Atlassian JIRA|SAP ERP|Oracle PL/SQL'),
  'User research': row('19-3022.00 19-3032.00 13-1161.00 19-3041.00',
    'Data Analyst|Field Interviewer|Public Opinion Analyst|Consulting Psychologist|Industrial Psychologist|Management Consultant|Business Development Specialist|Communications Specialist|Demographic Analyst|Evaluation Specialist|Medical Sociologist',
    'Canva|Zoom|IBM SPSS Statistics|Google Sheets|SAS|Oracle PeopleSoft'),
  Accessibility: row('15-1255.00 17-2112.01 27-1024.00 27-1021.00',
    'Technology Applications Engineer|Web Architect|Web Design Specialist|Board Certified Ergonomist|Certified Professional Ergonomist|Cognitive Engineer|Brand Designer|Graphic Artist|Graphic Design Coordinator|Design Engineer|Industrial Designer',
    'Figma|Cascading style sheets CSS|jQuery|Apple iOS|Adobe Creative Cloud|AJAX'),
  Cybersecurity: row('15-1212.00 15-1299.04 15-1299.05 15-1299.06',
    'Information Security Officer|Information Security Specialist|Information Systems Security Analyst|Penetration Tester|Application Security Assessor|Application Security Tester|Cyber Defense Incident Responder|AI Security Specialist|Application Security Administrator|Digital Forensics Analyst|Cyber Analyst',
    'Microsoft Active Directory|Border Gateway Protocol BGP|Apple iOS|ServiceNow|Kubernetes|Ansible'),
  Privacy: row('13-1041.07 11-9199.02 15-1299.03 11-9199.01',
    'Drug Regulatory Affairs Specialist|Regulatory Affairs Analyst|Regulatory Affairs Consultant|Accreditation Manager|Compliance Manager|Compliance Operations Manager|Business Records Manager|Certified Document Imaging Architect|Document Control Manager|Global RA Manager|RA Manager',
    'Oracle SQL Developer|IBM WebSphere MQ|Adobe Acrobat|Microsoft SharePoint|Apache Tomcat|Yardi'),
  'Public sector technology': row('19-3051.00 15-1299.02 13-1111.00 15-1254.00',
    'City Planner|Community Development Planner|Community Planner|Geographic Information System Analyst|Geographic Information Systems Analyst|GIS Specialist|Administrative Analyst|Business Analyst|Business Consultant|Technology Applications Engineer|Web Architect',
    'TypeScript|Bootstrap|Jenkins CI|Google Angular|Vue.js|Kubernetes'),
  'Corporate finance': row('13-2051.00 11-3031.00 11-3031.01 13-2031.00 13-2011.00',
    'Credit Products Officer|Equity Research Analyst|Financial Analyst|Banking Center Manager|Branch Manager|Business Banking Manager|Corporate Controller|Corporate Treasurer|Regional Controller|Budget Analyst|Budget and Policy Analyst',
    'Workday|Alteryx|SAP Concur|Yardi|Intuit QuickBooks'),
  Payments: row('13-2099.04 13-2041.00 13-2061.00 43-3071.00 13-2072.00',
    'Anti-Fraud Operations Analyst|Certified Fraud Examiner|Confidential Investigator|Credit Administrator|Credit Analyst|Credit and Collections Analyst|Bank Examiner|Community Reinvestment Act Officer|Compliance Analyst|Branch Operations Specialist|Customer Relationship Specialist',
    'CGI-AMS CACS Enterprise|Credit fraud detection|Dun and Bradstreet Global DecisionMaker|Equifax Advanced Decisioning|Experian Detect|Fair Isaac Capstone Decision Manager'),
  'Sustainable finance': row('11-1011.03 13-1199.05 13-2099.01 19-3011.01 11-3031.03',
    'Sustainability Manager|Campus Energy Coordinator|Sustainability Advisor|Sustainability Consultant|Investment Strategist|Portfolio Manager|Quantitative Analyst|Environmental Economist|Natural Resource Economist|Research Economist|Fixed Income Portfolio Manager',
    'Microsoft Power BI|Tableau|Autodesk AutoCAD Civil 3D|SAS|C#|C++'),
  'Digital health': row('15-1211.01 29-9021.00 11-9111.00 29-2072.00',
    'Clinical Informaticist|Clinical Informatics Analyst|Clinical Informatics Specialist|Medical Records Analyst|Health Information Manager|Medical Records Manager|Mental Health Program Manager|Health Information Clerk|Health Information Specialist|Health Information Technician',
    'Henry Schein Dentrix|eClinicalWorks EHR|Epic Systems|MEDITECH|PCC EHR|Tableau'),
  'Clinical research': row('11-9121.01 15-2051.02 15-2041.01 19-1041.00 13-1041.07',
    'Clinical Coordinator|Clinical Program Coordinator|Clinical Program Manager|Clinical Data Management Manager|Clinical Data Manager|Clinical Informatics Manager|Biostatistical Consultant|Research Scientist|Statistical Scientist|Chronic Disease Epidemiologist|Communicable Diseases Specialist',
    'Clinical trial management|IBM SPSS Statistics|S-Plus|SAS|R|5AM Glassbox Translational Research'),
  Biotechnology: row('19-1029.02 19-1029.01 19-1021.00 17-2031.00 19-1022.00',
    'Molecular Biologist|Research Scientist|Bioinformatics Scientist|Scientific Database Curator|Analytical Research Chemist|Biophysics Researcher|Biomedical Engineer|Biomedical Technician|Process Engineer|Clinical Laboratory Scientist|Clinical Microbiologist',
    'Basic Local Alignment Search Tool BLAST|Bioconductor|Python|R|Molecular Devices Corporation MetaMorph|The MathWorks MATLAB'),
  'Renewable energy': row('17-2199.10 17-2199.11 11-9199.10 47-4099.03 17-2199.03',
    'Project Engineer|Turbine Measurements Engineer|Utility Engineer|Consulting Engineer|Photovoltaic System Designer|Power Systems Engineer|Business Development Manager|Development Manager|Energy Administrator|Field Technician|Energy Efficiency Engineer',
    'SKM Systems Analysis Power Tools|Autodesk AutoCAD|ETAP|PVsyst|Dassault Systemes SolidWorks'),
  'Supply chains': row('13-1081.00 11-3071.04 13-1081.01 13-1081.02 11-3061.00',
    'Client Services Administrator|Production Planner|Supply Management Specialist|Material Requirements Planning Manager|Solution Design and Analysis Manager|Supply Chain Manager|Acquisition Logistics Engineer|Logistics Engineer|Reliability Engineer|Global Logistics Analyst|Logistics Analyst',
    'Microsoft Power BI|Warehouse management system WMS|Infor Lawson Supply Chain Management|SAP|Structured query language SQL'),
  Robotics: row('17-2199.08 17-2199.05 17-3024.01 17-2112.03 17-2141.00',
    'Automation Engineer|Autonomous Vehicle Design Engineer|Design Engineer|Automation Designer|Control Systems Engineer|Controls Engineering Specialist|Automation Technician|Instrument and Automation Technician|Instrument Specialist|Facility Engineer|Manufacturing Engineer',
    'Dassault Systemes SolidWorks|Bentley MicroStation|Autodesk AutoCAD|C++|The MathWorks MATLAB|Ladder Logic'),
  Hiring: row('13-1071.00 11-3121.00 13-1141.00 11-3111.00',
    'Corporate Recruiter|HR Analyst|HR Coordinator|Employee Relations Manager|Benefits Analyst|Benefits Consultant|Benefits Specialist|Benefits Coordinator|Benefits Manager|Compensation and Benefits Manager',
    'Workday|Kronos Workforce Timekeeper|Oracle HRIS|Lawson Human Resource Management|Intuit QuickBooks|Applicant tracking'),
  Leadership: row('13-1151.00 11-3131.00 11-1021.00 19-3032.00 13-1075.00',
    'Computer Training Specialist|Corporate Trainer|Job Training Specialist|Education and Development Manager|Learning Manager|Organizational Development Manager|Business Manager|Center Manager|Department Manager|Consulting Psychologist|Industrial Psychologist',
    'Kronos Workforce Timekeeper|Oracle PeopleSoft|Cisco Webex|Google Sheets|Alchemy Systems SISTEM|Beeline Learning Management System LMS'),
  Marketing: row('13-1161.00 13-1161.01 27-3031.00 11-2011.00 11-2032.00',
    'Business Development Specialist|Communications Specialist|Demographic Analyst|Digital Marketing Strategist|Digital Media Planner|Internet Marketing Specialist|Community Relations Coordinator|Corporate Communications Specialist|Media Relations Specialist|Advertising Manager|Advertising Sales Manager',
    'Canva|WordPress|HubSpot|Google Analytics|Marketo Marketing Automation|Drupal'),
};

/** Job titles of people who work on it, without a rank. */
export const titlesOf = ({ name }: Topic): readonly string[] => OCCUPATIONS[name]?.titles ?? [];
const skills = new Map<string, readonly string[]>();
/** Skills of people who work on it: what they know, then the tools they use. */
export const skillsOf = (topic: Topic): readonly string[] => {
  const known = skills.get(topic.name) ?? [...new Set([...topic.skills, ...OCCUPATIONS[topic.name]?.tools ?? []])];
  skills.set(topic.name, known);
  return known;
};
