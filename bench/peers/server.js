// node server.js PORT LIBRARY ALG KEYFILE ISSUER: a protected resource on Node's own HTTP server.
const http = require('http');
const fs = require('fs');
const crypto = require('crypto');
const [port, library, alg, keyFile, issuer] = process.argv.slice(2);
const secret = fs.readFileSync(keyFile);
const key = alg === 'HS256' ? crypto.createSecretKey(secret) : crypto.createPublicKey(secret);
const policy = { algorithms: [alg], issuer, audience: issuer };

async function verifier() {
  if (library === 'jsonwebtoken') {
    const jwt = require('jsonwebtoken');
    return async (token) => jwt.verify(token, key, policy);
  }
  const jose = await import('jose');
  return async (token) => (await jose.jwtVerify(token, key, policy)).payload;
}

verifier().then((verify) => http.createServer(async (request, response) => {
  try {
    const claims = await verify((request.headers.authorization || '').slice(7));
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify({ sub: claims.sub, roles: claims.roles }));
  } catch (error) {
    response.writeHead(401, { 'Content-Type': 'application/json' });
    response.end('{}');
  }
}).listen(Number(port), '127.0.0.1'));
