// Writes js_numbers.txt: bits of doubles, in hex, and what JavaScript prints for them.
//   node tests/golden/js_numbers.mjs > tests/golden/js_numbers.txt
const view = new DataView(new ArrayBuffer(8));

function line(value) {
  view.setFloat64(0, value);
  console.log(view.getBigUint64(0).toString(16).padStart(16, "0"), JSON.stringify(value));
}

let state = 88172645463325252n;
function random64() {  // xorshift64, so that every run writes the same file
  state ^= BigInt.asUintN(64, state << 13n);
  state ^= state >> 7n;
  state ^= BigInt.asUintN(64, state << 17n);
  return state;
}
function fromBits(bits) {
  view.setBigUint64(0, bits);
  return view.getFloat64(0);
}

const edges = [0, -0, 1, -1, 0.1, 0.3, 1.5, 123.456, 1e6, 1e20, 1e21, 1.5e21, 999999999999999900000,
  1e-6, 1e-7, 1.5e-7, 0.000001234, 5e-324, 2.2250738585072011e-308, 2.2250738585072014e-308,
  1.7976931348623157e308, 2 ** 53, 2 ** 53 + 2, -(2 ** 53), 2 ** 63, 2 ** 64, 123456789012345680000,
  4.35, 5e-7, 100, 1e15, 1e16, 1e17, 1.7e19];
edges.forEach(line);
for (let i = 0; i < 900;) {
  const value = fromBits(random64());
  if (!Number.isFinite(value)) continue;
  line(value);
  ++i;
}
for (let i = 0; i < 500; ++i) line(Number(random64() >> 11n) / 2 ** 53);
for (let i = 0; i < 300; ++i) line(Number(random64() % 100000000n) / 1000);
for (let i = 0; i < 300; ++i) line(Number(random64()) * 10 ** Number(random64() % 8n));
