import { modelsSchema } from '../contracts.ts';
import type { Route } from '../route.ts';

export const modelRoutes: readonly Route[] = [
  {
    method: 'GET', path: '/v1/models', name: 'getModels', tag: 'operation', summary: 'The models there are, which serve, and how the one in training goes', access: { scope: 'admin' },
    answers: { 200: { description: 'Models with their cards', schema: modelsSchema } },
    call: (_request, _reply, house) => house.platform.modelsView(),
  },
];
