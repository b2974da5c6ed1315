#!/bin/sh
# Replaces five secrets: rotate.sh DIRECTORY NUMBER PSQL REDIS_PORT. What a server has to know is told to it first.
# PSQL is a command that takes statements from its standard input.
set -eu
umask 077
cd "$1"
number=$(printf '%05d' "$2")
psql=$3
redis=$4
mkdir -p versions

keep() {
  cp "$1.next" "versions/$number-$1"
  mv "$1.next" "$1"
}

openssl rand -out hmac.next 32
openssl rand -out jwt.next 32
keep hmac
keep jwt

openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out tls.next 2>/dev/null ||
  openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out tls.next 2>/dev/null
openssl req -new -key tls.next -subj "/CN=$number" -out request.pem 2>/dev/null
printf 'subjectAltName=IP:127.0.0.1\n' >extensions
openssl x509 -req -in request.pem -CA ca.pem -CAkey ca.key -set_serial "0x1$number" -days 2 \
  -extfile extensions -out certificate.next 2>/dev/null
mv certificate.next certificate.pem
keep tls

openssl rand -hex 16 | tr -d '\n' >database.next
printf "ALTER ROLE app PASSWORD '%s'" "$(cat database.next)" | $psql
keep database

openssl rand -hex 16 | tr -d '\n' >redis.next
{
  printf 'HELLO 2 AUTH admin any\nACL SETUSER app >%s\n' "$(cat redis.next)"
  if [ -f redis.old ]; then printf 'ACL SETUSER app <%s\n' "$(cat redis.old)"; fi
} | redis-cli -p "$redis" | grep -v -x OK | grep -i -e err -e NOAUTH -e WRONG && exit 1
if [ -f redis ]; then cp redis redis.old; fi
keep redis
