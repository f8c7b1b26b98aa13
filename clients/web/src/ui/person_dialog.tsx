import {useState} from 'preact/hooks';

import {nameMax, personName, setPersonName} from '../lib/person.ts';
import {Dialog} from './dialog.tsx';

export function PersonDialog({onClose}: {onClose: () => void}) {
  const known = personName.get();
  const [name, setName] = useState(known);
  const save = (event: Event) => {
    event.preventDefault();
    if (name.trim() === '') return;
    setPersonName(name);
    onClose();
  };
  return (
    <Dialog label="Your name" {...(known === '' ? {} : {onClose})}>
      <h2>{known === '' ? 'Who are you?' : 'Your name'}</h2>
      <p>Others see it beside what you edit. It stays in this browser, and you can change it any time.</p>
      <form onSubmit={save}>
        <input class="text-input" aria-label="Your name" placeholder="For example: Sarah Okafor" autoFocus autocomplete="name"
          maxLength={nameMax} value={name} onInput={(event) => setName(event.currentTarget.value)} />
        <div class="dialog-actions">
          {known !== '' && <button type="button" class="button quiet" onClick={onClose}>Cancel</button>}
          <button class="button primary" disabled={name.trim() === ''}>{known === '' ? 'Continue' : 'Save'}</button>
        </div>
      </form>
    </Dialog>
  );
}
