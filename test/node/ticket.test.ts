/**
 * Tickets as text: whole ones survive the trip, damaged ones are told from foreign ones.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import { decodeTicket, encodeTicket, type Ticket } from '../../src/node/ticket.ts'

const ticket: Ticket = {
  meshId: '00112233445566778899aabbccddeeff',
  ticketId: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
  secret: new Uint8Array(16).fill(7),
  expiresAtWallMs: 1_800_000_000_000,
  peer: '12D3KooWJ1EE2fDgLgQvRbRkCFW4nDMPyJCBbAKBEdhqCKJuvWVC',
  addresses: ['/ip4/10.0.0.5/tcp/7734', '/dns4/gpu1/tcp/7734'],
}

function messageOf(text: string): string {
  try {
    decodeTicket(text)
  } catch (error) {
    assert.propertyVal(error, 'code', 'ERR_TICKET_MALFORMED')
    return (error as Error).message
  }
  return 'no error'
}

describe('a ticket', () => {
  test('comes back as it was', () => {
    const back = decodeTicket(` ${encodeTicket(ticket)}\n`)
    assert.deepEqual({ ...back, ticketId: [...back.ticketId], secret: [...back.secret] }, {
      ...ticket,
      ticketId: [...ticket.ticketId],
      secret: [...ticket.secret],
    } as never)
  })

  test('has no character that breaks a word or looks like another', () => {
    assert.match(encodeTicket(ticket), /^skein1[1-9A-HJ-NP-Za-km-z]+$/)
  })

  test('that lost its end is called truncated', () => {
    const text = encodeTicket(ticket)
    for (const length of [text.length - 1, text.length - 20, 10]) {
      assert.include(messageOf(text.slice(0, length)), 'truncated or mistyped')
    }
  })

  test('with one character changed is never accepted', () => {
    const text = encodeTicket(ticket)
    const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
    const position = fc.integer({ min: 6, max: text.length - 1 })
    fc.assert(
      fc.property(position, fc.constantFrom(...alphabet), (index, character) => {
        fc.pre(text[index] !== character)
        messageOf(text.slice(0, index) + character + text.slice(index + 1))
      }),
    )
  })

  for (const expiresAtWallMs of [Number.NaN, Number.POSITIVE_INFINITY, 8.64e15 + 2, 0.5]) {
    test(`whose time ${expiresAtWallMs} has no date is never accepted`, () => {
      const found = messageOf(encodeTicket({ ...ticket, expiresAtWallMs }))
      assert.include(found, 'found one with a part that is missing or out of range')
    })
  }

  const wrong = [
    { text: 'sk-1234', found: 'text that starts with "sk-1234"' },
    { text: ' \n', found: 'found nothing' },
    { text: 'skein2abc', found: 'a ticket of a later version' },
    { text: 'skein1', found: 'truncated' },
    { text: 'skein1O0Il', found: 'characters that no ticket has' },
    { text: `skein1${'z'.repeat(3_000)}`, found: '3006 characters' },
  ]
  for (const { text, found } of wrong) {
    test(`is not "${text.slice(0, 12)}": ${found}`, () => {
      assert.include(messageOf(text), found)
    })
  }
})
