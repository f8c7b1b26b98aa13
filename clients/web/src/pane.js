// One of the two editors on the page: puts an Editor and the elements of a pane together.

import {describe} from './describe.js';
import {instantiate, part} from './dom.js';
import {Editor} from './editor.js';
import {ItemList} from './item_list.js';
import {LISTS} from './show.js';
import {connectionStatus, waitingText} from './status.js';
import {TextField} from './text_field.js';

const FIELDS = ['name', 'venue', 'notes'];

export class Pane {
  // `whoIs` tells what to call the connection with a given src.
  constructor(title, url, docId, whoIs) {
    this.element = instantiate('pane');
    this.title = title;
    this.whoIs = whoIs;
    this.widgets = [];
    this.editor = new Editor(url, docId, this);
    for (const field of FIELDS) {
      this.widgets.push(new TextField(part(this.element, field), this.editor, () => [field]));
    }
    for (const [list, noun] of Object.entries(LISTS)) {
      this.widgets.push(new ItemList(part(this.element, list), this.editor, list, noun));
    }
    part(this.element, 'title').textContent = title;
    part(this.element, 'offline').addEventListener('change', (event) => {
      this.editor.link.setOffline(event.target.checked);
    });
    this.changed();
    this.editor.start();
  }

  get src() {
    return this.editor.link.connection.id;
  }

  changed(component) {
    for (const widget of this.widgets) widget.render(component);
  }

  statusChanged() {
    const {tone, text} = connectionStatus(this.editor.link.status());
    part(this.element, 'state').textContent = text;
    part(this.element, 'state').dataset.tone = tone;
    part(this.element, 'waiting').textContent = waitingText(this.editor.waiting);
    part(this.element, 'version').textContent = this.editor.version ?? '–';
  }

  remoteChange(component, src) {
    if (src === this.src) return;  // our own, taken back because it was refused
    const change = describe(component, this.editor.data);
    part(this.element, 'last-change').textContent = `${this.whoIs(src)} ${change}`;
  }

  problem(message) {
    part(this.element, 'problem').textContent = message;
  }
}
