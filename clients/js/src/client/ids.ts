// Names that nobody else makes up.

const alphabet = '0123456789abcdefghijklmnopqrstuvwxyz';

// 100 random bits, as lower-case letters and digits.
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(20));
  return Array.from(bytes, (byte) => alphabet[byte & 31]).join('');
}
