/** Invented schools, and where they are. */
export const SCHOOLS: readonly { readonly id: string; readonly name: string; readonly place: string; readonly about: string }[] = [
  { id: 'alfama-technical', name: 'Alfama Technical University', place: 'Lisbon, Portugal', about: 'Engineering and computing beside the river.' },
  { id: 'lagoon-university', name: 'Lagoon University', place: 'Lagos, Nigeria', about: 'Business, health and law, with evening courses.' },
  { id: 'deccan-institute', name: 'Deccan Institute of Science', place: 'Bengaluru, India', about: 'Mathematics, computing and the life sciences.' },
  { id: 'bund-university', name: 'University of the Bund', place: 'Shanghai, China', about: 'Economics and engineering at scale.' },
  { id: 'naniwa-college', name: 'Naniwa College', place: 'Osaka, Japan', about: 'Design, robotics and manufacturing.' },
  { id: 'elbe-hochschule', name: 'Elbe Hochschule', place: 'Hamburg, Germany', about: 'Applied sciences with a year in industry.' },
  { id: 'croix-rousse', name: 'École de la Croix-Rousse', place: 'Lyon, France', about: 'Biology, medicine and public policy.' },
  { id: 'monserrate', name: 'Universidad Monserrate', place: 'Bogotá, Colombia', about: 'Social sciences and management.' },
  { id: 'seven-hills', name: 'Seven Hills University', place: 'Amman, Jordan', about: 'Computing, pharmacy and finance.' },
  { id: 'wawel-polytechnic', name: 'Wawel Polytechnic', place: 'Kraków, Poland', about: 'Electronics, energy and software.' },
  { id: 'aire-valley', name: 'Aire Valley University', place: 'Leeds, United Kingdom', about: 'Data, design and the arts.' },
  { id: 'skeppsbron', name: 'Skeppsbron Institute of Technology', place: 'Gothenburg, Sweden', about: 'Energy systems and transport.' },
  { id: 'ngong-university', name: 'Ngong University', place: 'Nairobi, Kenya', about: 'Health informatics, agriculture and business.' },
  { id: 'dragon-bridge', name: 'Dragon Bridge University', place: 'Da Nang, Vietnam', about: 'Computing and logistics.' },
  { id: 'don-valley', name: 'Don Valley University', place: 'Toronto, Canada', about: 'Statistics, psychology and law.' },
  { id: 'ipiranga', name: 'Instituto Ipiranga', place: 'São Paulo, Brazil', about: 'Finance, marketing and engineering.' },
];

/** What is awarded, and after how many years. */
export const DEGREES: readonly (readonly [name: string, years: number])[] = [['Bachelor of Science', 3], ['Bachelor of Arts', 3], ['Bachelor of Engineering', 4], ['Diploma', 4]];
export const FURTHER_DEGREES: readonly (readonly [name: string, years: number])[] = [['Master of Science', 2], ['Master of Business Administration', 1], ['Doctor of Philosophy', 4]];
