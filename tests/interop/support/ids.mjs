// Document ids that no other test of the process uses.
let last = 0;
export const freshId = () => `doc-${++last}`;
