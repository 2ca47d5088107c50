import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clientAddress } from './client-address.ts';

describe('whose a request is', () => {
  it.each([
    { trusted: [], peer: '10.0.0.1', forwarded: '203.0.113.9', is: '10.0.0.1' },
    { trusted: ['10.0.0.1'], peer: '10.0.0.1', forwarded: null, is: '10.0.0.1' },
    { trusted: ['10.0.0.1'], peer: '10.0.0.1', forwarded: '203.0.113.9', is: '203.0.113.9' },
    // From somebody who is no balancer it counts for nothing.
    { trusted: ['10.0.0.1'], peer: '10.0.0.2', forwarded: '203.0.113.9', is: '10.0.0.2' },
    // What the client itself put before it neither.
    { trusted: ['10.0.0.1'], peer: '10.0.0.1', forwarded: '198.51.100.1, 203.0.113.9', is: '203.0.113.9' },
    // Two balancers, one behind the other.
    { trusted: ['10.0.0.0/24'], peer: '10.0.0.1', forwarded: '8.8.8.8, 203.0.113.9, 10.0.0.7', is: '203.0.113.9' },
    { trusted: ['10.0.0.0/24'], peer: '10.0.0.1', forwarded: '10.0.0.9, 10.0.0.7', is: '10.0.0.9' },
    { trusted: ['10.0.0.1'], peer: '10.0.0.1', forwarded: 'unknown', is: '10.0.0.1' },
    { trusted: ['10.0.0.0/24'], peer: '10.0.0.1', forwarded: '203.0.113.9, _hidden, 10.0.0.7', is: '10.0.0.7' },
    { trusted: ['10.0.0.1'], peer: '10.0.0.1', forwarded: '', is: '10.0.0.1' },
    // With a port, as some write it.
    { trusted: ['10.0.0.1'], peer: '10.0.0.1', forwarded: '203.0.113.9:5123', is: '203.0.113.9' },
    { trusted: ['10.0.0.1'], peer: '10.0.0.1', forwarded: '[2001:DB8::0:1]:5123', is: '2001:db8::1' },
    // As uWebSockets.js writes them.
    {
      trusted: ['10.0.0.1'],
      peer: '0000:0000:0000:0000:0000:ffff:0a00:0001',
      forwarded: '203.0.113.9',
      is: '203.0.113.9',
    },
    {
      trusted: ['fd00::/8'],
      peer: 'fd00:0000:0000:0000:0000:0000:0000:0001',
      forwarded: '203.0.113.9',
      is: '203.0.113.9',
    },
    { trusted: [], peer: '2001:0db8:0000:0000:0000:0000:0000:0001', forwarded: null, is: '2001:db8::1' },
    { trusted: ['::1'], peer: '::1', forwarded: '::ffff:203.0.113.9', is: '203.0.113.9' },
  ])('of $peer, which says "$forwarded", with $trusted trusted: $is', ({ trusted, peer, forwarded, is }) => {
    expect(clientAddress(trusted)(peer, forwarded)).toBe(is);
  });

  it('is never anything that a client says to one who is no balancer, nor what it says to a balancer before itself', () => {
    fc.assert(
      fc.property(fc.string(), fc.ipV4(), (said, client) => {
        fc.pre(client !== '10.0.0.1');
        expect(clientAddress(['10.0.0.1'])(client, said)).toBe(client);
        expect(clientAddress(['10.0.0.1'])('10.0.0.1', `${said}, ${client}`)).toBe(client);
      }),
    );
  });
});
