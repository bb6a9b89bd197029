const { readFileSync } = require('node:fs');
const { createHash } = require('node:crypto');

const all = JSON.parse(readFileSync(`${process.env.QUOTES_DATA}/quotes.json`, 'utf8'));
exports.pick = (n) => JSON.stringify({ text: all[n % all.length], id: createHash('sha256').update(all[n % all.length]).digest('hex') });
