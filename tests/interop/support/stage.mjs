// A document and its connections, as transcripts need them.
import {test} from 'node:test';
import {json0Type, textType} from './editor.mjs';
import {freshId} from './ids.mjs';
import {Raw} from './raw.mjs';

export const json0 = json0Type.uri;
export const text = textType.uri;

// A connection and a new document's name, with short ways to write messages about it.
export class Stage {
  c = 'plans';
  d = freshId();
  #url;
  #seq = 0;
  #opened = [];

  static async open(url) {
    const stage = new Stage();
    stage.#url = url;
    stage.raw = await stage.another();
    return stage;
  }

  async another(options) {
    const raw = await Raw.open(this.#url, options);
    this.#opened.push(raw);
    return raw;
  }

  about(a, more = {}) {
    return {a, c: this.c, d: this.d, ...more};
  }

  op(v, change) {
    return this.about('op', {v, seq: ++this.#seq, ...change});
  }

  ack(request, v, src = this.raw.src) {
    return {a: 'op', c: request.c, d: request.d, src, seq: request.seq, v};
  }

  // The op message in which others, or a catch-up, get `request`.
  broadcast(request, v, src = this.raw.src) {
    const {create, op, del, seq} = request;
    return this.about('op', {v, src, seq, create, op, del});
  }

  // Commits a change to the document by the stage's own connection; resolves to the request.
  async commit(v, change) {
    const request = this.op(v, change);
    await this.raw.exchange(request, this.ack(request, v));
    return request;
  }

  create(data = {n: 0}, type = json0) {
    return this.commit(0, {create: {type, data}});
  }

  close() {
    this.#opened.forEach((raw) => raw.close());
  }
}

// Declares a test that is given a stage of its own on the server at url().
export const rows = (url) => (name, body, options = {}) => {
  test(name, options, async () => {
    const stage = await Stage.open(url());
    try {
      await body(stage);
    } finally {
      stage.close();
    }
  });
};

// Changes of a document that is {n: number}.
export const add = (n) => ({op: [{p: ['n'], na: n}]});
export const del = {del: true};
