package org.wucme.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.acme.Ca;
import org.wucme.acme.Identifier;
import org.wucme.cli.doctor.DnsServer;
import org.wucme.store.Attempts;
import org.wucme.store.CertificateSpec;
import org.wucme.store.RenewalRecord;
import org.wucme.store.StoredAccount;
import org.wucme.store.file.FileStore;
import org.wucme.testing.ca.Endpoint;
import org.wucme.testing.ca.TestCa;

@SuppressWarnings("NullAway.Init")
class DoctorTest {

    private final TestCa ca = TestCa.start();
    private DnsServer dns;
    private User user;

    @BeforeEach
    void begin(@TempDir Path folder) throws Exception {
        user = User.of(ca, folder);
        dns = DnsServer.start();
    }

    @AfterEach
    void end() throws Exception {
        dns.close();
        ca.close();
    }

    @Test
    void allIsWellWhereAnIssuanceWouldWork() throws Exception {
        dns.a("localhost", "127.0.0.1");
        String http = String.valueOf(User.freePort());
        String tls = String.valueOf(User.freePort());
        user.registered();
        long before = ca.count();

        User.Run run = user.with("WUCME_HTTP_PORT", http)
                .with("WUCME_TLS_PORT", tls)
                .with("WUCME_CA_HTTP_PORT", http)
                .with("WUCME_CA_TLS_PORT", tls)
                .wucme("doctor", "localhost", "--resolver", resolver());

        assertThat(run.exit()).isZero();
        assertThat(run.out())
                .contains(" can be written", "there is one: ", " answers\n", "it agrees with the CA's")
                .contains("localhost leads to 127.0.0.1, which is this machine")
                .contains("ok       http-01      localhost: reachable, the token came back")
                .contains("ok       tls-alpn-01  localhost: an acme-tls/1 handshake is answered")
                .doesNotContain("PROBLEM");
        assertThat(ca.count(Endpoint.DIRECTORY)).isEqualTo(2);
        // The directories, a nonce, and whether the account is valid: it is not looked up by its key.
        assertThat(ca.count() - before).isEqualTo(3);
    }

    @Test
    void aNameOfTheHostsFileIsNoProblemForACaOfOnesOwn() {
        String http = String.valueOf(User.freePort());

        User.Run run = user.registered()
                .with("WUCME_HTTP_PORT", http)
                .with("WUCME_CA_HTTP_PORT", http)
                .wucme("doctor", "localhost", "--challenge", "http-01", "--resolver", resolver());

        assertThat(run.exit()).isZero();
        assertThat(run.out())
                .containsPattern("(?m)^warning  dns +localhost: only this machine's name lookup .* knows it, as .*127");
    }

