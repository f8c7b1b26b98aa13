// A list of {name} items in a document: add, rename, remove, move.

import {arrange, flash, instantiate, part} from './dom.js';
import {insertItem, moveItem, removeItem} from './ops.js';
import {TextField} from './text_field.js';

export class ItemList {
  // `list` is the key of the list in the document, `noun` what one of its items is called.
  constructor(element, editor, list, noun) {
    this.editor = editor;
    this.list = list;
    this.noun = noun;
    this.rows = new WeakMap();
    this.rowParent = part(element, 'rows');
    this.newName = part(element, 'new-name');
    part(element, 'add').addEventListener('submit', (event) => {
      event.preventDefault();
      this.#add();
    });
  }

  // json0 applies ops in place: an item stays the same object wherever it moves. So the object
  // itself names the row, and nobody needs ids.
  render(component) {
    const items = this.#items().filter((item) => item !== null && typeof item === 'object');
    const rows = items.map((item) => this.#rowOf(item, component));
    for (const [index, {element, field}] of rows.entries()) {
      field.render(component);
      this.#label(element, index, rows.length);
    }
    arrange(this.rowParent, rows.map((row) => row.element));
    this.newName.disabled = !Array.isArray(this.editor.data?.[this.list]);
  }

  #items() {
    const items = this.editor.data?.[this.list];
    return Array.isArray(items) ? items : [];
  }

  #rowOf(item, component) {
    let row = this.rows.get(item);
    if (row) return row;
    const element = instantiate('item');
    const path = () => [this.list, this.#items().indexOf(item), 'name'];
    row = {element, field: new TextField(part(element, 'name'), this.editor, path)};
    part(element, 'up').addEventListener('click', () => this.#move(item, -1));
    part(element, 'down').addEventListener('click', () => this.#move(item, +1));
    part(element, 'remove').addEventListener('click', () => this.#remove(item));
    this.rows.set(item, row);
    if (component) flash(part(element, 'name'));
    return row;
  }

  // At either end a button only looks disabled, so that it keeps the keyboard focus that moved
  // the item there.
  #label(element, index, count) {
    const what = `${this.noun} ${index + 1}`;
    part(element, 'name').ariaLabel = `Name of ${what}`;
    part(element, 'up').ariaLabel = `Move ${what} up`;
    part(element, 'down').ariaLabel = `Move ${what} down`;
    part(element, 'remove').ariaLabel = `Remove ${what}`;
    part(element, 'up').ariaDisabled = String(index === 0);
    part(element, 'down').ariaDisabled = String(index === count - 1);
  }

  #add() {
    const name = this.newName.value.trim();
    if (!name) return;
    this.newName.value = '';
    this.editor.submit(insertItem(this.list, this.#items().length, {name}));
  }

  #move(item, by) {
    const from = this.#items().indexOf(item);
    const to = from + by;
    if (to >= 0 && to < this.#items().length) this.editor.submit(moveItem(this.list, from, to));
  }

  #remove(item) {
    const {element} = this.rows.get(item);
    const next = element.nextElementSibling ?? element.previousElementSibling;
    const focus = next ? part(next, 'remove') : this.newName;
    this.editor.submit(removeItem(this.list, this.#items().indexOf(item), item));
    focus.focus();
  }
}
