// Requests over HTTP, each held to spec/openapi.yaml: the request if it was accepted, the response
// in any case.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import Ajv from 'ajv/dist/2020.js';
import YAML from 'yaml';
import {within} from './deadline.mjs';

export const spec = YAML.parse(
  fs.readFileSync(new URL('../../../spec/openapi.yaml', import.meta.url), 'utf8'));
const ajv = new Ajv({strict: false, allErrors: true, validateFormats: false});
ajv.addSchema(spec, 'spec');

// "#/components/..." followed, as often as it leads on.
function resolved(node) {
  while (node?.$ref) {
    node = node.$ref.slice(2).split('/').reduce((at, key) => at[key], spec);
  }
  return node;
}

const patterns = Object.keys(spec.paths).map((pattern) => ({
  pattern,
  regex: new RegExp(`^${pattern.replaceAll(/\{\w+\}/g, '[^/]+')}$`)
}));

// The path of the spec that a URL is at.
export function patternOf(url) {
  const {pathname} = new URL(url);
  return patterns.find(({regex}) => regex.test(pathname))?.pattern;
}

// Every {path, method, status} that was seen; the spec's tests look at it.
export const seen = new Set();

function check(schemaAt, value, what) {
  const validate = ajv.getSchema(schemaAt) ?? ajv.compile({$ref: schemaAt});
  assert.ok(validate(value), `${what}: ${ajv.errorsText(validate.errors)}\n` +
    JSON.stringify(value)?.slice(0, 500));
}

const escaped = (key) => key.replaceAll('~', '~0').replaceAll('/', '~1');

// Where the schema of a body stands, whether it is behind a reference or not.
function schemaAt(node, pointer, type) {
  const at = node.$ref ? node.$ref.slice(1) : pointer;
  const content = resolved(node).content?.[type];
  return content && `spec#${at}/content/${encodeURIComponent(escaped(type))}/schema`;
}

function checkRequest(operation, pointer, {url, headers, body}, status) {
  if (status >= 400) return;
  const parameters = [...(operation.parameters ?? [])].map(resolved);
  for (const [name, value] of new URL(url).searchParams) {
    const parameter = parameters.find((one) => one.in === 'query' && one.name === name);
    assert.ok(parameter, `the spec knows no parameter ${name}`);
    const number = resolved(parameter.schema).type === 'integer';
    assert.ok(ajv.validate({...resolved(parameter.schema)}, number ? Number(value) : value),
      `${name}=${value}: ${ajv.errorsText()}`);
  }
  if (!operation.requestBody) return;
  const type = headers.get('content-type')?.split(';')[0];
  const at = schemaAt(operation.requestBody, `${pointer}/requestBody`, type);
  assert.ok(at, `the spec knows no request body of ${type}`);
  check(at, JSON.parse(body), 'request');
}

// Fails unless the spec has such a request with such a response.
export function checkExchange(request, response) {
  const {method, url} = request;
  const pattern = patternOf(url);
  assert.ok(pattern, `${url} is not in the spec`);
  const item = spec.paths[pattern];
  const status = String(response.status);
  const lower = method.toLowerCase();
  const name = item[lower] ? lower : Object.keys(item).find((key) => key !== 'parameters');
  seen.add(`${name} ${pattern} ${status}`);
  const operation = item[name];
  const pointer = `/paths/${encodeURIComponent(escaped(pattern))}/${name}`;
  const node = operation.responses[status] ?? operation.responses.default;
  assert.ok(node, `${method} ${pattern} has no ${status}`);
  checkRequest(operation, pointer, request, response.status);
  const type = response.headers.get('content-type');
  if (type === 'text/event-stream') return;
  for (const [header, about] of Object.entries(resolved(node).headers ?? {})) {
    const value = response.headers.get(header);
    if (!resolved(about).required && value === null) continue;
    assert.ok(ajv.validate(resolved(about).schema, value), `${header}: ${value}`);
  }
  if (method === 'HEAD') return;
  if (response.status === 304 || response.status === 204) {
    assert.equal(response.text, '');
    return;
  }
  const key = operation.responses[status] ? status : 'default';
  const media = type.split(';')[0];
  const at = schemaAt(node, `${pointer}/responses/${key}`, media);
  assert.ok(at, `${method} ${pattern} ${status} has no ${type}`);
  check(at, media === 'text/plain' ? response.text : JSON.parse(response.text), 'response');
}