    @Test
    void everythingThatIsWrongIsSaidAtOnce() throws Exception {
        ca.close();
        String closed = String.valueOf(User.freePort());

        User.Run run = user.with("WUCME_CA_HTTP_PORT", closed)
                .with("WUCME_CA_TLS_PORT", closed)
                .wucme("doctor", "nosuch.invalid", "--resolver", resolver());

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.out()
                        .lines()
                        .filter(line -> line.startsWith("PROBLEM"))
                        .map(line -> line.substring(9, 20).strip()))
                .containsExactly("folder", "account", "ca", "dns", "tls-alpn-01");
        assertThat(run.out())
                .contains("ok       challenge    tls-alpn-01: issue would take it now\n")
                .containsPattern("(?m)^warning  http-01      .*; it is not needed$");
    }

    @Test
    void theChallengeThatIssueWouldNotTakeIsNoProblem() throws Exception {
        dns.a("localhost", "127.0.0.1");
        String http = String.valueOf(User.freePort());

        try (ServerSocket other = new ServerSocket(0)) {
            User.Run run = user.registered()
                    .with("WUCME_HTTP_PORT", http)
                    .with("WUCME_CA_HTTP_PORT", http)
                    .with("WUCME_TLS_PORT", String.valueOf(other.getLocalPort()))
                    .with("WUCME_CA_TLS_PORT", String.valueOf(User.freePort()))
                    .wucme("doctor", "localhost", "--resolver", resolver());

            assertThat(run.exit()).isZero();
            assertThat(run.out())
                    .contains("ok       challenge    http-01: issue would take it now\n")
                    .containsPattern("(?m)^warning  tls-alpn-01  .*; it is not needed$");
        }
    }

    @Test
    void theChallengeThatIssueWouldTakeIsAProblemEvenIfTheOtherWorks() throws Exception {
        dns.a("localhost", "127.0.0.1");
        String http = String.valueOf(User.freePort());
        User closed = user.registered()
                .with("WUCME_HTTP_PORT", http)
                .with("WUCME_CA_HTTP_PORT", http)
                .with("WUCME_CA_TLS_PORT", String.valueOf(User.freePort()));

        User.Run run = closed.wucme("doctor", "localhost", "--resolver", resolver());

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.out())
                .containsPattern(
                        "(?m)^PROBLEM  tls-alpn-01  .*; the other one works: wucme issue --challenge http-01$");
        assertThat(closed.wucme("doctor", "localhost", "--challenge", "http-01", "--resolver", resolver())
                        .exit())
                .isZero();
    }

    @Test
    void aCertificateThatIsThereIsProvenAsBefore() throws Exception {
        dns.a("localhost", "127.0.0.1");
        ca.alwaysValid(true);
        user.registered().wucme("issue", "localhost", "--challenge", "http-01");

        User.Run run = user.with("WUCME_CA_HTTP_PORT", String.valueOf(User.freePort()))
                .with("WUCME_CA_TLS_PORT", String.valueOf(User.freePort()))
                .wucme("doctor", "localhost", "--resolver", resolver());

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.out())
                .contains("ok       challenge    http-01: the certificate was proven by it, so that its renewals are\n")
                .contains("PROBLEM  http-01 ", "warning  tls-alpn-01 ");
    }

    @Test
    void theChallengeThatIsAskedForGoesBeforeTheRecord() throws Exception {
        dns.a("localhost", "127.0.0.1");
        ca.alwaysValid(true);
        String tls = String.valueOf(User.freePort());
        user.registered().wucme("issue", "localhost", "--challenge", "http-01");
        User asking = user.with("WUCME_TLS_PORT", tls).with("WUCME_CA_TLS_PORT", tls);

        User.Run other = asking.wucme("doctor", "localhost", "--challenge", "tls-alpn-01", "--resolver", resolver());
        User.Run wrong = asking.wucme("doctor", "localhost", "--challenge", "frob", "--resolver", resolver());

        assertThat(other.exit()).as(other.toString()).isZero();
        assertThat(other.out())
                .contains("ok       challenge    tls-alpn-01: it is asked for; renewals of the present certificate are"
                        + " still proven by http-01\n");
        assertThat(wrong.exit()).isEqualTo(2);
        assertThat(wrong.out()).contains("PROBLEM  challenge    \"frob\" is not a challenge that wucme can answer");
    }

    @Test
    void noPortAtAllIsSaidAsIssueSaysIt() throws Exception {
        try (ServerSocket other = new ServerSocket(0)) {
            String port = String.valueOf(other.getLocalPort());
            User crowded = user.registered().with("WUCME_HTTP_PORT", port).with("WUCME_TLS_PORT", port);

            assertThat(crowded.wucme("doctor", "localhost", "--resolver", resolver())
                            .out())
                    .contains("PROBLEM  challenge    no challenge can be answered: tls-alpn-01 needs port " + port);
        }
    }

    @Test
    void whatTheRecordHoldsAgainstANameIsTold() throws Exception {
        Identifier name = Identifier.dns("blocked.example");
        FileStore store = FileStore.open(user.registered().here());
        TestWrites.saveRecord(
                store,
                store.nameOf(name),
                RenewalRecord.of(CertificateSpec.builder(List.of(name))
                                .ca(Ca.of(ca.directoryUrl()))
                                .build())
                        .withAttempts(new Attempts(1, "connection refused", List.of(), null, null, null, null)));

        User.Run run = user.wucme("doctor", "blocked.example", "--resolver", resolver());

        assertThat(run.out())
                .contains("warning  limits       blocked.example: the last attempt failed: connection refused");
    }

    @Test
    void aKeyWithoutTheUrlOfItsAccountIsSaidToBeSo() throws Exception {
        user.registered();
        FileStore store = FileStore.open(user.here());
        StoredAccount account = store.loadAccount(ca.directoryUrl()).orElseThrow();
        store.saveAccount(new StoredAccount(ca.directoryUrl(), null, List.of(), account.keyPair()));

        User.Run run = user.wucme("doctor", "localhost", "--resolver", resolver());

        assertThat(run.out())
                .contains(
                        "warning  account      there is a key, but not the URL of its account: \"wucme register --ca ")
                .doesNotContain("null");
    }

    @ParameterizedTest
    @ValueSource(strings = {"deactivated", "revoked", "lost"})
    void anAccountThatTheCaDoesNotAcceptIsAProblem(String what) {
        user.registered();
        String url = ca.accounts().get(0).url();
        if (what.equals("lost")) {
            ca.loseAccount(url);
        } else {
            ca.makeStatus(url, what);
        }

        User.Run run = user.wucme("doctor", "localhost", "--resolver", resolver());

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.out())
                .containsPattern("PROBLEM +account +the CA does not accept " + url)
                .contains("\"wucme register --ca " + ca.directoryUrl() + "\"");
    }

    @Test
    void aDnsServerThatIsNotThereIsSaidInWords() throws Exception {
        int port = dns.address().getPort();
        dns.close();

        User.Run run = user.wucme("doctor", "localhost", "--resolver", "127.0.0.1:" + port);

        assertThat(run.out())
                .contains("the DNS does not answer: no server listens there")
                .doesNotContain("Exception");
    }

    @Test
    void programsThatAreMissingAreToldBeforeTheyAreNeeded() {
        User.Run run = user.registered()
                .with("WUCME_LOAD", "/bin/sh -c ${HOME}\n/no/such --quiet")
                .with("WUCME_NOTIFY_COMMAND", "/bin/sh -c exit\n/nor/this secret")
                .with("WUCME_OPCOM", "central")
                .wucme("doctor", "localhost", "--resolver", resolver());

        assertThat(run.out())
                .contains(
                        "warning  load         the load action \"/no/such --quiet\" will fail: the program /no/such is"
                                + " not there\n")
                .contains("ok       notices      they go to the command /bin/sh\n")
                .contains("warning  notices      the command /nor/this may not work: the program /nor/this is not"
                        + " there\n")
                .contains("ok       notices      they go to syslog of this machine")
                .doesNotContain("secret");
    }

    @Test
    void whatCannotBeUnderstoodIsToldToo() {
        User.Run run = user.registered()
                .with("WUCME_LOAD", "HUP:nowhere")
                .with("WUCME_OPCOM", "frob")
                .wucme("doctor", "localhost", "--resolver", resolver());

        assertThat(run.out())
                .contains("PROBLEM  load         the load action \"HUP:nowhere\" cannot be understood: ")
                .contains("warning  notices      \"frob\" is neither a class of operators");
    }

    @Test
    void aVariableThatCannotBeReadIsNamedAndHidesNothingElse() {
        User.Run run = user.registered()
                .with("WUCME_NOTICES_A_DAY", "many")
                .with("WUCME_LOAD", "/no/such")
                .wucme("doctor", "localhost", "--resolver", resolver());

        assertThat(run.out())
                .contains("warning  load         the load action \"/no/such\" will fail")
                .contains("warning  notices      ", "'many' is not an int (WUCME_NOTICES_A_DAY says so)\n");
        assertThat(run.err()).doesNotContain("--help");
    }

    private String resolver() {
        return "127.0.0.1:" + dns.address().getPort();
    }
}
