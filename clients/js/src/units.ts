// Numbers with decimals: whole units of 10^-decimals, so that every order of increments gives one sum.

export const unitsMax = 10 ** 15 - 1;
const cycle = 2 * unitsMax + 1;

// The units of `value`, or undefined if it is no whole number of them.
export function unitsOf(value: number, decimals: number): number | undefined {
  const scale = 10 ** decimals;
  const units = Math.round(value * scale);
  return Math.abs(units) <= unitsMax && units / scale === value ? units + 0 : undefined;
}

// a + b. Sums beyond the largest number of units come around at the other end: a sum that stopped
// there would depend on the order.
export function addNumbers(a: number, b: number, decimals: number): number {
  let units = (unitsOf(a, decimals) ?? 0) + (unitsOf(b, decimals) ?? 0);
  if (units > unitsMax) units -= cycle;
  if (units < -unitsMax) units += cycle;
  return (units + 0) / 10 ** decimals;
}
