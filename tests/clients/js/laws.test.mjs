// The guarantees of spec/types/record.md: for all pairs of components on lists of up to three elements,
// and for random ops beyond. SEGUE_RANDOM_CASES=100000 for a long run.
import assert from 'node:assert/strict';
import {test} from 'node:test';

import {Random} from '../../ot/differential/random.mjs';
import {recordDocument, recordOp} from '../../ot/differential/generate_record.mjs';
import {docWith, everyComponent, frozen, small} from './support.mjs';

const randomCases = Number(process.env.SEGUE_RANDOM_CASES ?? 1000);

function checkConverges(doc, left, right) {
  const [newLeft, newRight] = small.transformX(left, right);
  const one = small.apply(small.apply(doc, right), newLeft);
  const two = small.apply(small.apply(doc, left), newRight);
  assert.deepEqual(one, two, 'both ways around a pair lead to one document');
  assert.equal(new Set(one.items.map(({id}) => id)).size, one.items.length, 'ids stay unique');
  assert.deepEqual(small.transform(left, right, 'left'), newLeft);
  assert.deepEqual(small.transform(right, left, 'right'), newRight);
  return {newLeft, newRight};
}

function checkInverts(doc, op) {
  const after = small.apply(doc, op);
  assert.deepEqual(small.apply(after, small.invertWithDoc(op, doc)), doc, 'the inverse takes an op back');
  const invertible = small.makeInvertible(op, doc);
  assert.deepEqual(small.apply(doc, invertible), after, 'memories change nothing');
  return invertible;
}

function checkComposes(doc, first, second) {
  const after = small.apply(small.apply(doc, first), second);
  const both = small.compose(first, second);
  assert.deepEqual(small.apply(doc, both), after, 'a composed op does what its parts did');
  const invertible = small.compose(
    small.makeInvertible(first, doc), small.makeInvertible(second, small.apply(doc, first)));
  assert.deepEqual(small.apply(after, small.invert(invertible)), doc, 'memories survive composition');
}

// After a transform the memories are those of the document that the op then applies to.
function checkMemories(doc, op, other, side) {
  const after = small.apply(doc, other);
  const moved = small.transform(small.makeInvertible(op, doc), other, side);
  const base = small.apply(after, moved);
  if (moved.some((component) => component.type === 'remove' && component.data === undefined)) return;
  assert.deepEqual(small.apply(base, small.invert(moved)), after, 'memories stay true');
}

function checkExplains(op, other, side, doc) {
  const findings = small.explain(op, other, side, doc);
  assert.deepEqual(findings.map(({component}) => component), findings.map((_, index) => index));
  const gone = findings.filter(({verdict}) => ['dropped', 'overwritten'].includes(verdict)).length;
  const result = small.transform(op, other, side);
  const twice = findings.filter(({verdict}) => verdict === 'repaired').length;
  assert.ok(result.length >= findings.length - gone, 'what is not dropped is there');
  assert.ok(result.length <= findings.length - gone + twice, 'what is dropped is not there');
  return findings;
}

function applies(doc, op) {
  try {
    small.apply(doc, op);
    return true;
  } catch (error) {
    assert.equal(error.code, 'ERR_OT_OP_NOT_APPLIED');
    return false;
  }
}

for (const length of [0, 1, 2, 3]) {
  const ids = ['a', 'b', 'c'].slice(0, length);
  test(`every pair of components keeps the guarantees on a list of ${length}`, () => {
    const doc = docWith(...ids);
    for (const left of frozen(everyComponent(ids, 1))) {
      checkInverts(doc, [left]);
      const after = small.apply(doc, [left]);
      for (const next of everyComponent(after.items.map(({id}) => id), 3)) {
        if (applies(after, next)) checkComposes(doc, [left], [next]);
      }
      for (const right of frozen(everyComponent(ids, 2))) {
        checkConverges(doc, [left], [right]);
        checkMemories(doc, [left], [right], 'left');
        checkMemories(doc, [right], [left], 'right');
        checkExplains([left], [right], 'left', doc);
        checkExplains([right], [left], 'right', doc);
      }
    }
  });
}

test('random lists of components keep the guarantees', () => {
  const random = new Random(11);
  for (let round = 0; round < randomCases; ++round) {
    const doc = frozen(recordDocument(random, small));
    const left = frozen(recordOp(random, small, doc));
    const right = frozen(recordOp(random, small, doc));
    checkConverges(doc, left, right);
    checkInverts(doc, left);
    checkComposes(doc, left, recordOp(random, small, small.apply(doc, left)));
    checkExplains(left, right, 'left', doc);
    checkExplains(right, left, 'right', doc);
    assert.deepEqual(small.apply(doc, small.normalize(left)), small.apply(doc, left));
  }
});

test('random documents are led to one another by their diff and back by its inverse', () => {
  const random = new Random(12);
  for (let round = 0; round < randomCases; ++round) {
    const doc = frozen(recordDocument(random, small));
    const target = frozen(recordDocument(random, small));
    const op = small.diff(doc, target);
    assert.deepEqual(small.apply(doc, op), target);
    assert.deepEqual(small.apply(target, small.invert(op)), doc, 'a diff has its memories');
    assert.deepEqual(small.diff(doc, doc), []);
  }
});
