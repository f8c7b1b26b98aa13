// Edits all documents at once, a few edits in flight, through whatever happens to the connection.
import {EventEmitter, once} from 'node:events';
import {until, within} from '../../interop/support/deadline.mjs';
import {Editor} from '../../interop/support/editor.mjs';

export const collection = 'torture';
const inFlightMax = 3;  // documents with an edit that is not acknowledged

export class Author {
  docs = {};
  #ids = new Set();  // of its connections: the srcs of its ops
  #news = new EventEmitter();  // 'ack', and 'lost' with the close code

  static async open({url, name, kinds, journal, comesBackMs}) {
    const author = new Author();
    Object.assign(author, {name, kinds, journal});
    const editor = author.editor = new Editor(url, {comesBackMs});
    editor.onArrive = (message) => author.#onArrive(message);
    editor.onLost = (code) => {
      editor.undeafen();
      author.#news.emit('lost', code);
    };
    editor.connection.on('send', (message) => journal.onSend(message, editor.connection.id));
    await editor.online();
    for (const d of Object.keys(kinds)) {
      author.docs[d] = await editor.subscribed(collection, d);
      author.docs[d].on('error', (error) => journal.errors.push(`${d}: ${error.message}`));
    }
    return author;
  }

  #onArrive(message) {
    if (message.a === 'init' || message.a === 'hs') this.#ids.add(message.id);
    if (this.journal.onArrive(message, this.#ids)) this.#news.emit('ack');
  }

  // Edits until `on.active` ends.
  async work(on, random) {
    for (let i = 0; on.active; i++) {
      this.#edit(random, random.pick(Object.keys(this.kinds)), `${this.name}.${i}`);
      const inFlight = () => Object.values(this.docs).filter((doc) => doc.hasWritePending());
      await until(() => inFlight().length < inFlightMax || !on.active, 'room for another edit');
      await new Promise(setImmediate);
    }
  }

  #edit(random, d, token) {
    const doc = this.docs[d];
    const edit = this.kinds[d].edit({random, data: doc.data, token, author: this.name});
    this.journal.onSubmit(d, this.name, edit);
    doc.submitOp(edit.op, (error) => {
      if (error) this.journal.errors.push(`${d}: ${error.message}`);
      else this.journal.accepted++;
    });
  }

  // Hears nothing any more, until an ack has come to its host that it did not hear.
  async goDeaf() {
    await this.editor.online();
    const news = Promise.race([once(this.#news, 'ack'), once(this.#news, 'lost')]);
    this.editor.deafen();
    await within(news, `an ack for ${this.name}, who is deaf`);
  }

  // Resolves to the code with which its connection is closed.
  async closeCode() {
    const [code] = await within(once(this.#news, 'lost'), `the end of ${this.name}'s connection`);
    return code;
  }
}
