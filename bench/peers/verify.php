<?php
// A protected resource in plain PHP: what people write on the same hosts. KEY and ALG come
// from the server's configuration.
function part($text) { return base64_decode(strtr($text, '-_', '+/'), true); }
$bearer = $_SERVER['HTTP_AUTHORIZATION'] ?? '';
$key = file_get_contents($_SERVER['BENCH_KEY']);
$parts = explode('.', substr($bearer, 7));
$good = false;
if (count($parts) === 3) {
    $input = $parts[0] . '.' . $parts[1];
    $header = json_decode(part($parts[0]), true);
    $claims = json_decode(part($parts[1]), true);
    $signature = part($parts[2]);
    if ($_SERVER['BENCH_ALG'] === 'HS256' && $header['alg'] === 'HS256') {
        $good = hash_equals(hash_hmac('sha256', $input, $key, true), $signature);
    } elseif ($_SERVER['BENCH_ALG'] === 'RS256' && $header['alg'] === 'RS256') {
        $good = openssl_verify($input, $signature, $key, OPENSSL_ALGO_SHA256) === 1;
    }
    $good = $good && $claims['exp'] > time() && $claims['iss'] === $_SERVER['BENCH_ISSUER']
        && $claims['aud'] === $_SERVER['BENCH_ISSUER'];
}
header('Content-Type: application/json');
if (!$good) { http_response_code(401); echo "{}\n"; exit; }
echo json_encode(['sub' => $claims['sub'], 'roles' => $claims['roles']]), "\n";
