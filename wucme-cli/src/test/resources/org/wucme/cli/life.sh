# A day with wucme in an environment where next to nothing is set: from the account to the revocation. It is typed here, since
# the process of the tests may itself not be able to pass on names like these.
#
#   sh life.sh LAUNCHER here|home    in a folder of this user; the CA and the ports are in the environment
set -eu

launcher=$1
wucme() {
    printf '# wucme %s\n' "$*"
    "$launcher" "$@"
}

finds_nothing_to_do() {
    code=0
    "$@" || code=$?
    [ "$code" -eq 1 ]
}

case $2 in
    here)
        store="$PWD/Zertifikate für Bücher"
        export WUCME_HERE="$store"
        ;;
    home)
        mkdir 'Zuhause bei Müller'
        export HOME="$PWD/Zuhause bei Müller"
        store=$HOME/.wucme
        ;;
esac

cat >'Haken für nginx' <<END
#!/bin/sh
printf '%s\n' "\$WUCME_EVENT \$1" >>'$PWD/Geübt'
END
chmod 755 'Haken für nginx'
export WUCME_LOAD="'$PWD/Haken für nginx' 'Bücher übertragen'"

wucme version
options=$WUCME_JAVA_OPTS
export WUCME_JAVA_OPTS="$options -Djava.io.tmpdir=/no/temporary/folder"
finds_nothing_to_do wucme import --dry-run --offline --from lego "$PWD"
export WUCME_JAVA_OPTS="$options"
wucme register --agree-tos
wucme issue --challenge http-01 www.example.test
grep -i 'load Bücher übertragen' 'Geübt'
wucme check load
grep -i 'check Bücher übertragen' 'Geübt'
[ -f "$store/WUCME_C_WWW_EXAMPLE_TEST.PEM" ]
[ -f "$store/WUCME_K_ACCOUNT.PEM" ]
finds_nothing_to_do wucme manage
wucme export --pem 'Für Apache' www.example.test

mkdir -p 'Von früher/certificates'
cp 'Für Apache/fullchain.pem' 'Von früher/certificates/www.example.test.crt'
cp 'Für Apache/privkey.pem' 'Von früher/certificates/www.example.test.key'
wucme import --here "$PWD/Übernommen" --offline 'Von früher'
[ -f "$PWD/Übernommen/WUCME_C_WWW_EXAMPLE_TEST.PEM" ]

# Not by the function, whose process would be another.
"$launcher" agent --report-port off --log-file 'Tagebuch für heute' >'Ausgabe des Agenten' 2>&1 &
agent=$!
trap 'kill -KILL "$agent" 2>/dev/null || :' EXIT
until grep active "$store/WUCME_ACTIVE.JSON" 'Tagebuch für heute' 2>/dev/null; do
    kill -0 "$agent" || {
        cat 'Ausgabe des Agenten'
        exit 2
    }
    sleep 0.1
done
wucme issue --force --challenge http-01 www.example.test
wucme status
kill -TERM "$agent"
wait "$agent"

wucme revoke "$store/WUCME_C_WWW_EXAMPLE_TEST.PEM"
