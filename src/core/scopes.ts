/** What an API key may reach. */
export const SCOPES = ['events:write', 'feed:read', 'entities:read', 'entities:write', 'members:erase', 'traces:read', 'tokens:write', 'experiments:read', 'experiments:write', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];
