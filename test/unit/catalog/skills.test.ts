import { describe, expect, test } from 'vitest';
import { openCatalog, type Catalog } from '../../../src/catalog/catalog.ts';
import type { IndexName } from '../../../src/catalog/under-terms.ts';
import { encodeEntity, type EntityInput } from '../../../src/catalog/records.ts';
import type { MemberId, Millis } from '../../../src/core/ids.ts';
import type { StoredRecord } from '../../../src/log/port.ts';
import { attachSpace, createSpace } from '../../../src/memory/space.ts';

const DELETED = 'deleted';
type Step = Pick<EntityInput, 'kind' | 'id' | 'attributes'> | { readonly [DELETED]: string };

const recordOf = (step: Step, sequence: number): StoredRecord => {
  const common = { id: String(sequence), at: sequence as Millis, deduplicate: 'never', sequence } as const;
  if (DELETED in step) return { ...common, type: 'entityDeleted', payload: Uint8Array.of(1, ...new TextEncoder().encode(step[DELETED])) };
  return { ...common, type: 'entity', payload: encodeEntity({ kind: step.kind, id: step.id, createdAt: 0 as Millis, attributes: step.attributes }) };
};

/** The steps through a catalogue, settled after every `block` of them. */
const after = (steps: readonly Step[], block = steps.length): Catalog => {
  const catalog = openCatalog(createSpace());
  steps.forEach((step, i) => {
    catalog.apply(recordOf(step, i));
    if ((i + 1) % block === 0) catalog.settle();
  });
  catalog.settle();
  return catalog;
};

const skill = (id: string, name: string, rest: Readonly<Record<string, unknown>> = {}): Step => ({ kind: 'skill', id, attributes: { name, ...rest } });
const job = (id: string, ...skills: readonly string[]): Step => ({ kind: 'job', id, attributes: { skills } });
const member = (id: string, ...skills: readonly string[]): Step => ({ kind: 'member', id, attributes: { skills } });
const article = (id: string, ...topics: readonly string[]): Step => ({ kind: 'article', id, attributes: { topics } });

const termsOf = (catalog: Catalog, reference: string): readonly string[] => [...catalog.termsOf.values(catalog.find(reference))].map((term) => catalog.terms.name(term));
const under = (catalog: Catalog, list: IndexName, term: string): readonly string[] => [...catalog.under[list].values(catalog.terms.find(term))].map((number) => catalog.entities.name(number));
const adjacentTo = (catalog: Catalog, term: string): readonly string[] => [...catalog.adjacency.adjacent(catalog.terms.find(term)).terms].map((other) => catalog.terms.name(other));

const JS: Step = skill('js', 'JavaScript', { aliases: ['JS', 'ECMAScript'] });

