// A site whose login is done by openid-client. Reads {url, issuer, client_id, client_secret,
// callback, goodbye, scope} on stdin, and serves until it is ended.
import { createServer } from 'node:http'
import { readFileSync } from 'node:fs'
import { webcrypto } from 'node:crypto'

globalThis.crypto ??= webcrypto // Node 18 has it only there
const client = await import('openid-client')
const given = JSON.parse(readFileSync(0, 'utf8'))
const config = await client.discovery(new URL(given.issuer), given.client_id, {},
  client.ClientSecretPost(given.client_secret), { execute: [client.allowInsecureRequests] })
const sessions = new Map()

// Each answer is [status, headers, body].
const text = (status, body) => [status, { 'content-type': 'text/plain' }, body]
const redirect = (to, headers = {}) => [303, { location: String(to), ...headers }, '']

async function begin() {
  const id = client.randomState()
  const session = { state: client.randomState(), nonce: client.randomNonce(),
    verifier: client.randomPKCECodeVerifier() }
  sessions.set(id, session)
  return redirect(client.buildAuthorizationUrl(config, {
    redirect_uri: given.callback, scope: given.scope, state: session.state, nonce: session.nonce,
    code_challenge: await client.calculatePKCECodeChallenge(session.verifier),
    code_challenge_method: 'S256' }),
  { 'set-cookie': `openid-client=${id}; Path=/; HttpOnly; SameSite=Lax` })
}

async function keep(session, tokens) {
  session.id_token = tokens.id_token ?? session.id_token
  session.refresh_token = tokens.refresh_token ?? session.refresh_token
  session.access_token = tokens.access_token
  session.sub ??= tokens.claims().sub
  session.person = await client.fetchUserInfo(config, session.access_token, session.sub)
}

const pages = {
  '/private/': async (session) => {
    if (!session?.person) return begin()
    const { preferred_username: name, email, groups } = session.person
    return text(200, `name: ${name}\nemail: ${email}\ngroups: ${groups}\n` +
      `token: ${session.access_token}\n`)
  },
  '/private/callback': async (session, url) => {
    await keep(session, await client.authorizationCodeGrant(config, url, {
      pkceCodeVerifier: session.verifier, expectedState: session.state,
      expectedNonce: session.nonce, idTokenExpected: true }))
    return redirect('/private/')
  },
  '/private/refresh': async (session) => {
    await keep(session, await client.refreshTokenGrant(config, session.refresh_token))
    return redirect('/private/')
  },
  '/private/logout': async (session) => {
    const hint = session.id_token
    for (const name of Object.keys(session)) delete session[name]
    return redirect(client.buildEndSessionUrl(config, {
      post_logout_redirect_uri: given.goodbye, id_token_hint: hint, state: 'bye' }))
  },
  '/goodbye': async () => text(200, 'You are signed out here.'),
}

createServer(async (request, response) => {
  const url = new URL(request.url, given.url)
  const id = /(?:^|; )openid-client=([^;]*)/.exec(request.headers.cookie ?? '')?.[1]
  let answer = text(404, 'not found')
  try {
    if (pages[url.pathname]) answer = await pages[url.pathname](sessions.get(id), url)
  } catch (e) {
    answer = text(400, `refused: ${e.error ?? e.code ?? e.name}: ${e.message} ` +
      `${e.cause?.message ?? ''}`)
  }
  response.writeHead(answer[0], answer[1]).end(answer[2])
}).listen(new URL(given.url).port, '127.0.0.1')
