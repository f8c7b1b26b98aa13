// Pure: what a document of this demo looks like.

// Lists of items; an item is {name}.
export const LISTS = {cameras: 'camera', sources: 'source'};

// What a document starts with when nobody has used its id before.
export function newShow() {
  return {
    name: 'Evening news',
    venue: 'Studio 2',
    notes: 'Doors at 18:30.\nRehearsal with the host at 17:00.\n',
    cameras: [{name: 'Camera 1, host'}, {name: 'Camera 2, guests'}, {name: 'Camera 3, crane'}],
    sources: [{name: 'Opening titles'}, {name: 'Weather graphics'}],
  };
}
