// What npm's clients make of us. Reads {url, token, …} on stdin, writes one JSON object.
import { readFileSync } from 'node:fs'
import * as jose from 'jose'
import * as oauth from 'oauth4webapi'
import * as client from 'openid-client'

const given = JSON.parse(readFileSync(0, 'utf8'))

// Each task says what it got, or why it refuses.
const tasks = {
  async jose() {
    const keys = jose.createRemoteJWKSet(new URL('/.well-known/jwks.json', given.url))
    const { payload } = await jose.jwtVerify(given.token, keys, {
      issuer: given.url, audience: given.audience, typ: 'at+jwt',
      requiredClaims: ['exp', 'sub', 'sid', 'client_id'] })
    return payload
  },
  // RFC 9068 as a resource server checks it.
  async oauth4webapi() {
    const server = { issuer: given.url, jwks_uri: `${given.url}/.well-known/jwks.json` }
    const request = new Request(`${given.url}/x`, {
      headers: { authorization: `Bearer ${given.token}` } })
    return oauth.validateJwtAccessToken(server, request, given.audience,
      { [oauth.allowInsecureRequests]: true })
  },
  async 'openid-client'() {
    const config = new client.Configuration({ issuer: given.url }, 'doorward')
    client.allowInsecureRequests(config)
    const answer = await client.fetchProtectedResource(config, given.token,
      new URL('/protected', given.url), 'GET')
    return answer.json()
  },
  // JWS and JWE by the command, and for it.
  async 'jws verify'() {
    const key = await jose.importJWK(given.key)
    return JSON.parse(new TextDecoder().decode((await jose.compactVerify(given.token, key)).payload))
  },
  async 'jws sign'() {
    const key = await jose.importJWK(given.key)
    return new jose.CompactSign(new TextEncoder().encode(given.text))
      .setProtectedHeader({ alg: given.key.alg, kid: given.key.kid }).sign(key)
  },
  async 'jwe decrypt'() {
    const key = await jose.importJWK(given.key)
    return new TextDecoder().decode((await jose.compactDecrypt(given.token, key)).plaintext)
  },
  async 'jwe encrypt'() {
    const key = await jose.importJWK(given.key)
    return new jose.CompactEncrypt(new TextEncoder().encode(given.text)).setProtectedHeader({
      alg: given.key.alg, enc: given.enc, kid: given.key.kid }).encrypt(key)
  },
}

try {
  console.log(JSON.stringify({ good: await tasks[given.task]() }))
} catch (e) {
  console.log(JSON.stringify({ refused: e.code ?? e.name }))
}
