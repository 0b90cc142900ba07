// WeCom's side, by WeCom's own package: it seals and opens envelopes, and asks an intelligent robot.
const readline = require('node:readline');
const { decrypt, encrypt, getSignature } = require('@wecom/crypto');

const { token, key } = JSON.parse(process.argv[2]);
const tell = (what) => process.stdout.write(`${JSON.stringify(what)}\n`);

// Posts a message to the robot; the stream it is answered with, or that it is answered with nothing.
const posted = async (hook, timestamp, message) => {
  const ciphertext = encrypt(key, JSON.stringify(message), '');
  const signature = getSignature(token, timestamp, 'n', ciphertext);
  const query = new URLSearchParams({ msg_signature: signature, timestamp, nonce: 'n' });
  const answer = await fetch(`${hook}?${query}`, { method: 'POST', body: JSON.stringify({ encrypt: ciphertext }) });
  const body = await answer.text();
  if (!body) return 'nothing';
  const reply = JSON.parse(body);
  if (getSignature(token, reply.timestamp, reply.nonce, reply.encrypt) !== reply.msgsignature) return 'forged';
  return JSON.parse(decrypt(key, reply.encrypt).message).stream;
};

// A question, and its stream to the end as WeCom asks for it; then once more.
const asked = async ({ hook, timestamp, question }) => {
  const poll = { ...question, msgtype: 'stream', stream: { id: question.msgid } };
  let stream = await posted(hook, timestamp, question);
  tell({ opened: stream });
  while (stream.finish === false) stream = await posted(hook, timestamp, poll);
  tell({ closed: stream });
  tell({ again: await posted(hook, timestamp, poll) });
};

tell({ ready: true });
readline.createInterface({ input: process.stdin }).on('line', (line) => {
  const { ask, seal, open } = JSON.parse(line);
  if (ask) {
    asked(ask).catch((error) => tell({ failed: String(error) }));
  } else if (seal) {
    const ciphertext = encrypt(key, seal.message, seal.receiver);
    tell({ sealed: { encrypt: ciphertext, signature: getSignature(token, seal.timestamp, seal.nonce, ciphertext) } });
  } else {
    const { message, id } = decrypt(key, open.encrypt);
    tell({ opened: { message, id, signature: getSignature(token, open.timestamp, open.nonce, open.encrypt) } });
  }
});
