// One editor's document: subscribes over its own link, creates the document when it is new, submits
// edits and counts those that the server has yet to acknowledge.

import {Link} from './link.js';
import {newShow} from './show.js';

const COLLECTION = 'demo';

export class Editor {
  // `listener` has changed(component?), after the document changed, with the op component that did
  // it if it came from elsewhere; remoteChange(component, src); statusChanged(); problem(message),
  // where '' means that there is none any more. It hears nothing before start().
  constructor(url, docId, listener) {
    this.listener = listener;
    this.waiting = 0;
    this.link = new Link(url, () => listener.statusChanged());
    this.link.connection.on('error', (error) => this.#failed(error));
    this.doc = this.link.connection.get(COLLECTION, docId);
    this.doc.on('error', (error) => this.#failed(error));
    this.doc.on('load', () => this.#changed());
    this.doc.on('create', () => this.#changed());
    this.doc.on('del', () => this.#deleted());
    this.doc.on('op', (op, local, src) => this.#applied(op, local, src));
  }

  start() {
    this.doc.subscribe((error) => {
      if (error) this.#failed(error);
      else this.#createIfNew();
    });
    this.link.start();
  }

  get data() {
    return this.doc.data;
  }

  get version() {
    return this.doc.version;
  }

  submit(op) {
    this.listener.problem('');
    this.#count();
    this.doc.submitOp(op, (error) => this.#acknowledged(error));
  }

  #createIfNew() {
    if (this.doc.type) return;
    this.#count();
    this.doc.create(newShow(), (error) => this.#acknowledged(error));
  }

  #count() {
    this.waiting++;
    this.listener.statusChanged();
  }

  #acknowledged(error) {
    this.waiting--;
    if (error) this.#failed(error);
    this.#changed();
  }

  #failed(error) {
    // Somebody else was first to create the document: ShareDB drops our copy and loads theirs.
    if (error.code === 'ERR_DOC_ALREADY_CREATED') return;
    this.listener.problem(`Something went wrong: ${error.message}`);
  }

  #applied(op, local, src) {
    for (const component of op) {
      this.#changed(local ? undefined : component);
      if (!local) this.listener.remoteChange(component, src);
    }
  }

  #deleted() {
    this.#changed();
    this.listener.problem('The document was deleted. Reload the page to start a new one.');
  }

  #changed(component) {
    this.listener.changed(component);
    this.listener.statusChanged();
  }
}
