// What the authors did, what they were told, and what went over their wires: all that the audit
// compares the log with.
export class Journal {
  acks = [];  // {d, src, seq, v}: as they reached the host, also if the client never heard them
  errors = [];  // of edits; there must be none
  resends = [];  // {key, at}: ops sent a second time, and when
  submitted = 0;
  accepted = 0;  // of those submitted, the ones whose callback was called without an error
  #facts = new Map();
  #sent = new Set();

  // About one document: the tokens ever added and removed, and the sum of each author's amounts.
  facts(d) {
    if (!this.#facts.has(d)) {
      this.#facts.set(d, {added: new Set(), removed: new Set(), sums: new Map()});
    }
    return this.#facts.get(d);
  }

  onSubmit(d, author, {adds, removes, amount}) {
    const {added, removed, sums} = this.facts(d);
    this.submitted++;
    if (adds) added.add(adds);
    if (removes) removed.add(removes);
    if (amount !== undefined) sums.set(author, (sums.get(author) ?? 0) + amount);
  }

  // The first time an op is sent it does not name its src, which is the connection's `id`.
  onSend({a, d, src, seq}, id) {
    if (a !== 'op') return;
    const key = `${d} ${src ?? id} ${seq}`;
    if (this.#sent.has(key)) this.resends.push({key, at: Date.now()});
    this.#sent.add(key);
  }

  // A message reached the host of the author whose connections had these `ids`. True: it is an ack.
  onArrive({a, d, src, seq, v, op, error}, ids) {
    if (a !== 'op') return false;
    if (error) this.errors.push(`an op of ${d} was answered with the error ${error.message}`);
    if (error || op !== undefined || !ids.has(src)) return false;
    this.acks.push({d, src, seq, v});
    return true;
  }
}