describe('an alias', () => {
  test('means its skill in what is written after it and in what was written before', () => {
    const catalog = after([article('a', 'js'), JS, article('b', 'ecmascript', 'news'), job('j', 'Js'), member('m', 'JAVASCRIPT', 'js')], 1);
    expect(['article:a', 'article:b', 'job:j', 'member:m'].map((reference) => termsOf(catalog, reference))).toEqual([['javascript'], ['javascript', 'news'], ['javascript'], ['javascript']]);
    expect([...under(catalog, 'article', 'javascript'), ...under(catalog, 'job', 'javascript')]).toEqual(['article:a', 'article:b', 'job:j']);
    expect([under(catalog, 'article', 'js'), under(catalog, 'held', 'javascript'), under(catalog, 'asked', 'javascript')]).toEqual([[], ['member:m'], ['job:j']]);
  });

  test('means itself again when its skill goes, or no longer says it', () => {
    for (const end of [{ [DELETED]: 'skill:js' }, skill('js', 'JavaScript')]) {
      const catalog = after([article('a', 'js'), JS, article('b', 'js', 'javascript'), end], 1);
      expect([termsOf(catalog, 'article:a'), termsOf(catalog, 'article:b')]).toEqual([['js'], ['js', 'javascript']]);
      expect([under(catalog, 'article', 'js'), under(catalog, 'article', 'javascript')]).toEqual([['article:a', 'article:b'], ['article:b']]);
    }
  });

  test('of two skills means neither, and a name is never an alias of another', () => {
    const catalog = after([JS, skill('jobshadowing', 'Job shadowing', { aliases: ['js', 'JavaScript'] }), article('a', 'js', 'javascript', 'ecmascript')], 1);
    expect(termsOf(catalog, 'article:a')).toEqual(['js', 'javascript']);
  });

  test('of two entries of the same name means that name', () => {
    expect(termsOf(after([JS, skill('other', 'javascript', { aliases: ['js'] }), article('a', 'js')], 1), 'article:a')).toEqual(['javascript']);
  });

  test('follows its skill to another name', () => {
    const catalog = after([JS, article('a', 'js'), skill('js', 'ECMAScript', { aliases: ['JS', 'JavaScript'] }), article('b', 'javascript')], 1);
    expect([termsOf(catalog, 'article:a'), termsOf(catalog, 'article:b'), under(catalog, 'article', 'ecmascript')]).toEqual([['ecmascript'], ['ecmascript'], ['article:a', 'article:b']]);
  });

  test('keeps items in the order in which they were written, so that the newest are found', () => {
    const catalog = after([article('a', 'js'), article('b', 'javascript'), article('c', 'js'), article('d', 'javascript'), article('a', 'js'), JS], 1);
    expect(under(catalog, 'article', 'javascript')).toEqual(['article:b', 'article:c', 'article:d', 'article:a']);
  });

  test('leads to the same whatever the blocks in which the log comes', () => {
    const steps = [article('a', 'js'), member('m', 'js', 'sql'), JS, job('j', 'javascript', 'sql'), member('n', 'ecmascript'), { [DELETED]: 'skill:js' }, article('b', 'js'), JS, job('j', 'js', 'html'), article('a', 'sql')];
    const [whole, ...others] = [steps.length, 1, 2, 3].map((block) => {
      const catalog = after(steps, block);
      return ['article:a', 'article:b', 'member:m', 'member:n', 'job:j'].map((reference) => termsOf(catalog, reference))
        .concat(['js', 'javascript', 'sql'].flatMap((term) => (['article', 'held', 'asked'] as const).map((list) => under(catalog, list, term))));
    });
    for (const other of others) expect(other).toEqual(whole);
  });

  test('is read so by other threads', () => {
    const space = createSpace();
    const writer = openCatalog(space);
    [article('a', 'js'), JS].forEach((step, i) => { writer.apply(recordOf(step, i)); });
    writer.settle();
    const reader = openCatalog(attachSpace(space.share()));
    expect(termsOf(reader, 'article:a')).toEqual(['javascript']);
    expect(reader.termName(reader.terms.find('javascript'))).toBe('JavaScript');
  });
});

test('a term is shown as its skill writes it, and as it is where there is none', () => {
  const catalog = after([JS, article('a', 'JS', 'Data  Engineering')]);
  expect([...catalog.termsOf.values(catalog.find('article:a'))].map((term) => catalog.termName(term))).toEqual(['JavaScript', 'data engineering']);
});

