// Seeded choices, so that a run can be repeated.

export class Random {
  constructor(seed) {
    this.state = (seed ^ 0x9e3779b9) >>> 0;
  }

  // A 32-bit number (mulberry32).
  next() {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = this.state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }

  // A whole number below `bound`.
  below(bound) {
    return this.next() % bound;
  }

  chance(probability) {
    return this.next() < probability * 2 ** 32;
  }

  pick(list) {
    return list[this.below(list.length)];
  }

  // `list` with one entry per call of make(index), at least `min` and at most `max` long.
  list(min, max, make) {
    return Array.from({length: min + this.below(max - min + 1)}, (_, index) => make(index));
  }
}
