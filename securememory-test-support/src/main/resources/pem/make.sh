#!/bin/sh
# Makes the keys and certificates of this directory anew, by OpenSSL 3. They are for tests only and protect nothing.
set -e
cd "$(dirname "$0")"
rm -f ./*.pem ./*.der ./*.crt ./*.p7
quiet() { "$@" 2>/dev/null; }
cert() { openssl req -x509 -key "$1" -out "$2" -days 36500 -subj /CN=localhost; }

# RSA: every form and every encryption
quiet openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa.pem
cert rsa.pem rsa.crt
quiet openssl rsa -in rsa.pem -traditional -out rsa-pkcs1.pem
openssl pkey -in rsa.pem -outform DER -out rsa.der
quiet openssl rsa -in rsa.pem -traditional -outform DER -out rsa-pkcs1.der
openssl pkey -in rsa.pem -text -out rsa-text.pem
encrypted() { out=$1; shift; openssl pkcs8 -topk8 -in rsa.pem -passout pass:secret "$@" -out "rsa-$out.pem"; }
encrypted aes128 -v2 aes-128-cbc
encrypted aes192 -v2 aes-192-cbc
encrypted aes256 -v2 aes-256-cbc
encrypted des3 -v2 des3
encrypted sha1 -v2 aes-256-cbc -v2prf hmacWithSHA1
encrypted sha224 -v2 aes-128-cbc -v2prf hmacWithSHA224
encrypted sha384 -v2 aes-256-cbc -v2prf hmacWithSHA384
encrypted sha512 -v2 aes-256-cbc -v2prf hmacWithSHA512
encrypted sha512-256 -v2 aes-256-cbc -v2prf hmacWithSHA512-256
encrypted iterations -v2 aes-256-cbc -iter 1
encrypted scrypt -scrypt
encrypted pbe-des3 -v1 PBE-SHA1-3DES
encrypted pbe-md5-des -v1 PBE-MD5-DES -provider legacy -provider default
encrypted pbe-rc2 -v1 PBE-SHA1-RC2-40 -provider legacy -provider default
openssl pkcs8 -topk8 -in rsa.pem -passout pass:secret -outform DER -out rsa-encrypted.der
openssl pkcs8 -topk8 -in rsa.pem -passout 'pass:gehëim €' -out rsa-utf8.pem
for c in aes128 aes192 aes256 des3; do
  quiet openssl rsa -in rsa.pem -traditional "-$c" -passout pass:secret -out "rsa-traditional-$c.pem"
done
quiet openssl rsa -in rsa.pem -traditional -des -passout pass:secret -out rsa-traditional-des.pem \
  -provider legacy -provider default
quiet openssl rsa -in rsa.pem -traditional -camellia256 -passout pass:secret -out rsa-traditional-camellia.pem

# RSA-PSS, small and multi-prime RSA
quiet openssl genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 -out pss.pem
cert pss.pem pss.crt
quiet openssl genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_pss_keygen_md:sha512 \
  -pkeyopt rsa_pss_keygen_mgf1_md:sha512 -pkeyopt rsa_pss_keygen_saltlen:64 -out pss-sha512.pem
cert pss-sha512.pem pss-sha512.crt
quiet openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1024 -out rsa1024.pem
cert rsa1024.pem rsa1024.crt
quiet openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_keygen_primes:3 -out rsa-primes.pem
cert rsa-primes.pem rsa-primes.crt

# Elliptic curves
for c in prime256v1 secp384r1 secp521r1 secp256k1 brainpoolP256r1 brainpoolP384t1 prime192v1 sect233k1 SM2; do
  openssl genpkey -algorithm EC -pkeyopt "ec_paramgen_curve:$c" -out "$c.pem"
  cert "$c.pem" "$c.crt"
  quiet openssl ec -in "$c.pem" -out "$c-sec1.pem"
done
openssl ec -in prime256v1.pem -no_public -out prime256v1-no-public.pem 2>/dev/null
openssl ec -in prime256v1.pem -conv_form compressed -out prime256v1-compressed.pem 2>/dev/null
openssl ec -in prime256v1.pem -param_enc explicit -out prime256v1-explicit.pem 2>/dev/null
openssl ec -in prime256v1.pem -outform DER -out prime256v1-sec1.der 2>/dev/null
openssl ec -in prime256v1.pem -aes256 -passout pass:secret -out prime256v1-traditional.pem 2>/dev/null
openssl pkcs8 -topk8 -in prime256v1.pem -passout pass:secret -out prime256v1-encrypted.pem
openssl ecparam -name prime256v1 -out prime256v1-parameters.pem

# Edwards and Montgomery curves, DSA
for a in ED25519 ED448; do
  openssl genpkey -algorithm $a -out $a.pem
  cert $a.pem $a.crt
done
openssl pkcs8 -topk8 -in ED25519.pem -passout pass:secret -out ED25519-encrypted.pem
for a in X25519 X448; do
  openssl genpkey -algorithm $a -out $a.pem
  openssl pkey -in $a.pem -pubout -out $a.pub
  openssl req -new -key ED25519.pem -subj /CN=localhost -out ca.csr
  quiet openssl x509 -req -in ca.csr -CA ED25519.crt -CAkey ED25519.pem -force_pubkey $a.pub -days 36500 -out $a.crt
  rm $a.pub
done
quiet openssl genpkey -genparam -algorithm DSA -pkeyopt dsa_paramgen_bits:2048 -out dsa-parameters.tmp
openssl genpkey -paramfile dsa-parameters.tmp -out dsa.pem
cert dsa.pem dsa.crt
openssl pkey -in dsa.pem -traditional -out dsa-traditional.pem
rm dsa-parameters.tmp

# A chain, and other containers of certificates
openssl req -new -key prime256v1.pem -subj /CN=leaf -out ca.csr
quiet openssl x509 -req -in ca.csr -CA rsa.crt -CAkey rsa.pem -days 36500 -out leaf.crt
cat leaf.crt rsa.crt > chain.crt
openssl x509 -in rsa.crt -text -out rsa-text.crt
openssl x509 -in rsa.crt -trustout -addtrust serverAuth -out rsa-trusted.crt
openssl x509 -in rsa.crt -outform DER -out rsa-crt.der
openssl crl2pkcs7 -nocrl -certfile chain.crt -out chain.p7
openssl req -x509 -new -key secp384r1.pem -subj /CN=root -days 36500 -out root.tmp
openssl req -new -key ED25519.pem -subj /CN=middle -out middle.tmp
quiet openssl x509 -req -in middle.tmp -CA root.tmp -CAkey secp384r1.pem -days 36500 -out middle.crt.tmp
openssl req -new -key prime256v1.pem -subj /CN=end -out end.tmp
quiet openssl x509 -req -in end.tmp -CA middle.crt.tmp -CAkey ED25519.pem -days 36500 -out end.crt.tmp
cat end.crt.tmp middle.crt.tmp root.tmp > three.crt
openssl req -x509 -new -key secp521r1.pem -subj /CN=root -days 36500 -out other-root.crt
rm -f ./*.tmp
openssl pkcs12 -export -inkey prime256v1.pem -in leaf.crt -certfile rsa.crt -name mine -passout pass:x -out ca.p12
openssl pkcs12 -in ca.p12 -passin pass:x -nodes -out pkcs12.pem
mv ca.csr request.pem
rm -f ./*.p12 ./*.srl
