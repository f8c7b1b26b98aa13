// Canonical JSON: what two replies have in common when they mean the same.

// Keys sorted by UTF-16 code unit, everything else as JSON.stringify prints it.
export function canonical(value) {
  return JSON.stringify(value, (_, node) => {
    if (node === null || typeof node !== 'object' || Array.isArray(node)) return node;
    const sorted = Object.create(null);
    for (const key of Object.keys(node).sort()) sorted[key] = node[key];
    return sorted;
  });
}

// The reference calculates with keys as if they were indexes where two ops take one place for a list
// and an object, and leaves NaN in a path, which JSON shows as null.
const brokenPath = /"p":\[[^[\]{}]*null/;

// How `reply` compares with what was `expected`: "equal", "stricter", "any" (nobody
// knows better) or "different".
// `lax` is the request's mark (spec/conformance.md, "Comparing").
export function compareReplies(reply, expected, lax) {
  const failed = 'err' in reply;
  const shouldFail = 'err' in expected;
  const same = failed || shouldFail
    ? failed && shouldFail && reply.err !== 'unsupported' && reply.err !== 'internal'
      && canonical(reply.conflict ?? null) === canonical(expected.conflict ?? null)
    : canonical([reply.ok, reply.undef]) === canonical([expected.ok, expected.undef]);
  if (same) return 'equal';
  if (expected.err === 'endless') return 'any';
  if (lax === 'any' || (lax && brokenPath.test(canonical(expected)))) return 'any';
  return lax && failed && reply.err !== 'unsupported' ? 'stricter' : 'different';
}
