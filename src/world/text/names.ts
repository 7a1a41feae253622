/** Given and family names from several cultures; a person takes both from one row, as most people do. */
export const NAMES: readonly { readonly given: readonly string[]; readonly family: readonly string[] }[] = [
  { given: ['Ana', 'Tiago', 'Beatriz', 'Rui', 'Inês', 'Duarte', 'Marta', 'Nuno', 'Leonor', 'Caio'], family: ['Silveira', 'Moreira', 'Tavares', 'Pinheiro', 'Azevedo', 'Carvalhal', 'Brandão', 'Lobato'] },
  { given: ['Aisha', 'Chidi', 'Ngozi', 'Tunde', 'Amara', 'Emeka', 'Folake', 'Bayo', 'Zainab', 'Ifeoma'], family: ['Okafor', 'Adeyemi', 'Balogun', 'Nwosu', 'Eze', 'Olatunji', 'Danjuma', 'Abiola'] },
  { given: ['Priya', 'Arjun', 'Meera', 'Rohan', 'Kavya', 'Vikram', 'Ananya', 'Sanjay', 'Leela', 'Nikhil'], family: ['Raman', 'Deshpande', 'Iyer', 'Chatterjee', 'Mehta', 'Nair', 'Kulkarni', 'Bhatia'] },
  { given: ['Mei', 'Jun', 'Lihua', 'Wei', 'Xinyi', 'Hao', 'Yating', 'Zhen', 'Qing', 'Bowen'], family: ['Zhao', 'Lin', 'Huang', 'Xu', 'Tang', 'Guo', 'Shen', 'Luo'] },
  { given: ['Haruka', 'Daichi', 'Yuna', 'Ren', 'Sakura', 'Kenta', 'Misaki', 'Takumi', 'Aoi', 'Shun'], family: ['Nakamura', 'Fujita', 'Mori', 'Ishikawa', 'Okada', 'Hasegawa', 'Ueda', 'Matsuda'] },
  { given: ['Lena', 'Jonas', 'Klara', 'Felix', 'Annika', 'Matthias', 'Greta', 'Lukas', 'Svenja', 'Tilman'], family: ['Brandt', 'Vogel', 'Lindemann', 'Hartwig', 'Kessler', 'Reuter', 'Sommer', 'Falk'] },
  { given: ['Camille', 'Hugo', 'Élodie', 'Bastien', 'Margaux', 'Théo', 'Solène', 'Antoine', 'Clémence', 'Yann'], family: ['Lefort', 'Garnier', 'Delacour', 'Roussel', 'Marchand', 'Perrin', 'Vasseur', 'Chevrel'] },
  { given: ['Lucía', 'Mateo', 'Valentina', 'Joaquín', 'Camila', 'Andrés', 'Ximena', 'Rafael', 'Paloma', 'Emilio'], family: ['Herrera', 'Castaño', 'Villalobos', 'Quiroga', 'Salazar', 'Montero', 'Ibarra', 'Rosales'] },
  { given: ['Layla', 'Omar', 'Nour', 'Karim', 'Salma', 'Tariq', 'Yasmin', 'Hassan', 'Rania', 'Faris'], family: ['Haddad', 'Mansour', 'Khalil', 'Nasser', 'Aziz', 'Rahal', 'Sabbagh', 'Toma'] },
  { given: ['Zofia', 'Marek', 'Kasia', 'Piotr', 'Hanna', 'Tomasz', 'Alicja', 'Jakub', 'Milena', 'Stefan'], family: ['Nowicki', 'Zielińska', 'Wrona', 'Kowalczuk', 'Malec', 'Sikora', 'Dudek', 'Bielak'] },
  { given: ['Grace', 'Owen', 'Eleanor', 'Callum', 'Imogen', 'Rhys', 'Harriet', 'Declan', 'Fiona', 'Miles'], family: ['Ashworth', 'Pembroke', 'Gallagher', 'Whitlock', 'Marlowe', 'Kerr', 'Hollis', 'Tierney'] },
  { given: ['Ingrid', 'Lars', 'Astrid', 'Mikkel', 'Saga', 'Elias', 'Freja', 'Henrik', 'Signe', 'Oskar'], family: ['Lindqvist', 'Holm', 'Dahl', 'Nyström', 'Bergstrand', 'Solberg', 'Krogh', 'Ekman'] },
  { given: ['Wanjiru', 'Kamau', 'Achieng', 'Baraka', 'Neema', 'Juma', 'Zawadi', 'Otieno'], family: ['Mwangi', 'Odhiambo', 'Kariuki', 'Wekesa', 'Njoroge', 'Mutua', 'Chege', 'Kiplagat'] },
  { given: ['Linh', 'Minh', 'Thảo', 'Quang', 'Hương', 'Bảo', 'Ngọc', 'Khoa'], family: ['Trần', 'Phạm', 'Đặng', 'Vũ', 'Bùi', 'Hồ', 'Dương', 'Lý'] },
];

