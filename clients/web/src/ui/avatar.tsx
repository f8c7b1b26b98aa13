import {initials} from '../lib/person.ts';

export interface Who {
  readonly id: string;
  readonly name: string;
  readonly color: string;
  readonly self?: boolean;
}

// `spoken`: it stands alone; elsewhere the name is beside it.
export function Avatar({who, small = false, spoken = false}: {who: Who; small?: boolean; spoken?: boolean}) {
  return (
    <span class={`avatar${small ? ' small' : ''}`} style={{'--person': who.color}} title={who.name} aria-hidden={!spoken}>
      {initials(who.name)}
    </span>
  );
}
