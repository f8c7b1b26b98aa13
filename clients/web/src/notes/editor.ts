// The text editor. A file of its own, loaded when a text is first seen; it lives in a shadow root, since its styles
// are sheets that are made by script, which the page's policy allows there.
import {defaultKeymap, insertNewlineAndIndent} from '@codemirror/commands';
import {Annotation, EditorState, StateEffect, StateField, Transaction} from '@codemirror/state';
import {Decoration, type DecorationSet, EditorView, keymap, placeholder, WidgetType} from '@codemirror/view';

import type {TextChange} from '@segue/client';

export interface RemoteCaret {
  readonly id: string;
  readonly name: string;
  readonly color: string;
  readonly at: number;
}

export interface EditorOptions {
  readonly text: string;
  readonly label: string;
  readonly placeholder: string;
  readonly onEdit: (before: string, changes: readonly TextChange[]) => void;
  readonly onCaret: (at: number | undefined) => void;  // none: the editor has not the focus
  readonly onUndo: () => void;
  readonly onRedo: () => void;
}

export interface Editor {
  text(): string;
  change(change: TextChange): void;
  showCarets(carets: readonly RemoteCaret[]): void;
  focus(): void;
  close(): void;
}

const remote = Annotation.define<boolean>();
const setCarets = StateEffect.define<readonly RemoteCaret[]>();

class CaretWidget extends WidgetType {
  constructor(private readonly caret: RemoteCaret) {
    super();
  }

  override eq(other: CaretWidget): boolean {
    return other.caret.id === this.caret.id && other.caret.name === this.caret.name && other.caret.color === this.caret.color;
  }

  override toDOM(): HTMLElement {
    const caret = document.createElement('span');
    caret.className = 'remote-caret';
    caret.style.setProperty('--person', this.caret.color);
    const name = document.createElement('span');
    name.className = 'remote-name';
    name.textContent = this.caret.name;
    caret.append('\u2060', name, '\u2060');
    caret.setAttribute('aria-hidden', 'true');
    return caret;
  }

  override ignoreEvent(): boolean {
    return true;
  }
}

function decorations(carets: readonly RemoteCaret[], length: number): DecorationSet {
  const marks = carets.map((caret) =>
    Decoration.widget({widget: new CaretWidget(caret), side: 1}).range(Math.max(0, Math.min(caret.at, length))));
  return Decoration.set(marks, true);
}

const caretField = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(set, transaction) {
    let next = set.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (effect.is(setCarets)) next = decorations(effect.value, transaction.newDoc.length);
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

const look = EditorView.theme({
  '&': {color: 'inherit', font: 'inherit', height: '100%'},
  '&.cm-focused': {outline: 'none'},
  '.cm-scroller': {font: 'inherit', lineHeight: '1.6', overflow: 'auto'},
  '.cm-content': {padding: '0.625rem 0.75rem', caretColor: 'var(--text)', minHeight: '100%'},
  '.cm-line': {padding: '0'},
  '.cm-placeholder': {color: 'var(--text-faint)'},
  '.remote-caret': {position: 'relative', borderLeft: '2px solid var(--person)', marginLeft: '-1px', marginRight: '-1px'},
  '.remote-name': {
    position: 'absolute', zIndex: '2', bottom: '100%', left: '-2px', padding: '0 0.375rem', borderRadius: '0.25rem 0.25rem 0.25rem 0',
    background: 'var(--person)', color: '#fff', fontSize: '0.6875rem', fontWeight: '600', lineHeight: '1rem', whiteSpace: 'nowrap',
    pointerEvents: 'none',
  },
});

function keys({onUndo, onRedo}: EditorOptions) {
  const run = (act: () => void) => () => {
    act();
    return true;
  };
  return keymap.of([
    {key: 'Mod-z', run: run(onUndo), preventDefault: true},
    {key: 'Mod-y', mac: 'Mod-Shift-z', run: run(onRedo), preventDefault: true},
    {key: 'Mod-Shift-z', run: run(onRedo), preventDefault: true},
    {key: 'Enter', run: insertNewlineAndIndent},
    ...defaultKeymap,
  ]);
}

function watch({onEdit, onCaret}: EditorOptions) {
  return EditorView.updateListener.of((update) => {
    const own = update.transactions.some((each) => each.docChanged && !each.annotation(remote));
    if (own) {
      const changes: TextChange[] = [];
      update.changes.iterChanges((from, to, _fromB, _toB, inserted) => {
        changes.push({from, to, insert: inserted.sliceString(0, inserted.length, '\n')});
      });
      onEdit(update.startState.sliceDoc(), changes);
    }
    if (update.focusChanged || update.selectionSet || own) {
      onCaret(update.view.hasFocus ? update.state.selection.main.head : undefined);
    }
  });
}

export function openEditor(parent: HTMLElement, options: EditorOptions): Editor {
  const root = parent.shadowRoot ?? parent.attachShadow({mode: 'open'});
  root.replaceChildren();
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: options.text,
      extensions: [
        EditorState.lineSeparator.of('\n'), EditorView.lineWrapping, caretField, look, keys(options), watch(options),
        placeholder(options.placeholder), EditorView.contentAttributes.of({'aria-label': options.label, spellcheck: 'true', dir: 'auto'}),
        EditorView.perLineTextDirection.of(true),
      ],
    }),
  });
  return {
    text: () => view.state.sliceDoc(),
    change: ({from, to, insert}) => view.dispatch({
      changes: {from, to, insert: view.state.toText(insert)},
      annotations: [remote.of(true), Transaction.addToHistory.of(false)],
    }),
    showCarets: (carets) => view.dispatch({effects: setCarets.of(carets)}),
    focus: () => view.focus(),
    close: () => {
      view.destroy();
      root.replaceChildren();
    },
  };
}
