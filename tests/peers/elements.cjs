// Koishi's reader and writer of message elements. Orders and answers are lines of JSON.

const readline = require('readline')
const element = require('@satorijs/element')
const h = element.default ?? element

const tell = (what) => process.stdout.write(JSON.stringify(what) + '\n')

function asRead(content) {
  const told = { text: '', at: [], quote: [], img: [] }
  const walk = (elements) => {
    for (const { type, attrs, children } of elements) {
      if (type === 'text') told.text += attrs.content
      else if (type === 'br') told.text += '\n'
      else if (type === 'at') told.at.push(attrs.id ?? attrs.type)
      else if (type === 'img') told.img.push(attrs.src)
      else if (type === 'quote') {
        told.quote.push(attrs.id)
        continue
      }
      walk(children)
    }
  }
  walk(h.parse(content))
  return told
}

const kinds = {
  text: (it) => h.text(it),
  at: (it) => h('at', { id: it }),
  all: () => h('at', { type: 'all' }),
  img: (it) => h('img', { src: it }),
  b: (it) => h('b', {}, it),
}

tell({ ready: true })
readline.createInterface({ input: process.stdin }).on('line', (line) => {
  const order = JSON.parse(line)
  if ('read' in order) tell({ read: asRead(order.read) })
  if ('write' in order) tell({ write: order.write.map(([kind, value]) => kinds[kind](value)).join('') })
})