export const PLACES: readonly string[] = [
  'Lisbon, Portugal', 'Lagos, Nigeria', 'Bengaluru, India', 'Shanghai, China', 'Osaka, Japan', 'Hamburg, Germany', 'Lyon, France', 'Bogotá, Colombia',
  'Amman, Jordan', 'Kraków, Poland', 'Leeds, United Kingdom', 'Gothenburg, Sweden', 'Nairobi, Kenya', 'Da Nang, Vietnam', 'Toronto, Canada', 'São Paulo, Brazil',
  'Austin, United States', 'Melbourne, Australia', 'Rotterdam, Netherlands', 'Tallinn, Estonia', 'Cape Town, South Africa', 'Singapore', 'Valencia, Spain', 'Dublin, Ireland',
];

/** Invented companies; `field` is a place in FIELDS. */
export const COMPANIES: readonly { readonly id: string; readonly name: string; readonly field: number; readonly about: string }[] = [
  { id: 'harbourline', name: 'Harbourline Systems', field: 0, about: 'Scheduling software for ports, ferries and the people who run them.' },
  { id: 'quillstack', name: 'Quillstack', field: 0, about: 'Build and review tools for large teams that ship every day.' },
  { id: 'cirrova', name: 'Cirrova', field: 0, about: 'Managed infrastructure with a person on the other end of the line.' },
  { id: 'tessera', name: 'Tessera Analytics', field: 1, about: 'Forecasting and measurement for retailers and public transport.' },
  { id: 'lumenfold', name: 'Lumenfold', field: 1, about: 'Language models for technical documents, evaluated in the open.' },
  { id: 'paperplane', name: 'Paperplane Studio', field: 2, about: 'A product studio that designs with the people who will use the result.' },
  { id: 'fieldnote', name: 'Fieldnote', field: 2, about: 'Research repositories that teams actually open.' },
  { id: 'bastionne', name: 'Bastionne', field: 3, about: 'Identity and incident response for hospitals and utilities.' },
  { id: 'civicloom', name: 'Civicloom', field: 3, about: 'Open digital services for cities of every size.' },
  { id: 'meridian-trust', name: 'Meridian Trust', field: 4, about: 'A cooperative bank for small and medium-sized companies.' },
  { id: 'tallypay', name: 'Tallypay', field: 4, about: 'Account-to-account payments and the reconciliation behind them.' },
  { id: 'greenledger', name: 'Greenledger', field: 4, about: 'Carbon accounting that auditors can follow line by line.' },
  { id: 'wardlight', name: 'Wardlight', field: 5, about: 'Software for wards, written with nurses.' },
  { id: 'novacell', name: 'Novacell Therapeutics', field: 5, about: 'Gene therapies for rare diseases of the eye.' },
  { id: 'evident-trials', name: 'Evident Trials', field: 5, about: 'Clinical trials close to where patients live.' },
  { id: 'tidewind', name: 'Tidewind Energy', field: 6, about: 'Offshore wind and the storage that makes it steady.' },
  { id: 'ferrovia', name: 'Ferrovia Robotics', field: 6, about: 'Mobile robots for warehouses that were built before robots.' },
  { id: 'kontor', name: 'Kontor Freight', field: 6, about: 'Ocean and rail freight with honest arrival times.' },
  { id: 'brightbench', name: 'Brightbench', field: 7, about: 'Structured hiring and apprenticeships for skilled trades.' },
  { id: 'common-thread', name: 'Common Thread', field: 7, about: 'Brand and community work for companies with something to say.' },
];

/** Invented news sources and the fields they write about (empty: all of them). */
export const SOURCES: readonly { readonly name: string; readonly host: string; readonly fields: readonly number[] }[] = [
  { name: 'The Working Review', host: 'workingreview.example', fields: [] },
  { name: 'Stack and Stone', host: 'stackandstone.example', fields: [0, 3] },
  { name: 'Runtime Weekly', host: 'runtimeweekly.example', fields: [0] },
  { name: 'Data Quarterly', host: 'dataquarterly.example', fields: [1] },
  { name: 'Made Plain', host: 'madeplain.example', fields: [2] },
  { name: 'Perimeter', host: 'perimeter.example', fields: [3] },
  { name: 'Ledger and Lantern', host: 'ledgerlantern.example', fields: [4] },
  { name: 'The Clinical Reader', host: 'clinicalreader.example', fields: [5] },
  { name: 'Gridwise', host: 'gridwise.example', fields: [6] },
  { name: 'Dock and Door', host: 'dockanddoor.example', fields: [6] },
  { name: 'People at Work', host: 'peopleatwork.example', fields: [7] },
  { name: 'Northern Business Post', host: 'northernbusiness.example', fields: [4, 6, 7] },
  { name: 'Open Methods', host: 'openmethods.example', fields: [1, 5] },
];
