// What @simplewebauthn/server says of passkeys' answers. Reads [{task, response, challenge, …}, …]
// on stdin, writes as many JSON objects in an array: {good} or {refused: reason}.
import { readFileSync } from 'node:fs'
import { verifyAuthenticationResponse, verifyRegistrationResponse } from '@simplewebauthn/server'

const bytes = text => new Uint8Array(Buffer.from(text, 'base64url'))
const expected = given => ({
  response: given.response, expectedChallenge: given.challenge, expectedOrigin: given.origin,
  expectedRPID: given.rp_id, requireUserVerification: given.user_verification })

const tasks = {
  async registration(given) {
    const { verified, registrationInfo: info } = await verifyRegistrationResponse(expected(given))
    return verified && { id: info.credential.id, counter: info.credential.counter, fmt: info.fmt,
      uv: info.userVerified, be: info.credentialDeviceType === 'multiDevice',
      bs: info.credentialBackedUp }
  },
  async authentication(given) {
    const { verified, authenticationInfo: info } = await verifyAuthenticationResponse({
      ...expected(given),
      credential: { id: given.id, publicKey: bytes(given.key), counter: given.counter } })
    return verified && { id: info.credentialID, counter: info.newCounter, uv: info.userVerified,
      be: info.credentialDeviceType === 'multiDevice', bs: info.credentialBackedUp }
  } }

async function ask(given) {
  try {
    const good = await tasks[given.task](given)
    return good ? { good } : { refused: 'not verified' }
  } catch (error) {
    return { refused: error.message }
  }
}

const answers = []
for (const given of JSON.parse(readFileSync(0, 'utf8')))
  answers.push(await ask(given))
console.log(JSON.stringify(answers))
