// The kinds of document that are worked on. Each edit does something that can be found again: it
// adds a token that nobody else adds, takes one away, or adds to its author's counter. No two such
// edits cancel each other out, so whatever is lost, doubled or torn shows in the end.
//
// start   what the document is created with;  type  its type, json0 if absent
// edit    ({random, data, token, author}) -> {op, adds, removes, amount}; the last three tell what
//         it does
// check   (data, facts) fails unless `data` holds what `facts` of the journal say, and nothing else
import assert from 'node:assert/strict';
import {textType} from '../../interop/support/editor.mjs';

const tokensWanted = 40;  // about as many; more are taken away again

function wantsRemoval(random, count) {
  return count > 0 && random.below(10) < (count > tokensWanted ? 6 : 2);
}

function checkTokens(tokens, {added, removed}) {
  const expected = [...added].filter((token) => !removed.has(token));
  assert.deepEqual([...tokens].sort(), expected.sort());
}

const list = {
  start: {tokens: [], count: 0},
  edit({random, data: {tokens}, token}) {
    if (wantsRemoval(random, tokens.length)) {
      const at = random.below(tokens.length);
      return {removes: tokens[at], op: [{p: ['tokens', at], ld: tokens[at]}]};
    }
    const at = random.below(tokens.length + 1);
    return {adds: token, op: [{p: ['tokens', at], li: token}, {p: ['count'], na: 1}]};
  },
  check(data, facts) {
    checkTokens(data.tokens, facts);
    assert.equal(data.count, facts.added.size, 'the count of the tokens ever added');
  }
};

// Resending an `na` is not idempotent.
const counter = {
  start: {total: 0, by: {}},
  edit({random, data, author}) {
    const amount = random.below(9) - 4;
    const first = author in data.by ? [] : [{p: ['by', author], oi: 0}];
    return {amount, op: [...first, {p: ['by', author], na: amount}, {p: ['total'], na: amount}]};
  },
  check(data, {sums}) {
    assert.deepEqual(data.by, Object.fromEntries(sums));
    assert.equal(data.total, [...sums.values()].reduce((a, b) => a + b, 0));
  }
};

// Tokens in a string, each with an astral character inside and one as its end. Edits begin and end
// between tokens, so that no insert splits one. `length` counts positions as the type does.
const end = '😀';
const tokensOf = (text) => text.split(end).slice(0, -1);

function textEdit({random, text, token, length}) {
  const tokens = tokensOf(text);
  const removal = wantsRemoval(random, tokens.length);
  const index = random.below(tokens.length + (removal ? 0 : 1));
  const at = length(tokens.slice(0, index).map((each) => each + end).join(''));
  return removal ? {at, removes: tokens[index]} : {at, adds: token};
}

const text = {
  start: '',
  type: textType.uri,
  edit({random, data, token}) {
    const length = (string) => [...string].length;
    const {at, adds, removes} = textEdit({random, text: data, token: `${token}𝒳`, length});
    const change = adds ? adds + end : {d: length(removes + end)};
    return {adds, removes, op: [at, change].filter(Boolean)};
  },
  check(data, facts) {
    checkTokens(tokensOf(data), facts);
  }
};

// The subtype text0, in a string of a json0 document.
const prose = {
  start: {text: ''},
  edit({random, data, token}) {
    const length = (string) => string.length;
    const {at, adds, removes} = textEdit({random, text: data.text, token: `${token}𝒳`, length});
    const o = [adds ? {p: at, i: adds + end} : {p: at, d: removes + end}];
    return {adds, removes, op: [{p: ['text'], t: 'text0', o}]};
  },
  check(data, facts) {
    checkTokens(tokensOf(data.text), facts);
  }
};

// A list whose ops are large and whose document is not, so that checkpoints of it are written: each
// author has a place to scribble `bytes` in.
const bulk = (bytes) => ({
  ...list,
  start: {...list.start, scribbles: {}},
  edit(circumstances) {
    const edit = list.edit(circumstances);
    const scribble = {p: ['scribbles', circumstances.author], oi: 'x'.repeat(bytes)};
    return {...edit, op: [...edit.op, scribble]};
  }
});

const small = {list, counter, text, prose};
export const everyday = {...small, bulk: bulk(8 << 10)};
export const heavy = {...small, bulk: bulk(32 << 10)};  // to fill a disk with