// What a test sees of a response.
export class Reply {
  constructor(status, headers, text) {
    Object.assign(this, {status, headers, text});
  }

  get json() {
    return JSON.parse(this.text);
  }
  get etag() {
    return this.headers.get('etag');
  }
  get version() {
    return this.etag === null ? null : Number(/\d+/.exec(this.etag)[0]);
  }
  // The name of the problem, "version-conflict".
  get problem() {
    return this.json.type?.replace('/problems/', '');
  }
}

export class Http {
  // `url`: http://host:port, or the ws:// one of a Server.
  constructor(url) {
    this.base = url.replace('ws:', 'http:').replace(/\/$/, '');
  }

  // Any request; `body` is sent as JSON unless it is a string.
  async request(method, path, {headers = {}, body} = {}) {
    const sent = {
      method,
      url: this.base + path,
      headers: new Headers(headers),
      body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body)
    };
    if (body !== undefined && !sent.headers.has('content-type')) {
      sent.headers.set('content-type', 'application/json');
    }
    const got = await within(fetch(sent.url, sent), `${method} ${path}`);
    const reply = new Reply(got.status, got.headers, await got.text());
    checkExchange(sent, reply);
    return reply;
  }

  get(path, headers) {
    return this.request('GET', path, {headers});
  }
  put(path, body, headers) {
    return this.request('PUT', path, {body, headers});
  }
  post(path, body, headers) {
    return this.request('POST', path, {body, headers});
  }
  patch(path, body, headers) {
    return this.request('PATCH', path, {body, headers});
  }
  jsonPatch(path, body, headers) {
    return this.patch(path, body, {'Content-Type': 'application/json-patch+json', ...headers});
  }
  mergePatch(path, body, headers) {
    return this.patch(path, body, {'Content-Type': 'application/merge-patch+json', ...headers});
  }
  delete(path, headers) {
    return this.request('DELETE', path, {headers});
  }

  async create(path, data, query = '') {
    const reply = await this.put(path + query, data, {'If-None-Match': '*'});
    assert.equal(reply.status, 201, reply.text);
    return reply;
  }

  // Opens an event stream and returns it when its head has come.
  events(path, headers) {
    return Events.open(this.base + path, headers);
  }
}

export class Events {
  #reader;
  #abort = new AbortController();
  #buffer = '';

  static async open(url, headers = {}) {
    const events = new Events();
    const sent = {method: 'GET', url, headers: new Headers({Accept: 'text/event-stream', ...headers}),
      signal: events.#abort.signal};
    const response = await within(fetch(url, sent), `an event stream at ${url}`);
    events.status = response.status;
    events.headers = response.headers;
    if (response.status !== 200) {
      events.reply = new Reply(response.status, response.headers, await response.text());
      checkExchange(sent, events.reply);
      return events;
    }
    assert.equal(response.headers.get('content-type'), 'text/event-stream');
    checkExchange(sent, response);
    events.#reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    return events;
  }

  // The next event as {id, event, data}.
  async next() {
    while (true) {
      const end = this.#buffer.indexOf('\n\n');
      if (end >= 0) {
        const block = this.#buffer.slice(0, end);
        this.#buffer = this.#buffer.slice(end + 2);
        if (block.startsWith(':')) continue;
        const fields = Object.fromEntries(block.split('\n').map((line) => {
          const colon = line.indexOf(':');
          return [line.slice(0, colon), line.slice(colon + 2)];
        }));
        return {id: Number(fields.id), event: fields.event, data: JSON.parse(fields.data)};
      }
      const {value, done} = await within(this.#reader.read(), 'an event');
      assert.ok(!done, 'the stream has ended');
      this.#buffer += value;
    }
  }

  async take(count) {
    const events = [];
    while (events.length < count) events.push(await this.next());
    return events;
  }

  close() {
    this.#abort.abort();
  }
}
