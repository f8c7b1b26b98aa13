// Who pretends to be somebody else, or looks where nothing is to be seen. Tokens that are none, foreign
// pages and cookies: access.test.mjs and http_access.test.mjs.
import assert from 'node:assert/strict';
import {json0Type} from '../support/editor.mjs';
import {freshId} from '../support/ids.mjs';
import {error, mebibyte, row} from './range.mjs';

const only = {segueOnly: true};
const create = {type: json0Type.uri, data: {n: 0}};
const edit = (v, seq, more) => ({a: 'op', v, seq, op: [{p: ['n'], na: 1}], ...more});

// Everything is open but the vault, which is the witness's.
export const policy = [
  {who: {sub: 'witness'}, collection: '*', allow: ['read', 'write', 'create', 'delete']},
  {collection: 'vault', deny: ['read', 'write', 'create', 'delete']},
  {collection: '*', allow: ['read', 'write', 'create', 'delete']}
];
const as = (author) => async (range) =>
  range.attacker({headers: range.guarded.bearer(await range.guarded.token(author))});
const [ann, mallory] = [as('ann'), as('mallory')];

const forbidden = (what, message) => row('P12', `${what} of what may not be read`, async (range) => {
  const wire = await mallory(range);
  error('ERR_FORBIDDEN')({message: await wire.ask(message)});
}, only);

const headOf = (alg) => Buffer.from(JSON.stringify({alg})).toString('base64url');
const claims = Buffer.from('{"sub":"witness","exp":99999999999,"aud":"segue"}').toString('base64url');
const tokens = {
  'no algorithm': `${headOf('none')}.${claims}.`, 'another algorithm': `${headOf('RS256')}.${claims}.AAAA`,
  nothing: '', dots: '...', 'no token': 'x', 'a mebibyte': 'x'.repeat(mebibyte),
  'a deep header': `${Buffer.from('['.repeat(5000)).toString('base64url')}.${claims}.AAAA`
};

export const rows = [
  row('P14', 'hs with the src of another author', async (range) => {
    const [owner, thief] = [await ann(range), await mallory(range)];
    const doc = {c: 'shows', d: freshId()};
    await owner.ask({a: 'op', ...doc, v: 0, seq: 1, create});
    const reply = await thief.ask({a: 'hs', id: owner.src, protocol: 1});
    assert.deepEqual([reply.error, reply.id], [undefined, thief.src]);
    const next = await owner.ask(edit(1, 2, doc));
    assert.deepEqual([next.error, next.v, next.src], [undefined, 1, owner.src]);
  }, only),
  row('P14', 'an op with the src of another author', async (range) => {
    const [owner, thief] = [await ann(range), await mallory(range)];
    const doc = {c: 'shows', d: freshId()};
    await owner.ask({a: 'op', ...doc, v: 0, seq: 1, create});
    error('ERR_SRC_NOT_YOURS')({message: await thief.ask(edit(1, 2, {...doc, src: owner.src}))});
    const next = await owner.ask(edit(1, 2, doc));
    assert.deepEqual([next.error, next.v], [undefined, 1]);
  }, only),
  row('P15', 'a session played again after its author has lost the right', async (range) => {
    const wire = await ann(range);
    const doc = {c: 'shows', d: freshId()};
    const session = [{a: 'op', ...doc, v: 0, seq: 1, create}, edit(1, 2, doc), {a: 's', ...doc}];
    for (const message of session) assert.equal((await wire.ask(message)).error, undefined);
    range.guarded.rules([{...policy[1], collection: 'shows', id: doc.d}, ...policy]);
    assert.equal(await wire.closed(), 4003);
    const again = await ann(range);
    for (const message of session) error('ERR_FORBIDDEN')({message: await again.ask(message)});
    range.guarded.rules(policy);
  }, only),
  row('P15', 'a ticket used twice', async (range) => {
    const headers = {...range.guarded.bearer(await range.guarded.token('ann')), connection: 'close'};
    const response = await fetch(`${range.guarded.origin}/v1/tickets`, {method: 'POST', headers});
    const {ticket} = await response.json();
    assert.deepEqual(await range.upgrade(`?ticket=${ticket}`), 101);
    assert.deepEqual(await range.upgrade(`?ticket=${ticket}`), 401);
  }, only),
  row('P16', 'what is there and what is not are refused alike', async (range) => {
    const [owner, wire] = [await as('witness')(range), await mallory(range)];
    await owner.ask({a: 'op', c: 'vault', d: 'a0', v: 0, seq: 9, create});
    for (const request of [{a: 'f'}, {a: 's', v: 0}, {a: 'nf', id: 1}, edit(0, 1)]) {
      const refusals = new Set();
      for (const d of ['a0', 'a1', 'z9']) {
        refusals.add(JSON.stringify((await wire.ask({...request, c: 'vault', d})).error));
      }
      assert.equal(refusals.size, 1);
      assert.match([...refusals][0], /ERR_FORBIDDEN/);
    }
  }, only),
  forbidden('presence in a document',
    {a: 'p', ch: 'x', id: 'i', pv: 0, p: 1, c: 'vault', d: 'a0', v: 1, t: 'rich-text'}),
  forbidden('the channel', {a: 'ps', ch: 'vault.a0', seq: 1}),
  forbidden('a query', {a: 'qf', id: 1, c: 'vault', q: {}}),
  ...Object.entries(tokens).map(([what, token]) =>
    row('H9', `a live connection renewed by a token that is ${what}`, async (range) => {
      const wire = await mallory(range);
      const message = await wire.ask({a: 'auth', token});
      error('ERR_UNAUTHORIZED', 'ERR_MESSAGE_BADLY_FORMED')({message});
      assert.deepEqual(await wire.ask({a: 'pp'}), {a: 'pp'});
    }, only))
];
