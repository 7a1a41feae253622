import { expect, test } from 'vitest';
import { journeyText } from '../../../src/cli/train-journey.ts';
import { HEAD_REQUESTS, STEPS, type JourneyOutcome } from '../../../src/models/journey/train.ts';

const outcomeOf = (figures: Readonly<Record<string, number>>): JourneyOutcome => ({
  version: 'journey-1', reason: 'epoch 2 of 24',
  card: { createdAt: '', chosen: '', protocol: '', figures: { ...figures }, curve: [], members: 3, events: 40, parameters: 5, seed: 1, seconds: 2, commit: 'c' },
});

test('training says what each step of ranking is worth, from the state alone to the finalists', () => {
  const text = journeyText(outcomeOf({ 'ndcg@10': 0.25, [STEPS.state]: 0.1, [STEPS.linear]: 0.2, [STEPS.plain]: 0.25, [STEPS.light]: 0.3, [STEPS.finalists]: 0.31, [HEAD_REQUESTS]: 64 }));
  expect(text.split('\n').slice(2)).toEqual([
    '  40 events of 3 members, 5 parameters, 2 s; ndcg@10 0.2500',
    '  NDCG@10 of each step, on 64 later requests:',
    '    state · item                  0.1000',
    '    linear model of features      0.2000',
    '    and a head of features alone  0.2500',
    '    light head                    0.3000',
    '    light head and finalists      0.3100',
  ]);
});

test('a model without heads has no steps to tell', () => {
  expect(journeyText(outcomeOf({ 'ndcg@10': 0.25 }))).not.toContain('each step');
});
