import {useState} from 'preact/hooks';

import {setToken} from '../lib/access.ts';

// Asks for a token, where the server lets nobody in without.
export function AccessForm({onGiven, edits = 0}: {onGiven: () => void; edits?: number}) {
  const [value, setValue] = useState('');
  const give = (event: Event) => {
    event.preventDefault();
    if (value.trim() === '') return;
    setToken(value);
    onGiven();
  };
  return (
    <form class="banner warn access" onSubmit={give}>
      <span role="alert">
        <b>The server does not let you in.</b> Your access has expired or was withdrawn.
        {edits > 0 && ` What you edited (${edits}) is kept here, and is sent once you are back.`}
      </span>
      <input class="text-input" type="password" aria-label="Access token" placeholder="Access token" autocomplete="off" value={value}
        onInput={(event) => setValue(event.currentTarget.value)} />
      <button class="button small">Sign in</button>
    </form>
  );
}
