// Binds an <input> or <textarea> to a string in a document, both ways.

import {flash} from './dom.js';
import {editText, readTextEdit, samePath, valueAt} from './ops.js';
import {moveSelection} from './selection.js';
import {diffText} from './text_diff.js';

export class TextField {
  // `editor` has `data` and submit(op). `path` is a function: items move within their lists.
  constructor(element, editor, path) {
    this.element = element;
    this.editor = editor;
    this.path = path;
    element.addEventListener('input', () => this.#typed());
    this.render();
  }

  // Shows the document's text. `component` is the op component that changed the document, if one
  // did: it says exactly where the text changed, which a comparison can only guess.
  render(component) {
    const text = valueAt(this.editor.data, this.path());
    const {element} = this;
    element.readOnly = typeof text !== 'string';
    const shown = element.readOnly ? '' : text;
    if (shown === element.value) return;
    if (component) flash(element);
    this.#replace(shown, this.#editsOf(component) ?? diffText(element.value, shown));
  }

  #editsOf(component) {
    const change = component && readTextEdit(component);
    return change && samePath(change.path, this.path()) ? change.edits : null;
  }

  #replace(text, edits) {
    const {element} = this;
    const {selectionStart: start, selectionEnd: end, selectionDirection, scrollTop} = element;
    element.value = text;
    element.scrollTop = scrollTop;
    if (document.activeElement !== element) return;
    const moved = moveSelection({start, end}, edits);
    element.setSelectionRange(moved.start, moved.end, selectionDirection);
  }

  #typed() {
    const text = valueAt(this.editor.data, this.path());
    const edits = diffText(text, this.element.value, this.element.selectionEnd);
    if (edits.length > 0) this.editor.submit(editText(this.path(), edits));
  }
}
