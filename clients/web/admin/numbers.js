// The numbers of the page: from what the server counts since its start to what happens now, and to
// words. Pure.

// Two answers of /v1/admin/overview a while apart, as what happened in between. Where the server
// was started meanwhile, all of the later one did.
export function between(earlier, later) {
  const same = earlier?.started_ms === later.started_ms;
  const since = same ? earlier : null;
  return {
    seconds: Math.max(0.001, (later.time_ms - (since?.time_ms ?? later.started_ms)) / 1000),
    count: (name) => later.counts[name] - (since?.counts[name] ?? 0),
    histogram: (group, name) => less(later[group][name], since?.[group][name]),
  };
}

function less(later, earlier) {
  return {
    count: later.count - (earlier?.count ?? 0),
    sum: later.sum - (earlier?.sum ?? 0),
    buckets: later.buckets.map((n, i) => n - (earlier?.buckets[i] ?? 0)),
  };
}

// The value that a share of all are at most, or null where there are none. Bucket i has those in
// (2^(i-1), 2^i]; within one they are taken to be spread evenly. The first has 0 and 1, taken as 1.
export function percentile({count, buckets}, share) {
  if (count === 0) return null;
  let wanted = share * count;
  for (const [i, n] of buckets.entries()) {
    if (n > 0 && wanted <= n) {
      const low = i === 0 ? 1 : 2 ** (i - 1);
      return low + (2 ** i - low) * (wanted / n);
    }
    wanted -= n;
  }
  return 2 ** (buckets.length - 1);
}

export const mean = ({count, sum}) => (count === 0 ? null : sum / count);

const digits = (value) => value.toLocaleString('en', {maximumSignificantDigits: 3, useGrouping: true});

export const whole = (value) => Math.round(value).toLocaleString('en');

export const rate = (value) => (value >= 100 ? whole(value) : digits(value));

export function duration(us) {
  if (us === null) return '–';
  if (us < 1000) return `${digits(us)} µs`;
  return us < 1e6 ? `${digits(us / 1000)} ms` : `${digits(us / 1e6)} s`;
}

export function bytes(value) {
  if (value === null) return '–';
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${digits(value)} ${units[unit]}`;
}

// A name with what cannot be seen in it, or turns the direction of text around, spelled out.
export const visible = (name) => name.replaceAll(/\p{C}/gu,
  (char) => `\\u{${char.codePointAt(0).toString(16)}}`);

// A time span in its two largest units.
export function age(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const spans = [['d', 86400], ['h', 3600], ['min', 60], ['s', 1]];
  const first = spans.findIndex(([, size]) => seconds >= size);
  if (first === -1) return '0 s';
  const [[unit, size], next] = [spans[first], spans[first + 1]];
  const rest = next ? Math.floor((seconds % size) / next[1]) : 0;
  return `${Math.floor(seconds / size)} ${unit}${rest > 0 ? ` ${rest} ${next[0]}` : ''}`;
}
