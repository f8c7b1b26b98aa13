import {initials} from '../lib/person.ts';

export interface Who {
  readonly id: string;
  readonly name: string;
  readonly color: string;
  readonly self?: boolean;
}

export function Avatar({who, small = false}: {who: Who; small?: boolean}) {
  return (
    <span class={`avatar${small ? ' small' : ''}`} style={{'--person': who.color}} title={who.name} aria-hidden="true">
      {initials(who.name)}
    </span>
  );
}
