// SPDX-License-Identifier: Apache-2.0

/**
 * A self-signed certificate for localhost and 127.0.0.1, and its key, for servers of these tests alone. Made
 * with `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 36500 -subj
 * /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1`.
 */
export const cert = `-----BEGIN CERTIFICATE-----
MIIBmzCCAUGgAwIBAgIUFFqDroVuvx2tMZJM4oQaV9Ov3ukwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMjEyMTcxOVoYDzIxMjYxMDI5
MTIxNzE5WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAS6vLYOifisv9mJQlAco3JNLT+5PhkZC/RpOQLjsFQLhKBSjS2Fmniu
8TFdZ2E4lC+Ox16sCYZhue6dZaCKJTFRo28wbTAdBgNVHQ4EFgQUeo09TjZbCy/u
P8xAG8BZcXRAFj4wHwYDVR0jBBgwFoAUeo09TjZbCy/uP8xAG8BZcXRAFj4wDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSAAwRQIhANMW2U7MJkc6aImKAmbatUdJsIVYgya93V5x2Rnji4T6AiB0
r6d8ttcX3i0/QTLnzBlHCF7k5+jZE+f916GtZVv6OA==
-----END CERTIFICATE-----
`;

/** The key of {@link cert}; it opens nothing. */
export const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQguz183qUaThnHLrUm
F8EaihSRIG8VOM17wJnJDGOO5BGhRANCAAS6vLYOifisv9mJQlAco3JNLT+5PhkZ
C/RpOQLjsFQLhKBSjS2Fmniu8TFdZ2E4lC+Ox16sCYZhue6dZaCKJTFR
-----END PRIVATE KEY-----
`;
