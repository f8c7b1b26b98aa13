// The files of ShareDB's tests that speak of what a client sees, as they come from npm; mocha runs
// this one. Their Backend is the remote one: see remote_backend.cjs.
'use strict';
const Module = require('node:module');
const path = require('node:path');
const {RemoteBackend} = require('./remote_backend.cjs');

const root = path.dirname(require.resolve('sharedb/package.json'));
const own = (name) => require(path.join(root, 'test', name));

// Whoever of them asks for the backend gets ours. One test wants a revision of json0 that is not
// on npm.
const replaced = new Set(['lib/backend.js', 'lib/index.js'].map((name) => path.join(root, name)));
const load = Module._load;
Module._load = function(request, parent, ...rest) {
  if (request === 'ot-json0-v2') return load.call(this, 'ot-json0', parent, ...rest);
  if (parent?.filename?.startsWith(path.join(root, 'test')) && request.startsWith('.')) {
    if (replaced.has(Module._resolveFilename(request, parent))) return RemoteBackend;
  }
  return load.call(this, request, parent, ...rest);
};

own('setup');
for (const name of ['connection', 'pending', 'doc', 'snapshot-version-request',
  'snapshot-timestamp-request', 'presence/presence', 'presence/doc-presence',
  'presence/doc-presence-emitter']) {
  describe(name, () => own(`client/${name}`));
}
describe('agent', () => own('agent'));

// These are written for any database.
const Database = own('BasicQueryableMemoryDB');
const getQuery = ({query, sort}) => ({filter: query, sort});
for (const name of ['submit', 'submit-json1', 'subscribe', 'query', 'query-subscribe',
  'projections']) {
  describe(name, () => {
    beforeEach(function() {
      this.backend = new RemoteBackend({db: new Database()});
    });
    afterEach(function(done) {
      this.backend.close(done);
    });
    own(`client/${name}`)({getQuery});
  });
}
