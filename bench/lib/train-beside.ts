/** Training steps without end at the lowest priority, as a training process runs them; arguments as of train-step.ts. */
import { constants, setPriority } from 'node:os';

setPriority(constants.priority.PRIORITY_LOW);
await import('./train-step.ts');