describe('adjacent skills', () => {
  /** Ten members who have two of a kind and ten jobs that ask for them, and as many of another kind; the fifth is everywhere. */
  const pairs = Array.from({ length: 10 }, (_, i) => [member(`m${i}`, 'postgresql', 'mysql', 'email'), member(`w${i}`, 'welding', 'soldering', 'email'), job(`j${i}`, 'welding', 'soldering', 'email'), job(`k${i}`, 'postgresql', 'mysql', 'email')]).flat();

  test('are those that stand together more than chance would put them, first what few others have', () => {
    const catalog = after(pairs);
    expect(adjacentTo(catalog, 'postgresql')[0]).toBe('mysql');
    expect(adjacentTo(catalog, 'welding')[0]).toBe('soldering');
    expect(adjacentTo(catalog, 'postgresql')).not.toContain('welding');
    const { terms, weights } = catalog.adjacency.adjacent(catalog.terms.find('postgresql'));
    expect([...weights]).toEqual([...weights].toSorted((a, b) => b - a));
    expect([...weights].every((weight) => weight > 0 && weight < 1)).toBe(true);
    // What everybody has stands with everything by chance.
    expect([...terms].map((term) => catalog.terms.name(term))).not.toContain('email');
  });

  test('are as good as chance where everybody has both: none', () => {
    expect(adjacentTo(after(Array.from({ length: 20 }, (_, i) => member(`m${i}`, 'email', 'typing'))), 'email')).toEqual([]);
  });

  test('are counted under the name that an alias means', () => {
    const catalog = after([...pairs, skill('pg', 'PostgreSQL', { aliases: ['Postgres'] }), ...Array.from({ length: 10 }, (_, i) => member(`p${i}`, 'postgres', 'plpgsql'))], 1);
    expect(catalog.adjacency.holders(catalog.terms.find('postgresql'))).toBe(30);
    expect(catalog.adjacency.holders(catalog.terms.find('postgres'))).toBe(0);
    expect([...adjacentTo(catalog, 'postgresql')].slice(0, 2).toSorted()).toEqual(['mysql', 'plpgsql']);
    expect(adjacentTo(catalog, 'plpgsql')).toContain('postgresql');
    expect(adjacentTo(catalog, 'plpgsql')).not.toContain('postgres');
  });

  const TAXONOMY = [skill('db', 'Databases'), skill('pg', 'PostgreSQL', { broader: ['skill:db'] }), skill('maria', 'MariaDB', { broader: ['skill:db'] }), skill('tig', 'TIG welding', { related: ['skill:weld'] }), skill('weld', 'Welding')];

  test('come from the taxonomy where the network has seen nothing', () => {
    const steps = [member('m', 'PostgreSQL'), job('j', 'MariaDB'), member('w', 'welding'), job('t', 'TIG welding')];
    for (const all of [[...TAXONOMY, ...steps], [...steps, ...TAXONOMY]]) {
      const catalog = after(all, 1);
      expect([adjacentTo(catalog, 'postgresql'), adjacentTo(catalog, 'mariadb'), adjacentTo(catalog, 'welding'), adjacentTo(catalog, 'tig welding')]).toEqual([['mariadb'], ['postgresql'], ['tig welding'], ['welding']]);
    }
  });

  test('are said less by the taxonomy the more the network has seen', () => {
    const weightOf = (seen: number): number => {
      const catalog = after([...TAXONOMY, job('j', 'MariaDB'), ...Array.from({ length: seen }, (_, i) => member(`m${i}`, 'postgresql', 'mysql')), ...Array.from({ length: 5 }, (_, i) => member(`o${i}`, 'welding'))]);
      const { terms, weights } = catalog.adjacency.adjacent(catalog.terms.find('postgresql'));
      return weights[[...terms].indexOf(catalog.terms.find('mariadb'))] ?? 0;
    };
    expect(weightOf(1)).toBeGreaterThan(weightOf(10));
    expect(weightOf(10)).toBeGreaterThan(weightOf(100));
  });

  test('go with the last who held them together', () => {
    const catalog = after([...pairs, ...Array.from({ length: 10 }, (_, i) => [{ [DELETED]: `member:m${i}` }, { [DELETED]: `job:k${i}` }]).flat()], 1);
    expect([adjacentTo(catalog, 'postgresql'), catalog.adjacency.holders(catalog.terms.find('mysql'))]).toEqual([[], 0]);
  });

  test('of a member who is erased are forgotten, word and row', () => {
    const catalog = after([...pairs, member('secretive', 'postgresql', 'juggling of secrets'), member('secretive2', 'welding', 'soldering')]);
    expect(adjacentTo(catalog, 'postgresql')).toContain('juggling of secrets');
    catalog.forgetMember('secretive' as MemberId);
    expect(adjacentTo(catalog, 'postgresql')[0]).toBe('mysql');
    expect(adjacentTo(catalog, 'postgresql').filter((name) => name === '' || name === 'juggling of secrets')).toEqual([]);
    expect(catalog.terms.find('juggling of secrets')).toBe(-1);
  });

  test('an erased member takes no alias of the taxonomy along', () => {
    const catalog = after([JS, member('m', 'js')]);
    catalog.forgetMember('m' as MemberId);
    catalog.apply(recordOf(article('later', 'js'), 99));
    catalog.settle();
    expect(termsOf(catalog, 'article:later')).toEqual(['javascript']);
  });
});
