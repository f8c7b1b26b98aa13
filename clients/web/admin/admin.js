// Shows what the server holds and does, again and again. Everything that came from clients becomes
// text, never markup.

import {age, between, bytes, duration, mean, percentile, rate, visible, whole} from './numbers.js';

const every = 2000;  // ms
const kept = 31;  // answers: a minute of them
const $ = (id) => document.getElementById(id);

let answers = [];
let list = 'busiest';
let timer = null;

// ---- the DOM

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

// Rows are lists of texts; the first cell of each is its heading.
function table(columns, rows, none) {
  if (rows.length === 0) return element('p', {class: 'quiet'}, none);
  const head = columns.map((text) => element('th', {scope: 'col'}, text));
  const body = rows.map(([first, ...rest]) => element('tr', {},
    element('th', {scope: 'row'}, first), ...rest.map((text) => element('td', {}, text))));
  return element('table', {}, element('thead', {}, element('tr', {}, ...head)),
    element('tbody', {}, ...body));
}

// The last minute of a value, as a line.
function spark(values) {
  const namespace = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(namespace, 'svg');
  const line = document.createElementNS(namespace, 'polyline');
  const top = Math.max(1, ...values);
  const points = values.map((value, i) => `${kept - values.length + i},${20 - (value / top) * 19}`);
  svg.setAttribute('viewBox', `0 0 ${kept - 1} 21`);
  svg.setAttribute('preserveAspectRatio', 'none');
  svg.setAttribute('aria-hidden', 'true');
  line.setAttribute('points', points.join(' '));
  svg.append(line);
  return svg;
}

function tile(label, value, note, past) {
  return element('div', {class: 'tile'}, element('span', {class: 'label'}, label),
    element('strong', {}, value), element('span', {class: 'quiet'}, note), spark(past));
}

// ---- the parts of the page

const opsPerSecond = (earlier, later) => {
  const step = between(earlier, later);
  return step.count('ops') / step.seconds;
};

function showTiles(now, minute) {
  const steps = answers.slice(1).map((later, i) => opsPerSecond(answers[i], later));
  const past = (name) => answers.map(({numbers}) => numbers[name]);
  const commits = answers.slice(1).map((later, i) =>
    mean(between(answers[i], later).histogram('commits', 'took_us')) ?? 0);
  const took = minute.histogram('commits', 'took_us');
  const {numbers: n} = now;
  $('tiles').replaceChildren(
    tile('Ops a second', rate(steps.at(-1) ?? opsPerSecond(null, now)),
      `${whole(now.counts.ops)} since the start`, steps),
    tile('Connections', whole(n.connections), `${whole(n.subscriptions)} subscriptions`, past('connections')),
    tile('Documents', whole(n.documents), `${bytes(n.document_bytes)} in memory`, past('documents')),
    tile('A commit, p99', duration(percentile(took, 0.99)), `${rate(took.count / minute.seconds)} a second`, commits),
    tile('Not on disk yet', whole(n.pending_ops), bytes(n.pending_bytes), past('pending_ops')),
    tile('Memory', bytes(now.resident_bytes), `${bytes(n.outbox_bytes)} in outboxes`,
      answers.map(({resident_bytes: resident}) => resident)));
}

function showLatency(minute) {
  const row = (label, histogram, unit) => [label, whole(histogram.count),
    ...[0.5, 0.9, 0.99].map((share) => unit(percentile(histogram, share))), unit(mean(histogram))];
  const stage = (label, name) => row(label, minute.histogram('stages_us', name), duration);
  const count = (value) => (value === null ? '–' : rate(value));
  $('latency').replaceChildren(table(['Stage', 'Count', 'p50', 'p90', 'p99', 'Mean'], [
    stage('Until applied', 'apply'),
    stage('Until on disk', 'durable'),
    stage('Until sent', 'send'),
    row('A commit', minute.histogram('commits', 'took_us'), duration),
    row('… ops in it', minute.histogram('commits', 'ops'), count),
    row('… its bytes', minute.histogram('commits', 'bytes'), bytes),
  ]));
}

function showMemory({numbers: n, resident_bytes: resident}) {
  const kinds = [
    ['Documents', n.document_bytes - n.history_bytes],
    ['Their newest ops', n.history_bytes],
    ['Queries', n.query_bytes],
    ['Outboxes', n.outbox_bytes],
    ['Not on disk yet', n.pending_bytes],
  ];
  const rest = resident - kinds.reduce((sum, [, size]) => sum + size, 0);
  kinds.push(['The rest', Math.max(0, rest)]);
  const most = Math.max(1, ...kinds.map(([, size]) => size));
  $('memory').replaceChildren(...kinds.map(([label, size]) => {
    const bar = element('span', {class: 'bar', 'aria-hidden': 'true'});
    bar.style.setProperty('--share', size / most);
    return element('li', {}, element('span', {}, label), element('span', {class: 'number'}, bytes(size)), bar);
  }));
}

