// One editor's document: subscribes over its own link, creates the document when it is new, submits
// edits and counts those that the server has yet to acknowledge.

import {Link} from './link.js';
import {newShow} from './show.js';

const COLLECTION = 'demo';

export class Editor {
  // `listener` has changed(component?), after the document changed, with the op component that did
  // it if it came from elsewhere; remoteChange(component, src); statusChanged(); problem(message).
  // It hears nothing before start().
  constructor(url, docId, listener) {
    this.listener = listener;
    this.waiting = 0;
    this.link = new Link(url, () => listener.statusChanged());
    this.link.connection.on('error', (error) => listener.problem(error.message));
    this.doc = this.link.connection.get(COLLECTION, docId);
    this.doc.on('error', (error) => listener.problem(error.message));
    this.doc.on('load', () => this.#changed());
    this.doc.on('create', () => this.#changed());
    this.doc.on('del', () => this.#deleted());
    this.doc.on('op', (op, local, src) => this.#applied(op, local, src));
  }

  start() {
    this.doc.subscribe((error) => {
      if (error) this.listener.problem(error.message);
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
    this.#count();
    this.doc.submitOp(op, (error) => this.#acknowledged(error));
  }

  #createIfNew() {
    if (this.doc.type) return;
    this.#count();
    this.doc.create(newShow(), (error) => {
      // Somebody else was first; ShareDB has thrown our copy away and loads theirs.
      const lost = error?.code === 'ERR_DOC_ALREADY_CREATED';
      this.#acknowledged(lost ? undefined : error);
    });
  }

  #count() {
    this.waiting++;
    this.listener.statusChanged();
  }

  #acknowledged(error) {
    this.waiting--;
    if (error) this.listener.problem(`An edit was refused: ${error.message}`);
    this.#changed();
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
