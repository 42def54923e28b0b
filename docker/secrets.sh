#!/bin/sh
# Makes what compose.postgres.yaml mounts as secrets, once, in docker/secrets: two passwords, the URLs that hold them, and
# a private certificate authority with PostgreSQL's certificate. The key ring is not among them: the service makes it.
# The folder is closed to everybody else on this machine; the files in it can be read by the containers' users.
set -eu
cd "$(dirname "$0")"
if [ -e secrets ]; then
    echo "docker/secrets is there already; it is never overwritten" >&2
    exit 0
fi
umask 077
mkdir secrets
cd secrets

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj '/CN=Mend private authority' \
    -keyout authority.key -out certificate_authority.pem 2>/dev/null
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj '/CN=PostgreSQL' -keyout server.key -out server.csr 2>/dev/null
printf 'subjectAltName=DNS:database,DNS:standby,DNS:keystore\n' >server.ext
openssl x509 -req -in server.csr -CA certificate_authority.pem -CAkey authority.key -CAcreateserial -days 3650 \
    -extfile server.ext -out server.pem 2>/dev/null
# The authority has signed all it ever will.
rm -f authority.key server.csr server.ext certificate_authority.srl

tls='sslmode=verify-full&sslrootcert=/run/secrets/certificate_authority'
for store in database keystore; do
    password=$(openssl rand -hex 24)
    printf '%s' "$password" >"${store}_password"
    printf 'postgres://mend:%s@%s/mend?%s' "$password" "$store" "$tls" >"${store}_url"
done
# For compose.standby.yaml: the same database, wherever it takes writes.
sed 's/@database/@database,standby/; s/$/\&target_session_attrs=read-write/' database_url >either_database_url
chmod 644 ./*