function showDocuments(now) {
  const rows = now[list].map((doc) => [visible(`${doc.collection}/${doc.id}`), whole(doc.ops_per_minute),
    bytes(doc.memory_bytes), whole(doc.version), whole(doc.subscribers)]);
  $('documents').replaceChildren(table(['Document', 'Ops/min', 'Size', 'Version', 'Readers'], rows,
    list === 'busiest' ? 'No ops in the last minute.' : 'No documents in memory.'));
}

function showCounts(now) {
  const {counts: c} = now;
  const looked = c.cache_hits + c.cache_misses;
  const found = looked === 0 ? '' : ` (${rate((100 * c.cache_hits) / looked)} %)`;
  const rows = [
    ['Ops committed', whole(c.ops)],
    ['… rewritten over others', whole(c.transformed)],
    ['… that overwrote unseen values', whole(c.overwrites)],
    ['Saves forced over unseen ones', whole(c.forced)],
    ['Ops sent again', whole(c.resent)],
    ['Found in memory', whole(c.cache_hits) + found],
    ['Documents loaded', whole(c.cache_misses)],
    ['Documents let go', whole(c.cache_evictions)],
    ['Commits that failed', whole(c.commits_failed)],
    ...Object.entries(now.refused).map(([code, count]) => [`Refused: ${code}`, whole(count)]),
    ...now.closed.map(({code, reason, count}) => [`Closed: ${code} ${reason}`, whole(count)]),
  ];
  $('counts').replaceChildren(table(['What', 'Count'], rows));
}

function showConnections(now) {
  const {connections: shown, numbers} = now;
  $('connections-note').textContent = shown.length < numbers.connections
    ? `${whole(shown.length)} of ${whole(numbers.connections)}, those with the fullest outboxes first.` : '';
  const rows = shown.map((one) => [visible(one.author), one.address, age(now.time_ms - one.since_ms),
    whole(one.subscriptions), bytes(one.outbox_bytes), visible(one.src)]);
  $('connections').replaceChildren(table(['Author', 'Address', 'Open for', 'Subscriptions', 'Outbox', 'Src'],
    rows, 'Nobody is connected.'));
}

function show() {
  const now = answers.at(-1);
  const minute = between(answers[0] === now ? null : answers[0], now);
  showTiles(now, minute);
  showLatency(minute);
  showMemory(now);
  showDocuments(now);
  showCounts(now);
  showConnections(now);
  $('board').hidden = false;
}

// ---- asking

function tell(text, tone) {
  const state = $('state');
  state.dataset.tone = tone;
  if (state.textContent !== text) state.textContent = text;  // Said aloud only when it changes.
}

function askForToken(why) {
  sessionStorage.removeItem('segue-token');
  answers = [];
  $('login-why').textContent = why;
  $('login').hidden = false;
  $('board').hidden = true;
  $('forget').hidden = true;
  tell('Locked', 'off');
}

function whyRefused(status, token) {
  if (status === 403) return 'This token has no right to administer the server.';
  if (status !== 401) return null;
  return token ? 'This token is not in force.' : 'This server wants a token.';
}

// False: nothing more is asked until there is a token.
async function look() {
  const token = sessionStorage.getItem('segue-token');
  const response = await fetch('v1/admin/overview', {
    headers: token ? {authorization: `Bearer ${token}`} : {},
    signal: AbortSignal.timeout(10_000),
  });
  const refused = whyRefused(response.status, token);
  if (refused !== null) {
    askForToken(refused);
    return false;
  }
  if (!response.ok) throw new Error(`The server answered ${response.status}`);
  const now = await response.json();
  if (answers.at(-1)?.started_ms !== now.started_ms) answers = [];
  answers = [...answers, now].slice(-kept);
  $('login').hidden = true;
  $('forget').hidden = token === null;
  $('board').classList.remove('stale');
  show();
  tell(now.ready ? 'Ready' : `Not ready: ${now.state}`, now.ready ? 'good' : 'off');
  return true;
}

async function lookOn() {
  clearTimeout(timer);
  timer = null;
  let goOn = true;
  try {
    goOn = await look();
  } catch (error) {
    $('board').classList.add('stale');
    tell('No answer; trying again', 'busy');
    console.warn(error);
  }
  if (goOn && !document.hidden) timer = setTimeout(lookOn, every);
}

$('login').addEventListener('submit', (event) => {
  event.preventDefault();
  sessionStorage.setItem('segue-token', $('token').value.trim());
  $('token').value = '';
  lookOn();
});
$('forget').addEventListener('click', () => {
  clearTimeout(timer);
  askForToken('');
});
for (const button of document.querySelectorAll('[data-list]')) {
  button.addEventListener('click', () => {
    list = button.dataset.list;
    for (const one of document.querySelectorAll('[data-list]')) {
      one.setAttribute('aria-pressed', one === button);
    }
    showDocuments(answers.at(-1));
  });
}
document.addEventListener('visibilitychange', () => {
  if (!document.hidden && timer === null && $('login').hidden) lookOn();
});
lookOn();
