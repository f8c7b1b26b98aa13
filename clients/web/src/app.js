// The page: two editors on the document that the address names.

import {Pane} from './pane.js';

const docId = new URLSearchParams(location.search).get('doc') || 'welcome';
const url = `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/`;

const panes = [];

function whoIs(src) {
  const pane = panes.find((candidate) => candidate.src === src);
  return pane ? pane.title : 'Somebody in another tab';
}

document.title = `${docId} · Segue`;
document.getElementById('doc-id').textContent = docId;
document.getElementById('another-tab').href = location.href;
for (const title of ['Editor A', 'Editor B']) {
  const pane = new Pane(title, url, docId, whoIs);
  panes.push(pane);
  document.getElementById('panes').append(pane.element);
}
