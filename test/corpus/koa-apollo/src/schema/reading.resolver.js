module.exports = { Reading: { fahrenheit: ({ celsius }) => celsius * 1.8 + 32 } };
