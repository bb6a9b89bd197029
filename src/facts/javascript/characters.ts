/** What a byte can begin in JavaScript; bytes from 0x80 on belong to names. */
export const other = 0;
export const blank = 1;
export const newline = 2;
export const nameByte = 3;
export const digit = 4;
export const quote = 5;

export const classOf: Uint8Array = makeClasses();
/** 1 for bytes that continue a name or number. */
export const continuesName: Uint8Array = classOf.map((kind) => (kind === nameByte || kind === digit ? 1 : 0));

function makeClasses(): Uint8Array {
  const classes = new Uint8Array(256);
  for (const char of " \t\v\f\r") classes[char.charCodeAt(0)] = blank;
  classes[10] = newline;
  for (let byte = 0x80; byte < 256; byte++) classes[byte] = nameByte;
  for (const char of "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_$#\\@") classes[char.charCodeAt(0)] = nameByte;
  for (const char of "0123456789") classes[char.charCodeAt(0)] = digit;
  classes[0x22] = quote;
  classes[0x27] = quote;
  return classes;
}
