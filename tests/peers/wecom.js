// WeCom's side, by WeCom's own package: it seals and opens envelopes.
const readline = require('node:readline');
const { decrypt, encrypt, getSignature } = require('@wecom/crypto');

const { token, key } = JSON.parse(process.argv[2]);
const tell = (what) => process.stdout.write(`${JSON.stringify(what)}\n`);

tell({ ready: true });
readline.createInterface({ input: process.stdin }).on('line', (line) => {
  const { seal, open } = JSON.parse(line);
  if (seal) {
    const ciphertext = encrypt(key, seal.message, seal.receiver);
    tell({ sealed: { encrypt: ciphertext, signature: getSignature(token, seal.timestamp, seal.nonce, ciphertext) } });
  } else {
    const { message, id } = decrypt(key, open.encrypt);
    tell({ opened: { message, id, signature: getSignature(token, open.timestamp, open.nonce, open.encrypt) } });
  }
});
